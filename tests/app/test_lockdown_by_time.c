/* Accounts given back when LockMinutes are over, and what a person's release leaves of that. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lockdown_world.h"

static void by_time_it_is_released_twice_a_week_and_then_stays(void **state)
{
    (void)state;
    world.settings.lock_minutes = 20;
    world_start();
    world_run();
    for (unsigned i = 0; i < 3; i++) {
        struct order order = world_order(1, FLAG_NOT);
        order.verdict.last_record += i; /* a new crossing */
        order.again = i > 0;
        lockdown_order(world.lockdown, &order);
        world_run();
        assert_true(world_is_disabled(1));
        world_pass(1190000);
        assert_true(world_is_disabled(1));
        world_pass(12000);
        assert_int_equal(world_is_disabled(1), i == 2);
    }
    assert_int_equal(recorder_count(MSG_RELEASED), 2);
    recorder_expect(MSG_RELEASED, 3, L"LockMinutes are over");
    assert_int_equal(recorder_count(MSG_STAYS_LOCKED), 1);
    recorder_expect(MSG_STAYS_LOCKED, 1, L"2");
    recorder_expect(MSG_STAYS_LOCKED, 2, L"relaylock release \"CONTOSO\\user01\"");
    world_pass(100000000);
    assert_true(world_is_disabled(1));
    assert_int_equal(recorder_count(MSG_STAYS_LOCKED), 1);
}

static void a_release_that_was_refused_leaves_lock_minutes_in_force(void **state)
{
    (void)state;
    world.settings.lock_minutes = 20;
    world_lock(1);
    world.accounts[1].flags |= UF_DONT_EXPIRE_PASSWD; /* an administrator */
    world_release_now(RELEASE_ACCOUNT, u"user01", false);
    assert_int_equal(recorder_count(MSG_NOT_RELEASED), 1);
    world.accounts[1].flags &= ~(DWORD)UF_DONT_EXPIRE_PASSWD;
    world_pass(1190000);
    assert_true(world_is_disabled(1));
    world_pass(12000);
    assert_false(world_is_disabled(1));
    recorder_expect(MSG_RELEASED, 3, L"LockMinutes are over");
}

static void one_that_was_given_up_leaves_lock_minutes_in_force(void **state)
{
    (void)state;
    world.settings.lock_minutes = 120;
    world.settings.give_up_after = 1;
    world_lock(1);
    world.directory_error = RPC_S_SERVER_UNAVAILABLE;
    world_release_now(RELEASE_ACCOUNT, u"user01", false);
    world_pass(3700000);
    assert_int_equal(recorder_count(MSG_RELEASE_FAILED), 2);
    world.directory_error = 0;
    world_pass(3400000);
    assert_true(world_is_disabled(1));
    world_pass(110000);
    assert_false(world_is_disabled(1));
    assert_int_equal(world_incident(1)->ending, ENDING_BY_TIME);
}

static void who_asks_before_lock_minutes_are_over_is_who_released(void **state)
{
    (void)state;
    world.settings.lock_minutes = 20;
    world_lock(1);
    world_release_now(RELEASE_ACCOUNT, u"user01", false);
    assert_int_equal(world_incident(1)->ending, ENDING_BY_REQUEST);
}

static void by_time_what_was_changed_is_refused_once(void **state)
{
    (void)state;
    world.settings.lock_minutes = 20;
    world_lock(1);
    world.accounts[1].flags |= UF_DONT_EXPIRE_PASSWD;
    world_pass(90000000);
    assert_true(world_is_disabled(1));
    assert_int_equal(recorder_count(MSG_NOT_RELEASED), 1);
}

static void a_clock_that_is_set_releases_nobody(void **state)
{
    (void)state;
    world.settings.lock_minutes = 60;
    world_lock(1);
    world.wall += 7 * 86400;
    world_run();
    assert_true(world_is_disabled(1));
    world.wall -= 30 * 86400;
    world_run();
    assert_true(world_is_disabled(1));
    assert_int_equal(world_incident(1)->state, INCIDENT_RESTARTED);
    world_pass(3590000);
    assert_true(world_is_disabled(1));
    world_pass(12000);
    assert_false(world_is_disabled(1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(by_time_it_is_released_twice_a_week_and_then_stays),
        TEST(a_release_that_was_refused_leaves_lock_minutes_in_force),
        TEST(one_that_was_given_up_leaves_lock_minutes_in_force),
        TEST(who_asks_before_lock_minutes_are_over_is_who_released),
        TEST(by_time_what_was_changed_is_refused_once),
        TEST(a_clock_that_is_set_releases_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
