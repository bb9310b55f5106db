/* The restarts of SMTP that the lock-down engine asks for: when, how often, and what comes of
 * each. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lockdown_world.h"

static void locks_share_one_restart(void **state)
{
    (void)state;
    world_start();
    world_run();
    for (unsigned i = 1; i <= 3; i++)
        world_cross(i);
    world_run();
    assert_int_equal(world.restarts, 1);
    recorder_expect(MSG_SMTP_RESTARTED, 2, L"3");
    for (unsigned i = 1; i <= 3; i++)
        assert_int_equal(world_incident(i)->state, INCIDENT_RESTARTED);
}

static void within_the_cooldown_one_more_restart_comes_at_its_end(void **state)
{
    (void)state;
    world_start();
    world_run();
    world_cross(1);
    world_run();
    world_cross(2);
    assert_in_range(world_run(), 299000, 300000);
    world_cross(3);
    world_run();
    assert_true(world_is_disabled(3));
    assert_int_equal(world.restarts, 1);
    assert_int_equal(recorder_count(MSG_SMTP_RESTART_LATER), 1);
    world_pass(300000);
    assert_int_equal(world.restarts, 2);
    recorder_expect(MSG_SMTP_RESTARTED, 2, L"2");
    world_cross(4);
    world_run();
    assert_int_equal(recorder_count(MSG_SMTP_RESTART_LATER), 2);
}

static void restarts_an_hour_are_bounded_and_it_is_said(void **state)
{
    (void)state;
    world.settings.restart_cooldown = 0;
    world.settings.max_restarts_per_hour = 2;
    world_start();
    world_run();
    for (unsigned i = 1; i <= 3; i++) {
        world_cross(i);
        world_run();
    }
    assert_int_equal(world.restarts, 2);
    assert_int_equal(recorder_count(MSG_RESTARTS_SPENT), 1);
    recorder_expect(MSG_RESTARTS_SPENT, 0, L"2");
    world_pass(3590000);
    assert_int_equal(world.restarts, 2);
    world_pass(10000);
    assert_int_equal(world.restarts, 3);
}

static void smtp_that_is_stopped_needs_no_restart(void **state)
{
    (void)state;
    world.smtp_down = true;
    world_start();
    world_run();
    world_cross(1);
    world_run();
    assert_int_equal(recorder_count(MSG_SMTP_NOT_RUNNING), 1);
    assert_int_equal(world_incident(1)->state, INCIDENT_RESTARTED);
    assert_int_equal(world_incident(1)->restarted_wall, 0); /* which nobody may be told */
    assert_true(world.smtp_down);
    world.smtp_down = false;
    world_cross(2); /* and it starts no cooldown */
    world_run();
    assert_int_equal(world.restarts, 1);
    assert_int_equal(world_incident(2)->restarted_wall, world.wall);
}

static void smtp_is_left_alone_if_the_settings_say_so(void **state)
{
    (void)state;
    world.settings.restart_smtp = false;
    world_start();
    world_run();
    world_cross(1);
    world_pass(600000);
    assert_int_equal(world.restarts, 0);
    assert_int_equal(world_incident(1)->state, INCIDENT_CONTAINED);
    assert_int_equal(world_incident(1)->restarted_wall, 0);
}

static void a_restart_that_settings_no_longer_want_is_dropped(void **state)
{
    (void)state;
    world_start();
    world_run();
    world_cross(1);
    world_run();
    world_cross(2);
    world_run();
    assert_int_equal(world_incident(2)->state, INCIDENT_LOCKED);
    world.settings.restart_smtp = false;
    lockdown_configure(world.lockdown, &world.settings);
    world_run();
    assert_int_equal(world_incident(2)->state, INCIDENT_RESTARTED);
    assert_int_equal(world.restarts, 1);
}

static void a_restart_that_fails_is_tried_again_and_told_at_the_start_and_the_end(void **state)
{
    (void)state;
    static const struct {
        struct smtp_outcome outcome;
        DWORD id;
    } cases[] = {
        {{.result = SMTP_FAILED, .call = "OpenService", .error = 5}, MSG_SMTP_RESTART_FAILED},
        {{.result = SMTP_OPERATOR}, MSG_SMTP_OPERATOR},
        {{.result = SMTP_STOP_TIMEOUT, .call = "ControlService", .error = 1053},
         MSG_SMTP_RESTART_FAILED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        world_reset();
        world.settings.give_up_after = 1;
        world.outcome = cases[i].outcome;
        world.result_forced = true;
        world_start();
        world_run();
        world_cross(1);
        assert_int_equal(world_run(), 1000);
        world_pass(3580000);
        assert_int_equal(recorder_count(cases[i].id), 1);
        assert_int_equal(world_incident(1)->state, INCIDENT_LOCKED);
        world_pass(80000);
        assert_int_equal(recorder_count(cases[i].id), 2);
        assert_int_equal(world_incident(1)->state, INCIDENT_RESTARTED);
        assert_int_equal(world_incident(1)->restarted_wall, 0);
    }
}

static void every_outcome_of_a_restart_has_its_event(void **state)
{
    (void)state;
    static const struct {
        enum smtp_result result;
        DWORD id;
        enum incident_state state;
        const wchar_t *name;
    } cases[] = {
        {SMTP_RESTARTED, MSG_SMTP_RESTARTED, INCIDENT_RESTARTED, L"SMTPSVC"},
        {SMTP_NOT_RUNNING, MSG_SMTP_NOT_RUNNING, INCIDENT_RESTARTED, L"SMTPSVC"},
        {SMTP_DEPENDENT_LEFT, MSG_SMTP_DEPENDENT_LEFT, INCIDENT_RESTARTED, L"RESVC"},
        {SMTP_LEFT_STOPPED, MSG_SMTP_LEFT_STOPPED, INCIDENT_LOCKED, L"SMTPSVC"},
        {SMTP_STOP_TIMEOUT, MSG_SMTP_LEFT_STOPPED, INCIDENT_LOCKED, L"SMTPSVC"},
        {SMTP_STOP_TIMEOUT, MSG_SMTP_RESTART_FAILED, INCIDENT_LOCKED, L"RESVC"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        DWORD wait;
        world_reset();
        world_start();
        world_run();
        world_cross(1);
        lockdown_step(world.lockdown, &wait);
        world.outcome =
            (struct smtp_outcome){.result = cases[i].result, .call = "StartService", .error = 1058};
        wcscpy(world.outcome.name, cases[i].name);
        world.result_forced = true;
        if (cases[i].state == INCIDENT_LOCKED) { /* left in the middle, as the program ends */
            world.stopping = true;
            lockdown_step(world.lockdown, &wait);
        } else {
            world_run();
        }
        assert_int_equal(recorder_count(cases[i].id), 1);
        assert_int_equal(world_incident(1)->state, cases[i].state);
    }
}

static void a_restart_that_is_due_waits_while_observing(void **state)
{
    (void)state;
    DWORD wait;
    world_start();
    world_run();
    world_cross(1);
    lockdown_step(world.lockdown, &wait);
    assert_true(world_is_disabled(1));
    lockdown_set_mode(world.lockdown, RESPONSE_OBSERVE);
    assert_int_equal(world_run(), INFINITE);
    assert_int_equal(world.restarts, 0);
    lockdown_set_mode(world.lockdown, RESPONSE_FULL);
    world_run();
    assert_int_equal(world.restarts, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(locks_share_one_restart),
        TEST(within_the_cooldown_one_more_restart_comes_at_its_end),
        TEST(restarts_an_hour_are_bounded_and_it_is_said),
        TEST(smtp_that_is_stopped_needs_no_restart),
        TEST(smtp_is_left_alone_if_the_settings_say_so),
        TEST(a_restart_that_settings_no_longer_want_is_dropped),
        TEST(a_restart_that_fails_is_tried_again_and_told_at_the_start_and_the_end),
        TEST(every_outcome_of_a_restart_has_its_event),
        TEST(a_restart_that_is_due_waits_while_observing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
