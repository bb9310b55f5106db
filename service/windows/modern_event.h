/* modern_event.h: takes the sign-in out of one event of wevtapi, by its values.
 *
 * Values are rendered through two contexts, the system properties and the event's own data; no XML
 * and no message text. What they say is taken out by rendered_event.h.
 */
#ifndef RELAYLOCK_WINDOWS_MODERN_EVENT_H
#define RELAYLOCK_WINDOWS_MODERN_EVENT_H

#include "modern_log.h"

enum {
    MODERN_EVENT_VALUES_MIN = 4 * 1024,
    MODERN_EVENT_VALUES_MAX = 128 * 1024 /* bytes; an event with more is malformed */
};

struct modern_event_values {
    EVT_HANDLE context;
    EVT_VARIANT *values; /* kept from event to event, grown on demand */
    DWORD size;          /* bytes */
};

struct modern_event_renderer {
    struct modern_event_values properties;
    struct modern_event_values data;
};

/* *renderer must be zeroed. What was made when it fails goes away with modern_event_close, as
 * after success. Errors as modern_log_open. */
DWORD modern_event_open(struct modern_event_renderer *renderer, const char **failed_call);
void modern_event_close(struct modern_event_renderer *renderer);

/* Whether a failed call about an event says something of the log or the machine. Any other error,
 * also one that is documented nowhere, is put down to the event: taken for an outage it would be
 * met again after every reopening, and one odd event would blind the service for good. */
bool modern_event_is_outage(DWORD error);

/* Takes the sign-in out of an event. Its texts hold until the next call. *well_formed: whether it
 * is one; when it is not, record, time and origin are still set as far as they are known (else 0).
 * An error means that the log service or the machine is in trouble, not that the event is odd. */
DWORD modern_event_render(struct modern_event_renderer *renderer, EVT_HANDLE handle,
                          struct relay_event *event, bool *well_formed);

#endif
