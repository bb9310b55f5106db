/* test_smtp_service_waits.c: a service that is slow to stop or to start, or does not: how long it
 * is waited for, how often it is tried, and when it is given up. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "smtp_restart_scene.h"

/* ---- stopping ------------------------------------------------------------------------------- */

static void slow_stop_is_waited_for_and_told_once(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_time = 300000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
    assert_int_equal(restart_steps_of(SMTP_STEP_STOP_TIMEOUT), 1);
    assert_in_range(restart_outcome.down, 300000, 312000);
}

static void stop_within_the_limit_is_not_told(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_time = 115000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(restart_steps_of(SMTP_STEP_STOP_TIMEOUT), 0);
}

static void hanging_stop_is_given_up_only_when_abandoned(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_hangs = true;
    fake_services_abandon_after(2000000);
    assert_int_equal(restart(), SMTP_STOP_TIMEOUT);
    assert_in_range(fake_services_now(), 2001000, 2003000);
    assert_string_equal(restart_outcome.call, "ControlService");
    assert_int_equal(restart_outcome.error, ERROR_SERVICE_REQUEST_TIMEOUT);
    assert_int_equal(smtp->state, SERVICE_STOP_PENDING);
}

static void abandoned_stop_still_has_its_limit(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_hangs = true;
    fake_services_abandon_after(500);
    assert_int_equal(restart(), SMTP_STOP_TIMEOUT);
    assert_in_range(fake_services_now(), 121000, 133000);
}

static void order_that_is_never_followed_is_lost(void **state)
{
    (void)state;
    scene_dependents();
    smtp->stop_ignored = true;
    second->start_failures = SMTP_DEPENDENT_TRIES;
    second->start_error = ERROR_SERVICE_LOGON_FAILED;
    assert_int_equal(restart(), SMTP_STOP_TIMEOUT);
    assert_int_equal(wcscmp(restart_outcome.name, L"SMTPSVC"), 0);
    assert_int_equal(restart_outcome.error, ERROR_SERVICE_REQUEST_TIMEOUT);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
    assert_int_equal(first->state, SERVICE_RUNNING);
    assert_in_range(fake_services_now(), SMTP_ORDER_LOST, SMTP_ORDER_LOST + 20000);
}

static void order_that_a_dependent_never_follows_may_come_late(void **state)
{
    (void)state;
    scene_dependents();
    first->stop_ignored = true;
    assert_int_equal(restart(), SMTP_STOP_TIMEOUT);
    assert_int_equal(wcscmp(restart_outcome.name, L"First"), 0);
    assert_int_equal(restart_outcome.error, ERROR_SERVICE_REQUEST_TIMEOUT);
    assert_int_equal(smtp->stops, 0);
    scene_assert_all_run();

    scene_dependents();
    first->stop_ignored = true;
    fake_services_abandon_after(500);
    assert_int_equal(restart(), SMTP_STOP_TIMEOUT);
    scene_assert_all_run();
}

static void handler_over_30_s_is_an_order_taken(void **state)
{
    (void)state;
    scene_smtp();
    smtp->handler_time = 45000;
    smtp->stop_time = 60000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
    assert_int_equal(smtp->stops, 1);
}

static void slow_handler_of_a_service_that_still_runs_is_an_order_taken(void **state)
{
    (void)state;
    scene_smtp();
    smtp->handler_time = 45000;
    smtp->stop_notice = 40000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(smtp->stops, 1);
    assert_int_equal(smtp->starts, 1);
}

static void service_that_begins_to_stop_late_is_waited_for(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_notice = 20000;
    smtp->stop_time = 2000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(smtp->starts, 1);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
}

/* ---- starting ------------------------------------------------------------------------------- */

static void start_is_tried_again_with_growing_pauses(void **state)
{
    static const DWORD errors[] = {
        ERROR_SERVICE_MARKED_FOR_DELETE, ERROR_SERVICE_DISABLED, ERROR_SERVICE_LOGON_FAILED,
        ERROR_SERVICE_DATABASE_LOCKED,   ERROR_FILE_NOT_FOUND,   RPC_S_SERVER_UNAVAILABLE};
    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(errors); i++) {
        scene_smtp();
        smtp->start_failures = 4;
        smtp->start_error = errors[i];
        assert_int_equal(restart(), SMTP_RESTARTED);
        assert_int_equal(smtp->state, SERVICE_RUNNING);
        assert_int_equal(restart_outcome.start_tries, 5);
        assert_int_equal(restart_outcome.error, errors[i]);
        assert_string_equal(restart_outcome.call, "StartService");
        assert_int_equal(restart_steps_of(SMTP_STEP_START_FAILED), 4);
        assert_in_range(restart_outcome.down, 15000, 15500); /* 1 + 2 + 4 + 8 s */
    }
}

static void pauses_grow_to_a_minute(void **state)
{
    (void)state;
    scene_smtp();
    smtp->start_failures = 12;
    smtp->start_error = ERROR_SERVICE_DISABLED;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_in_range(restart_outcome.down, 63000 + 6 * 60000, 63000 + 6 * 60000 + 1000);
}

static void death_while_starting_is_a_failed_try(void **state)
{
    (void)state;
    scene_smtp();
    smtp->start_deaths = 2;
    smtp->start_time = 500;
    smtp->death_code = ERROR_SERVICE_SPECIFIC_ERROR;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(smtp->starts, 3);
    assert_int_equal(restart_outcome.start_tries, 3);
    assert_int_equal(restart_outcome.error, ERROR_SERVICE_SPECIFIC_ERROR);
}

static void death_without_a_code_is_named_all_the_same(void **state)
{
    (void)state;
    scene_smtp();
    smtp->start_deaths = 1;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(restart_outcome.error, ERROR_PROCESS_ABORTED);
}

static void slow_start_with_checkpoints_is_waited_for(void **state)
{
    (void)state;
    scene_smtp();
    smtp->start_time = 400000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(restart_outcome.start_tries, 1);
    assert_int_equal(restart_steps_of(SMTP_STEP_START_FAILED), 0);
}

static void release(void *context)
{
    ((struct fake_service *)context)->start_hangs = false;
}

static void hanging_start_is_told_and_waited_for(void **state)
{
    (void)state;
    scene_smtp();
    smtp->start_hangs = true;
    fake_services_after(300000, release, smtp);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(smtp->starts, 1);
    assert_int_equal(restart_steps_of(SMTP_STEP_START_FAILED), 2);
    assert_int_equal(restart_outcome.error, ERROR_SERVICE_REQUEST_TIMEOUT);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
}

static void start_is_given_up_five_tries_after_abandon(void **state)
{
    (void)state;
    scene_dependents();
    smtp->start_failures = 100000;
    smtp->start_error = ERROR_SERVICE_DISABLED;
    fake_services_abandon_after(200000);
    assert_int_equal(restart(), SMTP_LEFT_STOPPED);
    assert_in_range(fake_services_now(), 204000, 207000);
    assert_string_equal(restart_outcome.call, "StartService");
    assert_int_equal(restart_outcome.error, ERROR_SERVICE_DISABLED);
    assert_int_equal(wcscmp(restart_outcome.name, L"SMTPSVC"), 0);
}

static void each_try_to_start_opens_all_anew(void **state)
{
    (void)state;
    scene_smtp();
    smtp->start_failures = 1;
    smtp->start_error = RPC_S_CALL_FAILED;
    fake_services_fail_named("OpenSCManager", 1, 1, RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(restart_outcome.start_tries, 3);
    assert_string_equal(restart_outcome.call, "OpenSCManager");
    assert_int_equal(restart_outcome.error, RPC_S_SERVER_UNAVAILABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_stop_is_waited_for_and_told_once),
        cmocka_unit_test(stop_within_the_limit_is_not_told),
        cmocka_unit_test(hanging_stop_is_given_up_only_when_abandoned),
        cmocka_unit_test(abandoned_stop_still_has_its_limit),
        cmocka_unit_test(order_that_is_never_followed_is_lost),
        cmocka_unit_test(order_that_a_dependent_never_follows_may_come_late),
        cmocka_unit_test(handler_over_30_s_is_an_order_taken),
        cmocka_unit_test(slow_handler_of_a_service_that_still_runs_is_an_order_taken),
        cmocka_unit_test(service_that_begins_to_stop_late_is_waited_for),
        cmocka_unit_test(start_is_tried_again_with_growing_pauses),
        cmocka_unit_test(pauses_grow_to_a_minute),
        cmocka_unit_test(death_while_starting_is_a_failed_try),
        cmocka_unit_test(death_without_a_code_is_named_all_the_same),
        cmocka_unit_test(slow_start_with_checkpoints_is_waited_for),
        cmocka_unit_test(hanging_start_is_told_and_waited_for),
        cmocka_unit_test(start_is_given_up_five_tries_after_abandon),
        cmocka_unit_test(each_try_to_start_opens_all_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
