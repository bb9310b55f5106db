/* wevtapi over the fake event log. */
#include "fake_event_log_parts.h"

#include <string.h>

#include "windows/modern_log.h"

/* ---- subscriptions, queries, events ---------------------------------------------------------- */

static bool any_selected(const struct fake_handle *from)
{
    for (uint64_t at = from->position; at < fake_end(); at++)
        if (at >= fake_first() && fake_selects(&from->selection, fake_at(at)))
            return true;
    return false;
}

/* Where a subscription behind a bookmark starts. */
static bool behind(const struct fake_handle *bookmark, bool strict, uint64_t *position)
{
    if (fake_find(bookmark->mark, position)) {
        ++*position;
        return true;
    }
    if (strict)
        return fake_fail(ERROR_NOT_FOUND);
    *position = fake_first();
    while (*position < fake_end() && fake_at(*position)->number < bookmark->mark)
        ++*position;
    return true;
}

static EVT_HANDLE WINAPI EvtSubscribe_(EVT_HANDLE session, HANDLE signal, LPCWSTR channel,
                                       LPCWSTR query, EVT_HANDLE bookmark, PVOID context,
                                       EVT_SUBSCRIBE_CALLBACK callback, DWORD flags)
{
    if (!fake_call(FAKE_EVT_SUBSCRIBE) || !fake_service())
        return NULL;
    DWORD origin = flags & EvtSubscribeOriginMask;
    bool strict = (flags & EvtSubscribeStrict) != 0;
    if (session != NULL || signal == NULL || context != NULL || callback != NULL || origin == 0 ||
        (origin == EvtSubscribeStartAfterBookmark) != (bookmark != NULL) ||
        (strict && bookmark == NULL && fake_event_log.oldest_strict_refused)) {
        fake_fail(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    struct fake_selection selection;
    DWORD error = fake_parse_query(channel, query, &selection);
    uint64_t position = origin == EvtSubscribeStartAtOldestRecord ? fake_first() : fake_end();
    if (error != ERROR_SUCCESS) {
        fake_fail(error);
        return NULL;
    }
    if (bookmark != NULL) {
        const struct fake_handle *mark = fake_use(bookmark, FAKE_BOOKMARK);
        if (mark == NULL)
            return NULL;
        if (!mark->marked || (mark->backwards && fake_event_log.backward_refused)) {
            fake_fail(ERROR_INVALID_PARAMETER);
            return NULL;
        }
        if (!behind(mark, strict, &position))
            return NULL;
    }
    EVT_HANDLE handle;
    struct fake_handle *subscription = fake_open(FAKE_SUBSCRIPTION, &handle);
    subscription->selection = selection;
    subscription->position = position;
    subscription->strict = strict;
    subscription->signal = signal;
    if (any_selected(subscription))
        SetEvent(signal);
    return handle;
}

static EVT_HANDLE WINAPI EvtQuery_(EVT_HANDLE session, LPCWSTR path, LPCWSTR query, DWORD flags)
{
    if (!fake_call(FAKE_EVT_QUERY) || !fake_service())
        return NULL;
    DWORD direction = flags & (EvtQueryForwardDirection | EvtQueryReverseDirection);
    struct fake_selection selection;
    DWORD error = fake_parse_query(path, query, &selection);
    if (session != NULL || (flags & EvtQueryChannelPath) == 0 ||
        direction == (EvtQueryForwardDirection | EvtQueryReverseDirection))
        error = ERROR_INVALID_PARAMETER;
    if (error != ERROR_SUCCESS) {
        fake_fail(error);
        return NULL;
    }
    EVT_HANDLE handle;
    struct fake_handle *result = fake_open(FAKE_RESULT, &handle);
    result->selection = selection;
    result->backwards = direction == EvtQueryReverseDirection;
    result->position = result->backwards ? fake_end() : fake_first();
    result->strict = true;
    return handle;
}

/* Whether what a result refers to is still as it was. */
static bool is_current(struct fake_handle *from)
{
    bool behind_first = from->position < fake_first();
    if (from->epoch == fake_epoch() && !behind_first)
        return true;
    if (from->strict)
        return fake_fail(ERROR_EVT_QUERY_RESULT_STALE);
    from->epoch = fake_epoch();
    from->position = fake_first();
    return true;
}

/* The position of the next event, which is passed. */
static bool advance(struct fake_handle *from, uint64_t *position)
{
    while (from->backwards ? from->position > fake_first() : from->position < fake_end()) {
        *position = from->backwards ? --from->position : from->position++;
        if (fake_selects(&from->selection, fake_at(*position)))
            return true;
    }
    return false;
}

static BOOL WINAPI EvtNext_(EVT_HANDLE handle, DWORD size, EVT_HANDLE *events, DWORD timeout,
                            DWORD flags, PDWORD returned)
{
    (void)timeout; /* what is there is given at once, and nothing comes while it waits */
    enum { MOST = 1024 };
    static uint64_t positions[MOST];
    if (!fake_call(FAKE_EVT_NEXT))
        return FALSE;
    if (size == 0 || size > MOST || flags != 0)
        return fake_fail(ERROR_INVALID_PARAMETER);
    struct fake_handle *from = fake_use_result(handle);
    if (from == NULL)
        return FALSE;
    if (!is_current(from))
        return FALSE;
    DWORD count = 0;
    while (count < size && advance(from, &positions[count]))
        count++;
    if (count == 0)
        return fake_fail(ERROR_NO_MORE_ITEMS);
    if (fake_event_log.rpc_batch_max != 0 && count > fake_event_log.rpc_batch_max)
        return fake_fail(RPC_S_INVALID_BOUND); /* the position has moved on all the same */
    for (DWORD i = 0; i < count; i++) {
        struct fake_handle *event = fake_open(FAKE_EVENT, &events[i]);
        event->record = fake_hold(fake_at(positions[i]));
        event->parent = from;
    }
    *returned = count;
    return TRUE;
}

static EVT_HANDLE WINAPI EvtCreateBookmark_(LPCWSTR xml)
{
    uint64_t number = 0;
    if (!fake_call(FAKE_EVT_CREATE_BOOKMARK))
        return NULL;
    if (xml != NULL && !fake_parse_bookmark(xml, &number)) {
        fake_fail(ERROR_EVT_MALFORMED_XML_TEXT);
        return NULL;
    }
    EVT_HANDLE handle;
    struct fake_handle *bookmark = fake_open(FAKE_BOOKMARK, &handle);
    bookmark->marked = xml != NULL;
    bookmark->mark = number;
    return handle;
}

static BOOL WINAPI EvtUpdateBookmark_(EVT_HANDLE handle, EVT_HANDLE event_handle)
{
    if (!fake_call(FAKE_EVT_UPDATE_BOOKMARK))
        return FALSE;
    struct fake_handle *bookmark = fake_use(handle, FAKE_BOOKMARK);
    const struct fake_handle *event = fake_use(event_handle, FAKE_EVENT);
    if (bookmark == NULL || event == NULL)
        return FALSE;
    bookmark->marked = true;
    bookmark->mark = event->record->number;
    bookmark->backwards = event->parent->backwards;
    bookmark->unnumbered = event->record->oddity == FAKE_RECORD_ID_TYPE;
    return TRUE;
}

static BOOL WINAPI EvtClose_(EVT_HANDLE handle)
{
    return fake_close(handle, false);
}

/* ---- the channel's properties ---------------------------------------------------------------- */

static EVT_HANDLE open_config(LPCWSTR channel, DWORD flags, DWORD expected)
{
    if (!fake_service())
        return NULL;
    if (flags != expected || wcscmp(channel, fake_event_log.channel) != 0) {
        fake_fail(flags != expected ? ERROR_INVALID_PARAMETER : ERROR_EVT_CHANNEL_NOT_FOUND);
        return NULL;
    }
    EVT_HANDLE handle;
    fake_open(FAKE_CONFIG, &handle)->context = expected;
    return handle;
}

static EVT_HANDLE WINAPI EvtOpenChannelConfig_(EVT_HANDLE session, LPCWSTR channel, DWORD flags)
{
    return fake_call(FAKE_EVT_OPEN_CHANNEL_CONFIG) && session == NULL
               ? open_config(channel, flags, 0)
               : NULL;
}

static EVT_HANDLE WINAPI EvtOpenLog_(EVT_HANDLE session, LPCWSTR path, DWORD flags)
{
    return fake_call(FAKE_EVT_OPEN_LOG) && session == NULL
               ? open_config(path, flags, EvtOpenChannelPath)
               : NULL;
}

static BOOL give(const struct fake_handle *handle, DWORD kind, EVT_VARIANT value, DWORD size,
                 PEVT_VARIANT buffer, PDWORD used)
{
    if (handle == NULL)
        return FALSE;
    if (handle->context != kind)
        return fake_fail(ERROR_INVALID_HANDLE);
    *used = sizeof value;
    if (size < sizeof value)
        return fake_fail(ERROR_INSUFFICIENT_BUFFER);
    if (fake_event_log.odd_types)
        value.Type = EvtVarTypeUInt32;
    *buffer = value;
    return TRUE;
}

static BOOL WINAPI EvtGetChannelConfigProperty_(EVT_HANDLE config,
                                                EVT_CHANNEL_CONFIG_PROPERTY_ID id, DWORD flags,
                                                DWORD size, PEVT_VARIANT buffer, PDWORD used)
{
    EVT_VARIANT value = {.Type = EvtVarTypeBoolean};
    if (!fake_call(FAKE_EVT_GET_CHANNEL_CONFIG_PROPERTY))
        return FALSE;
    if (id == EvtChannelLoggingConfigRetention) {
        value.BooleanVal = fake_event_log.retention != 0;
    } else if (id == EvtChannelLoggingConfigAutoBackup) {
        value.BooleanVal = fake_event_log.archives;
    } else if (id == EvtChannelLoggingConfigMaxSize && flags == 0) {
        value = (EVT_VARIANT){.UInt64Val = fake_event_log.max_size, .Type = EvtVarTypeUInt64};
    } else {
        return fake_fail(ERROR_INVALID_PARAMETER);
    }
    return give(fake_use(config, FAKE_CONFIG), 0, value, size, buffer, used);
}

static BOOL WINAPI EvtGetLogInfo_(EVT_HANDLE log, EVT_LOG_PROPERTY_ID id, DWORD size,
                                  PEVT_VARIANT buffer, PDWORD used)
{
    EVT_VARIANT value = {.UInt64Val = fake_event_log.size, .Type = EvtVarTypeUInt64};
    if (!fake_call(FAKE_EVT_GET_LOG_INFO))
        return FALSE;
    if (id == EvtLogFull)
        value = (EVT_VARIANT){.BooleanVal = fake_full(), .Type = EvtVarTypeBoolean};
    else if (id != EvtLogFileSize)
        return fake_fail(ERROR_INVALID_PARAMETER);
    return give(fake_use(log, FAKE_CONFIG), EvtOpenChannelPath, value, size, buffer, used);
}

void fake_modern_install(void)
{
    modern_log_calls = (struct modern_log_calls){
        .loaded = true,
        .EvtSubscribe = EvtSubscribe_,
        .EvtQuery = EvtQuery_,
        .EvtNext = EvtNext_,
        .EvtCreateRenderContext = fake_EvtCreateRenderContext,
        .EvtRender = fake_EvtRender,
        .EvtCreateBookmark = EvtCreateBookmark_,
        .EvtUpdateBookmark = EvtUpdateBookmark_,
        .EvtOpenChannelConfig = EvtOpenChannelConfig_,
        .EvtGetChannelConfigProperty = EvtGetChannelConfigProperty_,
        .EvtOpenLog = EvtOpenLog_,
        .EvtGetLogInfo = EvtGetLogInfo_,
        .EvtClose = EvtClose_,
        .CreateEventW = fake_CreateEventW,
        .CloseHandle = fake_CloseHandle,
        .HeapAlloc = fake_HeapAlloc,
        .HeapFree = fake_HeapFree,
    };
}
