/* queue_bursts.h: the accounts that signed in too often of late, from the journal and from event
 * logs, to hold what lies in a queue against.
 */
#ifndef RELAYLOCK_APP_QUEUE_BURSTS_H
#define RELAYLOCK_APP_QUEUE_BURSTS_H

#include "../core/settings.h"
#include "queue_report.h"

enum { QUEUE_BURSTS_LOGS_MAX = 64 };

/* Where to look; paths are UTF-8, those of logs as `replay` takes them. Zeroed: in what this host
 * has of its own. */
struct queue_bursts_sources {
    const char *journal; /* null: the service's own, if there is one */
    const char *logs[QUEUE_BURSTS_LOGS_MAX];
    size_t log_count;
};

/* Takes a log that is named. False when there is no room, or it is standard input: logs are read
 * twice. */
bool queue_bursts_name_log(struct queue_bursts_sources *sources, const char *path);

/* Adds to the report's bursts, from whatever there is,
 *   - the accounts of the journal's incidents, whatever became of them;
 *   - the accounts that crossed a limit of the settings in the logs, with all clients since: the
 *     logs are read twice, first to see who did.
 * Whether all that was asked for by name, and the service's journal if there is one, could be read
 * whole; otherwise standard error says what could not. */
bool queue_bursts_find(struct queue_report *report, const struct settings *settings,
                       const struct queue_bursts_sources *sources);

#endif
