/* lock_pace.h: how many accounts may be locked within an hour of this computer's own.
 *
 * The guard's budget goes by the time of the log, of which a day may be read in a second, and which
 * whoever writes there may give as he likes. This one goes by GetTickCount (called ticks), beside
 * it: an account is locked when both allow it.
 */
#ifndef RELAYLOCK_APP_LOCK_PACE_H
#define RELAYLOCK_APP_LOCK_PACE_H

#include <windows.h>
#include "../core/budget.h"

/* Zeroed: nothing was locked, and nothing may be. */
struct lock_pace {
    struct budget budget; /* in seconds of now */
    uint64_t now;         /* ms since its first use, at that tick */
    DWORD tick;
    bool started;
};

/* Locks an hour from now on: at most BUDGET_MAX. */
void lock_pace_set(struct lock_pace *pace, uint32_t per_hour);

/* Takes one lock. False: none is left; then *wait is how many ms it is until one is, and *first
 * whether this is the first refusal since a lock was taken. */
bool lock_pace_take(struct lock_pace *pace, DWORD tick, bool *first, DWORD *wait);

/* Counts a lock that an earlier process took age ms ago. */
void lock_pace_charge(struct lock_pace *pace, DWORD tick, DWORD age);

/* Locks that are left. */
uint32_t lock_pace_left(struct lock_pace *pace, DWORD tick);

/* To be called within 49 days of any call before, since GetTickCount wraps. */
void lock_pace_settle(struct lock_pace *pace, DWORD tick);

#endif
