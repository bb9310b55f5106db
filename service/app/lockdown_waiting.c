/* lockdown_waiting.c: see lockdown.h. The incidents that wait for a restart of SMTP. */
#include "lockdown_reports.h"
#include "lockdown_state.h"

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

uint32_t lockdown_count_waiting(const struct lockdown *lockdown)
{
    const struct incident_book *book = &lockdown->store.book;
    uint32_t locked = 0;
    for (uint32_t i = 0; i < book->count; i++)
        locked += book->incidents[i].state == INCIDENT_LOCKED;
    return locked;
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

void lockdown_skip_restarts(struct lockdown *lockdown)
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

void lockdown_retry_restart(struct lockdown *lockdown, const struct smtp_outcome *outcome)
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
