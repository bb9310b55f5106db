/* The bounds of a sweep: what is refused, how much is listed, which clients an hour has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "guard_fixture.h"
#include "sweep_fixture.h"

enum { START = FIXTURE_START };

static void what_is_no_grid_is_refused(void **state)
{
    struct sweep_grid grid = sweep_fixture_grid(5, 60), wrong;

    (void)state;
    assert_true(sweep_size(&grid, 1) > 0);
    assert_true(sweep_size(&grid, 2) > sweep_size(&grid, 1));
    assert_int_equal(sweep_size(&grid, 0), 0);
    assert_true(sweep_size(&grid, SWEEP_ACCOUNTS_MAX) > 0);
    assert_int_equal(sweep_size(&grid, SWEEP_ACCOUNTS_MAX + 1), 0);
    wrong = grid, wrong.windows.count = 0;
    assert_int_equal(sweep_size(&wrong, 1), 0);
    wrong = grid, wrong.counts[LIMIT_SIGN_INS].count = 0;
    assert_int_equal(sweep_size(&wrong, 1), 0);
    wrong = grid, wrong.counts[LIMIT_SIGN_INS].at[0] = 0;
    assert_int_equal(sweep_size(&wrong, 1), 0);
    wrong = grid, wrong.counts[LIMIT_SIGN_INS].at[0] = LIMIT_COUNT_MAX + 1;
    assert_int_equal(sweep_size(&wrong, 1), 0);
    wrong = grid, wrong.windows.at[0] = LIMIT_WINDOW_MAX + 1;
    assert_int_equal(sweep_size(&wrong, 1), 0);
    wrong = grid, wrong.counts[LIMIT_CLIENTS] = (struct sweep_axis){{1}, 1};
    assert_int_equal(sweep_size(&wrong, 1), 0);
    wrong = grid, wrong.windows = (struct sweep_axis){{60, 60}, 2};
    assert_int_equal(sweep_size(&wrong, 1), 0);
    for (uint32_t i = 0; i <= SWEEP_WINDOWS_MAX; i++) {
        grid.windows.at[i] = 60 + i;
    }
    grid.windows.count = SWEEP_WINDOWS_MAX;
    assert_true(sweep_size(&grid, 1) > 0);
    grid.windows.count = SWEEP_WINDOWS_MAX + 1;
    assert_int_equal(sweep_size(&grid, 1), 0);
}

static void a_grid_may_be_full(void **state)
{
    struct sweep_grid grid = {.windows = {.count = 0}};

    (void)state;
    for (uint32_t i = 1; i <= SWEEP_AXIS_MAX; i++) {
        assert_true(sweep_axis_add(&grid.counts[LIMIT_SIGN_INS], i));
        assert_true(sweep_axis_add(&grid.counts[LIMIT_CLIENTS], i + 1));
    }
    for (uint32_t i = 1; i <= SWEEP_WINDOWS_MAX; i++) {
        assert_true(sweep_axis_add(&grid.windows, i));
    }
    struct sweep *sweep = sweep_fixture_open(&grid, 1);

    sweep_fixture_feed(sweep, 0, START, SWEEP_AXIS_MAX + 1, true);
    assert_int_equal(
        sweep_cell(sweep, LIMIT_CLIENTS, SWEEP_AXIS_MAX - 1, SWEEP_WINDOWS_MAX - 1).accounts, 1);
    grid.windows.at[0] = 0;
    assert_null(sweep_init(sweep, SIZE_MAX, &grid, 1));
    sweep_fixture_close();
}

/* What sweep.h says that it takes, with the default grid: about 720 bytes an account, 48 MB
 * for 65,536. */
static void it_takes_the_memory_that_is_said(void **state)
{
    enum { MANY = 65536 };
    struct sweep_grid grid;
    (void)state;

    sweep_grid_default(&grid);
    size_t size = sweep_size(&grid, MANY);
    size_t each = (size - sweep_size(&grid, 1)) / (MANY - 1);

    assert_in_range(size, 47500000, 48499999);
    assert_in_range(each, 710, 729);
}

static void the_first_to_cross_are_listed_and_all_are_counted(void **state)
{
    enum { ACCOUNTS_IN_ALL = SWEEP_LISTED_MAX + 2 };
    struct sweep_grid grid = sweep_fixture_grid(2, 60);
    struct sweep *sweep = sweep_fixture_open(&grid, ACCOUNTS_IN_ALL);
    struct sweep_crossing crossing = {.took = 77};

    (void)state;
    for (uint32_t i = 0; i < ACCOUNTS_IN_ALL; i++) {
        sweep_fixture_feed(sweep, i, START + i, 2, false);
    }
    struct sweep_cell cell = sweep_cell(sweep, LIMIT_SIGN_INS, 0, 0);

    assert_int_equal(cell.accounts, ACCOUNTS_IN_ALL);
    assert_int_equal(cell.listed, SWEEP_LISTED_MAX);
    assert_true(sweep_find_crossing(sweep, LIMIT_SIGN_INS, 0, 0, SWEEP_LISTED_MAX - 1, &crossing));
    assert_int_equal(crossing.order, 2 * SWEEP_LISTED_MAX);
    crossing.took = 77;
    assert_false(sweep_find_crossing(sweep, LIMIT_SIGN_INS, 0, 0, SWEEP_LISTED_MAX, &crossing));
    assert_int_equal(crossing.took, 77);
    assert_int_equal(sweep_peak(sweep, LIMIT_SIGN_INS, 0, ACCOUNTS_IN_ALL - 1).count, 2);
    sweep_fixture_close();
}

/* Though the list of the cell beside it follows. */
static void a_full_list_takes_no_more(void **state)
{
    enum { ACCOUNTS_IN_ALL = SWEEP_LISTED_MAX + 3 };
    const struct sweep_grid grid = {.counts = {[LIMIT_SIGN_INS] = {{2, 3}, 2}},
                                    .windows = {{60}, 1}};
    struct sweep *sweep = sweep_fixture_open(&grid, ACCOUNTS_IN_ALL);

    (void)state;
    sweep_fixture_feed(sweep, 0, START, 3, false);
    for (uint32_t i = 1; i < ACCOUNTS_IN_ALL; i++) {
        sweep_fixture_feed(sweep, i, START + 1, 2, false);
    }
    struct sweep_cell cell = sweep_cell(sweep, LIMIT_SIGN_INS, 1, 0);

    assert_int_equal(sweep_cell(sweep, LIMIT_SIGN_INS, 0, 0).accounts, ACCOUNTS_IN_ALL);
    assert_int_equal(cell.accounts, 1);
    assert_int_equal(cell.crossings[0].account, 0);
    assert_int_equal(cell.crossings[0].time, START);
    sweep_fixture_close();
}

/* The same client in the same hour is one, whatever the windows; in the next it counts again. */
static void habits_know_clients_by_the_hour(void **state)
{
    struct sweep_grid grid = sweep_fixture_grid(2, 1);
    struct sweep *sweep = sweep_fixture_open(&grid, 1);
    int64_t hour = INT64_C(350667) * 3600;

    (void)state;
    sweep_fixture_feed(sweep, 0, hour, 3, true);
    sweep_fixture_feed(sweep, 0, hour + 3000, 3, true);
    assert_int_equal(sweep_habits(sweep)[0].busiest[LIMIT_CLIENTS], 3);
    assert_int_equal(sweep_habits(sweep)[0].busiest[LIMIT_SIGN_INS], 6);
    sweep_fixture_feed(sweep, 0, hour + 3600, 4, true);
    assert_int_equal(sweep_habits(sweep)[0].busiest[LIMIT_CLIENTS], 4);
    assert_int_equal(sweep_habits(sweep)[0].busiest_hour[LIMIT_CLIENTS], 350668);
    assert_int_equal(sweep_habits(sweep)[0].sign_ins, 10);
    sweep_fixture_close();
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_grid_is_refused),
        cmocka_unit_test(a_grid_may_be_full),
        cmocka_unit_test(it_takes_the_memory_that_is_said),
        cmocka_unit_test(the_first_to_cross_are_listed_and_all_are_counted),
        cmocka_unit_test(a_full_list_takes_no_more),
        cmocka_unit_test(habits_know_clients_by_the_hour),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
