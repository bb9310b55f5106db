/* hardening_scene.h: a host for hardening: EXCH1 of CONTOSO (account_scene.h) with an SMTP service,
 * RelayLock installed, a directory, and Guest accounts that are enabled and called otherwise. */
#ifndef RELAYLOCK_TESTS_HARDENING_SCENE_H
#define RELAYLOCK_TESTS_HARDENING_SCENE_H

#include "../windows/account_scene.h"
#include "../windows/fake_exchange.h"
#include "../windows/fake_registry.h"
#include "app/hardening.h"
#include "windows/boot.h"
#include "windows/hardening_memory.h"
#include "windows/tarpit.h"

extern struct fake_user *guest, *domain_guest;
extern struct hardening_failure hardened_failure; /* of what was set or undone last */

/* Around each test. */
int hardening_set_up(void **state);
int hardening_tear_down(void **state);

enum hardening_result hardened_set(enum hardening_item item);
enum hardening_result hardened_undo(enum hardening_item item);

/* What is remembered of an item, by its value's name; null: nothing. */
const wchar_t *hardened_memory(const wchar_t *value);

void hardened_assert_look(enum hardening_item item, enum hardening_standing standing, bool ours,
                          const char *now);

#endif
