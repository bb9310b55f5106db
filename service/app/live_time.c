#include "live_time.h"
#include "../core/timeline.h"

/* What Windows needs to write an event that it has given its time; to the guard so much is late,
 * and moves no window. */
enum { SLACK = TIMELINE_LATENESS /* seconds */ };

void live_time_begin(struct live_time *live)
{
    live->live = false;
}

void live_time_all_read(struct live_time *live, DWORD tick)
{
    if (!live->live)
        live->newest = INT64_MIN;
    live->live = true;
    live->read_at = tick;
}

static void move(struct live_time *live, struct relay_event *event, int64_t time)
{
    live->moved++;
    live->record = event->record;
    live->record_time = event->time;
    event->time = time;
}

void live_time_place(struct live_time *live, struct relay_event *events, size_t count, DWORD tick,
                     int64_t now, bool collected)
{
    if (!live->live)
        return;
    int64_t earliest = now - (int64_t)((tick - live->read_at) / 1000);
    if (live->newest > now + SLACK) /* the clock was set back since */
        live->newest = INT64_MIN;
    if (live->newest > earliest)
        earliest = live->newest;
    for (size_t i = 0; i < count; i++) {
        struct relay_event *event = &events[i];
        if (event->time > now + SLACK)
            move(live, event, now);
        else if (!collected && event->time < earliest - SLACK)
            move(live, event, earliest);
        if (event->time > earliest)
            earliest = event->time;
    }
    live->newest = earliest;
}
