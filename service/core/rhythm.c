#include "rhythm.h"

#include <string.h>

static uint32_t bounded(int64_t ms)
{
    return ms < 0 ? 0 : ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms;
}

static struct rhythm_day *today(struct rhythm *rhythm)
{
    return &rhythm->days[rhythm->day % RHYTHM_DAYS];
}

/* From when on a silence is too long; 0: not known. */
static uint64_t too_long(const struct rhythm *rhythm)
{
    uint32_t usual;
    if (!rhythm_usual(rhythm, &usual))
        return 0;
    uint64_t limit = (uint64_t)usual * RHYTHM_FACTOR;
    return limit < RHYTHM_TOO_LONG_MIN ? RHYTHM_TOO_LONG_MIN : limit;
}

static void learn(struct rhythm *rhythm, uint32_t silence)
{
    uint32_t usual;
    uint64_t limit = too_long(rhythm);
    if (limit > 0 && silence > limit && rhythm_usual(rhythm, &usual))
        silence = bounded((int64_t)usual * 2);
    if (silence > today(rhythm)->longest)
        today(rhythm)->longest = silence;
}

static void begin_days(struct rhythm *rhythm, int64_t day)
{
    if (day - rhythm->day >= RHYTHM_DAYS) {
        memset(rhythm->days, 0, sizeof rhythm->days);
        rhythm->day = day;
    }
    while (rhythm->day < day) {
        rhythm->day++;
        *today(rhythm) = (struct rhythm_day){0};
    }
}

void rhythm_go_on(struct rhythm *rhythm, int64_t now, bool watching)
{
    begin_days(rhythm, now / RHYTHM_DAY);
    if (rhythm->watching) {
        struct rhythm_day *day = today(rhythm);
        uint32_t room = RHYTHM_DAY - day->watched;
        uint32_t passed = bounded(now - rhythm->watched_to);
        day->watched += passed < room ? passed : room;
        if (!watching) /* it was at least that long */
            learn(rhythm, rhythm_silence(rhythm, now));
    } else if (watching) {
        rhythm->silent_since = now;
    }
    rhythm->watched_to = now;
    rhythm->watching = watching;
}

uint32_t rhythm_hear(struct rhythm *rhythm, int64_t now, uint64_t sign_ins)
{
    uint32_t silence = rhythm_silence(rhythm, now);
    uint32_t *count = &today(rhythm)->sign_ins;
    learn(rhythm, silence);
    *count = sign_ins < UINT32_MAX - *count ? *count + (uint32_t)sign_ins : UINT32_MAX;
    rhythm->silent_since = now;
    return silence;
}

bool rhythm_usual(const struct rhythm *rhythm, uint32_t *usual)
{
    uint64_t watched = 0, sign_ins = 0;
    uint32_t longest = 0;
    for (int i = 0; i < RHYTHM_DAYS; i++) {
        watched += rhythm->days[i].watched;
        sign_ins += rhythm->days[i].sign_ins;
        if (rhythm->days[i].longest > longest)
            longest = rhythm->days[i].longest;
    }
    if (watched < (uint64_t)RHYTHM_WATCHED * RHYTHM_DAY || sign_ins < RHYTHM_SIGN_INS)
        return false;
    *usual = longest;
    return true;
}

uint32_t rhythm_silence(const struct rhythm *rhythm, int64_t now)
{
    return rhythm->watching ? bounded(now - rhythm->silent_since) : 0;
}

bool rhythm_is_silent(const struct rhythm *rhythm, int64_t now)
{
    uint64_t limit = too_long(rhythm);
    return limit > 0 && rhythm_silence(rhythm, now) > limit;
}
