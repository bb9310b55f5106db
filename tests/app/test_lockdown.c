/* The lock-down engine from verdict to contained, on a small world that keeps state. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lockdown_world.h"

static void a_lock_is_restarted_for_and_contained(void **state)
{
    (void)state;
    world_start();
    assert_int_equal(world_run(), INFINITE);
    assert_true(world.told_open);
    world_cross(1);
    assert_int_equal(world_incident(1)->state, INCIDENT_DECIDED);
    assert_false(world_is_disabled(1));
    world.tick += 250;
    assert_in_range(world_run(), 1, 600000);
    assert_true(world_is_disabled(1));
    assert_int_equal(world.accounts[1].writes, 1);
    assert_int_equal(world.restarts, 1);
    assert_int_equal(world_incident(1)->state, INCIDENT_RESTARTED);
    assert_int_equal(world_incident(1)->figures.lock_delay, 250);
    assert_int_equal(world_incident(1)->figures.smtp_down, 1500);
    assert_int_equal(recorder_count(MSG_DISABLED), 1);
    recorder_expect(MSG_DISABLED, 0, L"contoso\\user01");
    recorder_expect(MSG_DISABLED, 3, L"0.25");
    recorder_expect(MSG_DISABLED, 4, L"50/10m");
    recorder_expect(MSG_DISABLED, 5, L"relaylock release \"CONTOSO\\user01\"");
    assert_int_equal(recorder_count(MSG_SMTP_RESTARTED), 1);
    recorder_expect(MSG_SMTP_RESTARTED, 2, L"1");
    world_pass(599000);
    assert_int_equal(recorder_count(MSG_CONTAINED), 0);
    world_pass(2000);
    assert_int_equal(world_incident(1)->state, INCIDENT_CONTAINED);
    assert_int_equal(recorder_count(MSG_CONTAINED), 1);
    recorder_expect(MSG_CONTAINED, 1, L"600");
    recorder_expect(MSG_CONTAINED, 2, L"0.25");
    recorder_expect(MSG_CONTAINED, 4, L"1.50");
    recorder_expect(MSG_CONTAINED, 6, L"0");
    struct lockdown_figures figures;
    lockdown_count(world.lockdown, &figures);
    assert_int_equal(figures.locked, 1);
    assert_int_equal(figures.restarts, 1);
    assert_true(recorder_count(MSG_LEAK) == 0);
}

static void a_lock_that_fails_is_tried_again_and_told_once(void **state)
{
    (void)state;
    world.directory_error = ERROR_NO_SUCH_DOMAIN;
    world_start();
    world_run();
    world_cross(5);
    assert_int_equal(world_run(), 1000);
    world_pass(1000);
    assert_int_equal(world_run(), 2000);
    world_pass(600000);
    assert_in_range(world_run(), 1, 60000);
    assert_int_equal(recorder_count(MSG_LOCK_FAILED), 1);
    world_start(); /* another process goes on with the pauses where they were */
    world_run();
    uint32_t tries = world_incident(5)->retry.tries;
    assert_in_range(tries, 14, 18);
    world.directory_error = 0;
    world_pass(60000);
    assert_true(world_is_disabled(5));
    assert_int_equal(world_incident(5)->retry.tries, 0);
    assert_int_equal(recorder_count(MSG_LOCK_FAILED), 1);
    assert_int_equal(world.restarts, 1);
}

static void after_give_up_after_it_is_given_up_and_said(void **state)
{
    (void)state;
    world.settings.give_up_after = 1;
    world.directory_error = ERROR_ACCESS_DENIED;
    world_start();
    world_run();
    world_cross(5);
    world_pass(3590000);
    assert_int_equal(world_incident(5)->state, INCIDENT_DECIDED);
    world_pass(70000);
    assert_int_equal(world_incident(5)->state, INCIDENT_FAILED);
    assert_int_equal(world_incident(5)->ending, ENDING_GIVEN_UP);
    assert_int_equal(recorder_count(MSG_LOCK_FAILED), 1);
    assert_int_equal(recorder_count(MSG_LOCK_GIVEN_UP), 1);
    assert_int_equal(world.last.ending, ENDING_GIVEN_UP); /* so the detector counts anew */
}

static void who_was_disabled_before_is_left_alone(void **state)
{
    (void)state;
    world.accounts[2].flags |= UF_ACCOUNTDISABLE;
    world_start();
    world_run();
    world_cross(2);
    world_run();
    assert_int_equal(recorder_count(MSG_ALREADY_DISABLED), 1);
    assert_int_equal(world_incident(2)->ending, ENDING_ALREADY);
    assert_int_equal(world.accounts[2].writes, 0);
    assert_int_equal(world.restarts, 0);
}

static void the_last_administrator_is_marked_and_not_locked(void **state)
{
    (void)state;
    world.accounts[4].last_admin = true;
    world_start();
    world_run();
    world_cross(4);
    world_run();
    assert_int_equal(recorder_count(MSG_LAST_ADMIN), 1);
    assert_int_equal(recorder_count(MSG_MARKED), 1);
    assert_true(world.accounts[4].marked);
    assert_false(world_is_disabled(4));
    assert_int_equal(world_incident(4)->ending, ENDING_LAST_ADMIN);
    assert_true(world_incident(4)->change.marked);
}

static void flags_are_kept_and_those_to_be_marked_are_marked_once(void **state)
{
    (void)state;
    static const enum flag_reason marks[] = {FLAG_ACTION, FLAG_BUDGET, FLAG_PROTECTED};
    static const enum flag_reason others[] = {FLAG_OBSERVE, FLAG_UNRESOLVED, FLAG_MACHINE};
    world_start();
    world_run();
    for (unsigned i = 0; i < 3; i++) {
        struct order order = world_order(i, marks[i]);
        lockdown_order(world.lockdown, &order);
        order = world_order(10 + i, others[i]);
        lockdown_order(world.lockdown, &order);
    }
    assert_int_equal(world_run(), INFINITE);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(world_incident(i)->state, INCIDENT_FLAGGED);
        assert_true(world.accounts[i].marked);
        assert_int_equal(world_incident(10 + i)->state, INCIDENT_FLAGGED);
        assert_false(world.accounts[10 + i].marked);
        assert_int_equal(world.accounts[i].writes + world.accounts[10 + i].writes, 1);
    }
    assert_int_equal(recorder_count(MSG_MARKED), 3);
}

static void a_mark_that_fails_is_not_tried_again(void **state)
{
    (void)state;
    world.directory_error = ERROR_BUFFER_OVERFLOW;
    world_start();
    world_run();
    struct order order = world_order(3, FLAG_ACTION);
    lockdown_order(world.lockdown, &order);
    assert_int_equal(world_run(), INFINITE);
    assert_int_equal(recorder_count(MSG_MARK_FAILED), 1);
    world_start();
    world_run();
    assert_int_equal(recorder_count(MSG_MARK_FAILED), 1);
}

static void a_crossing_is_decided_once_however_often_it_is_read(void **state)
{
    (void)state;
    world_start();
    world_run();
    world_cross(1);
    world_run();
    world_start();
    world_run();
    world_cross(1); /* the log is read again from one window back */
    struct order order = world_order(3, FLAG_UNRESOLVED);
    order.verdict.sid_size = 0;
    lockdown_order(world.lockdown, &order);
    lockdown_order(world.lockdown, &order);
    world_run();
    assert_int_equal(lockdown_book(world.lockdown)->count, 2);
    assert_int_equal(world.accounts[1].writes, 1);
    assert_int_equal(recorder_count(MSG_DISABLED), 1);
    assert_int_equal(world.restarts, 1);
}

static void an_order_keeps_the_action_it_was_decided_with(void **state)
{
    (void)state;
    world_start();
    world_run();
    world_cross(1);
    world.settings.action = LOCK_FLAG;
    lockdown_configure(world.lockdown, &world.settings);
    world_run();
    assert_true(world_is_disabled(1));
}

static void a_pause_gives_up_what_has_not_begun(void **state)
{
    (void)state;
    world.directory_error = ERROR_NO_SUCH_DOMAIN;
    world_start();
    world_run();
    world_cross(1);
    world_run();
    lockdown_set_mode(world.lockdown, RESPONSE_OBSERVE);
    assert_int_equal(world_incident(1)->ending, ENDING_PAUSED);
    world.directory_error = 0;
    unsigned unheld = world.unheld;
    world_cross(2); /* decided just before the pause */
    assert_int_equal(world.unheld, unheld + 1);
    assert_int_equal(world_run(), INFINITE);
    assert_false(world_is_disabled(1));
    lockdown_set_mode(world.lockdown, RESPONSE_FULL);
    world_cross(2);
    world_run();
    assert_true(world_is_disabled(2));
}

static void a_password_is_set_and_the_account_stays_enabled(void **state)
{
    (void)state;
    world.settings.action = LOCK_PASSWORD;
    world_start();
    world_run();
    world_cross(1);
    world_run();
    assert_int_equal(world.accounts[1].passwords, 1);
    assert_false(world_is_disabled(1));
    assert_int_equal(world.restarts, 1);
    assert_int_equal(recorder_count(MSG_PASSWORD_SET), 1);
    recorder_expect(MSG_PASSWORD_SET, 5, L"net user \"carol\" * /domain");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_lock_is_restarted_for_and_contained),
        TEST(a_lock_that_fails_is_tried_again_and_told_once),
        TEST(after_give_up_after_it_is_given_up_and_said),
        TEST(who_was_disabled_before_is_left_alone),
        TEST(the_last_administrator_is_marked_and_not_locked),
        TEST(flags_are_kept_and_those_to_be_marked_are_marked_once),
        TEST(a_mark_that_fails_is_not_tried_again),
        TEST(a_crossing_is_decided_once_however_often_it_is_read),
        TEST(an_order_keeps_the_action_it_was_decided_with),
        TEST(a_pause_gives_up_what_has_not_begun),
        TEST(a_password_is_set_and_the_account_stays_enabled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
