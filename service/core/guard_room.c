#include "guard_state.h"

bool guard_is_flagged(const struct guard *guard, uint32_t slot)
{
    int64_t hold_until = guard->accounts.person[slot].hold_until;
    switch (guard->accounts.at[slot].hold) {
    case HOLD_WINDOW:
        return guard->timeline.now < hold_until;
    case HOLD_BUDGET:
        /* A lock taken since then means that there was room in between. */
        return (int64_t)guard->budget.taken == hold_until &&
               budget_left(&guard->budget, guard->timeline.now) == 0;
    case HOLD_HINDERED:
        return guard->hindrances == hold_until;
    case HOLD_QUEUE:
        return guard->corroborations == hold_until;
    default:
        return false;
    }
}

uint32_t guard_counted_level(const struct history_view *view)
{
    uint32_t level = 0;
    for (uint32_t i = 0; i < view->plan->limits.count; i++) {
        uint32_t counted = history_counted(view, i) * GUARD_LEVELS;
        uint32_t count = view->plan->limits.limits[i].count;
        while (level < GUARD_LEVELS - 1 && counted >= count * (level + 1))
            level++;
    }
    return level;
}

uint32_t guard_level(struct guard *guard, uint32_t slot)
{
    const struct account *account = &guard->accounts.at[slot];
    if (account->hold != HOLD_NOT && guard_is_flagged(guard, slot))
        return GUARD_LEVELS - 1;
    struct history_view view = guard_view(guard, slot);
    return guard_counted_level(&view);
}

void guard_rest(const struct history_view *view, uint32_t level)
{
    uint32_t quiet = UINT32_MAX;
    for (uint32_t i = 0; i < view->plan->limits.count; i++) {
        const struct limit *limit = &view->plan->limits.limits[i];
        /* A client that was seen last adds no client. */
        if (limit->subject == LIMIT_CLIENTS)
            continue;
        uint32_t next = (limit->count * (level + 1) + GUARD_LEVELS - 1) / GUARD_LEVELS;
        uint32_t left = next - history_counted(view, i) - 1;
        if (quiet > left)
            quiet = left;
    }
    history_rest(view, quiet);
}

void guard_forget(struct guard *guard, uint32_t slot)
{
    struct history_view view = guard_view(guard, slot);
    history_clear(&view);
    account_table_remove(&guard->accounts, slot);
}

void guard_lock(struct guard *guard, uint32_t slot)
{
    struct history_view view = guard_view(guard, slot);
    history_clear(&view);
    guard->accounts.at[slot].hold = HOLD_LOCKED;
    account_table_warm(&guard->accounts, slot, ACCOUNT_LOCKED);
}

/* Levels are those of the last time that an account was counted; it may be lower by now. Lets the
 * longest silent ones of each level come down to where they are now; a few at a time, so that no
 * single event pays for all. */
static void settle(struct guard *guard)
{
    enum { EACH = 4 };
    struct account_table *accounts = &guard->accounts;
    for (uint32_t level = 1; level < GUARD_LEVELS; level++) {
        for (int i = 0; i < EACH; i++) {
            uint32_t slot = account_table_coldest(accounts, level);
            if (!slot)
                break;
            struct history_view view = guard_view(guard, slot);
            history_advance(&view);
            uint32_t now = guard_level(guard, slot);
            if (now >= level)
                break;
            account_table_cool(accounts, slot, now);
        }
    }
}

/* The longest silent account in the list of level that may be forgotten; 0 if none of the first few
 * may. */
static uint32_t victim(const struct guard *guard, uint32_t level, uint32_t spare)
{
    enum { TRIES = 8 };
    const struct account_table *accounts = &guard->accounts;
    uint32_t slot = account_table_coldest(accounts, level);
    for (int i = 0; i < TRIES && slot; i++, slot = account_table_warmer(accounts, slot))
        if (slot != spare && !guard_is_flagged(guard, slot))
            return slot;
    return 0;
}

bool guard_make_room(struct guard *guard, uint32_t spare, uint32_t below)
{
    settle(guard);
    for (uint32_t level = 0; level < below; level++) {
        uint32_t slot = victim(guard, level, spare);
        if (!slot)
            continue;
        struct history_view view = guard_view(guard, slot);
        history_advance(&view);
        guard->counters.lost += !history_is_empty(view.history);
        guard_forget(guard, slot);
        return true;
    }
    return false;
}

uint32_t guard_admit(struct guard *guard, uint64_t hash, const struct identity *identity,
                     struct text name)
{
    uint32_t slot = account_table_add(&guard->accounts, hash, identity, name);
    if (!slot && guard_make_room(guard, 0, GUARD_NEAR))
        slot = account_table_add(&guard->accounts, hash, identity, name);
    return slot;
}
