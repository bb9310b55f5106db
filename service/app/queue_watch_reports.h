/* queue_watch_reports.h: what is told of the SMTP queues, as events (docs/events.md, 600 to 605).
 */
#ifndef RELAYLOCK_APP_QUEUE_WATCH_REPORTS_H
#define RELAYLOCK_APP_QUEUE_WATCH_REPORTS_H

#include <windows.h>
#include "queue_report.h"
#include "../core/queue_growth.h"

/* How it has grown. */
struct queue_surge {
    enum queue_news news; /* QUEUE_NEWS_PAST or QUEUE_NEWS_GROWN */
    uint32_t files;
    uint32_t from;  /* the fewest within the hour before */
    uint32_t alert; /* QueueAlert */
};

/* That it has grown, and why: the queue's report was made; null: that is not known, since
 * (unknown, ASCII). */
void queue_watch_tell_surge(const struct queue_surge *surge, const struct queue_report *queue,
                            const char *unknown);

void queue_watch_tell_fallen(uint32_t files, uint32_t alert);

/* why: UTF-8, not sanitised. required: RequireQueue, 0 if nothing is. */
void queue_watch_tell_unreadable(const char *why, uint32_t required);
void queue_watch_tell_readable(uint32_t files, uint32_t folders);
void queue_watch_tell_none(void);

#endif
