#include "event_time.h"

#include <string.h>

/* 1601-01-01 to 1970-01-01: learn.microsoft.com "Converting a time_t value to a file time". */
static const int64_t epoch_gap = 11644473600;
static const uint64_t ticks_per_second = 10000000;

static const int64_t year_1 = -62135596800;      /* 0001-01-01T00:00:00Z */
static const int64_t end_of_9999 = 253402300799; /* 9999-12-31T23:59:59Z */

int64_t event_time_from_filetime(uint64_t ticks)
{
    return (int64_t)(ticks / ticks_per_second) - epoch_gap;
}

static char *put_digits(char *to, int64_t number, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        to[i] = (char)('0' + number % 10);
        number /= 10;
    }
    return to + digits;
}

struct date {
    int64_t year, month, day;
};

/* From days since 0000-03-01 of the proleptic Gregorian calendar, not negative. Years are counted
 * from March, so that the leap day is the last of its year. */
static struct date date_of(int64_t days)
{
    const int64_t per_400_years = 146097;
    int64_t era = days / per_400_years;
    int64_t day = days % per_400_years;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* 0 is March; 153 days in five months */

    return (struct date){
        .year = era * 400 + year + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = day_of_year - (153 * month + 2) / 5 + 1,
    };
}

void event_time_to_text(int64_t seconds, char text[EVENT_TIME_TEXT_SIZE])
{
    const int64_t per_day = 86400, days_to_1970 = 719468; /* from 0000-03-01 */
    char *to = text;

    if (seconds < year_1) {
        seconds = year_1;
    }
    if (seconds > end_of_9999) {
        seconds = end_of_9999;
    }
    seconds += days_to_1970 * per_day; /* not negative from here on */
    struct date date = date_of(seconds / per_day);

    seconds %= per_day;
    to = put_digits(to, date.year, 4);
    *to++ = '-';
    to = put_digits(to, date.month, 2);
    *to++ = '-';
    to = put_digits(to, date.day, 2);
    *to++ = 'T';
    to = put_digits(to, seconds / 3600, 2);
    *to++ = ':';
    to = put_digits(to, seconds / 60 % 60, 2);
    *to++ = ':';
    to = put_digits(to, seconds % 60, 2);
    memcpy(to, "Z", 2);
}
