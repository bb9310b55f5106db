#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/event_time.h"

static void assert_shown(int64_t seconds, const char *expected)
{
    char text[EVENT_TIME_TEXT_SIZE];

    event_time_to_text(seconds, text);
    assert_string_equal(text, expected);
}

static void test_times_are_shown_in_utc(void **state)
{
    (void)state;
    assert_shown(0, "1970-01-01T00:00:00Z");
    assert_shown(1262401445, "2010-01-02T03:04:05Z");
    assert_shown(951782399, "2000-02-28T23:59:59Z");
    assert_shown(951782400, "2000-02-29T00:00:00Z"); /* 2000 is a leap year, 2100 is not */
    assert_shown(4107542399, "2100-02-28T23:59:59Z");
    assert_shown(4107542400, "2100-03-01T00:00:00Z");
    assert_shown(UINT32_MAX, "2106-02-07T06:28:15Z");
    assert_shown(-1, "1969-12-31T23:59:59Z");
    assert_shown(-11644473600, "1601-01-01T00:00:00Z");
}

static void test_years_out_of_range_are_clamped(void **state)
{
    (void)state;
    assert_shown(-62135596800, "0001-01-01T00:00:00Z");
    assert_shown(-62135596801, "0001-01-01T00:00:00Z");
    assert_shown(INT64_MIN, "0001-01-01T00:00:00Z");
    assert_shown(253402300799, "9999-12-31T23:59:59Z");
    assert_shown(253402300800, "9999-12-31T23:59:59Z");
    assert_shown(INT64_MAX, "9999-12-31T23:59:59Z");
}

/* Counts the days on, month by month, from 1601 to 2400: the calendar repeats after 400 years. */
static void test_every_day_follows_the_one_before(void **state)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t seconds = -11644473600;

    (void)state;
    for (int year = 1601; year <= 2400; year++) {
        for (int month = 1; month <= 12; month++) {
            int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            int length = lengths[month - 1] + (month == 2 ? leap : 0);

            for (int day = 1; day <= length; day++, seconds += 86400) {
                char text[EVENT_TIME_TEXT_SIZE];

                event_time_to_text(seconds, text);
                assert_int_equal((text[0] - '0') * 1000 + (text[1] - '0') * 100 +
                                     (text[2] - '0') * 10 + (text[3] - '0'),
                                 year);
                assert_int_equal((text[5] - '0') * 10 + (text[6] - '0'), month);
                assert_int_equal((text[8] - '0') * 10 + (text[9] - '0'), day);
            }
        }
    }
}

static void test_filetimes_become_seconds(void **state)
{
    (void)state;
    assert_int_equal(event_time_from_filetime(0), -11644473600);
    assert_int_equal(event_time_from_filetime(116444736000000000), 0);
    assert_int_equal(event_time_from_filetime(116444736009999999), 0);
    assert_int_equal(event_time_from_filetime(116444735999999999), -1);
    assert_int_equal(event_time_from_filetime(0), -11644473600);
    for (uint64_t seconds = 0; seconds < 300000000000; seconds += 987654321) {
        assert_int_equal(event_time_from_filetime(seconds * 10000000),
                         (int64_t)seconds - 11644473600);
    }
    assert_int_equal(event_time_from_filetime(UINT64_MAX), 1833029933770);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times_are_shown_in_utc),
        cmocka_unit_test(test_years_out_of_range_are_clamped),
        cmocka_unit_test(test_every_day_follows_the_one_before),
        cmocka_unit_test(test_filetimes_become_seconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
