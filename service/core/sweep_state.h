/* sweep_state.h: what a sweep consists of; for the sweep*.c files only.
 *
 * Times are held as their low 32 bits: an account's times lie within two horizons of each other,
 * which is far less than 2^31 seconds, so that differences are exact whatever the times.
 */
#ifndef RELAYLOCK_CORE_SWEEP_STATE_H
#define RELAYLOCK_CORE_SWEEP_STATE_H

#include "sweep.h"

/* Times of sign-ins come in blocks of one cache line: 15 of one account, in order, and the number
 * of the block that goes on. A position is 16 times the block's number, and the place in it. */
enum { SWEEP_BLOCK = 16, SWEEP_BLOCK_TIMES = SWEEP_BLOCK - 1 };

struct sweep_times {
    uint32_t *at;      /* by position */
    uint32_t capacity; /* blocks; they are numbered from 1 */
    uint32_t fresh;    /* blocks from here on were never used */
    uint32_t free;     /* first of the blocks given back */
};

/* The last time that an account was seen with a client. */
struct sweep_sighting {
    uint64_t client;
    uint32_t time;
    uint32_t older;
};

struct sweep_sightings {
    struct sweep_sighting *at; /* from 1 to capacity */
    uint32_t capacity;
    uint32_t fresh, free;
};

/* How an account stands to a window. Its times are numbered from 0 up, in their order. A sign-in
 * makes a new peak if there are then peak + 1 in the window, so it is enough to know a time that
 * everything older is out of the window, and to look again when there are peak + 1 from that one
 * on. */
struct sweep_window {
    uint32_t from; /* number of that time */
    uint32_t at;   /* its position; of no meaning with a peak of 0, or once it is not held any more:
                      then it is out of the window, too */
    uint16_t peak; /* the most that were ever in the window; sweep.kept at most */
};

struct sweep_account {
    int64_t newest;       /* place of the newest sign-in */
    uint32_t oldest, end; /* positions of the oldest and newest time held */
    uint32_t first;       /* number of the oldest */
    uint32_t held;        /* times: no more than the highest peak that is less than sweep.kept */
    uint32_t sightings;   /* the newest; 0: none is held */
    uint32_t clients;     /* sightings held */
};

struct sweep {
    struct sweep_grid grid;
    uint32_t accounts;
    uint32_t horizon;      /* seconds that anything is held: the longest window, an hour at least */
    uint32_t kept;         /* the largest count of sign-ins, and */
    uint32_t kept_clients; /* of clients: no account holds more than that */
    uint64_t fed, lost;    /* sign-ins */

    struct sweep_times times;
    struct sweep_sightings sightings;
    uint8_t *rows[2];             /* by subject; by count: its place in the grid and one, or 0 */
    struct sweep_account *at;     /* by account */
    struct sweep_window *windows; /* by account and window */
    uint16_t *client_peaks;       /* by account and window */
    int64_t *peak_times[2];       /* by subject; by account and window */
    struct habit *habits;         /* by account */
    uint32_t hand;                /* the account from which on room is looked for next */
    int64_t barren_until;         /* when it was looked for in vain it is not again before that */

    struct sweep_cell_state *cells[2]; /* by subject; by count and window */
};

struct sweep_cell_state {
    uint32_t accounts;
    struct sweep_crossing *crossings; /* SWEEP_LISTED_MAX of them */
};

static inline struct sweep_window *sweep_windows(struct sweep *sweep, uint32_t account)
{
    return &sweep->windows[(size_t)account * sweep->grid.windows.count];
}

/* sweep.c */

/* An account has more in a window than it ever had. */
void sweep_rise(struct sweep *sweep, const struct sweep_sign_in *sign_in,
                enum limit_subject subject, uint32_t window, uint32_t peak, uint32_t took);

/* Gives back what accounts hold that were silent for longer than the horizon, until something was
 * given back. False when there is nothing. */
bool sweep_make_room(struct sweep *sweep, int64_t now);

/* sweep_times.c */

/* Counts a sign-in in the windows of its account. False: no room. */
bool sweep_times_add(struct sweep *sweep, const struct sweep_sign_in *sign_in);

/* Forgets the times of an account. */
void sweep_times_clear(struct sweep *sweep, uint32_t account);

/* sweep_sightings.c */

enum sweep_sighted { SWEEP_SIGHTED_BEFORE, SWEEP_SIGHTED_FIRST, SWEEP_SIGHTED_LOST };

/* Notes the client of a sign-in and counts it in the windows. The answer: whether the account was
 * seen with it since the first second of an hour, or there is no room. */
enum sweep_sighted sweep_sightings_add(struct sweep *sweep, const struct sweep_sign_in *sign_in,
                                       int64_t hour_start);

/* Forgets the clients of an account. */
void sweep_sightings_clear(struct sweep *sweep, uint32_t account);

#endif
