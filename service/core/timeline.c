#include "timeline.h"

/* With these two bounds no sum below can overflow, however often the clock jumps. */
static const int64_t TIME_BOUND = INT64_C(1) << 56;
static const int64_t NOW_BOUND = INT64_C(1) << 60;

int64_t timeline_place(struct timeline *timeline, int64_t time)
{
    if (time > TIME_BOUND)
        time = TIME_BOUND;
    if (time < -TIME_BOUND)
        time = -TIME_BOUND;
    if (!timeline->started) {
        timeline->started = true;
        timeline->now = time;
        return time;
    }
    int64_t place = time + timeline->offset;
    if (place < timeline->now - TIMELINE_LATENESS) {
        timeline->offset += timeline->now - place;
        timeline->steps++;
        return timeline->now;
    }
    if (place > NOW_BOUND)
        place = NOW_BOUND;
    if (place > timeline->now)
        timeline->now = place;
    return place;
}
