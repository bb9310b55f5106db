#include "settings_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct settings settings;
struct settings other;

int settings_set_up(void **state)
{
    (void)state;
    settings_defaults(&settings);
    return 0;
}

size_t index_of(const char16_t *name)
{
    size_t index = setting_find(text_of(name));
    assert_true(index < setting_count);
    return index;
}

bool set_units(const char16_t *name, struct text value)
{
    return settings_set(&settings, index_of(name), value);
}

bool set(const char16_t *name, const char16_t *value)
{
    return set_units(name, text_of(value));
}

void assert_setting(const char16_t *name, const char *expected)
{
    char text[SETTING_VALUE_TEXT_SIZE];
    settings_show(&settings, index_of(name), text);
    assert_string_equal(text, expected);
}
