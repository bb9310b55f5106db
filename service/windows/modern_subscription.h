/* modern_subscription.h: a pull subscription of wevtapi that keeps its place.
 *
 * It gives events in batches and renews itself where Windows asks for that: behind the bookmark of
 * the last event when a batch was too large for the RPC underneath (error 1734) or when the result
 * became stale, because the log was cleared or went round. Events that are gone are then told.
 */
#ifndef RELAYLOCK_WINDOWS_MODERN_SUBSCRIPTION_H
#define RELAYLOCK_WINDOWS_MODERN_SUBSCRIPTION_H

#include "event_query.h"
#include "modern_event.h"

struct modern_subscription {
    EVT_HANDLE handle;
    EVT_HANDLE bookmark; /* at the last event that was read, when positioned */
    bool positioned;
    uint64_t last_record;              /* of that event; 0 without one */
    uint64_t pass;                     /* events up to this record were read before */
    struct event_source_change change; /* found since the caller last looked */
    DWORD batch;                       /* events to ask for at once */
    DWORD batches;                     /* that went well in this size */
    HANDLE wake;
    HANDLE stop; /* of the options */
    struct modern_event_renderer *renderer;
    const char *failed_call; /* a literal: of the call that failed */
    wchar_t channel[EVENT_QUERY_NAME_MAX + 1];
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

/* Puts the place behind an event, whose record number is given. */
DWORD modern_subscription_advance(struct modern_subscription *subscription, EVT_HANDLE event,
                                  uint64_t record);

#endif
