/* queue_growth.h: how many files an SMTP queue holds, over time: what is to be told of it, and
 * whether it bears out that an account is abused.
 *
 * Told: that it holds QueueAlert files (again after it fell to half of that, and once a day while
 * it lasts), that it has fallen since, and that it has grown to QUEUE_GROWTH_TIMES as many files as
 * it held within the hour before, if these are a tenth of QueueAlert and QUEUE_GROWTH_LEAST at
 * least. Of each kind of bad news at most one in QUEUE_GROWTH_HOUR.
 *
 * Times are seconds of a clock that is never set back. Of the counts within QUEUE_GROWTH_SLOT only
 * the lowest is kept, for as long as a limit's window can be.
 */
#ifndef RELAYLOCK_CORE_QUEUE_GROWTH_H
#define RELAYLOCK_CORE_QUEUE_GROWTH_H

#include <stdbool.h>
#include <stdint.h>
#include "limit.h"

enum {
    QUEUE_GROWTH_SLOT = 60,                                        /* s */
    QUEUE_GROWTH_SLOTS = LIMIT_WINDOW_MAX / QUEUE_GROWTH_SLOT + 2, /* one at either end is cut */
    QUEUE_GROWTH_HOUR = 3600,
    QUEUE_GROWTH_DAY = 86400,
    QUEUE_GROWTH_TIMES = 4,
    QUEUE_GROWTH_LEAST = 20,
    QUEUE_GROWTH_SHARE = 10 /* QueueAlert's part that the growth must reach */
};

enum queue_news {
    QUEUE_NEWS_NONE,
    QUEUE_NEWS_PAST,  /* it holds QueueAlert files */
    QUEUE_NEWS_GROWN, /* it has quadrupled within an hour */
    QUEUE_NEWS_FELL   /* after QUEUE_NEWS_PAST: it holds no more than half of that */
};

/* The lowest count of a slot, and when that was seen last. */
struct queue_low {
    uint32_t files;
    uint32_t second; /* of the slot, from 1 on; 0: nothing was counted in it */
};

/* Zeroed: nothing was counted yet, and nothing is asked for. */
struct queue_growth {
    uint32_t alert;   /* QueueAlert; 0: nothing is told */
    uint32_t require; /* RequireQueue; 0: all is borne out */
    bool counted;
    uint32_t files;                            /* at the last count */
    int64_t time;                              /* of that, s */
    struct queue_low lows[QUEUE_GROWTH_SLOTS]; /* by slot, in a ring */
    bool risen;                                /* it grew by RequireQueue: */
    int64_t risen_from;                        /* the latest time since which it did */
    bool past;                             /* QUEUE_NEWS_PAST was told, and not yet that it fell */
    int64_t past_again_at, grown_again_at; /* not told again before */
};

/* What is asked for from now on. What was counted stays. */
void queue_growth_ask(struct queue_growth *growth, uint32_t alert, uint32_t require);

/* One count. What there is to tell. */
enum queue_news queue_growth_add(struct queue_growth *growth, int64_t time, uint32_t files);

/* The fewest files within the hour before time. */
uint32_t queue_growth_lowest(const struct queue_growth *growth, int64_t time);

/* The shortest window up to time, in s, within which it grew by RequireQueue, also if it has fallen
 * since; 0: it holds that many now; UINT32_MAX: neither, or nothing was counted. */
uint32_t queue_growth_window(const struct queue_growth *growth, int64_t time);

#endif
