/* test_smtp_service.c: restarting SMTP, against a service control manager in memory; and what
 * others do to it meanwhile. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "smtp_restart_scene.h"

static void restarts_a_service_that_runs(void **state)
{
    (void)state;
    scene_smtp();
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
    assert_int_equal(smtp->stops, 1);
    assert_int_equal(smtp->starts, 1);
    assert_int_equal(restart_outcome.start_tries, 1);
    assert_null(restart_outcome.call);
    const enum smtp_step expected[] = {SMTP_STEP_STOPPING, SMTP_STEP_STOPPED, SMTP_STEP_STARTING,
                                       SMTP_STEP_RUNNING};
    assert_int_equal(restart_step_count, ARRAYSIZE(expected));
    assert_memory_equal(restart_steps, expected, sizeof(expected));
}

static void down_is_measured_from_the_order_to_running(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_time = 7000;
    smtp->start_time = 3000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_in_range(restart_outcome.down, 10000, 11000);
}

static void clock_may_wrap_meanwhile(void **state)
{
    (void)state;
    fake_services_reset(0xFFFFF000);
    smtp = fake_services_add(L"SMTPSVC");
    smtp->stop_time = 7000;
    smtp->start_time = 3000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_in_range(restart_outcome.down, 10000, 11000);
    assert_int_equal(restart_steps_of(SMTP_STEP_STOP_TIMEOUT), 0);
}

static void service_that_was_stopped_stays_so(void **state)
{
    (void)state;
    scene_smtp();
    smtp->state = SERVICE_STOPPED;
    assert_int_equal(restart(), SMTP_NOT_RUNNING);
    assert_int_equal(smtp->starts, 0);
    assert_int_equal(restart_step_count, 0);
}

static void operators_doing_is_left_alone(void **state)
{
    static const DWORD states[] = {SERVICE_START_PENDING, SERVICE_STOP_PENDING,
                                   SERVICE_PAUSE_PENDING, SERVICE_CONTINUE_PENDING, SERVICE_PAUSED};
    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(states); i++) {
        scene_dependents();
        smtp->state = states[i];
        smtp->stop_hangs = smtp->start_hangs = true;
        assert_int_equal(restart(), SMTP_OPERATOR);
        assert_int_equal(smtp->state, states[i]);
        assert_int_equal(smtp->stops + first->stops + second->stops, 0);
    }
}

static void restart_not_begun_is_not_begun_on_stop(void **state)
{
    (void)state;
    scene_dependents();
    fake_services_abandon_after(0);
    assert_int_equal(restart(), SMTP_FAILED);
    assert_int_equal(restart_outcome.error, ERROR_CANCELLED);
    assert_int_equal(smtp->stops + first->stops + second->stops, 0);

    scene_dependents();
    fake_services_abandon_after(7); /* they are open by then */
    assert_int_equal(restart(), SMTP_FAILED);
    assert_int_equal(restart_outcome.error, ERROR_CANCELLED);
    assert_int_equal(smtp->stops + first->stops + second->stops, 0);

    scene_smtp();
    fake_services_abandon_after(4); /* it is open by then */
    assert_int_equal(restart(), SMTP_FAILED);
    assert_int_equal(restart_outcome.error, ERROR_CANCELLED);
    assert_int_equal(smtp->stops, 0);
}

static void restart_begun_is_finished_on_stop(void **state)
{
    (void)state;
    for (DWORD ms = 18; ms < 30000; ms += 313) {
        scene_dependents();
        second->stop_time = first->stop_time = smtp->stop_time = 5000;
        second->start_time = first->start_time = smtp->start_time = 4000;
        fake_services_abandon_after(ms);
        assert_int_equal(restart(), SMTP_RESTARTED);
        scene_assert_all_run();
    }
}

static void operator_starting_it_first_is_no_failure(void **state)
{
    (void)state;
    for (DWORD ms = 2990; ms < 3300; ms += 7) {
        scene_smtp();
        smtp->stop_time = 3000;
        smtp->start_time = 50;
        fake_services_after(ms, scene_start_it, smtp);
        assert_int_equal(restart(), SMTP_RESTARTED);
        assert_int_equal(smtp->state, SERVICE_RUNNING);
        assert_int_equal(smtp->starts, 1);
    }
}

static void missing_service_is_said(void **state)
{
    (void)state;
    fake_services_reset(0);
    assert_int_equal(restart(), SMTP_FAILED);
    assert_string_equal(restart_outcome.call, "OpenService");
    assert_int_equal(restart_outcome.error, ERROR_SERVICE_DOES_NOT_EXIST);
    assert_int_equal(wcscmp(restart_outcome.name, L"SMTPSVC"), 0);
}

static void delete_it(void *context)
{
    ((struct fake_service *)context)->deleted = true;
}

static void install_anew(void *context)
{
    (void)context;
    assert_null(fake_services_find(L"SMTPSVC")); /* no handle of ours keeps the old one */
    smtp = fake_services_add(L"SMTPSVC");
    smtp->state = SERVICE_STOPPED;
}

static void service_installed_anew_meanwhile_is_started(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_time = 3000;
    fake_services_after(1000, delete_it, smtp);
    fake_services_after(60000, install_anew, NULL);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(fake_services_find(L"SMTPSVC")->state, SERVICE_RUNNING);
    assert_int_equal(restart_outcome.error, ERROR_SERVICE_DOES_NOT_EXIST);
}

static void die(void *context)
{
    ((struct fake_service *)context)->state = SERVICE_STOPPED;
}

static void stop_it(void *context)
{
    struct fake_service *service = context;

    if (service->state == SERVICE_RUNNING)
        fake_services_begin_stop(service);
}

/* SMTP alone: who stops it before us has it stopped, who does so after us finds it running. */
static void stop_by_others_before_ours_stands(void **state)
{
    (void)state;
    unsigned theirs = 0;
    for (DWORD ms = 1; ms < 12; ms++)
        for (unsigned slow = 0; slow < 2; slow++) {
            scene_smtp();
            smtp->stop_time = slow ? 5000 : 0;
            fake_services_after(ms, slow ? stop_it : die, smtp);
            enum smtp_result result = restart();
            if (ms == 5) /* between our first look and our order */
                assert_int_equal(smtp->starts, 0);
            if (smtp->starts == 0) {
                theirs++;
                assert_true(result == SMTP_NOT_RUNNING || result == SMTP_OPERATOR);
                assert_int_not_equal(smtp->state, SERVICE_RUNNING);
            } else {
                assert_int_equal(result, SMTP_RESTARTED);
            }
        }
    assert_in_range(theirs, 2, 20);
}

/* With dependents that we have stopped already, all is brought back. */
static void death_after_the_first_dependent_brings_all_back(void **state)
{
    (void)state;
    for (DWORD ms = 500; ms < 4000; ms += 100) {
        scene_dependents();
        second->stop_time = first->stop_time = 2000;
        fake_services_after(ms, die, smtp);
        assert_int_equal(restart(), SMTP_RESTARTED);
        scene_assert_all_run();
    }
}

static void options_may_do_without_step_and_event(void **state)
{
    struct smtp_options options = {.service = L"SMTPSVC", .stop_timeout = 1000};

    (void)state;
    scene_smtp();
    smtp->stop_time = 5000;
    smtp_restart(&options, &restart_outcome);
    assert_int_equal(restart_outcome.result, SMTP_RESTARTED);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restarts_a_service_that_runs),
        cmocka_unit_test(down_is_measured_from_the_order_to_running),
        cmocka_unit_test(clock_may_wrap_meanwhile),
        cmocka_unit_test(service_that_was_stopped_stays_so),
        cmocka_unit_test(operators_doing_is_left_alone),
        cmocka_unit_test(restart_not_begun_is_not_begun_on_stop),
        cmocka_unit_test(restart_begun_is_finished_on_stop),
        cmocka_unit_test(operator_starting_it_first_is_no_failure),
        cmocka_unit_test(missing_service_is_said),
        cmocka_unit_test(service_installed_anew_meanwhile_is_started),
        cmocka_unit_test(stop_by_others_before_ours_stands),
        cmocka_unit_test(death_after_the_first_dependent_brings_all_back),
        cmocka_unit_test(options_may_do_without_step_and_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
