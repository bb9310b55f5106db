/* test_queue_growth.c: what is told of a queue that grows, and since when it has grown. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "core/queue_growth.h"

enum { START = 500, MINUTE = 60, HOUR = 3600, DAY = 86400 };

static struct queue_growth growth;

static int set_up(void **state)
{
    (void)state;
    memset(&growth, 0, sizeof growth);
    queue_growth_ask(&growth, 5000, 0);
    return 0;
}

static enum queue_news add(int64_t time, uint32_t files)
{
    return queue_growth_add(&growth, START + time, files);
}

static uint32_t window(int64_t time)
{
    return queue_growth_window(&growth, START + time);
}

static void past_the_alert_is_told_at_once_and_once_a_day(void **state)
{
    (void)state;
    assert_int_equal(add(0, 4999), QUEUE_NEWS_NONE);
    assert_int_equal(add(1, 5000), QUEUE_NEWS_PAST);
    assert_int_equal(add(2, 4990), QUEUE_NEWS_NONE);
    assert_int_equal(add(3, 5010), QUEUE_NEWS_NONE);
    for (int64_t time = HOUR; time < DAY; time += HOUR)
        assert_int_equal(add(time, 5000), QUEUE_NEWS_NONE);
    assert_int_equal(add(DAY, 5000), QUEUE_NEWS_NONE);
    assert_int_equal(add(DAY + 1, 5000), QUEUE_NEWS_PAST);
}

static void what_fell_is_told_again_when_it_comes_back(void **state)
{
    (void)state;
    assert_int_equal(add(0, 6000), QUEUE_NEWS_PAST);
    assert_int_equal(add(10, 2501), QUEUE_NEWS_NONE);
    assert_int_equal(add(20, 2500), QUEUE_NEWS_FELL);
    assert_int_equal(add(30, 10), QUEUE_NEWS_NONE);
    assert_int_equal(add(40, 6000), QUEUE_NEWS_NONE); /* within the hour it is no news */
    assert_int_equal(add(HOUR - 1, 6000), QUEUE_NEWS_NONE);
    assert_int_equal(add(HOUR, 6000), QUEUE_NEWS_PAST);
    assert_int_equal(add(HOUR + 1, 100), QUEUE_NEWS_FELL);
    assert_int_equal(add(5 * HOUR, 100), QUEUE_NEWS_NONE);
    assert_int_equal(add(6 * HOUR, 7000), QUEUE_NEWS_PAST);
}

static void four_times_as_many_within_an_hour_are_told(void **state)
{
    (void)state;
    assert_int_equal(add(0, 200), QUEUE_NEWS_NONE);
    assert_int_equal(add(10, 200), QUEUE_NEWS_NONE);
    assert_int_equal(add(HOUR + 9, 799), QUEUE_NEWS_NONE);
    assert_int_equal(queue_growth_lowest(&growth, START + HOUR + 9), 200);
    assert_int_equal(queue_growth_lowest(&growth, START + HOUR + 10), 799);
    assert_int_equal(add(HOUR + 9, 800), QUEUE_NEWS_GROWN);
    assert_int_equal(add(HOUR + 20, 4000), QUEUE_NEWS_NONE); /* told within the hour */
    assert_int_equal(add(HOUR + 21, 5000), QUEUE_NEWS_PAST); /* that is other news */
}

static void growth_is_told_once_an_hour(void **state)
{
    (void)state;
    assert_int_equal(add(0, 0), QUEUE_NEWS_NONE);
    assert_int_equal(add(10, 800), QUEUE_NEWS_GROWN);
    assert_int_equal(add(20, 0), QUEUE_NEWS_NONE);
    assert_int_equal(add(HOUR + 9, 800), QUEUE_NEWS_NONE);
    assert_int_equal(add(HOUR + 10, 800), QUEUE_NEWS_GROWN);
    assert_int_equal(add(HOUR + 11, 800), QUEUE_NEWS_NONE);
}

/* Past the alert it has grown, too: that is the same news. */
static void past_the_alert_growth_is_no_news_for_an_hour(void **state)
{
    (void)state;
    assert_int_equal(add(0, 10), QUEUE_NEWS_NONE);
    assert_int_equal(add(1, 6000), QUEUE_NEWS_PAST);
    assert_int_equal(add(2, 10), QUEUE_NEWS_FELL);
    assert_int_equal(add(HOUR, 600), QUEUE_NEWS_NONE);
    assert_int_equal(add(HOUR + 1, 600), QUEUE_NEWS_GROWN);
}

/* Wherever in its minute it was counted. */
static void the_lowest_is_of_the_hour_before(void **state)
{
    static const int64_t seconds[] = {0, 7, 39, 40};
    assert_int_equal(queue_growth_lowest(&growth, START), 0);
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        set_up(state);
        for (int64_t minute = 0; minute < 180; minute++)
            add(minute * MINUTE + seconds[i], (uint32_t)(1000 + minute));
        for (int64_t oldest = 60; oldest < 120; oldest++) {
            int64_t seen = START + oldest * MINUTE + seconds[i];
            assert_int_equal(queue_growth_lowest(&growth, seen + HOUR - 1), 1000 + oldest);
            assert_int_equal(queue_growth_lowest(&growth, seen + HOUR), 1001 + oldest);
        }
        add(180 * MINUTE, 3); /* the last one may be the lowest */
        assert_int_equal(queue_growth_lowest(&growth, START + 180 * MINUTE), 3);
        assert_int_equal(queue_growth_lowest(&growth, START + 400 * MINUTE), 3);
    }
}

/* Of equal counts in a slot the last one's time counts, since from there it is the shorter way. */
static void the_latest_of_equal_counts_counts(void **state)
{
    (void)state;
    queue_growth_ask(&growth, 0, 20);
    add(0, 5);
    add(10, 5);
    add(19, 6);
    add(30, 25);
    add(31, 0);
    assert_int_equal(window(31), 22);
}

static void the_same_question_keeps_its_answer(void **state)
{
    (void)state;
    queue_growth_ask(&growth, 5000, 20);
    add(0, 10);
    assert_int_equal(add(10, 6000), QUEUE_NEWS_PAST);
    queue_growth_ask(&growth, 5000, 20);
    assert_int_equal(add(11, 6000), QUEUE_NEWS_NONE);
    assert_int_equal(add(20, 0), QUEUE_NEWS_FELL);
    queue_growth_ask(&growth, 5000, 20);
    assert_int_equal(window(20), 21);
    queue_growth_ask(&growth, 7000, 20);
    assert_int_equal(window(20), 21);
    queue_growth_ask(&growth, 7000, 0);
    queue_growth_ask(&growth, 7000, 20);
    assert_int_equal(window(20), UINT32_MAX);
    assert_int_equal(add(21, 700), QUEUE_NEWS_GROWN); /* of another alert it is told anew */
    queue_growth_ask(&growth, 6000, 20);
    assert_int_equal(add(22, 700), QUEUE_NEWS_GROWN);
    assert_int_equal(add(23, 6000), QUEUE_NEWS_PAST);
    queue_growth_ask(&growth, 5001, 20);
    assert_int_equal(add(24, 2500), QUEUE_NEWS_GROWN); /* past the new one it was not */
}

/* After weeks without a count, as of a service that stood still. */
static void what_is_older_than_all_windows_is_forgotten(void **state)
{
    (void)state;
    const int64_t leaps[] = {LIMIT_WINDOW_MAX + HOUR, 3 * (int64_t)LIMIT_WINDOW_MAX,
                             QUEUE_GROWTH_SLOTS * (int64_t)QUEUE_GROWTH_SLOT};
    for (size_t i = 0; i < sizeof leaps / sizeof *leaps; i++) {
        set_up(state);
        queue_growth_ask(&growth, 0, 20);
        for (int64_t minute = 0; minute < 30; minute++)
            add(minute * MINUTE, 5);
        add(leaps[i] + HOUR, 24);
        add(leaps[i] + HOUR + 1, 10);
        assert_int_equal(window(leaps[i] + HOUR + 1), UINT32_MAX);
        assert_int_equal(queue_growth_lowest(&growth, START + leaps[i] + HOUR + 1), 10);
    }
}

static void the_clock_may_begin_at_0(void **state)
{
    (void)state;
    assert_int_equal(queue_growth_add(&growth, 0, 5000), QUEUE_NEWS_PAST);
    set_up(state);
    assert_int_equal(queue_growth_add(&growth, 0, 0), QUEUE_NEWS_NONE);
    assert_int_equal(queue_growth_add(&growth, 0, 800), QUEUE_NEWS_GROWN);
}

/* As the clock may be that counts are taken by. */
static void a_count_at_the_same_time_is_a_count(void **state)
{
    (void)state;
    queue_growth_ask(&growth, 0, 20);
    add(100, 10);
    add(100, 4);
    add(100, 24);
    add(100, 1);
    assert_int_equal(growth.time, START + 100);
    assert_int_equal(growth.files, 1);
    assert_int_equal(window(100), 1);
    add(40, 2); /* never set back */
    assert_int_equal(growth.time, START + 100);
    assert_int_equal(queue_growth_lowest(&growth, START + 100), 1);
}

static void slow_growth_is_not_told(void **state)
{
    (void)state;
    uint32_t files = 300;
    for (int64_t time = 0; files < 4900; time += 30 * MINUTE, files += files / 2)
        assert_int_equal(add(time, files), QUEUE_NEWS_NONE); /* 2.25 times in an hour */
}

static void few_files_are_no_growth(void **state)
{
    (void)state;
    assert_int_equal(add(0, 0), QUEUE_NEWS_NONE);
    assert_int_equal(add(1, 499), QUEUE_NEWS_NONE); /* a tenth of QueueAlert */
    assert_int_equal(add(2, 500), QUEUE_NEWS_GROWN);
    queue_growth_ask(&growth, 100, 0);
    assert_int_equal(add(2 * HOUR, 3), QUEUE_NEWS_NONE);
    assert_int_equal(add(2 * HOUR + 1, 19), QUEUE_NEWS_NONE); /* 20 at the least */
    assert_int_equal(add(2 * HOUR + 2, 20), QUEUE_NEWS_GROWN);
}

static void a_leap_past_the_alert_is_told_once(void **state)
{
    (void)state;
    assert_int_equal(add(0, 10), QUEUE_NEWS_NONE);
    assert_int_equal(add(1, 6000), QUEUE_NEWS_PAST);
    assert_int_equal(add(2, 6000), QUEUE_NEWS_NONE);
    assert_int_equal(add(HOUR, 6000), QUEUE_NEWS_NONE);
}

static void without_an_alert_nothing_is_told(void **state)
{
    (void)state;
    queue_growth_ask(&growth, 0, 0);
    assert_int_equal(add(0, 10), QUEUE_NEWS_NONE);
    assert_int_equal(add(1, 1000000), QUEUE_NEWS_NONE);
    queue_growth_ask(&growth, 1000, 0);
    assert_int_equal(add(2, 1000000), QUEUE_NEWS_PAST);
    queue_growth_ask(&growth, 2000, 0); /* another question, another answer */
    assert_int_equal(add(3, 1000000), QUEUE_NEWS_PAST);
    queue_growth_ask(&growth, 2000, 7);
    assert_int_equal(add(4, 1000000), QUEUE_NEWS_NONE);
}

static void all_is_borne_out_when_nothing_is_required(void **state)
{
    (void)state;
    assert_int_equal(window(0), 0);
    queue_growth_ask(&growth, 0, 20);
    assert_int_equal(window(0), UINT32_MAX); /* nothing was counted */
    add(0, 19);
    assert_int_equal(window(0), UINT32_MAX);
    add(1, 20);
    assert_int_equal(window(5), 0);
    queue_growth_ask(&growth, 0, 21);
    assert_int_equal(window(5), UINT32_MAX);
}

static void a_rise_is_remembered_after_the_fall(void **state)
{
    (void)state;
    queue_growth_ask(&growth, 0, 20);
    add(0, 10);
    add(7, 5);
    add(10, 24);
    assert_int_equal(window(10), 0);
    add(100, 12); /* it held 20, but had not risen by as many */
    assert_int_equal(window(100), UINT32_MAX);
    add(105, 32);
    add(110, 13); /* it rose by 20 since 12 */
    assert_int_equal(window(110), 11);
    add(200, 31); /* not by 20 since 13, but since 5 */
    add(210, 0);
    assert_int_equal(window(210), 111);
    assert_int_equal(window(600), 501);
    assert_int_equal(window(100 + LIMIT_WINDOW_MAX - 1), LIMIT_WINDOW_MAX);
    assert_int_equal(window(100 + LIMIT_WINDOW_MAX), UINT32_MAX);
    queue_growth_ask(&growth, 0, 21);
    assert_int_equal(window(210), UINT32_MAX); /* not known of another number */
}

static void a_slow_rise_is_found_over_all_of_a_week(void **state)
{
    (void)state;
    queue_growth_ask(&growth, 0, 100);
    add(0, 40);
    for (int64_t time = 300; time < LIMIT_WINDOW_MAX - 600; time += 300)
        add(time, 90);
    add(LIMIT_WINDOW_MAX - 300, 140);
    add(LIMIT_WINDOW_MAX - 299, 90);
    assert_int_equal(window(LIMIT_WINDOW_MAX - 1), LIMIT_WINDOW_MAX);
    assert_int_equal(window(LIMIT_WINDOW_MAX), UINT32_MAX);
}

/* ---- against all counts, kept ---------------------------------------------------------------- */

enum { COUNTS = 120, HISTORIES = 2000 };

static uint64_t random_state;

static uint32_t random_below(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

/* The shortest window up to the last count within which it rose by so many. */
static int64_t naive_window(const int64_t *times, const uint32_t *files, int count, uint32_t by)
{
    int64_t best = INT64_MAX;
    for (int low = 0; low < count; low++) {
        for (int high = low + 1; high < count; high++) {
            int64_t length = times[count - 1] - times[low] + 1;
            if (files[high] >= files[low] + by && length < best)
                best = length;
        }
    }
    return best;
}

static void what_is_remembered_agrees_with_all_counts(void **state)
{
    (void)state;
    uint32_t found = 0, exact = 0;
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        int64_t times[COUNTS], time = 0;
        uint32_t files[COUNTS], by = 1 + (uint32_t)(seed % 50);
        random_state = seed;
        memset(&growth, 0, sizeof growth);
        queue_growth_ask(&growth, 0, by);
        for (int i = 0; i < COUNTS; i++) {
            uint32_t step = random_below(50) == 0 ? LIMIT_WINDOW_MAX / 3 : 1 + random_below(90);
            time += step;
            times[i] = time;
            files[i] = random_below(by + 20);
            queue_growth_add(&growth, time, files[i]);
            int64_t right = naive_window(times, files, i + 1, by);
            uint32_t got = queue_growth_window(&growth, time);
            if (files[i] >= by) {
                assert_int_equal(got, 0);
            } else if (got == UINT32_MAX) {
                assert_true(right > LIMIT_WINDOW_MAX - QUEUE_GROWTH_SLOT);
            } else {
                assert_true(got >= right && got < right + QUEUE_GROWTH_SLOT);
                found++;
                exact += got == right;
            }
        }
    }
    assert_true(found > 10000 && exact > found / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(past_the_alert_is_told_at_once_and_once_a_day, set_up),
        cmocka_unit_test_setup(what_fell_is_told_again_when_it_comes_back, set_up),
        cmocka_unit_test_setup(four_times_as_many_within_an_hour_are_told, set_up),
        cmocka_unit_test_setup(growth_is_told_once_an_hour, set_up),
        cmocka_unit_test_setup(past_the_alert_growth_is_no_news_for_an_hour, set_up),
        cmocka_unit_test_setup(the_lowest_is_of_the_hour_before, set_up),
        cmocka_unit_test_setup(the_latest_of_equal_counts_counts, set_up),
        cmocka_unit_test_setup(the_same_question_keeps_its_answer, set_up),
        cmocka_unit_test_setup(a_count_at_the_same_time_is_a_count, set_up),
        cmocka_unit_test_setup(what_is_older_than_all_windows_is_forgotten, set_up),
        cmocka_unit_test_setup(the_clock_may_begin_at_0, set_up),
        cmocka_unit_test_setup(slow_growth_is_not_told, set_up),
        cmocka_unit_test_setup(few_files_are_no_growth, set_up),
        cmocka_unit_test_setup(a_leap_past_the_alert_is_told_once, set_up),
        cmocka_unit_test_setup(without_an_alert_nothing_is_told, set_up),
        cmocka_unit_test_setup(all_is_borne_out_when_nothing_is_required, set_up),
        cmocka_unit_test_setup(a_rise_is_remembered_after_the_fall, set_up),
        cmocka_unit_test_setup(a_slow_rise_is_found_over_all_of_a_week, set_up),
        cmocka_unit_test(what_is_remembered_agrees_with_all_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
