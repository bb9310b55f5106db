/* Reading the settings, against a registry in memory. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parameters_scene.h"

#define PUT_LIST(name, literal)                                                                    \
    fake_registry_put(PARAMETERS_KEY, name, REG_MULTI_SZ, literal, sizeof(literal))

static void assert_shown(const char *name, const char *expected)
{
    static char text[SETTING_VALUE_TEXT_SIZE];
    char16_t wide[64];
    size_t count;

    assert_true(text_from_utf8(wide, ARRAYSIZE(wide), name, &count));
    settings_show(&parameters_scene.settings, setting_find((struct text){wide, count}), text);
    assert_string_equal(text, expected);
}

static void assert_problem(size_t index, const char *key, const char *value, const char *found)
{
    assert_true(index < parameters_scene.problem_count);
    assert_string_equal(parameters_scene.problems[index].key, key);
    assert_string_equal(parameters_scene.problems[index].value, value);
    assert_string_equal(parameters_scene.problems[index].found, found);
    assert_true(strlen(parameters_scene.problems[index].allowed) > 3);
}

static void no_key_means_defaults(void **state)
{
    static struct settings defaults;
    char expected[SETTING_VALUE_TEXT_SIZE], text[SETTING_VALUE_TEXT_SIZE];

    (void)state;
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    settings_defaults(&defaults);
    for (size_t i = 0; i < setting_count; i++) {
        settings_show(&defaults, i, expected);
        settings_show(&parameters_scene.settings, i, text);
        assert_string_equal(text, expected);
        assert_int_equal(parameters_scene.origins.settings[i], SETTING_BY_DEFAULT);
    }
    assert_int_equal(parameters_scene.problem_count, 0);
}

static void every_type_is_read(void **state)
{
    (void)state;
    parameters_scene_put_number(PARAMETERS_KEY, L"MaxLocksPerHour", 7);
    parameters_scene_put_number(PARAMETERS_KEY, L"RestartSmtp", 0);
    parameters_scene_put_text(PARAMETERS_KEY, L"Action", L"flag");
    parameters_scene_put_text(PARAMETERS_KEY, L"Channel", L"Forwarded Events");
    PUT_LIST(L"Limits", L"9/1m\0clients:3/5m\0");
    PUT_LIST(L"Exempt", L"fax*\0CONTOSO\\svc_?\0");
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 0);
    assert_int_equal(parameters_scene.settings.max_locks_per_hour, 7);
    assert_false(parameters_scene.settings.restart_smtp);
    assert_int_equal(parameters_scene.settings.action, LOCK_FLAG);
    assert_shown("Channel", "Forwarded Events");
    assert_int_equal(parameters_scene.settings.limits.count, 2);
    assert_int_equal(parameters_scene.settings.limits.limits[0].count, 9);
    assert_int_equal(parameters_scene.settings.exempt_count, 2);
    assert_true(text_equal(parameters_scene.settings.exempt[1], TEXT_OF(u"CONTOSO\\svc_?")));
    assert_int_equal(parameters_scene_origin(L"Action"), SETTING_BY_REGISTRY);
    assert_int_equal(parameters_scene_origin(L"Exempt"), SETTING_BY_REGISTRY);
    assert_int_equal(parameters_scene_origin(L"RestartSmtp"), SETTING_BY_REGISTRY);
    assert_int_equal(parameters_scene_origin(L"Reader"), SETTING_BY_DEFAULT);
}

static void lists_may_be_written_with_commas(void **state)
{
    (void)state;
    parameters_scene_put_text(PARAMETERS_KEY, L"Limits", L"9/1m, 20/1h");
    parameters_scene_put_text(PARAMETERS_KEY, L"Exempt", L"fax, scanner");
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 0);
    assert_int_equal(parameters_scene.settings.limits.count, 2);
    assert_int_equal(parameters_scene.settings.exempt_count, 2);
}

static void names_of_values_fold(void **state)
{
    (void)state;
    parameters_scene_put_number(PARAMETERS_KEY, L"MAXLOCKSPERHOUR", 7);
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.settings.max_locks_per_hour, 7);
    assert_int_equal(parameters_scene.problem_count, 0);
}

static void text_without_terminator_is_read(void **state)
{
    (void)state;
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_SZ, L"flag", 4 * sizeof(wchar_t));
    fake_registry_put(PARAMETERS_KEY, L"Limits", REG_MULTI_SZ, L"9/1m", 4 * sizeof(wchar_t));
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 0);
    assert_int_equal(parameters_scene.settings.action, LOCK_FLAG);
    assert_int_equal(parameters_scene.settings.limits.count, 1);
}

static void wrong_types_are_refused_by_name(void **state)
{
    static const DWORD number = 5;
    static const wchar_t text[] = L"5";
    (void)state;
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_DWORD, &number, sizeof(number));
    fake_registry_put(PARAMETERS_KEY, L"Channel", REG_EXPAND_SZ, text, sizeof(text));
    fake_registry_put(PARAMETERS_KEY, L"EventId", REG_SZ, text, sizeof(text));
    fake_registry_put(PARAMETERS_KEY, L"Provider", REG_MULTI_SZ, text, sizeof(text));
    fake_registry_put(PARAMETERS_KEY, L"Reader", 77, text, sizeof(text));
    fake_registry_put(PARAMETERS_KEY, L"RestartSmtp", REG_BINARY, &number, sizeof(number));
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 6);
    assert_problem(0, "Parameters", "Action", "a REG_DWORD value, 4 bytes");
    assert_problem(1, "Parameters", "RestartSmtp", "a REG_BINARY value, 4 bytes");
    assert_problem(2, "Parameters", "Reader", "a value of type 77, 4 bytes");
    assert_problem(3, "Parameters", "Channel", "a REG_EXPAND_SZ value, 4 bytes");
    assert_problem(4, "Parameters", "Provider", "a REG_MULTI_SZ value, 4 bytes");
    assert_problem(5, "Parameters", "EventId", "a REG_SZ value, 4 bytes");
    assert_int_equal(parameters_scene.settings.event_id, 1708);
    assert_int_equal(parameters_scene.settings.action, LOCK_DISABLE);
    assert_int_equal(parameters_scene_origin(L"EventId"), SETTING_BY_DEFAULT);
}

static void wrong_sizes_are_refused(void **state)
{
    static const BYTE bytes[8] = {5, 0, 'x', 0, 0, 0, 0, 0};
    (void)state;
    fake_registry_put(PARAMETERS_KEY, L"MaxLocksPerHour", REG_DWORD, bytes, 2);
    fake_registry_put(PARAMETERS_KEY, L"EventId", REG_DWORD, bytes, 8);
    fake_registry_put(PARAMETERS_KEY, L"StopTimeout", REG_DWORD, bytes, 0);
    fake_registry_put(PARAMETERS_KEY, L"Channel", REG_SZ, bytes, 5);
    fake_registry_put(PARAMETERS_KEY, L"Limits", REG_MULTI_SZ, bytes, 7);
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_SZ, bytes, 0);
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 6);
    assert_problem(0, "Parameters", "Limits", "a REG_MULTI_SZ value, 7 bytes");
    assert_problem(1, "Parameters", "Action", "");
    assert_problem(5, "Parameters", "EventId", "a REG_DWORD value, 8 bytes");
}

static void values_out_of_range_say_what_is_there(void **state)
{
    (void)state;
    parameters_scene_put_number(PARAMETERS_KEY, L"StopTimeout", 3);
    parameters_scene_put_number(PARAMETERS_KEY, L"RestartSmtp", 2);
    parameters_scene_put_number(PARAMETERS_KEY, L"MaxAccounts", 0xFFFFFFFF);
    parameters_scene_put_text(PARAMETERS_KEY, L"Action", L"delete");
    PUT_LIST(L"Limits", L"9/1m\0nonsense\0");
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 5);
    assert_problem(0, "Parameters", "Limits", "9/1m,nonsense");
    assert_problem(1, "Parameters", "Action", "delete");
    assert_problem(2, "Parameters", "RestartSmtp", "2");
    assert_problem(3, "Parameters", "StopTimeout", "3");
    assert_problem(4, "Parameters", "MaxAccounts", "4294967295");
    assert_string_equal(parameters_scene.problems[1].allowed, "flag, disable or password");
}

static void hidden_text_behind_a_nul_is_refused(void **state)
{
    static const wchar_t hidden[] = L"flag\0disable";
    (void)state;
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_SZ, hidden, sizeof(hidden));
    fake_registry_put(PARAMETERS_KEY, L"Exempt", REG_SZ, hidden, sizeof(hidden));
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 2);
    assert_problem(0, "Parameters", "Action", "a REG_SZ value, 26 bytes");
    assert_int_equal(parameters_scene.settings.exempt_count, 0);
}

static void values_over_64_kb_are_refused(void **state)
{
    wchar_t *large = malloc(65538);
    (void)state;
    wmemset(large, L'x', 65538 / sizeof(*large));
    fake_registry_put(PARAMETERS_KEY, L"Exempt", REG_MULTI_SZ, large, 65538);
    fake_registry_put(PARAMETERS_KEY L"\\Accounts\\bob", L"Limits", REG_SZ, large, 65538);
    fake_registry_put(PARAMETERS_KEY, L"Channel", REG_SZ, large, 65536);
    free(large);
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 3);
    assert_problem(0, "Parameters", "Exempt", "a value of over 65536 bytes");
    assert_string_equal(parameters_scene.problems[1].value, "Channel");
    assert_in_range(strlen(parameters_scene.problems[1].found), 500, 600); /* cut */
    assert_problem(2, "Parameters\\Accounts\\bob", "Limits", "a value of over 65536 bytes");
}

static void unknown_values_and_keys_are_refused(void **state)
{
    static wchar_t longest[16384];
    (void)state;
    parameters_scene_put_number(PARAMETERS_KEY, L"MaxLocksPerHuor", 7);
    parameters_scene_put_text(PARAMETERS_KEY, L"", L"default value");
    wmemset(longest, L'n', 16383);
    parameters_scene_put_text(PARAMETERS_KEY, longest, L"x");
    fake_registry_make(PARAMETERS_KEY L"\\Acounts\\bob");
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 4);
    assert_problem(0, "Parameters", "MaxLocksPerHuor", "a REG_DWORD value");
    assert_string_equal(parameters_scene.problems[0].allowed,
                        "one of the settings in docs/configuration.md");
    assert_problem(1, "Parameters", "", "a REG_SZ value");
    assert_problem(3, "Parameters", "Acounts", "a key");
}

static void accounts_have_limits_of_their_own(void **state)
{
    (void)state;
    parameters_scene_put_account(L"bob", L"500/1h");
    parameters_scene_put_account(L"CONTOSO/ann", L"9/1m, clients:2/1h");
    parameters_scene_put_account(L"eve@contoso.com", L"4/1m");
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 0);
    assert_int_equal(parameters_scene.settings.override_count, 3);
    bool found = false;
    for (size_t i = 0; i < 3; i++)
        if (text_equal(parameters_scene.settings.overrides[i].account, TEXT_OF(u"CONTOSO\\ann"))) {
            found = true;
            assert_int_equal(parameters_scene.settings.overrides[i].limits.count, 2);
        }
    assert_true(found);
}

static void bad_accounts_are_refused_by_name(void **state)
{
    static const DWORD number = 5;
    (void)state;
    parameters_scene_put_account(L"ann", L"often");
    parameters_scene_put_account(L"good", L"4/1m");
    fake_registry_make(PARAMETERS_KEY L"\\Accounts\\bob");
    fake_registry_put(PARAMETERS_KEY L"\\Accounts\\eve", L"Limits", REG_DWORD, &number, 4);
    fake_registry_put(PARAMETERS_KEY L"\\Accounts\\good", L"Action", REG_DWORD, &number, 4);
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 4);
    assert_problem(0, "Parameters\\Accounts\\ann", "Limits", "often");
    assert_problem(1, "Parameters\\Accounts\\good", "Action", "a REG_DWORD value");
    assert_problem(2, "Parameters\\Accounts\\bob", "Limits", "absent");
    assert_problem(3, "Parameters\\Accounts\\eve", "Limits", "a REG_DWORD value, 4 bytes");
    assert_int_equal(parameters_scene.settings.override_count, 1);
}

static void accounts_beyond_the_room_are_refused(void **state)
{
    (void)state;
    for (unsigned i = 0; i < GUARD_OVERRIDES_MAX + 3; i++) {
        wchar_t name[32];
        swprintf(name, ARRAYSIZE(name), L"user%u", i);
        parameters_scene_put_account(name, L"4/1m");
    }
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.settings.override_count, GUARD_OVERRIDES_MAX);
    assert_int_equal(parameters_scene.problem_count, 3);
}

static void settings_outlive_the_reading(void **state)
{
    static struct settings copy;
    (void)state;
    parameters_scene_put_account(L"bob", L"500/1h");
    parameters_scene_put_text(PARAMETERS_KEY, L"Exempt", L"fax");
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    settings_copy(&copy, &parameters_scene.settings);
    memset(&parameters_scene.settings, 0xDD, sizeof parameters_scene.settings);
    assert_true(text_equal(copy.overrides[0].account, TEXT_OF(u"bob")));
    assert_true(text_equal(copy.exempt[0], TEXT_OF(u"fax")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(no_key_means_defaults, parameters_scene_reset),
        cmocka_unit_test_setup(every_type_is_read, parameters_scene_reset),
        cmocka_unit_test_setup(lists_may_be_written_with_commas, parameters_scene_reset),
        cmocka_unit_test_setup(names_of_values_fold, parameters_scene_reset),
        cmocka_unit_test_setup(text_without_terminator_is_read, parameters_scene_reset),
        cmocka_unit_test_setup(wrong_types_are_refused_by_name, parameters_scene_reset),
        cmocka_unit_test_setup(wrong_sizes_are_refused, parameters_scene_reset),
        cmocka_unit_test_setup(values_out_of_range_say_what_is_there, parameters_scene_reset),
        cmocka_unit_test_setup(hidden_text_behind_a_nul_is_refused, parameters_scene_reset),
        cmocka_unit_test_setup(values_over_64_kb_are_refused, parameters_scene_reset),
        cmocka_unit_test_setup(unknown_values_and_keys_are_refused, parameters_scene_reset),
        cmocka_unit_test_setup(accounts_have_limits_of_their_own, parameters_scene_reset),
        cmocka_unit_test_setup(bad_accounts_are_refused_by_name, parameters_scene_reset),
        cmocka_unit_test_setup(accounts_beyond_the_room_are_refused, parameters_scene_reset),
        cmocka_unit_test_setup(settings_outlive_the_reading, parameters_scene_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
