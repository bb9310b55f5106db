/* queue_alert.h: finds out why a queue has grown, as the verb `queue` does, and tells it as one
 * event, on a thread of its own: it reads the head of every message, the journal and the event log,
 * which takes its time, and may hang.
 */
#ifndef RELAYLOCK_APP_QUEUE_ALERT_H
#define RELAYLOCK_APP_QUEUE_ALERT_H

#include "queue_watch_reports.h"
#include "../core/settings.h"

struct queue_alert;

/* Starts the thread; everything is copied. Null when there is no memory or no thread: then it was
 * told without why. */
struct queue_alert *queue_alert_start(const struct queue_surge *surge,
                                      const struct settings *settings);

/* Signalled once it was told. */
HANDLE queue_alert_done(const struct queue_alert *alert);

/* Lets go of it, with null of nothing. If it has not told yet, it will not: unknown says why (not
 * found out, ASCII), and is told in its place; null: nothing is told. A thread that is still at
 * work frees the memory itself. */
void queue_alert_end(struct queue_alert *alert, const char *unknown);

#endif
