/* steady.h: a clock in milliseconds that setting the computer's time does not move.
 *
 * Within one boot it follows GetTickCount, across restarts of the service too; over a reboot, when
 * nothing else is left, it follows the clock on the wall, never backwards. It starts at 0 with the
 * first journal, so that its readings can be kept in one and compared with later ones. Pauses
 * between tries, the watch after a lock and releases by time are counted on it.
 */
#ifndef RELAYLOCK_CORE_STEADY_H
#define RELAYLOCK_CORE_STEADY_H

#include <stdint.h>

/* The latest reading, ms: 285,000 years, so that sums of two never overflow; also what a number in
 * JSON holds exactly. The clock stops there. */
#define STEADY_MAX INT64_C(9007199254740991)

/* One reading, as it is kept in the journal. */
struct steady {
    int64_t now;   /* ms since the first journal, 0 to STEADY_MAX */
    uint32_t tick; /* GetTickCount at that moment: ms, wraps */
    uint32_t boot; /* a number drawn once a boot; 0: not known, which equals no other */
    int64_t wall;  /* seconds since 1970-01-01 UTC at that moment; 0: never read */
};

/* Goes on from a reading of this or an earlier process, or from a zeroed one, to the moment given.
 * Same boot: by the ticks passed since, which are right for absences of up to 49 days. Another
 * boot: by the wall clock, not at all when that stands earlier than it did. */
void steady_resume(struct steady *steady, uint32_t boot, uint32_t tick, int64_t wall);

/* Goes on to the moment given, within this boot; at least once in 49 days. Returns now. */
int64_t steady_advance(struct steady *steady, uint32_t tick, int64_t wall);

#endif
