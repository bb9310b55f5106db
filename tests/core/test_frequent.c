/* test_frequent.c: counts against exact ones, within the error that is stated. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "core/frequent.h"

enum { NAMES = 2000, ROUNDS = 200000 };

static struct frequent frequent;

static int start(void **state)
{
    (void)state;
    frequent_init(&frequent);
    return 0;
}

static void add(const char *name, int times)
{
    struct message_string string;
    message_string_set(&string, name, strlen(name), false);
    for (int i = 0; i < times; i++)
        frequent_add(&frequent, &string);
}

static void few_names_are_counted_exactly(void **state)
{
    struct frequent_row rows[3];
    (void)state;
    assert_int_equal(frequent_top(&frequent, rows, 3), 0);
    add("b", 2);
    add("a", 2);
    add("c", 3);
    add("d", 1);
    add("", 1);
    assert_int_equal(frequent_top(&frequent, rows, 3), 3);
    assert_true(message_string_is(rows[0].name, "c") && rows[0].count == 3);
    assert_true(message_string_is(rows[1].name, "a") && rows[1].count == 2);
    assert_true(message_string_is(rows[2].name, "b") && rows[2].error == 0);
    assert_int_equal(frequent.used, 5);
    assert_false(frequent.crowded);
}

/* Of a longer name that was in its place before, nothing counts. */
static void the_end_of_a_name_is_its_end(void **state)
{
    struct frequent_row rows[2];
    char name[16];
    (void)state;
    add("azzz", 1);
    for (int i = 1; i < FREQUENT_MAX; i++) {
        snprintf(name, sizeof name, "%d", i);
        add(name, 2);
    }
    add("a", 9); /* instead of azzz */
    add("ab", 8);
    assert_int_equal(frequent_top(&frequent, rows, 2), 2);
    assert_int_equal(rows[0].count, rows[1].count);
    assert_true(message_string_is(rows[0].name, "a"));
    assert_true(message_string_is(rows[1].name, "ab"));
}

/* In a place where another one was, too, and whether it was cut as well. */
static void a_name_is_kept_as_it_is(void **state)
{
    struct frequent_row rows[1];
    char name[MESSAGE_STRING_MAX + 2];
    (void)state;
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = 0;
    add(name, 1);
    for (int i = 1; i < FREQUENT_MAX; i++) {
        snprintf(name, sizeof name, "%d", i);
        add(name, 2);
    }
    add("whole", 3);
    assert_int_equal(frequent_top(&frequent, rows, 1), 1);
    assert_true(message_string_is(rows[0].name, "whole"));
    assert_false(rows[0].name->cut);
    memset(name, 'y', sizeof name - 1);
    name[sizeof name - 1] = 0;
    add(name, 9);
    assert_int_equal(frequent_top(&frequent, rows, 1), 1);
    assert_int_equal(rows[0].name->count, MESSAGE_STRING_MAX);
    assert_true(rows[0].name->cut);
}

/* Names come by chance, small numbers far more often. */
static void many_names_are_counted_within_the_error(void **state)
{
    static uint64_t exact[NAMES];
    uint64_t chance = 1;
    char name[16];
    (void)state;
    memset(exact, 0, sizeof exact);
    for (int i = 0; i < ROUNDS; i++) {
        chance = chance * UINT64_C(6364136223846793005) + 1442695040888963407;
        uint32_t number = (uint32_t)(chance >> 33) % NAMES;
        if (chance >> 32 & 1)
            number %= 20;
        exact[number]++;
        snprintf(name, sizeof name, "%u", number);
        add(name, 1);
    }
    struct frequent_row rows[FREQUENT_MAX];
    size_t count = frequent_top(&frequent, rows, FREQUENT_MAX), frequent_ones = 0;
    assert_int_equal(count, FREQUENT_MAX);
    assert_true(frequent.crowded);
    for (size_t i = 0; i < count; i++) {
        unsigned number = 0;
        memcpy(name, rows[i].name->at, rows[i].name->count);
        name[rows[i].name->count] = 0;
        assert_int_equal(sscanf(name, "%u", &number), 1);
        assert_true(rows[i].count >= exact[number]);
        assert_true(rows[i].count - rows[i].error <= exact[number]);
        assert_true(rows[i].error <= frequent.total / FREQUENT_MAX);
        assert_true(i == 0 || rows[i].count <= rows[i - 1].count);
        frequent_ones += exact[number] > frequent.total / FREQUENT_MAX;
    }
    size_t must_be_there = 0;
    for (size_t i = 0; i < NAMES; i++)
        must_be_there += exact[i] > frequent.total / FREQUENT_MAX;
    assert_int_equal(must_be_there, 20);
    assert_int_equal(frequent_ones, must_be_there);
    frequent_init(&frequent);
    assert_int_equal(frequent_top(&frequent, rows, FREQUENT_MAX), 0);
    assert_false(frequent.crowded);
    assert_int_equal(frequent.total, 0);
}

static void diverse_is_many_without_a_few_that_are_most(void **state)
{
    char name[16];
    (void)state;
    assert_false(frequent_is_diverse(&frequent, 1, 50));
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "%d", i);
        add(name, 10);
    }
    assert_true(frequent_is_diverse(&frequent, 10, 45)); /* three have 30 of 100 */
    assert_false(frequent_is_diverse(&frequent, 11, 45));
    add("0", 25);
    assert_true(frequent_is_diverse(&frequent, 10, 45)); /* 55 of 125 */
    add("0", 5);
    assert_false(frequent_is_diverse(&frequent, 10, 45)); /* 60 of 130 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(few_names_are_counted_exactly, start),
        cmocka_unit_test_setup(the_end_of_a_name_is_its_end, start),
        cmocka_unit_test_setup(a_name_is_kept_as_it_is, start),
        cmocka_unit_test_setup(many_names_are_counted_within_the_error, start),
        cmocka_unit_test_setup(diverse_is_many_without_a_few_that_are_most, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
