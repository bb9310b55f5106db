#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "core/sweep_grid.h"

static void assert_axis(const struct sweep_axis *axis, uint32_t count, const uint32_t *expected)
{
    assert_int_equal(axis->count, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(axis->at[i], expected[i]);
    }
}

static void test_default(void **state)
{
    static const uint32_t counts[] = {5, 10, 20, 50, 100, 200, 500, 1000};
    static const uint32_t clients[] = {2, 3, 5, 8, 12, 20, 30, 50};
    static const uint32_t windows[] = {60, 300, 600, 1800, 3600, 14400, 43200, 86400};
    struct sweep_grid grid;

    (void)state;
    sweep_grid_default(&grid);
    assert_axis(&grid.counts[LIMIT_SIGN_INS], 8, counts);
    assert_axis(&grid.counts[LIMIT_CLIENTS], 8, clients);
    assert_axis(&grid.windows, 8, windows);
    assert_int_equal(sweep_axis_largest(&grid.counts[LIMIT_CLIENTS]), 50);
    struct limit limit =
        sweep_grid_limit(&grid, LIMIT_CLIENTS, 3, 2); /* a default of the product */

    assert_true(limit.subject == LIMIT_CLIENTS && limit.count == 8 && limit.window == 600);
    limit = sweep_grid_limit(&grid, LIMIT_SIGN_INS, 3, 2);
    assert_true(limit.subject == LIMIT_SIGN_INS && limit.count == 50 && limit.window == 600);
}

static void test_parsed_in_order_and_once(void **state)
{
    struct sweep_grid grid;

    (void)state;
    assert_true(sweep_grid_parse(TEXT_OF(u" 50, 5,20,5/1h,90,10m/8,2"), &grid));
    assert_axis(&grid.counts[LIMIT_SIGN_INS], 3, (const uint32_t[]){5, 20, 50});
    assert_axis(&grid.windows, 3, (const uint32_t[]){90, 600, 3600});
    assert_axis(&grid.counts[LIMIT_CLIENTS], 2, (const uint32_t[]){2, 8});
}

static void test_either_kind_may_be_left_out(void **state)
{
    struct sweep_grid grid;

    (void)state;
    assert_true(sweep_grid_parse(TEXT_OF(u"5/10m"), &grid));
    assert_int_equal(grid.counts[LIMIT_CLIENTS].count, 0);
    assert_int_equal(sweep_axis_largest(&grid.counts[LIMIT_CLIENTS]), 0);
    assert_true(sweep_grid_parse(TEXT_OF(u"5/10m/"), &grid));
    assert_int_equal(grid.counts[LIMIT_CLIENTS].count, 0);
    assert_true(sweep_grid_parse(TEXT_OF(u"/10m/3"), &grid));
    assert_int_equal(grid.counts[LIMIT_SIGN_INS].count, 0);
    assert_axis(&grid.counts[LIMIT_CLIENTS], 1, (const uint32_t[]){3});
}

static void test_what_is_none_is_refused(void **state)
{
    static const char16_t *const wrong[] = {u"",
                                            u"/",
                                            u"5",
                                            u"5//2",
                                            u"/10m",
                                            u"/10m/",
                                            u"0/10m",
                                            u"10001/10m",
                                            u"5/0",
                                            u"5/8d",
                                            u"5/10x",
                                            u"5/10m/1",
                                            u"5/10m/10001",
                                            u"5/10m/2/3",
                                            u"x/10m",
                                            u"5/1,2,3,4,5,6,7,8,9",
                                            u"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17/1m"};
    struct sweep_grid grid;

    (void)state;
    memset(&grid, 0x5a, sizeof grid);
    const struct sweep_grid before = grid;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(sweep_grid_parse(text_of(wrong[i]), &grid));
        assert_memory_equal(&grid, &before, sizeof grid);
    }
}

static void test_as_many_as_are_allowed(void **state)
{
    struct sweep_grid grid;

    (void)state;
    assert_true(sweep_grid_parse(
        TEXT_OF(u"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,10000/1,2,3,4,5,6,7,7d/10000"), &grid));
    assert_int_equal(grid.counts[LIMIT_SIGN_INS].count, SWEEP_GRID_COUNTS_MAX);
    assert_int_equal(grid.windows.count, SWEEP_GRID_WINDOWS_MAX);
    assert_int_equal(sweep_axis_largest(&grid.windows), LIMIT_WINDOW_MAX);
}

static void test_a_full_axis_takes_only_what_it_has(void **state)
{
    struct sweep_axis axis = {.count = 0};

    (void)state;
    for (uint32_t i = SWEEP_AXIS_MAX; i > 0; i--) {
        assert_true(sweep_axis_add(&axis, i));
    }
    assert_int_equal(axis.count, SWEEP_AXIS_MAX);
    assert_true(sweep_axis_add(&axis, 1));
    assert_true(sweep_axis_add(&axis, SWEEP_AXIS_MAX));
    assert_false(sweep_axis_add(&axis, SWEEP_AXIS_MAX + 1));
    assert_false(sweep_axis_add(&axis, 0));
    assert_int_equal(axis.count, SWEEP_AXIS_MAX);
    assert_int_equal(axis.at[0], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default),
        cmocka_unit_test(test_parsed_in_order_and_once),
        cmocka_unit_test(test_either_kind_may_be_left_out),
        cmocka_unit_test(test_what_is_none_is_refused),
        cmocka_unit_test(test_as_many_as_are_allowed),
        cmocka_unit_test(test_a_full_axis_takes_only_what_it_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
