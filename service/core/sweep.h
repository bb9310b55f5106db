/* sweep.h: tries every limit of a grid on the sign-ins of a log in one pass.
 *
 * For every pair of a count and a window it says what a guard with that one limit would have come
 * to: which accounts cross it, and at which sign-in each does so for the first time. The meaning of
 * a window is the guard's (guard.h), late sign-ins and clocks set back included; budget, actions
 * and holds do not matter to a first crossing.
 *
 * It works because the first crossing of COUNT/WINDOW is the moment at which the most sign-ins that
 * the account ever had within WINDOW reach COUNT: so one running maximum, the peak, for each
 * account and window serves all counts. Peaks are counted up to the largest count of the grid.
 *
 * Pure. Memory: one block given at set-up, nothing allocated later; with the default grid about 720
 * bytes for each account that there is room for (48 MB for 65,536), 340 of them for sign-ins and
 * clients that still lie within the longest window: SWEEP_SIGN_INS_EACH and SWEEP_CLIENTS_EACH on
 * average, and beyond that for 64 accounts that are full. An account that was silent for the
 * longest window gives its room away. A sign-in that finds no room all the same is not counted, and
 * said (sweep_lost).
 */
#ifndef RELAYLOCK_CORE_SWEEP_H
#define RELAYLOCK_CORE_SWEEP_H

#include "habit.h"
#include "sweep_grid.h"

enum {
    SWEEP_WINDOWS_MAX = 16,
    SWEEP_LISTED_MAX = 256, /* accounts that are listed for each limit, of those that cross it */
    SWEEP_ACCOUNTS_MAX = 1 << 20,
    SWEEP_SIGN_INS_EACH = 64,
    SWEEP_CLIENTS_EACH = 4,
    SWEEP_NOBODY = 0xffffffff /* instead of an account */
};

struct sweep_sign_in {
    uint32_t account; /* below the number that there is room for */
    int64_t place; /* on the timeline (timeline.h), and the newest place there is. One timeline */
    int64_t now;   /* is kept by the caller for all sign-ins of the log, whoever is counted */
    int64_t time;  /* of the event itself, seconds since 1970-01-01 UTC */
    uint64_t record;
    uint64_t client; /* tells clients apart: a keyed hash of the folded name */
};

/* That an account crosses a limit for the first time. */
struct sweep_crossing {
    uint64_t order; /* the number of the sign-in among all that were fed, from 1: what came before
                       what, which records of several logs do not tell */
    int64_t time;   /* of the event that crosses it */
    uint64_t record;
    uint32_t account;
    uint32_t took; /* seconds since the oldest of the sign-ins (of clients: of the last sightings)
                      that make up the count */
};

/* A limit of the grid. */
struct sweep_cell {
    uint32_t accounts;                      /* that cross it */
    uint32_t listed;                        /* of these, the first ones, SWEEP_LISTED_MAX at most */
    const struct sweep_crossing *crossings; /* the listed, as they came; a view */
};

/* The most that an account had within a window. */
struct sweep_peak {
    uint32_t count; /* no more than the largest count of the grid; 0: it never signed in */
    int64_t time;   /* of the event at which it was reached first */
};

struct sweep;

/* Bytes that a sweep for so many accounts needs; 0 when the grid has no windows or more than
 * SWEEP_WINDOWS_MAX, no counts, a value that is no limit's, or accounts are 0 or above
 * SWEEP_ACCOUNTS_MAX, or it would be too large for a size_t. */
size_t sweep_size(const struct sweep_grid *grid, uint32_t accounts);

/* Sets up a sweep in memory (size bytes, aligned to 16, zeroed, owned by the caller, who frees it
 * when done with the sweep). The grid is copied. Null when size is too small. */
struct sweep *sweep_init(void *memory, size_t size, const struct sweep_grid *grid,
                         uint32_t accounts);

/* Counts a sign-in. */
void sweep_feed(struct sweep *sweep, const struct sweep_sign_in *sign_in);

/* Results, at any time. */
const struct sweep_grid *sweep_grid_of(const struct sweep *sweep);
uint32_t sweep_accounts(const struct sweep *sweep); /* that there is room for */
uint64_t sweep_lost(const struct sweep *sweep);

/* By index into the grid's counts[subject] and windows. */
struct sweep_cell sweep_cell(const struct sweep *sweep, enum limit_subject subject, uint32_t count,
                             uint32_t window);
/* False, and *crossing untouched, when the account does not cross it or is not listed. */
bool sweep_find_crossing(const struct sweep *sweep, enum limit_subject subject, uint32_t count,
                         uint32_t window, uint32_t account, struct sweep_crossing *crossing);
struct sweep_peak sweep_peak(const struct sweep *sweep, enum limit_subject subject, uint32_t window,
                             uint32_t account);
/* By account; a view of sweep_accounts of them. */
const struct habit *sweep_habits(const struct sweep *sweep);

#endif
