#include "modern_channel.h"

#include "last_error.h"

enum {
    NEXT_TIMEOUT = 100,      /* ms; twice as long with every try ... */
    NEXT_TIMEOUT_MAX = 1600, /* ... up to this: after so long we may be told to stop */
    RENEWALS = 3             /* of a query under which the log went round, or was cleared */
};

DWORD modern_channel_open(struct modern_channel *channel, const wchar_t *name,
                          struct modern_event_renderer *renderer, HANDLE stop)
{
    text_copy(channel->name, EVENT_QUERY_NAME_MAX + 1, text_of(name));
    channel->renderer = renderer;
    channel->stop = stop;
    channel->failed_call = "EvtCreateBookmark";
    channel->bookmark = modern_log_calls.EvtCreateBookmark(NULL);
    return channel->bookmark != NULL ? ERROR_SUCCESS : last_error();
}

void modern_channel_close(struct modern_channel *channel)
{
    if (channel->bookmark != NULL)
        modern_log_calls.EvtClose(channel->bookmark);
}

DWORD modern_channel_render(struct modern_channel *channel, EVT_HANDLE handle,
                            struct relay_event *event, bool *well_formed)
{
    const DWORD size = sizeof channel->marked - sizeof *channel->marked;
    DWORD used = 0, count = 0;
    channel->failed_call = "EvtRender";
    DWORD error = modern_event_render(channel->renderer, handle, event, well_formed);
    if (error != ERROR_SUCCESS)
        return error;
    channel->failed_call = "EvtUpdateBookmark";
    if (!modern_log_calls.EvtUpdateBookmark(channel->bookmark, handle))
        return last_error();
    channel->failed_call = "EvtRender";
    if (!modern_log_calls.EvtRender(NULL, channel->bookmark, EvtRenderBookmark, size,
                                    channel->marked, &used, &count)) {
        error = last_error();
        return modern_event_is_outage(error) ? error : ERROR_SUCCESS;
    }
    channel->marked[(used < size ? used : size) / sizeof *channel->marked] = 0;
    event_query_bookmarked(channel->marked, &event->record);
    return ERROR_SUCCESS;
}

/* ---- queries -------------------------------------------------------------------------------- */

/* It is asked again until Windows knows or we are to stop; for longer each time, as it is nowhere
 * said that Windows goes on where the time was over. */
static DWORD fetch_first(struct modern_channel *channel, EVT_HANDLE result, EVT_HANDLE *event)
{
    DWORD timeout = NEXT_TIMEOUT, count = 0;
    channel->failed_call = "EvtNext";
    for (;;) {
        if (event_source_is_stopped(channel->stop))
            return ERROR_CANCELLED;
        if (modern_log_calls.EvtNext(result, 1, event, timeout, 0, &count))
            return count == 1 ? ERROR_SUCCESS : ERROR_NO_MORE_ITEMS;
        DWORD error = last_error();
        if (error != ERROR_TIMEOUT)
            return error;
        timeout = timeout < NEXT_TIMEOUT_MAX ? timeout * 2 : timeout;
    }
}

static DWORD query_first(struct modern_channel *channel, const wchar_t *path, const wchar_t *query,
                         DWORD direction, struct modern_channel_find *found)
{
    struct modern_channel_find first = {NULL, NULL};
    channel->failed_call = "EvtQuery";
    first.result = modern_log_calls.EvtQuery(NULL, path, query, EvtQueryChannelPath | direction);
    if (first.result == NULL)
        return last_error();
    DWORD error = fetch_first(channel, first.result, &first.event);
    if (error != ERROR_SUCCESS)
        first.event = NULL;
    if (error != ERROR_SUCCESS && error != ERROR_NO_MORE_ITEMS) {
        modern_channel_let_go(&first);
        return error;
    }
    *found = first;
    return ERROR_SUCCESS;
}

DWORD modern_channel_first(struct modern_channel *channel, const wchar_t *path,
                           const wchar_t *query, DWORD direction, struct modern_channel_find *found)
{
    DWORD error = ERROR_EVT_QUERY_RESULT_STALE;
    for (int i = 0; error == ERROR_EVT_QUERY_RESULT_STALE && i <= RENEWALS; i++)
        error = query_first(channel, path, query, direction, found);
    return error;
}

void modern_channel_let_go(const struct modern_channel_find *found)
{
    if (found->event != NULL)
        modern_log_calls.EvtClose(found->event);
    modern_log_calls.EvtClose(found->result);
}

/* The place of the first event of a query; *any: whether there is one. */
static DWORD first_place(struct modern_channel *channel, const wchar_t *query, DWORD direction,
                         struct event_place *place, bool *any)
{
    struct modern_channel_find found;
    DWORD error = modern_channel_first(channel, channel->name, query, direction, &found);
    if (error != ERROR_SUCCESS)
        return error;
    struct relay_event taken = {0};
    bool well_formed;
    if (found.event != NULL)
        error = modern_channel_render(channel, found.event, &taken, &well_formed);
    modern_channel_let_go(&found);
    if (error != ERROR_SUCCESS)
        return error;
    *place = (struct event_place){taken.record, taken.time};
    *any = found.event != NULL;
    return ERROR_SUCCESS;
}

/* ---- where it begins and ends, and what became of it ----------------------------------------- */

DWORD modern_channel_edge(struct modern_channel *channel, DWORD direction,
                          struct event_place *place)
{
    bool any;
    return first_place(channel, L"*", direction, place, &any);
}

DWORD modern_channel_newest(struct modern_channel *channel, const wchar_t *provider,
                            uint16_t event_id, struct event_place *place)
{
    wchar_t query[EVENT_QUERY_SIZE];
    bool any;
    channel->failed_call = "the name of the provider";
    if (!event_query_to_xpath(provider, event_id, query))
        return ERROR_INVALID_PARAMETER;
    return first_place(channel, query, EvtQueryReverseDirection, place, &any);
}

/* Whether the record of that number is another one than it was. It is asked for by the number that
 * it has itself, which where events are forwarded to is another one's. */
static DWORD was_replaced(struct modern_channel *channel, const struct event_place *seen,
                          bool *replaced)
{
    wchar_t query[EVENT_QUERY_RECORD_SIZE];
    struct event_place found;
    bool any;
    *replaced = false;
    if (seen->time == 0)
        return ERROR_SUCCESS;
    event_query_record(seen->record, query);
    DWORD error = first_place(channel, query, EvtQueryReverseDirection, &found, &any);
    if (error == ERROR_SUCCESS)
        *replaced = any && found.record == seen->record && found.time != 0 &&
                    !event_place_same_time(found.time, seen->time);
    return error;
}

/* The edges are asked for oldest first: what comes in meanwhile only makes the newest newer. One
 * whose number is not known tells nothing: it is taken for the record seen. */
DWORD modern_channel_compare(struct modern_channel *channel, const struct event_place *seen,
                             struct event_source_change *change)
{
    struct event_place oldest, newest;
    struct event_source_change found = {0};
    bool any_oldest, any_newest;
    DWORD error = first_place(channel, L"*", EvtQueryForwardDirection, &oldest, &any_oldest);
    if (error == ERROR_SUCCESS)
        error = first_place(channel, L"*", EvtQueryReverseDirection, &newest, &any_newest);
    if (error != ERROR_SUCCESS)
        return error;
    if (any_oldest && oldest.record == 0)
        oldest.record = seen->record;
    if (any_newest && newest.record == 0)
        newest.record = seen->record;
    if (newest.record < seen->record) {
        found.cleared = true;
    } else if (oldest.record > seen->record + 1) {
        found.first = seen->record + 1;
        found.last = oldest.record - 1;
    } else {
        error = was_replaced(channel, seen, &found.cleared);
        if (error != ERROR_SUCCESS)
            return error;
    }
    *change = found;
    return ERROR_SUCCESS;
}

/* ---- how full it is -------------------------------------------------------------------------- */

static DWORD check_type(const EVT_VARIANT *value, DWORD type)
{
    return value->Type == type ? ERROR_SUCCESS : ERROR_INVALID_DATA;
}

static DWORD configured(EVT_HANDLE config, EVT_CHANNEL_CONFIG_PROPERTY_ID id, DWORD type,
                        EVT_VARIANT *value)
{
    DWORD used;
    if (!modern_log_calls.EvtGetChannelConfigProperty(config, id, 0, sizeof *value, value, &used))
        return last_error();
    return check_type(value, type);
}

static DWORD informed(EVT_HANDLE log, EVT_LOG_PROPERTY_ID id, DWORD type, EVT_VARIANT *value)
{
    DWORD used;
    if (!modern_log_calls.EvtGetLogInfo(log, id, sizeof *value, value, &used))
        return last_error();
    return check_type(value, type);
}

static DWORD read_configuration(struct modern_channel *channel, struct log_facts *facts)
{
    EVT_VARIANT keeps, archives, size;
    channel->failed_call = "EvtOpenChannelConfig";
    EVT_HANDLE config = modern_log_calls.EvtOpenChannelConfig(NULL, channel->name, 0);
    if (config == NULL)
        return last_error();
    channel->failed_call = "EvtGetChannelConfigProperty";
    DWORD error = configured(config, EvtChannelLoggingConfigRetention, EvtVarTypeBoolean, &keeps);
    if (error == ERROR_SUCCESS)
        error = configured(config, EvtChannelLoggingConfigAutoBackup, EvtVarTypeBoolean, &archives);
    if (error == ERROR_SUCCESS)
        error = configured(config, EvtChannelLoggingConfigMaxSize, EvtVarTypeUInt64, &size);
    modern_log_calls.EvtClose(config);
    if (error != ERROR_SUCCESS)
        return error;
    facts->max_size = size.UInt64Val;
    if (keeps.BooleanVal)
        facts->retention = archives.BooleanVal ? LOG_ARCHIVES : LOG_KEEPS;
    facts->keeps_for = UINT32_MAX;
    return ERROR_SUCCESS;
}

static DWORD read_information(struct modern_channel *channel, struct log_facts *facts)
{
    EVT_VARIANT size, full;
    channel->failed_call = "EvtOpenLog";
    EVT_HANDLE log = modern_log_calls.EvtOpenLog(NULL, channel->name, EvtOpenChannelPath);
    if (log == NULL)
        return last_error();
    channel->failed_call = "EvtGetLogInfo";
    DWORD error = informed(log, EvtLogFileSize, EvtVarTypeUInt64, &size);
    if (error == ERROR_SUCCESS)
        error = informed(log, EvtLogFull, EvtVarTypeBoolean, &full);
    modern_log_calls.EvtClose(log);
    if (error != ERROR_SUCCESS)
        return error;
    facts->size = size.UInt64Val;
    facts->full = full.BooleanVal != 0;
    return ERROR_SUCCESS;
}

DWORD modern_channel_facts(struct modern_channel *channel, struct log_facts *facts)
{
    struct log_facts found = {0};
    struct event_place oldest = {0};
    DWORD error = read_configuration(channel, &found);
    if (error == ERROR_SUCCESS)
        error = read_information(channel, &found);
    if (error == ERROR_SUCCESS)
        error = modern_channel_edge(channel, EvtQueryForwardDirection, &oldest);
    if (error != ERROR_SUCCESS)
        return error;
    found.empty = oldest.time == 0;
    found.oldest_time = oldest.time;
    *facts = found;
    return ERROR_SUCCESS;
}
