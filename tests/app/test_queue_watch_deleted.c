/* The queue's watch lets a folder go that is being deleted, so that its name can be used again: it
 * asks for signals again at once, which costs little, and may hang. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "queue_scene.h"
#include "windows/queue_change.h"

static LONG looks;

static int set_up(void **state)
{
    queue_scene_set_up(state);
    queue_scene_start();
    queue_scene_expect(5);
    looks = fake_queue_looks();
    return 0;
}

static void assert_let_go_without_a_look(void)
{
    queue_scene_settle();
    assert_false(fake_queue_is_pending(0));
    assert_int_equal(fake_queue_looks(), looks);
}

static void a_folder_that_is_deleted_is_let_go_at_once(void **state)
{
    (void)state;
    LONG open = fake_queue_open();
    fake_queue_delete(0);
    assert_let_go_without_a_look();
    assert_int_equal(fake_queue_open(), open - 1);
    queue_scene.folder.files = 0; /* the new one, found as ever */
    fake_queue_set(0, &queue_scene.folder);
    queue_scene_forward(QUEUE_WATCH_PAUSE);
    queue_scene_expect(0);
    queue_scene_forward(QUEUE_WATCH_UNWATCHED);
    fake_queue_fill(0, 7);
    fake_queue_forward(QUEUE_WATCH_PAUSE);
    queue_scene_expect(7);
}

/* Its files go first, which is a change already. */
static void also_one_whose_files_were_deleted_before(void **state)
{
    (void)state;
    fake_queue_fill(0, 0);
    queue_scene_settle();
    fake_queue_forward(QUEUE_WATCH_DEAF);
    fake_queue_delete(0);
    assert_let_go_without_a_look();
}

static void also_when_asking_again_fails_for_another_reason(void **state)
{
    (void)state;
    LONG open = fake_queue_open();
    fake_queue_fail("FindNextChangeNotification", 1);
    fake_queue_fill(0, 6);
    assert_let_go_without_a_look();
    assert_int_equal(fake_queue_open(), open - 1);
}

/* ---- what that costs ------------------------------------------------------------------------- */

static BOOL(WINAPI *ask_again)(HANDLE);
static volatile LONG asked;

static BOOL WINAPI count_ask(HANDLE signal)
{
    InterlockedIncrement(&asked);
    return ask_again(signal);
}

static void a_storm_is_not_asked_for_change_by_change(void **state)
{
    (void)state;
    ask_again = queue_change_calls.FindNextChangeNotification;
    queue_change_calls.FindNextChangeNotification = count_ask;
    asked = 0;
    for (LONG i = 0; i < 20; i++) {
        fake_queue_fill(0, i);
        queue_scene_settle();
    }
    assert_int_equal(asked, 1);
    fake_queue_forward(QUEUE_WATCH_DEAF);
    queue_scene_settle();
    assert_int_equal(asked, 2);
    assert_int_equal(fake_queue_looks(), looks);
    fake_queue_forward(QUEUE_WATCH_PAUSE);
    queue_scene_expect(19);
}

static HANDLE go;

static BOOL WINAPI hang(HANDLE signal)
{
    InterlockedIncrement(&asked);
    WaitForSingleObject(go, SCENE_PATIENCE);
    return ask_again(signal);
}

/* As a volume does that is away: what was counted before bears out nothing any more. */
static void asking_again_may_hang(void **state)
{
    (void)state;
    go = CreateEventW(NULL, TRUE, FALSE, NULL);
    assert_non_null(go);
    ask_again = queue_change_calls.FindNextChangeNotification;
    queue_change_calls.FindNextChangeNotification = hang;
    asked = 0;
    fake_queue_fill(0, 6);
    for (int i = 0; i < SCENE_PATIENCE / 10 && asked == 0; i++)
        Sleep(10);
    fake_queue_forward(QUEUE_WATCH_STALE + 1);
    assert_false(queue_scene_view().known);
    queue_watch_tell_hanging(queue_scene.watch);
    assert_int_equal(recorder_count(MSG_QUEUE_UNREADABLE), 1);
    SetEvent(go);
    queue_scene_settle();
    fake_queue_forward(QUEUE_WATCH_PAUSE);
    queue_scene_expect(6);
    CloseHandle(go);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, queue_scene_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_folder_that_is_deleted_is_let_go_at_once),
        TEST(also_one_whose_files_were_deleted_before),
        TEST(also_when_asking_again_fails_for_another_reason),
        TEST(a_storm_is_not_asked_for_change_by_change),
        TEST(asking_again_may_hang),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
