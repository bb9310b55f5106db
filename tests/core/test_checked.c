#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/checked.h"

static void a_sum_that_is_a_size_is_taken(void **state)
{
    size_t sum = 40;
    (void)state;
    assert_true(checked_add(&sum, 2));
    assert_int_equal(sum, 42);
    assert_true(checked_add(&sum, SIZE_MAX - 42));
    assert_true(sum == SIZE_MAX);
    assert_true(checked_add(&sum, 0));
    assert_true(sum == SIZE_MAX);
}

static void a_sum_that_is_none_leaves_the_value(void **state)
{
    size_t sum = SIZE_MAX;
    (void)state;
    assert_false(checked_add(&sum, 1));
    assert_true(sum == SIZE_MAX);
    sum = 2;
    assert_false(checked_add(&sum, SIZE_MAX - 1));
    assert_int_equal(sum, 2);
}

static void a_product_that_is_a_size_is_taken(void **state)
{
    size_t product = SIZE_MAX / 4;
    (void)state;
    assert_true(checked_multiply(&product, 4));
    assert_true(product == SIZE_MAX - 3);
    assert_true(checked_multiply(&product, 1));
    assert_true(checked_multiply(&product, 0));
    assert_int_equal(product, 0);
}

/* One whose low bits look like a small size, too. */
static void a_product_that_is_none_leaves_the_value(void **state)
{
    size_t product = SIZE_MAX / 4 + 1;
    (void)state;
    assert_false(checked_multiply(&product, 4));
    assert_true(product == SIZE_MAX / 4 + 1);
    assert_false(checked_multiply(&product, SIZE_MAX));
    assert_true(product == SIZE_MAX / 4 + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sum_that_is_a_size_is_taken),
        cmocka_unit_test(a_sum_that_is_none_leaves_the_value),
        cmocka_unit_test(a_product_that_is_a_size_is_taken),
        cmocka_unit_test(a_product_that_is_none_leaves_the_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
