/* The quarantine on a thread of its own, in bounds: what hangs is given up, moves nothing after
 * that, and is in nobody's way once it has ended. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>

#include "../windows/fake_files.h"
#include "app/quarantine_aside.h"
#include "quarantine_scene.h"
#include "stuck_scene.h"

static const struct queue_selection all = {.kind = SELECT_ALL};

static int set_up(void **state)
{
    scene_quarantine_set_up(state);
    stuck_scene_reset();
    return 0;
}

static void take(void)
{
    quarantine_aside_take(&scene_queues, &scene_order, &scene_result);
}

static void give_back(void)
{
    quarantine_aside_give_back(&scene_queues, "", &all, &scene_result);
}

static void what_does_not_hang_is_done_as_ever(void **state)
{
    (void)state;
    take();
    assert_null(scene_result.call);
    assert_string_equal(scene_result.id, "20261129-082000");
    assert_int_equal(scene_result.count.moved, HALF);
    assert_int_equal(stuck_scene_limit, QUARANTINE_BUDGET + 5000);
    scene_expect_places(0, HALF);
    assert_true(quarantine_aside_has(&scene_queues, "20261129-082000"));
    assert_false(quarantine_aside_has(&scene_queues, "20261129-082001"));
    quarantine_aside_count(&scene_queues, &all, &scene_result);
    assert_int_equal(scene_result.count.moved, TEN - HALF);
    quarantine_aside_give_back(&scene_queues, "20261129-082001", &all, &scene_result);
    assert_int_equal(scene_result.count.moved, 0);
    quarantine_aside_give_back(&scene_queues, "20261129-082000", &all, &scene_result);
    assert_int_equal(scene_result.count.moved, HALF);
    scene_expect_places(HALF, 0);
    quarantine_aside_finish(&scene_queues, &scene_result);
    assert_int_equal(scene_result.finished, 0);
    assert_false(quarantine_aside_is_stuck(&scene_result));
    assert_null(scene_result.call);
}

static void expect_stuck(const char *call, const wchar_t *object, DWORD error)
{
    assert_true(scene_result.stuck);
    assert_string_equal(scene_result.call, call);
    assert_int_equal(wcscmp(scene_result.object, object), 0);
    assert_int_equal(scene_result.error, error);
    assert_int_equal(scene_result.count.moved, 0);
}

/* The third of five: two are moved, and that one late or not at all. */
static void hang_in_move(enum fake_moment moment)
{
    stuck_scene_hang("MoveFileExW", 3, moment);
    take();
    expect_stuck("MoveFileExW", scene_message(4), ERROR_TIMEOUT);
}

static void after_the_move_that_hung_nothing_is_moved(void **state)
{
    (void)state;
    for (enum fake_moment moment = FAKE_BEFORE; moment <= FAKE_AFTER; moment++) {
        set_up(state);
        hang_in_move(moment);
        unsigned moved = moment == FAKE_BEFORE ? 2 : 3;
        assert_int_equal(scene_look(true).kept, moved);
        stuck_scene_let_go();
        scene_expect_places(HALF - 3, 3);
        assert_false(quarantine_aside_is_stuck(&scene_result));
        assert_int_equal(scene_open_intents(), HALF);
    }
}

/* In whose place nobody else works. */
static void as_long_as_it_hangs_nothing_else_is_begun(void **state)
{
    (void)state;
    hang_in_move(FAKE_BEFORE);
    unsigned calls = fake_files_calls.made;
    take();
    expect_stuck("MoveFileExW", scene_message(4), ERROR_BUSY);
    give_back();
    expect_stuck("MoveFileExW", scene_message(4), ERROR_BUSY);
    quarantine_aside_finish(&scene_queues, &scene_result);
    expect_stuck("MoveFileExW", scene_message(4), ERROR_BUSY);
    quarantine_aside_count(&scene_queues, &all, &scene_result);
    expect_stuck("MoveFileExW", scene_message(4), ERROR_BUSY);
    assert_true(quarantine_aside_has(&scene_queues, "20261129-082001"));
    assert_true(quarantine_aside_is_stuck(&scene_result));
    expect_stuck("MoveFileExW", scene_message(4), ERROR_BUSY);
    assert_int_equal(fake_files_calls.made, calls);
    stuck_scene_let_go();
}

static void once_it_has_ended_what_it_left_is_finished(void **state)
{
    (void)state;
    hang_in_move(FAKE_BEFORE);
    stuck_scene_let_go();
    quarantine_aside_finish(&scene_queues, &scene_result);
    assert_null(scene_result.call);
    assert_int_equal(scene_result.finished, 1);
    assert_int_equal(scene_open_intents(), 0);
    take();
    assert_int_equal(scene_result.count.moved, HALF - 3);
    scene_expect_places(0, HALF);
    give_back();
    assert_null(scene_result.call);
    scene_expect_places(HALF, 0);
    assert_int_equal(scene_batches(), 0);
}

/* A message whose oplock somebody has is named, also where it is only read. */
static void what_hangs_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *call, *told;
    } cases[] = {{"FindFirstFileW", "FindFirstFileW"},
                 {"ReadFile", "CreateFileW"},
                 {"CreateDirectoryW", "CreateDirectoryW"},
                 {"WriteFile", "WriteFile"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up(state);
        stuck_scene_hang(cases[i].call, 1, FAKE_BEFORE);
        take();
        assert_true(scene_result.stuck);
        assert_string_equal(scene_result.call, cases[i].told);
        assert_int_not_equal(scene_result.object[0], 0);
        stuck_scene_let_go();
        scene_expect_places(HALF, 0);
    }
    set_up(state);
    stuck_scene_hang("ReadFile", 2, FAKE_BEFORE); /* one a message */
    take();
    expect_stuck("CreateFileW", scene_message(1), ERROR_TIMEOUT);
    stuck_scene_let_go();
    quarantine_aside_finish(&scene_queues, &scene_result); /* the batch was made already */
    assert_int_equal(scene_result.finished, 1);
    assert_int_equal(scene_batches(), 0);
    scene_expect_places(HALF, 0);
}

static void whatever_only_looks_is_bounded_too(void **state)
{
    (void)state;
    stuck_scene_hang("ReadFile", 1, FAKE_BEFORE);
    quarantine_aside_count(&scene_queues, &all, &scene_result);
    expect_stuck("CreateFileW", scene_message(0), ERROR_TIMEOUT);
    stuck_scene_let_go();
    unsigned calls = fake_files_calls.made;
    take();
    assert_null(scene_result.call);
    assert_true(fake_files_calls.made > calls);
    stuck_scene_hang("CreateFileW", 1, FAKE_BEFORE);
    assert_true(quarantine_aside_has(&scene_queues, "20261129-082001"));
    stuck_scene_let_go();
    stuck_scene_hang("FindFirstFileW", 1, FAKE_BEFORE);
    quarantine_aside_finish(&scene_queues, &scene_result);
    expect_stuck("FindFirstFileW", SCENE_ROOT, ERROR_TIMEOUT);
    stuck_scene_let_go();
    scene_expect_places(0, HALF);
}

static void what_is_given_back_stops_likewise(void **state)
{
    (void)state;
    take();
    stuck_scene_hang("MoveFileExW", 1, FAKE_BEFORE);
    give_back();
    expect_stuck("MoveFileExW", SCENE_BATCH L"\\NTFS_0000.EML", ERROR_TIMEOUT);
    stuck_scene_let_go();
    scene_expect_places(1, HALF - 1);
    give_back();
    assert_null(scene_result.call);
    assert_int_equal(scene_result.count.moved, HALF - 1);
    scene_expect_places(HALF, 0);
}

static void without_a_thread_nothing_is_done(void **state)
{
    (void)state;
    stuck_scene_no_threads = true;
    take();
    assert_false(scene_result.stuck);
    assert_string_equal(scene_result.call, "CreateThread");
    assert_int_equal(scene_result.error, ERROR_NOT_ENOUGH_MEMORY);
    assert_true(quarantine_aside_has(&scene_queues, "20261129-082001"));
    scene_expect_places(HALF, 0);
    stuck_scene_no_threads = false;
    take();
    scene_expect_places(0, HALF);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, stuck_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_does_not_hang_is_done_as_ever),
        TEST(after_the_move_that_hung_nothing_is_moved),
        TEST(as_long_as_it_hangs_nothing_else_is_begun),
        TEST(once_it_has_ended_what_it_left_is_finished),
        TEST(what_hangs_is_named),
        TEST(whatever_only_looks_is_bounded_too),
        TEST(what_is_given_back_stops_likewise),
        TEST(without_a_thread_nothing_is_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
