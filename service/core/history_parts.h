/* history_parts.h: the parts that a history is made of; for the history*.c files only. */
#ifndef RELAYLOCK_CORE_HISTORY_PARTS_H
#define RELAYLOCK_CORE_HISTORY_PARTS_H

#include "history.h"

static inline bool history_in_window(const struct history_view *view, uint32_t window, int64_t time)
{
    return time > view->now - view->plan->windows[window];
}

/* ---- the ring: history.c -------------------------------------------------------------------- */

static inline struct history_place ring_oldest(const struct history *history)
{
    return (struct history_place){history->first, history->oldest};
}

static inline struct history_place ring_newest(const struct history *history)
{
    return (struct history_place){history->end - 1, history->newest};
}

/* Where in a chunk, which begins with the number base, the newest sign-in is that lies there. */
static inline uint32_t ring_last_in_chunk(const struct history *history, uint32_t base)
{
    return history->end - base < HISTORY_CHUNK ? history->end - base - 1 : HISTORY_CHUNK - 1;
}

static inline void ring_give_oldest_chunk(struct history_pool *pool, struct history *history)
{
    uint32_t chunk = history->oldest, newer = pool->at[chunk].newer;
    history->oldest = newer;
    *(newer ? &pool->at[newer].older : &history->newest) = 0;
    pool->at[chunk].newer = pool->free;
    pool->free = chunk;
    pool->used--;
}

/* Drops the sign-ins up to a number, which lie before every window's beginning. Before the last one
 * is dropped, the client must have been told. */
static inline void ring_drop(struct history_pool *pool, struct history *history, uint32_t to)
{
    if (history_is_of_one(history) && to != history->end) {
        uint32_t chunks = to / HISTORY_CHUNK - history->first / HISTORY_CHUNK;
        history->unknown = (int16_t)(history->unknown - (int16_t)(to - history->first));
        history->first = to;
        for (; chunks % (UINT32_MAX / HISTORY_CHUNK + 1) != 0; chunks--)
            ring_give_oldest_chunk(pool, history);
        return;
    }
    while (history->first != to) {
        pool->clients.at[history_trace(pool, ring_oldest(history))->client].sign_ins--;
        if (++history->first % HISTORY_CHUNK == 0)
            ring_give_oldest_chunk(pool, history);
    }
}

/* ---- the clients: history_clients.c --------------------------------------------------------- */

bool history_has_client(const struct history *history, const struct client *client, uint32_t slot);

/* Makes the sign-in its client's last one unless a later one is known. */
void history_see_client(const struct history_view *view, const struct sign_in *sign_in);

/* Lets go of the sightings held aside that are too old by now, and of those beyond what is worth
 * holding. They come first in the list: all in the ring is newer. */
void history_trim_clients(const struct history_view *view);

#endif
