/* resolver_scene.h: a resolver in a small world: EXCH1, in the domain CONTOSO with one controller.
 * Both have a bob and an administrator, whom the domain calls Chef; it also has alice, the machine
 * EXCH1$, the group Sales, and the account that we run as. */
#ifndef RELAYLOCK_TESTS_RESOLVER_SCENE_H
#define RELAYLOCK_TESTS_RESOLVER_SCENE_H

#include "account_scene.h" /* contoso, bob and local_bob, which are of this world here */

extern struct fake_user *service_account;

extern struct resolver *resolver; /* started; who stops it sets it to null */
extern const struct hash_key resolver_key;
extern HANDLE late; /* the one that the resolver signals */

/* Whom find found. */
extern struct identity identity;
extern char16_t canonical[RESOLVER_CANONICAL_MAX];

/* For cmocka; the latter also waits for a thread that was left behind, and sees to it that nothing
 * is left open or allocated. */
int resolver_scene_set_up(void **state);
int resolver_scene_tear_down(void **state);

/* Asks the resolver for a name. */
enum identity_kind find(const char16_t *name);

/* It found this user, by this canonical name; or nobody, and left the name as it is. */
void assert_found(const struct fake_user *user, const char16_t *name);
void assert_nobody(const char16_t *name);

/* Within wait ms; takes the signal. */
bool late_was_signalled(DWORD wait);

/* Waits until the thread has asked Windows so many names. */
void wait_for_lookups(LONG count);

/* Until the thread is done with all that it was given: a name that is new each time, asked and
 * answered, is behind all that. Costs one lookup. */
void drain(void);

#endif
