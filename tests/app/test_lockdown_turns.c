/* What waits for what: locks whose controllers are away, restarts that have to wait, and locks that
 * were refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lockdown_world.h"

enum { AWAY = 45000 /* ms that a controller that is away takes */ };

static int set_up(void **state)
{
    (void)state;
    world_reset();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_kill();
    return 0;
}

static void steps(unsigned count)
{
    DWORD wait;
    while (count-- > 0)
        if (!lockdown_step(world.lockdown, &wait))
            world.tick += wait;
}

/* Three of a domain whose controllers are away: one of them is always due. */
static void three_hang(void)
{
    world_start();
    world_run();
    for (unsigned i = 1; i <= 3; i++) {
        world.accounts[i].hangs = AWAY;
        world_cross(i);
    }
    steps(30);
    for (unsigned i = 1; i <= 3; i++)
        assert_in_range(world_incident(i)->retry.tries, 7, 11); /* and each has its turn */
}

static void locks_that_hang_hold_up_no_restart(void **state)
{
    (void)state;
    three_hang();
    DWORD begun = world.tick;
    world_cross(4);
    steps(3);
    assert_true(world_is_disabled(4));
    assert_int_equal(world.restarts, 1);
    assert_in_range(world.tick - begun, 0, 2 * AWAY);
    steps(12);
    assert_int_equal(world_incident(4)->state, INCIDENT_RESTARTED);
}

static void nor_looks_nor_releases(void **state)
{
    (void)state;
    three_hang();
    world_cross(4);
    steps(6);
    assert_int_equal(world_incident(4)->state, INCIDENT_RESTARTED);
    world_leak(4, 1);
    steps(2);
    assert_int_equal(recorder_count(MSG_LEAK), 1);
    world_release(RELEASE_ACCOUNT, L"CONTOSO\\user04", false);
    steps(3);
    assert_int_equal(world.answers, 1);
    assert_false(world_is_disabled(4));
    uint32_t tries = world_incident(1)->retry.tries;
    steps(12);
    assert_in_range(world_incident(1)->retry.tries, tries + 3, tries + 5);
}

/* One that goes on signing in is looked at again and again: the others have their turn. */
static void looks_that_are_always_due_hold_up_nothing(void **state)
{
    (void)state;
    world.settings.restart_smtp = false;
    three_hang();
    world_cross(4);
    steps(6);
    uint32_t tries = world_incident(1)->retry.tries;
    for (unsigned i = 0; i < 40; i++) {
        world.tick += 1000;
        world.wall++;
        world_leak(4, 1);
        steps(1);
    }
    assert_in_range(world_incident(1)->retry.tries, tries + 5, tries + 20);
    assert_int_equal(recorder_count(MSG_LEAK_REMAINS), 1);
}

static void a_leak_is_looked_at_while_the_restart_cools(void **state)
{
    (void)state;
    world_start();
    world_run();
    world_cross(1);
    world_run();
    world.accounts[2].lagging = true;
    world_cross(2);
    world_run();
    assert_int_equal(world_incident(2)->state, INCIDENT_LOCKED);
    world.tick += 1000;
    world.wall++;
    world_leak(2, 1);
    world_run();
    assert_int_equal(recorder_count(MSG_LEAK), 1);
    assert_int_equal(recorder_count(MSG_LOCK_LAGGED), 1);
    assert_true(world.accounts[2].used_flags & UF_ACCOUNTDISABLE);
    assert_int_equal(world.restarts, 1);
    assert_int_equal(recorder_count(MSG_SMTP_RESTART_LATER), 1);
    world_pass(300000);
    assert_int_equal(world.restarts, 2);
    assert_int_equal(world_incident(2)->state, INCIDENT_RESTARTED);
}

static bool ends_at(unsigned point)
{
    world_reset();
    world.kill_at = point;
    if (setjmp(world.killed) != 0)
        return true;
    world_start();
    world_run();
    world_cross(1);
    world_run();
    return false;
}

static void without_the_service_no_restart_is_finished(void **state)
{
    (void)state;
    unsigned point = 1;
    while (!world.smtp_down)
        assert_true(ends_at(point++));
    world.kill_at = 0;
    world_start();
    lockdown_set_mode(world.lockdown, RESPONSE_RELEASE);
    world_run();
    assert_int_equal(world.resumes, 0);
    world_release(RELEASE_ACCOUNT, L"CONTOSO\\user01", false);
    world_run();
    assert_int_equal(world.answers, 1);
    assert_false(world_is_disabled(1));
    world_end();
    world_start(); /* the service */
    world_run();
    assert_false(world.smtp_down);
    assert_int_equal(world.resumes, 1);
}

/* ---- locks that were refused ------------------------------------------------------------------
 */

static void refuse(bool uncertain)
{
    world.write_error = uncertain ? RPC_S_CALL_FAILED : ERROR_ACCESS_DENIED;
    world.write_uncertain = uncertain;
    world_start();
    world_run();
    world_cross(1);
    world_run();
    assert_int_equal(recorder_count(MSG_LOCK_FAILED), 1);
    world.accounts[1].flags |= UF_ACCOUNTDISABLE;
    world.write_error = 0;
}

static void whom_a_person_disabled_after_it_was_refused_is_theirs(void **state)
{
    (void)state;
    for (int restarted = 0; restarted <= 1; restarted++) {
        world_reset();
        refuse(false);
        if (restarted)
            world_start();
        world_pass(60000);
        assert_int_equal(world_incident(1)->ending, ENDING_ALREADY);
        assert_int_equal(recorder_count(MSG_DISABLED), 0);
        world_release(RELEASE_ALL, L"", false);
        world_run();
        assert_true(world_is_disabled(1));
    }
}

static void what_may_have_been_written_is_ours(void **state)
{
    (void)state;
    refuse(true);
    world.write_error = ERROR_ACCESS_DENIED; /* a later try does not make the first one undone */
    world.write_uncertain = false;
    world_pass(60000);
    assert_int_equal(recorder_count(MSG_DISABLED), 1);
    assert_int_equal(world.accounts[1].writes, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(locks_that_hang_hold_up_no_restart),
        TEST(nor_looks_nor_releases),
        TEST(looks_that_are_always_due_hold_up_nothing),
        TEST(a_leak_is_looked_at_while_the_restart_cools),
        TEST(without_the_service_no_restart_is_finished),
        TEST(whom_a_person_disabled_after_it_was_refused_is_theirs),
        TEST(what_may_have_been_written_is_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
