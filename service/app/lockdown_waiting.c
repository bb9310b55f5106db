/* lockdown_waiting.c: see lockdown.h. The incidents that wait for a restart of SMTP. */
#include "lockdown_restart.h"

bool lockdown_may_restart(struct lockdown *lockdown, int64_t now, int64_t *at)
{
    struct restart_plan plan = restart_plan(&lockdown->store.book.restart, &lockdown->policy, now);
    if (!lockdown->caught_up && now < lockdown->restarts_from) {
        *at = lockdown->restarts_from;
        return false;
    }
    *at = plan.at;
    if (plan.wait == RESTART_MAY_BEGIN)
        return true;
    if (!lockdown->restart_announced)
        report_restart_waits(&lockdown->policy, plan.wait, plan.at - now);
    lockdown->restart_announced = true;
    return false;
}

/* It is watched from then on. */
static void note_restarted(struct incident *incident, int64_t at)
{
    incident->state = INCIDENT_RESTARTED;
    incident->retry = (struct incident_retry){0};
    incident->restarted_at = at;
}

bool lockdown_note_restarted(struct lockdown *lockdown)
{
    struct incident_book *book = &lockdown->store.book;
    const struct restart_record *record = &book->restart;
    if (record->phase != RESTART_NONE || record->recent_count == 0)
        return false;
    for (uint32_t i = 0; i < book->count; i++) {
        struct incident incident = book->incidents[i];
        if (!incident_restarted_by(&incident, record->begun_at))
            continue;
        note_restarted(&incident, record->recent[record->recent_count - 1]);
        incident.restarted_wall = lockdown_wall();
        incident.figures.smtp_down += lockdown->restart_down;
        lockdown_put(lockdown, &incident);
        return true;
    }
    return false;
}

void lockdown_step_skip_restart(struct lockdown *lockdown, struct incident *incident)
{
    note_restarted(incident, lockdown_now(lockdown));
    lockdown_put(lockdown, incident);
}

/* It need not be restarted for any of them. */
static void skip_restarts(struct lockdown *lockdown)
{
    struct incident_book *book = &lockdown->store.book;
    for (uint32_t i = 0; lockdown->store.open && i < book->count; i++) {
        struct incident incident = book->incidents[i];
        if (incident.state == INCIDENT_LOCKED)
            lockdown_step_skip_restart(lockdown, &incident);
    }
}

static bool is_told(const struct incident_book *book)
{
    for (uint32_t i = 0; i < book->count; i++)
        if (book->incidents[i].state == INCIDENT_LOCKED && book->incidents[i].retry.told)
            return true;
    return false;
}

/* It failed for all of them: told the first time in a row, and when it is given up. */
static void retry_restart(struct lockdown *lockdown, const struct smtp_outcome *outcome)
{
    const char16_t *service = lockdown->policy.smtp_service;
    struct incident_book *book = &lockdown->store.book;
    int64_t now = lockdown_now(lockdown);
    bool told = is_told(book), over_told = false;
    if (!told)
        report_restart_failed(service, outcome);
    for (uint32_t i = 0; lockdown->store.open && i < book->count; i++) {
        struct incident incident = book->incidents[i];
        if (incident.state != INCIDENT_LOCKED)
            continue;
        incident_retry_failed(&incident.retry, outcome->error, now);
        incident.retry.told = true;
        if (incident_retry_is_over(&incident.retry, &lockdown->policy, now)) {
            if (told && !over_told)
                report_restart_failed(service, outcome);
            over_told = true;
            note_restarted(&incident, now);
        }
        lockdown_put(lockdown, &incident);
    }
}

/* ---- their restart -------------------------------------------------------------------------- */

/* A restart that ended as if somebody else had SMTP in hand, while an order to stop of an earlier
 * process may have been on its way: it was that one. */
static bool was_our_order(struct lockdown *lockdown, enum smtp_result result, bool looked_at)
{
    if (!looked_at || lockdown->restart_left.tries > 0 ||
        (result != SMTP_NOT_RUNNING && result != SMTP_OPERATOR))
        return false;
    lockdown->restart_look_at = lockdown_now(lockdown);
    return true;
}

/* Somebody else started SMTP before their messages could be moved out: another restart follows, for
 * as long as any step is tried. */
static void repeat_restart(struct lockdown *lockdown)
{
    struct incident_book *book = &lockdown->store.book;
    int64_t now = lockdown_now(lockdown);
    for (uint32_t i = 0; lockdown->store.open && i < book->count; i++) {
        struct incident incident = book->incidents[i];
        if (incident.state != INCIDENT_LOCKED)
            continue;
        incident_retry_failed(&incident.retry, ERROR_SERVICE_ALREADY_RUNNING, now);
        if (incident_retry_is_over(&incident.retry, &lockdown->policy, now))
            note_restarted(&incident, now);
        lockdown_put(lockdown, &incident);
    }
}

static void note_done(struct lockdown_restart *restart, bool repeat)
{
    struct lockdown *lockdown = restart->lockdown;
    report_restart(restart->steps.service, &restart->outcome,
                   repeat ? 0 : lockdown_restart_accounts(restart));
    lockdown->restart_announced = false;
    lockdown_restart_put_done(restart, !repeat);
    if (repeat)
        repeat_restart(lockdown);
}

static void move_out(void *quarantine)
{
    lockdown_run_quarantine(quarantine);
}

void lockdown_step_restart(struct lockdown *lockdown)
{
    struct lockdown_restart restart;
    const struct smtp_outcome *outcome = &restart.outcome;
    const char16_t *service = lockdown->policy.smtp_service;
    bool looked_at = lockdown->restart_look_at != 0;
    struct lock_quarantine *quarantine = lockdown_prepare_quarantine(lockdown);
    lockdown_restart_run(&restart, lockdown, service, quarantine ? move_out : NULL, quarantine);
    bool kept =
        lockdown_restart_is_left(&restart) || was_our_order(lockdown, outcome->result, looked_at);
    if (quarantine && !kept && outcome->result == SMTP_NOT_RUNNING)
        lockdown_run_quarantine(quarantine);
    bool missed = quarantine && !restart.worked;
    lockdown_end_quarantine(quarantine);
    if (kept)
        return;
    switch (outcome->result) {
    case SMTP_RESTARTED:
    case SMTP_DEPENDENT_LEFT:
        note_done(&restart, missed);
        break;
    case SMTP_NOT_RUNNING:
        report_restart(service, outcome, 0);
        lockdown_restart_put_not_done(&restart);
        skip_restarts(lockdown);
        break;
    case SMTP_STOP_TIMEOUT: /* the order was lost, or comes late */
        lockdown_restart_look_again(&restart);
        retry_restart(lockdown, outcome);
        break;
    case SMTP_UNTOUCHED:
        lockdown_restart_keep_left(&restart);
        retry_restart(lockdown, outcome);
        break;
    case SMTP_OPERATOR:
    case SMTP_FAILED:
    case SMTP_LEFT_STOPPED:
        lockdown_restart_put_not_done(&restart);
        if (outcome->error != ERROR_CANCELLED)
            retry_restart(lockdown, outcome);
        break;
    }
}
