/* log_reading.h: reads a source to its end and keeps all that it said, for tests. */
#ifndef RELAYLOCK_TESTS_LOG_READING_H
#define RELAYLOCK_TESTS_LOG_READING_H

#include "windows/event_source.h"

enum { SEEN_TEXT = 40, LOG_READING_CHANGES_MAX = 64 };

struct seen_event {
    uint64_t record;
    int64_t time;
    wchar_t client[SEEN_TEXT]; /* shortened */
    wchar_t method[SEEN_TEXT];
    wchar_t account[SEEN_TEXT];
    wchar_t origin[SEEN_TEXT];
};

struct log_reading {
    DWORD (*open)(const struct event_source_options *, struct event_source **, const char **);
    struct event_source_options options;
    struct event_source *source;
    const char *failed_call;
    struct seen_event *events;
    size_t count;
    size_t capacity;
    struct event_source_change changes[LOG_READING_CHANGES_MAX]; /* those that say something */
    size_t change_count;
    uint64_t matched; /* of all sources so far */
    uint64_t malformed;
};

/* A reading of MSExchangeTransport 1708 in Application, from time 0. */
void log_reading_begin(struct log_reading *reading,
                       DWORD (*open)(const struct event_source_options *, struct event_source **,
                                     const char **));
/* Closes the source if there is one; _end forgets what was read, too. */
void log_reading_close(struct log_reading *reading);
void log_reading_end(struct log_reading *reading);

DWORD log_reading_open(struct log_reading *reading);
/* Closes, and opens behind the last record. */
DWORD log_reading_reopen(struct log_reading *reading);
/* One call of next; the error it returned. Checks what the contract says of its outputs. */
DWORD log_reading_next(struct log_reading *reading);
/* Calls next until everything was read (ERROR_NO_MORE_ITEMS) or it fails. */
DWORD log_reading_drain(struct log_reading *reading);

#endif
