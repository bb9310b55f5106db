/* event_query.h: the XML that wevtapi is asked with: which events, and behind which record.
 *
 * Structured queries: learn.microsoft.com consuming-events. Bookmarks: learn.microsoft.com
 * bookmarking-events. Names are escaped for both languages they pass through (XPath within XML).
 * The query language compares the provider's name letter by letter, so that it must be written as
 * it is registered.
 */
#ifndef RELAYLOCK_WINDOWS_EVENT_QUERY_H
#define RELAYLOCK_WINDOWS_EVENT_QUERY_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

enum {
    EVENT_QUERY_NAME_MAX = 255, /* units of a channel's or provider's name */
    /* Three names with every unit an entity of six, and the rest. */
    EVENT_QUERY_SIZE = 3 * 6 * EVENT_QUERY_NAME_MAX + 512
};

struct event_query {
    const wchar_t *channel;
    const wchar_t *provider;
    uint16_t event_id;
    bool bounded;
    int64_t before; /* when bounded: only events generated before this, seconds since 1970-01-01
                       UTC */
};

/* False, with xml untouched, when a name is empty, too long, has control characters, or (the
 * provider) has both kinds of quotes, which XPath 1.0 cannot write. */
bool event_query_to_xml(const struct event_query *query, wchar_t xml[EVENT_QUERY_SIZE]);

/* The same selection as XPath alone, for where the path is given beside it: a provider and an event
 * id. False as above. */
bool event_query_to_xpath(const wchar_t *provider, uint16_t event_id,
                          wchar_t xpath[EVENT_QUERY_SIZE]);

/* The XPath that selects one record, of whatever provider. */
enum { EVENT_QUERY_RECORD_SIZE = 64 };
void event_query_record(uint64_t record, wchar_t xpath[EVENT_QUERY_RECORD_SIZE]);

/* A bookmark at a record of a channel. False as above. */
bool event_query_bookmark(const wchar_t *channel, uint64_t record, wchar_t xml[EVENT_QUERY_SIZE]);

/* The record number in a bookmark that Windows wrote (terminated). False, with *record untouched,
 * when there is none. */
bool event_query_bookmarked(const wchar_t *xml, uint64_t *record);

#endif
