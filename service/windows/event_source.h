/* event_source.h: a log being read: what every reader of a live log looks like.
 *
 * A reader is opened at a position, gives a handle to wait on and hands out sign-ins in the order
 * of the log. It never blocks for long and is used by one thread. When the log service goes away
 * it says so by an error; the owner closes it and opens a new one behind the last record.
 */
#ifndef RELAYLOCK_WINDOWS_EVENT_SOURCE_H
#define RELAYLOCK_WINDOWS_EVENT_SOURCE_H

#include <windows.h>
#include "../core/log_capacity.h"
#include "../core/origin.h"
#include "../core/relay_event.h"

enum {
    EVENT_SOURCE_BATCH = 30,
    EVENT_SOURCE_FOREIGN = 8,       /* records of other computers that are named, the latest */
    EVENT_SOURCE_COMPUTER_MAX = 64, /* units of a computer's name, terminator included */
    EVENT_SOURCE_SAME_TIME = 1      /* seconds by which two readers may differ about one record */
};

/* A record of the log, of whatever provider. */
struct event_place {
    uint64_t record; /* its number; 0: none */
    int64_t time;    /* when it was generated, seconds since 1970-01-01 UTC; 0: not known */
};

/* Whether two times can be those of one record. Either may be anything. */
static inline bool event_place_same_time(int64_t a, int64_t b)
{
    return (uint64_t)a - (uint64_t)b + EVENT_SOURCE_SAME_TIME <=
           UINT64_C(2) * EVENT_SOURCE_SAME_TIME;
}

struct event_source_options {
    const wchar_t *channel;
    const wchar_t *provider;
    uint16_t event_id;
    int64_t since;         /* start with the first event generated at or after this, seconds since
                              1970-01-01 UTC ... */
    uint64_t after_record; /* ... or, when resume is set, behind this record number; 0: with the
                              oldest */
    bool resume;
    struct event_place seen; /* up to there all was looked at, by this or an earlier process. What
                                became of the log since, next tells with its first batch. Cleared,
                                and grown past it since, is told by the time; then it is read from
                                its oldest record even with resume. */
    const struct origin_rule *origins; /* from which computers sign-ins count; it must outlive the
                                          source; null: from any */
    HANDLE stop; /* may be null: signalled, opening gives up with ERROR_CANCELLED, and so does what
                    later has to search the log; it must stay signalled, and outlive the source */
};

/* Whether whoever opened a source wants it to give up. */
static inline bool event_source_is_stopped(HANDLE stop)
{
    return stop != NULL && WaitForSingleObject(stop, 0) == WAIT_OBJECT_0;
}

/* What happened to the log between two batches. */
struct event_source_change {
    bool cleared;   /* the log was cleared or recreated; reading went on with its oldest record */
    uint64_t first; /* record numbers first..last are gone unread (0..0: none or not known) */
    uint64_t last;
};

struct event_source_counters {
    uint64_t matched;          /* events of the provider and id, all of the following included */
    uint64_t malformed;        /* of these, unusable */
    uint64_t malformed_record; /* record number of the latest malformed one */
    uint64_t foreign;          /* of computers whose sign-ins do not count ... */
    uint64_t foreign_records[EVENT_SOURCE_FOREIGN]; /* ... the number of the n-th of them at index
                                                       (n - 1) % EVENT_SOURCE_FOREIGN */
    char16_t foreign_computer[EVENT_SOURCE_COMPUTER_MAX]; /* and whose the latest says it is, cut */
};

/* Whether an event is to be handed out; one of a computer whose do not count is noted instead. */
static inline bool event_source_is_own(struct event_source_counters *counters,
                                       const struct origin_rule *origins, uint64_t record,
                                       struct text computer)
{
    if (!origins || origin_counts(origins, computer))
        return true;
    counters->foreign_records[counters->foreign++ % EVENT_SOURCE_FOREIGN] = record;
    text_copy(counters->foreign_computer, EVENT_SOURCE_COMPUTER_MAX, computer);
    return false;
}

struct event_source {
    const char *kind;     /* "modern" or "classic" */
    HANDLE wake;          /* signalled when there may be more; owned by the source */
    DWORD poll;           /* ms after which to look even without a signal; INFINITE where the signal
                             is enough */
    uint64_t last_record; /* record number of the last record that was read, matching or not */
    struct event_place seen; /* up to there all is known to have been looked at; never behind
                                last_record */
    uint64_t short_of;       /* opened without resume: the log does not reach back to since; what it
                                lacks ends with this record number. 0: it does */
    struct event_source_counters counters;
    const struct event_source_methods *methods;
};

struct event_source_methods {
    /* The next sign-ins, at most EVENT_SOURCE_BATCH, well-formed ones only; their texts hold until
     * the next call. ERROR_SUCCESS (with *count possibly 0: malformed or foreign ones were passed
     * over; call again), ERROR_NO_MORE_ITEMS (*count is 0) when everything was read, or the error
     * that the log gave: the source is then only good for closing, events and counters are as they
     * were, and all that lies behind last_record can be had from a new source. *change is always
     * set. */
    DWORD(*next)
    (struct event_source *source, struct relay_event *events, size_t *count,
     struct event_source_change *change);
    /* How full the log is. ERROR_SUCCESS, or the error of the call that failed, whose name goes to
     * *failed_call (a literal); *facts is then untouched. Local calls alone. */
    DWORD(*look)
    (struct event_source *source, struct log_facts *facts, const char **failed_call);
    /* The newest record of the log, of whatever provider, and the newest of this provider and id,
     * well-formed or not; record 0: there is none. Errors as of look, or ERROR_CANCELLED, as it
     * may have to go through the whole log. */
    DWORD(*newest)
    (struct event_source *source, const wchar_t *provider, uint16_t event_id,
     struct event_place *any, struct event_place *matching, const char **failed_call);
    void (*close)(struct event_source *source);
};

#endif
