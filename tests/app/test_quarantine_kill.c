/* The process killed, or the power cut, at every call of taking out, giving back and deleting:
 * every message is in one place, and the next process finishes. The same where it is given up while
 * a call hangs, which is done late, and nothing else is. And each call made to fail. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "../windows/fake_files.h"
#include "app/cancellation.h"
#include "quarantine_scene.h"

enum { FEW = 6, MANY = 70 /* more than one chunk */ };

/* ---- stories -------------------------------------------------------------------------------- */

static void purge(void)
{
    char id[MANIFEST_ID_SIZE];
    strcpy(id, scene_batch());
    quarantine_purge(&scene_queues, id, &scene_result);
}

static void finish(void)
{
    quarantine_finish(&scene_queues, &scene_result);
}

/* What is before a story, and what must be after it. */
static void nothing(void)
{
}

/* A process before was killed while it moved them, or deleted them. */
static void half_taken(void)
{
    for (unsigned at = 1; scene_look(true).kept == 0; at++) {
        scene_quarantine(FEW, false);
        assert_false(fake_calls_lives(at, scene_take));
        fake_files_kill();
    }
    assert_int_equal(scene_look(true).kept, 1);
}

static void half_deleted(void)
{
    for (unsigned at = 1; scene_look(true).nowhere == 0; at++) {
        scene_quarantine(FEW, false);
        scene_take();
        assert_false(fake_calls_lives(at, purge));
        fake_files_kill();
    }
    assert_int_equal(scene_look(true).nowhere, 1);
}

static void expect_all_somewhere(void)
{
    assert_int_equal(scene_look(true).nowhere, 0);
}

static void expect_taken(void)
{
    scene_take();
    struct scene_places user = scene_look(true);
    assert_int_equal(user.queued, 0);
    assert_int_equal(user.nowhere, 0);
    scene_give_back();
    assert_null(scene_result.call);
    assert_int_equal(scene_look(true).kept, 0);
    assert_int_equal(scene_batches(), 0);
}

static void expect_given_back(void)
{
    scene_give_back();
    assert_null(scene_result.call);
    struct scene_places user = scene_look(true);
    assert_int_equal(user.kept, 0);
    assert_int_equal(user.nowhere, 0);
    assert_int_equal(scene_batches(), 0);
}

/* Deleted or not: in any case all or none, and none comes back into the queue. */
static void expect_in_no_queue(void)
{
    assert_int_equal(scene_look(true).queued, 0);
}

static void expect_purged(void)
{
    struct scene_places user = scene_look(true);
    assert_true(user.kept == 0 || user.nowhere == 0);
    if (user.kept > 0)
        purge();
    assert_int_equal(scene_look(true).kept, 0);
    assert_int_equal(scene_batches(), 0);
}

static const struct story {
    void (*before)(void), (*act)(void);
    void (*at_once)(void); /* what holds at any moment */
    void (*in_the_end)(void);
} taking = {nothing, scene_take, expect_all_somewhere, expect_taken},
  giving_back = {scene_take, scene_give_back, expect_all_somewhere, expect_given_back},
  purging = {scene_take, purge, expect_in_no_queue, expect_purged},
  finishing = {half_taken, finish, expect_all_somewhere, expect_taken},
  deleting = {half_deleted, finish, expect_in_no_queue, expect_purged};

/* ---- the next process ----------------------------------------------------------------------- */

static void go_on(const struct story *story)
{
    struct scene_places others = scene_look(false);
    assert_int_equal(others.kept + others.nowhere, 0);
    story->at_once();
    quarantine_finish(&scene_queues, &scene_result);
    assert_null(scene_result.call);
    story->at_once();
    assert_int_equal(scene_open_intents(), 0);
    quarantine_finish(&scene_queues, &scene_result);
    assert_int_equal(scene_result.finished, 0);
    story->in_the_end();
    assert_int_equal(fake_files_open_handles(), 0);
}

static bool begin_killed(const struct story *story, unsigned messages, unsigned at)
{
    scene_quarantine(messages, messages > FEW);
    story->before();
    return !fake_calls_lives(at, story->act);
}

static void kill_everywhere(const struct story *story, unsigned messages, unsigned step)
{
    unsigned at;
    for (at = 1; begin_killed(story, messages, at); at += step) {
        fake_files_kill();
        go_on(story);
    }
    assert_true(at > 40);
    print_message("killed at %u moments\n", (at - 1) / step);
}

static void cut_everywhere(const struct story *story, const struct fake_cut *cut, bool all_names)
{
    unsigned at;
    for (at = 1; begin_killed(story, FEW, at); at++) {
        struct fake_cut this = *cut;
        this.names = all_names ? fake_files_pending_names() : fake_files_pending_names() / 2;
        fake_files_kill();
        fake_files_power_cut(&this);
        go_on(story);
    }
    assert_true(at > 40);
}

/* ---- given up ------------------------------------------------------------------------------- */

static bool given_up;
static unsigned moments_left;
static unsigned begun_after; /* calls that change a folder */

static void give_up(void *context, const char *call, enum fake_moment moment)
{
    static const char *const changes[] = {"MoveFileExW", "DeleteFileW", "CreateDirectoryW",
                                          "RemoveDirectoryW"};
    wchar_t object[CANCELLATION_OBJECT_MAX];
    const char *at;
    (void)context;
    for (size_t i = 0; given_up && moment == FAKE_BEFORE && i < sizeof changes / sizeof *changes;
         i++)
        begun_after += strcmp(call, changes[i]) == 0;
    if (--moments_left != 0)
        return;
    cancellation_request(&at, object);
    assert_int_not_equal(object[0], 0);
    given_up = true;
}

/* It is given up while a call hangs that has had no effect yet, or has had it. */
static void give_up_everywhere(const struct story *story, unsigned messages, unsigned step)
{
    cancellation_clear();
    for (unsigned at = 1;; at += step) {
        scene_quarantine(messages, messages > FEW);
        story->before();
        given_up = false;
        begun_after = 0;
        moments_left = at;
        fake_calls_hook(give_up, NULL);
        story->act();
        fake_calls_hook(NULL, NULL);
        cancellation_clear();
        if (!given_up) {
            assert_true(at > 40);
            return;
        }
        if (begun_after > 0)
            fail_msg("given up at moment %u: %u changes were begun", at, begun_after);
        assert_int_equal(fake_files_open_handles(), 0);
        go_on(story);
    }
}

#define STORY(story)                                                                               \
    static void story##_killed_at_any_call(void **state)                                           \
    {                                                                                              \
        (void)state;                                                                               \
        kill_everywhere(&story, FEW, 1);                                                           \
    }                                                                                              \
    static void story##_given_up_at_any_call(void **state)                                         \
    {                                                                                              \
        (void)state;                                                                               \
        give_up_everywhere(&story, FEW, 1);                                                        \
    }                                                                                              \
    static void story##_many_killed_at_any_call(void **state)                                      \
    {                                                                                              \
        (void)state;                                                                               \
        kill_everywhere(&story, MANY, 7);                                                          \
    }                                                                                              \
    static void story##_the_power_cut_at_any_call(void **state)                                    \
    {                                                                                              \
        static const struct fake_cut cuts[] = {{FAKE_CUT_LOST, 0, 0},                              \
                                               {FAKE_CUT_KEPT, 0, 0},                              \
                                               {FAKE_CUT_TORN, 30, 0},                             \
                                               {FAKE_CUT_HOLE, 0, 0}};                             \
        (void)state;                                                                               \
        for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {                                  \
            cut_everywhere(&story, &cuts[i], true);                                                \
            cut_everywhere(&story, &cuts[i], false);                                               \
        }                                                                                          \
    }                                                                                              \
    static void story##_any_call_failing(void **state)                                             \
    {                                                                                              \
        (void)state;                                                                               \
        fail_everywhere(&story);                                                                   \
    }

/* Each call fails, in turn: before its effect, and after it. */
static void fail_everywhere(const struct story *story)
{
    static const DWORD codes[] = {ERROR_ACCESS_DENIED, ERROR_DISK_FULL, ERROR_SHARING_VIOLATION,
                                  ERROR_FILE_NOT_FOUND};
    scene_quarantine(FEW, false);
    story->before();
    unsigned before = fake_files_calls.made;
    story->act();
    const unsigned made = fake_files_calls.made - before;
    assert_true(made > 20);
    for (size_t code = 0; code < sizeof codes / sizeof *codes; code++) {
        for (unsigned late = 0; late < 2; late++) {
            for (unsigned at = 1; at <= made; at++) {
                scene_quarantine(FEW, false);
                story->before();
                fake_calls_fail(&fake_files_calls, at, codes[code], late);
                story->act();
                fake_files_calls.fail_at = 0;
                assert_int_equal(fake_files_open_handles(), 0);
                go_on(story);
            }
        }
    }
}

STORY(taking)
STORY(giving_back)
STORY(purging)

static void many_given_up_at_any_call(void **state)
{
    (void)state;
    give_up_everywhere(&taking, MANY, 7);
    give_up_everywhere(&giving_back, MANY, 7);
}

static void what_is_finished_is_given_up_at_any_call(void **state)
{
    (void)state;
    give_up_everywhere(&finishing, FEW, 1);
    give_up_everywhere(&deleting, FEW, 1);
}

/* Many batches on a slow disk keep nobody waiting: each is finished when it is used. */
static void after_ten_seconds_no_batch_is_finished(void **state)
{
    (void)state;
    half_taken();
    scene_tick_step = QUARANTINE_BUDGET;
    finish();
    assert_true(scene_result.time_over);
    assert_null(scene_result.call);
    assert_int_equal(scene_result.finished, 0);
    scene_tick_step = 0;
    go_on(&finishing);
}

#define TESTS(story)                                                                               \
    cmocka_unit_test(story##_killed_at_any_call), cmocka_unit_test(story##_given_up_at_any_call),  \
        cmocka_unit_test(story##_many_killed_at_any_call),                                         \
        cmocka_unit_test(story##_the_power_cut_at_any_call),                                       \
        cmocka_unit_test(story##_any_call_failing)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TESTS(taking),
        TESTS(giving_back),
        TESTS(purging),
        cmocka_unit_test(many_given_up_at_any_call),
        cmocka_unit_test(what_is_finished_is_given_up_at_any_call),
        cmocka_unit_test(after_ten_seconds_no_batch_is_finished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
