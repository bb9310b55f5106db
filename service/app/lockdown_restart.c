/* lockdown_restart.c: see lockdown.h. SMTP and the RestartServices are restarted, and what was
 * begun is finished. */
#include <string.h>
#include "lockdown_reports.h"
#include "lockdown_state.h"

_Static_assert((int)BOOK_DEPENDENTS_MAX == (int)SMTP_DEPENDENTS_MAX, "dependents");
_Static_assert(sizeof((struct restart_record *)0)->dependents ==
                   sizeof((struct smtp_stop_list *)0)->dependents,
               "services' names");

enum { LOOK_AGAIN = 60000 /* ms */ };

/* One restart under way. */
struct restart {
    struct lockdown *lockdown;
    struct restart_record record;  /* as it is put down */
    struct smtp_stop_list earlier; /* what was put down before it, if something was */
    bool intended;                 /* and that was replaced */
    int64_t begun_before;          /* begun_at of the last one that was done; 0: not known */
    struct restart_steps steps;
    struct smtp_outcome outcome;
};

static bool put_record(struct lockdown *lockdown, const struct restart_record *record)
{
    if (incident_store_put_restart(&lockdown->store, record) == ERROR_SUCCESS)
        return true;
    lockdown_note_store(lockdown);
    return false;
}

/* All that is to be stopped is durable before anything is. */
static bool intend(void *context, const struct smtp_stop_list *list)
{
    struct restart *restart = context;
    struct restart_record *record = &restart->record;
    record->phase = RESTART_STOPPING;
    memcpy(record->service, list->service, sizeof record->service);
    memcpy(record->dependents, list->dependents, sizeof record->dependents);
    record->dependent_count = (uint32_t)list->dependent_count;
    restart->intended = put_record(restart->lockdown, record);
    return restart->intended;
}

static void step(void *context, enum smtp_step what, const struct smtp_outcome *so_far)
{
    struct restart *restart = context;
    if (what == SMTP_STEP_STOPPED) {
        /* It is started again whether or not the disk takes this. */
        restart->record.phase = RESTART_STOPPED;
        put_record(restart->lockdown, &restart->record);
    }
    report_restart_step(&restart->steps, what, so_far);
}

static void tell_restarting(struct lockdown *lockdown, bool restarting)
{
    if (lockdown->listener.restarting)
        lockdown->listener.restarting(lockdown->listener.context, restarting);
}

static void list_of(const struct restart_record *record, struct smtp_stop_list *list)
{
    memcpy(list->service, record->service, sizeof list->service);
    memcpy(list->dependents, record->dependents, sizeof list->dependents);
    list->dependent_count = record->dependent_count;
}

static struct smtp_options begin(struct restart *restart, struct lockdown *lockdown,
                                 const wchar_t *service)
{
    DWORD stop_timeout = lockdown->policy.stop_timeout;
    *restart = (struct restart){.lockdown = lockdown,
                                .record = lockdown->store.book.restart,
                                .steps = {.service = service, .stop_timeout = stop_timeout}};
    bool begun = restart->record.phase != RESTART_NONE;
    if (begun)
        list_of(&restart->record, &restart->earlier);
    else
        restart->begun_before = restart->record.begun_at;
    tell_restarting(lockdown, true);
    return (struct smtp_options){.service = service,
                                 .stop_timeout = stop_timeout,
                                 .abandon = lockdown->stop,
                                 .step = step,
                                 .intend = intend,
                                 .context = restart,
                                 .vital = lockdown->policy.smtp_service,
                                 .earlier = begun ? &restart->earlier : NULL};
}

static bool is_restarted(const struct restart *restart)
{
    enum smtp_result result = restart->outcome.result;
    return result == SMTP_RESTARTED || result == SMTP_DEPENDENT_LEFT;
}

static void restart_service(struct restart *restart, struct lockdown *lockdown,
                            const wchar_t *service)
{
    const struct smtp_options options = begin(restart, lockdown, service);
    restart->record.begun_at = lockdown_now(lockdown);
    lockdown_calls.smtp_restart(&options, &restart->outcome);
    tell_restarting(lockdown, false);
    lockdown->figures.restarts += is_restarted(restart);
}

static bool is_stopping(const struct lockdown *lockdown)
{
    return WaitForSingleObject(lockdown->stop, 0) == WAIT_OBJECT_0;
}

/* Whether a dependent was left stopped. */
static bool has_left(const struct smtp_outcome *outcome)
{
    return outcome->result == SMTP_DEPENDENT_LEFT ||
           (outcome->result == SMTP_UNTOUCHED && outcome->call != NULL);
}

/* Whether the end of the program left it in the middle, which is told: the next one finishes it. */
static bool is_left(const struct restart *restart)
{
    const struct smtp_outcome *outcome = &restart->outcome;
    bool in_the_middle =
        outcome->result == SMTP_LEFT_STOPPED || outcome->result == SMTP_STOP_TIMEOUT;
    if (!(in_the_middle || has_left(outcome)) || !is_stopping(restart->lockdown))
        return false;
    if (in_the_middle)
        report_restart(restart->steps.service, outcome, 0);
    else
        report_dependent_left(restart->steps.service, outcome);
    return true;
}

/* Puts down that no restart is under way any more; if that cannot be, as soon as it can. */
static void put_over(struct restart *restart)
{
    struct lockdown *lockdown = restart->lockdown;
    restart->record.phase = RESTART_NONE;
    lockdown->restart_look_at = 0;
    lockdown->restart_left = (struct incident_retry){0};
    lockdown->restart_done = restart->record;
    lockdown->restart_unsaved = !put_record(lockdown, &restart->record);
}

/* It did not come about: what is put down is as it was before. */
static void put_off(struct restart *restart)
{
    restart->record.begun_at = restart->begun_before;
    put_over(restart);
}

/* The same of one that may not have come to putting anything down. What an earlier one did, and is
 * to be looked at again, stays. */
static void put_not_done(struct restart *restart)
{
    struct lockdown *lockdown = restart->lockdown;
    bool kept = !restart->intended && lockdown->restart_look_at != 0;
    if (!kept && lockdown->store.book.restart.phase != RESTART_NONE)
        put_off(restart);
}

/* What was begun is kept: the order to stop may be on its way still. It is looked at again. */
static void look_again(struct lockdown *lockdown)
{
    lockdown->restart_look_at = lockdown_now(lockdown) + LOOK_AGAIN;
}

/* The service was never down, but a dependent was stopped and does not start: what was begun is
 * kept until that runs, or GiveUpAfter has passed. Told the first time, and when it is given up. */
static void keep_left(struct restart *restart)
{
    struct lockdown *lockdown = restart->lockdown;
    struct incident_retry *left = &lockdown->restart_left;
    int64_t now = lockdown_now(lockdown);
    incident_retry_failed(left, restart->outcome.error, now);
    bool over = incident_retry_is_over(left, &lockdown->policy, now);
    if (left->tries == 1 || over)
        report_dependent_left(restart->steps.service, &restart->outcome);
    lockdown->restart_look_at = left->next_at;
    if (over)
        put_off(restart);
}

bool lockdown_save_restart(struct lockdown *lockdown)
{
    if (lockdown->restart_unsaved)
        lockdown->restart_unsaved = !put_record(lockdown, &lockdown->restart_done);
    return !lockdown->restart_unsaved;
}

/* ---- the restart of SMTP -------------------------------------------------------------------- */

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

void lockdown_step_restart(struct lockdown *lockdown)
{
    struct restart restart;
    const struct smtp_outcome *outcome = &restart.outcome;
    const char16_t *service = lockdown->policy.smtp_service;
    bool looked_at = lockdown->restart_look_at != 0;
    uint32_t accounts = lockdown_count_waiting(lockdown);
    restart_service(&restart, lockdown, service);
    if (is_left(&restart) || was_our_order(lockdown, outcome->result, looked_at))
        return;
    switch (outcome->result) {
    case SMTP_RESTARTED:
    case SMTP_DEPENDENT_LEFT:
        report_restart(service, outcome, accounts);
        lockdown->restart_down = outcome->down;
        lockdown->restart_announced = false;
        restart_record_done(&restart.record, lockdown_now(lockdown));
        put_over(&restart);
        break;
    case SMTP_NOT_RUNNING:
        report_restart(service, outcome, accounts);
        put_not_done(&restart);
        lockdown_skip_restarts(lockdown);
        break;
    case SMTP_STOP_TIMEOUT: /* the order was lost, or comes late */
        look_again(lockdown);
        lockdown_retry_restart(lockdown, outcome);
        break;
    case SMTP_UNTOUCHED:
        keep_left(&restart);
        lockdown_retry_restart(lockdown, outcome);
        break;
    case SMTP_OPERATOR:
    case SMTP_FAILED:
    case SMTP_LEFT_STOPPED:
        put_not_done(&restart);
        if (outcome->error != ERROR_CANCELLED)
            lockdown_retry_restart(lockdown, outcome);
        break;
    }
}

/* ---- RestartServices ------------------------------------------------------------------------ */

/* The order to stop was lost, or comes late: the next service waits until that was looked at. */
static void wait_for_order(struct lockdown *lockdown, struct incident *incident, DWORD error)
{
    look_again(lockdown);
    if (!incident_services_pending(incident, &lockdown->policy))
        return;
    incident_retry_failed(&incident->retry, error, lockdown_now(lockdown));
    incident->retry.next_at = lockdown->restart_look_at;
}

void lockdown_step_services(struct lockdown *lockdown, struct incident *incident)
{
    struct restart restart;
    const struct smtp_outcome *outcome = &restart.outcome;
    const char16_t *service = lockdown->policy.restart_services.names[incident->services_done];
    restart_service(&restart, lockdown, service);
    bool called_off = outcome->result == SMTP_FAILED && outcome->error == ERROR_CANCELLED;
    if (is_left(&restart))
        return;
    if (is_restarted(&restart)) {
        report_restart(service, outcome, 1);
        if (incident->services_done == 0)
            restart_record_done(&restart.record, lockdown_now(lockdown));
    } else if (outcome->result != SMTP_NOT_RUNNING && !called_off) {
        report_service_failed(service, outcome);
    }
    /* Tried once: what comes next helps more than waiting. Put down before the restart's end is, so
     * that no crash between the two brings it twice. */
    incident->services_done += !called_off;
    incident->restarted_at = lockdown_now(lockdown);
    incident->retry = (struct incident_retry){0};
    if (outcome->result == SMTP_STOP_TIMEOUT)
        wait_for_order(lockdown, incident, outcome->error);
    bool put = called_off || lockdown_put(lockdown, incident);
    if (outcome->result == SMTP_UNTOUCHED)
        keep_left(&restart);
    else if (put && outcome->result != SMTP_STOP_TIMEOUT)
        put_not_done(&restart);
}

/* ---- what was begun ------------------------------------------------------------------------- */

/* The incident for which a service of RestartServices was being restarted goes on to the next. */
static void note_service(struct lockdown *lockdown, const char16_t *service)
{
    const struct service_list *services = &lockdown->policy.restart_services;
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

/* It was down and runs again: that was the restart. */
static void note_finished(struct restart *restart)
{
    struct lockdown *lockdown = restart->lockdown;
    const char16_t *service = restart->record.service;
    bool smtp = text_equal_fold(text_of(service), text_of(lockdown->policy.smtp_service));
    report_resumed(service, &restart->outcome);
    note_service(lockdown, service);
    lockdown->restart_down = restart->outcome.down;
    if (!smtp)
        restart->record.begun_at = 0;
    restart_record_done(&restart->record, lockdown_now(lockdown));
    put_over(restart);
}

bool lockdown_finish_restart(struct lockdown *lockdown)
{
    const struct restart_record *begun = &lockdown->store.book.restart;
    int64_t look_at = lockdown->restart_look_at;
    if (begun->phase == RESTART_NONE || lockdown->restart_unsaved ||
        lockdown_now(lockdown) < look_at)
        return false;
    struct restart restart;
    struct smtp_stop_list list;
    bool seen_stopped = begun->phase == RESTART_STOPPED;
    list_of(begun, &list);
    const struct smtp_options options = begin(&restart, lockdown, list.service);
    lockdown_calls.smtp_resume(&options, &list, seen_stopped, &restart.outcome);
    tell_restarting(lockdown, false);
    if (is_left(&restart))
        return true;
    if (is_restarted(&restart)) {
        note_finished(&restart);
    } else if (restart.outcome.result == SMTP_FAILED) {
        report_restart_failed(list.service, &restart.outcome);
        put_off(&restart);
    } else if (has_left(&restart.outcome)) {
        keep_left(&restart);
    } else if (look_at == 0) {
        look_again(lockdown);
    } else {
        put_off(&restart);
    }
    return true;
}
