#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "core/steady.h"

enum { WALL = 1262401445, HOUR = 3600, BOOT = 0xb007 };

static void it_starts_at_zero(void **state)
{
    (void)state;
    struct steady steady = {0};
    steady_resume(&steady, BOOT, 4000000000u, WALL);
    assert_int_equal(steady.now, 0);
    assert_int_equal(steady.boot, BOOT);
    assert_int_equal(steady.tick, 4000000000u);
    assert_int_equal(steady.wall, WALL);
}

static void it_follows_the_ticks_and_not_the_wall(void **state)
{
    (void)state;
    static const int64_t walls[] = {WALL + 1, WALL - 5 * HOUR, WALL + 24 * HOUR, 0, -1};
    struct steady steady = {.now = 500, .tick = 100, .boot = BOOT, .wall = WALL};
    for (unsigned i = 0; i < sizeof walls / sizeof *walls; i++) {
        assert_int_equal(steady_advance(&steady, 100 + 10 * (i + 1), walls[i]),
                         500 + 10 * (int64_t)(i + 1));
        assert_int_equal(steady.wall, walls[i]);
        assert_int_equal(steady.boot, BOOT);
    }
}

static void the_ticks_may_wrap(void **state)
{
    (void)state;
    struct steady steady = {.now = 7, .tick = UINT32_MAX - 9, .boot = BOOT, .wall = WALL};
    assert_int_equal(steady_advance(&steady, 15, WALL), 7 + 25);
    assert_int_equal(steady_advance(&steady, 14, WALL), 7 + 25 + (int64_t)UINT32_MAX);
}

static void a_new_process_of_the_same_boot_goes_by_ticks(void **state)
{
    (void)state;
    static const int64_t walls[] = {WALL + 60, WALL - 9 * HOUR, WALL + 9 * HOUR};
    for (unsigned i = 0; i < sizeof walls / sizeof *walls; i++) {
        struct steady steady = {
            .now = 1000, .tick = UINT32_MAX - 29999, .boot = BOOT, .wall = WALL};
        steady_resume(&steady, BOOT, 30000, walls[i]);
        assert_int_equal(steady.now, 1000 + 60000);
        assert_int_equal(steady.tick, 30000);
        assert_int_equal(steady.wall, walls[i]);
    }
}

static void over_a_boot_it_follows_the_wall_never_backwards(void **state)
{
    (void)state;
    struct steady steady = {.now = 1000, .tick = 5000, .boot = BOOT, .wall = WALL};
    steady_resume(&steady, BOOT + 1, 9000, WALL + 61);
    assert_int_equal(steady.now, 1000 + 61000);
    assert_int_equal(steady.boot, BOOT + 1);
    assert_int_equal(steady.tick, 9000);

    steady_resume(&steady, BOOT + 2, 100, WALL - 3 * HOUR);
    assert_int_equal(steady.now, 62000);
    assert_int_equal(steady.wall, WALL - 3 * HOUR);
    /* From there on, by what the wall says now. */
    steady_resume(&steady, BOOT + 3, 100, WALL - 3 * HOUR + 1);
    assert_int_equal(steady.now, 63000);
    steady_resume(&steady, BOOT + 4, 100, WALL - 3 * HOUR + 1);
    assert_int_equal(steady.now, 63000);
}

static void an_unknown_boot_equals_no_other(void **state)
{
    (void)state;
    struct steady steady = {.now = 1000, .tick = 5000, .boot = 0, .wall = WALL};
    steady_resume(&steady, 0, 9000, WALL + 1);
    assert_int_equal(steady.now, 2000);
    steady_resume(&steady, BOOT, 19000, WALL + 3);
    assert_int_equal(steady.now, 4000);
    steady_resume(&steady, 0, 29000, WALL + 6);
    assert_int_equal(steady.now, 7000);
    assert_int_equal(steady.boot, 0);
}

static void it_stops_at_its_bound(void **state)
{
    (void)state;
    struct steady steady = {.now = STEADY_MAX - 5, .tick = 0, .boot = BOOT, .wall = WALL};
    assert_int_equal(steady_advance(&steady, 4, WALL), STEADY_MAX - 1);
    assert_int_equal(steady_advance(&steady, 5, WALL), STEADY_MAX);
    assert_int_equal(steady_advance(&steady, 4000000000u, WALL), STEADY_MAX);

    steady = (struct steady){.boot = BOOT, .wall = WALL}; /* the last whole second before it */
    steady_resume(&steady, BOOT + 1, 0, WALL + STEADY_MAX / 1000 - 1);
    assert_int_equal(steady.now, (STEADY_MAX / 1000 - 1) * 1000);
    steady = (struct steady){.now = 12, .boot = BOOT, .wall = -STEADY_MAX};
    steady_resume(&steady, BOOT + 1, 0, STEADY_MAX);
    assert_in_range(steady.now, STEADY_MAX / 1000 * 1000, STEADY_MAX);
    steady = (struct steady){.now = STEADY_MAX, .boot = BOOT, .wall = INT64_MIN};
    steady_resume(&steady, BOOT + 1, 0, INT64_MAX);
    assert_int_equal(steady.now, STEADY_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_starts_at_zero),
        cmocka_unit_test(it_follows_the_ticks_and_not_the_wall),
        cmocka_unit_test(the_ticks_may_wrap),
        cmocka_unit_test(a_new_process_of_the_same_boot_goes_by_ticks),
        cmocka_unit_test(over_a_boot_it_follows_the_wall_never_backwards),
        cmocka_unit_test(an_unknown_boot_equals_no_other),
        cmocka_unit_test(it_stops_at_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
