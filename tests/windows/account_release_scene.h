/* account_release_scene.h: a lock in the world of account_scene.h, and its release. */
#ifndef RELAYLOCK_TESTS_ACCOUNT_RELEASE_SCENE_H
#define RELAYLOCK_TESTS_ACCOUNT_RELEASE_SCENE_H

#include "account_scene.h"

/* What a process keeps for the one after it: begun and before come from the intent, the rest is the
 * test's. */
struct release_record {
    bool begun, released, enabled;
    struct account_before before;
};
extern struct release_record release_record;

/* With which release() is called. The intent writes into release_record. */
extern struct account_undo release_undo;
extern struct account_intent release_intent;
extern unsigned release_told; /* how often the intent was told */
extern bool release_refuses;  /* what the intent answers to that */

/* For cmocka, before each test, with scene_tear_down after it: nothing recorded, nothing refused.
 */
int release_set_up(void **state);

/* A lock, which succeeds; release_undo gives back what it took. */
void lock_to_release(const struct fake_user *user, enum lock_action action);

/* How it went is in released, too. */
enum account_release_result release(const struct fake_user *user);
extern struct account_release_outcome released;
void assert_release_failed(const char *call, DWORD error);

#endif
