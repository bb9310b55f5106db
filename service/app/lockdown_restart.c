/* lockdown_restart.c: see lockdown_restart.h. */
#include <string.h>
#include "lockdown_restart.h"

_Static_assert((int)BOOK_DEPENDENTS_MAX == (int)SMTP_DEPENDENTS_MAX, "dependents");
_Static_assert(sizeof((struct restart_record *)0)->dependents ==
                   sizeof((struct smtp_stop_list *)0)->dependents,
               "services' names");

enum { LOOK_AGAIN = 60000 /* ms */ };

static bool put_record(struct lockdown *lockdown, const struct restart_record *record)
{
    if (incident_store_put_restart(&lockdown->store, record) == ERROR_SUCCESS)
        return true;
    lockdown_note_store(lockdown);
    return false;
}

/* ---- on its way ----------------------------------------------------------------------------- */

/* All that is to be stopped is durable before anything is. */
static bool intend(void *context, const struct smtp_stop_list *list)
{
    struct lockdown_restart *restart = context;
    struct restart_record *record = &restart->record;
    record->phase = RESTART_STOPPING;
    memcpy(record->service, list->service, sizeof record->service);
    memcpy(record->dependents, list->dependents, sizeof record->dependents);
    record->dependent_count = (uint32_t)list->dependent_count;
    restart->intended = put_record(restart->lockdown, record);
    return restart->intended;
}

/* A moment that none who is locked by now was locked after. */
static int64_t after_locks(struct lockdown *lockdown)
{
    const struct incident_book *book = &lockdown->store.book;
    int64_t moment = lockdown_now(lockdown);
    for (uint32_t i = 0; i < book->count; i++) {
        const struct incident *incident = &book->incidents[i];
        if (incident->state == INCIDENT_LOCKED && incident->restart_since > moment)
            moment = incident->restart_since;
    }
    return moment;
}

/* Who was locked while it was stopping has no session left either; but their messages are not among
 * those that are moved out now. */
static void cover(struct lockdown_restart *restart)
{
    struct lockdown *lockdown = restart->lockdown;
    if (!lockdown->policy.quarantine_on_lock)
        restart->record.begun_at = after_locks(lockdown);
}

static void step(void *context, enum smtp_step what, const struct smtp_outcome *so_far)
{
    struct lockdown_restart *restart = context;
    if (what == SMTP_STEP_STOPPED) {
        if (so_far->seen_stopped)
            cover(restart);
        /* It is started again whether or not the disk takes this. */
        restart->record.phase = RESTART_STOPPED;
        put_record(restart->lockdown, &restart->record);
        /* Otherwise somebody else may have started it already. */
        restart->worked = restart->work != NULL && so_far->seen_stopped;
        if (restart->worked)
            restart->work(restart->work_context);
    }
    report_restart_step(&restart->steps, what, so_far);
}

/* Nobody stays enabled for as long as a service takes to stop. */
static bool turn(void *context)
{
    struct lockdown_restart *restart = context;
    struct lockdown *lockdown = restart->lockdown;
    lockdown->listener.orders(lockdown->listener.context);
    return lockdown_lock_aside(lockdown);
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

static struct smtp_options begin(struct lockdown_restart *restart, struct lockdown *lockdown,
                                 const wchar_t *service)
{
    DWORD stop_timeout = lockdown->policy.stop_timeout;
    *restart =
        (struct lockdown_restart){.lockdown = lockdown,
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
                                 .turn = lockdown->listener.orders ? turn : NULL,
                                 .wake = lockdown->listener.wake,
                                 .context = restart,
                                 .vital = lockdown->policy.smtp_service,
                                 .earlier = begun ? &restart->earlier : NULL};
}

bool lockdown_restart_is_done(const struct lockdown_restart *restart)
{
    enum smtp_result result = restart->outcome.result;
    return result == SMTP_RESTARTED || result == SMTP_DEPENDENT_LEFT;
}

void lockdown_restart_run(struct lockdown_restart *restart, struct lockdown *lockdown,
                          const wchar_t *service, void (*work)(void *context), void *context)
{
    const struct smtp_options options = begin(restart, lockdown, service);
    restart->work = work;
    restart->work_context = context;
    restart->record.begun_at = after_locks(lockdown);
    lockdown_calls.smtp_restart(&options, &restart->outcome);
    tell_restarting(lockdown, false);
    lockdown->figures.restarts += lockdown_restart_is_done(restart);
}

void lockdown_restart_resume(struct lockdown_restart *restart, struct lockdown *lockdown)
{
    const struct smtp_options options = begin(restart, lockdown, restart->earlier.service);
    bool seen_stopped = restart->record.phase == RESTART_STOPPED;
    lockdown_calls.smtp_resume(&options, &restart->earlier, seen_stopped, &restart->outcome);
    tell_restarting(lockdown, false);
}

/* ---- its end -------------------------------------------------------------------------------- */

static bool is_stopping(const struct lockdown *lockdown)
{
    return lockdown_calls.WaitForSingleObject(lockdown->stop, 0) == WAIT_OBJECT_0;
}

bool lockdown_restart_has_left(const struct lockdown_restart *restart)
{
    const struct smtp_outcome *outcome = &restart->outcome;
    return outcome->result == SMTP_DEPENDENT_LEFT ||
           (outcome->result == SMTP_UNTOUCHED && outcome->call != NULL);
}

/* Whether it is a dependent that may stop yet, while the service itself runs. */
static bool waits_for_dependent(const struct lockdown_restart *restart)
{
    const struct smtp_outcome *outcome = &restart->outcome;
    return outcome->result == SMTP_STOP_TIMEOUT &&
           !text_equal_fold(text_of(outcome->name), text_of(restart->steps.service));
}

bool lockdown_restart_is_left(const struct lockdown_restart *restart)
{
    const struct smtp_outcome *outcome = &restart->outcome;
    bool in_the_middle =
        outcome->result == SMTP_LEFT_STOPPED || outcome->result == SMTP_STOP_TIMEOUT;
    if (!(in_the_middle || lockdown_restart_has_left(restart)) || !is_stopping(restart->lockdown))
        return false;
    if (waits_for_dependent(restart))
        report_restart_failed(restart->steps.service, outcome);
    else if (in_the_middle)
        report_restart(restart->steps.service, outcome, 0);
    else
        report_dependent_left(restart->steps.service, outcome);
    return true;
}

uint32_t lockdown_restart_accounts(const struct lockdown_restart *restart)
{
    const struct incident_book *book = &restart->lockdown->store.book;
    uint32_t accounts = 0;
    for (uint32_t i = 0; i < book->count; i++)
        accounts += incident_restarted_by(&book->incidents[i], restart->record.begun_at);
    return accounts;
}

void lockdown_restart_count(struct lockdown_restart *restart)
{
    restart_record_done(&restart->record, lockdown_now(restart->lockdown));
}

void lockdown_restart_put_over(struct lockdown_restart *restart)
{
    struct lockdown *lockdown = restart->lockdown;
    restart->record.phase = RESTART_NONE;
    lockdown->restart_look_at = 0;
    lockdown->restart_left = (struct incident_retry){0};
    lockdown->restart_done = restart->record;
    lockdown->restart_unsaved = !put_record(lockdown, &restart->record);
}

void lockdown_restart_put_off(struct lockdown_restart *restart)
{
    restart->record.begun_at = restart->begun_before;
    lockdown_restart_put_over(restart);
}

void lockdown_restart_put_done(struct lockdown_restart *restart, bool covers)
{
    restart->lockdown->restart_down = restart->outcome.down;
    lockdown_restart_count(restart);
    if (covers)
        lockdown_restart_put_over(restart);
    else
        lockdown_restart_put_off(restart);
}

void lockdown_restart_put_not_done(struct lockdown_restart *restart)
{
    struct lockdown *lockdown = restart->lockdown;
    bool kept = !restart->intended && lockdown->restart_look_at != 0;
    if (!kept && lockdown->store.book.restart.phase != RESTART_NONE)
        lockdown_restart_put_off(restart);
}

void lockdown_restart_look_again(struct lockdown_restart *restart)
{
    struct lockdown *lockdown = restart->lockdown;
    lockdown->restart_look_at = lockdown_now(lockdown) + LOOK_AGAIN;
}

void lockdown_restart_keep_left(struct lockdown_restart *restart)
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
        lockdown_restart_put_off(restart);
}

bool lockdown_save_restart(struct lockdown *lockdown)
{
    if (lockdown->restart_unsaved)
        lockdown->restart_unsaved = !put_record(lockdown, &lockdown->restart_done);
    return !lockdown->restart_unsaved;
}
