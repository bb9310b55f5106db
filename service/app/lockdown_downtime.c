/* lockdown_downtime.c: see lockdown_state.h. SMTP is restarted for something else than a lock. */
#include "lockdown_restart.h"

static bool is_missing(const struct smtp_outcome *outcome)
{
    return outcome->result == SMTP_FAILED && outcome->error == ERROR_SERVICE_DOES_NOT_EXIST;
}

/* Who is locked has no session left either; but where their messages are to be moved out within the
 * restart, theirs were not among what was done: then another one follows. */
static void note_done(struct lockdown_restart *restart)
{
    bool covers = !restart->lockdown->policy.quarantine_on_lock;
    report_restart(restart->steps.service, &restart->outcome,
                   covers ? lockdown_restart_accounts(restart) : 0);
    lockdown_restart_put_done(restart, covers);
}

bool lockdown_restart_for(struct lockdown *lockdown, void (*work)(void *context), void *context,
                          struct smtp_outcome *outcome)
{
    struct lockdown_restart restart;
    const char16_t *service = lockdown->policy.smtp_service;
    lockdown_restart_run(&restart, lockdown, service, work, context);
    *outcome = restart.outcome;
    if (lockdown_restart_is_left(&restart))
        return restart.worked;
    if (lockdown_restart_is_done(&restart)) {
        note_done(&restart);
    } else if (outcome->result == SMTP_STOP_TIMEOUT) {
        lockdown_restart_look_again(&restart);
    } else if (outcome->result == SMTP_UNTOUCHED) {
        lockdown_restart_keep_left(&restart);
    } else {
        lockdown_restart_put_not_done(&restart);
    }
    if (!restart.worked && (outcome->result == SMTP_NOT_RUNNING || is_missing(outcome))) {
        work(context);
        restart.worked = true;
    }
    return restart.worked;
}
