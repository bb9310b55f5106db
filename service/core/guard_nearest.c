/* How near an account is to its limits, for guard.h. */
#include "guard_state.h"

uint32_t guard_nearness(const struct limit *limit, uint32_t counted)
{
    bool one_client = limit->subject == LIMIT_CLIENTS && counted == 1;

    return one_client ? 0 : (uint32_t)((uint64_t)counted * GUARD_NEARNESS / limit->count);
}

/* Brings the windows up to now, and leaves what history_append may do as it is: counts only become
 * less by that. But what is in no window has no place from which counting could go on. */
static void look(const struct history_view *view)
{
    uint16_t quiet = view->history->quiet;

    history_advance(view);
    for (uint32_t i = 0; i < view->plan->window_count; i++) {
        if (view->counts[i].tail == view->history->end) {
            return;
        }
    }
    view->history->quiet = quiet;
}

bool guard_nearest(struct guard *guard, const struct guard_place *place, struct limit *limit,
                   uint32_t *counted)
{
    const struct account *account = &guard->accounts.at[place->slot];

    if (account->tenancy != place->tenancy || history_is_empty(&account->history)) {
        return false;
    }
    struct history_view view = guard_view(guard, place->slot);
    const struct limit_set *limits = &view.plan->limits;
    uint32_t nearest = 0, best = 0;

    look(&view);
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
