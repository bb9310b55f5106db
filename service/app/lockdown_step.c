/* lockdown_step.c: see lockdown.h. What comes next. */
#include <limits.h>
#include "lockdown_state.h"

enum { POSITION_PAUSE = 60000 /* ms between two positions put down */ };

struct choice {
    struct plan plan;
    uint64_t id;
    int rank; /* the more urgent is less */
};

/* The best of what is due, in two classes; and what is due first when nothing is. */
struct choices {
    struct choice first;  /* the most urgent of what was not tried before */
    struct choice again;  /* of what was tried, and failed: what has been due for longest */
    struct choice coming; /* not due */
};

static const struct choice none = {{PLAN_NOTHING, INT64_MAX}, 0, INT_MAX};

/* As plan_step says; but a look at an account that goes on signing in comes again and again, and so
 * after all else. */
static int rank_of(const struct plan *plan, const struct incident *incident)
{
    bool repeated = plan->step == PLAN_LOOK && incident->escalation != ESCALATION_NONE;
    return repeated ? PLAN_NOTHING : (int)plan->step;
}

static bool is_retry(const struct plan *plan, const struct incident *incident)
{
    return incident->retry.tries > 0 && (plan->step == PLAN_LOCK || plan->step == PLAN_RESTART ||
                                         plan->step == PLAN_SERVICES || plan->step == PLAN_RELEASE);
}

static void sort_in(struct choices *choices, const struct plan *plan,
                    const struct incident *incident, int64_t now)
{
    struct choice choice = {*plan, incident->id, rank_of(plan, incident)};
    if (plan->at > now) {
        if (plan->at < choices->coming.plan.at)
            choices->coming = choice;
    } else if (is_retry(plan, incident)) {
        if (plan->at < choices->again.plan.at)
            choices->again = choice;
    } else if (choice.rank < choices->first.rank) {
        choices->first = choice;
    }
}

/* Of what is due. Locks and restarts that were not tried yet go before all; of the rest what was
 * tried takes turns with what was not, so that controllers that do not answer hold up nothing for
 * ever. */
static struct choice pick(struct lockdown *lockdown, const struct choices *choices)
{
    const struct choice *first = &choices->first, *again = &choices->again;
    bool any_first = first->id != 0, any_again = again->id != 0;
    if (!any_first && !any_again)
        return choices->coming;
    bool urgent = first->plan.step <= PLAN_RESTART;
    bool take_again = any_again && !urgent && !(any_first && lockdown->took_again);
    lockdown->took_again = take_again;
    return take_again ? *again : *first;
}

static struct choice choose(struct lockdown *lockdown, int64_t now)
{
    const struct incident_book *book = &lockdown->store.book;
    struct choices choices = {none, none, none};
    int64_t restart_at = 0, at;
    bool asked = false;
    for (uint32_t i = 0; i < book->count; i++) {
        const struct incident *incident = &book->incidents[i];
        struct plan plan =
            incident_plan(incident, &lockdown->policy, lockdown->mode, now, restart_at);
        if (!asked && plan.at <= now && incident_needs_restart(incident, &plan)) {
            asked = true;
            if (!lockdown_may_restart(lockdown, now, &at))
                restart_at = at;
            plan = incident_plan(incident, &lockdown->policy, lockdown->mode, now, restart_at);
        }
        lockdown_await_reading(lockdown, &plan, now);
        sort_in(&choices, &plan, incident, now);
    }
    return pick(lockdown, &choices);
}

static void run(struct lockdown *lockdown, const struct choice *choice)
{
    struct incident incident = *incident_book_find(&lockdown->store.book, choice->id);
    switch (choice->plan.step) {
    case PLAN_LOCK:
        lockdown_step_lock(lockdown, &incident);
        break;
    case PLAN_RESTART:
        lockdown_step_restart(lockdown);
        break;
    case PLAN_SKIP_RESTART:
        lockdown_step_skip_restart(lockdown, &incident);
        break;
    case PLAN_LOOK:
        lockdown_step_look(lockdown, &incident);
        break;
    case PLAN_SERVICES:
        lockdown_step_services(lockdown, &incident);
        break;
    case PLAN_RELEASE:
        lockdown_step_release(lockdown, &incident);
        break;
    case PLAN_RELEASE_BY_TIME:
        lockdown_step_release_by_time(lockdown, &incident);
        break;
    case PLAN_MARK:
        lockdown_step_mark(lockdown, &incident);
        break;
    case PLAN_CONTAIN:
        lockdown_step_contain(lockdown, &incident);
        break;
    case PLAN_NOTHING:
        break;
    }
}

uint64_t lockdown_next_lock(struct lockdown *lockdown)
{
    const struct incident_book *book = &lockdown->store.book;
    struct choices choices = {none, none, none};
    int64_t now = lockdown_now(lockdown);
    for (uint32_t i = 0; lockdown->store.open && i < book->count; i++) {
        const struct incident *incident = &book->incidents[i];
        struct plan plan = incident_plan(incident, &lockdown->policy, lockdown->mode, now, now);
        if (plan.step == PLAN_LOCK)
            sort_in(&choices, &plan, incident, now);
    }
    return choices.first.id != 0 ? choices.first.id : choices.again.id;
}

static DWORD until(int64_t now, int64_t at)
{
    int64_t left = at > now ? at - now : 0;
    return left < INFINITE ? (DWORD)left : INFINITE;
}

static DWORD shorter(DWORD a, DWORD b)
{
    return a < b ? a : b;
}

/* What is put down beside incidents. */
static bool put_the_rest(struct lockdown *lockdown, int64_t now, DWORD *wait)
{
    if (lockdown->outlook_moved) {
        lockdown_put_outlook(lockdown);
        return true;
    }
    if (!lockdown->position_moved)
        return false;
    DWORD left = until(now, lockdown->position_at + POSITION_PAUSE);
    if (left == 0)
        lockdown_put_position(lockdown, false);
    *wait = shorter(*wait, left);
    return left == 0;
}

bool lockdown_step(struct lockdown *lockdown, DWORD *wait)
{
    if (lockdown_await_aside(lockdown))
        return true;
    bool was_open = lockdown->store.open;
    bool open = lockdown_open(lockdown);
    *wait = INFINITE;
    /* A restart that was begun is finished whether or not the disk takes it; by the service, which
     * may wait for SMTP as long as it takes. */
    if (lockdown->mode != RESPONSE_RELEASE && lockdown_finish_restart(lockdown))
        return true;
    if (!open) {
        *wait = incident_store_wait(&lockdown->store);
        return false;
    }
    if (!was_open || lockdown_note_restarted(lockdown))
        return true;
    if (!lockdown->quarantine_looked_at && lockdown->mode != RESPONSE_RELEASE) {
        lockdown->quarantine_looked_at = true;
        lockdown_finish_quarantine(lockdown);
        return true;
    }
    int64_t now = lockdown_now(lockdown);
    struct choice choice = choose(lockdown, now);
    bool due = choice.plan.at <= now;
    if (lockdown->quarantine && !(due && choice.plan.step <= PLAN_RESTART)) {
        lockdown_step_quarantine(lockdown);
        return true;
    }
    if (due) {
        run(lockdown, &choice);
        return true;
    }
    *wait = until(now, choice.plan.at);
    if (lockdown->restart_look_at > now)
        *wait = shorter(*wait, until(now, lockdown->restart_look_at));
    return put_the_rest(lockdown, now, wait);
}
