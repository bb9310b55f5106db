/* habit.h: what an account usually does, and whether the busiest it ever was is out of its
 * ordinary: whether it looks honest by its own history.
 *
 * Measured are the sign-ins, and the different clients, of its busiest hour by the clock (UTC) of
 * every day on which it signed in. They are compared by their level, the power of two: 1, 2 to 3,
 * 4 to 7, 8 to 15 and so on. The usual level is the lowest that half of the days did not exceed.
 *
 * An account looks honest when neither measure stands out. One stands out unless its busiest hour
 *   - has but few: fewer than 16 sign-ins, fewer than 4 clients;
 *   - is as usual: at most one level above the account's usual one, of 3 days or more. So a scanner
 *     that is as busy every day is honest, and so is an office that sends its bills every week by
 *     an account of their own; one that was quiet on most of its days, and not on some, is not;
 *   - is ordinary: at most one level above the one that three of four accounts in the log do not
 *     exceed, of 8 accounts or more. A limit that caught it would catch its peers.
 *
 * What this cannot see: an account that was abused on most of the days that the log tells of, from
 * few clients, looks as if it were always so.
 */
#ifndef RELAYLOCK_CORE_HABIT_H
#define RELAYLOCK_CORE_HABIT_H

#include "limit.h"

enum {
    HABIT_LEVELS = 16,       /* the last one and everything above it */
    HABIT_FEW_SIGN_INS = 16, /* sign-ins, and */
    HABIT_FEW_CLIENTS = 4,   /* clients in an hour: fewer tell nothing */
    HABIT_DAYS_LEAST = 3,
    HABIT_PEERS_LEAST = 8
};

/* Arrays are by enum limit_subject. Zeroed is an account that never signed in. */
struct habit {
    uint64_t sign_ins;
    int64_t hour;                   /* of the newest sign-in: hours since 1970 on the timeline */
    uint32_t in_hour[2];            /* in that hour so far */
    uint32_t of_day[2];             /* in the busiest hour of that hour's day so far */
    uint32_t busiest[2];            /* in the busiest hour of all */
    int64_t busiest_hour[2];        /* and when that was, the first of equals */
    uint16_t days[2][HABIT_LEVELS]; /* before the newest day: how many had a busiest hour of the
                                       level */
};

enum habit_looks { HABIT_FEW, HABIT_USUAL, HABIT_ORDINARY, HABIT_STANDS_OUT };

/* What is usual among all accounts: the level that three of four do not exceed. */
struct habit_peers {
    uint32_t accounts;
    uint32_t level[2]; /* of no meaning with fewer than HABIT_PEERS_LEAST accounts */
};

/* Notes a sign-in at a place on the timeline, and whether its client is one that the account was
 * not seen with before in that hour. One that comes late counts for the newest hour. */
void habit_note(struct habit *habit, int64_t place, bool new_client);

/* The first second of the hour that sign-ins at the place are counted for. */
int64_t habit_hour_start(const struct habit *habit, int64_t place);

uint32_t habit_level(uint32_t count); /* 1 or more */

/* Days on which it signed in; and the level of one that is usual. The account has signed in. */
uint32_t habit_days(const struct habit *habit);
uint32_t habit_usual_level(const struct habit *habit, enum limit_subject subject);

/* The same in numbers, both ends included. False, and both untouched, when it has signed in on too
 * few days to tell. */
bool habit_usual(const struct habit *habit, enum limit_subject subject, uint32_t *from,
                 uint32_t *to);

/* How a measure of an account looks beside its peers. */
enum habit_looks habit_looks(const struct habit *habit, enum limit_subject subject,
                             const struct habit_peers *peers);

/* Below this nothing stands out. */
uint32_t habit_few(enum limit_subject subject);

/* Whether neither measure stands out. */
bool habit_is_honest(const struct habit *habit, const struct habit_peers *peers);

/* The peers of a log of so many accounts (an array; those that never signed in do not count). */
void habit_peers_gather(struct habit_peers *peers, const struct habit *habits, uint32_t count);

#endif
