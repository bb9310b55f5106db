#include "guard_state.h"

/* Only the name that Windows gives an account counts here, never the spelling that somebody chose
 * when he signed in. */
static bool is_exempt(const struct guard *guard, struct text name)
{
    for (size_t i = 0; i < guard->settings.exempt_count; i++)
        if (account_name_matches(guard->exempt[i], name))
            return true;
    return false;
}

static uint16_t plan_for(const struct guard *guard, struct text name)
{
    size_t i = 0;
    while (i < guard->settings.override_count && !account_name_matches(guard->patterns[i], name))
        i++;
    return (uint16_t)(i < guard->settings.override_count ? i + 1 : 0);
}

/* The slot of an account that is met for the first time, or for the first time since it was held
 * without an event (slot then). 0 when there is no room; *exempt is written in any case. */
static uint32_t meet(struct guard *guard, uint32_t slot, uint64_t hash,
                     const struct relay_event *event, const struct identity *identity, bool *exempt)
{
    *exempt = is_exempt(guard, identity->name);
    /* An exempt account is remembered to save the matching, but nobody is forgotten for it. */
    if (!slot)
        slot = *exempt ? account_table_add(&guard->accounts, hash, identity, event->account)
                       : guard_admit(guard, hash, identity, event->account);
    if (!slot)
        return 0;
    struct account *account = &guard->accounts.at[slot];
    account->matched = true;
    account->exempt = *exempt;
    account->plan = *exempt ? 0 : plan_for(guard, identity->name);
    return slot;
}

void guard_rename(struct guard *guard, const struct identity *identity)
{
    uint64_t hash;
    uint32_t slot = account_table_find(&guard->accounts, identity, &guard->key, &hash);
    if (!slot || !guard->accounts.at[slot].matched)
        return;
    struct account *account = &guard->accounts.at[slot];
    struct history_view view = guard_view(guard, slot);
    account->exempt = is_exempt(guard, identity->name);
    uint16_t plan = account->exempt ? 0 : plan_for(guard, identity->name);
    if (account->exempt)
        history_clear(&view);
    if (plan != account->plan) {
        account->plan = plan;
        view = guard_view(guard, slot);
        history_recount(&view);
    }
}

/* Makes room for one more sign-in of an account. Among equally near ones the longest silent gives
 * way: if all were spared, none of them could ever cross. */
static bool make_room_for(struct guard *guard, uint32_t slot)
{
    uint32_t level = guard_level(guard, slot);
    return guard_make_room(guard, slot, level < GUARD_NEAR ? GUARD_NEAR : level + 1);
}

/* The client of a sign-in of the account, added if need be. 0: no room. */
static uint32_t client_for(struct guard *guard, uint32_t slot, uint64_t hash, struct text name)
{
    struct client_table *clients = &guard->pool.clients;
    const struct history *history = &guard->accounts.at[slot].history;
    /* Mostly it is the one that came last. */
    if (history->seen_last && history->seen_hash == hash)
        return history->seen_last;
    uint32_t client = client_table_find(clients, slot, hash);
    if (client)
        return client;
    do
        client = client_table_add(clients, slot, hash, name);
    while (!client && make_room_for(guard, slot));
    return client;
}

/* Adds the sign-in to its account's history, which was advanced. False: no room. */
static bool count_sign_in(struct guard *guard, const struct history_view *view, uint32_t slot,
                          int64_t time, uint64_t hash, const struct relay_event *event)
{
    while (!history_has_room(&guard->pool, view->history))
        if (!make_room_for(guard, slot))
            return false;
    uint32_t client = client_for(guard, slot, hash, event->client);
    if (!client)
        return false;
    const struct sign_in sign_in = {
        time, {event->record, guard_seconds_behind(time, event->time), client}};
    history_add(view, &sign_in);
    return true;
}

/* The first limit, of windows of so many seconds at least, that an account has crossed. */
static bool find_crossed(const struct history_view *view, uint32_t window, uint32_t *limit)
{
    const struct limit_set *limits = &view->plan->limits;
    for (uint32_t i = 0; i < limits->count; i++) {
        if (limits->limits[i].window >= window &&
            history_counted(view, i) >= limits->limits[i].count) {
            *limit = i;
            return true;
        }
    }
    return false;
}

/* Whether an account with a new sign-in has crossed a limit, and which: the first that the queue
 * bears out, else the first. One that is flagged for the queue has crossed none but the former. */
static bool has_crossed(const struct guard *guard, const struct history_view *view, bool flagged,
                        uint32_t *limit)
{
    return find_crossed(view, guard->uncorroborated, limit) ||
           (!flagged && find_crossed(view, 0, limit));
}

static enum guard_outcome lose(struct guard *guard)
{
    guard->counters.lost++;
    return GUARD_LOST;
}

/* The hash of the name of a client of the account. */
static uint64_t client_hash(const struct guard *guard, uint32_t slot, struct text name)
{
    const struct history *history = &guard->accounts.at[slot].history;
    const struct client *last = &guard->pool.clients.at[history->seen_last];
    /* Mostly it is the one that came last. */
    return history->seen_last && client_is_written(last, name) ? last->hash
                                                               : text_hash_fold(name, &guard->key);
}

/* Brings a place up to date: that of the account of a sign-in, met if need be, or slot 0 when there
 * is no room. */
static void find_place(struct guard *guard, const struct relay_event *event,
                       const struct identity *identity, struct guard_place *place, bool *exempt)
{
    struct account_table *accounts = &guard->accounts;
    uint64_t hash;
    uint32_t slot = account_table_find(accounts, identity, &guard->key, &hash);
    if (slot && accounts->at[slot].matched)
        *exempt = accounts->at[slot].exempt;
    else
        slot = meet(guard, slot, hash, event, identity, exempt);
    place->slot = slot;
    place->tenancy = accounts->at[slot].tenancy;
    place->client = client_hash(guard, slot, event->client);
}

/* Counts a sign-in of an account that is not exempt, and says whether it crossed a limit. */
static enum guard_outcome count(struct guard *guard, const struct relay_event *event,
                                const struct identity *identity, const struct guard_place *place,
                                int64_t time, struct verdict *verdict)
{
    uint32_t slot = place->slot, limit = 0;
    struct account *account = &guard->accounts.at[slot];
    if (account->hold == HOLD_LOCKED)
        return GUARD_HELD;
    struct history_view view = guard_view(guard, slot);
    history_advance(&view);
    if (!count_sign_in(guard, &view, slot, time, place->client, event)) {
        if (history_is_empty(&account->history) && account->hold == HOLD_NOT)
            guard_forget(guard, slot);
        return lose(guard);
    }
    uint32_t level = guard_level(guard, slot);
    account_table_warm(&guard->accounts, slot, level);
    bool flagged = guard_is_flagged(guard, slot);
    if (level < GUARD_LEVELS - 1 || (flagged && account->hold != HOLD_QUEUE)) {
        if (account->hold == HOLD_NOT)
            guard_rest(&view, level);
        return GUARD_COUNTED;
    }
    if (!has_crossed(guard, &view, flagged, &limit)) {
        if (!flagged) {
            account->hold = HOLD_NOT;
            guard_rest(&view, level);
        }
        return GUARD_COUNTED;
    }
    account->hold = HOLD_NOT;
    guard_decide(guard, slot, limit, event, identity, verdict);
    return GUARD_VERDICT;
}

/* Of a sign-in that was fed quietly. */
static enum guard_outcome quiet_outcome(const struct guard *guard, const struct guard_place *place)
{
    return guard->accounts.at[place->slot].hold == HOLD_LOCKED ? GUARD_HELD : GUARD_COUNTED;
}

enum guard_outcome guard_feed_at(struct guard *guard, const struct relay_event *event,
                                 const struct identity *identity, struct guard_place *place,
                                 struct verdict *verdict)
{
    bool exempt = false;
    if (guard_feed_quietly(guard, event->record, event->time, place))
        return quiet_outcome(guard, place);
    int64_t time = timeline_place(&guard->timeline, event->time);
    if (guard_is_there(guard, place)) {
        exempt = guard->accounts.at[place->slot].exempt;
    } else {
        find_place(guard, event, identity, place, &exempt);
        if (guard_feed_quietly(guard, event->record, event->time, place))
            return quiet_outcome(guard, place);
    }
    guard->counters.events++;
    if (exempt) {
        guard->counters.exempt++;
        return GUARD_EXEMPT;
    }
    if (!place->slot)
        return lose(guard);
    return count(guard, event, identity, place, time, verdict);
}

enum guard_outcome guard_feed(struct guard *guard, const struct relay_event *event,
                              const struct identity *identity, struct verdict *verdict)
{
    struct guard_place place = {0};
    return guard_feed_at(guard, event, identity, &place, verdict);
}

void guard_hinder(struct guard *guard, enum flag_reason reason)
{
    if (guard->hindrance != reason)
        guard->hindrances++;
    guard->hindrance = reason;
}

void guard_corroborate(struct guard *guard, uint32_t window)
{
    if (window < guard->uncorroborated)
        guard->corroborations++;
    guard->uncorroborated = window;
}

bool guard_reconsider(struct guard *guard, const struct relay_event *event,
                      const struct identity *identity, struct verdict *verdict)
{
    uint64_t hash;
    uint32_t limit, slot = account_table_find(&guard->accounts, identity, &guard->key, &hash);
    if (!slot || guard->accounts.at[slot].hold != HOLD_QUEUE || guard_is_flagged(guard, slot))
        return false;
    struct history_view view = guard_view(guard, slot);
    if (!has_crossed(guard, &view, false, &limit))
        return false;
    guard->counters.verdicts--;
    guard_decide(guard, slot, limit, event, identity, verdict);
    return true;
}

bool guard_release(struct guard *guard, const struct identity *identity)
{
    uint64_t hash;
    uint32_t slot = account_table_find(&guard->accounts, identity, &guard->key, &hash);
    if (!slot)
        return false;
    guard_forget(guard, slot);
    return true;
}

bool guard_hold(struct guard *guard, const struct identity *identity)
{
    uint64_t hash;
    uint32_t slot = account_table_find(&guard->accounts, identity, &guard->key, &hash);
    if (!slot)
        slot = guard_admit(guard, hash, identity, identity->name);
    if (!slot)
        return false;
    guard_lock(guard, slot);
    return true;
}

void guard_count(const struct guard *guard, struct guard_counters *counters)
{
    *counters = guard->counters;
    counters->clock_steps = guard->timeline.steps;
    counters->accounts = guard->accounts.slots.used;
    counters->budget_left = budget_left(&guard->budget, guard->timeline.now);
}
