#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/activity.h"

enum { MONDAY = 1263772800 /* 2010-01-18T00:00:00Z */, DAY = 86400 };

static struct activity *open_activity(uint32_t series, uint32_t filled)
{
    size_t size = activity_size(series, filled);
    struct activity *activity = activity_init(calloc(1, size), size, series, filled);

    assert_non_null(activity);
    return activity;
}

static void test_sizes_have_bounds(void **state)
{
    uint64_t memory[64] = {0};

    (void)state;
    assert_int_equal(activity_size(0, 8), 0);
    assert_int_equal(activity_size(8, 7), 0);
    assert_int_equal(activity_size(ACTIVITY_SERIES_MAX + 1, ACTIVITY_SERIES_MAX + 1), 0);
    assert_true(activity_size(ACTIVITY_SERIES_MAX, ACTIVITY_SERIES_MAX) > 0);
    assert_in_range(activity_size(4, 4), 4 * 4 + 4 * 16, sizeof memory);
    assert_null(activity_init(memory, activity_size(4, 4) - 1, 4, 4));
    assert_null(activity_init(memory, sizeof memory, 4, 3));
}

static void test_minutes_at_first(void **state)
{
    struct activity_bucket buckets[ACTIVITY_BUCKETS];
    struct activity *activity = open_activity(2, 8);

    (void)state;
    assert_int_equal(activity_count(activity), 0);
    activity_add(activity, 0, MONDAY + 59, 7);
    activity_add(activity, 0, MONDAY + 150, 3);
    activity_add(activity, 0, MONDAY + 121, 4);
    activity_add(activity, 1, MONDAY + 61, 1);
    assert_int_equal(activity_width(activity), 60);
    assert_int_equal(activity_start(activity), MONDAY);
    assert_int_equal(activity_count(activity), 3);
    activity_series(activity, 0, buckets);
    assert_int_equal(buckets[0].events, 1);
    assert_int_equal(buckets[0].peak, 7);
    assert_int_equal(buckets[1].events, 0);
    assert_int_equal(buckets[2].events, 2);
    assert_int_equal(buckets[2].peak, 4);
    activity_series(activity, 1, buckets);
    assert_int_equal(buckets[1].events, 1);
    assert_int_equal(buckets[0].events + buckets[2].events, 0);
    free(activity);
}

/* By how far apart two events are, how wide the buckets get. */
static void test_widths(void **state)
{
    static const struct {
        int64_t apart, width;
    } cases[] = {
        {511 * 60, 60},
        {512 * 60, 300},
        {512 * 300, 900},
        {512 * 900, 1800},
        {512 * 1800, 3600},
        {512 * 3600, 10800},
        {512 * 10800, 21600},
        {512 * 21600, 43200},
        {512 * 43200, 86400},
        {INT64_C(511) * 86400, 86400},
        {INT64_C(512) * 86400, 604800},
        {INT64_C(512) * 604800, 2 * 604800},
        {INT64_C(1024) * 604800, 4 * 604800},
    };

    (void)state;
    assert_int_equal(ACTIVITY_BUCKETS, 512);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct activity *activity = open_activity(1, 8);

        activity_add(activity, 0, MONDAY, 1);
        activity_add(activity, 0, MONDAY + cases[i].apart, 1);
        assert_int_equal(activity_width(activity), cases[i].width);
        assert_in_range(activity_count(activity), 2, ACTIVITY_BUCKETS);
        if (cases[i].width <= 604800) {
            assert_int_equal(activity_start(activity), MONDAY);
        }
        free(activity);
    }
}

static void test_weeks_begin_on_mondays(void **state)
{
    struct activity *activity = open_activity(1, 8);

    (void)state;
    activity_add(activity, 0, MONDAY - 1, 1);
    activity_add(activity, 0, MONDAY + INT64_C(3000) * DAY, 1);
    assert_int_equal(activity_width(activity), 604800);
    assert_int_equal(activity_start(activity), MONDAY - 7 * DAY);
    free(activity);
}

static void test_times_beyond_any_calendar(void **state)
{
    struct activity_bucket buckets[ACTIVITY_BUCKETS];
    struct activity *activity = open_activity(2, 8);
    uint64_t events = 0;

    (void)state;
    activity_add(activity, 1, INT64_MIN, 1);
    activity_add(activity, 1, INT64_MAX, 2);
    activity_add(activity, 1, 0, 3);
    activity_series(activity, 1, buckets);
    for (uint32_t i = 0; i < activity_count(activity); i++) {
        events += buckets[i].events;
    }
    assert_int_equal(events, 3);
    assert_in_range(activity_count(activity), 2, ACTIVITY_BUCKETS);
    free(activity);
}

/* Against arrays of all events, counted anew for every question. */
static void test_sums_stay_exact(void **state)
{
    enum { SERIES = 7, EVENTS = 600 };
    static struct {
        uint32_t series, peak;
        int64_t time;
    } events[EVENTS];
    struct activity_bucket buckets[ACTIVITY_BUCKETS];
    uint32_t random = 1;

    (void)state;
    for (int round = 0; round < 60; round++) {
        uint32_t filled = round % 3 == 0 ? SERIES : round % 3 == 1 ? 60 : 4000;
        struct activity *activity = open_activity(SERIES, filled);
        int64_t span = INT64_C(1000) << (round % 20);

        for (int i = 0; i < EVENTS; i++) {
            random = random * 1664525u + 1013904223u;
            events[i].series = (random >> 8) % SERIES;
            events[i].peak = (random >> 4) % 1001;
            random = random * 1664525u + 1013904223u;
            events[i].time = MONDAY + (int64_t)((uint64_t)random * (uint64_t)span >> 32) - span / 2;
            activity_add(activity, events[i].series, events[i].time, events[i].peak);
        }
        for (uint32_t series = 0; series < SERIES; series++) {
            struct activity_bucket expected[ACTIVITY_BUCKETS] = {{0, 0}};

            for (int i = 0; i < EVENTS; i++) {
                int64_t place =
                    (events[i].time - activity_start(activity)) / activity_width(activity);

                assert_in_range(place, 0, activity_count(activity) - 1);
                if (events[i].series == series) {
                    expected[place].events++;
                    expected[place].peak = expected[place].peak > events[i].peak
                                               ? expected[place].peak
                                               : events[i].peak;
                }
            }
            activity_series(activity, series, buckets);
            assert_memory_equal(buckets, expected, activity_count(activity) * sizeof expected[0]);
        }
        free(activity);
    }
}

static void test_room_for_one_bucket_each(void **state)
{
    enum { SERIES = 5 };
    struct activity_bucket buckets[ACTIVITY_BUCKETS];
    struct activity *activity = open_activity(SERIES, SERIES);
    uint32_t events = 0;

    (void)state;
    for (uint32_t i = 0; i < 100; i++) {
        activity_add(activity, i % SERIES, MONDAY + INT64_C(100000) * i, i);
    }
    for (uint32_t series = 0; series < SERIES; series++) {
        activity_series(activity, series, buckets);
        for (uint32_t i = 0; i < activity_count(activity); i++) {
            events += buckets[i].events;
        }
    }
    assert_int_equal(events, 100);
    free(activity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_have_bounds),
        cmocka_unit_test(test_minutes_at_first),
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_weeks_begin_on_mondays),
        cmocka_unit_test(test_times_beyond_any_calendar),
        cmocka_unit_test(test_sums_stay_exact),
        cmocka_unit_test(test_room_for_one_bucket_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
