/* test_message_date.c: dates against the C library's calendar, and what is none. */
#define _DEFAULT_SOURCE
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <string.h>
#include "core/event_time.h"
#include "core/message_date.h"

static void assert_date(const char *text, int64_t expected)
{
    int64_t seconds = -1;
    if (!message_date_read(text, strlen(text), &seconds) || seconds != expected)
        fail_msg("\"%s\": %lld instead of %lld", text, (long long)seconds, (long long)expected);
}

static void forms_that_there_are(void **state)
{
    (void)state;
    assert_date("Sat, 2 Jan 2010 03:04:05 +0000", 1262401445);
    assert_date("2 Jan 2010 03:04:05 +0000", 1262401445);
    assert_date("  sat,02 JAN 2010  03:04:05 GMT and more", 1262401445);
    assert_date("Sat, 2 Jan 2010 04:34:05 +0130", 1262401445);
    assert_date("Fri, 1 Jan 2010 19:04:05 PST", 1262401445);
    assert_date("Sat, 2 Jan 10 03:04 UT", 1262401440);
    assert_date("1 Jan 70 00:00:00", 0);
    assert_date("31 Dec 1969 23:59:59 +0000", -1);
    assert_date("29 Feb 2000 00:00:00 Z", 951782400);
    assert_date("1 Mar 1900 00:00:00 Z", -2203891200);
    assert_date("31 Dec 2008 23:59:60 +0000", 1230768000);
    assert_date("1 Jan 49 00:00 UT", 2493072000);
    assert_date("1 Jan 50 00:00 UT", -631152000);
    assert_date("1 Jan 110 00:00 UT", 1262304000); /* years since 1900 */
    assert_date("1 Jan 2010 00:00:00 -0059", 1262304000 + 59 * 60);
    assert_date("1 Jan 2010 00:00:00 +1400", 1262304000 - 14 * 3600);
    assert_date("1 Jan 2010 00:00:00 +0159", 1262304000 - 119 * 60);
    assert_date("1 Jan 2010 00:00:00 - 0100", 1262304000 + 3600);
    assert_date("1 Jan 2010 00:00:00+0100", 1262304000 - 3600);
    assert_date("1 Jan 2010 23:59:59 +0000", 1262304000 + 86399);
    assert_date("1 Jan 2010 3:00 +0000", 1262304000 + 3 * 3600);
    assert_date("01 Jan 2010 0:00 +0000", 1262304000);
    assert_date("Fri 1 jAN 2010 00:00", 1262304000);
    assert_date("1Jan1970 00:00:00", 0);
    assert_date("1 Jan 2010 00 : 00 : 01 Foo", 1262304001);
    assert_date("1 Jan 00 00:00 UT", 946684800);
    assert_date("1 Jan 99 00:00 UT", 915148800);
    assert_date("1 Jan 999 00:00 UT", 29316470400);
    assert_date("1 Jan 1000 00:00 UT", -30610224000);
    assert_date("31 Dec 9999 23:59:59 UT", 253402300799);
    assert_date("1 Jan 2010 00:00:00 +9959", 1262304000 - (99 * 60 + 59) * 60);
    assert_date("1 Jan 2010 00:00:00 UT", 1262304000); /* nothing is left of the one before */
}

static void zones_of_north_america(void **state)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = {{"EST", 5}, {"EDT", 4}, {"CST", 6}, {"CDT", 5},
                 {"MST", 7}, {"MDT", 6}, {"PST", 8}, {"PDT", 7}};
    char text[64];
    (void)state;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        snprintf(text, sizeof text, "1 Jan 2010 00:00:00 %s", zones[i].name);
        assert_date(text, 1262304000 + zones[i].hours * 3600);
    }
}

/* Every day of 400 years, against event_time, which goes the other way. */
static void every_day_goes_there_and_back(void **state)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char there[EVENT_TIME_TEXT_SIZE], text[64];
    (void)state;
    for (int64_t day = -25567; day < 120530; day++) {
        int year, month, number;
        event_time_to_text(day * 86400, there);
        assert_int_equal(sscanf(there, "%d-%d-%d", &year, &month, &number), 3);
        snprintf(text, sizeof text, "%d %.3s %d 00:00:00 +0000", number, months + 3 * (month - 1),
                 year);
        assert_date(text, day * 86400);
    }
}

static void what_is_none_changes_nothing(void **state)
{
    static const char *const none[] = {"",
                                       "x",
                                       "Sat, ",
                                       "32 Jan 2010 03:04:05 +0000",
                                       "0 Jan 2010 03:04:05 +0000",
                                       "2 Foo 2010 03:04:05 +0000",
                                       "2 Jan 20100 03:04:05 +0000",
                                       "2 Jan 2010 24:04:05 +0000",
                                       "2 Jan 2010 03:60:05 +0000",
                                       "2 Jan 2010 03:04:61 +0000",
                                       "2 Jan 2010 03:04:05 +01",
                                       "2 Jan 2010 03:04:05 +0199",
                                       "2 Jan 2010 03:04:05 +0160",
                                       "2 Jan 2010 03:04:05 -",
                                       "2 Jan 2010 03:04:05 +010",
                                       "2 Jan 2010 03:",
                                       "2 Jan 2010 :04:05",
                                       "2 Jan 2010 03:004:05",
                                       "2 Jan 2010 03:04:005",
                                       "002 Jan 2010 03:04:05",
                                       "Jan 2010 03:04:05",
                                       "2 Ja",
                                       "2 Jan :04:05",
                                       "2 Jan 2010 03",
                                       "2 Jan 2010 x",
                                       "2 Jan 2010 03x04",
                                       "2 Jan 2010 03:4",
                                       "2 Jan 2010 03:x",
                                       "2 Jan 2010 03:04:x",
                                       "2 Jan 2010 03:04:5",
                                       "2 Jan 2010 003:04:05",
                                       "2 Jan 1 03:04:05",
                                       "2010 Jan 2 03:04:05",
                                       "2 Jan 2010 03:04:05 +00000",
                                       "2 Jan 99999999999999999999 03:04:05 +0000"};
    int64_t seconds = 7;
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (message_date_read(none[i], strlen(none[i]), &seconds))
            fail_msg("\"%s\" is no date", none[i]);
        assert_int_equal(seconds, 7);
    }
    /* Bytes, not strings: nothing behind their end is read. */
    assert_false(message_date_read("2 Jan 2010 03:04:05 +0000", 13, &seconds));
    assert_true(message_date_read("2 Jan 2010 03:04:059", 19, &seconds));
    assert_int_equal(seconds, 1262401445);
    assert_true(message_date_read("2 Jan 2010 03:04 :07", 16, &seconds));
    assert_int_equal(seconds, 1262401440);
    assert_true(message_date_read("2 Jan 2010 03:04:05 -0100", 20, &seconds));
    assert_int_equal(seconds, 1262401445);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_that_there_are),
        cmocka_unit_test(zones_of_north_america),
        cmocka_unit_test(every_day_goes_there_and_back),
        cmocka_unit_test(what_is_none_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
