#include "history_parts.h"

#include <string.h>

void history_plan_make(struct history_plan *plan, const struct limit_set *limits)
{
    *plan = (struct history_plan){.limits = *limits, .kept = HISTORY_KEPT_MIN};
    for (uint32_t i = 0; i < limits->count; i++) {
        const struct limit *limit = &limits->limits[i];
        uint32_t window = 0;
        while (window < plan->window_count && plan->windows[window] != limit->window)
            window++;
        if (window == plan->window_count)
            plan->windows[plan->window_count++] = limit->window;
        plan->window_of[i] = (uint8_t)window;
        uint32_t *held = limit->subject == LIMIT_CLIENTS ? &plan->sightings : &plan->kept;
        if (*held < limit->count)
            *held = limit->count;
    }
    plan->longest = limit_set_longest(limits);
    while (plan->windows[plan->longest_window] != plan->longest)
        plan->longest_window++;
}

uint32_t history_chunks_for(uint32_t sign_ins)
{
    /* One of them may be the last in its chunk. */
    return 1 + (sign_ins - 1 + HISTORY_CHUNK - 1) / HISTORY_CHUNK;
}

/* ---- windows -------------------------------------------------------------------------------- */

static void set_tail(struct history_count *count, struct history_place place)
{
    count->tail = place.number;
    count->tail_chunk = place.chunk;
}

/* Moves the beginning of a window to the next sign-in in the ring. */
static void step_tail(const struct history_pool *pool, struct history_count *count)
{
    struct history_place place = history_tail(count);
    history_step(pool, &place);
    set_tail(count, place);
}

/* ---- the ring ------------------------------------------------------------------------------- */

/* The oldest sign-in leaves the ring, though it may lie in a window. */
static void drop_oldest(const struct history_view *view)
{
    struct history *history = view->history;

    for (uint32_t w = 0; w < view->plan->window_count; w++)
        if (view->counts[w].tail == history->first)
            step_tail(view->pool, &view->counts[w]);
    ring_drop(view->pool, history, history->first + 1);
}

/* Makes the place behind the newest sign-in one more in the ring, for one of a time. */
static struct history_place extend(const struct history_view *view, int64_t time)
{
    struct history *history = view->history;
    bool was_empty = history->first == history->end;

    if (history->end % HISTORY_CHUNK == 0) {
        history_add_chunk(view->pool, history, time);
        for (uint32_t w = 0; w < view->plan->window_count; w++)
            if (!view->counts[w].tail_chunk)
                view->counts[w].tail_chunk = history->newest;
    }
    if (was_empty)
        view->pool->at[history->newest].base = time;
    return (struct history_place){history->end++, history->newest};
}

static void put(const struct history_pool *pool, struct history_place place, int64_t time,
                const struct history_trace *trace)
{
    struct history_chunk *chunk = &pool->at[place.chunk];
    uint32_t in_chunk = place.number % HISTORY_CHUNK;

    if (time < chunk->base) {
        for (uint32_t i = 0; i < HISTORY_CHUNK; i++)
            chunk->after_base[i] += (uint32_t)(chunk->base - time);
        chunk->base = time;
    }
    chunk->after_base[in_chunk] = (uint32_t)(time - chunk->base);
    pool->traces[place.chunk][in_chunk] = *trace;
}

/* Puts a sign-in into its place in the ring. */
static void insert(const struct history_view *view, const struct sign_in *sign_in)
{
    struct history_pool *pool = view->pool;
    struct history *history = view->history;
    struct history_place place = extend(view, sign_in->time);

    while (place.number != history->first) {
        struct history_place before = {place.number - 1, place.chunk};
        if (place.number % HISTORY_CHUNK == 0)
            before.chunk = pool->at[place.chunk].older;
        int64_t time = history_time(pool, before);
        if (time <= sign_in->time)
            break;
        put(pool, place, time, history_trace(pool, before));
        place = before;
    }
    put(pool, place, sign_in->time, &sign_in->trace);
    pool->clients.at[sign_in->trace.client].sign_ins++;
    /* What lies before a window moves its beginning on. */
    for (uint32_t w = 0; w < view->plan->window_count; w++)
        if (!history_in_window(view, w, sign_in->time))
            step_tail(pool, &view->counts[w]);
}

/* The first sign-in behind a place, or there, that is newer than past; the end if none is. In the
 * chunk where it lies all are held against past, without a branch: where it is nobody could guess.
 */
static struct history_place first_newer(const struct history_view *view, struct history_place place,
                                        int64_t past)
{
    const struct history_pool *pool = view->pool;

    const struct history *history = view->history;

    while (place.number != history->end) {
        const struct history_chunk *chunk = &pool->at[place.chunk];
        uint32_t in_chunk = place.number % HISTORY_CHUNK, base = place.number - in_chunk;
        uint32_t last = ring_last_in_chunk(history, base);
        int64_t after_base = past - chunk->base;
        if (chunk->after_base[last] > after_base) {
            for (uint32_t i = 0; i < HISTORY_CHUNK - 1; i++)
                place.number += (i >= in_chunk) & (i < last) & (chunk->after_base[i] <= after_base);
            break;
        }
        place.number = base + last;
        history_step(pool, &place);
    }
    return place;
}

void history_advance_window(const struct history_view *view, uint32_t window)
{
    const struct client *clients = view->pool->clients.at;
    struct history_count *count = &view->counts[window];
    int64_t past = view->now - view->plan->windows[window];

    set_tail(count, first_newer(view, history_tail(count), past));
    if (history_is_of_one(view->history)) {
        if (count->tail == view->history->end)
            count->clients = count->seen_tail = 0;
        return;
    }
    while (count->seen_tail && clients[count->seen_tail].time <= past) {
        count->seen_tail = clients[count->seen_tail].newer;
        count->clients--;
    }
}

void history_advance(const struct history_view *view)
{
    struct history *history = view->history;
    const struct history_count *longest = &view->counts[view->plan->longest_window];

    history->quiet = 0;
    if (!history_is_of_one(history))
        history_tell_client(view);
    for (uint32_t w = 0; w < view->plan->window_count; w++)
        history_advance_window(view, w);
    if (longest->tail == history->end)
        history_tell_client(view);
    ring_drop(view->pool, history, longest->tail);
    history_trim_clients(view);
}

/* Whether a sign-in of now comes from the client seen last: mostly it does. */
static bool follows(const struct history_view *view, const struct sign_in *sign_in)
{
    return sign_in->trace.client == view->history->seen_last && sign_in->time == view->now;
}

/* Puts a sign-in that follows behind all others: their order is that of before. */
static void put_behind(const struct history_view *view, const struct sign_in *sign_in)
{
    struct history *history = view->history;

    put(view->pool, extend(view, sign_in->time), sign_in->time, &sign_in->trace);
    history->unknown++;
    if (!history_is_of_one(history))
        history_tell_client(view);
    for (uint32_t w = 0; w < view->plan->window_count; w++)
        if (!view->counts[w].seen_tail) {
            view->counts[w].seen_tail = sign_in->trace.client;
            view->counts[w].clients = 1;
        }
}

/* Puts a sign-in, and its client, where they belong among the others. */
static void put_among(const struct history_view *view, const struct sign_in *sign_in)
{
    const struct history *history = view->history;

    history_tell_client(view);
    history_see_client(view, sign_in);
    if (history->end - history->first < view->plan->kept ||
        history_time(view->pool, ring_oldest(history)) <= sign_in->time)
        insert(view, sign_in);
}

void history_add(const struct history_view *view, const struct sign_in *sign_in)
{
    struct client_table *clients = &view->pool->clients;
    const struct history *history = view->history;

    if (follows(view, sign_in)) {
        put_behind(view, sign_in);
    } else if (sign_in->time > view->now - view->plan->longest) {
        put_among(view, sign_in);
    } else {
        if (!history_has_client(history, &clients->at[sign_in->trace.client],
                                sign_in->trace.client))
            client_table_remove(clients, sign_in->trace.client);
        return;
    }
    if (history->end - history->first > view->plan->kept)
        drop_oldest(view);
    history_trim_clients(view);
}

void history_recount(const struct history_view *view)
{
    struct history *history = view->history;

    history_tell_client(view);
    for (uint32_t w = 0; w < view->plan->window_count; w++) {
        struct history_count *count = &view->counts[w];
        set_tail(count, ring_oldest(history));
        count->clients = history->seen;
        count->seen_tail = history->seen_first;
    }
    history_advance(view);
    while (history->end - history->first > view->plan->kept)
        drop_oldest(view);
    history_trim_clients(view);
}

void history_clear(const struct history_view *view)
{
    struct history_pool *pool = view->pool;
    struct history *history = view->history;

    while (history->oldest)
        ring_give_oldest_chunk(pool, history);
    for (uint32_t slot = history->seen_first, newer; slot; slot = newer) {
        newer = pool->clients.at[slot].newer;
        client_table_remove(&pool->clients, slot);
    }
    *history = (struct history){0};
    memset(view->counts, 0, view->plan->window_count * sizeof *view->counts);
}
