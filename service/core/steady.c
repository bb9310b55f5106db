#include "steady.h"

/* Goes on by ms, which are not negative, and stops at the bound rather than go beyond it. */
static void go_on(struct steady *steady, int64_t ms)
{
    steady->now = ms < STEADY_MAX - steady->now ? steady->now + ms : STEADY_MAX;
}

/* Seconds on the wall since the reading; 0 when that clock was set back or was never read. */
static int64_t passed_on_the_wall(const struct steady *steady, int64_t wall)
{
    if (steady->wall == 0 || wall <= steady->wall)
        return 0;
    uint64_t seconds = (uint64_t)wall - (uint64_t)steady->wall;
    return seconds < STEADY_MAX / 1000 ? (int64_t)seconds : STEADY_MAX / 1000;
}

void steady_resume(struct steady *steady, uint32_t boot, uint32_t tick, int64_t wall)
{
    if (boot != 0 && boot == steady->boot) {
        steady_advance(steady, tick, wall);
        return;
    }
    go_on(steady, 1000 * passed_on_the_wall(steady, wall));
    steady->boot = boot;
    steady->tick = tick;
    steady->wall = wall;
}

int64_t steady_advance(struct steady *steady, uint32_t tick, int64_t wall)
{
    go_on(steady, (uint32_t)(tick - steady->tick));
    steady->tick = tick;
    steady->wall = wall;
    return steady->now;
}
