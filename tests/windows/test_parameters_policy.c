/* What Group Policy sets wins over what the host itself is set to. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "parameters_scene.h"

#define ACCOUNTS PARAMETERS_POLICY_KEY L"\\Accounts"

static const struct parameters_scene_problem *last_problem(void)
{
    assert_true(parameters_scene.problem_count > 0);
    return &parameters_scene.problems[parameters_scene.problem_count - 1];
}

/* The first limit of an account, as text, and where it comes from. */
static void assert_account(const wchar_t *name, const char *limit, enum setting_origin origin)
{
    char text[LIMIT_TEXT_SIZE];
    size_t index = settings_find_account(&parameters_scene.settings, text_of(name));
    assert_true(index < parameters_scene.settings.override_count);
    limit_to_text(&parameters_scene.settings.overrides[index].limits.limits[0], text);
    assert_string_equal(text, limit);
    assert_int_equal(parameters_scene.origins.accounts[index], origin);
}

static void a_policy_wins_and_the_rest_stays_local(void **state)
{
    (void)state;
    parameters_scene_put_number(PARAMETERS_KEY, L"MaxLocksPerHour", 7);
    parameters_scene_put_number(PARAMETERS_KEY, L"StopTimeout", 60);
    parameters_scene_put_text(PARAMETERS_KEY, L"Action", L"password");
    parameters_scene_put_number(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour", 3);
    parameters_scene_put_text(PARAMETERS_POLICY_KEY, L"Exempt", L"fax, CONTOSO\\news");
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 0);
    assert_int_equal(parameters_scene.settings.max_locks_per_hour, 3);
    assert_int_equal(parameters_scene.settings.stop_timeout, 60);
    assert_int_equal(parameters_scene.settings.action, LOCK_PASSWORD);
    assert_int_equal(parameters_scene.settings.exempt_count, 2);
    assert_int_equal(parameters_scene_origin(L"MaxLocksPerHour"), SETTING_BY_POLICY);
    assert_int_equal(parameters_scene_origin(L"Exempt"), SETTING_BY_POLICY);
    assert_int_equal(parameters_scene_origin(L"StopTimeout"), SETTING_BY_REGISTRY);
    assert_int_equal(parameters_scene_origin(L"Reader"), SETTING_BY_DEFAULT);
}

static void a_policy_counts_without_local_settings(void **state)
{
    (void)state;
    parameters_scene_put_text(PARAMETERS_POLICY_KEY, L"ACTION", L"Flag");
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.settings.action, LOCK_FLAG);
    assert_int_equal(parameters_scene_origin(L"Action"), SETTING_BY_POLICY);
}

static void an_empty_list_of_the_policy_is_one(void **state)
{
    (void)state;
    parameters_scene_put_text(PARAMETERS_KEY, L"Exempt", L"fax");
    fake_registry_put(PARAMETERS_POLICY_KEY, L"Exempt", REG_MULTI_SZ, L"", 2);
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 0);
    assert_int_equal(parameters_scene.settings.exempt_count, 0);
    assert_int_equal(parameters_scene_origin(L"Exempt"), SETTING_BY_POLICY);
}

static void a_wrong_policy_gives_way_to_the_local_setting(void **state)
{
    (void)state;
    parameters_scene_put_text(PARAMETERS_KEY, L"Action", L"flag");
    parameters_scene_put_text(PARAMETERS_POLICY_KEY, L"Action", L"shoot");
    parameters_scene_put_number(PARAMETERS_POLICY_KEY, L"MaxLocksPerHour", 2);
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 1);
    assert_int_equal(last_problem()->origin, SETTING_BY_POLICY);
    assert_string_equal(last_problem()->key, "SOFTWARE\\Policies\\RelayLock");
    assert_string_equal(last_problem()->value, "Action");
    assert_string_equal(last_problem()->found, "shoot");
    assert_string_equal(last_problem()->allowed, "flag, disable or password");
    assert_string_equal(parameters_scene.instead, "flag");
    assert_int_equal(parameters_scene.settings.action, LOCK_FLAG);
    assert_int_equal(parameters_scene_origin(L"Action"), SETTING_BY_REGISTRY);
    assert_int_equal(parameters_scene.settings.max_locks_per_hour, 2);
}

static void where_both_are_wrong_the_default_counts(void **state)
{
    (void)state;
    parameters_scene_put_number(PARAMETERS_KEY, L"StopTimeout", 1);
    parameters_scene_put_text(PARAMETERS_POLICY_KEY, L"StopTimeout", L"60"); /* the type is wrong */
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 2);
    assert_string_equal(last_problem()->found, "a REG_SZ value, 6 bytes");
    assert_string_equal(parameters_scene.instead, "120");
    assert_int_equal(parameters_scene.settings.stop_timeout, 120);
    assert_int_equal(parameters_scene_origin(L"StopTimeout"), SETTING_BY_DEFAULT);
}

static void what_a_policy_cannot_have_is_named(void **state)
{
    (void)state;
    parameters_scene_put_number(PARAMETERS_POLICY_KEY, L"MaxLocksPerHuor", 2);
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 1);
    assert_string_equal(last_problem()->value, "MaxLocksPerHuor");
    fake_registry_reset();
    fake_registry_make(PARAMETERS_POLICY_KEY L"\\Acounts");
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_string_equal(last_problem()->value, "Acounts");
    assert_string_equal(last_problem()->found, "a key");
    fake_registry_reset();
    fake_registry_make(ACCOUNTS L"\\bob"); /* as the host's own settings have it */
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 1);
    assert_string_equal(last_problem()->key, "SOFTWARE\\Policies\\RelayLock\\Accounts");
    assert_string_equal(last_problem()->value, "bob");
}

static void accounts_are_values_named_by_the_account(void **state)
{
    (void)state;
    parameters_scene_put_text(PARAMETERS_KEY L"\\Accounts\\CONTOSO/ann", L"Limits", L"9/1m");
    parameters_scene_put_text(PARAMETERS_KEY L"\\Accounts\\bob", L"Limits", L"8/1m");
    parameters_scene_put_text(ACCOUNTS, L"contoso\\ANN", L"500/10m, 2000/1d");
    parameters_scene_put_text(ACCOUNTS, L"CONTOSO/eve", L"4/1m");
    parameters_scene_put_text(ACCOUNTS, L"svc-*", L"3/1m");
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 0);
    assert_int_equal(parameters_scene.settings.override_count, 4);
    assert_account(L"CONTOSO\\ann", "500/10m", SETTING_BY_POLICY);
    assert_account(L"bob", "8/1m", SETTING_BY_REGISTRY);
    assert_account(L"CONTOSO\\eve", "4/1m", SETTING_BY_POLICY);
    assert_account(L"svc-*", "3/1m", SETTING_BY_POLICY);
}

static void wrong_limits_of_an_account_leave_the_local_ones(void **state)
{
    (void)state;
    parameters_scene_put_text(PARAMETERS_KEY L"\\Accounts\\bob", L"Limits", L"8/1m");
    parameters_scene_put_text(ACCOUNTS, L"bob", L"often");
    parameters_scene_put_number(ACCOUNTS, L"eve", 7);
    parameters_scene_put_text(ACCOUNTS, L"", L"5/1m");
    parameters_scene_put_text(ACCOUNTS, L"ann", L"7/1m");
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 3);
    assert_string_equal(last_problem()->key, "SOFTWARE\\Policies\\RelayLock\\Accounts");
    assert_int_equal(parameters_scene.settings.override_count, 2);
    assert_account(L"bob", "8/1m", SETTING_BY_REGISTRY);
    assert_account(L"ann", "7/1m", SETTING_BY_POLICY);
}

static void accounts_of_both_share_the_room(void **state)
{
    (void)state;
    for (unsigned i = 0; i < GUARD_OVERRIDES_MAX; i++) {
        wchar_t path[200];
        swprintf(path, ARRAYSIZE(path), L"%ls\\Accounts\\user%u", PARAMETERS_KEY, i);
        parameters_scene_put_text(path, L"Limits", L"4/1m");
    }
    parameters_scene_put_text(ACCOUNTS, L"user7", L"5/1m");
    parameters_scene_put_text(ACCOUNTS, L"other", L"6/1m");
    assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
    assert_int_equal(parameters_scene.problem_count, 1);
    assert_string_equal(last_problem()->value, "other");
    assert_account(L"user7", "5/1m", SETTING_BY_POLICY);
}

static void fill(void)
{
    fake_registry_reset();
    parameters_scene_put_number(PARAMETERS_KEY, L"MaxLocksPerHour", 7);
    parameters_scene_put_text(PARAMETERS_POLICY_KEY, L"Action", L"flag");
    parameters_scene_put_text(PARAMETERS_POLICY_KEY, L"Slip", L"x");
    parameters_scene_put_text(ACCOUNTS, L"ann", L"4/1m");
    parameters_scene_put_text(ACCOUNTS, L"bob", L"often");
}

static void any_call_may_fail_and_nothing_is_touched(void **state)
{
    unsigned failures = 0;
    (void)state;
    for (unsigned n = 1;; n++) {
        fill();
        unsigned before = fake_registry_calls();
        fake_registry_fail(n, ERROR_NO_SYSTEM_RESOURCES);
        bool failed = parameters_scene_read_fails(ERROR_NO_SYSTEM_RESOURCES);
        if (fake_registry_calls() - before < n)
            break;
        failures += failed;
        if (failed)
            continue;
        assert_string_equal(fake_registry_failed(), "RegCloseKey");
        assert_int_equal(parameters_scene.settings.action, LOCK_FLAG);
        assert_int_equal(parameters_scene.settings.override_count, 1);
    }
    assert_true(failures > 2 * setting_count);
}

static void a_policy_that_may_not_be_read_is_an_error(void **state)
{
    (void)state;
    fill();
    fake_registry_deny(PARAMETERS_POLICY_KEY);
    assert_int_equal(parameters_scene_read(), ERROR_ACCESS_DENIED);
    fill();
    fake_registry_deny(ACCOUNTS);
    assert_int_equal(parameters_scene_read(), ERROR_ACCESS_DENIED);
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
            assert_int_equal(parameters_scene_read(), ERROR_SUCCESS);
            assert_int_equal(parameters_scene.settings.max_locks_per_hour, 7);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_policy_wins_and_the_rest_stays_local, parameters_scene_reset),
        cmocka_unit_test_setup(a_policy_counts_without_local_settings, parameters_scene_reset),
        cmocka_unit_test_setup(an_empty_list_of_the_policy_is_one, parameters_scene_reset),
        cmocka_unit_test_setup(a_wrong_policy_gives_way_to_the_local_setting,
                               parameters_scene_reset),
        cmocka_unit_test_setup(where_both_are_wrong_the_default_counts, parameters_scene_reset),
        cmocka_unit_test_setup(what_a_policy_cannot_have_is_named, parameters_scene_reset),
        cmocka_unit_test_setup(accounts_are_values_named_by_the_account, parameters_scene_reset),
        cmocka_unit_test_setup(wrong_limits_of_an_account_leave_the_local_ones,
                               parameters_scene_reset),
        cmocka_unit_test_setup(accounts_of_both_share_the_room, parameters_scene_reset),
        cmocka_unit_test_setup(any_call_may_fail_and_nothing_is_touched, parameters_scene_reset),
        cmocka_unit_test_setup(a_policy_that_may_not_be_read_is_an_error, parameters_scene_reset),
        cmocka_unit_test_setup(a_policy_that_goes_away_meanwhile_never_was, parameters_scene_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
