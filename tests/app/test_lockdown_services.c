/* What restarts leave stopped: SMTP as a dependent of another service, dependents that do not
 * start, orders to stop that come late. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lockdown_world.h"

static int set_up(void **state)
{
    (void)state;
    world_reset();
    world.settings.restart_cooldown = 0;
    text_copy(world.settings.restart_services.names[0], SETTING_TEXT_MAX, TEXT_OF(u"IISADMIN"));
    text_copy(world.settings.restart_services.names[1], SETTING_TEXT_MAX, TEXT_OF(u"W3SVC"));
    world.settings.restart_services.count = 2;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_kill();
    return 0;
}

static void leak(void)
{
    world.tick += 1000;
    world.wall++;
    world_leak(1, 1);
}

/* An account that was locked, and goes on until the RestartServices are to be restarted. */
static void go_on_to_services(void)
{
    world_start();
    world_run();
    world_cross(1);
    world_run();
    leak();
    world_run();
    leak();
    world_run();
    assert_int_equal(world.restarts, 2);
    leak();
}

static bool is_begun(void)
{
    return lockdown_book(world.lockdown)->restart.phase != RESTART_NONE;
}

static void smtp_is_vital_to_every_restart(void **state)
{
    (void)state;
    go_on_to_services();
    world.vital[0] = 0;
    world_run();
    assert_int_equal(world.other_restarts, 2);
    assert_int_equal(lstrcmpW(world.vital, L"SMTPSVC"), 0);
}

static bool ends_at(unsigned point)
{
    set_up(NULL);
    world.kill_at = point;
    if (setjmp(world.killed) != 0)
        return true;
    world_start();
    world_run();
    world_cross(1);
    world_run();
    return false;
}

/* A process that ended when the dependent was stopped, and the service was not. */
static void end_with_dependent_stopped(void)
{
    unsigned point = 1;
    while (!world.dependent_down || world.smtp_down)
        assert_true(ends_at(point++));
    world.kill_at = 0;
}

static void a_restart_that_is_resumed_has_smtp_vital_too(void **state)
{
    (void)state;
    end_with_dependent_stopped();
    world.vital[0] = 0;
    world_start();
    while (world.resumes == 0) {
        DWORD wait;
        lockdown_step(world.lockdown, &wait);
    }
    assert_int_equal(lstrcmpW(world.vital, L"SMTPSVC"), 0);
}

static void a_dependent_that_was_left_stopped_is_told_and_started_once_it_starts(void **state)
{
    (void)state;
    end_with_dependent_stopped();
    world.dependent_stuck = true;
    world.settings.restart_smtp = false; /* nothing else brings it back */
    world_start();
    world_pass(600000);
    assert_int_equal(recorder_count(MSG_SMTP_DEPENDENT_LEFT), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_SMTP_DEPENDENT_LEFT, 1), L"RESVC"), 0);
    assert_true(world.dependent_down);
    assert_in_range(world.resumes, 10, 20);
    world.dependent_stuck = false;
    world_pass(130000); /* and once more, as an order may be on its way */
    assert_false(world.dependent_down);
    assert_false(is_begun());
    unsigned resumes = world.resumes;
    world_pass(130000);
    assert_int_equal(world.resumes, resumes);
    assert_int_equal(recorder_count(MSG_SMTP_DEPENDENT_LEFT), 1);
}

static void the_restart_that_follows_brings_it_back(void **state)
{
    (void)state;
    end_with_dependent_stopped();
    world.dependent_stuck = true;
    world_start();
    while (recorder_count(MSG_SMTP_DEPENDENT_LEFT) == 0) {
        DWORD wait;
        lockdown_step(world.lockdown, &wait);
    }
    assert_int_equal(world.restarts, 0);
    world.dependent_stuck = false;
    world_run();
    assert_int_equal(world.restarts, 1);
    assert_false(world.dependent_down);
    assert_false(is_begun());
}

static void it_is_given_up_and_told_after_give_up_after(void **state)
{
    (void)state;
    end_with_dependent_stopped();
    world.dependent_stuck = true;
    world.settings.restart_smtp = false;
    world.settings.give_up_after = 1;
    world_start();
    world_pass(3500000);
    assert_true(is_begun());
    world_pass(200000);
    assert_false(is_begun());
    assert_int_equal(recorder_count(MSG_SMTP_DEPENDENT_LEFT), 2);
}

/* Not stopped at all, but a dependent was: no restart. */
static void a_service_that_was_not_stopped_was_not_restarted(void **state)
{
    (void)state;
    world_start();
    world_run();
    world_cross(1);
    world.outcome = (struct smtp_outcome){
        .result = SMTP_UNTOUCHED, .call = "StartService", .error = 1069, .name = L"RESVC"};
    world.result_forced = true;
    world_run();
    assert_int_equal(recorder_count(MSG_SMTP_RESTARTED), 0);
    assert_int_equal(recorder_count(MSG_SMTP_DEPENDENT_LEFT), 1);
    assert_int_equal(world_incident(1)->state, INCIDENT_LOCKED);
    world.result_forced = false;
    world_pass(5000);
    assert_int_equal(world.restarts, 1);
    assert_int_equal(world_incident(1)->state, INCIDENT_RESTARTED);
}

static enum smtp_result left_result;

/* As a vital dependent is left when the program is asked to end. */
static void leave(const struct smtp_options *options, struct smtp_outcome *outcome)
{
    const struct smtp_stop_list list = {
        .service = L"SMTPSVC", .dependents = {L"RESVC"}, .dependent_count = 1};
    assert_true(options->intend(options->context, &list));
    world.dependent_down = true;
    world.stopping = true;
    *outcome = (struct smtp_outcome){
        .result = left_result, .call = "StartService", .error = 1069, .name = L"RESVC"};
}

static void a_dependent_left_as_the_program_ends_is_started_by_the_next(void **state)
{
    (void)state;
    static const enum smtp_result results[] = {SMTP_DEPENDENT_LEFT, SMTP_UNTOUCHED};
    for (size_t i = 0; i < 2; i++) {
        DWORD wait;
        set_up(NULL);
        world_start();
        world_run();
        world_cross(1);
        lockdown_step(world.lockdown, &wait);
        left_result = results[i];
        lockdown_calls.smtp_restart = leave;
        lockdown_step(world.lockdown, &wait);
        assert_int_equal(recorder_count(MSG_SMTP_DEPENDENT_LEFT), 1);
        assert_int_equal(recorder_count(MSG_SMTP_RESTARTED), 0);
        assert_true(is_begun());
        world.stopping = false;
        world_start();
        lockdown_step(world.lockdown, &wait);
        assert_false(world.dependent_down);
    }
}

static void an_order_to_stop_that_comes_late_is_ours(void **state)
{
    (void)state;
    go_on_to_services();
    world.outcome =
        (struct smtp_outcome){.result = SMTP_STOP_TIMEOUT, .call = "ControlService", .error = 1053};
    world.result_forced = true;
    world_run();
    assert_int_equal(world_incident(1)->services_done, 1);
    assert_int_equal(recorder_count(MSG_SERVICE_RESTART_FAILED), 1);
    assert_true(is_begun());
    assert_int_equal(world.other_restarts, 0);
    world.result_forced = false;
    world.other_down = true;
    world_pass(59000);
    assert_true(world.other_down);
    world_pass(2000);
    assert_false(world.other_down);
    assert_int_equal(recorder_count(MSG_SMTP_RESUMED), 1);
    assert_int_equal(world_incident(1)->services_done, 2);
    assert_int_equal(lstrcmpW(world.last_restarted, L"W3SVC"), 0);
    assert_int_equal(world.other_restarts, 2);
    assert_int_equal(world_incident(1)->retry.tries, 0);
    assert_false(is_begun());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(smtp_is_vital_to_every_restart),
        TEST(a_restart_that_is_resumed_has_smtp_vital_too),
        TEST(a_dependent_that_was_left_stopped_is_told_and_started_once_it_starts),
        TEST(the_restart_that_follows_brings_it_back),
        TEST(it_is_given_up_and_told_after_give_up_after),
        TEST(a_service_that_was_not_stopped_was_not_restarted),
        TEST(a_dependent_left_as_the_program_ends_is_started_by_the_next),
        TEST(an_order_to_stop_that_comes_late_is_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
