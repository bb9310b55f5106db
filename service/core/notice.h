/* notice.h: when to speak of something that lasts: at once, then once a day while it lasts, and
 * once when it is over. Whatever comes and goes is told of at most once a day. */
#ifndef RELAYLOCK_CORE_NOTICE_H
#define RELAYLOCK_CORE_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

enum { NOTICE_PAUSE = 86400000 /* ms between two notices of the same thing */ };

enum notice_news {
    NOTICE_NONE, /* nothing to say */
    NOTICE_TELL, /* it is so */
    NOTICE_OVER  /* it was told, and is over */
};

/* Zeroed: never told. */
struct notice {
    bool told;       /* that it is so, and not yet that it is over */
    int64_t next_at; /* steady clock, ms: not told again before */
};

/* What to say, given how it stands now (steady clock, ms). */
enum notice_news notice_judge(struct notice *notice, int64_t now, bool is_so);

#endif
