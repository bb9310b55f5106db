/* Usual and unusual silences, on generated weeks. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include "core/rhythm.h"

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    ((int64_t)RHYTHM_DAY)

static struct rhythm rhythm;
static int64_t now;
static bool was_silent; /* at any look since it was last cleared */

static int set_up(void **state)
{
    (void)state;
    memset(&rhythm, 0, sizeof rhythm);
    now = 1234567;
    was_silent = false;
    rhythm_go_on(&rhythm, now, true);
    return 0;
}

/* Looks every five minutes, as the service does. */
static void pass(int64_t ms)
{
    for (int64_t end = now + ms; now < end;) {
        now = end - now < 5 * MINUTE ? end : now + 5 * MINUTE;
        rhythm_go_on(&rhythm, now, true);
        was_silent |= rhythm_is_silent(&rhythm, now);
    }
}

static uint32_t hear(void)
{
    rhythm_go_on(&rhythm, now, true);
    return rhythm_hear(&rhythm, now, 1);
}

/* A day with sign-ins every ten minutes from hour to hour, silent otherwise. */
static void workday(int from, int to)
{
    int64_t end = now + DAY;
    pass(from * HOUR);
    for (int i = 0; i <= (to - from) * 6; i++) {
        hear();
        pass(i < (to - from) * 6 ? 10 * MINUTE : end - now);
    }
}

static void week(void)
{
    for (int i = 0; i < 5; i++)
        workday(8, 18);
    pass(2 * DAY);
}

static void nothing_is_said_in_the_first_week(void **state)
{
    (void)state;
    uint32_t usual;
    for (int i = 0; i < 5; i++)
        workday(8, 18);
    pass(2 * DAY - 10 * MINUTE);
    assert_false(rhythm_usual(&rhythm, &usual));
    assert_false(was_silent); /* though the weekend is longer than four nights */
    pass(20 * MINUTE);
    assert_true(rhythm_usual(&rhythm, &usual));
    assert_int_equal(usual, 14 * HOUR);
}

static void usual_weeks_are_never_silent_for_too_long(void **state)
{
    (void)state;
    week();
    workday(8, 18); /* the weekend has been learned */
    was_silent = false;
    for (int i = 0; i < 4; i++)
        workday(8, 18);
    pass(2 * DAY);
    for (int i = 0; i < 8; i++)
        week();
    assert_false(was_silent);
}

static void four_times_the_longest_silence_is_too_long(void **state)
{
    (void)state;
    uint32_t usual;
    for (int i = 0; i < 10; i++)
        workday(8, 18);
    assert_true(rhythm_usual(&rhythm, &usual));
    assert_int_equal(usual, 14 * HOUR);
    int64_t since = rhythm.silent_since;
    assert_true(rhythm_silence(&rhythm, since + 56 * HOUR) == 56 * HOUR);
    assert_false(rhythm_is_silent(&rhythm, since + 56 * HOUR));
    assert_true(rhythm_is_silent(&rhythm, since + 56 * HOUR + 1));
}

static void a_silence_that_was_too_long_is_learned_as_twice_the_usual(void **state)
{
    (void)state;
    uint32_t usual;
    for (int i = 0; i < 10; i++)
        workday(8, 18);
    pass(5 * DAY);
    assert_true(was_silent);
    assert_true(hear() > 5 * DAY);
    assert_true(rhythm_usual(&rhythm, &usual));
    assert_int_equal(usual, 28 * HOUR);
    pass(112 * HOUR);
    assert_false(rhythm_is_silent(&rhythm, now));
    pass(5 * MINUTE);
    assert_true(rhythm_is_silent(&rhythm, now));
}

static void a_silence_of_just_four_times_the_usual_is_learned_as_it_was(void **state)
{
    (void)state;
    uint32_t usual;
    for (int i = 0; i < 10; i++)
        workday(8, 18);
    now = rhythm.silent_since + 56 * HOUR;
    assert_int_equal(hear(), 56 * HOUR);
    assert_true(rhythm_usual(&rhythm, &usual));
    assert_int_equal(usual, 56 * HOUR);
}

static void what_is_older_than_fourteen_days_is_forgotten(void **state)
{
    (void)state;
    uint32_t usual;
    for (int i = 0; i < 3; i++)
        workday(8, 18);
    pass(40 * HOUR);
    hear();
    for (int i = 0; i < 13; i++)
        workday(8, 18);
    assert_true(rhythm_usual(&rhythm, &usual));
    assert_true(usual >= 40 * HOUR);
    workday(8, 18);
    assert_true(rhythm_usual(&rhythm, &usual));
    assert_int_equal(usual, 14 * HOUR);
    pass(20 * DAY); /* nothing is left to go by */
    assert_false(rhythm_usual(&rhythm, &usual));
    assert_false(rhythm_is_silent(&rhythm, now));
}

static void a_day_begins_with_nothing_learned_and_fourteen_leave_nothing(void **state)
{
    (void)state;
    static const struct rhythm nothing;
    static const int away[] = {1, 14, 30};
    for (size_t i = 0; i < sizeof away / sizeof *away; i++) {
        for (int day = 0; day < 14; day++)
            workday(8, 18);
        rhythm_go_on(&rhythm, now, false);
        now += away[i] * DAY;
        rhythm_go_on(&rhythm, now, true);
        assert_int_equal(rhythm.day, now / DAY);
        for (int64_t day = rhythm.day; day > rhythm.day - 14; day--)
            if (day > rhythm.day - away[i])
                assert_memory_equal(&rhythm.days[day % RHYTHM_DAYS], nothing.days,
                                    sizeof *nothing.days);
    }
}

static void downtime_and_outages_are_no_silence(void **state)
{
    (void)state;
    uint32_t usual;
    for (int i = 0; i < 10; i++)
        workday(8, 18);
    pass(HOUR);
    rhythm_go_on(&rhythm, now, false);
    assert_int_equal(rhythm_silence(&rhythm, now), 0);
    now += 100 * HOUR; /* nobody looks */
    assert_false(rhythm_is_silent(&rhythm, now));
    rhythm_go_on(&rhythm, now, true);
    assert_int_equal(rhythm_silence(&rhythm, now), 0);
    assert_int_equal(rhythm_silence(&rhythm, now - 1), 0);
    pass(3 * HOUR);
    assert_int_equal(hear(), 3 * HOUR);
    assert_true(rhythm_usual(&rhythm, &usual));
    assert_int_equal(usual, 14 * HOUR);
}

static void a_silence_cut_short_by_an_outage_is_learned_as_far_as_it_went(void **state)
{
    (void)state;
    uint32_t usual;
    for (int i = 0; i < 10; i++)
        workday(8, 18);
    pass(14 * HOUR);
    rhythm_go_on(&rhythm, now, false);
    assert_true(rhythm_usual(&rhythm, &usual));
    assert_int_equal(usual, 20 * HOUR); /* six of them before midnight */
}

static void downtime_is_not_watching(void **state)
{
    (void)state;
    uint32_t usual;
    rhythm_hear(&rhythm, now, 10000);
    for (int i = 0; i < 13; i++) { /* half of each day */
        pass(12 * HOUR);
        rhythm_go_on(&rhythm, now, false);
        now += 12 * HOUR;
        rhythm_go_on(&rhythm, now, true);
    }
    assert_false(rhythm_usual(&rhythm, &usual));
}

static void few_sign_ins_teach_nothing(void **state)
{
    (void)state;
    uint32_t usual;
    pass(10 * DAY);
    rhythm_hear(&rhythm, now, RHYTHM_SIGN_INS - 1);
    assert_false(rhythm_usual(&rhythm, &usual));
    rhythm_hear(&rhythm, now, 1);
    assert_true(rhythm_usual(&rhythm, &usual));
}

static void a_week_to_the_millisecond_is_enough(void **state)
{
    (void)state;
    uint32_t usual = 99;
    rhythm_hear(&rhythm, now, RHYTHM_SIGN_INS);
    pass(7 * DAY - 1);
    assert_false(rhythm_usual(&rhythm, &usual));
    assert_int_equal(usual, 99);
    pass(1);
    assert_true(rhythm_usual(&rhythm, &usual));
    assert_int_equal(usual, 0); /* the silence lasts: it is learned when it ends */
}

static void a_busy_host_is_given_a_quarter_of_an_hour(void **state)
{
    (void)state;
    uint32_t usual;
    for (int i = 0; i < 7 * 24 * 60; i++) {
        pass(MINUTE);
        hear();
    }
    pass(MINUTE);
    assert_true(rhythm_usual(&rhythm, &usual));
    assert_int_equal(usual, MINUTE);
    int64_t since = rhythm.silent_since;
    assert_false(rhythm_is_silent(&rhythm, since + RHYTHM_TOO_LONG_MIN));
    assert_true(rhythm_is_silent(&rhythm, since + RHYTHM_TOO_LONG_MIN + 1));
}

static void numbers_stay_within_their_bounds(void **state)
{
    (void)state;
    rhythm_hear(&rhythm, now, UINT64_MAX);
    rhythm_hear(&rhythm, now, UINT64_MAX);
    assert_int_equal(rhythm.days[now / DAY % RHYTHM_DAYS].sign_ins, UINT32_MAX);
    now += 60 * DAY;
    rhythm_go_on(&rhythm, now, true);
    assert_int_equal(rhythm_silence(&rhythm, now), UINT32_MAX);
    assert_int_equal(rhythm.days[now / DAY % RHYTHM_DAYS].watched, RHYTHM_DAY);
    rhythm_go_on(&rhythm, now + 1, true);
    assert_int_equal(rhythm.days[now / DAY % RHYTHM_DAYS].watched, RHYTHM_DAY);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_said_in_the_first_week),
        TEST(usual_weeks_are_never_silent_for_too_long),
        TEST(four_times_the_longest_silence_is_too_long),
        TEST(a_silence_that_was_too_long_is_learned_as_twice_the_usual),
        TEST(a_silence_of_just_four_times_the_usual_is_learned_as_it_was),
        TEST(what_is_older_than_fourteen_days_is_forgotten),
        TEST(a_day_begins_with_nothing_learned_and_fourteen_leave_nothing),
        TEST(downtime_and_outages_are_no_silence),
        TEST(a_silence_cut_short_by_an_outage_is_learned_as_far_as_it_went),
        TEST(downtime_is_not_watching),
        TEST(few_sign_ins_teach_nothing),
        TEST(a_week_to_the_millisecond_is_enough),
        TEST(a_busy_host_is_given_a_quarter_of_an_hour),
        TEST(numbers_stay_within_their_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
