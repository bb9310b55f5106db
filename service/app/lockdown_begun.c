/* lockdown_begun.c: see lockdown_state.h. A restart that was begun, by an earlier process or with
 * no certain end, is finished. */
#include "lockdown_restart.h"

/* It was down and runs again: that was the restart, unless messages were to be moved out within it,
 * which cannot be known to have been done: then another one follows. */
static void note_finished(struct lockdown_restart *restart)
{
    struct lockdown *lockdown = restart->lockdown;
    const char16_t *service = lockdown->store.book.restart.service;
    bool covers = text_equal_fold(text_of(service), text_of(lockdown->policy.smtp_service)) &&
                  !lockdown->policy.quarantine_on_lock;
    report_resumed(service, &restart->outcome);
    lockdown_note_service(lockdown, service);
    lockdown_restart_put_done(restart, covers);
}

bool lockdown_finish_restart(struct lockdown *lockdown)
{
    const struct restart_record *begun = &lockdown->store.book.restart;
    int64_t look_at = lockdown->restart_look_at;
    if (begun->phase == RESTART_NONE || lockdown->restart_unsaved ||
        lockdown_now(lockdown) < look_at)
        return false;
    struct lockdown_restart restart;
    lockdown_restart_resume(&restart, lockdown);
    if (lockdown_restart_is_left(&restart))
        return true;
    if (lockdown_restart_is_done(&restart)) {
        note_finished(&restart);
    } else if (restart.outcome.result == SMTP_FAILED) {
        report_restart_failed(begun->service, &restart.outcome);
        lockdown_restart_put_off(&restart);
    } else if (lockdown_restart_has_left(&restart)) {
        lockdown_restart_keep_left(&restart);
    } else if (look_at == 0) {
        lockdown_restart_look_again(&restart);
    } else {
        lockdown_restart_put_off(&restart);
    }
    return true;
}
