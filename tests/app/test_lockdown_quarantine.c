/* Messages moved out of the queue and back while SMTP does not run, for a person and after a lock;
 * killed anywhere, SMTP is not left stopped and no message is lost. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "app/account_clients.h"
#include "lockdown_world.h"

enum { ALL = 10, SEEN = 3, KILL_PAUSE = 700 };

static void expect_queue(unsigned queued, unsigned kept)
{
    assert_int_equal(world.queued, queued);
    assert_int_equal(world.kept, kept);
    assert_false(world.smtp_down);
    assert_false(world.taken_while_smtp_ran);
}

/* ---- for a person --------------------------------------------------------------------------- */

static void what_a_person_asks_for_is_done_while_smtp_is_down(void **state)
{
    (void)state;
    world_start();
    world_run();
    assert_true(world_quarantine(QUARANTINE_TAKE));
    assert_true(lockdown_is_quarantining(world.lockdown));
    assert_false(world_quarantine(QUARANTINE_TAKE));
    world_run();
    assert_int_equal(world.quarantine_answers, 1);
    assert_true(world.quarantine_answer.done);
    assert_int_equal(world.quarantine_answer.number, 7);
    assert_non_null(strstr(world.quarantine_answer.text, "10 messages"));
    assert_non_null(strstr(world.quarantine_answer.text, "SMTP was down for 1.50 s"));
    assert_non_null(
        strstr(world.quarantine_answer.text, "relaylock queue restore 20100101-000000"));
    assert_int_equal(world.restarts, 1);
    expect_queue(0, ALL);
    recorder_expect(MSG_QUARANTINED, 0, L"10");
    assert_true(world_quarantine(QUARANTINE_GIVE_BACK));
    world_run();
    assert_true(world.quarantine_answer.done);
    assert_int_equal(world.restarts, 2);
    expect_queue(ALL, 0);
    recorder_expect(MSG_QUARANTINE_RESTORED, 0, L"10");
}

static void one_batch_is_given_back(void **state)
{
    (void)state;
    world_start();
    world_run();
    world_quarantine(QUARANTINE_TAKE);
    world_run();
    world.asked_id = WORLD_BATCH;
    world_quarantine(QUARANTINE_GIVE_BACK);
    world_run();
    assert_true(world.quarantine_answer.done);
    assert_int_equal(world.restarts, 2);
    expect_queue(ALL, 0);
}

static void for_a_batch_that_is_not_there_smtp_goes_on(void **state)
{
    (void)state;
    world_start();
    world_run();
    world_quarantine(QUARANTINE_TAKE);
    world_run();
    unsigned finishes = world.finishes;
    world.asked_id = "20100101-000001";
    world_quarantine(QUARANTINE_GIVE_BACK);
    world_run();
    assert_int_equal(world.quarantine_answers, 2);
    assert_false(world.quarantine_answer.done);
    assert_string_equal(world.quarantine_answer.text,
                        "Nothing was moved: there is no batch of that number; see: relaylock queue "
                        "list\n");
    assert_int_equal(world.restarts, 1);
    assert_int_equal(world.finishes, finishes + 1);
    expect_queue(0, ALL);
}

static void all_of_nothing_is_given_back(void **state)
{
    (void)state;
    world_start();
    world_run();
    world_quarantine(QUARANTINE_GIVE_BACK);
    world_run();
    assert_true(world.quarantine_answer.done);
    assert_non_null(strstr(world.quarantine_answer.text, "0 messages"));
    expect_queue(ALL, 0);
}

static void batches_of_other_ids_are_said(void **state)
{
    (void)state;
    world_start();
    world_run();
    world_quarantine(QUARANTINE_TAKE);
    world_run();
    assert_null(strstr(world.quarantine_answer.text, "later batches"));
    world_quarantine(QUARANTINE_GIVE_BACK);
    world_run();
    world.take_more_ids = true;
    world_quarantine(QUARANTINE_TAKE);
    world_run();
    assert_true(world.quarantine_answer.done);
    assert_non_null(strstr(world.quarantine_answer.text, "Some of them lie in later batches"));
    recorder_expect(MSG_QUARANTINED, 3,
                    L"all of them (some of them in later batches; type: relaylock queue list)");
}

static void what_is_left_is_counted_and_said(void **state)
{
    (void)state;
    world.take_most = SEEN;
    world_start();
    world_run();
    world_quarantine(QUARANTINE_TAKE);
    world_run();
    assert_false(world.quarantine_answer.done);
    assert_non_null(strstr(world.quarantine_answer.text, "7 messages are left"));
    recorder_expect(MSG_QUARANTINE_LEFT, 1, L"7");
    recorder_expect(MSG_QUARANTINE_LEFT, 2, L"relaylock queue quarantine --all");
    expect_queue(ALL - SEEN, SEEN);
}

static void without_smtp_it_is_done_and_smtp_not_started(void **state)
{
    (void)state;
    world.smtp_down = true;
    world_start();
    world_run();
    world_quarantine(QUARANTINE_TAKE);
    world_run();
    assert_true(world.quarantine_answer.done);
    assert_non_null(strstr(world.quarantine_answer.text, "did not run"));
    assert_int_equal(world.kept, ALL);
    assert_true(world.smtp_down);
    assert_int_equal(world.restarts, 0);
}

static void no_service_at_all_is_none_to_stop(void **state)
{
    (void)state;
    world.result_forced = true;
    world.outcome = (struct smtp_outcome){
        .result = SMTP_FAILED, .call = "OpenService", .error = ERROR_SERVICE_DOES_NOT_EXIST};
    world.smtp_down = true;
    world_start();
    world_run();
    world_quarantine(QUARANTINE_TAKE);
    world_run();
    assert_true(world.quarantine_answer.done);
    assert_int_equal(world.kept, ALL);
}

static void smtp_that_cannot_be_stopped_keeps_its_messages(void **state)
{
    (void)state;
    static const struct smtp_outcome refused[] = {
        {.result = SMTP_FAILED, .call = "ControlService", .error = ERROR_ACCESS_DENIED},
        {.result = SMTP_OPERATOR},
        {.result = SMTP_STOP_TIMEOUT, .call = "QueryServiceStatus", .error = ERROR_TIMEOUT}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        world_reset();
        world.result_forced = true;
        world.outcome = refused[i];
        world_start();
        world_run();
        world_quarantine(QUARANTINE_TAKE);
        world_run();
        assert_int_equal(world.quarantine_answers, 1);
        assert_false(world.quarantine_answer.done);
        assert_non_null(strstr(world.quarantine_answer.text, "Nothing was moved"));
        assert_int_equal(world.queued, ALL);
        assert_int_equal(recorder_count(MSG_QUARANTINED), 0);
    }
}

/* Between two looks at its state: it runs, and owns its queue. */
static void nothing_is_moved_once_somebody_else_has_started_smtp(void **state)
{
    (void)state;
    world.started_by_others = true;
    world_start();
    world_run();
    world_quarantine(QUARANTINE_TAKE);
    world_run();
    assert_int_equal(world.quarantine_answers, 1);
    assert_false(world.quarantine_answer.done);
    assert_string_equal(world.quarantine_answer.text,
                        "Nothing was moved: the service SMTPSVC was stopped, but started by "
                        "somebody at once. Try again.\n");
    assert_int_equal(recorder_count(MSG_QUARANTINED), 0);
    expect_queue(ALL, 0);
}

static void without_a_journal_smtp_is_not_stopped(void **state)
{
    (void)state;
    world_start();
    memory_store.open_error = ERROR_DISK_FULL;
    world_run();
    world_quarantine(QUARANTINE_TAKE);
    world_run();
    assert_int_equal(world.quarantine_answers, 1);
    assert_false(world.quarantine_answer.done);
    assert_non_null(strstr(world.quarantine_answer.text, "the journal cannot be kept"));
    assert_int_equal(world.queued, ALL);
    assert_int_equal(world.restarts, 0);
}

/* Whichever write within the restart is refused: the one who asked is answered once, by what came
 * of it, and SMTP runs. */
static void a_journal_that_fails_within_it_takes_no_answer_away(void **state)
{
    unsigned left;
    (void)state;
    for (left = 0; left < 3; left++) {
        world_reset();
        world_start();
        world_run();
        memory_store.write_error = ERROR_DISK_FULL;
        memory_store.writes_left = left;
        assert_true(world_quarantine(QUARANTINE_TAKE));
        world_pass(1000);
        print_message("%u writes: %s", left, world.quarantine_answer.text);
        assert_int_equal(world.quarantine_answers, 1);
        assert_false(lockdown_is_quarantining(world.lockdown));
        assert_int_equal(world.quarantine_answer.number, 7);
        assert_int_equal(world.quarantine_answer.done, left > 0);
        expect_queue(left > 0 ? 0 : ALL, left > 0 ? ALL : 0);
        assert_int_equal(world.restarts, left > 0);
    }
}

/* What an earlier process left is finished at the start, by the service. */
static void the_start_finishes_what_was_left(void **state)
{
    (void)state;
    world_start();
    world_run();
    assert_int_equal(world.finishes, 1);
    world_pass(60000);
    assert_int_equal(world.finishes, 1);
}

static void locks_come_first(void **state)
{
    (void)state;
    world_start();
    world_run();
    world_cross(1);
    world_quarantine(QUARANTINE_TAKE);
    world_run();
    assert_true(world.locked_when_taken);
    assert_int_equal(world.quarantine_answers, 1);
    expect_queue(0, ALL);
}

/* ---- after a lock --------------------------------------------------------------------------- */

static void quarantine_on_lock(void)
{
    world.settings.quarantine_on_lock = true;
    world.settings.quarantine_limit = 500;
}

static void a_lock_takes_out_what_its_clients_brought(void **state)
{
    (void)state;
    quarantine_on_lock();
    world_lock(1);
    assert_int_equal(world.restarts, 1);
    expect_queue(0, ALL);
    assert_int_equal(world.order.why, MANIFEST_BY_LOCK);
    assert_int_equal(world.order.limit, 500);
    assert_int_equal(world.order.selection.kind, SELECT_CLIENTS);
    assert_int_equal(strncmp(world.clients, "User ", 5), 0);
    assert_int_equal(wcscmp(world.order.what, L"CONTOSO\\user01"), 0);
    assert_int_equal(recorder_count(MSG_QUARANTINED), 1);
}

static void several_locks_share_it(void **state)
{
    (void)state;
    quarantine_on_lock();
    world_lock(2);
    assert_int_equal(world.restarts, 1);
    assert_int_equal(wcscmp(world.order.what, L"CONTOSO\\user01, CONTOSO\\user02"), 0);
    expect_queue(0, ALL);
}

/* Their sessions are open meanwhile. */
static void several_locks_share_the_time_for_reading(void **state)
{
    (void)state;
    quarantine_on_lock();
    world.log_takes = ACCOUNT_CLIENTS_PATIENCE - 100;
    world_lock(2);
    assert_int_equal(world.patience, 100);
    expect_queue(0, ALL);
}

static void with_no_time_left_the_log_is_not_read(void **state)
{
    (void)state;
    quarantine_on_lock();
    world.log_takes = UINT32_MAX;
    world_lock(2);
    assert_int_equal(world.patience, 0);
    expect_queue(0, ALL);
}

static void without_smtp_a_lock_takes_them_out_and_smtp_is_not_started(void **state)
{
    (void)state;
    quarantine_on_lock();
    world.smtp_down = true;
    world_lock(2);
    assert_int_equal(wcscmp(world.order.what, L"CONTOSO\\user01, CONTOSO\\user02"), 0);
    assert_int_equal(world.kept, ALL);
    assert_int_equal(recorder_count(MSG_QUARANTINED), 1);
    assert_int_equal(recorder_count(MSG_SMTP_NOT_RUNNING), 1);
    assert_false(world.taken_while_smtp_ran);
    assert_true(world.smtp_down);
    assert_int_equal(world.restarts, 0);
    assert_int_equal(world_incident(2)->state, INCIDENT_RESTARTED);
}

/* The order to stop came late: SMTP is started, and there is a restart yet. */
static void a_stop_that_may_be_ours_is_not_one_in_which_it_is_done(void **state)
{
    (void)state;
    quarantine_on_lock();
    world_start();
    world_run();
    world.result_forced = true;
    world.outcome = (struct smtp_outcome){
        .result = SMTP_STOP_TIMEOUT, .call = "ControlService", .error = ERROR_TIMEOUT};
    world_cross(1);
    world_run();
    world.result_forced = false;
    world.smtp_down = true;
    world_pass(1000);
    expect_queue(ALL, 0);
    world_pass(world.settings.restart_cooldown * 1000);
    expect_queue(0, ALL);
    assert_int_equal(recorder_count(MSG_QUARANTINED), 1);
}

static void a_persons_restart_is_not_the_one_in_which_it_is_done(void **state)
{
    (void)state;
    quarantine_on_lock();
    world_lock(1);
    world_cross(2);
    world_run();
    assert_int_equal(world_incident(2)->state, INCIDENT_LOCKED);
    world_quarantine(QUARANTINE_GIVE_BACK);
    world_run();
    assert_int_equal(world.restarts, 2);
    recorder_expect(MSG_SMTP_RESTARTED, 2, L"0");
    expect_queue(ALL, 0);
    assert_int_equal(world_incident(2)->state, INCIDENT_LOCKED);
    world_pass(world.settings.restart_cooldown * 1000);
    assert_int_equal(world.restarts, 3);
    assert_int_equal(wcscmp(world.order.what, L"CONTOSO\\user02"), 0);
    expect_queue(0, ALL);
    assert_int_equal(world_incident(2)->state, INCIDENT_RESTARTED);
}

static void smtp_started_by_somebody_else_is_restarted_once_more(void **state)
{
    (void)state;
    quarantine_on_lock();
    world.started_by_others = true;
    world_lock(1);
    assert_int_equal(world.restarts, 1);
    recorder_expect(MSG_SMTP_RESTARTED, 2, L"0");
    expect_queue(ALL, 0);
    assert_int_equal(world_incident(1)->state, INCIDENT_LOCKED);
    world.started_by_others = false;
    world_pass(world.settings.restart_cooldown * 1000);
    assert_int_equal(world.restarts, 2);
    recorder_expect(MSG_SMTP_RESTARTED, 2, L"1");
    expect_queue(0, ALL);
    assert_int_equal(world_incident(1)->state, INCIDENT_RESTARTED);
}

static void smtp_always_started_by_somebody_else_is_given_up(void **state)
{
    (void)state;
    quarantine_on_lock();
    world.settings.give_up_after = 1;
    world.started_by_others = true;
    world_lock(1);
    world_pass(2 * 3600000);
    unsigned restarts = world.restarts;
    assert_int_not_equal(world_incident(1)->state, INCIDENT_LOCKED);
    world_pass(2 * 3600000);
    assert_int_equal(world.restarts, restarts);
    expect_queue(ALL, 0);
}

static void what_a_lock_left_is_said_with_the_command(void **state)
{
    (void)state;
    quarantine_on_lock();
    world.take_most = SEEN;
    world_lock(2);
    recorder_expect(MSG_QUARANTINE_LEFT, 1, L"7");
    recorder_expect(MSG_QUARANTINE_LEFT, 2,
                    L"relaylock queue quarantine --account CONTOSO\\user01");
}

/* Only of accounts that were locked there may be several; and the name of a client is anything. */
static void the_command_that_goes_on_can_be_typed(void **state)
{
    (void)state;
    static const struct {
        enum manifest_why why;
        const wchar_t *what, *command;
    } cases[] = {
        {MANIFEST_BY_SENDER, L"a,b@example.org", L"--sender \"a,b@example.org\""},
        {MANIFEST_BY_SENDER, L"<>", L"--sender \"<>\""},
        {MANIFEST_BY_CLIENT, L"a, b", L"--client \"a, b\""},
        {MANIFEST_BY_CLIENT, L"a\" & calc & \"", L"--client \"a? & calc & ?\""},
        {MANIFEST_BY_ACCOUNT, L"CONTOSO\\bob smith", L"--account \"CONTOSO\\bob smith\""},
        {MANIFEST_BY_LOCK, L"CONTOSO\\bob smith, bob", L"--account \"CONTOSO\\bob smith\""}};
    static const struct quarantine_result result = {.time_over = true};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wchar_t expected[100] = L"relaylock queue quarantine ";
        struct quarantine_order order = {.why = cases[i].why};
        wcscpy(order.what, cases[i].what);
        wcscat(expected, cases[i].command);
        report_quarantine_taken(&order, &result, 1);
        recorder_expect(MSG_QUARANTINE_LEFT, 2, expected);
    }
}

static void the_command_has_a_long_name_whole(void **state)
{
    (void)state;
    enum { LONG = 250 };
    static const struct quarantine_result result = {.time_over = true};
    struct quarantine_order order = {.why = MANIFEST_BY_CLIENT};
    wchar_t expected[LONG + 100] = L"relaylock queue quarantine --client ";
    wmemset(order.what, L'x', LONG);
    wcscat(expected, order.what);
    report_quarantine_taken(&order, &result, 1);
    recorder_expect(MSG_QUARANTINE_LEFT, 2, expected);
}

static void without_the_setting_the_queue_stays(void **state)
{
    (void)state;
    world_lock(1);
    assert_int_equal(world.restarts, 1);
    expect_queue(ALL, 0);
}

/* ---- killed --------------------------------------------------------------------------------- */

static void asked(void)
{
    world_quarantine(QUARANTINE_TAKE);
    world_pass(200000);
}

static void given_back(void)
{
    asked();
    world_quarantine(QUARANTINE_GIVE_BACK);
    world_pass(200000);
}

static void on_lock(void)
{
    world.settings.quarantine_on_lock = true;
    lockdown_configure(world.lockdown, &world.settings);
    world_cross(1);
    world_pass(700000);
}

/* Tells a story, killed at a point (0: not), and lets the next process come. Whether it was. */
static bool tell(void (*story)(void), unsigned kill_at)
{
    volatile bool killed = false;
    world_reset();
    world.kill_at = kill_at;
    if (setjmp(world.killed) != 0) {
        killed = true;
        world.kill_at = 0;
        world.tick += KILL_PAUSE;
        world.wall += 1;
    }
    world_start();
    world_run();
    if (!killed)
        story();
    else
        world_pass(700000);
    return killed;
}

static void kill_everywhere(void (*story)(void))
{
    unsigned at;
    tell(story, 0);
    for (at = 1; tell(story, at); at++) {
        if (world.smtp_down || world.dependent_down || world.queued + world.kept != ALL ||
            world.taken_while_smtp_ran)
            fail_msg("killed at %u: SMTP is %s, %u messages queued, %u kept", at,
                     world.smtp_down ? "down" : "up", world.queued, world.kept);
    }
    assert_true(at > 10);
    print_message("killed at %u points\n", at - 1);
    world_kill();
}

static void killed_anywhere_smtp_runs_again(void **state)
{
    (void)state;
    kill_everywhere(asked);
    kill_everywhere(given_back);
    kill_everywhere(on_lock);
}

/* Also where the restart in which it was to be done has been finished by the next process. */
static void killed_anywhere_a_lock_takes_them_out(void **state)
{
    unsigned locked = 0;
    (void)state;
    for (unsigned at = 1; tell(on_lock, at); at++) {
        locked += world_is_disabled(1);
        if (world_is_disabled(1) && world.queued > 0)
            fail_msg("killed at %u: %u messages are in the queue still", at, world.queued);
    }
    assert_true(locked > 10);
    world_kill();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_person_asks_for_is_done_while_smtp_is_down),
        TEST(one_batch_is_given_back),
        TEST(for_a_batch_that_is_not_there_smtp_goes_on),
        TEST(all_of_nothing_is_given_back),
        TEST(batches_of_other_ids_are_said),
        TEST(what_is_left_is_counted_and_said),
        TEST(without_smtp_it_is_done_and_smtp_not_started),
        TEST(no_service_at_all_is_none_to_stop),
        TEST(smtp_that_cannot_be_stopped_keeps_its_messages),
        TEST(nothing_is_moved_once_somebody_else_has_started_smtp),
        TEST(without_a_journal_smtp_is_not_stopped),
        TEST(a_journal_that_fails_within_it_takes_no_answer_away),
        TEST(the_start_finishes_what_was_left),
        TEST(locks_come_first),
        TEST(a_lock_takes_out_what_its_clients_brought),
        TEST(several_locks_share_it),
        TEST(several_locks_share_the_time_for_reading),
        TEST(with_no_time_left_the_log_is_not_read),
        TEST(without_smtp_a_lock_takes_them_out_and_smtp_is_not_started),
        TEST(a_stop_that_may_be_ours_is_not_one_in_which_it_is_done),
        TEST(a_persons_restart_is_not_the_one_in_which_it_is_done),
        TEST(smtp_started_by_somebody_else_is_restarted_once_more),
        TEST(smtp_always_started_by_somebody_else_is_given_up),
        TEST(what_a_lock_left_is_said_with_the_command),
        TEST(the_command_that_goes_on_can_be_typed),
        TEST(the_command_has_a_long_name_whole),
        TEST(without_the_setting_the_queue_stays),
        TEST(killed_anywhere_smtp_runs_again),
        TEST(killed_anywhere_a_lock_takes_them_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
