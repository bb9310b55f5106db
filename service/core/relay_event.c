#include "relay_event.h"

static bool has_no_nul(struct text text)
{
    return text.at != NULL && text_find(text, 0) == SIZE_MAX;
}

bool relay_event_well_formed(const struct relay_event *event)
{
    return relay_event_within_bounds(event) && has_no_nul(event->account) &&
           has_no_nul(event->method) && has_no_nul(event->client);
}
