#include "history.h"

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
}

static uint32_t take(struct history_pool *pool)
{
    uint32_t index = pool->free;
    if (index)
        pool->free = pool->at[index].newer;
    else
        index = pool->fresh++;
    pool->used++;
    return index;
}

static void give(struct history_pool *pool, uint32_t index)
{
    struct client_table *clients = &pool->clients;
    uint32_t client = pool->at[index].client;
    if (--clients->at[client].sign_ins == 0)
        client_table_remove(clients, client);
    pool->at[index].newer = pool->free;
    pool->free = index;
    pool->used--;
}

static bool in_window(const struct history_view *view, uint32_t window, int64_t time)
{
    return time > view->now - view->plan->windows[window];
}

/* The sign-in is no longer, or not, its client's last one: it stops counting as a client. */
static void unmark_last(const struct history_view *view, struct sign_in *sign_in)
{
    sign_in->last = 0;
    view->history->sightings--;
    for (uint32_t w = 0; w < view->plan->window_count; w++)
        if (in_window(view, w, sign_in->time))
            view->counts[w].clients--;
}

/* Takes a sign-in out of the list and the counts. */
static void drop(const struct history_view *view, uint32_t index)
{
    struct history_pool *pool = view->pool;
    struct history *history = view->history;
    struct sign_in *sign_in = &pool->at[index];

    if (sign_in->last) {
        pool->clients.at[sign_in->client].last = 0;
        unmark_last(view, sign_in);
    }
    for (uint32_t w = 0; w < view->plan->window_count; w++) {
        struct history_count *count = &view->counts[w];
        if (in_window(view, w, sign_in->time))
            count->sign_ins--;
        if (count->tail == index)
            count->tail = sign_in->newer;
    }
    if (!sign_in->aside) {
        history->kept--;
        if (history->edge == index)
            history->edge = sign_in->newer;
    }
    *(sign_in->older ? &pool->at[sign_in->older].newer : &history->oldest) = sign_in->newer;
    *(sign_in->newer ? &pool->at[sign_in->newer].older : &history->newest) = sign_in->older;
    give(pool, index);
}

void history_advance(const struct history_view *view)
{
    struct history_pool *pool = view->pool;
    for (uint32_t w = 0; w < view->plan->window_count; w++) {
        struct history_count *count = &view->counts[w];
        while (count->tail && !in_window(view, w, pool->at[count->tail].time)) {
            const struct sign_in *sign_in = &pool->at[count->tail];
            count->sign_ins--;
            count->clients -= sign_in->last;
            count->tail = sign_in->newer;
        }
    }
    struct history *history = view->history;
    while (history->oldest && pool->at[history->oldest].time <= view->now - view->plan->longest)
        drop(view, history->oldest);
}

/* Puts a new sign-in into its place in the list. Late ones are seconds old, so that the walk from
 * the newest is short. */
static void link_in(const struct history_view *view, uint32_t index)
{
    struct history_pool *pool = view->pool;
    struct history *history = view->history;
    struct sign_in *sign_in = &pool->at[index];
    uint32_t older = history->newest, newer = 0;
    bool before_edge = history->edge == 0;

    while (older && pool->at[older].time > sign_in->time) {
        before_edge = before_edge || older == history->edge;
        newer = older;
        older = pool->at[older].older;
    }
    sign_in->older = older;
    sign_in->newer = newer;
    *(older ? &pool->at[older].newer : &history->oldest) = index;
    *(newer ? &pool->at[newer].older : &history->newest) = index;

    sign_in->aside = before_edge && history->kept == view->plan->kept;
    if (sign_in->aside)
        return;
    history->kept++;
    if (before_edge)
        history->edge = index;
}

/* Counts a new sign-in in the windows. */
static void count_in(const struct history_view *view, uint32_t index)
{
    const struct sign_in *sign_in = &view->pool->at[index];
    for (uint32_t w = 0; w < view->plan->window_count; w++) {
        if (!in_window(view, w, sign_in->time))
            continue;
        struct history_count *count = &view->counts[w];
        count->sign_ins++;
        count->clients += sign_in->last;
        if (!count->tail || count->tail == sign_in->newer)
            count->tail = index;
    }
}

/* Makes the new sign-in its client's last one unless a later one is held. */
static void mark_last(const struct history_view *view, uint32_t index)
{
    struct history_pool *pool = view->pool;
    struct sign_in *sign_in = &pool->at[index];
    struct client *client = &pool->clients.at[sign_in->client];
    uint32_t before = client->last;

    if (before && pool->at[before].time > sign_in->time)
        return;
    client->last = index;
    sign_in->last = 1;
    view->history->sightings++;
    if (!before)
        return;
    unmark_last(view, &pool->at[before]);
    if (pool->at[before].aside)
        drop(view, before);
}

/* Lets go of what is no longer worth holding after a sign-in came in. */
static void trim(const struct history_view *view)
{
    struct history_pool *pool = view->pool;
    struct history *history = view->history;

    if (history->kept > view->plan->kept) {
        uint32_t edge = history->edge;
        history->edge = pool->at[edge].newer;
        history->kept--;
        pool->at[edge].aside = 1;
        if (!pool->at[edge].last)
            drop(view, edge);
    }
    /* All that lie before the edge are last sightings, so the oldest is that of the name that was
     * seen longest ago. */
    while (history->oldest != history->edge && history->sightings > view->plan->sightings)
        drop(view, history->oldest);
}

void history_add(const struct history_view *view, int64_t time, uint64_t record, uint32_t behind,
                 uint32_t client)
{
    struct history_pool *pool = view->pool;
    uint32_t index = take(pool);
    struct sign_in *sign_in = &pool->at[index];
    *sign_in = (struct sign_in){
        .time = time, .record = record, .behind = behind, .client = client & 0x3fffffff};
    pool->clients.at[client].sign_ins++;

    if (time <= view->now - view->plan->longest) {
        give(pool, index);
        return;
    }
    mark_last(view, index);
    link_in(view, index);
    count_in(view, index);
    if (sign_in->aside && !sign_in->last)
        drop(view, index);
    else
        trim(view);
}

void history_clear(const struct history_view *view)
{
    struct history_pool *pool = view->pool;
    uint32_t index = view->history->oldest;
    while (index) {
        uint32_t newer = pool->at[index].newer;
        give(pool, index);
        index = newer;
    }
    *view->history = (struct history){0};
    memset(view->counts, 0, view->plan->window_count * sizeof *view->counts);
}
