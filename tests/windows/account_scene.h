/* account_scene.h: the usual world of the accounts: EXCH1 in the domain CONTOSO with two
 * controllers, and a bob both here and there. */
#ifndef RELAYLOCK_TESTS_ACCOUNT_SCENE_H
#define RELAYLOCK_TESTS_ACCOUNT_SCENE_H

#include "fake_directory.h"

enum { SCENE_FLAGS = UF_SCRIPT | UF_NORMAL_ACCOUNT, SCENE_OTHER_FLAGS = 12 };

extern struct fake_domain *contoso;
extern struct fake_user *bob, *local_bob;
extern struct fake_user *root;  /* the administrator of this computer */
extern struct fake_user *chief; /* of the domain, and of this computer by it */
extern struct fake_group *domain_admins;

/* Flags that a lock and a release must leave as they are, one by one. */
extern const DWORD scene_other_flags[SCENE_OTHER_FLAGS];

/* To be called around each test; the latter sees to it that all that Windows lent was given back.
 */
int scene_set_up(void **state);
int scene_tear_down(void **state);

void scene_sid(const struct fake_user *user, uint8_t sid[FAKE_SID_SIZE]);
void scene_assert_wide(const wchar_t *actual, const wchar_t *expected);

/* Locks a user, without an intent; how it went is in scene_outcome, too. */
enum account_result scene_lock(const struct fake_user *user, enum lock_action action);
extern struct account_outcome scene_outcome;
void scene_assert_failed(const char *call, DWORD error);

/* For fake.before: at the first reading bob has been renamed, and another one bears his name. */
void scene_swap_names(enum fake_call call, LONG count);

/* The end of a process, at its at-th call of the fake or of scene_point (0: not at all): runs work,
 * and says whether it came to its end. */
bool scene_run_until(unsigned at, void (*work)(void));
void scene_point(void);

#endif
