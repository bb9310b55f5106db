/* modern_subscription.h: a pull subscription of wevtapi that keeps its place.
 *
 * It gives events in batches and renews itself where Windows asks for that: behind the bookmark of
 * the last event when a batch was too large for the RPC underneath (error 1734) or when the result
 * became stale, because the log was cleared or went round. Events that are gone are then told.
 */
#ifndef RELAYLOCK_WINDOWS_MODERN_SUBSCRIPTION_H
#define RELAYLOCK_WINDOWS_MODERN_SUBSCRIPTION_H

#include "modern_channel.h"

struct modern_subscription {
    EVT_HANDLE handle;
    EVT_HANDLE bookmark; /* at the last event that was read, when positioned */
    bool positioned;
    uint64_t last_record;              /* of that event; 0 without one */
    struct event_place seen;           /* up to there all was looked at */
    uint64_t short_of;                 /* as of an event_source */
    uint64_t pass;                     /* events up to this record were read before */
    struct event_source_change change; /* found since the caller last looked */
    DWORD batch;                       /* events to ask for at once */
    DWORD batches;                     /* that went well in this size */
    HANDLE wake;
    struct modern_channel channel; /* with the name of the call that failed */
    wchar_t query[EVENT_QUERY_SIZE];
};

/* *subscription must be zeroed. The signal (manual-reset) and the renderer must outlive it. What
 * was made when it fails goes away with modern_subscription_close, as after success. */
DWORD modern_subscription_open(struct modern_subscription *subscription,
                               const struct event_source_options *options,
                               struct modern_event_renderer *renderer, HANDLE wake);
void modern_subscription_close(struct modern_subscription *subscription);

/* The next events, 1 to EVENT_SOURCE_BATCH, closed by the caller; or ERROR_NO_MORE_ITEMS, or the
 * error of the log. Returns after 100 ms at the latest, unless the log service itself hangs. */
DWORD modern_subscription_next(struct modern_subscription *subscription,
                               EVT_HANDLE events[EVENT_SOURCE_BATCH], DWORD *count);

/* Puts the place behind an event, whose place in the log is given. */
DWORD modern_subscription_advance(struct modern_subscription *subscription, EVT_HANDLE event,
                                  const struct event_place *place);

/* Notes that all up to a record was looked at, matching or not. */
void modern_subscription_pass(struct modern_subscription *subscription,
                              const struct event_place *place);

#endif
