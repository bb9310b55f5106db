/* response_reports.h: what the responder says in the event log. */
#ifndef RELAYLOCK_APP_RESPONSE_REPORTS_H
#define RELAYLOCK_APP_RESPONSE_REPORTS_H

#include "responder.h"

/* The outcome of one try to lock or mark an account, since ms after its sign-in was read. Of a
 * failure only the first and the last are told. */
void report_lock(const struct order *order, enum lock_action action,
                 const struct account_outcome *outcome, DWORD since, uint32_t tries, bool last);

/* Context of report_restart_step, for one restart; service and stop_timeout (ms) given. */
struct restart_steps {
    const wchar_t *service;
    DWORD stop_timeout;
    bool start_failed; /* told already */
};
void report_restart_step(void *context, enum smtp_step step, const struct smtp_outcome *so_far);

/* The end of a restart; accounts: how many locked accounts it was for. One that is undone and will
 * be tried again is told only the first time in a row. */
void report_restart(const wchar_t *service, const struct smtp_outcome *outcome, uint32_t accounts,
                    bool undone, bool first_failure);

/* That it has to wait for the cooldown, for another wait ms. */
void report_restart_later(const wchar_t *service, DWORD wait);

/* At the end of the program: locks and a restart that were not done. */
void report_left_undone(uint32_t accounts, bool restart);

#endif
