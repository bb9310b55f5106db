/* Which gaps a verdict must speak of: one by one, and against a plain list in generated histories.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include "core/gap_list.h"

enum { T = 1262304000, WINDOW = 600 };

static struct gap_list list;

static int set_up(void **state)
{
    (void)state;
    memset(&list, 0, sizeof list);
    return 0;
}

static void add(uint64_t first, uint64_t last)
{
    gap_list_add(&list, &(struct gap){first, last, false});
}

static void clear_behind(uint64_t record)
{
    gap_list_add(&list, &(struct gap){record + 1, record + 1, true});
}

static struct verdict verdict(uint64_t first, uint64_t last, int64_t time)
{
    return (struct verdict){
        .limit = {.window = WINDOW}, .first_record = first, .last_record = last, .last_time = time};
}

static bool within(uint64_t first, uint64_t last, int64_t time, struct gap *gap)
{
    struct verdict made = verdict(first, last, time);
    return gap_list_within(&list, &made, gap);
}

static void without_a_gap_nothing_is_said(void **state)
{
    (void)state;
    struct gap gap = {7, 8, true};
    gap_list_pass(&list, 1, T);
    assert_false(within(1, 5, T, &gap));
    assert_int_equal(gap.first, 7); /* untouched */
}

static void a_gap_counts_for_one_window_behind_it_and_not_before_it(void **state)
{
    (void)state;
    struct gap gap;
    gap_list_pass(&list, 10, T);
    add(11, 20);
    assert_false(within(5, 10, T, &gap)); /* nothing was read behind it */
    gap_list_pass(&list, 21, T + 100);
    assert_false(within(5, 10, T, &gap)); /* read again from before */
    assert_true(within(21, 25, T + 100, &gap));
    assert_int_equal(gap.first, 11);
    assert_int_equal(gap.last, 20);
    assert_false(gap.cleared);
    assert_true(within(25, 30, T + 100 + WINDOW - 1, &gap));
    assert_false(within(25, 30, T + 100 + WINDOW, &gap));
}

static void evidence_that_spans_a_gap_counts_whatever_the_clock_says(void **state)
{
    (void)state;
    struct gap gap;
    add(11, 20);
    gap_list_pass(&list, 21, T);
    assert_true(within(10, 30, T + 10 * WINDOW, &gap));
    assert_false(within(21, 30, T + 10 * WINDOW, &gap));
    assert_true(within(21, 30, T - 7200, &gap)); /* the clock was set back since */
}

static void after_a_clear_numbers_begin_anew(void **state)
{
    (void)state;
    struct gap gap;
    gap_list_pass(&list, 100, T);
    add(101, 110);
    gap_list_pass(&list, 111, T + 1);
    clear_behind(111);
    gap_list_pass(&list, 1, T + 2);
    assert_true(within(1, 5, T + 5, &gap));
    assert_true(gap.cleared);
    assert_int_equal(gap.first, 101);
    assert_int_equal(gap.last, 112);
    assert_false(within(1, 5, T + 2 + WINDOW, &gap));
    add(6, 9);
    gap_list_pass(&list, 10, T + 10);
    assert_true(within(1, 12, T + 11, &gap));
    assert_int_equal(gap.first, 6); /* the numbers in force */
    assert_int_equal(gap.last, 9);
    assert_true(gap.cleared);
}

static void what_is_known_is_not_added_again(void **state)
{
    (void)state;
    add(11, 20);
    add(11, 20);
    add(12, 15);
    assert_int_equal(list.count, 1);
    add(12, 21);
    add(31, 40);
    add(32, 40);
    add(12, 21);
    assert_int_equal(list.count, 3);
    clear_behind(30);
    add(11, 20); /* of another era */
    assert_int_equal(list.count, 5);
    clear_behind(30);
    clear_behind(30);
    assert_int_equal(list.count, 7);
}

static void several_gaps_are_told_as_one_span(void **state)
{
    (void)state;
    struct gap gap;
    add(11, 20);
    gap_list_pass(&list, 21, T);
    add(31, 40);
    gap_list_pass(&list, 41, T + 1);
    assert_true(within(41, 45, T + 2, &gap));
    assert_int_equal(gap.first, 11);
    assert_int_equal(gap.last, 40);
}

static void a_later_gap_may_begin_before(void **state)
{
    (void)state;
    struct gap gap;
    add(15, 20);
    gap_list_pass(&list, 21, T);
    add(11, 22);
    gap_list_pass(&list, 23, T + 1);
    assert_true(within(23, 25, T + 2, &gap));
    assert_int_equal(gap.first, 11);
    assert_int_equal(gap.last, 22);
}

/* What came before a clear has numbers of another count. */
static void of_several_eras_the_latest_numbers_are_told(void **state)
{
    (void)state;
    struct gap gap;
    add(5, 90);
    gap_list_pass(&list, 91, T);
    clear_behind(100);
    gap_list_pass(&list, 1, T + 1);
    add(11, 20);
    gap_list_pass(&list, 21, T + 2);
    assert_true(within(21, 25, T + 3, &gap));
    assert_int_equal(gap.first, 11);
    assert_int_equal(gap.last, 20);
    assert_true(gap.cleared);
}

static void a_gap_stays_open_until_a_record_behind_it(void **state)
{
    (void)state;
    struct gap gap;
    add(11, 20);
    gap_list_pass(&list, 9, T - 50);
    gap_list_pass(&list, 20, T - 40);
    assert_true(list.open);
    gap_list_pass(&list, 21, T);
    assert_false(list.open);
    gap_list_pass(&list, 22, T + 5000);
    assert_true(within(21, 25, T + WINDOW - 1, &gap));
    assert_false(within(22, 25, T + WINDOW, &gap));
}

/* More gaps than the list holds: it may say too much of old ones, never too little. Held against a
 * list without a bound. */
static void of_many_gaps_none_is_forgotten(void **state)
{
    (void)state;
    static struct {
        uint64_t first, last;
        int64_t until;
    } all[2000];
    uint32_t seed = 12345;
    for (int round = 0; round < 30; round++) {
        size_t count = 0;
        uint64_t record = 1;
        int64_t time = T;
        memset(&list, 0, sizeof list);
        while (count < 2000) {
            seed = seed * 1664525u + 1013904223u;
            uint64_t read = 1 + (seed >> 8) % 5,
                     lost = (seed >> 12) % 4 == 0 ? 1 + (seed >> 16) % 9 : 0;
            time += (seed >> 20) % 40;
            if (lost) {
                all[count].first = record;
                all[count].last = record + lost - 1;
                all[count++].until = time;
                add(record, record + lost - 1);
                record += lost;
            }
            for (uint64_t i = 0; i < read; i++)
                gap_list_pass(&list, record + i, time);
            record += read;
            struct gap gap = {0}, expected = {0};
            bool any = false;
            for (size_t i = 0; i < count; i++) {
                if (all[i].until <= time - WINDOW)
                    continue;
                if (!any)
                    expected.first = all[i].first;
                expected.last = all[i].last;
                any = true;
            }
            bool said = within(record - 1, record - 1 + 1, time, &gap);
            if (any) {
                assert_true(said);
                assert_true(gap.first <= expected.first);
                assert_int_equal(gap.last, expected.last);
            }
            if (said && count <= GAP_LIST_MAX) {
                assert_true(any);
                assert_int_equal(gap.first, expected.first);
            }
        }
        assert_int_equal(list.count, GAP_LIST_MAX);
    }
}

/* The clock was set back between the two that become one. */
static void merged_gaps_count_for_as_long_as_either(void **state)
{
    (void)state;
    struct gap gap;
    add(1, 5);
    gap_list_pass(&list, 6, T + 5000);
    for (uint64_t i = 1; i <= GAP_LIST_MAX; i++) {
        add(10 * i + 1, 10 * i + 5);
        gap_list_pass(&list, 10 * i + 6, T);
    }
    assert_int_equal(list.count, GAP_LIST_MAX);
    assert_true(within(1000, 1001, T + 5000, &gap));
    assert_int_equal(gap.first, 1);
    assert_int_equal(gap.last, 15);
    assert_false(within(1000, 1001, T + 5000 + WINDOW, &gap));
}

static void merged_gaps_count_for_as_long_as_the_later(void **state)
{
    (void)state;
    struct gap gap;
    add(1, 5);
    gap_list_pass(&list, 6, T);
    for (uint64_t i = 1; i <= GAP_LIST_MAX; i++) {
        add(10 * i + 1, 10 * i + 5);
        gap_list_pass(&list, 10 * i + 6, T + 5000);
    }
    assert_true(within(1000, 1001, T + 5000 + WINDOW - 1, &gap));
    assert_int_equal(gap.first, 1);
}

static void gaps_of_which_none_is_closed_are_merged_too(void **state)
{
    (void)state;
    struct gap gap;
    for (uint64_t i = 0; i < 3 * GAP_LIST_MAX; i++)
        add(10 * i + 1, 10 * i + 5);
    assert_int_equal(list.count, GAP_LIST_MAX);
    gap_list_pass(&list, 10000, T);
    assert_true(within(10000, 10001, T, &gap));
    assert_int_equal(gap.first, 1);
    assert_int_equal(gap.last, 10 * (3 * GAP_LIST_MAX - 1) + 5);
    assert_false(within(10000, 10001, T + WINDOW, &gap));
}

/* One that is open because another was found behind it counts from the same record on as that. */
static void a_gap_that_is_merged_with_an_open_one_is_open(void **state)
{
    (void)state;
    struct gap gap;
    add(1, 5);
    gap_list_pass(&list, 6, T);
    for (uint64_t i = 1; i <= GAP_LIST_MAX; i++)
        add(10 * i + 1, 10 * i + 5);
    assert_false(within(1000, 1001, T, &gap));
    gap_list_pass(&list, 2000, T + 5000);
    assert_true(within(2000, 2001, T + 5000, &gap));
    assert_int_equal(gap.first, 1);
    assert_int_equal(gap.last, 10 * GAP_LIST_MAX + 5);
}

/* Each of those that were not merged counts by itself, for its own window. */
static void what_is_not_merged_stays_apart(void **state)
{
    (void)state;
    struct gap gap;
    for (uint64_t i = 0; i < GAP_LIST_MAX + 3; i++) {
        add(10 * i + 1, 10 * i + 5);
        gap_list_pass(&list, 10 * i + 6, T + (int64_t)(WINDOW * i));
        assert_true(within(10 * i + 6, 10 * i + 7, T + (int64_t)(WINDOW * i), &gap));
        assert_int_equal(gap.first, 10 * i + 1);
    }
    for (uint64_t i = 4; i < GAP_LIST_MAX + 3; i++) {
        /* Read again from before the later ones. */
        assert_true(within(10 * i + 6, 10 * i + 7, T + (int64_t)(WINDOW * i), &gap));
        assert_int_equal(gap.first, 10 * i + 1);
        assert_int_equal(gap.last, 10 * i + 5);
    }
}

static void behind_a_clear_several_gaps_are_one_span_too(void **state)
{
    (void)state;
    struct gap gap;
    add(101, 110);
    gap_list_pass(&list, 111, T);
    clear_behind(111);
    add(6, 9);
    add(21, 29);
    gap_list_pass(&list, 30, T);
    assert_true(within(1, 31, T, &gap));
    assert_int_equal(gap.first, 6);
    assert_int_equal(gap.last, 29);
    assert_true(gap.cleared);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_a_gap_nothing_is_said),
        TEST(a_gap_counts_for_one_window_behind_it_and_not_before_it),
        TEST(evidence_that_spans_a_gap_counts_whatever_the_clock_says),
        TEST(after_a_clear_numbers_begin_anew),
        TEST(what_is_known_is_not_added_again),
        TEST(several_gaps_are_told_as_one_span),
        TEST(a_later_gap_may_begin_before),
        TEST(of_several_eras_the_latest_numbers_are_told),
        TEST(a_gap_stays_open_until_a_record_behind_it),
        TEST(of_many_gaps_none_is_forgotten),
        TEST(merged_gaps_count_for_as_long_as_either),
        TEST(merged_gaps_count_for_as_long_as_the_later),
        TEST(gaps_of_which_none_is_closed_are_merged_too),
        TEST(a_gap_that_is_merged_with_an_open_one_is_open),
        TEST(what_is_not_merged_stays_apart),
        TEST(behind_a_clear_several_gaps_are_one_span_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
