#include "naive_guard.h"

#include <stdlib.h>
#include <string.h>

void naive_guard_init(struct naive_guard *guard, const struct guard_settings *settings)
{
    guard->settings = settings;
    guard->account_count = guard->client_count = guard->lock_count = 0;
    guard->started = guard->budget_told = false;
    guard->hindrance = FLAG_NOT;
    guard->uncorroborated = 0;
    guard->now = guard->offset = 0;
    guard->counters = (struct guard_counters){0};
}

static bool same_identity(const struct identity *a, const struct identity *b)
{
    if (a->sid_size || b->sid_size)
        return a->sid_size == b->sid_size && memcmp(a->sid, b->sid, a->sid_size) == 0;
    return text_equal_fold(a->name, b->name);
}

static struct naive_account *find(struct naive_guard *guard, const struct identity *identity)
{
    for (size_t i = 0; i < guard->account_count; i++)
        if (same_identity(&guard->accounts[i].identity, identity))
            return &guard->accounts[i];
    return NULL;
}

static struct naive_account *find_or_add(struct naive_guard *guard, const struct identity *identity,
                                         struct text name)
{
    struct naive_account *account = find(guard, identity);
    if (account)
        return account;
    if (guard->account_count == NAIVE_ACCOUNTS)
        abort();
    account = &guard->accounts[guard->account_count++];
    account->identity = *identity;
    account->name = name;
    account->hold = NAIVE_FREE;
    account->event_count = 0;
    return account;
}

static size_t client_number(struct naive_guard *guard, struct text name)
{
    for (size_t i = 0; i < guard->client_count; i++)
        if (text_equal_fold(guard->clients[i], name))
            return i;
    if (guard->client_count == NAIVE_CLIENTS)
        abort();
    guard->clients[guard->client_count] = name;
    return guard->client_count++;
}

static int64_t place_in_time(struct naive_guard *guard, int64_t time)
{
    if (!guard->started) {
        guard->started = true;
        guard->now = time;
    }
    if (time + guard->offset < guard->now - GUARD_LATENESS) {
        guard->offset = guard->now - time;
        guard->counters.clock_steps++;
    }
    if (time + guard->offset > guard->now)
        guard->now = time + guard->offset;
    return time + guard->offset;
}

static const struct limit_set *limits_for(const struct naive_guard *guard, struct text name)
{
    for (size_t i = 0; i < guard->settings->override_count; i++)
        if (account_name_matches(guard->settings->overrides[i].account, name))
            return &guard->settings->overrides[i].limits;
    return guard->settings->limits;
}

static bool is_exempt(const struct naive_guard *guard, struct text name)
{
    for (size_t i = 0; i < guard->settings->exempt_count; i++)
        if (account_name_matches(guard->settings->exempt[i], name))
            return true;
    return false;
}

uint32_t naive_guard_budget_left(const struct naive_guard *guard)
{
    uint32_t taken = 0;
    for (size_t i = 0; i < guard->lock_count; i++)
        taken += guard->locks[i] > guard->now - 3600;
    uint32_t all = guard->settings->max_locks_per_hour;
    return taken < all ? all - taken : 0;
}

/* Ends the holds that end by now. */
static void end_holds(struct naive_guard *guard)
{
    uint32_t left = naive_guard_budget_left(guard);
    for (size_t i = 0; i < guard->account_count; i++) {
        struct naive_account *account = &guard->accounts[i];
        uint32_t longest = limit_set_longest(limits_for(guard, account->identity.name));
        if ((account->hold == NAIVE_TIMED && guard->now >= account->held_at + longest) ||
            (account->hold == NAIVE_BUDGET && left > 0))
            account->hold = NAIVE_FREE;
    }
}

static void insert(struct naive_account *account, const struct naive_event *event)
{
    if (account->event_count == NAIVE_EVENTS)
        abort();
    size_t place = account->event_count++;
    for (; place > 0 && account->events[place - 1].place > event->place; place--)
        account->events[place] = account->events[place - 1];
    account->events[place] = *event;
}

/* What a limit counts: all events of the account in its window. */
static uint32_t count(const struct naive_guard *guard, const struct naive_account *account,
                      const struct limit *limit)
{
    bool seen[NAIVE_CLIENTS] = {false};
    uint32_t sign_ins = 0, clients = 0;
    for (size_t i = 0; i < account->event_count; i++) {
        const struct naive_event *event = &account->events[i];
        if (event->place <= guard->now - limit->window || event->place > guard->now)
            continue;
        sign_ins++;
        clients += !seen[event->client];
        seen[event->client] = true;
    }
    return limit->subject == LIMIT_CLIENTS ? clients : sign_ins;
}

/* Marks the events that are worth holding: the newest kept, and the last sightings of the newest
 * names. */
static void mark_held(const struct naive_account *account, const struct limit_set *limits,
                      bool held[NAIVE_EVENTS])
{
    uint32_t kept = HISTORY_KEPT_MIN, names = 0;
    for (uint32_t i = 0; i < limits->count; i++) {
        uint32_t *most = limits->limits[i].subject == LIMIT_CLIENTS ? &names : &kept;
        if (*most < limits->limits[i].count)
            *most = limits->limits[i].count;
    }
    bool seen[NAIVE_CLIENTS] = {false};
    uint32_t seen_count = 0;
    for (size_t back = 0; back < account->event_count; back++) {
        size_t i = account->event_count - 1 - back;
        size_t client = account->events[i].client;
        bool last = !seen[client];
        seen[client] = true;
        seen_count += last;
        held[i] = back < kept || (last && seen_count <= names);
    }
}

/* Puts the client with most sign-ins, of equals the one that came first, into the next place. */
static bool pick_top(const struct naive_guard *guard, struct verdict *verdict,
                     uint32_t tallies[NAIVE_CLIENTS], const size_t *order, size_t order_count)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < order_count; i++)
        if (tallies[order[i]] > 0 && (best == SIZE_MAX || tallies[order[i]] > tallies[best]))
            best = order[i];
    if (best == SIZE_MAX)
        return false;
    struct client_share *share = &verdict->top[verdict->top_count++];
    text_copy(share->name, CLIENT_SHOWN_MAX, guard->clients[best]);
    share->sign_ins = tallies[best];
    tallies[best] = 0;
    return true;
}

static void gather(const struct naive_guard *guard, const struct naive_account *account,
                   const struct limit_set *limits, const struct limit *limit,
                   struct verdict *verdict)
{
    bool held[NAIVE_EVENTS];
    uint32_t tallies[NAIVE_CLIENTS] = {0};
    size_t order[NAIVE_CLIENTS], order_count = 0;
    mark_held(account, limits, held);
    *verdict = (struct verdict){.limit = *limit};
    for (size_t i = 0; i < account->event_count; i++) {
        const struct naive_event *event = &account->events[i];
        if (!held[i] || event->place <= guard->now - limit->window)
            continue;
        if (verdict->sign_ins++ == 0) {
            verdict->first_record = event->event.record;
            verdict->first_time = event->event.time;
        }
        if (tallies[event->client]++ == 0)
            order[order_count++] = event->client;
    }
    verdict->clients = (uint32_t)order_count;
    verdict->count = limit->subject == LIMIT_CLIENTS ? verdict->clients : verdict->sign_ins;
    while (verdict->top_count < VERDICT_TOP_CLIENTS &&
           pick_top(guard, verdict, tallies, order, order_count))
        ;
    text_copy(verdict->account, ACCOUNT_SHOWN_MAX, account->name);
}

static void decide(struct naive_guard *guard, struct naive_account *account,
                   const struct identity *identity, struct verdict *verdict)
{
    const struct guard_settings *settings = guard->settings;
    account->hold = NAIVE_TIMED;
    account->held_at = guard->now;
    if (identity->kind == IDENTITY_UNRESOLVED) {
        verdict->flag = FLAG_UNRESOLVED;
    } else if (identity->kind == IDENTITY_MACHINE) {
        verdict->flag = FLAG_MACHINE;
    } else if (identity->kind == IDENTITY_PROTECTED) {
        verdict->flag = FLAG_PROTECTED;
    } else if (settings->flag_only) {
        verdict->flag = FLAG_ACTION;
    } else if (guard->hindrance != FLAG_NOT) {
        verdict->flag = guard->hindrance;
        account->hold = NAIVE_HINDERED;
    } else if (verdict->limit.window < guard->uncorroborated) {
        verdict->flag = FLAG_QUEUE;
        account->hold = NAIVE_QUEUE;
    } else if (naive_guard_budget_left(guard) == 0) {
        verdict->flag = FLAG_BUDGET;
        verdict->budget_spent = !guard->budget_told;
        guard->budget_told = true;
        account->hold = settings->max_locks_per_hour > 0 ? NAIVE_BUDGET : NAIVE_TIMED;
    } else {
        verdict->flag = FLAG_NOT;
        guard->locks[guard->lock_count++] = guard->now;
        guard->budget_told = false;
        guard->counters.locks++;
        account->hold = NAIVE_LOCKED;
    }
    guard->counters.verdicts++;
    verdict->kind = identity->kind;
    verdict->sid_size = identity->sid_size;
    memcpy(verdict->sid, identity->sid, identity->sid_size);
    text_copy(verdict->name, ACCOUNT_SHOWN_MAX, identity->name);
}

enum guard_outcome naive_guard_feed(struct naive_guard *guard, const struct relay_event *event,
                                    const struct identity *identity, struct verdict *verdict)
{
    struct naive_event entry = {.place = place_in_time(guard, event->time), .event = *event};
    guard->counters.events++;
    end_holds(guard);
    /* One that is exempt is known, too. */
    struct naive_account *account = find_or_add(guard, identity, event->account);
    if (is_exempt(guard, identity->name)) {
        guard->counters.exempt++;
        return GUARD_EXEMPT;
    }
    if (account->hold == NAIVE_LOCKED)
        return GUARD_HELD;
    entry.client = client_number(guard, event->client);
    insert(account, &entry);
    if (account->hold != NAIVE_FREE && account->hold != NAIVE_QUEUE)
        return GUARD_COUNTED;
    const struct limit_set *limits = limits_for(guard, identity->name);
    /* Those that the queue bears out first. */
    for (uint32_t turn = 0; turn < 2 * limits->count; turn++) {
        uint32_t i = turn % limits->count;
        bool borne_out = limits->limits[i].window >= guard->uncorroborated;
        if (turn < limits->count ? !borne_out : account->hold == NAIVE_QUEUE)
            continue;
        if (count(guard, account, &limits->limits[i]) < limits->limits[i].count)
            continue;
        gather(guard, account, limits, &limits->limits[i], verdict);
        verdict->last_record = event->record;
        verdict->last_time = event->time;
        decide(guard, account, identity, verdict);
        return GUARD_VERDICT;
    }
    return GUARD_COUNTED;
}

void naive_guard_hinder(struct naive_guard *guard, enum flag_reason reason)
{
    bool changed = reason != guard->hindrance;
    guard->hindrance = reason;
    for (size_t i = 0; i < guard->account_count && changed; i++)
        if (guard->accounts[i].hold == NAIVE_HINDERED)
            guard->accounts[i].hold = NAIVE_FREE;
}

void naive_guard_corroborate(struct naive_guard *guard, uint32_t window)
{
    bool more = window < guard->uncorroborated;
    guard->uncorroborated = window;
    for (size_t i = 0; i < guard->account_count && more; i++)
        if (guard->accounts[i].hold == NAIVE_QUEUE)
            guard->accounts[i].hold = NAIVE_FREE;
}

bool naive_guard_release(struct naive_guard *guard, const struct identity *identity)
{
    struct naive_account *account = find(guard, identity);
    if (!account)
        return false;
    *account = guard->accounts[--guard->account_count];
    return true;
}

void naive_guard_hold(struct naive_guard *guard, const struct identity *identity)
{
    find_or_add(guard, identity, identity->name)->hold = NAIVE_LOCKED;
}
