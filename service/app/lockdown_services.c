/* lockdown_services.c: see lockdown_state.h. The RestartServices are restarted, one after another.
 */
#include "lockdown_restart.h"

/* The order to stop was lost, or comes late: the next service waits until that was looked at. */
static void wait_for_order(struct lockdown *lockdown, struct incident *incident, DWORD error)
{
    if (!incident_services_pending(incident, &lockdown->policy))
        return;
    incident_retry_failed(&incident->retry, error, lockdown_now(lockdown));
    incident->retry.next_at = lockdown->restart_look_at;
}

void lockdown_step_services(struct lockdown *lockdown, struct incident *incident)
{
    struct lockdown_restart restart;
    const struct smtp_outcome *outcome = &restart.outcome;
    const char16_t *service = lockdown->policy.restart_services.names[incident->services_done];
    lockdown_restart_run(&restart, lockdown, service, NULL, NULL);
    bool called_off = outcome->result == SMTP_FAILED && outcome->error == ERROR_CANCELLED;
    if (lockdown_restart_is_left(&restart))
        return;
    if (lockdown_restart_is_done(&restart)) {
        report_restart(service, outcome, 1);
        if (incident->services_done == 0)
            lockdown_restart_count(&restart);
    } else if (outcome->result != SMTP_NOT_RUNNING && !called_off) {
        report_service_failed(service, outcome);
    }
    /* Tried once: what comes next helps more than waiting. Put down before the restart's end is, so
     * that no crash between the two brings it twice. */
    incident->services_done += !called_off;
    incident->restarted_at = lockdown_now(lockdown);
    incident->retry = (struct incident_retry){0};
    if (outcome->result == SMTP_STOP_TIMEOUT) {
        lockdown_restart_look_again(&restart);
        wait_for_order(lockdown, incident, outcome->error);
    }
    bool put = called_off || lockdown_put(lockdown, incident);
    if (outcome->result == SMTP_UNTOUCHED)
        lockdown_restart_keep_left(&restart);
    else if (put && outcome->result != SMTP_STOP_TIMEOUT)
        lockdown_restart_put_not_done(&restart);
}

void lockdown_note_service(struct lockdown *lockdown, const char16_t *service)
{
    const struct setting_list *services = &lockdown->policy.restart_services;
    struct incident_book *book = &lockdown->store.book;
    for (uint32_t i = 0; i < book->count; i++) {
        struct incident incident = book->incidents[i];
        if (!incident_services_pending(&incident, &lockdown->policy) ||
            !text_equal_fold(text_of(services->names[incident.services_done]), text_of(service)))
            continue;
        incident.services_done++;
        incident.retry = (struct incident_retry){0};
        lockdown_put(lockdown, &incident);
        return;
    }
}
