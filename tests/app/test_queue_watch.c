/* The queue's watch: when it looks, and what who asks is told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "queue_scene.h"

/* ---- when it looks --------------------------------------------------------------------------- */

static void a_change_is_looked_at_after_a_pause(void **state)
{
    (void)state;
    queue_scene_start();
    queue_scene_expect(5);
    assert_int_equal(queue_scene_view().window, UINT32_MAX);
    assert_int_equal(queue_scene_view().required, 20);
    LONG looks = fake_queue_looks();
    fake_queue_fill(0, 25);
    fake_queue_forward(QUEUE_WATCH_PAUSE - 1);
    queue_scene_settle();
    assert_int_equal(fake_queue_looks(), looks);
    fake_queue_forward(1);
    queue_scene_expect(25);
    assert_int_equal(queue_scene_view().window, 0);
    fake_queue_fill(0, 0);
    fake_queue_forward(QUEUE_WATCH_PAUSE);
    queue_scene_expect(0);
    assert_int_equal(queue_scene_view().window, 7); /* from the first count, 6 s ago */
}

static void a_storm_of_changes_costs_a_look_a_pause(void **state)
{
    (void)state;
    queue_scene_start();
    queue_scene_expect(5);
    LONG looks = fake_queue_looks(), open = fake_queue_open();
    for (LONG i = 0; i < 100; i++) {
        fake_queue_fill(0, i);
        fake_queue_forward(300);
        queue_scene_settle();
    }
    assert_in_range(fake_queue_looks() - looks, 5, 30000 / QUEUE_WATCH_PAUSE);
    fake_queue_forward(QUEUE_WATCH_PAUSE);
    queue_scene_expect(99); /* the last change is not lost */
    assert_int_equal(fake_queue_open(), open);
}

static void without_a_change_it_looks_every_five_minutes(void **state)
{
    (void)state;
    queue_scene_start();
    queue_scene_expect(5);
    LONG looks = fake_queue_looks();
    queue_scene_forward(QUEUE_WATCH_WATCHED - 1);
    assert_int_equal(fake_queue_looks(), looks);
    queue_scene_forward(1);
    assert_int_equal(fake_queue_looks(), looks + 1);
}

static void what_cannot_be_watched_is_looked_at_every_minute(void **state)
{
    (void)state;
    queue_scene.folder.watch_error = ERROR_INVALID_FUNCTION;
    fake_queue_set(0, &queue_scene.folder);
    queue_scene_start();
    queue_scene_expect(5);
    fake_queue_fill(0, 30);
    queue_scene_forward(QUEUE_WATCH_UNWATCHED - 1);
    assert_int_equal(queue_scene_view().files, 5);
    queue_scene_forward(1);
    queue_scene_expect(30);
    queue_scene.folder.watch_error = 0; /* and tried again */
    queue_scene.folder.files = 30;
    fake_queue_set(0, &queue_scene.folder);
    queue_scene_forward(QUEUE_WATCH_UNWATCHED);
    fake_queue_fill(0, 31);
    fake_queue_forward(QUEUE_WATCH_PAUSE);
    queue_scene_expect(31);
}

static void a_watch_that_is_refused_later_is_begun_anew(void **state)
{
    (void)state;
    queue_scene_start();
    queue_scene_expect(5);
    fake_queue_fail("FindNextChangeNotification", 1);
    fake_queue_fill(0, 6);
    fake_queue_forward(QUEUE_WATCH_PAUSE);
    queue_scene_expect(6);
    queue_scene_forward(QUEUE_WATCH_UNWATCHED);
    fake_queue_fill(0, 7);
    fake_queue_forward(QUEUE_WATCH_PAUSE);
    queue_scene_expect(7);
}

/* As when an administrator renames the folder and makes a new one. */
static void another_folder_under_the_same_name_is_found(void **state)
{
    (void)state;
    queue_scene_start();
    queue_scene_expect(5);
    fake_queue_replace(0, 0);
    fake_queue_fill(0, 40); /* nobody watches the new one */
    queue_scene_forward(QUEUE_WATCH_WATCHED);
    queue_scene_expect(40);
    fake_queue_fill(0, 41);
    fake_queue_forward(QUEUE_WATCH_PAUSE);
    queue_scene_expect(41);
}

static void a_wait_that_fails_does_not_spin(void **state)
{
    (void)state;
    queue_scene_start();
    queue_scene_expect(5);
    fake_queue_fail_waits(true);
    fake_queue_fill(0, 6);
    LONG looks = fake_queue_looks();
    queue_scene_settle();
    assert_int_equal(fake_queue_looks(), looks);
    queue_scene_forward(QUEUE_WATCH_UNWATCHED);
    queue_scene_expect(6);
    fake_queue_fail_waits(false);
}

static void with_both_settings_off_it_looks_at_nothing(void **state)
{
    (void)state;
    queue_scene.settings.require_queue = queue_scene.settings.queue_alert = 0;
    queue_scene_start();
    queue_scene_forward(2 * QUEUE_WATCH_WATCHED);
    assert_int_equal(fake_queue_looks(), 0);
    assert_int_equal(queue_scene_view().window, 0);
    queue_scene.settings.require_queue = 3;
    queue_watch_configure(queue_scene.watch, &queue_scene.settings);
    queue_scene_expect(5);
    assert_int_equal(queue_scene_view().window, 0);
    queue_scene.settings.require_queue = 0;
    queue_watch_configure(queue_scene.watch, &queue_scene.settings);
    queue_scene_settle();
    assert_int_equal(fake_queue_open(), 3); /* two events and the thread: nothing is watched */
    queue_scene.settings.require_queue = 3;
    queue_scene.folder.hangs = true;
    fake_queue_set(0, &queue_scene.folder);
    queue_watch_configure(queue_scene.watch, &queue_scene.settings);
    assert_false(queue_scene_view().known); /* not by what was counted before */
    fake_queue_let_go(0);
    queue_scene_expect(5);
}

/* ---- what is asked of it --------------------------------------------------------------------- */

static void who_asks_gets_a_count_of_now(void **state)
{
    (void)state;
    queue_scene_start();
    assert_int_equal(queue_scene_look().files, 5); /* the first one is waited for */
    LONG looks = fake_queue_looks();
    fake_queue_forward(QUEUE_WATCH_FRESH + 1);
    fake_queue_fill(0, 25);
    struct queue_view view = queue_scene_look();
    assert_true(view.known);
    assert_int_equal(view.files, 25);
    assert_int_equal(view.window, 0);
    queue_scene_look(); /* that is fresh enough */
    assert_int_equal(fake_queue_looks(), looks + 1);
}

static void what_is_required_counts_at_once(void **state)
{
    (void)state;
    queue_scene_start();
    queue_scene_expect(5);
    assert_int_equal(queue_scene_view().window, UINT32_MAX);
    queue_scene.settings.require_queue = 5;
    queue_watch_configure(queue_scene.watch, &queue_scene.settings);
    assert_int_equal(queue_scene_view().window, 0);
}

/* ---- starting -------------------------------------------------------------------------------- */

static void a_start_that_fails_leaves_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *call;
        unsigned n;
        DWORD error;
    } cases[] = {{"CreateEvent", 1, ERROR_NO_SYSTEM_RESOURCES},
                 {"CreateEvent", 2, ERROR_NO_SYSTEM_RESOURCES},
                 {"CreateThread", 1, ERROR_NOT_ENOUGH_MEMORY}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fake_queue_fail(cases[i].call, cases[i].n);
        assert_int_equal(queue_watch_start(&queue_scene.settings, &queue_scene.watch),
                         cases[i].error);
        assert_null(queue_scene.watch);
        assert_int_equal(fake_queue_open(), 0);
    }
    queue_scene_start();
    queue_scene_expect(5);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, queue_scene_set_up, queue_scene_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_change_is_looked_at_after_a_pause),
        TEST(a_storm_of_changes_costs_a_look_a_pause),
        TEST(without_a_change_it_looks_every_five_minutes),
        TEST(what_cannot_be_watched_is_looked_at_every_minute),
        TEST(a_watch_that_is_refused_later_is_begun_anew),
        TEST(another_folder_under_the_same_name_is_found),
        TEST(a_wait_that_fails_does_not_spin),
        TEST(with_both_settings_off_it_looks_at_nothing),
        TEST(who_asks_gets_a_count_of_now),
        TEST(what_is_required_counts_at_once),
        TEST(a_start_that_fails_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
