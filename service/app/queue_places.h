/* queue_places.h: where the SMTP queues of this host are, and what is to be known beside them. */
#ifndef RELAYLOCK_APP_QUEUE_PLACES_H
#define RELAYLOCK_APP_QUEUE_PLACES_H

#include "../core/settings.h"
#include "queue_report.h"

enum { QUEUE_PLACES_LOG_MAX = 16 + 3 * SETTING_TEXT_MAX /* bytes, terminator included */ };

/* Whether this system has queues, and a log that holds its sign-ins, at all. */
extern const bool queue_places_has_own;

/* Adds the host's own names to the own domains and, to a report without folders, the folders that
 * the settings name, else those that are found. */
void queue_places_find(struct queue_report *report, const struct settings *settings);

/* The log that holds this host's sign-ins, as `replay` takes it: UTF-8, terminated; where there are
 * none, empty. */
void queue_places_log(const struct settings *settings, char log[QUEUE_PLACES_LOG_MAX]);

#endif
