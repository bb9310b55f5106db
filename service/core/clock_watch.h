/* clock_watch.h: notices that the clock on the wall was set, by holding it against GetTickCount.
 *
 * A clock that is merely adjusted drifts: allowed are a minute and 200 millionths of the time that
 * passed, which is more than any crystal is off. Several small steps within an hour add up.
 */
#ifndef RELAYLOCK_CORE_CLOCK_WATCH_H
#define RELAYLOCK_CORE_CLOCK_WATCH_H

#include <stdbool.h>

#include "steady.h"

enum {
    CLOCK_WATCH_STEP = 60,       /* seconds that it may be off ... */
    CLOCK_WATCH_DRIFT = 5000,    /* ... and one more for so many that passed */
    CLOCK_WATCH_ANCHOR = 3600000 /* ms after which the comparison starts from a later reading */
};

/* Zeroed: nothing to compare with yet. */
struct clock_watch {
    bool anchored;
    struct steady anchor; /* an earlier reading of the same boot */
};

/* Whether the clock was set since the reading before, at most 49 days ago. *jump then gets by how
 * many seconds; negative: back. A reading of another boot, or of one that is not known, begins
 * anew when it comes from another process: the caller then clears anchored. */
bool clock_watch_look(struct clock_watch *watch, const struct steady *now, int64_t *jump);

#endif
