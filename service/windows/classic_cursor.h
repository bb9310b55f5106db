/* classic_cursor.h: walks the records of a classic log, oldest first, and keeps its place.
 *
 * The place is the record that was read last: to go on there, it is sought and passed over. Record
 * numbers go up by one, and from ULONG_MAX to 0 (learn.microsoft.com event-log-records), so that a
 * number which does not follow the last one tells what happened: records were overwritten, or the
 * log was cleared. Numbers are compared as distances, in 32 bits.
 */
#ifndef RELAYLOCK_WINDOWS_CLASSIC_CURSOR_H
#define RELAYLOCK_WINDOWS_CLASSIC_CURSOR_H

#include "classic_log.h"
#include "../core/event_record.h"

enum {
    CLASSIC_CHANNEL_MAX = 255, /* units of a log's name */
    CLASSIC_BUFFER_MIN = 0x10000,
    CLASSIC_BUFFER_MAX = 0x7ffff, /* the largest that ReadEventLog takes */
    /* A record generated this many seconds before the time to start at ends the search for the
     * start, of whatever provider: times within a log run in order but for less than this. */
    CLASSIC_DISORDER_MAX = 3600
};

struct classic_cursor {
    HANDLE log;
    HANDLE wake;
    HANDLE stop;     /* may be null: signalled, a search is given up with ERROR_CANCELLED */
    uint8_t *buffer; /* kept, and grown on demand */
    DWORD size;
    DWORD used;                        /* bytes of records in the buffer ... */
    DWORD at;                          /* ... and where the next one is */
    uint32_t last;                     /* number of the record read last, when positioned */
    int64_t last_time;                 /* when it was generated; 0: not known */
    bool positioned;                   /* else the next record is the oldest */
    bool seek;                         /* the next read goes to the record read last */
    bool pass;                         /* records up to it were read before */
    bool settled;                      /* nothing readable follows ... */
    uint32_t settled_behind;           /* ... this record, as far as was found out */
    uint32_t short_of;                 /* as of an event_source */
    struct event_source_change change; /* found since the caller last looked */
    const char *failed_call;           /* a literal: of the call that failed */
    wchar_t channel[CLASSIC_CHANNEL_MAX + 1];
};

enum classic_record {
    CLASSIC_RECORD,
    CLASSIC_RECORD_DAMAGED, /* passed over */
    CLASSIC_RECORD_NONE     /* the caller must look at change, and fill */
};

/* *cursor must be zeroed. Opens the log and has wake (may be null) signalled when it changes, where
 * that is granted. Both handles must outlive it. What was made when it fails goes away with
 * classic_cursor_close, as after success. */
DWORD classic_cursor_open(struct classic_cursor *cursor, const wchar_t *channel, HANDLE wake,
                          HANDLE stop);
void classic_cursor_close(struct classic_cursor *cursor);

/* Goes behind a record, or (find_start) behind the newest record of the filter that was generated
 * before a time, seconds since 1970-01-01 UTC, for which what is newer is searched. Otherwise
 * reading starts with the oldest. */
void classic_cursor_go_behind(struct classic_cursor *cursor, uint32_t number);
DWORD classic_cursor_find_start(struct classic_cursor *cursor, int64_t since,
                                const struct event_record_filter *filter);

/* What became of the log since all up to a record had been looked at: goes into change. To be
 * called before either of those. */
DWORD classic_cursor_compare(struct classic_cursor *cursor, const struct event_place *seen);

/* Searches for the newest record, and the newest of the filter, with a cursor that has not been
 * read from; record 0: there is none. The cursor is then only good for closing. */
DWORD classic_cursor_newest(struct classic_cursor *cursor, const struct event_record_filter *filter,
                            struct event_place *any, struct event_place *matching);

/* Has records in the buffer, ERROR_NO_MORE_ITEMS, or the error of the log. Records taken before are
 * valid until this is called with none left. */
DWORD classic_cursor_fill(struct classic_cursor *cursor);

/* The next record in the buffer. */
enum classic_record classic_cursor_take(struct classic_cursor *cursor, struct event_record *record);

#endif
