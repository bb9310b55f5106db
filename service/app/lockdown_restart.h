/* lockdown_restart.h: one restart of a service, and what is put down of it; for the lockdown*.c
 * files only.
 *
 * Run or resumed, it has an outcome; whoever asked for it then says what is put down: nothing as
 * long as it is left, else what one of the five functions below does.
 */
#ifndef RELAYLOCK_APP_LOCKDOWN_RESTART_H
#define RELAYLOCK_APP_LOCKDOWN_RESTART_H

#include "lockdown_reports.h"
#include "lockdown_state.h"

struct lockdown_restart {
    struct smtp_outcome outcome;
    bool worked; /* the work was done */

    /* Its own: */
    struct lockdown *lockdown;
    struct restart_record record;  /* as it is put down */
    struct smtp_stop_list earlier; /* what was put down before it, if something was */
    bool intended;                 /* and that was replaced */
    int64_t begun_before;          /* begun_at of the last one that was done; 0: not known */
    struct restart_steps steps;
    void (*work)(void *context);
    void *work_context;
};

/* Restarts a service, telling its steps. work (may be null) is done while it does not run; not at
 * all if it was not seen stopped: somebody else may have started it. service and the lockdown must
 * outlive the restart, which is written whole. */
void lockdown_restart_run(struct lockdown_restart *restart, struct lockdown *lockdown,
                          const wchar_t *service, void (*work)(void *context), void *context);

/* Finishes the one that is put down as begun. */
void lockdown_restart_resume(struct lockdown_restart *restart, struct lockdown *lockdown);

/* Whether the service was down, and runs again. */
bool lockdown_restart_is_done(const struct lockdown_restart *restart);

/* Whether a dependent was left stopped. */
bool lockdown_restart_has_left(const struct lockdown_restart *restart);

/* Whether the end of the program left it in the middle, which is told: the next one finishes it. */
bool lockdown_restart_is_left(const struct lockdown_restart *restart);

/* How many locked accounts it is for, if it is done. */
uint32_t lockdown_restart_accounts(const struct lockdown_restart *restart);

/* Notes, for what is put down next, that it counts among those of the hour. */
void lockdown_restart_count(struct lockdown_restart *restart);

/* Puts down that no restart is under way any more; if that cannot be, as soon as it can. It was for
 * all that was locked before it was begun, or before the service was seen stopped. */
void lockdown_restart_put_over(struct lockdown_restart *restart);

/* The same, but it was for nobody: it did not come about, or was not of SMTP. */
void lockdown_restart_put_off(struct lockdown_restart *restart);

/* After one that came about: notes how long the service was down, counts it, and puts it down, as
 * for all who were locked, or for nobody. */
void lockdown_restart_put_done(struct lockdown_restart *restart, bool covers);

/* The same of one that may not have come to putting anything down. What an earlier one did, and is
 * to be looked at again, stays. */
void lockdown_restart_put_not_done(struct lockdown_restart *restart);

/* What was begun is kept: the order to stop may be on its way still. It is looked at again. */
void lockdown_restart_look_again(struct lockdown_restart *restart);

/* The service was never down, but a dependent was stopped and does not start: what was begun is
 * kept until that runs, or GiveUpAfter has passed. Told the first time, and when it is given up. */
void lockdown_restart_keep_left(struct lockdown_restart *restart);

#endif
