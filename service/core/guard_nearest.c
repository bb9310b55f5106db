/* How near an account is to its limits, for guard.h. */
#include "guard_state.h"

bool guard_nearest(struct guard *guard, const struct identity *identity, struct limit *limit,
                   uint32_t *counted)
{
    uint64_t hash;
    uint32_t slot = account_table_find(&guard->accounts, identity, &guard->key, &hash);

    if (slot == 0 || guard->accounts.at[slot].history.newest == 0) {
        return false;
    }
    struct history_view view = guard_view(guard, slot);
    const struct limit_set *limits = &view.plan->limits;
    uint32_t nearest = 0, most = history_counted(&view, 0);

    for (uint32_t i = 1; i < limits->count; i++) {
        uint32_t count = history_counted(&view, i);

        if ((uint64_t)count * limits->limits[nearest].count >
            (uint64_t)most * limits->limits[i].count) {
            nearest = i;
            most = count;
        }
    }
    *limit = limits->limits[nearest];
    *counted = most;
    return true;
}
