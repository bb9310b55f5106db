/* Settings and policies that the watcher takes while it runs, or refuses, and what it does with
 * wrong ones at its start. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "watcher_scene.h"

static void new_settings_count_for_what_is_in_the_log_already(void **state)
{
    (void)state;
    watcher_scene_start();
    watcher_scene_sign_ins(u"CONTOSO\\carol", 4);
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    fake_registry_put(PARAMETERS_KEY, L"Limits", REG_SZ, L"4/10m", sizeof L"4/10m");
    control_reload(&watcher_scene.control);
    assert_true(recorder_wait(MSG_SETTINGS_READ, 1, PATIENCE));
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
}

static void bad_settings_are_refused_by_name_and_the_old_stay(void **state)
{
    (void)state;
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    LONG opens = watcher_scene.opens;
    fake_registry_put(PARAMETERS_KEY, L"Limits", REG_SZ, L"1000/10m", sizeof L"1000/10m");
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_SZ, L"shoot", sizeof L"shoot");
    control_reload(&watcher_scene.control);
    assert_true(recorder_wait(MSG_SETTING_REFUSED, 1, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_SETTING_REFUSED, 1), L"Action"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_SETTING_REFUSED, 2), L"shoot"), 0);
    watcher_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_SETTINGS_READ), 0);
    assert_int_equal(watcher_scene.opens, opens);
}

static void at_the_start_a_bad_setting_is_told_and_the_rest_holds(void **state)
{
    (void)state;
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_SZ, L"shoot", sizeof L"shoot");
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_SETTING_DEFAULTED), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_SETTING_DEFAULTED, 4), L"disable"), 0);
    watcher_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
}

#define PUT_POLICY(name, literal)                                                                  \
    fake_registry_put(PARAMETERS_POLICY_KEY, name, REG_SZ, literal, sizeof literal)

/* Lets the watcher see that something changed, and the time pass until that counts. */
static void let_the_policy_settle(void)
{
    watcher_scene_settle();
    watcher_scene_forward(5000);
}

static void a_changed_policy_is_taken_by_itself(void **state)
{
    (void)state;
    watcher_scene_start();
    watcher_scene_sign_ins(u"CONTOSO\\carol", 4);
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    PUT_POLICY(L"Limits", L"4/10m");
    Sleep(200);
    assert_int_equal(recorder_count(MSG_POLICY_READ), 0);     /* there may be more to come */
    assert_true(recorder_wait(MSG_POLICY_READ, 1, PATIENCE)); /* nothing else wakes it */
    assert_int_equal(lstrcmpW(recorder_string(MSG_POLICY_READ, 0), L"4/10m"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_POLICY_READ, 3), L"Limits"), 0);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    fake_registry_remove(PARAMETERS_POLICY_KEY);
    let_the_policy_settle();
    assert_true(recorder_wait(MSG_POLICY_READ, 2, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_POLICY_READ, 0), L"5/10m"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_POLICY_READ, 3), L"nothing"), 0);
    assert_int_equal(recorder_count(MSG_SETTINGS_READ), 0);
}

static void the_policies_of_others_change_nothing(void **state)
{
    (void)state;
    PUT_POLICY(L"Action", L"flag");
    fake_registry_put(PARAMETERS_POLICY_KEY L"\\Accounts", L"CONTOSO\\dave", REG_SZ, L"9/1m",
                      sizeof L"9/1m");
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    LONG opens = watcher_scene.opens;
    fake_registry_put(L"SOFTWARE\\Policies\\Microsoft", L"x", REG_SZ, L"", 2);
    let_the_policy_settle();
    Sleep(200);
    assert_int_equal(recorder_count(MSG_POLICY_READ), 0);
    assert_int_equal(watcher_scene.opens, opens);
    PUT_POLICY(L"Action", L"disable");
    fake_registry_put(PARAMETERS_POLICY_KEY L"\\Accounts", L"CONTOSO\\eve", REG_SZ, L"9/1m",
                      sizeof L"9/1m");
    let_the_policy_settle();
    assert_true(recorder_wait(MSG_POLICY_READ, 1, PATIENCE));
    assert_int_equal(
        lstrcmpW(recorder_string(MSG_POLICY_READ, 3), L"Action, the limits of 2 account(s)"), 0);
}

static void a_wrong_policy_changes_nothing_while_it_runs(void **state)
{
    (void)state;
    PUT_POLICY(L"Action", L"flag");
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    PUT_POLICY(L"Action", L"shoot");
    let_the_policy_settle();
    assert_true(recorder_wait(MSG_SETTING_REFUSED, 1, PATIENCE));
    assert_int_equal(
        lstrcmpW(recorder_string(MSG_SETTING_REFUSED, 0), L"SOFTWARE\\Policies\\RelayLock"), 0);
    watcher_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_ACTION, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_DISABLED), 0);
}

static void at_the_start_a_wrong_policy_gives_way_to_what_is_local(void **state)
{
    (void)state;
    fake_registry_put(PARAMETERS_KEY, L"Action", REG_SZ, L"password", sizeof L"password");
    PUT_POLICY(L"Action", L"shoot");
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_POLICY_PASSED_OVER), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_POLICY_PASSED_OVER, 1), L"Action"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_POLICY_PASSED_OVER, 4), L"password"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STARTED, 7), L"password"), 0);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, watcher_scene_set_up, watcher_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(new_settings_count_for_what_is_in_the_log_already),
        TEST(bad_settings_are_refused_by_name_and_the_old_stay),
        TEST(at_the_start_a_bad_setting_is_told_and_the_rest_holds),
        TEST(a_changed_policy_is_taken_by_itself),
        TEST(the_policies_of_others_change_nothing),
        TEST(a_wrong_policy_changes_nothing_while_it_runs),
        TEST(at_the_start_a_wrong_policy_gives_way_to_what_is_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
