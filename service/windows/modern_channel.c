#include "modern_channel.h"

#include "last_error.h"

enum { NEXT_TIMEOUT = 100 /* ms */ };

static bool is_stopped(const struct modern_channel *channel)
{
    return channel->stop != NULL && WaitForSingleObject(channel->stop, 0) == WAIT_OBJECT_0;
}

/* It is asked again until Windows knows or we are to stop. */
DWORD modern_channel_first(struct modern_channel *channel, const wchar_t *path,
                           const wchar_t *query, DWORD direction, EVT_HANDLE *event)
{
    EVT_HANDLE result =
        modern_log_calls.EvtQuery(NULL, path, query, EvtQueryChannelPath | direction);
    if (result == NULL) {
        channel->failed_call = "EvtQuery";
        return last_error();
    }
    DWORD count = 0;
    EVT_HANDLE first = NULL;
    DWORD error = ERROR_SUCCESS;
    channel->failed_call = "EvtNext";
    do {
        error = is_stopped(channel) ? ERROR_CANCELLED : ERROR_SUCCESS;
        if (error == ERROR_SUCCESS &&
            !modern_log_calls.EvtNext(result, 1, &first, NEXT_TIMEOUT, 0, &count))
            error = last_error();
    } while (error == ERROR_TIMEOUT);
    modern_log_calls.EvtClose(result);
    if (error != ERROR_SUCCESS && error != ERROR_NO_MORE_ITEMS)
        return error;
    *event = error == ERROR_SUCCESS && count == 1 ? first : NULL;
    return ERROR_SUCCESS;
}

/* The place of the first event of a query; *any: whether there is one. */
static DWORD first_place(struct modern_channel *channel, const wchar_t *query, DWORD direction,
                         struct event_place *place, bool *any)
{
    EVT_HANDLE event = NULL;
    DWORD error = modern_channel_first(channel, channel->name, query, direction, &event);
    if (error != ERROR_SUCCESS)
        return error;
    struct relay_event taken = {0};
    bool well_formed;
    if (event != NULL) {
        error = modern_event_render(channel->renderer, event, &taken, &well_formed);
        channel->failed_call = "EvtRender";
        modern_log_calls.EvtClose(event);
    }
    if (error != ERROR_SUCCESS)
        return error;
    *place = (struct event_place){taken.record, taken.time};
    *any = event != NULL;
    return ERROR_SUCCESS;
}

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

/* Whether the record of that number is another one than it was. */
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
        *replaced = any && found.time != 0 && !event_place_same_time(found.time, seen->time);
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
