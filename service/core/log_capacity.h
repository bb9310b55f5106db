/* log_capacity.h: whether a log takes events, and how far back it reaches.
 *
 * Source: learn.microsoft.com eventlog-key (MaxSize, Retention, AutoBackupLogFiles),
 * ne-winevt-evt_channel_config_property_id, ne-winevt-evt_log_property_id.
 */
#ifndef RELAYLOCK_CORE_LOG_CAPACITY_H
#define RELAYLOCK_CORE_LOG_CAPACITY_H

#include <stdbool.h>
#include <stdint.h>

/* What becomes of old events when the log has reached its largest size. */
enum log_retention {
    LOG_OVERWRITES, /* the oldest is overwritten */
    LOG_ARCHIVES,   /* the file is put aside and a new one begun */
    LOG_KEEPS       /* kept for a time, or until the log is cleared: new ones are refused */
};

struct log_facts {
    uint64_t size;     /* bytes of the file */
    uint64_t max_size; /* bytes it may have; 0: not known */
    enum log_retention retention;
    uint32_t keeps_for;  /* LOG_KEEPS: seconds for which an event is kept; UINT32_MAX: for ever */
    bool full;           /* Windows says that it takes no event any more */
    bool empty;          /* oldest_time means nothing */
    int64_t oldest_time; /* when its oldest event was generated, s since 1970 UTC */
};

/* Per cent of max_size from which on a log that keeps its events is as good as full: told earlier,
 * there is still room to tell it. */
enum { LOG_NEARLY_FULL = 90 };

/* Whether new events are refused, or soon will be. now: s since 1970 UTC. */
bool log_is_full(const struct log_facts *facts, int64_t now);

/* How many seconds the log reaches back, or will once it has grown to its largest size at the rate
 * at which it was filled so far. False when that cannot be said: little is in it, a size is not
 * known, its events are kept, or its oldest event lies in the future. */
bool log_reach(const struct log_facts *facts, int64_t now, uint32_t *seconds);

#endif
