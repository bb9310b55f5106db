/* How near an account is to its limits, for guard.h. */
#include "guard_state.h"

uint32_t guard_nearness(const struct limit *limit, uint32_t counted)
{
    bool one_client = limit->subject == LIMIT_CLIENTS && counted == 1;

    return one_client ? 0 : (uint32_t)((uint64_t)counted * GUARD_NEARNESS / limit->count);
}

bool guard_nearest(struct guard *guard, const struct identity *identity, struct limit *limit,
                   uint32_t *counted)
{
    uint64_t hash;
    uint32_t slot = account_table_find(&guard->accounts, identity, &guard->key, &hash);

    if (slot == 0 || history_is_empty(&guard->accounts.at[slot].history)) {
        return false;
    }
    struct history_view view = guard_view(guard, slot);
    const struct limit_set *limits = &view.plan->limits;
    uint32_t nearest = 0, best = 0;

    history_advance(&view);
    for (uint32_t i = 0; i < limits->count; i++) {
        uint32_t nearness = guard_nearness(&limits->limits[i], history_counted(&view, i));

        if (nearness > best) {
            nearest = i;
            best = nearness;
        }
    }
    *limit = limits->limits[nearest];
    *counted = history_counted(&view, nearest);
    return true;
}
