/* history.h: the sign-ins of one account that are held in memory, and how many of them lie in each
 * window.
 *
 * Held are, of the sign-ins within the account's longest window, the newest ones, as many as its
 * largest COUNT (HISTORY_KEPT_MIN at least), and, where there is a limit on clients, the last
 * sighting of each of the newest client names, as many as its largest COUNT. That is enough to say
 * of every limit whether it is crossed, exactly: a limit of COUNT is decided by the newest COUNT
 * sign-ins, or the COUNT names seen last. Beyond that no more is counted.
 *
 * The newest sign-ins lie in a ring of chunks, in order of time on the timeline, those of equal
 * time in order of arrival. The clients are listed by their last sighting; one that has no sign-in
 * in the ring any more is held aside, as that sighting alone. A window is known by where it begins
 * in either. A sign-in that comes in order costs a constant number of steps for each window,
 * whatever the limits; most cost no more than their place in the ring (history_append).
 */
#ifndef RELAYLOCK_CORE_HISTORY_H
#define RELAYLOCK_CORE_HISTORY_H

#include "client_table.h"
#include "limit.h"

enum {
    HISTORY_KEPT_MIN = 32,
    HISTORY_CHUNK = 4 /* sign-ins; a power of 2 */
};

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
    uint32_t client; /* slot in the client table */
};

/* Most chunks that as many sign-ins can take. */
uint32_t history_chunks_for(uint32_t sign_ins);

struct history_chunk {
    struct sign_in at[HISTORY_CHUNK];
    uint32_t older, newer;
};

struct history_pool {
    struct history_chunk *at; /* from 1 to capacity */
    uint32_t capacity;
    uint32_t used;
    uint32_t fresh; /* from here on never used */
    uint32_t free;  /* list of those given back, by newer */
    struct client_table clients;
};

/* Zeroed is empty. Sign-ins in the ring are numbered from 0 up, for ever (modulo 2^32); number n
 * lies in its chunk at n % HISTORY_CHUNK. */
struct history {
    uint32_t oldest, newest;        /* chunks */
    uint32_t first, end;            /* number of the oldest sign-in, and that of the next one */
    uint32_t seen_first, seen_last; /* clients by last sighting */
    uint32_t seen;                  /* how many clients */
    /* For history_append: as many sign-ins of the client seen last, which has seen_hash, may come
     * in order without a look at the windows; at due something is to be let go. What came and went
     * so is not yet known to that client: its last sign-in, and by how much its sign_ins changed.
     */
    uint16_t quiet;
    int16_t unknown;
    int64_t due;
    uint64_t seen_hash;
};

/* Where a window begins. Zeroed is empty. */
struct history_count {
    uint32_t tail, tail_chunk;   /* the oldest sign-in in it; history.end and 0 without any */
    uint32_t clients, seen_tail; /* the clients last seen in it, and the first of these */
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
 * done when now has moved on or history_append was used. */
void history_advance(const struct history_view *view);

/* Adds a sign-in at a time of at most now, by a client of this account (client_table.h), and counts
 * it. What is not worth holding is not held, a client of whom nothing is held is removed. There
 * must be room. */
void history_add(const struct history_view *view, const struct sign_in *sign_in);

/* Lets history_append do for the next quiet sign-ins of the client seen last, as far as nothing
 * else would be let go meanwhile. To be called when nothing was added since history_add. */
void history_rest(const struct history_view *view, uint32_t quiet);

/* Gives up what is to be let go at due, as far as that needs no look at the windows. False when
 * there is more to it, which takes history_advance; what is counted has not changed then. */
bool history_shed(const struct history_view *view);

/* Forgets all. */
void history_clear(const struct history_view *view);

/* Whether one more sign-in finds room. */
static inline bool history_has_room(const struct history_pool *pool, const struct history *history)
{
    return history->end % HISTORY_CHUNK != 0 || pool->used < pool->capacity;
}

/* Puts an empty chunk behind the newest. The pool must have one. */
static inline void history_add_chunk(struct history_pool *pool, struct history *history)
{
    uint32_t chunk = pool->free;
    if (chunk)
        pool->free = pool->at[chunk].newer;
    else
        chunk = pool->fresh++;
    pool->used++;
    pool->at[chunk].older = history->newest;
    pool->at[chunk].newer = 0;
    *(history->newest ? &pool->at[history->newest].newer : &history->oldest) = chunk;
    history->newest = chunk;
}

/* Adds a sign-in of the client with this hash without a look at the windows: what they count, and
 * the client's own entry, is known after the next history_advance. False, and nothing has changed,
 * when it takes history_add, or history_shed first. */
static inline bool history_append(struct history_pool *pool, struct history *history, int64_t now,
                                  uint64_t client_hash, int64_t time, uint64_t record,
                                  uint32_t behind)
{
    uint32_t number = history->end;
    if (history->quiet == 0 || client_hash != history->seen_hash || now >= history->due ||
        time < pool->at[history->newest].at[(number - 1) % HISTORY_CHUNK].time)
        return false;
    if (number % HISTORY_CHUNK == 0) {
        if (pool->used == pool->capacity)
            return false;
        history_add_chunk(pool, history);
    }
    pool->at[history->newest].at[number % HISTORY_CHUNK] =
        (struct sign_in){time, record, behind, history->seen_last};
    history->end++;
    history->unknown++;
    history->quiet--;
    return true;
}

static inline bool history_is_empty(const struct history *history)
{
    return history->seen == 0;
}

/* A walk over the sign-ins in the ring, from the beginning of a window until number is
 * history.end. */
struct history_place {
    uint32_t number, chunk;
};

static inline struct history_place history_tail(const struct history_count *count)
{
    return (struct history_place){count->tail, count->tail_chunk};
}

static inline const struct sign_in *history_at(const struct history_pool *pool,
                                               struct history_place place)
{
    return &pool->at[place.chunk].at[place.number % HISTORY_CHUNK];
}

static inline void history_step(const struct history_pool *pool, struct history_place *place)
{
    if (++place->number % HISTORY_CHUNK == 0)
        place->chunk = pool->at[place->chunk].newer;
}

/* What a limit of the plan counts now, of the sign-ins in the ring. (Sightings held aside lie in a
 * window only if that is crossed by the ring alone.) */
static inline uint32_t history_counted(const struct history_view *view, uint32_t limit)
{
    const struct history_count *count = &view->counts[view->plan->window_of[limit]];
    return view->plan->limits.limits[limit].subject == LIMIT_CLIENTS
               ? count->clients
               : view->history->end - count->tail;
}

#endif
