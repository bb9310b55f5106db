/* test_smtp_service_dependents.c: what depends on SMTP is stopped and started with it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "smtp_restart_scene.h"

static void dependents_stop_in_order_and_start_in_reverse(void **state)
{
    (void)state;
    scene_dependents();
    first->stop_time = second->stop_time = smtp->stop_time = 2000;
    first->start_time = second->start_time = smtp->start_time = 1000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    scene_assert_all_run();
    assert_true(second->stopped_at < first->stopped_at);
    assert_true(first->stopped_at < smtp->stopped_at);
    assert_true(smtp->started_at < first->started_at);
    assert_true(first->started_at < second->started_at);
}

static void dependents_that_were_stopped_stay_so(void **state)
{
    (void)state;
    scene_dependents();
    second->state = SERVICE_STOPPED;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(second->state, SERVICE_STOPPED);
    assert_int_equal(second->starts, 0);
    assert_int_equal(first->state, SERVICE_RUNNING);
    assert_int_equal(first->starts, 1);
}

static void dependent_that_cannot_stop_changes_nothing(void **state)
{
    (void)state;
    scene_dependents();
    first->controls_accepted = 0;
    assert_int_equal(restart(), SMTP_FAILED);
    assert_string_equal(restart_outcome.call, "ControlService");
    assert_int_equal(restart_outcome.error, ERROR_INVALID_SERVICE_CONTROL);
    assert_int_equal(wcscmp(restart_outcome.name, L"First"), 0);
    scene_assert_all_run();
    assert_int_equal(smtp->stops, 0);
    assert_int_equal(second->starts, 1);
}

static void dependent_busy_for_long_changes_nothing(void **state)
{
    (void)state;
    scene_dependents();
    first->stop_unacceptable = true;
    first->state = SERVICE_PAUSE_PENDING;
    assert_int_equal(restart(), SMTP_FAILED);
    assert_int_equal(restart_outcome.error, ERROR_SERVICE_CANNOT_ACCEPT_CTRL);
    assert_int_equal(smtp->stops, 0);
    assert_int_equal(second->state, SERVICE_RUNNING);
}

static void dependent_stopped_by_its_operator_stays_so(void **state)
{
    (void)state;
    scene_dependents();
    second->stop_time = 4000;
    fake_services_begin_stop(second);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(second->state, SERVICE_STOPPED);
    assert_int_equal(first->state, SERVICE_RUNNING);
}

static void dependent_starting_at_the_moment_is_restarted(void **state)
{
    (void)state;
    scene_dependents();
    second->state = SERVICE_STOPPED;
    second->start_time = 4000;
    fake_services_begin_start(second);
    assert_int_equal(restart(), SMTP_RESTARTED);
    scene_assert_all_run();
    assert_int_equal(second->starts, 2);
}

static void what_we_may_not_start_we_do_not_stop(void **state)
{
    (void)state;
    scene_dependents();
    second->denied = SERVICE_START;
    assert_int_equal(restart(), SMTP_FAILED);
    assert_string_equal(restart_outcome.call, "OpenService");
    assert_int_equal(restart_outcome.error, ERROR_ACCESS_DENIED);
    assert_int_equal(second->stops + first->stops + smtp->stops, 0);

    scene_dependents();
    smtp->denied = SERVICE_START;
    assert_int_equal(restart(), SMTP_FAILED);
    assert_int_equal(second->stops + first->stops + smtp->stops, 0);
}

static void hanging_dependent_is_waited_for_until_abandoned(void **state)
{
    (void)state;
    scene_dependents();
    first->stop_hangs = true;
    fake_services_abandon_after(500000);
    assert_int_equal(restart(), SMTP_UNTOUCHED);
    assert_int_equal(wcscmp(restart_outcome.name, L"First"), 0);
    assert_int_equal(restart_steps_of(SMTP_STEP_STOP_TIMEOUT), 1);
    assert_int_equal(smtp->stops, 0);
}

static void dependent_that_stays_down_is_named(void **state)
{
    (void)state;
    scene_dependents();
    first->start_failures = 1000;
    first->start_error = ERROR_SERVICE_LOGON_FAILED;
    assert_int_equal(restart(), SMTP_DEPENDENT_LEFT);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
    assert_string_equal(restart_outcome.call, "StartService");
    assert_int_equal(restart_outcome.error, ERROR_SERVICE_LOGON_FAILED);
    assert_int_equal(wcscmp(restart_outcome.name, L"First"), 0);
}

static void dependent_gets_three_tries(void **state)
{
    (void)state;
    scene_dependents();
    second->start_failures = 2;
    second->start_error = ERROR_SERVICE_DATABASE_LOCKED;
    assert_int_equal(restart(), SMTP_RESTARTED);
    scene_assert_all_run();
}

static void dependent_started_meanwhile_is_stopped_again(void **state)
{
    (void)state;
    scene_dependents();
    first->stop_time = 3000;
    fake_services_after(1500, scene_start_it, second);
    assert_int_equal(restart(), SMTP_RESTARTED);
    scene_assert_all_run();
    assert_int_equal(second->stops, 2);
}

/* Somebody starts it again before each stop of SMTP, for ever. */
static void start_second_before_each_stop(unsigned calls)
{
    (void)calls;
    if (strcmp(fake_services_called(), "ControlService") == 0)
        scene_start_it(second);
}

static void dependent_that_will_not_stay_stopped_ends_it(void **state)
{
    (void)state;
    scene_dependents();
    second->depends_on[1] = NULL; /* first's stop must not wait for it */
    fake_services_limit(60000);
    fake_services_watch(start_second_before_each_stop);
    assert_int_equal(restart(), SMTP_FAILED);
    assert_string_equal(restart_outcome.call, "ControlService");
    assert_int_equal(restart_outcome.error, ERROR_DEPENDENT_SERVICES_RUNNING);
    assert_int_equal(smtp->stops, 0);
    assert_true(second->stops > 1);
    scene_assert_all_run();
}

static void paused_dependent_runs_afterwards(void **state)
{
    (void)state;
    scene_dependents();
    second->state = SERVICE_PAUSED;
    assert_int_equal(restart(), SMTP_RESTARTED);
    scene_assert_all_run();
}

static void too_many_dependents_change_nothing(void **state)
{
    (void)state;
    scene_smtp();
    for (unsigned i = 0; i <= SMTP_DEPENDENTS_MAX; i++) {
        wchar_t name[] = {L'D', (wchar_t)(L'A' + i / 10), (wchar_t)(L'0' + i % 10), 0};
        fake_services_depend(fake_services_add(name), L"SMTPSVC");
    }
    assert_int_equal(restart(), SMTP_FAILED);
    assert_string_equal(restart_outcome.call, "EnumDependentServices");
    assert_int_equal(restart_outcome.error, ERROR_MORE_DATA);
    for (size_t i = 0; fake_services_at(i); i++)
        assert_int_equal(fake_services_at(i)->stops, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dependents_stop_in_order_and_start_in_reverse),
        cmocka_unit_test(dependents_that_were_stopped_stay_so),
        cmocka_unit_test(dependent_that_cannot_stop_changes_nothing),
        cmocka_unit_test(dependent_busy_for_long_changes_nothing),
        cmocka_unit_test(dependent_stopped_by_its_operator_stays_so),
        cmocka_unit_test(dependent_starting_at_the_moment_is_restarted),
        cmocka_unit_test(what_we_may_not_start_we_do_not_stop),
        cmocka_unit_test(hanging_dependent_is_waited_for_until_abandoned),
        cmocka_unit_test(dependent_that_stays_down_is_named),
        cmocka_unit_test(dependent_gets_three_tries),
        cmocka_unit_test(dependent_started_meanwhile_is_stopped_again),
        cmocka_unit_test(dependent_that_will_not_stay_stopped_ends_it),
        cmocka_unit_test(paused_dependent_runs_afterwards),
        cmocka_unit_test(too_many_dependents_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
