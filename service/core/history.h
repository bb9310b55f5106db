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
    HISTORY_CHUNK = 8 /* sign-ins; a power of 2 */
};

/* A limit set, made ready for counting. */
struct history_plan {
    struct limit_set limits;
    uint32_t windows[LIMIT_SET_MAX];  /* the distinct ones */
    uint8_t window_of[LIMIT_SET_MAX]; /* by limit */
    uint32_t window_count;
    uint32_t longest; /* window, in seconds, and which it is */
    uint32_t longest_window;
    uint32_t kept;      /* newest sign-ins held */
    uint32_t sightings; /* newest client names held; 0 without a limit on clients */
};

void history_plan_make(struct history_plan *plan, const struct limit_set *limits);

/* What is told of a sign-in when its account has crossed a limit. */
struct history_trace {
    uint64_t record;
    uint32_t behind; /* seconds that the event's own time lies behind that on the timeline, 136
                        years at most */
    uint32_t client; /* slot in the client table */
};

struct sign_in {
    int64_t time; /* on the timeline */
    struct history_trace trace;
};

/* Most chunks that as many sign-ins can take. */
uint32_t history_chunks_for(uint32_t sign_ins);

/* The times of some sign-ins of an account: what all counting is done with, kept small. They lie
 * within a few windows of each other. */
struct history_chunk {
    int64_t base; /* no later than any of them */
    uint32_t after_base[HISTORY_CHUNK];
    uint32_t older, newer;
};

struct history_pool {
    struct history_chunk *at;                      /* from 1 to capacity */
    struct history_trace (*traces)[HISTORY_CHUNK]; /* by chunk */
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
    /* For history_append: as many sign-ins of the client seen last, which has seen_hash if there is
     * one, may come in order without a look at the windows; at due something is to be let go. What
     * came and went is not always known to that client yet (history_tell_client): its last sign-in,
     * and by how much its sign_ins changed. */
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

/* Lets what is too old by now leave one window. In a history of one client (history_is_of_one) from
 * which nothing more is to be shed, the others then count no less than they should. */
void history_advance_window(const struct history_view *view, uint32_t window);

/* Lets the client seen last know of all its sign-ins. To be called before it is asked for more than
 * its hash and its name. */
void history_tell_client(const struct history_view *view);

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

/* Counts what is held under the plan of the view, which is another than before; its windows are
 * written anew. What the plan before did not hold cannot be counted. */
void history_recount(const struct history_view *view);

/* Forgets all. */
void history_clear(const struct history_view *view);

/* Whether one more sign-in finds room. */
static inline bool history_has_room(const struct history_pool *pool, const struct history *history)
{
    return history->end % HISTORY_CHUNK != 0 || pool->used < pool->capacity;
}

/* Puts an empty chunk behind the newest, for sign-ins from a time on. The pool must have one. */
static inline void history_add_chunk(struct history_pool *pool, struct history *history,
                                     int64_t base)
{
    uint32_t chunk = pool->free;
    if (chunk)
        pool->free = pool->at[chunk].newer;
    else
        chunk = pool->fresh++;
    pool->used++;
    pool->at[chunk].base = base;
    pool->at[chunk].older = history->newest;
    pool->at[chunk].newer = 0;
    *(history->newest ? &pool->at[history->newest].newer : &history->oldest) = chunk;
    history->newest = chunk;
}

/* Adds a sign-in of the client seen last at now, with history->quiet left and now before due,
 * without a look at the windows: what they count is known after the next history_advance. False,
 * and nothing has changed, when there is no room. */
static inline bool history_append(struct history_pool *pool, struct history *history, int64_t now,
                                  uint64_t record, uint32_t behind)
{
    uint32_t number = history->end;
    if (number % HISTORY_CHUNK == 0) {
        if (pool->used == pool->capacity)
            return false;
        history_add_chunk(pool, history, now);
    }
    pool->at[history->newest].after_base[number % HISTORY_CHUNK] =
        (uint32_t)(now - pool->at[history->newest].base);
    pool->traces[history->newest][number % HISTORY_CHUNK] =
        (struct history_trace){record, behind, history->seen_last};
    history->end++;
    history->unknown++;
    history->quiet--;
    return true;
}

/* Whether all in the ring are sign-ins of the client seen last, and there is one: mostly there are
 * no others. Then nobody need ask what that client knows. */
static inline bool history_is_of_one(const struct history *history)
{
    return history->seen_first == history->seen_last && history->first != history->end;
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

static inline int64_t history_time(const struct history_pool *pool, struct history_place place)
{
    const struct history_chunk *chunk = &pool->at[place.chunk];
    return chunk->base + chunk->after_base[place.number % HISTORY_CHUNK];
}

static inline const struct history_trace *history_trace(const struct history_pool *pool,
                                                        struct history_place place)
{
    return &pool->traces[place.chunk][place.number % HISTORY_CHUNK];
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
