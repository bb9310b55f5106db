#include "guard_state.h"

#include <string.h>

/* Keeps the clients with most sign-ins, of equals the one that came first. */
static void rank(struct verdict *verdict, const struct client *client)
{
    uint32_t place = verdict->top_count;
    while (place > 0 && verdict->top[place - 1].sign_ins < client->tally)
        place--;
    if (place == VERDICT_TOP_CLIENTS)
        return;
    if (verdict->top_count < VERDICT_TOP_CLIENTS)
        verdict->top_count++;
    memmove(&verdict->top[place + 1], &verdict->top[place],
            (verdict->top_count - 1 - place) * sizeof verdict->top[0]);
    verdict->top[place].sign_ins = client->tally;
    memcpy(verdict->top[place].name, client->name, sizeof client->name);
}

/* Ranks the clients of what is held in a window: the sightings held aside, which are older than all
 * in the ring, then those in the ring. Returns how many sign-ins that is. */
static uint32_t gather_clients(const struct history_view *view, const struct history_count *count,
                               struct verdict *verdict)
{
    struct history_pool *pool = view->pool;
    struct client *clients = pool->clients.at;
    const uint32_t end = view->history->end;
    uint32_t sign_ins = end - count->tail;
    struct history_place at;

    for (uint32_t slot = count->seen_tail; slot; slot = clients[slot].newer)
        clients[slot].tally = 0;
    for (at = history_tail(count); at.number != end; history_step(pool, &at))
        clients[history_trace(pool, at)->client].tally++;
    for (uint32_t slot = count->seen_tail; slot && clients[slot].sign_ins == 0;
         slot = clients[slot].newer) {
        clients[slot].tally = 1;
        rank(verdict, &clients[slot]);
        sign_ins++;
    }
    for (at = history_tail(count); at.number != end; history_step(pool, &at)) {
        struct client *client = &clients[history_trace(pool, at)->client];
        if (client->tally > 0)
            rank(verdict, client);
        client->tally = 0;
    }
    return sign_ins;
}

/* The evidence: what crossed the limit. */
static void gather(struct guard *guard, uint32_t slot, uint32_t limit, struct verdict *verdict)
{
    const struct account_person *person = &guard->accounts.person[slot];
    struct history_view view = guard_view(guard, slot);
    history_tell_client(&view);
    const struct history_count *count = &view.counts[view.plan->window_of[limit]];
    const struct client *seen = &guard->pool.clients.at[count->seen_tail];

    *verdict =
        (struct verdict){.limit = view.plan->limits.limits[limit], .clients = count->clients};
    verdict->sign_ins = gather_clients(&view, count, verdict);
    verdict->count = verdict->limit.subject == LIMIT_CLIENTS ? verdict->clients : verdict->sign_ins;
    if (seen->sign_ins == 0) {
        verdict->first_record = seen->record;
        verdict->first_time = seen->time - seen->behind;
    } else {
        const struct history_trace *first = history_trace(&guard->pool, history_tail(count));
        verdict->first_record = first->record;
        verdict->first_time = history_time(&guard->pool, history_tail(count)) - first->behind;
    }
    memcpy(verdict->account, person->name, sizeof verdict->account);
}

/* The first reason that applies; asks the budget only when no other does. */
static enum flag_reason judge(struct guard *guard, enum identity_kind kind,
                              const struct limit *limit, bool *budget_spent)
{
    if (kind == IDENTITY_UNRESOLVED)
        return FLAG_UNRESOLVED;
    if (kind == IDENTITY_MACHINE)
        return FLAG_MACHINE;
    if (kind == IDENTITY_PROTECTED)
        return FLAG_PROTECTED;
    if (guard->settings.flag_only)
        return FLAG_ACTION;
    if (guard->hindrance != FLAG_NOT)
        return guard->hindrance;
    if (limit->window < guard->uncorroborated)
        return FLAG_QUEUE;
    return budget_take(&guard->budget, guard->timeline.now, budget_spent) ? FLAG_NOT : FLAG_BUDGET;
}

/* A budget of none never has room again: then a flag is as any other. */
static void hold(struct guard *guard, uint32_t slot, enum flag_reason flag)
{
    struct account *account = &guard->accounts.at[slot];
    int64_t *until = &guard->accounts.person[slot].hold_until;
    if (flag == FLAG_NOT) {
        guard_lock(guard, slot);
    } else if (flag == FLAG_OBSERVE || flag == FLAG_STORE) {
        account->hold = HOLD_HINDERED;
        *until = guard->hindrances;
    } else if (flag == FLAG_QUEUE) {
        account->hold = HOLD_QUEUE;
        *until = guard->corroborations;
    } else if (flag == FLAG_BUDGET && guard->budget.per_hour > 0) {
        account->hold = HOLD_BUDGET;
        *until = (int64_t)guard->budget.taken;
    } else {
        account->hold = HOLD_WINDOW;
        *until = guard->timeline.now + guard->plans[account->plan].longest;
    }
}

void guard_decide(struct guard *guard, uint32_t slot, uint32_t limit,
                  const struct relay_event *event, const struct identity *identity,
                  struct verdict *verdict)
{
    gather(guard, slot, limit, verdict);
    verdict->last_record = event->record;
    verdict->last_time = event->time;
    verdict->kind = identity->kind;
    verdict->sid_size = guard->accounts.at[slot].sid_size;
    memcpy(verdict->sid, guard->accounts.person[slot].sid, verdict->sid_size);
    text_copy(verdict->name, ACCOUNT_SHOWN_MAX, identity->name);
    verdict->flag = judge(guard, identity->kind, &verdict->limit, &verdict->budget_spent);
    hold(guard, slot, verdict->flag);
    guard->counters.verdicts++;
    guard->counters.locks += verdict->flag == FLAG_NOT;
}
