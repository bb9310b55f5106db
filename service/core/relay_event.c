#include "relay_event.h"

static bool has_no_nul(struct text text)
{
    return text.at != NULL && text_find(text, 0) == SIZE_MAX;
}

static bool is_method_unit(char16_t unit)
{
    return (unit >= u'A' && unit <= u'Z') || (unit >= u'a' && unit <= u'z') ||
           (unit >= u'0' && unit <= u'9') || unit == u'-' || unit == u'_' || unit == u' ' ||
           unit == u'=' || unit == u'+' || unit == u'.' || unit == u'/' || unit == u'"';
}

static bool is_method(struct text method)
{
    size_t i = 0;

    while (i < method.count && is_method_unit(method.at[i])) {
        i++;
    }
    return i == method.count && i > 0 && i <= RELAY_METHOD_MAX;
}

bool relay_event_within_bounds(const struct relay_event *event)
{
    return event->account.count > 0 && event->account.count <= RELAY_ACCOUNT_MAX &&
           event->client.count <= RELAY_CLIENT_MAX && is_method(event->method);
}

bool relay_event_well_formed(const struct relay_event *event)
{
    return relay_event_within_bounds(event) && has_no_nul(event->account) &&
           has_no_nul(event->method) && has_no_nul(event->client);
}
