/* test_smtp_turn.c: what does not wait for a restart is done within its waits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "windows/smtp_service.h"
#include "smtp_scene.h"

static struct {
    unsigned pieces;  /* that there are to do */
    DWORD piece_time; /* ms */
    unsigned done;
    DWORD done_at;     /* tick of the last one's begin */
    DWORD smtp_when;   /* the state of SMTPSVC then */
    DWORD state_seen;  /* of SMTPSVC at SMTP_STEP_STOPPED */
    bool seen_stopped; /* as it was told with that */
} work;
static struct smtp_outcome outcome;

static bool do_a_piece(void *context)
{
    assert_ptr_equal(context, &outcome);
    if (work.pieces == 0)
        return false;
    work.pieces--;
    work.done++;
    work.done_at = fake_services_now();
    work.smtp_when = smtp->state;
    fake_services_advance(work.piece_time);
    return true;
}

static void note_step(void *context, enum smtp_step step, const struct smtp_outcome *so_far)
{
    assert_ptr_equal(context, &outcome);
    if (step != SMTP_STEP_STOPPED)
        return;
    work.state_seen = smtp->state;
    work.seen_stopped = so_far->seen_stopped;
}

static int set_up(void **state)
{
    (void)state;
    memset(&work, 0, sizeof work);
    scene_smtp();
    return 0;
}

static enum smtp_result restart(void)
{
    struct smtp_options options = {.service = L"SMTPSVC",
                                   .stop_timeout = 120000,
                                   .abandon = fake_services_abandon(),
                                   .step = note_step,
                                   .turn = do_a_piece,
                                   .wake = fake_services_wake(),
                                   .context = &outcome};
    smtp_restart(&options, &outcome);
    assert_int_equal(fake_services_open_handles(), 0);
    return outcome.result;
}

/* Something came in. */
static void bring(void *unused)
{
    work.pieces++;
    fake_services_set_wake(unused);
}

enum { COMES = 31234, SOON = 20 /* ms */ };

static void assert_done_at_once(DWORD state)
{
    DWORD begun = fake_services_now();
    fake_services_after(COMES, bring, NULL);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(work.done, 1);
    assert_in_range(work.done_at - begun, COMES, COMES + SOON);
    assert_int_equal(work.smtp_when, state);
}

static void while_it_stops(void **state)
{
    (void)state;
    smtp->stop_time = 2 * COMES;
    assert_done_at_once(SERVICE_STOP_PENDING);
    assert_in_range(outcome.down, 2 * COMES, 2 * COMES + 5000);
}

static void while_it_starts(void **state)
{
    (void)state;
    smtp->start_time = 2 * COMES;
    assert_done_at_once(SERVICE_START_PENDING);
}

static void while_it_does_not_start(void **state)
{
    (void)state;
    smtp->start_failures = 7;
    smtp->start_error = ERROR_SERVICE_LOGON_FAILED;
    assert_done_at_once(SERVICE_STOPPED);
    assert_int_equal(outcome.start_tries, 8);
    assert_in_range(outcome.down, 1000 * (1 + 2 + 4 + 8 + 16 + 32 + 60), 130000);
}

static void while_a_dependent_stops(void **state)
{
    (void)state;
    scene_dependents();
    second->stop_time = 2 * COMES;
    assert_done_at_once(SERVICE_RUNNING);
    scene_assert_all_run();
}

static void while_a_dependent_is_busy(void **state)
{
    (void)state;
    scene_dependents();
    second->state = SERVICE_STOPPED;
    second->start_time = 2 * COMES;
    fake_services_begin_start(second);
    assert_done_at_once(SERVICE_RUNNING);
    scene_assert_all_run();
}

static void what_is_there_already_needs_no_signal(void **state)
{
    (void)state;
    smtp->stop_time = 5000;
    work.pieces = 20;
    DWORD begun = fake_services_now();
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(work.done, 20);
    assert_in_range(work.done_at - begun, 0, 200);
}

static void pieces_that_hang_hold_up_the_start_once(void **state)
{
    (void)state;
    enum { HANG = 20000 };
    for (DWORD ms = 500; ms < 60000; ms += 700) {
        set_up(state);
        smtp->stop_time = ms;
        work.pieces = 100;
        work.piece_time = HANG;
        assert_int_equal(restart(), SMTP_RESTARTED);
        assert_in_range(smtp->started_at - smtp->stopped_at, 0, HANG + SOON);
    }
}

static void signals_for_nothing_change_nothing(void **state)
{
    (void)state;
    smtp->stop_time = 30000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    unsigned calls = fake_services_calls();
    DWORD down = outcome.down;
    set_up(state);
    smtp->stop_time = 30000;
    for (DWORD ms = 1000; ms <= 8000; ms += 1000)
        fake_services_after(ms, fake_services_set_wake, NULL);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_in_range(fake_services_calls(), calls, calls + 2 * 8);
    assert_in_range(outcome.down, down - 2000, down + 2000);
}

static void nothing_is_begun_on_stop(void **state)
{
    (void)state;
    DWORD begun = fake_services_now();
    smtp->stop_hangs = true;
    work.pieces = 1000000;
    work.piece_time = 50;
    fake_services_abandon_after(5000);
    assert_int_equal(restart(), SMTP_STOP_TIMEOUT);
    assert_in_range(work.done_at - begun, 4800, 5000);
    assert_in_range(fake_services_now() - begun, 120000, 131000);
}

static void it_is_told_whether_it_was_seen_stopped(void **state)
{
    unsigned seen = 0, not_seen = 0;
    (void)state;
    for (DWORD ms = 900; ms < 1300; ms += 7) {
        set_up(state);
        smtp->stop_time = 1000;
        smtp->start_time = 500;
        fake_services_after(ms, scene_start_it, smtp);
        assert_int_equal(restart(), SMTP_RESTARTED);
        assert_int_equal(work.seen_stopped, work.state_seen == SERVICE_STOPPED);
        seen += work.seen_stopped;
        not_seen += !work.seen_stopped;
    }
    assert_true(seen > 0);
    assert_true(not_seen > 0);
}

/* After so many questions in vain it counts as stopped; but nobody saw it so. */
static void a_state_that_cannot_be_asked_for_is_not_seen(void **state)
{
    (void)state;
    smtp->stop_time = 60000;
    fake_services_fail_named("QueryServiceStatus", 2, 40, ERROR_ACCESS_DENIED);
    restart();
    assert_false(work.seen_stopped);
}

static void waits_that_fail_do_not_spin(void **state)
{
    (void)state;
    smtp->stop_time = 60000;
    fake_services_fail_named("WaitForMultipleObjects", 0, 1000000, ERROR_INVALID_HANDLE);
    fake_services_after(COMES, bring, NULL);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(work.done, 1);
    assert_true(fake_services_calls() < 1000);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup(test, set_up)
    const struct CMUnitTest tests[] = {
        TEST(while_it_stops),
        TEST(while_it_starts),
        TEST(while_it_does_not_start),
        TEST(while_a_dependent_stops),
        TEST(while_a_dependent_is_busy),
        TEST(what_is_there_already_needs_no_signal),
        TEST(pieces_that_hang_hold_up_the_start_once),
        TEST(signals_for_nothing_change_nothing),
        TEST(nothing_is_begun_on_stop),
        TEST(it_is_told_whether_it_was_seen_stopped),
        TEST(a_state_that_cannot_be_asked_for_is_not_seen),
        TEST(waits_that_fail_do_not_spin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
