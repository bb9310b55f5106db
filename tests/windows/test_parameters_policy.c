/* test_parameters_policy.c: what Group Policy sets wins over what the host itself is set to. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "windows/parameters.h"
#include "fake_registry.h"

#define ACCOUNTS PARAMETERS_POLICY_KEY L"\\Accounts"

static struct {
    struct parameters_problem last;
    char key[200], value[200], found[200], instead[SETTING_VALUE_TEXT_SIZE];
    size_t count;
} told;
static struct settings settings;
static struct setting_origins origins;

static void record(void *context, const struct parameters_problem *problem)
{
    size_t index = setting_find(problem->value);
    assert_null(context);
    told.count++;
    told.last = *problem;
    text_to_utf8(told.key, sizeof told.key, problem->key);
    text_to_utf8(told.value, sizeof told.value, problem->value);
    text_to_utf8(told.found, sizeof told.found, problem->found);
    if (index != SIZE_MAX)
        settings_show(problem->settings, index, told.instead);
}

static DWORD read_all(void)
{
    size_t problems = 0;
    memset(&told, 0, sizeof told);
    memset(&settings, 0xCC, sizeof settings);
    memset(&origins, 0xCC, sizeof origins);
    DWORD error = parameters_read(&settings, &origins, &problems, record, NULL);
    assert_int_equal(fake_registry_open_handles(), 0);
    if (error == ERROR_SUCCESS)
        assert_int_equal(problems, told.count);
    return error;
}

static int reset(void **state)
{
    (void)state;
    fake_registry_reset();
    return 0;
}

static void put_number(const wchar_t *key, const wchar_t *name, DWORD number)
{
    fake_registry_put(key, name, REG_DWORD, &number, sizeof number);
}

static void put_text(const wchar_t *key, const wchar_t *name, const wchar_t *text)
{
    fake_registry_put(key, name, REG_SZ, text, (DWORD)((wcslen(text) + 1) * sizeof *text));
}

static enum setting_origin origin_of(const wchar_t *name)
{
    return origins.settings[setting_find(text_of(name))];
}

/* The first limit of an account, as text, and where it comes from. */
static void assert_account(const wchar_t *name, const char *limit, enum setting_origin origin)
{
    char text[LIMIT_TEXT_SIZE];
    size_t index = settings_find_account(&settings, text_of(name));
    assert_true(index < settings.override_count);
    limit_to_text(&settings.overrides[index].limits.limits[0], text);
    assert_string_equal(text, limit);
    assert_int_equal(origins.accounts[index], origin);
}

static void a_policy_wins_and_the_rest_stays_local(void **state)
{
    (void)state;
    put_number(PARAMETERS_KEY, L"MaxLocksPerHour", 7);
    put_number(PARAMETERS_KEY, L"StopTimeout", 60);
    put_text(PARAMETERS_KEY, L"Action", L"password");
    put_number(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour", 3);
    put_text(PARAMETERS_POLICY_KEY, L"Exempt", L"fax, CONTOSO\\news");
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(told.count, 0);
    assert_int_equal(settings.max_locks_per_hour, 3);
    assert_int_equal(settings.stop_timeout, 60);
    assert_int_equal(settings.action, LOCK_PASSWORD);
    assert_int_equal(settings.exempt_count, 2);
    assert_int_equal(origin_of(L"MaxLocksPerHour"), SETTING_BY_POLICY);
    assert_int_equal(origin_of(L"Exempt"), SETTING_BY_POLICY);
    assert_int_equal(origin_of(L"StopTimeout"), SETTING_BY_REGISTRY);
    assert_int_equal(origin_of(L"Reader"), SETTING_BY_DEFAULT);
}

static void a_policy_counts_without_local_settings(void **state)
{
    (void)state;
    put_text(PARAMETERS_POLICY_KEY, L"ACTION", L"Flag");
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(settings.action, LOCK_FLAG);
    assert_int_equal(origin_of(L"Action"), SETTING_BY_POLICY);
}

static void an_empty_list_of_the_policy_is_one(void **state)
{
    (void)state;
    put_text(PARAMETERS_KEY, L"Exempt", L"fax");
    fake_registry_put(PARAMETERS_POLICY_KEY, L"Exempt", REG_MULTI_SZ, L"", 2);
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(told.count, 0);
    assert_int_equal(settings.exempt_count, 0);
    assert_int_equal(origin_of(L"Exempt"), SETTING_BY_POLICY);
}

static void a_wrong_policy_gives_way_to_the_local_setting(void **state)
{
    (void)state;
    put_text(PARAMETERS_KEY, L"Action", L"flag");
    put_text(PARAMETERS_POLICY_KEY, L"Action", L"shoot");
    put_number(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour", 2);
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(told.count, 1);
    assert_int_equal(told.last.origin, SETTING_BY_POLICY);
    assert_string_equal(told.key, "SOFTWARE\\Policies\\RelayLock");
    assert_string_equal(told.value, "Action");
    assert_string_equal(told.found, "shoot");
    assert_string_equal(told.last.allowed, "flag, disable or password");
    assert_string_equal(told.instead, "flag");
    assert_int_equal(settings.action, LOCK_FLAG);
    assert_int_equal(origin_of(L"Action"), SETTING_BY_REGISTRY);
    assert_int_equal(settings.max_locks_per_hour, 2);
}

static void where_both_are_wrong_the_default_counts(void **state)
{
    (void)state;
    put_number(PARAMETERS_KEY, L"StopTimeout", 1);
    put_text(PARAMETERS_POLICY_KEY, L"StopTimeout", L"60"); /* the type is wrong */
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(told.count, 2);
    assert_string_equal(told.found, "a REG_SZ value, 6 bytes");
    assert_string_equal(told.instead, "120");
    assert_int_equal(settings.stop_timeout, 120);
    assert_int_equal(origin_of(L"StopTimeout"), SETTING_BY_DEFAULT);
}

static void what_a_policy_cannot_have_is_named(void **state)
{
    (void)state;
    put_number(PARAMETERS_POLICY_KEY, L"MaxLocksPerHuor", 2);
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(told.count, 1);
    assert_string_equal(told.value, "MaxLocksPerHuor");
    fake_registry_reset();
    fake_registry_make(PARAMETERS_POLICY_KEY L"\\Acounts");
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_string_equal(told.value, "Acounts");
    assert_string_equal(told.found, "a key");
    fake_registry_reset();
    fake_registry_make(ACCOUNTS L"\\bob"); /* as the host's own settings have it */
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(told.count, 1);
    assert_string_equal(told.key, "SOFTWARE\\Policies\\RelayLock\\Accounts");
    assert_string_equal(told.value, "bob");
}

static void accounts_are_values_named_by_the_account(void **state)
{
    (void)state;
    put_text(PARAMETERS_KEY L"\\Accounts\\CONTOSO/ann", L"Limits", L"9/1m");
    put_text(PARAMETERS_KEY L"\\Accounts\\bob", L"Limits", L"8/1m");
    put_text(ACCOUNTS, L"contoso\\ANN", L"500/10m, 2000/1d");
    put_text(ACCOUNTS, L"CONTOSO/eve", L"4/1m");
    put_text(ACCOUNTS, L"svc-*", L"3/1m");
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(told.count, 0);
    assert_int_equal(settings.override_count, 4);
    assert_account(L"CONTOSO\\ann", "500/10m", SETTING_BY_POLICY);
    assert_account(L"bob", "8/1m", SETTING_BY_REGISTRY);
    assert_account(L"CONTOSO\\eve", "4/1m", SETTING_BY_POLICY);
    assert_account(L"svc-*", "3/1m", SETTING_BY_POLICY);
}

static void wrong_limits_of_an_account_leave_the_local_ones(void **state)
{
    (void)state;
    put_text(PARAMETERS_KEY L"\\Accounts\\bob", L"Limits", L"8/1m");
    put_text(ACCOUNTS, L"bob", L"often");
    put_number(ACCOUNTS, L"eve", 7);
    put_text(ACCOUNTS, L"", L"5/1m");
    put_text(ACCOUNTS, L"ann", L"7/1m");
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(told.count, 3);
    assert_string_equal(told.key, "SOFTWARE\\Policies\\RelayLock\\Accounts");
    assert_int_equal(settings.override_count, 2);
    assert_account(L"bob", "8/1m", SETTING_BY_REGISTRY);
    assert_account(L"ann", "7/1m", SETTING_BY_POLICY);
}

static void accounts_of_both_share_the_room(void **state)
{
    (void)state;
    for (unsigned i = 0; i < GUARD_OVERRIDES_MAX; i++) {
        wchar_t path[200];
        swprintf(path, ARRAYSIZE(path), L"%ls\\Accounts\\user%u", PARAMETERS_KEY, i);
        put_text(path, L"Limits", L"4/1m");
    }
    put_text(ACCOUNTS, L"user7", L"5/1m");
    put_text(ACCOUNTS, L"other", L"6/1m");
    assert_int_equal(read_all(), ERROR_SUCCESS);
    assert_int_equal(told.count, 1);
    assert_string_equal(told.value, "other");
    assert_account(L"user7", "5/1m", SETTING_BY_POLICY);
}

static void fill(void)
{
    fake_registry_reset();
    put_number(PARAMETERS_KEY, L"MaxLocksPerHour", 7);
    put_text(PARAMETERS_POLICY_KEY, L"Action", L"flag");
    put_text(PARAMETERS_POLICY_KEY, L"Slip", L"x");
    put_text(ACCOUNTS, L"ann", L"4/1m");
    put_text(ACCOUNTS, L"bob", L"often");
}

static void any_call_may_fail_and_nothing_is_touched(void **state)
{
    static struct settings untouched;
    unsigned failures = 0;
    (void)state;
    memset(&untouched, 0xCC, sizeof untouched);
    for (unsigned n = 1;; n++) {
        fill();
        unsigned before = fake_registry_calls();
        fake_registry_fail(n, ERROR_NO_SYSTEM_RESOURCES);
        DWORD error = read_all();
        if (fake_registry_calls() - before < n)
            break;
        if (error == ERROR_SUCCESS) {
            assert_string_equal(fake_registry_failed(), "RegCloseKey");
            assert_int_equal(settings.action, LOCK_FLAG);
            assert_int_equal(settings.override_count, 1);
            continue;
        }
        failures++;
        assert_int_equal(error, ERROR_NO_SYSTEM_RESOURCES);
        assert_memory_equal(&settings, &untouched, sizeof settings);
        assert_memory_equal(&origins, &untouched, sizeof origins);
    }
    assert_true(failures > 2 * setting_count);
}

static void a_policy_that_may_not_be_read_is_an_error(void **state)
{
    (void)state;
    fill();
    fake_registry_deny(PARAMETERS_POLICY_KEY);
    assert_int_equal(read_all(), ERROR_ACCESS_DENIED);
    fill();
    fake_registry_deny(ACCOUNTS);
    assert_int_equal(read_all(), ERROR_ACCESS_DENIED);
}

static void remove_key(void *context)
{
    fake_registry_remove(context);
}

static void a_policy_that_goes_away_meanwhile_never_was(void **state)
{
    static wchar_t policy[] = PARAMETERS_POLICY_KEY, accounts[] = ACCOUNTS;
    static wchar_t *const paths[] = {policy, accounts};
    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(paths); i++)
        for (unsigned n = 1; n < 80; n++) {
            fill();
            fake_registry_before(n, remove_key, paths[i]);
            assert_int_equal(read_all(), ERROR_SUCCESS);
            assert_int_equal(settings.max_locks_per_hour, 7);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_policy_wins_and_the_rest_stays_local, reset),
        cmocka_unit_test_setup(a_policy_counts_without_local_settings, reset),
        cmocka_unit_test_setup(an_empty_list_of_the_policy_is_one, reset),
        cmocka_unit_test_setup(a_wrong_policy_gives_way_to_the_local_setting, reset),
        cmocka_unit_test_setup(where_both_are_wrong_the_default_counts, reset),
        cmocka_unit_test_setup(what_a_policy_cannot_have_is_named, reset),
        cmocka_unit_test_setup(accounts_are_values_named_by_the_account, reset),
        cmocka_unit_test_setup(wrong_limits_of_an_account_leave_the_local_ones, reset),
        cmocka_unit_test_setup(accounts_of_both_share_the_room, reset),
        cmocka_unit_test_setup(any_call_may_fail_and_nothing_is_touched, reset),
        cmocka_unit_test_setup(a_policy_that_may_not_be_read_is_an_error, reset),
        cmocka_unit_test_setup(a_policy_that_goes_away_meanwhile_never_was, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
