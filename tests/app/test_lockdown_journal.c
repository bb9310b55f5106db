/* The journal of a lock-down cannot be kept: nobody is locked or released, SMTP is not left down.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lockdown_world.h"

static void without_a_journal_nothing_is_released_and_it_is_answered(void **state)
{
    (void)state;
    world_lock(1);
    memory_store.write_error = ERROR_DISK_FULL;
    world_release(RELEASE_ACCOUNT, u"user01", false);
    assert_int_equal(world.answers, 1);
    assert_false(world.answer.done);
    assert_non_null(strstr(world.answer.text, "journal"));
    assert_false(world.told_open);
    world_release(RELEASE_ALL, u"", false);
    assert_int_equal(world.answers, 2);
    world_pass(120000);
    assert_true(world_is_disabled(1));
    memory_store.write_error = 0;
    world_pass(60000);
    assert_true(world.told_open);
    world_release_now(RELEASE_ACCOUNT, u"user01", false);
    assert_false(world_is_disabled(1));
}

static void a_full_disk_locks_nobody_and_is_told_once(void **state)
{
    (void)state;
    world_start();
    world_run();
    memory_store.write_error = ERROR_DISK_FULL;
    world_cross(1);
    assert_int_equal(world.unheld, 1);
    world_pass(600000);
    assert_int_equal(recorder_count(MSG_STORE_CLOSED), 1);
    assert_int_equal(recorder_count(MSG_STORE_OPEN), 0);
    assert_int_equal(world.closes, 1);
    assert_int_equal(world.accounts[1].writes, 0);
    memory_store.write_error = 0;
    world_pass(60000);
    assert_int_equal(recorder_count(MSG_STORE_OPEN), 1);
    world_cross(1);
    world_run();
    assert_true(world_is_disabled(1));
}

static void smtp_is_brought_back_though_the_disk_takes_nothing(void **state)
{
    (void)state;
    for (unsigned left = 0; left < 12; left++) {
        world_reset();
        world_start();
        world_run();
        world_cross(1);
        memory_store.write_error = ERROR_DISK_FULL;
        memory_store.writes_left = left;
        world_run();
        assert_false(world.smtp_down);
        assert_false(world.dependent_down);
        memory_store.write_error = 0;
        world_pass(120000);
        assert_true(world_is_disabled(1));
        assert_int_equal(world.accounts[1].writes, 1);
        assert_int_equal(world.restarts, 1);
        assert_int_equal(world_incident(1)->state, INCIDENT_RESTARTED);
        assert_in_range(recorder_count(MSG_DISABLED), 1, 2);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_a_journal_nothing_is_released_and_it_is_answered),
        TEST(a_full_disk_locks_nobody_and_is_told_once),
        TEST(smtp_is_brought_back_though_the_disk_takes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
