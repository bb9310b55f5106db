/* The sign-ins that nothing comes of; for guard.h. */
#include "bytes.h"
#include "guard_state.h"

/* Where the next sign-in goes, and what may be let go before it. The account itself is waited for
 * here, but for many at a time. */
void guard_expect(const struct guard *guard, const struct guard_place *place)
{
    const struct history *history = &guard->accounts.at[place->slot].history;
    bytes_expect(&guard->pool.at[history->newest]);
    bytes_expect(&guard->pool.traces[history->newest]);
    bytes_expect(&guard->pool.at[history->oldest]);
}

/* Without a frame of its own, and without a call but for what is rare. */
bool guard_feed_quietly(struct guard *guard, uint64_t record, int64_t time,
                        const struct guard_place *place)
{
    uint32_t slot = place->slot;
    struct account *account = &guard->accounts.at[slot];
    struct history *history = &account->history;
    int64_t now;
    if (account->tenancy != place->tenancy || !timeline_goes_on(&guard->timeline, time, &now))
        return false;
    uint32_t behind = guard_seconds_behind(now, time);
    /* An account that is held, exempt or not met never rests. */
    if (history->quiet == 0 || history->seen_hash != place->client || now >= history->due ||
        !history_append(&guard->pool, history, now, record, behind))
        return guard_feed_next(guard, slot, place->client, record, now, behind);
    account_table_warm(&guard->accounts, slot, account->level);
    guard->timeline.now = now;
    guard->counters.events++;
    return true;
}
