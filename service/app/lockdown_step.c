/* lockdown_step.c: see lockdown.h. What comes next. */
#include "lockdown_state.h"

enum { POSITION_PAUSE = 60000 /* ms between two positions put down */ };

struct choice {
    struct plan plan;
    uint64_t id;
};

static bool needs_restart(const struct plan *plan, const struct incident *incident)
{
    return plan->step == PLAN_RESTART ||
           (plan->step == PLAN_SERVICES && incident->services_done == 0);
}

/* The most urgent of what is due; when nothing is, what is due first. */
static struct choice choose(struct lockdown *lockdown, int64_t now)
{
    const struct incident_book *book = &lockdown->store.book;
    struct choice choice = {{PLAN_NOTHING, INT64_MAX}, 0};
    int64_t restart_at = now;
    bool may_restart = true, asked = false;
    for (uint32_t i = 0; i < book->count; i++) {
        const struct incident *incident = &book->incidents[i];
        struct plan plan = incident_plan(incident, &lockdown->policy, lockdown->mode, now);
        lockdown_await_reading(lockdown, &plan, now);
        if (plan.at <= now && needs_restart(&plan, incident)) {
            if (!asked)
                may_restart = lockdown_may_restart(lockdown, now, &restart_at);
            asked = true;
            if (!may_restart)
                plan.at = restart_at;
        }
        bool better = plan.at <= now && choice.plan.at <= now ? plan.step < choice.plan.step
                                                              : plan.at < choice.plan.at;
        if (better)
            choice = (struct choice){plan, incident->id};
    }
    return choice;
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
    bool was_open = lockdown->store.open;
    bool open = lockdown_open(lockdown);
    *wait = INFINITE;
    /* A restart that was begun is finished whether or not the disk takes it. */
    if (lockdown_finish_restart(lockdown))
        return true;
    if (!open) {
        *wait = incident_store_wait(&lockdown->store);
        return false;
    }
    if (!was_open || lockdown_note_restarted(lockdown))
        return true;
    int64_t now = lockdown_now(lockdown);
    struct choice choice = choose(lockdown, now);
    if (choice.plan.at <= now) {
        run(lockdown, &choice);
        return true;
    }
    *wait = until(now, choice.plan.at);
    if (lockdown->restart_look_at > now)
        *wait = shorter(*wait, until(now, lockdown->restart_look_at));
    return put_the_rest(lockdown, now, wait);
}
