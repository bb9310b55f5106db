/* gap_list.h: records that are missing from the log that is read, so that a verdict made over such
 * a gap can say so.
 *
 * A gap lies within a verdict's window when it comes before the sign-in that crossed the limit, and
 * either the first sign-in read behind it is of the window, or the evidence spans it. Order is by
 * record number; a log that is cleared begins its numbers anew, so that an earlier gap then lies
 * before all that follows. Nothing here depends on the clock running forwards.
 */
#ifndef RELAYLOCK_CORE_GAP_LIST_H
#define RELAYLOCK_CORE_GAP_LIST_H

#include "verdict.h"

/* Beyond so many gaps the two oldest become one, which spans both: none is ever forgotten. */
enum { GAP_LIST_MAX = 32 };

struct gap {
    uint64_t first, last; /* record numbers, both included; 1..last: all of the log's beginning */
    bool cleared;         /* the log was cleared behind record first - 1; how many it lost is known
                             only when its numbers go on */
};

/* Zeroed is empty. */
struct gap_list {
    struct gap_entry {
        struct gap gap;
        uint32_t era;        /* how often the log had been cleared */
        bool open;           /* no sign-in was read behind it yet */
        int64_t until;       /* event time of the first one read behind it, s since 1970 UTC */
    } entries[GAP_LIST_MAX]; /* in the order they were found */
    uint32_t count;
    uint32_t era;
    bool open; /* some entry is */
};

/* A gap that was found. One that is known already is passed over. */
void gap_list_add(struct gap_list *list, const struct gap *gap);

/* A sign-in that was read. To be called for each, in the order of the log, before it is decided
 * on. */
void gap_list_pass(struct gap_list *list, uint64_t record, int64_t time);

/* Whether there is a gap within the window of a verdict's limit. *found then spans all there are:
 * of several eras, by the numbers of the latest. */
bool gap_list_within(const struct gap_list *list, const struct verdict *verdict, struct gap *found);

#endif
