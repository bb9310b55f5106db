/* When a sign-in can have been written, whatever it says. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/live_time.h"

enum {
    NOW = 1262304000, /* s, when all was read */
    TICK = 5000,      /* ms, at the same moment */
    LATE = 5          /* s that a true one may be behind, or ahead */
};

static struct live_time live;

static int set_up(void **state)
{
    (void)state;
    live = (struct live_time){0};
    live_time_all_read(&live, TICK);
    return 0;
}

/* The time of an event that says `time` and is read so many seconds after all was read; the clock
 * was set by `step` meanwhile. */
static int64_t placed(int64_t time, DWORD after, int64_t step, bool collected)
{
    struct relay_event event = {.record = 7, .time = time};
    live_time_place(&live, &event, 1, TICK + after * 1000, NOW + (int64_t)after + step, collected);
    return event.time;
}

static void a_true_time_stays(void **state)
{
    (void)state;
    assert_int_equal(placed(NOW - LATE, 60, 0, false), NOW - LATE);
    assert_int_equal(placed(NOW + 30, 60, 0, false), NOW + 30);
    assert_int_equal(placed(NOW + 26, 60, 0, false), NOW + 26); /* late */
    assert_int_equal(placed(NOW + 60 + LATE, 60, 0, false), NOW + 60 + LATE);
    assert_int_equal(placed(NOW + 60, 60, 0, false), NOW + 60);
    assert_int_equal(live.moved, 0);
}

static void what_is_dated_ahead_happens_now(void **state)
{
    (void)state;
    assert_int_equal(placed(NOW + 3600, 60, 0, false), NOW + 60);
    assert_int_equal(placed(INT64_MAX, 61, 0, false), NOW + 61);
    assert_int_equal(placed(NOW + 61, 61, 0, false), NOW + 61);
    assert_int_equal(live.moved, 2);
    assert_int_equal(live.record, 7);
    assert_true(live.record_time == INT64_MAX);
}

static void what_is_dated_back_happens_after_what_was_read(void **state)
{
    (void)state;
    assert_int_equal(placed(NOW - 3600, 60, 0, false), NOW);
    assert_int_equal(placed(NOW + 50, 60, 0, false), NOW + 50);
    assert_int_equal(placed(INT64_MIN, 60, 0, false), NOW + 50);
    assert_int_equal(placed(NOW + 44, 60, 0, false), NOW + 50);
    assert_int_equal(live.moved, 3);
}

/* However it is interleaved with true ones, none is placed so that those before it fall out. */
static void no_lie_moves_time_by_more_than_is_late(void **state)
{
    int64_t newest = NOW;
    uint32_t random = 1;
    (void)state;
    for (DWORD after = 0; after < 3000; after++) {
        random = random * 1664525 + 1013904223;
        int64_t lie = (int64_t)(random >> 8) - (1 << 23);
        int64_t time = placed(after % 2 ? NOW + lie : NOW + (int64_t)after, after, 0, false);
        assert_true(time >= newest - LATE);
        assert_true(time <= NOW + (int64_t)after + LATE);
        newest = time > newest ? time : newest;
    }
    assert_true(live.moved > 1000);
}

static void a_clock_that_is_set_moves_the_bounds(void **state)
{
    (void)state;
    assert_int_equal(placed(NOW + 10, 10, 0, false), NOW + 10);
    assert_int_equal(placed(NOW + 20 - 3600, 20, -3600, false), NOW + 20 - 3600);
    assert_int_equal(placed(NOW + 30 - 3600, 30, -3600, false), NOW + 30 - 3600);
    assert_int_equal(placed(NOW + 40 + 7200, 40, 7200, false), NOW + 40 + 7200);
    assert_int_equal(live.moved, 0);
    assert_int_equal(placed(NOW + 41, 42, 7200, false), NOW + 40 + 7200); /* of the old clock */
}

static void what_a_collector_is_sent_may_be_late(void **state)
{
    (void)state;
    assert_int_equal(placed(NOW - 3600, 60, 0, true), NOW - 3600);
    assert_int_equal(placed(NOW + 3600, 60, 0, true), NOW + 60);
    assert_int_equal(live.moved, 1);
}

static void what_is_read_from_further_back_may_be_old(void **state)
{
    (void)state;
    live_time_begin(&live);
    assert_int_equal(placed(NOW - 86400, 60, 0, false), NOW - 86400);
    assert_int_equal(placed(NOW + 86400, 60, 0, false), NOW + 86400);
    live_time_all_read(&live, TICK + 60000);
    assert_int_equal(placed(NOW, 61, 0, false), NOW + 60);
}

static void the_tick_may_wrap_meanwhile(void **state)
{
    struct relay_event event = {.time = NOW - 60};
    (void)state;
    live_time_all_read(&live, (DWORD)-10000);
    live_time_place(&live, &event, 1, 10000, NOW, false);
    assert_int_equal(event.time, NOW - 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_true_time_stays, set_up),
        cmocka_unit_test_setup(what_is_dated_ahead_happens_now, set_up),
        cmocka_unit_test_setup(what_is_dated_back_happens_after_what_was_read, set_up),
        cmocka_unit_test_setup(no_lie_moves_time_by_more_than_is_late, set_up),
        cmocka_unit_test_setup(a_clock_that_is_set_moves_the_bounds, set_up),
        cmocka_unit_test_setup(what_a_collector_is_sent_may_be_late, set_up),
        cmocka_unit_test_setup(what_is_read_from_further_back_may_be_old, set_up),
        cmocka_unit_test_setup(the_tick_may_wrap_meanwhile, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
