/* Messages moved out of the queue and back for a person, while SMTP does not run. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "lockdown_world.h"

enum { SEEN = 3 /* messages that are moved before the time is over */ };

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
    world_expect_queue(0, WORLD_QUEUED);
    recorder_expect(MSG_QUARANTINED, 0, L"10");
    assert_true(world_quarantine(QUARANTINE_GIVE_BACK));
    world_run();
    assert_true(world.quarantine_answer.done);
    assert_int_equal(world.restarts, 2);
    world_expect_queue(WORLD_QUEUED, 0);
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
    world_expect_queue(WORLD_QUEUED, 0);
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
    world_expect_queue(0, WORLD_QUEUED);
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
    world_expect_queue(WORLD_QUEUED, 0);
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
    world_expect_queue(WORLD_QUEUED - SEEN, SEEN);
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
    assert_int_equal(world.kept, WORLD_QUEUED);
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
    assert_int_equal(world.kept, WORLD_QUEUED);
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
        assert_int_equal(world.queued, WORLD_QUEUED);
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
    world_expect_queue(WORLD_QUEUED, 0);
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
    assert_int_equal(world.queued, WORLD_QUEUED);
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
        world_expect_queue(left > 0 ? 0 : WORLD_QUEUED, left > 0 ? WORLD_QUEUED : 0);
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
    world_expect_queue(0, WORLD_QUEUED);
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
