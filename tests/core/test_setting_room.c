/* Settings up to their bounds: how much of each there is room for, and what no name may hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "settings_fixture.h"

static void no_name_or_path_holds_what_would_break_a_query_or_a_path(void **state)
{
    (void)state;
    for (char16_t unit = 1; unit < 0x80; unit++) {
        const struct text refused = TEXT_OF(u"'\"<>&\\/"), refused_in_paths = TEXT_OF(u"'\"<>|*?");
        const char16_t name[] = {u'a', unit, u'b', 0}, path[] = {u'D', u':', u'\\', unit, u'b', 0};
        if (unit == u',' || unit == u';')
            continue;
        bool control = unit < 0x20 || unit == 0x7f;
        bool taken = !control && text_find(refused, unit) == SIZE_MAX;
        assert_int_equal(set(u"SmtpService", name), taken);
        assert_int_equal(set(u"RestartServices", name), taken);
        taken = !control && text_find(refused_in_paths, unit) == SIZE_MAX;
        assert_int_equal(set(u"QueueDirectory", path), taken);
    }
}

static void no_account_name_holds_a_control_character_anywhere(void **state)
{
    (void)state;
    for (uint32_t unit = 0; unit < 0x180; unit++) {
        const char16_t first[] = {(char16_t)unit, u'b'}, last[] = {u'a', (char16_t)unit};
        bool control = unit < 0x20 || (unit >= 0x7f && unit < 0xa0);
        assert_int_equal(name_store_takes((struct text){first, 2}), !control);
        assert_int_equal(name_store_takes((struct text){last, 2}), !control);
    }
    assert_false(name_store_takes(TEXT_OF(u"")));
}

static void a_folder_has_3_to_255_units(void **state)
{
    (void)state;
    char16_t path[256] = u"\\\\s";
    assert_false(set(u"QueueDirectory", u"\\\\"));
    assert_true(set(u"QueueDirectory", u"\\\\s"));
    for (size_t i = 3; i < 256; i++)
        path[i] = u'x';
    assert_false(set_units(u"QueueDirectory", (struct text){path, 256}));
    assert_true(set_units(u"QueueDirectory", (struct text){path, 255}));
    assert_int_equal(settings.queue_directory.count, 1);
}

static void only_the_setting_itself_is_shown(void **state)
{
    (void)state;
    char text[SETTING_VALUE_TEXT_SIZE];
    char16_t name[256];
    for (size_t i = 0; i < 255; i++)
        name[i] = u'x';
    name[255] = 0;
    assert_true(set(u"SmtpService", name));
    assert_true(set(u"RestartServices", u"W3SVC"));
    assert_true(set(u"Exempt", u"bob"));
    settings_show(&settings, setting_find(TEXT_OF(u"SmtpService")), text);
    assert_int_equal(strlen(text), 255);
    settings_show(&settings, setting_find(TEXT_OF(u"RestartServices")), text);
    assert_string_equal(text, "W3SVC");
}

/* As many names as there may be, and all of their units. */
static void names_fill_their_room_to_the_last_unit(void **state)
{
    (void)state;
    static char16_t list[SETTINGS_TEXT_MAX + 64];
    size_t used = 0;
    for (size_t i = 0; i < SETTINGS_TEXT_MAX - 3 + 64; i++)
        list[used++] = i % 256 == 255 ? u',' : u'x';
    assert_true(set_units(u"Exempt", (struct text){list, used}));
    assert_int_equal(settings.names_used, SETTINGS_TEXT_MAX - 3);
    assert_false(settings_set_account(&settings, TEXT_OF(u"anne"), TEXT_OF(u"1/1s")));
    assert_true(settings_set_account(&settings, TEXT_OF(u"bob"), TEXT_OF(u"1/1s")));
    assert_int_equal(settings.names_used, SETTINGS_TEXT_MAX);
    assert_true(settings_set_account(&settings, TEXT_OF(u"bob"), TEXT_OF(u"2/1s")));
    assert_false(settings_set_account(&settings, TEXT_OF(u"e"), TEXT_OF(u"1/1s")));
    assert_true(set(u"Exempt", u"carol"));
    assert_int_equal(settings.names_used, 3 + 5);
    assert_true(text_equal(settings.overrides[0].account, TEXT_OF(u"bob")));
    assert_true(text_equal(settings.exempt[0], TEXT_OF(u"carol")));
}

static void names_behind_one_that_is_removed_stay_right(void **state)
{
    (void)state;
    assert_true(settings_set_account(&settings, TEXT_OF(u"bob"), TEXT_OF(u"1/1s")));
    assert_true(set(u"Exempt", u"carol,dave"));
    name_store_remove(&settings, settings.overrides[0].account);
    assert_true(text_equal(settings.exempt[0], TEXT_OF(u"carol")));
    assert_true(text_equal(settings.exempt[1], TEXT_OF(u"dave")));
}

static void all_names_there_may_be_are_seen_and_copied(void **state)
{
    (void)state;
    char16_t list[2 * GUARD_EXEMPT_MAX];
    for (size_t i = 0; i < GUARD_EXEMPT_MAX; i++) {
        list[2 * i] = (char16_t)(0x4e00 + i);
        list[2 * i + 1] = u',';
    }
    assert_true(set_units(u"Exempt", (struct text){list, 2 * GUARD_EXEMPT_MAX}));
    for (size_t i = 0; i < GUARD_OVERRIDES_MAX; i++)
        assert_true(
            settings_set_account(&settings, (struct text){list + 2 * i, 1}, TEXT_OF(u"7/1m")));
    assert_int_equal(settings_longest_window(&settings), 3600); /* of the defaults */
    settings_copy(&other, &settings);
    assert_true(settings_all_same(&settings, &other));
    memset(&settings, 0xee, sizeof settings);
    assert_int_equal(other.exempt_count, GUARD_EXEMPT_MAX);
    assert_int_equal(other.override_count, GUARD_OVERRIDES_MAX);
    for (size_t i = 0; i < GUARD_EXEMPT_MAX; i++) {
        assert_true(text_equal(other.exempt[i], (struct text){list + 2 * i, 1}));
        assert_true(text_equal(other.overrides[i].account, (struct text){list + 2 * i, 1}));
    }
}

static void names_move_where_all_overrides_are_used(void **state)
{
    (void)state;
    assert_true(set(u"Exempt", u"carol,dave"));
    for (char16_t i = 0; i < GUARD_OVERRIDES_MAX; i++) {
        const char16_t name[] = {u'a', (char16_t)(0x4e00 + i)};
        assert_true(settings_set_account(&settings, (struct text){name, 2}, TEXT_OF(u"7/1m")));
    }
    assert_true(set(u"Exempt", u"erin"));
    for (char16_t i = 0; i < GUARD_OVERRIDES_MAX; i++) {
        const char16_t name[] = {u'a', (char16_t)(0x4e00 + i)};
        assert_true(text_equal(settings.overrides[i].account, (struct text){name, 2}));
    }
    assert_true(text_equal(settings.exempt[0], TEXT_OF(u"erin")));
}

#define TEST(name) cmocka_unit_test_setup(name, settings_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_name_or_path_holds_what_would_break_a_query_or_a_path),
        TEST(no_account_name_holds_a_control_character_anywhere),
        TEST(a_folder_has_3_to_255_units),
        TEST(only_the_setting_itself_is_shown),
        TEST(names_fill_their_room_to_the_last_unit),
        TEST(names_behind_one_that_is_removed_stay_right),
        TEST(all_names_there_may_be_are_seen_and_copied),
        TEST(names_move_where_all_overrides_are_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
