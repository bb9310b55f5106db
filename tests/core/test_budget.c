/* test_budget.c: how many locks are left within an hour, and what of an older budget goes on. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "core/budget.h"

enum { T = 1262304000 };

static struct budget budget;

static int set_up(void **state)
{
    (void)state;
    memset(&budget, 0, sizeof budget);
    budget.per_hour = 3;
    return 0;
}

static bool take(int64_t time)
{
    bool first;
    return budget_take(&budget, time, &first);
}

static void so_many_are_left_within_an_hour(void **state)
{
    (void)state;
    assert_int_equal(budget_left(&budget, T), 3);
    assert_true(take(T) && take(T + 1) && take(T + 2));
    assert_int_equal(budget_left(&budget, T + BUDGET_WINDOW - 1), 0);
    assert_false(take(T + BUDGET_WINDOW - 1));
    assert_int_equal(budget_left(&budget, T + BUDGET_WINDOW), 1);
    assert_true(take(T + BUDGET_WINDOW));
    assert_false(take(T + BUDGET_WINDOW));
    assert_int_equal(budget_left(&budget, T + 2 + BUDGET_WINDOW), 2);
    assert_int_equal(budget.taken, 4);
}

static void what_is_an_hour_old_is_forgotten(void **state)
{
    (void)state;
    assert_true(take(T) && take(T + 1));
    assert_true(take(T + 1 + BUDGET_WINDOW));
    assert_int_equal(budget.count, 1);
}

static void the_first_refusal_is_told_anew_after_each_lock(void **state)
{
    (void)state;
    bool first = false;
    assert_true(take(T) && take(T) && take(T));
    assert_false(budget_take(&budget, T, &first));
    assert_true(first);
    assert_false(budget_take(&budget, T, &first));
    assert_false(first);
    assert_true(take(T + BUDGET_WINDOW) && take(T + BUDGET_WINDOW) && take(T + BUDGET_WINDOW));
    assert_false(budget_take(&budget, T + BUDGET_WINDOW, &first));
    assert_true(first);
}

/* Locks that were taken elsewhere come in any order, and may be more than were allowed. */
static void what_is_charged_counts_by_its_time(void **state)
{
    (void)state;
    budget_charge(&budget, T + 30);
    budget_charge(&budget, T + 10);
    budget_charge(&budget, T + 20);
    budget_charge(&budget, T + 20);
    assert_int_equal(budget_left(&budget, T + 30), 0);
    assert_int_equal(budget_left(&budget, T + 10 + BUDGET_WINDOW), 0);
    assert_int_equal(budget_left(&budget, T + 20 + BUDGET_WINDOW), 2);
    assert_int_equal(budget_left(&budget, T + 30 + BUDGET_WINDOW), 3);
    assert_int_equal(budget.taken, 0);
}

/* All around the ring, several times. */
static void the_largest_budget_is_held_to(void **state)
{
    (void)state;
    budget.per_hour = BUDGET_MAX;
    for (int64_t i = 0; i < 5 * BUDGET_MAX; i++) {
        int64_t now = T + i / BUDGET_MAX * BUDGET_WINDOW + i % BUDGET_MAX;
        assert_int_equal(budget_left(&budget, now), i < BUDGET_MAX ? BUDGET_MAX - i : 1);
        assert_true(take(now));
    }
    assert_int_equal(budget.count, BUDGET_MAX);
    budget_charge(&budget, T);
    assert_int_equal(budget.count, BUDGET_MAX);
}

static void a_new_budget_goes_on_from_an_older_one(void **state)
{
    static struct budget older;
    (void)state;
    older = (struct budget){.per_hour = 2, .told = true};
    const int64_t now = T + 100, offset = 7;
    budget_charge(&older, now - BUDGET_WINDOW);
    budget_charge(&older, now - BUDGET_WINDOW + 1);
    budget_charge(&older, now);
    budget_inherit(&budget, &older, now, offset);
    assert_int_equal(budget.count, 2);
    assert_int_equal(budget.per_hour, 3);
    assert_true(budget.told);
    assert_int_equal(budget_left(&budget, now - offset), 1);
    assert_int_equal(budget_left(&budget, now - offset + 1), 2);
    assert_int_equal(budget_left(&budget, now - offset + BUDGET_WINDOW - 1), 2);
    assert_int_equal(budget_left(&budget, now - offset + BUDGET_WINDOW), 3);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(so_many_are_left_within_an_hour),
        TEST(what_is_an_hour_old_is_forgotten),
        TEST(the_first_refusal_is_told_anew_after_each_lock),
        TEST(what_is_charged_counts_by_its_time),
        TEST(the_largest_budget_is_held_to),
        TEST(a_new_budget_goes_on_from_an_older_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
