/* budget.h: how many accounts may be locked within an hour of the timeline. */
#ifndef RELAYLOCK_CORE_BUDGET_H
#define RELAYLOCK_CORE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

enum { BUDGET_MAX = 1000, BUDGET_WINDOW = 3600 /* seconds */ };

struct budget {
    int64_t
        times[BUDGET_MAX]; /* of the locks in the window, oldest first, from first on, in a ring */
    uint32_t first;
    uint32_t count;
    uint32_t per_hour; /* at most BUDGET_MAX */
    uint64_t taken;    /* ever */
    bool told;         /* somebody was refused since the last lock */
};

/* Locks that are left at now. */
uint32_t budget_left(const struct budget *budget, int64_t now);

/* Takes one lock at now; false when none is left, then *first tells whether this is the first
 * refusal since the budget was spent. */
bool budget_take(struct budget *budget, int64_t now, bool *first);

/* Counts a lock that was taken at time elsewhere; one more than BUDGET_MAX is not counted. */
void budget_charge(struct budget *budget, int64_t time);

/* Takes over the locks that were in the window of an older budget at its now; its times lie offset
 * seconds ahead of this one's. */
void budget_inherit(struct budget *budget, const struct budget *older, int64_t now, int64_t offset);

#endif
