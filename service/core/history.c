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

uint32_t history_chunks_for(uint32_t sign_ins)
{
    /* One of them may be the last in its chunk. */
    return 1 + (sign_ins - 1 + HISTORY_CHUNK - 1) / HISTORY_CHUNK;
}

/* ---- chunks --------------------------------------------------------------------------------- */

static struct sign_in *in_chunk(struct history_pool *pool, uint32_t chunk, uint32_t number)
{
    return &pool->at[chunk].at[number % HISTORY_CHUNK];
}

static void give_oldest_chunk(struct history_pool *pool, struct history *history)
{
    uint32_t chunk = history->oldest, newer = pool->at[chunk].newer;
    history->oldest = newer;
    *(newer ? &pool->at[newer].older : &history->newest) = 0;
    pool->at[chunk].newer = pool->free;
    pool->free = chunk;
    pool->used--;
}

/* ---- windows -------------------------------------------------------------------------------- */

static bool in_window(const struct history_view *view, uint32_t window, int64_t time)
{
    return time > view->now - view->plan->windows[window];
}

/* Moves the beginning of a window to the next sign-in in the ring. */
static void step_tail(const struct history_pool *pool, struct history_count *count)
{
    struct history_place place = history_tail(count);
    history_step(pool, &place);
    count->tail = place.number;
    count->tail_chunk = place.chunk;
}

/* ---- the list of clients -------------------------------------------------------------------- */

static void unlink_client(const struct history_view *view, uint32_t slot)
{
    struct client *clients = view->pool->clients.at, *client = &clients[slot];
    struct history *history = view->history;

    for (uint32_t w = 0; w < view->plan->window_count; w++) {
        struct history_count *count = &view->counts[w];
        count->clients -= in_window(view, w, client->time);
        if (count->seen_tail == slot)
            count->seen_tail = client->newer;
    }
    *(client->older ? &clients[client->older].newer : &history->seen_first) = client->newer;
    *(client->newer ? &clients[client->newer].older : &history->seen_last) = client->older;
    history->seen--;
}

/* By time; late ones are seconds old, so that the walk from the newest is short. */
static void link_client(const struct history_view *view, uint32_t slot)
{
    struct client *clients = view->pool->clients.at, *client = &clients[slot];
    struct history *history = view->history;
    uint32_t older = history->seen_last, newer = 0;

    while (older && clients[older].time > client->time) {
        newer = older;
        older = clients[older].older;
    }
    client->older = older;
    client->newer = newer;
    *(older ? &clients[older].newer : &history->seen_first) = slot;
    *(newer ? &clients[newer].older : &history->seen_last) = slot;
    history->seen++;
    for (uint32_t w = 0; w < view->plan->window_count; w++) {
        struct history_count *count = &view->counts[w];
        if (!in_window(view, w, client->time))
            continue;
        count->clients++;
        if (count->seen_tail == newer)
            count->seen_tail = slot;
    }
}

static bool is_listed(const struct history *history, const struct client *client, uint32_t slot)
{
    return client->older || client->newer || history->seen_first == slot;
}

/* Makes the sign-in its client's last one unless a later one is known. */
static void see(const struct history_view *view, const struct sign_in *sign_in)
{
    struct client *client = &view->pool->clients.at[sign_in->client];
    bool listed = is_listed(view->history, client, sign_in->client);

    if (listed && client->time > sign_in->time)
        return;
    if (listed)
        unlink_client(view, sign_in->client);
    client->time = sign_in->time;
    client->record = sign_in->record;
    client->behind = sign_in->behind;
    link_client(view, sign_in->client);
    view->history->seen_hash = view->pool->clients.at[view->history->seen_last].hash;
}

/* Lets go of the sightings held aside that are too old by now, and of those beyond what is worth
 * holding. They come first in the list: all in the ring is newer. */
static void trim_clients(const struct history_view *view)
{
    struct history *history = view->history;
    struct client_table *clients = &view->pool->clients;

    while (history->seen_first) {
        uint32_t slot = history->seen_first;
        const struct client *client = &clients->at[slot];
        if (client->sign_ins > 0 || (history->seen <= view->plan->sightings &&
                                     client->time > view->now - view->plan->longest))
            return;
        unlink_client(view, slot);
        client_table_remove(clients, slot);
    }
}

/* ---- the ring ------------------------------------------------------------------------------- */

static void drop_oldest(const struct history_view *view)
{
    struct history_pool *pool = view->pool;
    struct history *history = view->history;

    pool->clients.at[in_chunk(pool, history->oldest, history->first)->client].sign_ins--;
    for (uint32_t w = 0; w < view->plan->window_count; w++)
        if (view->counts[w].tail == history->first)
            step_tail(pool, &view->counts[w]);
    if (++history->first % HISTORY_CHUNK == 0)
        give_oldest_chunk(pool, history);
}

/* Puts a sign-in into its place in the ring. */
static void insert(const struct history_view *view, const struct sign_in *sign_in)
{
    struct history_pool *pool = view->pool;
    struct history *history = view->history;

    if (history->end % HISTORY_CHUNK == 0) {
        history_add_chunk(pool, history);
        for (uint32_t w = 0; w < view->plan->window_count; w++)
            if (!view->counts[w].tail_chunk)
                view->counts[w].tail_chunk = history->newest;
    }
    uint32_t number = history->end++, chunk = history->newest;
    while (number != history->first) {
        uint32_t before = number % HISTORY_CHUNK == 0 ? pool->at[chunk].older : chunk;
        const struct sign_in *earlier = in_chunk(pool, before, number - 1);
        if (earlier->time <= sign_in->time)
            break;
        *in_chunk(pool, chunk, number) = *earlier;
        number--;
        chunk = before;
    }
    *in_chunk(pool, chunk, number) = *sign_in;
    pool->clients.at[sign_in->client].sign_ins++;
    /* What lies before a window moves its beginning on. */
    for (uint32_t w = 0; w < view->plan->window_count; w++)
        if (!in_window(view, w, sign_in->time))
            step_tail(pool, &view->counts[w]);
}

/* Lets the client seen last know of what history_append did. */
static void tell_client(struct history_pool *pool, struct history *history)
{
    struct client *client = &pool->clients.at[history->seen_last];
    const struct sign_in *newest = in_chunk(pool, history->newest, history->end - 1);

    client->time = newest->time;
    client->record = newest->record;
    client->behind = newest->behind;
    client->sign_ins = (uint32_t)((int32_t)client->sign_ins + history->unknown);
    history->unknown = 0;
}

void history_advance(const struct history_view *view)
{
    struct history_pool *pool = view->pool;
    struct history *history = view->history;

    if (history->first != history->end)
        tell_client(pool, history);
    history->quiet = 0;
    for (uint32_t w = 0; w < view->plan->window_count; w++) {
        struct history_count *count = &view->counts[w];
        while (count->tail != history->end &&
               !in_window(view, w, in_chunk(pool, count->tail_chunk, count->tail)->time))
            step_tail(pool, count);
        while (count->seen_tail && !in_window(view, w, pool->clients.at[count->seen_tail].time)) {
            count->seen_tail = pool->clients.at[count->seen_tail].newer;
            count->clients--;
        }
    }
    while (history->first != history->end &&
           in_chunk(pool, history->oldest, history->first)->time <= view->now - view->plan->longest)
        drop_oldest(view);
    trim_clients(view);
}

void history_add(const struct history_view *view, const struct sign_in *sign_in)
{
    struct history_pool *pool = view->pool;
    struct history *history = view->history;
    struct client *client = &pool->clients.at[sign_in->client];

    if (sign_in->time <= view->now - view->plan->longest) {
        if (!is_listed(history, client, sign_in->client))
            client_table_remove(&pool->clients, sign_in->client);
        return;
    }
    see(view, sign_in);
    uint32_t held = history->end - history->first;
    if (held < view->plan->kept ||
        in_chunk(pool, history->oldest, history->first)->time <= sign_in->time)
        insert(view, sign_in);
    if (history->end - history->first > view->plan->kept)
        drop_oldest(view);
    trim_clients(view);
}

/* When the first sign-in leaves the longest window that cannot wait for the rest of its chunk: that
 * of another client than the one seen last; else the last in the oldest chunk. */
static int64_t find_due(const struct history_view *view)
{
    const struct history *history = view->history;
    const struct sign_in *chunk = view->pool->at[history->oldest].at;
    uint32_t number = history->first;

    while (chunk[number % HISTORY_CHUNK].client == history->seen_last &&
           number % HISTORY_CHUNK != HISTORY_CHUNK - 1 && number + 1 != history->end)
        number++;
    return chunk[number % HISTORY_CHUNK].time + view->plan->longest;
}

void history_rest(const struct history_view *view, uint32_t quiet)
{
    struct history *history = view->history;
    const struct client *first = &view->pool->clients.at[history->seen_first];
    uint32_t room = view->plan->kept - (history->end - history->first);

    /* What is in no window has no place from which history_advance could go on counting. */
    for (uint32_t w = 0; w < view->plan->window_count; w++)
        if (view->counts[w].tail == history->end || !view->counts[w].seen_tail)
            return;
    history->quiet = (uint16_t)(quiet < room ? quiet : room);
    history->due = first->sign_ins > 0 ? find_due(view) : first->time + view->plan->longest;
}

/* Gives up the oldest chunk if that is all there is to do at due: it has left the longest window,
 * and with it every other, and nothing but sign-ins of the client seen last lies in it. */
static bool shed(const struct history_view *view)
{
    struct history_pool *pool = view->pool;
    struct history *history = view->history;
    const struct sign_in *chunk = pool->at[history->oldest].at;
    uint32_t shed_chunk = history->oldest;

    if (history->oldest == history->newest ||
        chunk[HISTORY_CHUNK - 1].time > view->now - view->plan->longest ||
        (history->seen_first != history->seen_last &&
         pool->clients.at[history->seen_first].sign_ins == 0))
        return false;
    for (uint32_t i = history->first % HISTORY_CHUNK; i < HISTORY_CHUNK; i++)
        if (chunk[i].client != history->seen_last)
            return false;
    uint32_t next = history->first - history->first % HISTORY_CHUNK + HISTORY_CHUNK;
    history->unknown = (int16_t)(history->unknown - (int16_t)(next - history->first));
    history->first = next;
    give_oldest_chunk(pool, history);
    for (uint32_t w = 0; w < view->plan->window_count; w++)
        if (view->counts[w].tail_chunk == shed_chunk) {
            view->counts[w].tail = next;
            view->counts[w].tail_chunk = history->oldest;
        }
    history->due = find_due(view);
    return true;
}

bool history_shed(const struct history_view *view)
{
    while (view->now >= view->history->due)
        if (!shed(view))
            return false;
    return true;
}

void history_clear(const struct history_view *view)
{
    struct history_pool *pool = view->pool;
    struct history *history = view->history;

    while (history->oldest)
        give_oldest_chunk(pool, history);
    for (uint32_t slot = history->seen_first, newer; slot; slot = newer) {
        newer = pool->clients.at[slot].newer;
        client_table_remove(&pool->clients, slot);
    }
    *history = (struct history){0};
    memset(view->counts, 0, view->plan->window_count * sizeof *view->counts);
}
