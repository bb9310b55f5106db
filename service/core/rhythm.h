/* rhythm.h: how long it is usually silent between sign-ins, and whether it is silent for too long.
 *
 * Learned from the last 14 days of watching: the longest silence of each. Nothing is said before a
 * week was watched, as nights and weekends are silent. A silence of more than four times the
 * longest one is too long; when it ends it is learned as twice the longest one, so that one odd
 * week makes nobody deaf, and a new habit is learned all the same. Time in which nobody watches
 * (the service or the log is away) is no silence. Times are readings of the steady clock
 * (steady.h), ms.
 */
#ifndef RELAYLOCK_CORE_RHYTHM_H
#define RELAYLOCK_CORE_RHYTHM_H

#include <stdbool.h>
#include <stdint.h>

enum {
    RHYTHM_DAY = 86400000,           /* ms */
    RHYTHM_DAYS = 14,                /* remembered */
    RHYTHM_WATCHED = 7,              /* days of watching, at the least, to have learned ... */
    RHYTHM_SIGN_INS = 50,            /* ... from so many sign-ins */
    RHYTHM_FACTOR = 4,               /* times the usual: too long ... */
    RHYTHM_TOO_LONG_MIN = 15 * 60000 /* ... but never less than this, ms */
};

struct rhythm_day {
    uint32_t longest; /* ms of the longest silence that ended on it */
    uint32_t watched; /* ms of watching, RHYTHM_DAY at the most */
    uint32_t sign_ins;
};

/* Zeroed: nothing learned, not watching. */
struct rhythm {
    struct rhythm_day days[RHYTHM_DAYS]; /* by number of the day */
    int64_t day;                         /* number of the latest: steady time / RHYTHM_DAY */
    bool watching;                       /* these three are not worth keeping over a restart */
    int64_t watched_to;
    int64_t silent_since;
};

/* Goes on to now. watching: whether sign-ins are seen from now on. */
void rhythm_go_on(struct rhythm *rhythm, int64_t now, bool watching);

/* Some sign-ins came. To be called after rhythm_go_on. Returns the silence before them, ms. */
uint32_t rhythm_hear(struct rhythm *rhythm, int64_t now, uint64_t sign_ins);

/* The longest silence of the last 14 days, ms. False when too little was learned yet. */
bool rhythm_usual(const struct rhythm *rhythm, uint32_t *usual);

/* How long it has been silent, ms; 0 while nobody watches. At most UINT32_MAX (49 days). */
uint32_t rhythm_silence(const struct rhythm *rhythm, int64_t now);

/* Whether that is too long. Never before enough was learned. */
bool rhythm_is_silent(const struct rhythm *rhythm, int64_t now);

#endif
