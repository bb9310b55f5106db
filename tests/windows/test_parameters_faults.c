/* Reading the settings when the registry fails, denies, or changes meanwhile. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "parameters_scene.h"

static void fill(void)
{
    fake_registry_reset();
    parameters_scene_put_number(PARAMETERS_KEY, L"MaxLocksPerHour", 7);
    parameters_scene_put_text(PARAMETERS_KEY, L"Action", L"flag");
    parameters_scene_put_text(PARAMETERS_KEY, L"Slip", L"x");
    parameters_scene_put_account(L"ann", L"4/1m");
    parameters_scene_put_account(L"bob", L"often");
}

static void any_call_may_fail_and_nothing_is_touched(void **state)
{
    static const LSTATUS codes[] = {ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE, ERROR_BADKEY,
                                    ERROR_REGISTRY_CORRUPT, ERROR_NO_SYSTEM_RESOURCES};
    unsigned failures = 0;

    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(codes); i++)
        for (unsigned n = 1; n < 60; n++) {
            fill();
            fake_registry_fail(n, codes[i]);
            if (parameters_scene_read_fails((DWORD)codes[i])) {
                failures++;
                continue;
            }
            assert_int_equal(parameters_scene.settings.max_locks_per_hour, 7);
            assert_int_equal(parameters_scene.settings.override_count, 1);
        }
    assert_in_range(failures, 100, 300);
}

static void denied_keys_are_said(void **state)
{
    (void)state;
    fill();
    fake_registry_deny(PARAMETERS_KEY L"\\Accounts");
    assert_int_equal(parameters_scene_read(), ERROR_ACCESS_DENIED);
    fill();
    fake_registry_deny(PARAMETERS_KEY);
    assert_int_equal(parameters_scene_read(), ERROR_ACCESS_DENIED);
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
            DWORD error = parameters_scene_read();
            assert_int_equal(error, ERROR_SUCCESS);
            assert_int_equal(parameters_scene.settings.max_locks_per_hour, 7);
        }
}

static void callers_may_want_no_details(void **state)
{
    size_t count = 99;
    (void)state;
    fill();
    assert_int_equal(parameters_read(&parameters_scene.settings, NULL, &count, NULL, NULL),
                     ERROR_SUCCESS);
    assert_int_equal(count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(any_call_may_fail_and_nothing_is_touched, parameters_scene_reset),
        cmocka_unit_test_setup(denied_keys_are_said, parameters_scene_reset),
        cmocka_unit_test_setup(keys_that_go_away_meanwhile_never_were, parameters_scene_reset),
        cmocka_unit_test_setup(callers_may_want_no_details, parameters_scene_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
