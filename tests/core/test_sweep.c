/* The bounds of a sweep: what is refused, what finds no room, how much is listed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "core/sweep_state.h"
#include "guard_fixture.h"

enum { START = FIXTURE_START };

static void *memory; /* of the sweep at hand */

static struct sweep_grid small_grid(uint32_t count, uint32_t window)
{
    return (struct sweep_grid){.counts = {[LIMIT_SIGN_INS] = {{count}, 1}},
                               .windows = {{window}, 1}};
}

static struct sweep *open_sweep(const struct sweep_grid *grid, uint32_t accounts)
{
    size_t size = sweep_size(grid, accounts);

    assert_true(size > 0);
    memory = calloc(1, size + 16);
    assert_non_null(memory);
    return sweep_init((uint8_t *)memory + (16 - (uintptr_t)memory % 16), size, grid, accounts);
}

/* count sign-ins of an account at the same time, each from another client if so asked. */
static void feed(struct sweep *sweep, uint32_t account, int64_t time, uint32_t count, bool clients)
{
    for (uint32_t i = 0; i < count; i++) {
        sweep_feed(sweep, &(struct sweep_sign_in){.account = account,
                                                  .place = time,
                                                  .now = time,
                                                  .time = time,
                                                  .record = i,
                                                  .client = clients ? i : 0});
    }
}

static void what_is_no_grid_is_refused(void **state)
{
    struct sweep_grid grid = small_grid(5, 60), wrong;

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
    struct sweep *sweep = open_sweep(&grid, 1);

    feed(sweep, 0, START, SWEEP_AXIS_MAX + 1, true);
    assert_int_equal(
        sweep_cell(sweep, LIMIT_CLIENTS, SWEEP_AXIS_MAX - 1, SWEEP_WINDOWS_MAX - 1).accounts, 1);
    grid.windows.at[0] = 0;
    assert_null(sweep_init(sweep, SIZE_MAX, &grid, 1));
    free(memory);
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
    struct sweep_grid grid = small_grid(2, 60);
    struct sweep *sweep = open_sweep(&grid, ACCOUNTS_IN_ALL);
    struct sweep_crossing crossing = {.took = 77};

    (void)state;
    for (uint32_t i = 0; i < ACCOUNTS_IN_ALL; i++) {
        feed(sweep, i, START + i, 2, false);
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
    free(memory);
}

/* Though the list of the cell beside it follows. */
static void a_full_list_takes_no_more(void **state)
{
    enum { ACCOUNTS_IN_ALL = SWEEP_LISTED_MAX + 3 };
    const struct sweep_grid grid = {.counts = {[LIMIT_SIGN_INS] = {{2, 3}, 2}},
                                    .windows = {{60}, 1}};
    struct sweep *sweep = open_sweep(&grid, ACCOUNTS_IN_ALL);

    (void)state;
    feed(sweep, 0, START, 3, false);
    for (uint32_t i = 1; i < ACCOUNTS_IN_ALL; i++) {
        feed(sweep, i, START + 1, 2, false);
    }
    struct sweep_cell cell = sweep_cell(sweep, LIMIT_SIGN_INS, 1, 0);

    assert_int_equal(sweep_cell(sweep, LIMIT_SIGN_INS, 0, 0).accounts, ACCOUNTS_IN_ALL);
    assert_int_equal(cell.accounts, 1);
    assert_int_equal(cell.crossings[0].account, 0);
    assert_int_equal(cell.crossings[0].time, START);
    free(memory);
}

/* There is room for 64 accounts that are full, and 64 sign-ins for each account on average. */
static void what_finds_no_room_is_said(void **state)
{
    enum { ACCOUNTS_IN_ALL = 100, FULL = 64, MOST = 999 };
    struct sweep_grid grid = small_grid(MOST + 1, 86400);
    struct sweep *sweep = open_sweep(&grid, ACCOUNTS_IN_ALL);

    (void)state;
    for (uint32_t i = 0; i < FULL; i++) {
        feed(sweep, i, START, MOST, false);
    }
    assert_int_equal(sweep_lost(sweep), 0);
    for (uint32_t i = FULL; i < ACCOUNTS_IN_ALL; i++) {
        feed(sweep, i, START, MOST, false);
    }
    uint64_t lost = sweep_lost(sweep);
    uint64_t counted = 0;

    assert_true(lost > 0);
    for (uint32_t i = FULL; i < ACCOUNTS_IN_ALL; i++) {
        counted += sweep_peak(sweep, LIMIT_SIGN_INS, 0, i).count;
    }
    assert_int_equal(counted + lost, (ACCOUNTS_IN_ALL - FULL) * MOST);

    /* A day later all are silent, and whoever comes has room. */
    for (uint32_t i = ACCOUNTS_IN_ALL - FULL; i < ACCOUNTS_IN_ALL; i++) {
        feed(sweep, i, START + 86400, MOST, false);
    }
    assert_int_equal(sweep_lost(sweep), lost);
    assert_int_equal(sweep_peak(sweep, LIMIT_SIGN_INS, 0, ACCOUNTS_IN_ALL - 1).count, MOST);
    free(memory);
}

/* So that it does not take a look at all accounts for each sign-in that finds none. */
static void room_is_looked_for_in_vain_once_a_minute(void **state)
{
    enum { ACCOUNTS_IN_ALL = 100, MOST = 999, LAST = ACCOUNTS_IN_ALL - 1 };
    struct sweep_grid grid = small_grid(MOST + 1, 86400);
    struct sweep *sweep = open_sweep(&grid, ACCOUNTS_IN_ALL);
    int64_t silent = START + 86400; /* all of them, from then on */

    (void)state;
    for (uint32_t i = 0; i < ACCOUNTS_IN_ALL; i++) {
        feed(sweep, i, START, MOST, false);
    }
    uint64_t lost = sweep_lost(sweep);

    feed(sweep, LAST, silent - 1, 1, false);
    assert_int_equal(sweep_lost(sweep), lost + 1);
    feed(sweep, LAST, silent + 58, 1, false);
    assert_int_equal(sweep_lost(sweep), lost + 2);
    feed(sweep, LAST, silent + 59, 1, false);
    assert_int_equal(sweep_lost(sweep), lost + 2);
    free(memory);
}

/* Whoever has it, and whoever had it the time before. */
static void room_is_found_with_whoever_was_silent(void **state)
{
    enum { ACCOUNTS_IN_ALL = 4, WINDOW = 7200 };
    const struct sweep_grid grid = small_grid(10, WINDOW);

    (void)state;
    for (uint32_t silent = 0; silent < ACCOUNTS_IN_ALL * ACCOUNTS_IN_ALL; silent++) {
        const uint32_t in_turn[] = {silent / ACCOUNTS_IN_ALL, silent % ACCOUNTS_IN_ALL};
        struct sweep *sweep = open_sweep(&grid, ACCOUNTS_IN_ALL);
        int64_t now = START;

        for (uint32_t i = 0; i < ACCOUNTS_IN_ALL; i++) {
            feed(sweep, i, now, 1, false);
        }
        for (size_t turn = 0; turn < 2; turn++) {
            now += WINDOW;
            for (uint32_t i = 0; i < ACCOUNTS_IN_ALL; i++) {
                if (i != in_turn[turn]) {
                    feed(sweep, i, now, 1, false);
                }
            }
            assert_true(sweep_make_room(sweep, now));
            assert_int_equal(sweep->at[in_turn[turn]].held, 0);
            feed(sweep, in_turn[turn], now, 1, false);
        }
        assert_false(sweep_make_room(sweep, now));
        free(memory);
    }
}

static void clients_that_find_no_room_are_said(void **state)
{
    enum { ACCOUNTS_IN_ALL = 100, FULL = 64, MOST = 200 };
    struct sweep_grid grid = {.counts = {[LIMIT_CLIENTS] = {{MOST}, 1}}, .windows = {{86400}, 1}};
    struct sweep *sweep = open_sweep(&grid, ACCOUNTS_IN_ALL);

    (void)state;
    for (uint32_t i = 0; i < FULL; i++) {
        feed(sweep, i, START, MOST + 5, true);
    }
    assert_int_equal(sweep_lost(sweep), 0);
    for (uint32_t i = FULL; i < ACCOUNTS_IN_ALL; i++) {
        feed(sweep, i, START, MOST, true);
    }
    uint64_t lost = sweep_lost(sweep);

    assert_true(lost > 0);
    assert_int_equal(sweep_peak(sweep, LIMIT_CLIENTS, 0, FULL - 1).count, MOST);
    assert_true(sweep_peak(sweep, LIMIT_CLIENTS, 0, ACCOUNTS_IN_ALL - 1).count < MOST);
    for (uint32_t i = ACCOUNTS_IN_ALL - FULL; i < ACCOUNTS_IN_ALL; i++) {
        feed(sweep, i, START + 86400, MOST, true);
    }
    assert_int_equal(sweep_lost(sweep), lost);
    assert_int_equal(sweep_peak(sweep, LIMIT_CLIENTS, 0, ACCOUNTS_IN_ALL - 1).count, MOST);
    free(memory);
}

/* 97 accounts with 199 sign-ins and one with 30: so many fit, to the last one. */
static void all_the_room_there_is_can_be_used(void **state)
{
    enum { FULL = 97, MOST = 200, LAST = 30 };
    struct sweep_grid grid = small_grid(MOST, 7200);
    struct sweep *sweep = open_sweep(&grid, 100);

    (void)state;
    for (uint32_t i = 0; i < FULL; i++) {
        feed(sweep, i, START, MOST - 1, false);
    }
    feed(sweep, FULL, START, LAST, false);
    assert_int_equal(sweep_lost(sweep), 0);
    feed(sweep, FULL, START, 1, false);
    assert_int_equal(sweep_lost(sweep), 1);
    free(memory);
}

/* An account whose times were given away begins anew, and disturbs nobody who has their room now.
 */
static void room_that_was_given_away_is_let_alone(void **state)
{
    enum { OTHERS = 96, LAST = OTHERS + 1, MOST = 200, WINDOW = 7200, FIRST = 34 };
    const int64_t later = START + WINDOW;
    struct sweep_grid grid = small_grid(MOST, WINDOW);
    struct sweep *sweep = open_sweep(&grid, 100);

    (void)state;
    /* There is room for 97 such accounts, and 30 sign-ins; then the first must give its own. */
    feed(sweep, 0, START, MOST - 1, false);
    for (uint32_t i = 1; i <= OTHERS; i++) {
        feed(sweep, i, later, MOST - 1, false);
    }
    feed(sweep, LAST, later, FIRST, false);
    feed(sweep, LAST, later + 1, MOST - 1 - FIRST, false);
    feed(sweep, 0, later + 1, 1, false);
    assert_int_equal(sweep_lost(sweep), 0);
    /* When those of the first second are out, as many more fill the window again. */
    feed(sweep, LAST, later + WINDOW, FIRST, false);
    assert_int_equal(sweep_cell(sweep, LIMIT_SIGN_INS, 0, 0).accounts, 0);
    feed(sweep, LAST, later + WINDOW, 1, false);
    assert_int_equal(sweep_cell(sweep, LIMIT_SIGN_INS, 0, 0).accounts, 1);
    free(memory);
}

/* However many clients an account has, it takes no more room than its limits can tell. */
static void many_clients_of_one_account_take_no_room_from_others(void **state)
{
    enum { ACCOUNTS_IN_ALL = 64, MOST = 10 };
    struct sweep_grid grid = {.counts = {[LIMIT_CLIENTS] = {{MOST}, 1}}, .windows = {{86400}, 1}};
    struct sweep *sweep = open_sweep(&grid, ACCOUNTS_IN_ALL);

    (void)state;
    for (uint32_t i = 0; i < ACCOUNTS_IN_ALL; i++) {
        feed(sweep, i, START, 10000, true);
    }
    assert_int_equal(sweep_lost(sweep), 0);
    free(memory);
}

/* Nor do those that are long gone, whoever signs in all the time. */
static void clients_that_are_long_gone_take_no_room(void **state)
{
    enum { ACCOUNTS_IN_ALL = 200, HOURS = 100 };
    struct sweep_grid grid = {.counts = {[LIMIT_CLIENTS] = {{5}, 1}}, .windows = {{3600}, 1}};
    struct sweep *sweep = open_sweep(&grid, ACCOUNTS_IN_ALL);

    (void)state;
    for (int64_t half = 0; half < 2 * HOURS; half++) {
        for (uint32_t i = 0; i < ACCOUNTS_IN_ALL; i++) {
            const struct sweep_sign_in sign_in = {.account = i,
                                                  .place = START + 1800 * half,
                                                  .now = START + 1800 * half,
                                                  .time = START + 1800 * half,
                                                  .client = (uint64_t)half};

            sweep_feed(sweep, &sign_in);
        }
    }
    assert_int_equal(sweep_lost(sweep), 0);
    assert_int_equal(sweep_peak(sweep, LIMIT_CLIENTS, 0, 0).count, 2);
    free(memory);
}

/* The same client in the same hour is one, whatever the windows; in the next it counts again. */
static void habits_know_clients_by_the_hour(void **state)
{
    struct sweep_grid grid = small_grid(2, 1);
    struct sweep *sweep = open_sweep(&grid, 1);
    int64_t hour = INT64_C(350667) * 3600;

    (void)state;
    feed(sweep, 0, hour, 3, true);
    feed(sweep, 0, hour + 3000, 3, true);
    assert_int_equal(sweep_habits(sweep)[0].busiest[LIMIT_CLIENTS], 3);
    assert_int_equal(sweep_habits(sweep)[0].busiest[LIMIT_SIGN_INS], 6);
    feed(sweep, 0, hour + 3600, 4, true);
    assert_int_equal(sweep_habits(sweep)[0].busiest[LIMIT_CLIENTS], 4);
    assert_int_equal(sweep_habits(sweep)[0].busiest_hour[LIMIT_CLIENTS], 350668);
    assert_int_equal(sweep_habits(sweep)[0].sign_ins, 10);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_grid_is_refused),
        cmocka_unit_test(a_grid_may_be_full),
        cmocka_unit_test(it_takes_the_memory_that_is_said),
        cmocka_unit_test(the_first_to_cross_are_listed_and_all_are_counted),
        cmocka_unit_test(a_full_list_takes_no_more),
        cmocka_unit_test(what_finds_no_room_is_said),
        cmocka_unit_test(room_is_looked_for_in_vain_once_a_minute),
        cmocka_unit_test(room_is_found_with_whoever_was_silent),
        cmocka_unit_test(clients_that_find_no_room_are_said),
        cmocka_unit_test(all_the_room_there_is_can_be_used),
        cmocka_unit_test(room_that_was_given_away_is_let_alone),
        cmocka_unit_test(many_clients_of_one_account_take_no_room_from_others),
        cmocka_unit_test(clients_that_are_long_gone_take_no_room),
        cmocka_unit_test(habits_know_clients_by_the_hour),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
