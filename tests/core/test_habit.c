#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/habit.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

static const struct habit_peers nobody = {.accounts = 0};

/* count sign-ins in the hour that begins at place, the first `clients` of them from new clients. */
static void note(struct habit *habit, int64_t place, uint32_t count, uint32_t clients)
{
    for (uint32_t i = 0; i < count; i++) {
        habit_note(habit, place + i % HOUR, i < clients);
    }
}

static void test_levels_are_powers_of_two(void **state)
{
    (void)state;
    assert_int_equal(habit_level(1), 0);
    assert_int_equal(habit_level(2), 1);
    assert_int_equal(habit_level(3), 1);
    assert_int_equal(habit_level(4), 2);
    assert_int_equal(habit_level(32767), 14);
    assert_int_equal(habit_level(32768), 15);
    assert_int_equal(habit_level(UINT32_MAX), 15);
}

static void test_an_hour_is_by_the_clock(void **state)
{
    struct habit habit = {0};

    (void)state;
    note(&habit, 10 * HOUR, 3, 2);
    note(&habit, 11 * HOUR - 1, 1, 1);
    assert_int_equal(habit.busiest[LIMIT_SIGN_INS], 4);
    note(&habit, 11 * HOUR, 5, 1);
    assert_int_equal(habit.busiest[LIMIT_SIGN_INS], 5);
    assert_int_equal(habit.busiest_hour[LIMIT_SIGN_INS], 11);
    assert_int_equal(habit.busiest[LIMIT_CLIENTS], 3);
    assert_int_equal(habit.busiest_hour[LIMIT_CLIENTS], 10);
    note(&habit, 12 * HOUR, 5, 1); /* as busy: the first stays */
    assert_int_equal(habit.busiest_hour[LIMIT_SIGN_INS], 11);
    assert_int_equal(habit.sign_ins, 14);
}

static void test_late_sign_ins_count_for_the_newest_hour(void **state)
{
    struct habit habit = {0};

    (void)state;
    assert_int_equal(habit_hour_start(&habit, 5 * HOUR + 7), 5 * HOUR);
    note(&habit, 10 * HOUR, 1, 1);
    assert_int_equal(habit_hour_start(&habit, 10 * HOUR - 2), 10 * HOUR);
    note(&habit, 10 * HOUR, 2, 0);
    assert_int_equal(habit_hour_start(&habit, 10 * HOUR - 2), 10 * HOUR);
    assert_int_equal(habit_hour_start(&habit, 11 * HOUR), 11 * HOUR);
    note(&habit, 10 * HOUR - 2, 1, 0);
    assert_int_equal(habit.busiest[LIMIT_SIGN_INS], 4);
    assert_int_equal(habit.hour, 10);
}

static void test_times_before_1970_have_hours_too(void **state)
{
    struct habit habit = {0};

    (void)state;
    assert_int_equal(habit_hour_start(&habit, -1), -HOUR);
    note(&habit, -1, 1, 1);
    assert_int_equal(habit.hour, -1);
    note(&habit, -HOUR, 1, 1);
    assert_int_equal(habit.busiest[LIMIT_SIGN_INS], 2);
    note(&habit, 0, 1, 1); /* another day */
    assert_int_equal(habit_days(&habit), 2);
    assert_int_equal(habit_hour_start(&habit, 1), 0);
}

static void test_days_count_when_it_signed_in(void **state)
{
    struct habit habit = {0};
    uint32_t from = 99, to = 99;

    (void)state;
    note(&habit, 0, 1, 1);
    note(&habit, 5 * HOUR, 1, 1);
    assert_int_equal(habit_days(&habit), 1);
    note(&habit, 4 * DAY, 9, 1);
    assert_int_equal(habit_days(&habit), 2);
    assert_false(habit_usual(&habit, LIMIT_SIGN_INS, &from, &to));
    assert_int_equal(from, 99);
    note(&habit, 9 * DAY, 20, 1);
    assert_int_equal(habit_days(&habit), 3);
    assert_true(habit_usual(&habit, LIMIT_SIGN_INS, &from, &to)); /* of 1, 9 and 20 */
    assert_int_equal(from, 8);
    assert_int_equal(to, 15);
}

/* A busy day does not make those after it busy. */
static void test_each_day_has_its_own_busiest_hour(void **state)
{
    struct habit habit = {0};

    (void)state;
    note(&habit, 0, 20, 5);
    for (int64_t day = 1; day < 5; day++) {
        note(&habit, day * DAY, 1, 1);
    }
    assert_int_equal(habit.days[LIMIT_SIGN_INS][habit_level(20)], 1);
    assert_int_equal(habit.days[LIMIT_SIGN_INS][habit_level(1)], 3);
    assert_int_equal(habit.days[LIMIT_CLIENTS][habit_level(5)], 1);
    assert_int_equal(habit.days[LIMIT_CLIENTS][habit_level(1)], 3);
    assert_int_equal(habit_usual_level(&habit, LIMIT_SIGN_INS), 0);
}

/* 180 years of days: counted no further, and not from the beginning again. */
static void test_days_are_counted_up_to_a_bound(void **state)
{
    struct habit habit = {0};

    (void)state;
    for (int64_t day = 0; day <= UINT16_MAX + 5; day++) {
        habit_note(&habit, day * DAY, true);
    }
    assert_int_equal(habit.days[LIMIT_SIGN_INS][0], UINT16_MAX);
    assert_int_equal(habit.days[LIMIT_CLIENTS][0], UINT16_MAX);
}

/* The lower of the two in the middle. */
static void test_usual_is_what_half_of_the_days_do_not_exceed(void **state)
{
    struct habit habit = {0};

    (void)state;
    note(&habit, 0 * DAY, 1, 1);
    note(&habit, 1 * DAY, 2, 1);
    note(&habit, 2 * DAY, 100, 4);
    note(&habit, 3 * DAY, 100, 4);
    assert_int_equal(habit_usual_level(&habit, LIMIT_SIGN_INS), 1);
    assert_int_equal(habit_usual_level(&habit, LIMIT_CLIENTS), 0);
    note(&habit, 4 * DAY, 100, 4);
    assert_int_equal(habit_usual_level(&habit, LIMIT_SIGN_INS), 6);
    assert_int_equal(habit_usual_level(&habit, LIMIT_CLIENTS), 2);
}

/* The last level has no upper end. */
static void test_the_busiest_have_no_bound(void **state)
{
    struct habit habit = {0};
    uint32_t from, to;

    (void)state;
    for (int64_t day = 0; day < HABIT_DAYS_LEAST; day++) {
        note(&habit, day * DAY, 100000, 1);
    }
    assert_int_equal(habit_usual_level(&habit, LIMIT_SIGN_INS), HABIT_LEVELS - 1);
    assert_true(habit_usual(&habit, LIMIT_SIGN_INS, &from, &to));
    assert_int_equal(from, 32768);
    assert_int_equal(to, UINT32_MAX);
    assert_true(habit_usual(&habit, LIMIT_CLIENTS, &from, &to));
    assert_int_equal(from, 1);
    assert_int_equal(to, 1);
    habit = (struct habit){0};
    for (int64_t day = 0; day < HABIT_DAYS_LEAST; day++) {
        note(&habit, day * DAY, 32767, 1); /* those before them have one */
    }
    assert_true(habit_usual(&habit, LIMIT_SIGN_INS, &from, &to));
    assert_int_equal(from, 16384);
    assert_int_equal(to, 32767);
}

static void test_few_sign_ins_never_stand_out(void **state)
{
    struct habit habit = {0};

    (void)state;
    note(&habit, 0, 15, 3);
    assert_int_equal(habit_looks(&habit, LIMIT_SIGN_INS, &nobody), HABIT_FEW);
    assert_int_equal(habit_looks(&habit, LIMIT_CLIENTS, &nobody), HABIT_FEW);
    assert_true(habit_is_honest(&habit, &nobody));
    note(&habit, 100, 1, 0);
    assert_int_equal(habit_looks(&habit, LIMIT_SIGN_INS, &nobody), HABIT_STANDS_OUT);
    assert_false(habit_is_honest(&habit, &nobody));
}

static void test_many_clients_alone_stand_out(void **state)
{
    struct habit habit = {0};

    (void)state;
    note(&habit, 0, 4, 4);
    assert_int_equal(habit_looks(&habit, LIMIT_SIGN_INS, &nobody), HABIT_FEW);
    assert_int_equal(habit_looks(&habit, LIMIT_CLIENTS, &nobody), HABIT_STANDS_OUT);
    assert_false(habit_is_honest(&habit, &nobody));
}

static void test_a_scanner_is_as_busy_every_day(void **state)
{
    struct habit habit = {0};

    (void)state;
    note(&habit, 0 * DAY, 300, 1);
    note(&habit, 1 * DAY, 400, 1);
    assert_int_equal(habit_looks(&habit, LIMIT_SIGN_INS, &nobody), HABIT_STANDS_OUT);
    note(&habit, 2 * DAY, 300, 1);
    assert_int_equal(habit_looks(&habit, LIMIT_SIGN_INS, &nobody), HABIT_USUAL);
    note(&habit, 3 * DAY, 1023, 1); /* one level up */
    assert_int_equal(habit_looks(&habit, LIMIT_SIGN_INS, &nobody), HABIT_USUAL);
    note(&habit, 4 * DAY, 1024, 1); /* two */
    assert_int_equal(habit_looks(&habit, LIMIT_SIGN_INS, &nobody), HABIT_STANDS_OUT);
}

static void test_a_burst_after_quiet_days_stands_out(void **state)
{
    struct habit habit = {0};

    (void)state;
    for (int day = 0; day < 10; day++) {
        note(&habit, day * DAY, 3, 1);
    }
    assert_int_equal(habit_looks(&habit, LIMIT_SIGN_INS, &nobody), HABIT_FEW);
    for (int day = 10; day < 18; day++) {
        note(&habit, day * DAY, 500, 1);
    }
    assert_int_equal(habit_looks(&habit, LIMIT_SIGN_INS, &nobody), HABIT_STANDS_OUT);
}

static void test_peers_excuse_what_is_like_them(void **state)
{
    static struct habit habits[9];
    struct habit_peers peers;

    (void)state;
    for (uint32_t i = 0; i < 6; i++) {
        note(&habits[i], 0, 20, 1); /* level 4 */
    }
    note(&habits[6], 0, 63, 7);
    note(&habits[7], 0, 64, 8);
    habit_peers_gather(&peers, habits, 9); /* the ninth never signed in */
    assert_int_equal(peers.accounts, 8);
    assert_int_equal(peers.level[LIMIT_SIGN_INS], 4);
    assert_int_equal(peers.level[LIMIT_CLIENTS], 0);
    assert_int_equal(habit_looks(&habits[0], LIMIT_SIGN_INS, &peers), HABIT_ORDINARY);
    assert_int_equal(habit_looks(&habits[6], LIMIT_SIGN_INS, &peers), HABIT_ORDINARY);
    assert_int_equal(habit_looks(&habits[7], LIMIT_SIGN_INS, &peers), HABIT_STANDS_OUT);
    assert_int_equal(habit_looks(&habits[6], LIMIT_CLIENTS, &peers), HABIT_STANDS_OUT);
    habit_peers_gather(&peers, habits, 7); /* too few to tell */
    assert_int_equal(peers.accounts, 7);
    assert_int_equal(habit_looks(&habits[0], LIMIT_SIGN_INS, &peers), HABIT_STANDS_OUT);
}

/* The level that three of four do not exceed. */
static void test_a_quarter_of_the_peers_may_be_busier(void **state)
{
    static struct habit habits[8];
    struct habit_peers peers;

    (void)state;
    for (uint32_t i = 0; i < 8; i++) {
        note(&habits[i], 0, i < 6 ? 4 : 1000, 1);
    }
    habit_peers_gather(&peers, habits, 8);
    assert_int_equal(peers.level[LIMIT_SIGN_INS], 2);
    note(&habits[0], HOUR, 1000, 1);
    habit_peers_gather(&peers, habits, 8);
    assert_int_equal(peers.level[LIMIT_SIGN_INS], 9);
    habit_peers_gather(&peers, habits, 0);
    assert_int_equal(peers.accounts, 0);
}

/* One sign-in makes a peer; and clients have a level of their own. */
static void test_half_of_the_peers_may_have_many_clients(void **state)
{
    static struct habit habits[8];
    struct habit_peers peers;

    (void)state;
    for (uint32_t i = 0; i < 8; i++) {
        note(&habits[i], 0, i < 4 ? 1 : 8, 8);
    }
    habit_peers_gather(&peers, habits, 8);
    assert_int_equal(peers.accounts, 8);
    assert_int_equal(peers.level[LIMIT_CLIENTS], 3);
    assert_int_equal(peers.level[LIMIT_SIGN_INS], 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels_are_powers_of_two),
        cmocka_unit_test(test_an_hour_is_by_the_clock),
        cmocka_unit_test(test_late_sign_ins_count_for_the_newest_hour),
        cmocka_unit_test(test_times_before_1970_have_hours_too),
        cmocka_unit_test(test_days_count_when_it_signed_in),
        cmocka_unit_test(test_each_day_has_its_own_busiest_hour),
        cmocka_unit_test(test_days_are_counted_up_to_a_bound),
        cmocka_unit_test(test_usual_is_what_half_of_the_days_do_not_exceed),
        cmocka_unit_test(test_the_busiest_have_no_bound),
        cmocka_unit_test(test_few_sign_ins_never_stand_out),
        cmocka_unit_test(test_many_clients_alone_stand_out),
        cmocka_unit_test(test_a_scanner_is_as_busy_every_day),
        cmocka_unit_test(test_a_burst_after_quiet_days_stands_out),
        cmocka_unit_test(test_peers_excuse_what_is_like_them),
        cmocka_unit_test(test_a_quarter_of_the_peers_may_be_busier),
        cmocka_unit_test(test_half_of_the_peers_may_have_many_clients),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
