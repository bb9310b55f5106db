/* modern_channel.h: a channel of wevtapi as a whole: where it begins and ends, what became of it,
 * how full it is.
 *
 * Sources: learn.microsoft.com nf-winevt-evtquery, ne-winevt-evt_log_property_id,
 * ne-winevt-evt_channel_config_property_id.
 */
#ifndef RELAYLOCK_WINDOWS_MODERN_CHANNEL_H
#define RELAYLOCK_WINDOWS_MODERN_CHANNEL_H

#include "event_query.h"
#include "modern_event.h"

struct modern_channel {
    wchar_t name[EVENT_QUERY_NAME_MAX + 1];
    struct modern_event_renderer *renderer;
    HANDLE stop;             /* may be null: signalled, a query is given up with ERROR_CANCELLED */
    const char *failed_call; /* a literal: of the call that failed */
    EVT_HANDLE bookmark;     /* at the event rendered last */
    wchar_t marked[EVENT_QUERY_SIZE]; /* the same in words */
};

/* *channel must be zeroed; name has at most EVENT_QUERY_NAME_MAX units. The renderer and stop must
 * outlive it. What was made when it fails goes away with modern_channel_close, as after success. */
DWORD modern_channel_open(struct modern_channel *channel, const wchar_t *name,
                          struct modern_event_renderer *renderer, HANDLE stop);
void modern_channel_close(struct modern_channel *channel);

/* As modern_event_render, but event->record is the number by which the channel counts. An event
 * that was forwarded here keeps the number of the log that it comes from, so that several may have
 * the same one, in any order; the channel's own stands in bookmarks alone
 * (github.com/fluent/fluent-plugin-windows-eventlog/issues/61). */
DWORD modern_channel_render(struct modern_channel *channel, EVT_HANDLE handle,
                            struct relay_event *event, bool *well_formed);

/* The first event of a query's result; event is null when there is none. It lives no longer than
 * the result does (nf-winevt-evtclose). */
struct modern_channel_find {
    EVT_HANDLE result, event;
};

/* path: the channel, or null when the query names it. Windows may have to go through the whole log.
 * *found is for modern_channel_let_go, and untouched on failure. */
DWORD modern_channel_first(struct modern_channel *channel, const wchar_t *path,
                           const wchar_t *query, DWORD direction,
                           struct modern_channel_find *found);
void modern_channel_let_go(const struct modern_channel_find *found);

/* The oldest (EvtQueryForwardDirection) or the newest event (EvtQueryReverseDirection), of whatever
 * provider; record 0 when the channel is empty. */
DWORD modern_channel_edge(struct modern_channel *channel, DWORD direction,
                          struct event_place *place);

/* The newest event of a provider and id; record 0 when there is none. ERROR_INVALID_PARAMETER: a
 * provider that cannot be asked for (event_query.h). */
DWORD modern_channel_newest(struct modern_channel *channel, const wchar_t *provider,
                            uint16_t event_id, struct event_place *place);

/* What became of the channel since all up to a record had been looked at. *change is untouched on
 * failure. */
DWORD modern_channel_compare(struct modern_channel *channel, const struct event_place *seen,
                             struct event_source_change *change);

/* *facts is untouched on failure. */
DWORD modern_channel_facts(struct modern_channel *channel, struct log_facts *facts);

#endif
