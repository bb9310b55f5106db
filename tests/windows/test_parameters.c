/* test_parameters.c: reading the settings, against a registry in memory. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "windows/parameters.h"
#include "fake_registry.h"

enum { PROBLEMS_MAX = 512 };

struct problem {
    char key[400], value[400], found[2000], allowed[200];
};

static struct problem problems[PROBLEMS_MAX];
static size_t problem_count, told_count;
static struct settings settings;
static struct setting_origins origins;

static void record(void *context, const struct parameters_problem *problem)
{
    assert_ptr_equal(context, &problems);
    assert_true(problem_count < PROBLEMS_MAX);
    struct problem *to = &problems[problem_count++];
    text_to_utf8(to->key, sizeof(to->key), problem->key);
    text_to_utf8(to->value, sizeof(to->value), problem->value);
    text_to_utf8(to->found, sizeof(to->found), problem->found);
    snprintf(to->allowed, sizeof(to->allowed), "%s", problem->allowed);
}

static DWORD read_all(void)
{
    problem_count = told_count = 0;
    memset(&settings, 0xCC, sizeof(settings));
    memset(&origins, 0xCC, sizeof(origins));
    DWORD error = parameters_read(&settings, &origins, &told_count, record, problems);
    assert_int_equal(fake_registry_open_handles(), 0);
    if (error == ERROR_SUCCESS)
        assert_int_equal(told_count, problem_count);
    return error;
}

static int reset(void **state)
{
    (void)state;
    fake_registry_reset();
    return 0;
}

static void put_number(const wchar_t *name, DWORD number)
{
    fake_registry_put(PARAMETERS_KEY, name, REG_DWORD, &number, sizeof(number));
}

static void put_text(const wchar_t *name, const wchar_t *text)
{
    fake_registry_put(PARAMETERS_KEY, name, REG_SZ, text,
                      (DWORD)((wcslen(text) + 1) * sizeof(*text)));
}

#define PUT_LIST(name, literal)                                                                    \
    fake_registry_put(PARAMETERS_KEY, name, REG_MULTI_SZ, literal, sizeof(literal))

static void put_account(const wchar_t *account, const wchar_t *limits)
{
    wchar_t path[600];

    swprintf(path, ARRAYSIZE(path), L"%ls\\Accounts\\%ls", PARAMETERS_KEY, account);
    fake_registry_put(path, L"Limits", REG_SZ, limits,
                      (DWORD)((wcslen(limits) + 1) * sizeof(*limits)));
}

static void assert_shown(const char *name, const char *expected)
{
    static char text[SETTING_VALUE_TEXT_SIZE];
    char16_t wide[64];
    size_t count;

    assert_true(text_from_utf8(wide, ARRAYSIZE(wide), name, &count));
    settings_show(&settings, setting_find((struct text){wide, count}), text);
    assert_string_equal(text, expected);
}

static bool is_present(const wchar_t *name)
{
    return origins.settings[setting_find(text_of(name))] == SETTING_BY_REGISTRY;
}

static void assert_problem(size_t index, const char *key, const char *value, const char *found)
{
    assert_true(index < problem_count);
    assert_string_equal(problems[index].key, key);
    assert_string_equal(problems[index].value, value);
    assert_string_equal(problems[index].found, found);
    assert_true(strlen(problems[index].allowed) > 3);
}

static void no_key_means_defaults(void **state)
{
    static struct settings defaults;
    char expected[SETTING_VALUE_TEXT_SIZE], text[SETTING_VALUE_TEXT_SIZE];

    (void)state;
    assert_int_equal(read_all(), ERROR_SUCCESS);
    settings_defaults(&defaults);
    for (size_t i = 0; i < setting_count; i++) {
        settings_show(&defaults, i, expected);
        settings_show(&settings, i, text);
        assert_string_equal(text, expected);
        assert_int_equal(origins.settings[i], SETTING_BY_DEFAULT);
    }
    assert_int_equal(problem_count, 0);
}

static void every_type_is_read(void **state)
{
    (void)state;
    put_number(L"MaxLocksPerHour", 7);
    put_number(L"RestartSmtp", 0);
    put_text(L"Action", L"flag");
    put_text(L"Channel", L"Forwarded Events");
    PUT_LIST(L"Limits", L"9/1m\0clients:3/5m\0");
    PUT_LIST(L"Exempt", L"fax*\0CONTOSO\\svc_?\0");
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(problem_count, 0);
    assert_int_equal(settings.max_locks_per_hour, 7);
    assert_false(settings.restart_smtp);
    assert_int_equal(settings.action, LOCK_FLAG);
    assert_shown("Channel", "Forwarded Events");
    assert_int_equal(settings.limits.count, 2);
    assert_int_equal(settings.limits.limits[0].count, 9);
    assert_int_equal(settings.exempt_count, 2);
    assert_true(text_equal(settings.exempt[1], TEXT_OF(u"CONTOSO\\svc_?")));
    assert_true(is_present(L"Action") && is_present(L"Exempt") && is_present(L"RestartSmtp"));
    assert_false(is_present(L"Reader"));
}

static void lists_may_be_written_with_commas(void **state)
{
    (void)state;
    put_text(L"Limits", L"9/1m, 20/1h");
    put_text(L"Exempt", L"fax, scanner");
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(problem_count, 0);
    assert_int_equal(settings.limits.count, 2);
    assert_int_equal(settings.exempt_count, 2);
}

static void names_of_values_fold(void **state)
{
    (void)state;
    put_number(L"MAXLOCKSPERHOUR", 7);
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(settings.max_locks_per_hour, 7);
    assert_int_equal(problem_count, 0);
}

static void text_without_terminator_is_read(void **state)
{
    (void)state;
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_SZ, L"flag", 4 * sizeof(wchar_t));
    fake_registry_put(PARAMETERS_KEY, L"Limits", REG_MULTI_SZ, L"9/1m", 4 * sizeof(wchar_t));
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(problem_count, 0);
    assert_int_equal(settings.action, LOCK_FLAG);
    assert_int_equal(settings.limits.count, 1);
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
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(problem_count, 6);
    assert_problem(0, "Parameters", "Action", "a REG_DWORD value, 4 bytes");
    assert_problem(1, "Parameters", "RestartSmtp", "a REG_BINARY value, 4 bytes");
    assert_problem(2, "Parameters", "Reader", "a value of type 77, 4 bytes");
    assert_problem(3, "Parameters", "Channel", "a REG_EXPAND_SZ value, 4 bytes");
    assert_problem(4, "Parameters", "Provider", "a REG_MULTI_SZ value, 4 bytes");
    assert_problem(5, "Parameters", "EventId", "a REG_SZ value, 4 bytes");
    assert_int_equal(settings.event_id, 1708);
    assert_int_equal(settings.action, LOCK_DISABLE);
    assert_false(is_present(L"EventId"));
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
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(problem_count, 6);
    assert_problem(0, "Parameters", "Limits", "a REG_MULTI_SZ value, 7 bytes");
    assert_problem(1, "Parameters", "Action", "");
    assert_problem(5, "Parameters", "EventId", "a REG_DWORD value, 8 bytes");
}

static void values_out_of_range_say_what_is_there(void **state)
{
    (void)state;
    put_number(L"StopTimeout", 3);
    put_number(L"RestartSmtp", 2);
    put_number(L"MaxAccounts", 0xFFFFFFFF);
    put_text(L"Action", L"delete");
    PUT_LIST(L"Limits", L"9/1m\0nonsense\0");
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(problem_count, 5);
    assert_problem(0, "Parameters", "Limits", "9/1m,nonsense");
    assert_problem(1, "Parameters", "Action", "delete");
    assert_problem(2, "Parameters", "RestartSmtp", "2");
    assert_problem(3, "Parameters", "StopTimeout", "3");
    assert_problem(4, "Parameters", "MaxAccounts", "4294967295");
    assert_string_equal(problems[1].allowed, "flag, disable or password");
}

static void hidden_text_behind_a_nul_is_refused(void **state)
{
    static const wchar_t hidden[] = L"flag\0disable";
    (void)state;
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_SZ, hidden, sizeof(hidden));
    fake_registry_put(PARAMETERS_KEY, L"Exempt", REG_SZ, hidden, sizeof(hidden));
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(problem_count, 2);
    assert_problem(0, "Parameters", "Action", "a REG_SZ value, 26 bytes");
    assert_int_equal(settings.exempt_count, 0);
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
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(problem_count, 3);
    assert_problem(0, "Parameters", "Exempt", "a value of over 65536 bytes");
    assert_string_equal(problems[1].value, "Channel");
    assert_in_range(strlen(problems[1].found), 500, 600); /* cut */
    assert_problem(2, "Parameters\\Accounts\\bob", "Limits", "a value of over 65536 bytes");
}

static void unknown_values_and_keys_are_refused(void **state)
{
    static wchar_t longest[16384];
    (void)state;
    put_number(L"MaxLocksPerHuor", 7);
    put_text(L"", L"default value");
    wmemset(longest, L'n', 16383);
    put_text(longest, L"x");
    fake_registry_make(PARAMETERS_KEY L"\\Acounts\\bob");
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(problem_count, 4);
    assert_problem(0, "Parameters", "MaxLocksPerHuor", "a REG_DWORD value");
    assert_string_equal(problems[0].allowed, "one of the settings in docs/configuration.md");
    assert_problem(1, "Parameters", "", "a REG_SZ value");
    assert_problem(3, "Parameters", "Acounts", "a key");
}

static void accounts_have_limits_of_their_own(void **state)
{
    (void)state;
    put_account(L"bob", L"500/1h");
    put_account(L"CONTOSO/ann", L"9/1m, clients:2/1h");
    put_account(L"eve@contoso.com", L"4/1m");
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(problem_count, 0);
    assert_int_equal(settings.override_count, 3);
    bool found = false;
    for (size_t i = 0; i < 3; i++)
        if (text_equal(settings.overrides[i].account, TEXT_OF(u"CONTOSO\\ann"))) {
            found = true;
            assert_int_equal(settings.overrides[i].limits.count, 2);
        }
    assert_true(found);
}

static void bad_accounts_are_refused_by_name(void **state)
{
    static const DWORD number = 5;
    (void)state;
    put_account(L"ann", L"often");
    put_account(L"good", L"4/1m");
    fake_registry_make(PARAMETERS_KEY L"\\Accounts\\bob");
    fake_registry_put(PARAMETERS_KEY L"\\Accounts\\eve", L"Limits", REG_DWORD, &number, 4);
    fake_registry_put(PARAMETERS_KEY L"\\Accounts\\good", L"Action", REG_DWORD, &number, 4);
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(problem_count, 4);
    assert_problem(0, "Parameters\\Accounts\\ann", "Limits", "often");
    assert_problem(1, "Parameters\\Accounts\\good", "Action", "a REG_DWORD value");
    assert_problem(2, "Parameters\\Accounts\\bob", "Limits", "absent");
    assert_problem(3, "Parameters\\Accounts\\eve", "Limits", "a REG_DWORD value, 4 bytes");
    assert_int_equal(settings.override_count, 1);
}

static void accounts_beyond_the_room_are_refused(void **state)
{
    (void)state;
    for (unsigned i = 0; i < GUARD_OVERRIDES_MAX + 3; i++) {
        wchar_t name[32];
        swprintf(name, ARRAYSIZE(name), L"user%u", i);
        put_account(name, L"4/1m");
    }
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(settings.override_count, GUARD_OVERRIDES_MAX);
    assert_int_equal(problem_count, 3);
}

static void settings_outlive_the_reading(void **state)
{
    static struct settings copy;
    (void)state;
    put_account(L"bob", L"500/1h");
    put_text(L"Exempt", L"fax");
    assert_int_equal(read_all(), ERROR_SUCCESS);
    settings_copy(&copy, &settings);
    memset(&settings, 0xDD, sizeof(settings));
    assert_true(text_equal(copy.overrides[0].account, TEXT_OF(u"bob")));
    assert_true(text_equal(copy.exempt[0], TEXT_OF(u"fax")));
}

static void fill(void)
{
    fake_registry_reset();
    put_number(L"MaxLocksPerHour", 7);
    put_text(L"Action", L"flag");
    put_text(L"Slip", L"x");
    put_account(L"ann", L"4/1m");
    put_account(L"bob", L"often");
}

static void any_call_may_fail_and_nothing_is_touched(void **state)
{
    static const LSTATUS codes[] = {ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE, ERROR_BADKEY,
                                    ERROR_REGISTRY_CORRUPT, ERROR_NO_SYSTEM_RESOURCES};
    static struct settings untouched;
    unsigned failures = 0;

    (void)state;
    memset(&untouched, 0xCC, sizeof(untouched));
    for (size_t i = 0; i < ARRAYSIZE(codes); i++)
        for (unsigned n = 1; n < 60; n++) {
            fill();
            fake_registry_fail(n, codes[i]);
            DWORD error = read_all();
            if (error == ERROR_SUCCESS) {
                assert_int_equal(settings.max_locks_per_hour, 7);
                assert_int_equal(settings.override_count, 1);
                continue;
            }
            failures++;
            assert_int_equal(error, (DWORD)codes[i]);
            assert_memory_equal(&settings, &untouched, sizeof(settings));
            assert_int_equal(told_count, 0);
            assert_memory_equal(&origins, &untouched, sizeof(origins));
        }
    assert_in_range(failures, 100, 300);
}

static void denied_keys_are_said(void **state)
{
    (void)state;
    fill();
    fake_registry_deny(PARAMETERS_KEY L"\\Accounts");
    assert_int_equal(read_all(), ERROR_ACCESS_DENIED);
    fill();
    fake_registry_deny(PARAMETERS_KEY);
    assert_int_equal(read_all(), ERROR_ACCESS_DENIED);
}

static void remove_accounts(void *context)
{
    fake_registry_remove(context);
}

static void keys_that_go_away_meanwhile_never_were(void **state)
{
    static wchar_t ann[] = PARAMETERS_KEY L"\\Accounts\\ann";
    static wchar_t accounts[] = PARAMETERS_KEY L"\\Accounts";
    static wchar_t *const paths[] = {ann, accounts};
    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(paths); i++)
        for (unsigned n = 1; n < 40; n++) {
            fill();
            fake_registry_before(n, remove_accounts, paths[i]);
            DWORD error = read_all();
            assert_int_equal(error, ERROR_SUCCESS);
            assert_int_equal(settings.max_locks_per_hour, 7);
        }
}

static void callers_may_want_no_details(void **state)
{
    size_t count = 99;
    (void)state;
    fill();
    assert_int_equal(parameters_read(&settings, NULL, &count, NULL, NULL), ERROR_SUCCESS);
    assert_int_equal(count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(no_key_means_defaults, reset),
        cmocka_unit_test_setup(every_type_is_read, reset),
        cmocka_unit_test_setup(lists_may_be_written_with_commas, reset),
        cmocka_unit_test_setup(names_of_values_fold, reset),
        cmocka_unit_test_setup(text_without_terminator_is_read, reset),
        cmocka_unit_test_setup(wrong_types_are_refused_by_name, reset),
        cmocka_unit_test_setup(wrong_sizes_are_refused, reset),
        cmocka_unit_test_setup(values_out_of_range_say_what_is_there, reset),
        cmocka_unit_test_setup(hidden_text_behind_a_nul_is_refused, reset),
        cmocka_unit_test_setup(values_over_64_kb_are_refused, reset),
        cmocka_unit_test_setup(unknown_values_and_keys_are_refused, reset),
        cmocka_unit_test_setup(accounts_have_limits_of_their_own, reset),
        cmocka_unit_test_setup(bad_accounts_are_refused_by_name, reset),
        cmocka_unit_test_setup(accounts_beyond_the_room_are_refused, reset),
        cmocka_unit_test_setup(settings_outlive_the_reading, reset),
        cmocka_unit_test_setup(any_call_may_fail_and_nothing_is_touched, reset),
        cmocka_unit_test_setup(denied_keys_are_said, reset),
        cmocka_unit_test_setup(keys_that_go_away_meanwhile_never_were, reset),
        cmocka_unit_test_setup(callers_may_want_no_details, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
