/* live_time.h: holds the time that a sign-in bears against when it can have been written.
 *
 * Whoever speaks the event log's protocol gives the time of what he writes (MS-EVEN 3.1.4.13,
 * ElfrReportEventW), and one event from another hour would empty every window of what was counted.
 * But what is read after all was read was written since: not before that moment, nor before what
 * was read ahead of it, nor after now. What says otherwise is taken to happen at the nearest moment
 * that can be. That holds for a log that this computer alone writes, by its own clock: of what a
 * collector is sent, which comes late, only the last.
 *
 * Times are seconds since 1970-01-01 UTC by this computer's clock, ticks GetTickCount's. A clock
 * that is set moves the bounds with it, since how long ago something was read is told by the tick.
 */
#ifndef RELAYLOCK_APP_LIVE_TIME_H
#define RELAYLOCK_APP_LIVE_TIME_H

#include <windows.h>
#include <stdbool.h>
#include "../core/relay_event.h"

/* Zeroed: of what is read it is not known when it was written. */
struct live_time {
    bool live;           /* all had been read at read_at */
    DWORD read_at;       /* at most 49 days ago */
    int64_t newest;      /* of what was read since */
    uint64_t moved;      /* sign-ins whose time could not be, ever */
    uint64_t record;     /* the last of them ... */
    int64_t record_time; /* ... and what it said */
};

/* The log is read from further back again: what comes is older. */
void live_time_begin(struct live_time *live);

/* All that had been written before the tick is read. */
void live_time_all_read(struct live_time *live, DWORD tick);

/* Gives events that were read just now, at that tick and time, times that can be. collected:
 * others write into the log as well. */
void live_time_place(struct live_time *live, struct relay_event *events, size_t count, DWORD tick,
                     int64_t now, bool collected);

#endif
