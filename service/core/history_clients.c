/* The clients of an account in the order in which they were last seen. */
#include "history_parts.h"

/* ---- the list of clients -------------------------------------------------------------------- */

static void unlink_client(const struct history_view *view, uint32_t slot)
{
    struct client *clients = view->pool->clients.at, *client = &clients[slot];
    struct history *history = view->history;

    for (uint32_t w = 0; w < view->plan->window_count; w++) {
        struct history_count *count = &view->counts[w];
        count->clients -= history_in_window(view, w, client->time);
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
        if (!history_in_window(view, w, client->time))
            continue;
        count->clients++;
        if (count->seen_tail == newer)
            count->seen_tail = slot;
    }
}

bool history_has_client(const struct history *history, const struct client *client, uint32_t slot)
{
    return client->older || client->newer || history->seen_first == slot;
}

void history_see_client(const struct history_view *view, const struct sign_in *sign_in)
{
    struct client *client = &view->pool->clients.at[sign_in->trace.client];
    bool listed = history_has_client(view->history, client, sign_in->trace.client);

    if (listed && client->time > sign_in->time)
        return;
    if (listed)
        unlink_client(view, sign_in->trace.client);
    client->time = sign_in->time;
    client->record = sign_in->trace.record;
    client->behind = sign_in->trace.behind;
    link_client(view, sign_in->trace.client);
    view->history->seen_hash = view->pool->clients.at[view->history->seen_last].hash;
}

void history_trim_clients(const struct history_view *view)
{
    struct history *history = view->history;
    if (history_is_of_one(history))
        return;
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

void history_tell_client(const struct history_view *view)
{
    struct history_pool *pool = view->pool;
    struct history *history = view->history;
    struct client *client = &pool->clients.at[history->seen_last];

    if (history->first == history->end)
        return;
    const struct history_trace *newest = history_trace(pool, ring_newest(history));
    client->time = history_time(pool, ring_newest(history));
    client->record = newest->record;
    client->behind = newest->behind;
    client->sign_ins = (uint32_t)((int32_t)client->sign_ins + history->unknown);
    history->unknown = 0;
}
