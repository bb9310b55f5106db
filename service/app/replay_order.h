/* replay_order.h: in which order a reader's sources are read; for replay_reader.c, replay_order.c
 * and replay_stretch.c only.
 *
 * Sources lie in the order of their first records' times, so that a file's index says when it
 * begins. Each belongs to a log; logs are numbered in the order in which they begin.
 */
#ifndef RELAYLOCK_APP_REPLAY_ORDER_H
#define RELAYLOCK_APP_REPLAY_ORDER_H

#include "replay_reader.h"

enum { REPLAY_NO_LOG = 0xffffffff, REPLAY_BATCH = 32 };

/* The records that a source has given; those from head on were not delivered yet. */
struct replay_batch {
    struct replay_record records[REPLAY_BATCH];
    size_t count, head;
};

struct replay_source {
    struct replay_input *input;
    const char *path;
    uint32_t place; /* in the order in which they were added */
    uint32_t log;   /* index; REPLAY_NO_LOG without any record */
    uint32_t next;  /* the log's next source; UINT32_MAX at the last */
    bool at_end;
    bool gap_at_end;            /* passed tells of one that was not delivered yet */
    uint64_t used;              /* when it was last woken, in wakings */
    struct replay_key first;    /* of its first record */
    struct replay_batch *batch; /* while it is awake; else null */
    uint64_t head_number;       /* of the next record, unless at_end */
    int64_t head_time;
    uint64_t passed, passed_at; /* at its end, when gap_at_end */
};

struct replay_log {
    uint32_t first, last_source; /* its sources, a list by replay_source.next */
    uint32_t count;              /* of these */
    uint32_t head;               /* the source whose turn it is; UINT32_MAX at its end */
    bool started, matched;       /* a record was delivered, a matched one */
    struct replay_key last;      /* the record delivered last; whole only if count > 1 */
};

struct replay_reader {
    struct replay_source *sources;
    size_t count, room;
    struct replay_file *files; /* by source */
    struct replay_log *logs;
    uint32_t log_count;
    uint32_t begun; /* logs from here on were not begun yet */
    uint32_t *active;
    uint32_t active_count;
    size_t awake;
    uint64_t uses, records;

    struct replay_source *current; /* the one that is read, or null; it goes on ... */
    int64_t time_limit;            /* ... while its head is not newer than this, */
    bool has_number_limit;         /* and comes before this one */
    uint64_t number_limit;
    struct replay_stretch stretch; /* what was delivered last */
};

/* Whether a number comes before another in a log; classic ones go on from 4294967295 with 0. */
static inline bool replay_number_before(uint64_t a, uint64_t b)
{
    return ((a | b) >> 32) == 0 ? (uint32_t)(b - a) - 1 < UINT32_MAX / 2 : a < b;
}

/* Puts the sources, whose first records were read, into their order and into logs. */
void replay_order_make(struct replay_reader *reader);

/* The source whose turn it is, and how long it may go on; null at the end of all. */
struct replay_source *replay_order_choose(struct replay_reader *reader);

/* To be called when a source's head has changed, or it has ended. */
void replay_order_update(struct replay_reader *reader, const struct replay_source *source);

/* replay_stretch.c */

/* Delivers from the head of the source whose turn it is, as far as it may go on. */
const struct replay_stretch *replay_stretch_from_head(struct replay_reader *reader,
                                                      const struct replay_source *source);

/* What was passed over at the end of a file; null when nothing was. */
const struct replay_stretch *replay_stretch_at_end(struct replay_reader *reader,
                                                   struct replay_source *source);

#endif
