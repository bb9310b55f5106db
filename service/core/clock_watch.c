#include "clock_watch.h"

bool clock_watch_look(struct clock_watch *watch, const struct steady *now, int64_t *jump)
{
    uint32_t passed = now->tick - watch->anchor.tick; /* ms */
    int64_t off = now->wall - watch->anchor.wall - (int64_t)(passed / 1000);
    int64_t allowed = CLOCK_WATCH_STEP + (int64_t)(passed / 1000) / CLOCK_WATCH_DRIFT;
    bool set = watch->anchored && (off > allowed || off < -allowed);
    if (set)
        *jump = off;
    if (set || !watch->anchored || passed >= CLOCK_WATCH_ANCHOR)
        *watch = (struct clock_watch){true, *now};
    return set;
}
