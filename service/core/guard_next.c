/* The sign-ins of which nothing comes once the windows were looked at; for guard.h. */
#include "guard_state.h"

/* The level of a limit that counts so much, if it is above level; GUARD_LEVELS: it is crossed. */
static uint32_t raise(uint32_t level, uint32_t counted, uint32_t count)
{
    while (level < GUARD_LEVELS && counted * GUARD_LEVELS >= count * (level + 1))
        level++;
    return level;
}

/* The level that an account comes to with one more sign-in of the client seen last. Only windows
 * that could be what decides it are advanced: what the others count is no less than what they
 * should. */
static uint32_t level_with_next(const struct history_view *view)
{
    const struct limit_set *limits = &view->plan->limits;
    uint32_t level = 0;
    for (uint32_t i = 0; i < limits->count; i++) {
        /* It is one client more only in a window without any. */
        uint32_t clients = history_counted(view, i) > 0 ? history_counted(view, i) : 1;
        if (limits->limits[i].subject == LIMIT_CLIENTS)
            level = raise(level, clients, limits->limits[i].count);
    }
    for (uint32_t i = 0; i < limits->count; i++) {
        const struct limit *limit = &limits->limits[i];
        if (limit->subject == LIMIT_CLIENTS ||
            raise(level, history_counted(view, i) + 1, limit->count) == level)
            continue;
        history_advance_window(view, view->plan->window_of[i]);
        level = raise(level, history_counted(view, i) + 1, limit->count);
    }
    return level;
}

/* Counts a sign-in of the client seen last. False when there is more to it; what is counted has not
 * changed then. */
static bool count_next(struct guard *guard, uint32_t slot, const struct history_view *view,
                       uint64_t record, uint32_t behind)
{
    struct history *history = view->history;
    if (!history_is_of_one(history) || !history_shed(view))
        history_advance(view);
    uint32_t level = level_with_next(view);
    if (!history->seen_last || level == GUARD_LEVELS || !history_has_room(view->pool, history))
        return false;
    history_add(view, &(struct sign_in){view->now, {record, behind, history->seen_last}});
    account_table_warm(&guard->accounts, slot, level);
    guard_rest(view, level);
    return true;
}

bool guard_feed_next(struct guard *guard, uint32_t slot, uint64_t client, uint64_t record,
                     int64_t now, uint32_t behind)
{
    const struct account *account = &guard->accounts.at[slot];
    if (!slot || !account->matched || account->exempt)
        return false;
    guard->timeline.now = now;
    if (account->hold != HOLD_LOCKED) {
        struct history_view view = guard_view(guard, slot);
        if (account->hold != HOLD_NOT || view.history->seen_hash != client)
            return false;
        if (view.history->quiet > 0 && history_shed(&view) &&
            history_append(view.pool, view.history, now, record, behind))
            account_table_warm(&guard->accounts, slot, account->level);
        else if (!count_next(guard, slot, &view, record, behind))
            return false;
    }
    guard->counters.events++;
    return true;
}
