/* settings_fixture.h: settings that are set and shown by their names. What isn't there fails the
 * test.
 */
#ifndef RELAYLOCK_TESTS_SETTINGS_FIXTURE_H
#define RELAYLOCK_TESTS_SETTINGS_FIXTURE_H

#include "core/name_store.h"

/* Two that are too large for a stack. */
extern struct settings settings;
extern struct settings other;

/* For cmocka: settings gets the defaults. */
int settings_set_up(void **state);

/* In setting_table. */
size_t index_of(const char16_t *name);

/* In settings; as settings_set. */
bool set(const char16_t *name, const char16_t *value);
bool set_units(const char16_t *name, struct text value);

void assert_setting(const char16_t *name, const char *expected);

#endif
