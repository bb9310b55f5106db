#include "relay_event.h"

static bool is_fit(struct text text, size_t most)
{
    return text.at != NULL && text.count <= most && text_find(text, 0) == SIZE_MAX;
}

bool relay_event_well_formed(const struct relay_event *event)
{
    return event->account.count > 0 && is_fit(event->account, RELAY_ACCOUNT_MAX) &&
           is_fit(event->method, RELAY_METHOD_MAX) && is_fit(event->client, RELAY_CLIENT_MAX);
}
