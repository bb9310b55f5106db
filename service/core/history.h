/* history.h: the sign-ins of one account that are held in memory, and how many of them lie in each
 * window.
 *
 * Held are, of the sign-ins within the account's longest window, the newest ones, as many as its
 * largest COUNT (HISTORY_KEPT_MIN at least), and, where there is a limit on clients, the last
 * sighting of each of the newest client names, as many as its largest COUNT. That is enough to say
 * of every limit whether it is crossed, exactly: a limit of COUNT is decided by the newest COUNT
 * sign-ins, or the COUNT names seen last. Beyond that no more is counted.
 *
 * Sign-ins are in order of time on the timeline, those of equal time in order of arrival. Counts
 * are kept up as sign-ins enter and leave; a sign-in that comes in order costs a constant number of
 * steps for each window, whatever the limits.
 */
#ifndef RELAYLOCK_CORE_HISTORY_H
#define RELAYLOCK_CORE_HISTORY_H

#include "client_table.h"
#include "limit.h"

enum { HISTORY_KEPT_MIN = 32 };

/* A limit set, made ready for counting. */
struct history_plan {
    struct limit_set limits;
    uint32_t windows[LIMIT_SET_MAX];  /* the distinct ones */
    uint8_t window_of[LIMIT_SET_MAX]; /* by limit */
    uint32_t window_count;
    uint32_t longest;   /* window */
    uint32_t kept;      /* newest sign-ins held */
    uint32_t sightings; /* newest client names held; 0 without a limit on clients */
};

void history_plan_make(struct history_plan *plan, const struct limit_set *limits);

struct sign_in {
    int64_t time; /* on the timeline */
    uint64_t record;
    uint32_t behind; /* seconds that the event's own time lies behind that, 136 years at most */
    uint32_t client : 30; /* slot in the client table */
    uint32_t last : 1;    /* the client's last sighting in this account */
    uint32_t aside : 1;   /* not among the newest any more: held as a sighting only */
    uint32_t older, newer;
};

struct history_pool {
    struct sign_in *at; /* from 1 to capacity */
    uint32_t capacity;
    uint32_t used;
    uint32_t fresh; /* from here on never used */
    uint32_t free;  /* list of those given back, by newer */
    struct client_table clients;
};

/* Zeroed is empty. */
struct history {
    uint32_t oldest, newest;
    uint32_t edge; /* oldest of those not aside */
    uint32_t kept; /* how many are not aside */
    uint32_t sightings;
};

/* What lies in a window. Zeroed is empty. */
struct history_count {
    uint32_t tail; /* the oldest sign-in in it */
    uint32_t sign_ins;
    uint32_t clients;
};

/* One account's history at a time: what the functions below work on. */
struct history_view {
    struct history_pool *pool;
    const struct history_plan *plan;
    struct history *history;
    struct history_count *counts; /* plan->window_count of them */
    int64_t now;
};

/* Lets what is too old by now leave the windows. To be called before anything else is asked or
 * done when now has moved on. */
void history_advance(const struct history_view *view);

/* Adds a sign-in at time (at most now; the pool must have room) of a client (which must stay: its
 * reference count is taken care of here). What is not worth holding is not held. */
void history_add(const struct history_view *view, int64_t time, uint64_t record, uint32_t behind,
                 uint32_t client);

/* Forgets all. */
void history_clear(const struct history_view *view);

static inline bool history_pool_full(const struct history_pool *pool)
{
    return pool->used == pool->capacity;
}

/* What a limit of the plan counts now. */
static inline uint32_t history_counted(const struct history_view *view, uint32_t limit)
{
    const struct history_count *count = &view->counts[view->plan->window_of[limit]];
    return view->plan->limits.limits[limit].subject == LIMIT_CLIENTS ? count->clients
                                                                     : count->sign_ins;
}

#endif
