/* What a sweep holds: all that there is room for, and what finds none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "core/sweep_state.h"
#include "guard_fixture.h"
#include "sweep_fixture.h"

enum { START = FIXTURE_START };

/* There is room for 64 accounts that are full, and 64 sign-ins for each account on average. */
static void what_finds_no_room_is_said(void **state)
{
    enum { ACCOUNTS_IN_ALL = 100, FULL = 64, MOST = 999 };
    struct sweep_grid grid = sweep_fixture_grid(MOST + 1, 86400);
    struct sweep *sweep = sweep_fixture_open(&grid, ACCOUNTS_IN_ALL);

    (void)state;
    for (uint32_t i = 0; i < FULL; i++) {
        sweep_fixture_feed(sweep, i, START, MOST, false);
    }
    assert_int_equal(sweep_lost(sweep), 0);
    for (uint32_t i = FULL; i < ACCOUNTS_IN_ALL; i++) {
        sweep_fixture_feed(sweep, i, START, MOST, false);
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
        sweep_fixture_feed(sweep, i, START + 86400, MOST, false);
    }
    assert_int_equal(sweep_lost(sweep), lost);
    assert_int_equal(sweep_peak(sweep, LIMIT_SIGN_INS, 0, ACCOUNTS_IN_ALL - 1).count, MOST);
    sweep_fixture_close();
}

/* So that it does not take a look at all accounts for each sign-in that finds none. */
static void room_is_looked_for_in_vain_once_a_minute(void **state)
{
    enum { ACCOUNTS_IN_ALL = 100, MOST = 999, LAST = ACCOUNTS_IN_ALL - 1 };
    struct sweep_grid grid = sweep_fixture_grid(MOST + 1, 86400);
    struct sweep *sweep = sweep_fixture_open(&grid, ACCOUNTS_IN_ALL);
    int64_t silent = START + 86400; /* all of them, from then on */

    (void)state;
    for (uint32_t i = 0; i < ACCOUNTS_IN_ALL; i++) {
        sweep_fixture_feed(sweep, i, START, MOST, false);
    }
    uint64_t lost = sweep_lost(sweep);

    sweep_fixture_feed(sweep, LAST, silent - 1, 1, false);
    assert_int_equal(sweep_lost(sweep), lost + 1);
    sweep_fixture_feed(sweep, LAST, silent + 58, 1, false);
    assert_int_equal(sweep_lost(sweep), lost + 2);
    sweep_fixture_feed(sweep, LAST, silent + 59, 1, false);
    assert_int_equal(sweep_lost(sweep), lost + 2);
    sweep_fixture_close();
}

/* To the last one, and nothing else is written to. */
static void all_the_clients_there_is_room_for_are_held(void **state)
{
    enum { ACCOUNTS_IN_ALL = 100, MOST = 200 };
    const struct sweep_grid grid = {.counts = {[LIMIT_CLIENTS] = {{MOST}, 1}},
                                    .windows = {{86400}, 1}};
    struct sweep *sweep = sweep_fixture_open(&grid, ACCOUNTS_IN_ALL);
    const uint32_t room = sweep->sightings.capacity;

    (void)state;
    assert_in_range(room / MOST, 1, ACCOUNTS_IN_ALL - 2);
    for (uint32_t i = 0; i < room / MOST; i++) {
        sweep_fixture_feed(sweep, i, START, MOST, true);
    }
    sweep_fixture_feed(sweep, ACCOUNTS_IN_ALL - 2, START, room % MOST, true);
    assert_int_equal(sweep_lost(sweep), 0);
    assert_int_equal(sweep->at[0].newest, START);
    assert_int_equal(sweep->at[0].clients, MOST);
    sweep_fixture_feed(sweep, ACCOUNTS_IN_ALL - 1, START, 1, true);
    assert_int_equal(sweep_lost(sweep), 1);
    sweep_fixture_close();
}

/* Whoever has it, and whoever had it the time before. */
static void room_is_found_with_whoever_was_silent(void **state)
{
    enum { ACCOUNTS_IN_ALL = 4, WINDOW = 7200 };
    const struct sweep_grid grid = sweep_fixture_grid(10, WINDOW);

    (void)state;
    for (uint32_t silent = 0; silent < ACCOUNTS_IN_ALL * ACCOUNTS_IN_ALL; silent++) {
        const uint32_t in_turn[] = {silent / ACCOUNTS_IN_ALL, silent % ACCOUNTS_IN_ALL};
        struct sweep *sweep = sweep_fixture_open(&grid, ACCOUNTS_IN_ALL);
        int64_t now = START;

        for (uint32_t i = 0; i < ACCOUNTS_IN_ALL; i++) {
            sweep_fixture_feed(sweep, i, now, 1, false);
        }
        for (size_t turn = 0; turn < 2; turn++) {
            now += WINDOW;
            for (uint32_t i = 0; i < ACCOUNTS_IN_ALL; i++) {
                if (i != in_turn[turn]) {
                    sweep_fixture_feed(sweep, i, now, 1, false);
                }
            }
            assert_true(sweep_make_room(sweep, now));
            assert_int_equal(sweep->at[in_turn[turn]].held, 0);
            sweep_fixture_feed(sweep, in_turn[turn], now, 1, false);
        }
        assert_false(sweep_make_room(sweep, now));
        sweep_fixture_close();
    }
}

static void clients_that_find_no_room_are_said(void **state)
{
    enum { ACCOUNTS_IN_ALL = 100, FULL = 64, MOST = 200 };
    struct sweep_grid grid = {.counts = {[LIMIT_CLIENTS] = {{MOST}, 1}}, .windows = {{86400}, 1}};
    struct sweep *sweep = sweep_fixture_open(&grid, ACCOUNTS_IN_ALL);

    (void)state;
    for (uint32_t i = 0; i < FULL; i++) {
        sweep_fixture_feed(sweep, i, START, MOST + 5, true);
    }
    assert_int_equal(sweep_lost(sweep), 0);
    for (uint32_t i = FULL; i < ACCOUNTS_IN_ALL; i++) {
        sweep_fixture_feed(sweep, i, START, MOST, true);
    }
    uint64_t lost = sweep_lost(sweep);

    assert_true(lost > 0);
    assert_int_equal(sweep_peak(sweep, LIMIT_CLIENTS, 0, FULL - 1).count, MOST);
    assert_true(sweep_peak(sweep, LIMIT_CLIENTS, 0, ACCOUNTS_IN_ALL - 1).count < MOST);
    for (uint32_t i = ACCOUNTS_IN_ALL - FULL; i < ACCOUNTS_IN_ALL; i++) {
        sweep_fixture_feed(sweep, i, START + 86400, MOST, true);
    }
    assert_int_equal(sweep_lost(sweep), lost);
    assert_int_equal(sweep_peak(sweep, LIMIT_CLIENTS, 0, ACCOUNTS_IN_ALL - 1).count, MOST);
    sweep_fixture_close();
}

/* 97 accounts with 199 sign-ins and one with 30: so many fit, to the last one. */
static void all_the_room_there_is_can_be_used(void **state)
{
    enum { FULL = 97, MOST = 200, LAST = 30 };
    struct sweep_grid grid = sweep_fixture_grid(MOST, 7200);
    struct sweep *sweep = sweep_fixture_open(&grid, 100);

    (void)state;
    for (uint32_t i = 0; i < FULL; i++) {
        sweep_fixture_feed(sweep, i, START, MOST - 1, false);
    }
    sweep_fixture_feed(sweep, FULL, START, LAST, false);
    assert_int_equal(sweep_lost(sweep), 0);
    sweep_fixture_feed(sweep, FULL, START, 1, false);
    assert_int_equal(sweep_lost(sweep), 1);
    sweep_fixture_close();
}

/* An account whose times were given away begins anew, and disturbs nobody who has their room now.
 */
static void room_that_was_given_away_is_let_alone(void **state)
{
    enum { OTHERS = 96, LAST = OTHERS + 1, MOST = 200, WINDOW = 7200, FIRST = 34 };
    const int64_t later = START + WINDOW;
    struct sweep_grid grid = sweep_fixture_grid(MOST, WINDOW);
    struct sweep *sweep = sweep_fixture_open(&grid, 100);

    (void)state;
    /* There is room for 97 such accounts, and 30 sign-ins; then the first must give its own. */
    sweep_fixture_feed(sweep, 0, START, MOST - 1, false);
    for (uint32_t i = 1; i <= OTHERS; i++) {
        sweep_fixture_feed(sweep, i, later, MOST - 1, false);
    }
    sweep_fixture_feed(sweep, LAST, later, FIRST, false);
    sweep_fixture_feed(sweep, LAST, later + 1, MOST - 1 - FIRST, false);
    sweep_fixture_feed(sweep, 0, later + 1, 1, false);
    assert_int_equal(sweep_lost(sweep), 0);
    /* When those of the first second are out, as many more fill the window again. */
    sweep_fixture_feed(sweep, LAST, later + WINDOW, FIRST, false);
    assert_int_equal(sweep_cell(sweep, LIMIT_SIGN_INS, 0, 0).accounts, 0);
    sweep_fixture_feed(sweep, LAST, later + WINDOW, 1, false);
    assert_int_equal(sweep_cell(sweep, LIMIT_SIGN_INS, 0, 0).accounts, 1);
    sweep_fixture_close();
}

/* However many clients an account has, it takes no more room than its limits can tell. */
static void many_clients_of_one_account_take_no_room_from_others(void **state)
{
    enum { ACCOUNTS_IN_ALL = 64, MOST = 10 };
    struct sweep_grid grid = {.counts = {[LIMIT_CLIENTS] = {{MOST}, 1}}, .windows = {{86400}, 1}};
    struct sweep *sweep = sweep_fixture_open(&grid, ACCOUNTS_IN_ALL);

    (void)state;
    for (uint32_t i = 0; i < ACCOUNTS_IN_ALL; i++) {
        sweep_fixture_feed(sweep, i, START, 10000, true);
    }
    assert_int_equal(sweep_lost(sweep), 0);
    sweep_fixture_close();
}

/* Nor do those that are long gone, whoever signs in all the time. */
static void clients_that_are_long_gone_take_no_room(void **state)
{
    enum { ACCOUNTS_IN_ALL = 200, HOURS = 100 };
    struct sweep_grid grid = {.counts = {[LIMIT_CLIENTS] = {{5}, 1}}, .windows = {{3600}, 1}};
    struct sweep *sweep = sweep_fixture_open(&grid, ACCOUNTS_IN_ALL);

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
    sweep_fixture_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_finds_no_room_is_said),
        cmocka_unit_test(room_is_looked_for_in_vain_once_a_minute),
        cmocka_unit_test(all_the_clients_there_is_room_for_are_held),
        cmocka_unit_test(room_is_found_with_whoever_was_silent),
        cmocka_unit_test(clients_that_find_no_room_are_said),
        cmocka_unit_test(all_the_room_there_is_can_be_used),
        cmocka_unit_test(room_that_was_given_away_is_let_alone),
        cmocka_unit_test(many_clients_of_one_account_take_no_room_from_others),
        cmocka_unit_test(clients_that_are_long_gone_take_no_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
