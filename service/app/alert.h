/* alert.h: a verdict as an event in the event log, with its evidence. */
#ifndef RELAYLOCK_APP_ALERT_H
#define RELAYLOCK_APP_ALERT_H

#include "queue_watch.h"
#include "../core/gap_list.h"

/* Writes the alert of a verdict: one id for each reason (docs/events.md). gap: what is missing from
 * the log within its window, or null. again: it crosses within a day of its release. queue: how it
 * stood, for FLAG_QUEUE. */
void alert_verdict(const struct verdict *verdict, const struct gap *gap, bool again,
                   const struct queue_view *queue);

#endif
