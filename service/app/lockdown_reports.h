/* lockdown_reports.h: what the lock-down says in the event log (docs/events.md, 500 to 599). */
#ifndef RELAYLOCK_APP_LOCKDOWN_REPORTS_H
#define RELAYLOCK_APP_LOCKDOWN_REPORTS_H

#include "lockdown.h"
#include "../core/restart_plan.h"

/* Of accounts. The incident holds the figures already. */
void report_locked(const struct incident *incident, const struct account_outcome *outcome);
void report_not_locked(const struct incident *incident, const struct account_outcome *outcome);
void report_lock_failed(const struct incident *incident, const struct account_outcome *outcome);
void report_lock_given_up(const struct incident *incident, const struct account_outcome *outcome);
void report_marked(const struct incident *incident, const struct account_outcome *outcome);
void report_mark_failed(const struct incident *incident, const struct account_outcome *outcome);

/* Context of report_restart_step, for one restart; service and stop_timeout (ms) given. */
struct restart_steps {
    const wchar_t *service;
    DWORD stop_timeout;
    bool start_failed; /* told already */
};
void report_restart_step(struct restart_steps *steps, enum smtp_step step,
                         const struct smtp_outcome *so_far);

/* The end of a restart that is not tried again; accounts: how many locked ones it was for. */
void report_restart(const wchar_t *service, const struct smtp_outcome *outcome, uint32_t accounts);
/* One that is tried again, or no more. */
void report_restart_failed(const wchar_t *service, const struct smtp_outcome *outcome);
/* That a dependent of it was left stopped. */
void report_dependent_left(const wchar_t *service, const struct smtp_outcome *outcome);
void report_resumed(const wchar_t *service, const struct smtp_outcome *outcome);
/* That it has to wait for another ms. */
void report_restart_waits(const struct response_policy *policy, enum restart_wait why, int64_t ms);
void report_service_failed(const wchar_t *service, const struct smtp_outcome *outcome);

/* Of the watch after a lock. */
void report_leak(const struct incident *incident, const char16_t *server);
void report_leak_restart(const struct incident *incident, struct text services);
void report_leak_remains(const struct incident *incident, bool services_left);
void report_lagged(const struct incident *incident, const char16_t *server);
void report_enabled_again(const struct incident *incident);
void report_contained(const struct incident *incident, int64_t quiet);

/* Of releases. */
void report_released(const struct incident *incident,
                     const struct account_release_outcome *outcome);
void report_not_released(const struct incident *incident,
                         const struct account_release_outcome *outcome);
void report_release_failed(const struct incident *incident,
                           const struct account_release_outcome *outcome, bool given_up);
void report_stays_locked(const struct incident *incident, uint32_t releases);
void report_release_unknown(struct text asked, struct text why);

/* What was put back, as event 530 and the release verb say it. */
struct text release_words(const struct incident *incident,
                          const struct account_release_outcome *outcome);

#endif
