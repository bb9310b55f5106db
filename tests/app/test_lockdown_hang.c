/* A second account is taken over while SMTP hangs in its stop for the first, or is slow to start:
 * it is locked at once, and its sessions end after that. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "lockdown_world.h"

enum {
    STOP = 120000,   /* ms that SMTP takes to stop; later than StopTimeout */
    START = 40000,   /* and to start */
    CROSSES = 20000, /* ms within a wait at which the second account crosses a limit */
    SECOND = 1000    /* ms after which it is locked */
};

static DWORD begun;      /* tick of the restart */
static DWORD crossed_at; /* tick; 0: not yet */

static DWORD passed(void)
{
    return world.tick - begun;
}

static void start(void)
{
    crossed_at = 0;
    world_start();
    world_run();
    world.stop_takes = STOP;
    world_cross(1);
    begun = world.tick;
}

static void cross(unsigned account)
{
    world_cross(account);
    if (crossed_at == 0)
        crossed_at = world.tick;
}

/* Each read of the log brings the same crossing again. */
static void second_found(void)
{
    if (passed() >= CROSSES)
        cross(2);
}

static void second_while_it_stops(void)
{
    if (world.stop_left == 0 || passed() < CROSSES)
        return;
    if (crossed_at != 0 && world.tick - crossed_at > SECOND)
        assert_true(world_is_disabled(2));
    cross(2);
}

static void second_while_it_starts(void)
{
    if (!world.smtp_down)
        return;
    if (crossed_at != 0 && world.tick - crossed_at > SECOND)
        assert_true(world_is_disabled(2));
    cross(2);
}

static void assert_restarted(unsigned account)
{
    const struct incident *incident = world_incident(account);
    assert_true(world_is_disabled(account));
    assert_false(world.accounts[account].session);
    assert_int_equal(world.accounts[account].writes, 1);
    assert_int_equal(incident->state, INCIDENT_RESTARTED);
}

static void locked_before_the_stop_it_shares_the_restart(void **state)
{
    (void)state;
    start();
    world.meanwhile = second_while_it_stops;
    world_run();
    assert_int_equal(crossed_at - begun, CROSSES);
    assert_in_range(world_incident(2)->figures.lock_delay, 0, SECOND);
    assert_int_equal(world.restarts, 1);
    assert_restarted(1);
    assert_restarted(2);
    assert_int_equal(lstrcmpW(recorder_string(MSG_SMTP_RESTARTED, 2), L"2"), 0);
    world_pass(700000);
    assert_int_equal(world.restarts, 1);
    assert_int_equal(world_incident(2)->state, INCIDENT_CONTAINED);
}

static void assert_own_restart(void)
{
    world_run();
    assert_true(world_is_disabled(2));
    assert_int_equal(world.restarts, 1);
    assert_restarted(1);
    assert_int_equal(world_incident(2)->state, INCIDENT_LOCKED);
    assert_int_equal(lstrcmpW(recorder_string(MSG_SMTP_RESTARTED, 2), L"1"), 0);
    world.stop_takes = world.start_takes = 0;
    world_pass(world.settings.restart_cooldown * 1000);
    assert_int_equal(world.restarts, 2);
    assert_restarted(2);
}

/* Even in the very tick in which it was seen stopped. */
static void locked_after_the_stop_it_gets_its_own(void **state)
{
    (void)state;
    start();
    world.start_takes = START;
    world.meanwhile = second_while_it_starts;
    assert_own_restart();
    assert_int_equal(crossed_at - begun, STOP);
    assert_int_equal(world_incident(2)->figures.lock_delay, 0);
}

/* Somebody else started it: sessions may be from before the lock. */
static void not_seen_stopped_it_gets_its_own(void **state)
{
    (void)state;
    start();
    world.started_by_others = true;
    world.meanwhile = second_while_it_stops;
    assert_own_restart();
}

/* What the second one's clients brought is taken out, too. */
static void with_messages_to_move_it_gets_its_own(void **state)
{
    (void)state;
    world.settings.quarantine_on_lock = true;
    world.take_most = world.queued / 2;
    start();
    world.meanwhile = second_while_it_stops;
    assert_own_restart();
    assert_int_equal(world.kept, 2 * world.take_most);
    assert_int_equal(world.queued, 0);
}

static void die(void)
{
    longjmp(world.killed, 1);
}

static void the_end_of_an_earlier_restart_is_no_other(void **state)
{
    DWORD wait;
    (void)state;
    start();
    world.meanwhile = die;
    if (setjmp(world.killed) == 0) {
        world_run();
        fail();
    }
    begun = world.tick;
    world_start();
    world.meanwhile = second_while_it_stops;
    lockdown_step(world.lockdown, &wait);
    assert_int_equal(crossed_at - begun, CROSSES);
    assert_int_equal(recorder_count(MSG_SMTP_RESUMED), 1);
    assert_true(world_is_disabled(2));
    world.stop_takes = 0;
    world_pass(world.settings.restart_cooldown * 1000);
    assert_restarted(1);
    assert_restarted(2);
    assert_int_equal(world.restarts, 2);
}

/* ---- locks that fail ------------------------------------------------------------------------ */

enum { AWAY = 30000 /* ms that a controller that is away takes */ };

static void away_while_it_stops(void)
{
    world.accounts[2].hangs = AWAY;
    second_found();
}

/* Neither waits for the other. */
static void a_controller_that_is_away_holds_up_no_restart(void **state)
{
    DWORD wait;
    (void)state;
    start();
    world.start_takes = START;
    world.meanwhile = away_while_it_stops;
    lockdown_step(world.lockdown, &wait); /* the first is locked */
    lockdown_step(world.lockdown, &wait);
    assert_int_equal(world.restarts, 1);
    assert_in_range(passed(), STOP + START, STOP + START + 2000);
    assert_int_equal(world.accounts[2].tries, 4);
    /* What hangs still is waited for as any lock is. */
    DWORD begun_again = world.tick;
    assert_true(lockdown_step(world.lockdown, &wait));
    assert_in_range(world.tick - begun_again, 1000, AWAY);
    assert_int_equal(world.accounts[2].tries, 5);
}

static void back_in_the_end(void)
{
    world.accounts[2].hangs = passed() < STOP - 2 * AWAY ? AWAY : 0;
    second_found();
}

static void one_that_failed_is_tried_again(void **state)
{
    (void)state;
    start();
    world.meanwhile = back_in_the_end;
    world_run();
    assert_true(world.accounts[2].tries > 1);
    assert_int_equal(world.restarts, 1);
    assert_restarted(2);
}

static void without_a_thread_it_waits(void **state)
{
    (void)state;
    start();
    world.aside_refused = true;
    world.meanwhile = second_found;
    world_run();
    assert_int_equal(world.restarts, 1);
    assert_int_equal(world.accounts[2].tries, 1);
    assert_true(world_is_disabled(2));
    assert_int_equal(world_incident(2)->state, INCIDENT_LOCKED);
}

/* ---- what else comes meanwhile -------------------------------------------------------------- */

static void pause_while_it_hangs(void)
{
    if (passed() < CROSSES)
        return;
    lockdown_set_mode(world.lockdown, RESPONSE_OBSERVE);
    cross(2);
}

static void while_paused_nobody_is_locked(void **state)
{
    (void)state;
    start();
    world.meanwhile = pause_while_it_hangs;
    world_run();
    assert_int_equal(world.accounts[2].tries, 0);
    assert_true(world.unheld > 0);
    assert_int_equal(world.restarts, 1);
}

static void pause_before_it_answers(void)
{
    second_found();
    if (passed() < CROSSES + AWAY / 2)
        world.accounts[2].hangs = AWAY; /* for the one that begins */
    else
        world.accounts[2].hangs = 0;
    if (passed() == CROSSES + AWAY / 2)
        lockdown_set_mode(world.lockdown, RESPONSE_OBSERVE);
}

/* What is found of the account is told when a pause has given it up. */
static void a_pause_gives_up_what_was_begun_but_not_intended(void **state)
{
    (void)state;
    start();
    world.meanwhile = pause_before_it_answers;
    world_run();
    assert_int_equal(world.accounts[2].tries, 1);
    assert_int_equal(world.accounts[2].writes, 0);
    assert_int_equal(world_incident(2)->ending, ENDING_PAUSED);
    assert_int_equal(world.restarts, 1);
}

static void a_release_comes_before_what_was_not_intended(void **state)
{
    DWORD wait;
    (void)state;
    start();
    world.start_takes = START;
    world.meanwhile = away_while_it_stops;
    lockdown_step(world.lockdown, &wait);
    lockdown_step(world.lockdown, &wait);
    unsigned tries = world.accounts[2].tries;
    world.accounts[2].hangs = 0;
    world_release_now(RELEASE_ACCOUNT, u"CONTOSO\\user02", false);
    assert_int_equal(world.accounts[2].tries, tries + 1);
    assert_int_equal(world.accounts[2].writes, 0);
    assert_int_equal(world.answers, 1);
}

/* It was asked for while that lock was at work. */
static void a_release_of_what_is_then_not_locked_is_answered(void **state)
{
    DWORD wait;
    (void)state;
    start();
    world.start_takes = START;
    world.meanwhile = away_while_it_stops;
    lockdown_step(world.lockdown, &wait);
    lockdown_step(world.lockdown, &wait);
    world.accounts[2].hangs = 0;
    world.accounts[2].flags |= UF_ACCOUNTDISABLE;
    world_release_now(RELEASE_ACCOUNT, u"CONTOSO\\user02", false);
    assert_int_equal(world_incident(2)->ending, ENDING_ALREADY);
    assert_int_equal(world.answers, 1);
    assert_false(world.answer.done);
    assert_string_equal(world.answer.text, "CONTOSO\\user02: not released: it was not locked\n");
}

static void disk_full_while_it_hangs(void)
{
    if (passed() < CROSSES)
        return;
    memory_store.write_error = ERROR_DISK_FULL;
    cross(2);
}

static void without_a_journal_nobody_is_locked(void **state)
{
    (void)state;
    start();
    world.meanwhile = disk_full_while_it_hangs;
    world_run();
    assert_int_equal(world.accounts[2].tries, 0);
    assert_true(world.unheld > 0);
    assert_int_equal(world.restarts, 1);
    memory_store.write_error = 0;
    world.meanwhile = NULL;
    world_pass(60000);
    assert_restarted(1);
}

static void end_while_it_hangs(void)
{
    if (passed() < CROSSES)
        return;
    world.stopping = true;
    world_cross(2);
}

/* Decided, and locked by the next process. */
static void the_end_of_the_program_waits_for_no_more_locks(void **state)
{
    (void)state;
    start();
    world.meanwhile = end_while_it_hangs;
    DWORD wait;
    lockdown_step(world.lockdown, &wait);
    lockdown_step(world.lockdown, &wait);
    assert_in_range(world.accounts[2].tries, 0, 1);
    assert_in_range(passed(), CROSSES, CROSSES + 2000);
    assert_int_equal(recorder_count(MSG_SMTP_LEFT_STOPPED), 1);
    world_end();
    world.stopping = false;
    world.meanwhile = NULL;
    world_start();
    world_pass(world.settings.restart_cooldown * 1000);
    assert_restarted(1);
    assert_restarted(2);
}

/* ---- killed --------------------------------------------------------------------------------- */

/* Told again after a kill, as the log is read again. */
static void tell(void)
{
    world_start_behind();
    world_run();
    world.start_takes = START;
    world.stop_takes = STOP;
    begun = world.tick;
    crossed_at = 0;
    world.meanwhile = second_while_it_stops;
    world_cross(1);
    world_pass(50000);
    world_cross(2);
    world_pass(3 * world.settings.restart_cooldown * 1000);
}

/* Whether it was killed there. */
static bool tell_until(unsigned kill_at)
{
    volatile bool killed = false;
    world_reset();
    world.kill_at = kill_at;
    crossed_at = 0;
    if (setjmp(world.killed) != 0) {
        killed = true;
        world.kill_at = crossed_at = 0;
        world.tick = kill_at % 2 ? 30000 : world.tick + 700;
        world.boot += kill_at % 2;
        world.wall += 1;
    }
    tell();
    return killed;
}

static void assert_all_is_well(unsigned kill_at)
{
    for (unsigned i = 1; i <= 2; i++) {
        const struct incident *incident = world_incident(i);
        const struct world_account *account = &world.accounts[i];
        if (account->writes != 1 || account->session || incident->state != INCIDENT_CONTAINED)
            fail_msg("killed at %u: account %u: %u writes, session %d, %s", kill_at, i,
                     account->writes, account->session, incident_state_name(incident->state));
    }
    assert_in_range(world.restarts, 1, 2);
    assert_false(world.smtp_down);
    assert_false(world.dependent_down);
}

static void killed_anywhere_both_are_locked_once_and_their_sessions_end(void **state)
{
    unsigned kill_at = 1;
    (void)state;
    for (; tell_until(kill_at); kill_at++)
        assert_all_is_well(kill_at);
    assert_all_is_well(0);
    assert_int_equal(world.restarts, 1);
    assert_true(kill_at > 20);
    print_message("killed at %u points\n", kill_at - 1);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(locked_before_the_stop_it_shares_the_restart),
        TEST(locked_after_the_stop_it_gets_its_own),
        TEST(not_seen_stopped_it_gets_its_own),
        TEST(with_messages_to_move_it_gets_its_own),
        TEST(the_end_of_an_earlier_restart_is_no_other),
        TEST(a_controller_that_is_away_holds_up_no_restart),
        TEST(one_that_failed_is_tried_again),
        TEST(without_a_thread_it_waits),
        TEST(while_paused_nobody_is_locked),
        TEST(a_pause_gives_up_what_was_begun_but_not_intended),
        TEST(a_release_comes_before_what_was_not_intended),
        TEST(a_release_of_what_is_then_not_locked_is_answered),
        TEST(without_a_journal_nobody_is_locked),
        TEST(the_end_of_the_program_waits_for_no_more_locks),
        TEST(killed_anywhere_both_are_locked_once_and_their_sessions_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
