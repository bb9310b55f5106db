/* A call for a message hangs while SMTP is stopped for the quarantine: SMTP is started, who asked
 * is told, and SMTP is not stopped again for what cannot be done. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../windows/fake_files.h"
#include "app/quarantine_aside.h"
#include "lockdown_world.h"
#include "quarantine_scene.h"
#include "stuck_scene.h"

static struct lockdown_calls real;

static void find_scene(struct queue_directories *found)
{
    found->count = 1;
    wcscpy(found->paths[0], SCENE_QUEUE);
}

static void take(const struct quarantine_queues *queues, const struct quarantine_order *order,
                 struct quarantine_result *result)
{
    world_point();
    world.taken_while_smtp_ran = world.taken_while_smtp_ran || !world.smtp_down;
    real.quarantine_take(queues, order, result);
    world_point();
}

/* The world's services and journal, with the messages of the scene. */
static void begin(void)
{
    world_reset();
    scene_quarantine(TEN, false);
    for (unsigned i = 0; i < TEN; i++) /* when the accounts are abused */
        fake_files_date(scene_message(i), (WORLD_WALL + UINT64_C(11644473600)) * 10000000);
    stuck_scene_reset();
    quarantine_calls.queue_directories_find = find_scene;
    lockdown_calls.quarantine_is_stuck = real.quarantine_is_stuck;
    lockdown_calls.quarantine_finish = real.quarantine_finish;
    lockdown_calls.quarantine_take = take;
    lockdown_calls.quarantine_give_back = real.quarantine_give_back;
    lockdown_calls.quarantine_count = real.quarantine_count;
    lockdown_calls.quarantine_has = real.quarantine_has;
}

static int set_up(void **state)
{
    (void)state;
    begin();
    return 0;
}

static int tear_down(void **state)
{
    stuck_scene_tear_down(state);
    return world_tear_down(state);
}

static void expect_answer(const char *part)
{
    assert_false(world.quarantine_answer.done);
    if (!strstr(world.quarantine_answer.text, part))
        fail_msg("\"%s\" is not in: %s", part, world.quarantine_answer.text);
}

/* As after one that ended. */
static void expect_restarted(unsigned restarts)
{
    const struct restart_record *record = &lockdown_book(world.lockdown)->restart;
    assert_int_equal(world.restarts, restarts);
    assert_int_equal(record->phase, RESTART_NONE);
    assert_int_equal(record->recent_count, restarts);
    assert_false(world.smtp_down);
    assert_false(world.taken_while_smtp_ran);
}

static void start(void)
{
    world_start();
    world_run();
}

static void ask(enum quarantine_task task)
{
    assert_true(world_quarantine(task));
    world_run();
    assert_false(lockdown_is_quarantining(world.lockdown));
}

static void what_hangs_does_not_keep_smtp_down(void **state)
{
    (void)state;
    start();
    stuck_scene_hang("MoveFileExW", 3, FAKE_BEFORE);
    ask(QUARANTINE_TAKE);
    assert_int_equal(stuck_scene_limit, QUARANTINE_ASIDE_LIMIT);
    expect_restarted(1);
    assert_int_equal(world.quarantine_answers, 1);
    expect_answer(
        "It did not end within 15 s, and SMTP comes first: a disk or another program does "
        "not let go of what is named below.");
    expect_answer("NTFS_0002.EML: waiting 15 s for MoveFileExW failed with error 1460\n");
    expect_answer("SMTP was down for 1.50 s.\n");
    assert_null(strstr(world.quarantine_answer.text, "No message was moved"));
    recorder_expect(MSG_QUARANTINE_FAILED, 0, L"waiting 15 s for MoveFileExW");
    recorder_expect(MSG_QUARANTINE_FAILED, 1, SCENE_QUEUE L"\\NTFS_0002.EML");
    recorder_expect(MSG_QUARANTINE_LEFT, 0, L"it had not ended after 15 s, and SMTP comes first");
    recorder_expect(MSG_QUARANTINE_LEFT, 1, L"Some");
    assert_int_equal(recorder_count(MSG_QUARANTINED), 0);
    stuck_scene_let_go();
    struct scene_places user = scene_look(true), others = scene_look(false);
    assert_int_equal(user.kept + others.kept, 3);
    assert_int_equal(user.nowhere + others.nowhere, 0);
}

static void as_long_as_it_hangs_smtp_is_not_stopped_again(void **state)
{
    (void)state;
    static const enum quarantine_task tasks[] = {QUARANTINE_TAKE, QUARANTINE_GIVE_BACK};
    start();
    stuck_scene_hang("MoveFileExW", 3, FAKE_BEFORE);
    ask(QUARANTINE_TAKE);
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        ask(tasks[i]);
        assert_int_equal(world.quarantine_answers, 2 + i);
        expect_answer("Nothing was moved, and SMTP not stopped: a disk or another program does not "
                      "let go of ");
        expect_answer("NTFS_0002.EML (waiting for an earlier run's MoveFileExW). Once it has, type "
                      "the command again.\n");
        expect_restarted(1);
        assert_int_equal(recorder_count(MSG_QUARANTINE_FAILED), 2 + i);
    }
    recorder_expect(MSG_QUARANTINE_FAILED, 0, L"waiting for an earlier run's MoveFileExW");
    stuck_scene_let_go();
    ask(QUARANTINE_TAKE);
    assert_true(world.quarantine_answer.done);
    assert_non_null(strstr(world.quarantine_answer.text, "An earlier run had ended in the middle"));
    assert_non_null(strstr(world.quarantine_answer.text, "7 messages"));
    assert_int_equal(recorder_count(MSG_QUARANTINE_FINISHED), 1);
    expect_restarted(2);
    ask(QUARANTINE_GIVE_BACK);
    assert_true(world.quarantine_answer.done);
    assert_int_equal(scene_batches(), 0);
    scene_expect_places(HALF, 0);
}

static void a_lock_is_restarted_for_whatever_hangs(void **state)
{
    (void)state;
    world.settings.quarantine_on_lock = true;
    stuck_scene_hang("MoveFileExW", 3, FAKE_BEFORE);
    world_lock(1);
    expect_restarted(1);
    assert_int_equal(world_incident(1)->state, INCIDENT_RESTARTED);
    recorder_expect(MSG_QUARANTINE_FAILED, 1, scene_message(4));
    recorder_expect(MSG_QUARANTINE_LEFT, 2,
                    L"relaylock queue quarantine --account CONTOSO\\user01");
    /* The next is not waited for, and the restart is made all the same. */
    stuck_scene_limit = 0;
    world_cross(2);
    world_pass(world.settings.restart_cooldown * 1000);
    expect_restarted(2);
    assert_int_equal(stuck_scene_limit, 0);
    assert_int_equal(world_incident(2)->state, INCIDENT_RESTARTED);
    assert_int_equal(recorder_count(MSG_QUARANTINE_FAILED), 2);
    recorder_expect(MSG_QUARANTINE_FAILED, 0, L"waiting for an earlier run's MoveFileExW");
    stuck_scene_let_go();
    scene_expect_places(HALF - 3, 3);
    world_cross(3);
    world_pass(world.settings.restart_cooldown * 1000);
    expect_restarted(3);
    assert_int_equal(recorder_count(MSG_QUARANTINED), 1);
    scene_expect_places(0, HALF);
}

/* SMTP runs by then; but who asked waits, and locks do. */
static void to_count_what_is_left_is_bounded(void **state)
{
    (void)state;
    start();
    stuck_scene_hang("ReadFile", 5, FAKE_BEFORE);
    scene_tick_step = QUARANTINE_BUDGET / 4; /* so the fourth message is not moved */
    ask(QUARANTINE_TAKE);
    expect_answer("It was ended after 10 s, since SMTP comes first; some messages are left.");
    recorder_expect(MSG_QUARANTINE_LEFT, 0, L"it had taken 10 s, and SMTP comes first");
    recorder_expect(MSG_QUARANTINE_LEFT, 1, L"Some");
    recorder_expect(MSG_QUARANTINE_FAILED, 0, L"waiting 15 s for CreateFileW");
    expect_restarted(1);
    stuck_scene_let_go();
}

/* Of 100,000 messages on a slow disk: nothing hangs. */
static void to_count_for_too_long_is_no_failure(void **state)
{
    (void)state;
    start();
    scene_tick_step = QUARANTINE_BUDGET / 4;
    ask(QUARANTINE_TAKE);
    expect_answer("It was ended after 10 s, since SMTP comes first; some messages are left.");
    recorder_expect(MSG_QUARANTINE_LEFT, 1, L"Some");
    assert_int_equal(recorder_count(MSG_QUARANTINE_FAILED), 0);
    expect_restarted(1);
}

static void cannot_count(const struct quarantine_queues *queues,
                         const struct queue_selection *selection, struct quarantine_result *result)
{
    (void)queues, (void)selection;
    *result = (struct quarantine_result){.call = "CreateThread", .error = ERROR_NOT_ENOUGH_MEMORY};
}

static void what_cannot_be_counted_is_not_said_to_be_none(void **state)
{
    (void)state;
    start();
    lockdown_calls.quarantine_count = cannot_count;
    scene_tick_step = QUARANTINE_BUDGET / 4;
    ask(QUARANTINE_TAKE);
    expect_answer("some messages are left.");
    recorder_expect(MSG_QUARANTINE_LEFT, 1, L"Some");
    recorder_expect(MSG_QUARANTINE_FAILED, 0, L"CreateThread");
}

/* What an earlier process left cannot be finished: the start goes on, and SMTP is not stopped. */
static void what_hangs_is_not_finished_at_the_start(void **state)
{
    (void)state;
    scene_take();
    stuck_scene_hang("FindFirstFileW", 1, FAKE_BEFORE);
    start();
    recorder_expect(MSG_QUARANTINE_FAILED, 0, L"waiting 15 s for FindFirstFileW");
    world_cross(1);
    world_run();
    assert_true(world_is_disabled(1));
    expect_restarted(1);
    ask(QUARANTINE_GIVE_BACK);
    expect_answer("Nothing was moved, and SMTP not stopped");
    world_end(); /* nor does it keep the program from ending */
    stuck_scene_let_go();
    start();
    ask(QUARANTINE_GIVE_BACK);
    assert_true(world.quarantine_answer.done);
    scene_expect_places(HALF, 0);
}

/* Leaves SMTP stopped by a process that was killed. */
static void leave_smtp_stopped(void)
{
    volatile unsigned at = 0;
    do {
        at++;
        begin();
        world.kill_at = at;
        if (setjmp(world.killed) == 0) {
            start();
            ask(QUARANTINE_TAKE);
        }
        world.kill_at = 0;
    } while (!world.smtp_down);
    assert_int_equal(lockdown_book(world.lockdown)->restart.phase, RESTART_STOPPING);
}

/* By the command, which finishes a restart only when it has something to do. */
static void smtp_that_was_left_stopped_is_started_before_what_may_hang(void **state)
{
    (void)state;
    leave_smtp_stopped();
    world_start();
    lockdown_set_mode(world.lockdown, RESPONSE_RELEASE);
    world_run();
    assert_true(world.smtp_down);
    fake_files_make_folder(SCENE_ROOT);
    stuck_scene_hang("FindFirstFileW", 1, FAKE_BEFORE);
    ask(QUARANTINE_GIVE_BACK);
    expect_answer("Nothing was moved, and SMTP not stopped");
    assert_false(world.smtp_down);
    assert_int_equal(world.resumes, 1);
    stuck_scene_let_go();
}

static void a_journal_that_fails_meanwhile_is_answered_once(void **state)
{
    (void)state;
    leave_smtp_stopped();
    world_start();
    lockdown_set_mode(world.lockdown, RESPONSE_RELEASE);
    world_run();
    memory_store.write_error = ERROR_DISK_FULL;
    memory_store.writes_left = 0;
    ask(QUARANTINE_TAKE);
    assert_int_equal(world.quarantine_answers, 1);
    expect_answer("the journal cannot be kept");
    assert_false(world.smtp_down);
    scene_expect_places(HALF, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_hangs_does_not_keep_smtp_down),
        TEST(as_long_as_it_hangs_smtp_is_not_stopped_again),
        TEST(a_lock_is_restarted_for_whatever_hangs),
        TEST(to_count_what_is_left_is_bounded),
        TEST(to_count_for_too_long_is_no_failure),
        TEST(what_cannot_be_counted_is_not_said_to_be_none),
        TEST(what_hangs_is_not_finished_at_the_start),
        TEST(smtp_that_was_left_stopped_is_started_before_what_may_hang),
        TEST(a_journal_that_fails_meanwhile_is_answered_once),
    };
    real = lockdown_calls;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
