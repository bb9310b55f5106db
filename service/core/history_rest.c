/* Sign-ins that are added without a look at the windows. */
#include "history_parts.h"

/* When the first sign-in leaves the longest window that cannot wait for the rest of its chunk: that
 * of another client than the one seen last; else the last in the oldest chunk. */
static int64_t find_due(const struct history_view *view)
{
    const struct history *history = view->history;
    const struct history_trace *traces = view->pool->traces[history->oldest];
    uint32_t in_chunk = history->first % HISTORY_CHUNK, base = history->first - in_chunk;
    uint32_t last = ring_last_in_chunk(history, base);

    if (!history_is_of_one(history))
        for (uint32_t i = in_chunk; i < last; i++)
            if (traces[i].client != history->seen_last)
                last = i;
    return history_time(view->pool, (struct history_place){base + last, history->oldest}) +
           view->plan->longest;
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
    history->due = history_is_of_one(history) || first->sign_ins > 0
                       ? find_due(view)
                       : first->time + view->plan->longest;
}

/* Whether nothing but sign-ins of the client seen last lies in the oldest chunk, and no sighting is
 * held aside. */
static bool is_plain(const struct history_view *view)
{
    const struct history *history = view->history;
    const struct history_trace *traces = view->pool->traces[history->oldest];

    if (history_is_of_one(history))
        return true;
    if (view->pool->clients.at[history->seen_first].sign_ins == 0)
        return false;
    for (uint32_t i = history->first % HISTORY_CHUNK; i < HISTORY_CHUNK; i++)
        if (traces[i].client != history->seen_last)
            return false;
    return true;
}

/* Gives up the oldest chunk if that is all there is to do at due: it has left the longest window,
 * and with it every other. */
static bool shed(const struct history_view *view)
{
    struct history_pool *pool = view->pool;
    struct history *history = view->history;
    uint32_t chunk = history->oldest;
    uint32_t next = history->first - history->first % HISTORY_CHUNK + HISTORY_CHUNK;
    struct history_place last = {next - 1, chunk};

    if (chunk == history->newest || history_time(pool, last) > view->now - view->plan->longest ||
        !is_plain(view))
        return false;
    history->unknown = (int16_t)(history->unknown - (int16_t)(next - history->first));
    history->first = next;
    ring_give_oldest_chunk(pool, history);
    for (uint32_t w = 0; w < view->plan->window_count; w++)
        if (view->counts[w].tail_chunk == chunk) {
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
