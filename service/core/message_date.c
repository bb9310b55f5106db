#include "message_date.h"

#include "ascii.h"

struct cursor {
    const char *at, *end;
};

static void skip_blanks(struct cursor *cursor)
{
    while (cursor->at < cursor->end && ascii_is_blank(*cursor->at))
        cursor->at++;
}

static bool take(struct cursor *cursor, char byte)
{
    skip_blanks(cursor);
    if (cursor->at == cursor->end || *cursor->at != byte)
        return false;
    cursor->at++;
    return true;
}

/* A number of `least` to `most` digits, behind blanks. */
static bool take_number(struct cursor *cursor, int least, int most, int64_t *number)
{
    int digits = 0;
    int64_t value = 0;
    skip_blanks(cursor);
    for (; cursor->at < cursor->end && ascii_is_digit(*cursor->at); cursor->at++) {
        if (++digits > most)
            return false;
        value = 10 * value + (*cursor->at - '0');
    }
    *number = value;
    return digits >= least;
}

/* One of some words of three letters that stand one behind the other; its index. */
static bool take_word(struct cursor *cursor, const char *words, int64_t *index)
{
    skip_blanks(cursor);
    for (size_t i = 0; words[i]; i += 3) {
        const char word[] = {words[i], words[i + 1], words[i + 2], 0};
        if (ascii_begins_fold(cursor->at, (size_t)(cursor->end - cursor->at), word)) {
            cursor->at += 3;
            *index = (int64_t)(i / 3);
            return true;
        }
    }
    return false;
}

/* Seconds that local time is ahead of UTC. */
static bool take_zone(struct cursor *cursor, int64_t *ahead)
{
    static const int64_t hours[] = {-5, -4, -6, -5, -7, -6, -8, -7};
    int64_t digits, index;
    if (take_word(cursor, "estedtcstcdtmstmdtpstpdt", &index)) {
        *ahead = 3600 * hours[index];
        return true;
    }
    bool west = take(cursor, '-');
    if (!west && !take(cursor, '+')) {
        *ahead = 0;
        return true;
    }
    if (!take_number(cursor, 4, 4, &digits) || digits % 100 > 59)
        return false;
    *ahead = (digits / 100 * 60 + digits % 100) * (west ? -60 : 60);
    return true;
}

/* Days since 1970-01-01 of a day in the Gregorian calendar; month from 0. The year is counted from
 * March, so that the day that comes and goes is its last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t from_march = (month + 10) % 12;
    year -= month < 2;
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * from_march + 2) / 5 + day - 1 -
           719468;
}

bool message_date_read(const char *bytes, size_t count, int64_t *seconds)
{
    struct cursor cursor = {bytes, bytes + count};
    int64_t weekday, day, month, year, hour, minute, second = 0, ahead;
    if (take_word(&cursor, "montuewedthufrisatsun", &weekday))
        take(&cursor, ',');
    if (!take_number(&cursor, 1, 2, &day) || day < 1 || day > 31 ||
        !take_word(&cursor, "janfebmaraprmayjunjulaugsepoctnovdec", &month) ||
        !take_number(&cursor, 2, 4, &year) || !take_number(&cursor, 1, 2, &hour) || hour > 23 ||
        !take(&cursor, ':') || !take_number(&cursor, 2, 2, &minute) || minute > 59)
        return false;
    if (take(&cursor, ':') && (!take_number(&cursor, 2, 2, &second) || second > 60))
        return false;
    if (!take_zone(&cursor, &ahead))
        return false;
    if (year < 1000)
        year += year < 50 ? 2000 : 1900; /* RFC 5322 4.3 */
    *seconds = ((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60 + second - ahead;
    return true;
}
