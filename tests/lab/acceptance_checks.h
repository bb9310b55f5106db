/* acceptance_checks.h: the checks; what each knows when it passes stands in check_table. */
#ifndef RELAYLOCK_LAB_ACCEPTANCE_CHECKS_H
#define RELAYLOCK_LAB_ACCEPTANCE_CHECKS_H

/* acceptance_checks_stand_ins.c */
void check_stand_ins(void);

/* acceptance_checks_service.c */
void check_install(void);
void check_uninstall(void);
void check_running(void);
void check_interrogate(void);
void check_status(void);
void check_paused(void);
void check_paramchange_good(void);
void check_paramchange_bad(void);
void check_stop(void);
void check_resume(void);

/* acceptance_checks_process.c */
void check_given_up(void);

/* acceptance_checks_counting.c */
void check_honest(void);
void check_spellings(void);
void check_exempt(void);
void check_per_account(void);
void check_clients(void);
void check_foreign(void);
void check_malformed(void);
void check_protected(void);
void check_unresolved(void);
void check_machine(void);
void check_budget(void);

/* acceptance_checks_locking.c */
void check_burst(void);
void check_password(void);
void check_flag(void);
void check_already_disabled(void);
void check_denied(void);
void check_dc_gone(void);
void check_last_admin(void);

/* acceptance_checks_hang.c */
void check_dc_hang(void);
void check_lookup_hang(void);

/* acceptance_checks_smtp.c */
void check_smtp_slow(void);
void check_smtp_hanging(void);
void check_smtp_failing(void);
void check_smtp_stopped(void);
void check_smtp_operator(void);
void check_smtp_alone(void);
void check_smtp_no_restart(void);
void check_smtp_cooldown(void);
void check_smtp_stop_between(void);

/* acceptance_checks_lockdown.c */
void check_to_the_end(void);
void check_release(void);
void check_release_unanswered(void);
void check_enabled_again(void);
void check_killed_waiting(void);
void check_killed_restarting(void);
void check_no_journal(void);

/* acceptance_checks_log.c */
void check_log_cleared(void);
void check_log_service(void);
void check_load(void);

#endif
