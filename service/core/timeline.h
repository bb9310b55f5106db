/* timeline.h: the time that windows are measured on: that of the events, but never going back.
 *
 * Now is the newest time seen. An event up to TIMELINE_LATENESS seconds older than now is late and
 * keeps its time. An older one means that the clock was set back: it is taken to happen now, and
 * time is counted on from there.
 */
#ifndef RELAYLOCK_CORE_TIMELINE_H
#define RELAYLOCK_CORE_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

enum { TIMELINE_LATENESS = 5 /* seconds */ };

struct timeline {
    int64_t now;
    int64_t offset; /* what is added to the time of an event; grows with every clock step */
    uint64_t steps;
    bool started; /* now means something */
};

/* The place of an event with this time. Moves now on. Times outside any calendar (2^56 s on either
 * side) are taken for the nearest one inside. */
int64_t timeline_place(struct timeline *timeline, int64_t time);

/* Whether an event with this time is no older than now, and has its place at *now then, with
 * nothing more to it than that now moves there; this is what most are. */
static inline bool timeline_goes_on(const struct timeline *timeline, int64_t time, int64_t *now)
{
    const int64_t plain = INT64_C(1) << 40; /* seconds; far from where sums could overflow */
    int64_t place = (int64_t)((uint64_t)time + (uint64_t)timeline->offset);

    if (!timeline->started || timeline->offset > plain || time > plain || place < timeline->now)
        return false;
    *now = place;
    return true;
}

#endif
