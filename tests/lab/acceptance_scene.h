/* acceptance_scene.h: what many checks have in common.
 *
 * A check that expects nothing to happen does not sleep and hope: it lets a witness, an account of
 * its own, be locked behind what it reported. Events are read in the order of the log, so what was
 * reported before the witness has been read and decided by then.
 */
#ifndef RELAYLOCK_LAB_ACCEPTANCE_SCENE_H
#define RELAYLOCK_LAB_ACCEPTANCE_SCENE_H

#include "acceptance_accounts.h"
#include "acceptance_log.h"

enum { SCENE_PATIENCE = 10000 /* ms for what RelayLock should do at once */ };

/* Everything a check with a reader starts from: new provider, stand-ins running, settings. Skips
 * when the host has no such reader. */
void scene_prepare(void);

/* As many sign-ins as cross the limit; waits until the account is disabled and said to be. The ms
 * from the last sign-in until it was disabled. */
DWORD scene_lock(const struct account *account);

/* Lets a new witness be locked. */
void scene_read_so_far(void);

/* Neither disabled nor said to have crossed a limit. */
void scene_expect_untouched(const struct account *account);

/* The limit that an event names which says what was crossed. */
void scene_expect_limit(const struct alert *alert, const wchar_t *limit);

/* A flag of that id for the name as reported, and never a lock. */
const struct alert *scene_expect_flag(enum alert_id id, const wchar_t *name);

/* SMTP was started count times since the check began (0: not touched), and runs, and its dependent
 * as well. Waits for it. */
void scene_expect_restarts(size_t count);

/* SMTP is not touched, now that there was time to. Stops RelayLock. */
void scene_expect_no_restart(void);

/* How long SMTP was down at its last restart: ms from being asked to stop to running. */
DWORD scene_smtp_down(void);

/* Runs a command of the options, having written down the one that takes it back; and that one. */
void scene_begin_trouble(const wchar_t *command, const wchar_t *back);
void scene_end_trouble(const wchar_t *back);

#endif
