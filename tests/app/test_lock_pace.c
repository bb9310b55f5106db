/* How many accounts may be locked within an hour of this computer's own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/lock_pace.h"

enum { HOUR = 3600000, BEGUN = 7000 };

static struct lock_pace pace;
static bool first;
static DWORD wait;

static int set_up(void **state)
{
    (void)state;
    pace = (struct lock_pace){0};
    lock_pace_set(&pace, 2);
    first = false;
    wait = 0;
    return 0;
}

static bool takes(DWORD after)
{
    return lock_pace_take(&pace, BEGUN + after, &first, &wait);
}

static void so_many_an_hour_and_it_says_when_again(void **state)
{
    (void)state;
    assert_true(takes(0));
    assert_true(takes(600000));
    assert_int_equal(lock_pace_left(&pace, BEGUN + 600000), 0);
    assert_false(takes(900000));
    assert_true(first);
    assert_int_equal(wait, HOUR - 900000);
    assert_false(takes(HOUR - 1000));
    assert_false(first);
    assert_int_equal(wait, 1000);
    assert_true(takes(HOUR));
    assert_false(takes(HOUR + 1000));
    assert_true(first);
    assert_int_equal(wait, 599000);
}

static void none_at_all_is_asked_again_in_an_hour(void **state)
{
    (void)state;
    lock_pace_set(&pace, 0);
    assert_false(takes(0));
    assert_int_equal(wait, HOUR);
}

static void fewer_from_now_on_wait_for_more_to_pass(void **state)
{
    (void)state;
    assert_true(takes(0));
    assert_true(takes(60000));
    lock_pace_set(&pace, 1);
    assert_false(takes(120000));
    assert_int_equal(wait, HOUR - 60000);
    lock_pace_set(&pace, 3);
    assert_true(takes(120000));
}

static void locks_of_an_earlier_process_count_by_their_age(void **state)
{
    (void)state;
    lock_pace_charge(&pace, BEGUN, HOUR - 5000);
    lock_pace_charge(&pace, BEGUN, 1000);
    assert_false(takes(0));
    assert_int_equal(wait, 5000);
    assert_true(takes(5000));
    assert_false(takes(6000));
}

static void it_lasts_longer_than_the_tick(void **state)
{
    DWORD tick = (DWORD)-1000;
    (void)state;
    assert_true(lock_pace_take(&pace, tick, &first, &wait));
    assert_true(lock_pace_take(&pace, tick + 2000, &first, &wait));
    assert_false(lock_pace_take(&pace, tick + 3000, &first, &wait));
    assert_int_equal(wait, HOUR - 3000);
    for (int day = 0; day < 100; day++) /* 49.7 days and a little more are as if nothing passed */
        lock_pace_settle(&pace, tick += 86400000);
    assert_int_equal(lock_pace_left(&pace, tick), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(so_many_an_hour_and_it_says_when_again, set_up),
        cmocka_unit_test_setup(none_at_all_is_asked_again_in_an_hour, set_up),
        cmocka_unit_test_setup(fewer_from_now_on_wait_for_more_to_pass, set_up),
        cmocka_unit_test_setup(locks_of_an_earlier_process_count_by_their_age, set_up),
        cmocka_unit_test_setup(it_lasts_longer_than_the_tick, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
