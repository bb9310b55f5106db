/* lockdown_world_accounts.h: the accounts of a lockdown_world, which account.h's functions lock,
 * release and look at, on two controllers: one where they are written, one where this host looks
 * them up. Of lockdown_world.h, world_sid and world_is_disabled are in here, too.
 */
#ifndef TESTS_APP_LOCKDOWN_WORLD_ACCOUNTS_H
#define TESTS_APP_LOCKDOWN_WORLD_ACCOUNTS_H

enum { WORLD_SID_SIZE = 28 };

/* All of them are enabled, and put into lockdown_calls. */
void world_accounts_reset(void);

/* Waits for the lock that was begun aside: the clock goes on to where it ends. There must be one.
 */
void world_aside_wait(void);

/* It is gone, with its process. */
void world_aside_forget(void);

#endif
