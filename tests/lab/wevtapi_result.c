/* wevtapi_result.c: queries and pull subscriptions, and how one reads from them. */
#include "wevtapi.h"

#include <string.h>

#include "lab_faults.h"
#include "lab_handles.h"
#include "lab_wake.h"

enum { EVENTS_MAX = 1024 /* that one EvtNext gives */ };

struct result {
    struct wevtapi_query *query;
    struct wevtapi_file
        *file; /* a saved log; null for a channel, which all that follows is about */
    unsigned slot;
    LONG session;
    bool reverse;
    bool subscription;
    bool strict;
    uint64_t epoch;
    uint64_t position; /* number of the record to look at next */
    uint64_t seen;     /* up to this number the signal was given, or need not be */
    HANDLE signal;     /* our own handle to the subscriber's event */
    struct lab_waiter *waiter;
};

BOOL wevtapi_result(DWORD error)
{
    SetLastError(error);
    return error == ERROR_SUCCESS;
}

void wevtapi_result_free(void *object)
{
    struct result *result = object;
    lab_waiter_stop(result->waiter);
    if (result->signal != NULL)
        CloseHandle(result->signal);
    wevtapi_query_free(result->query);
    wevtapi_file_free(result->file);
    HeapFree(GetProcessHeap(), 0, result);
}

/* Whether the log can answer at all, before anything is made of the query. */
static bool service_runs(void)
{
    DWORD error = lab_lock_log();
    if (error != ERROR_SUCCESS)
        return wevtapi_result(error);
    lab_unlock();
    return true;
}

static struct result *new_result(LPCWSTR path, LPCWSTR text)
{
    if (!service_runs())
        return NULL;
    struct result *result = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *result);
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;
    if (result != NULL)
        error = wevtapi_query_parse(path, text, &result->query, &result->slot);
    if (error == ERROR_SUCCESS)
        return result;
    if (result != NULL)
        HeapFree(GetProcessHeap(), 0, result);
    SetLastError(error);
    return NULL;
}

static EVT_HANDLE give_handle(struct result *result)
{
    EVT_HANDLE handle = lab_handle_new(WEVTAPI_RESULT, result);
    if (handle == NULL) {
        wevtapi_result_free(result);
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    }
    return handle;
}

/* A saved log: forwards only, and whatever becomes of the log service. */
static EVT_HANDLE query_file(LPCWSTR path, LPCWSTR query)
{
    struct result *result = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *result);
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;
    if (result != NULL)
        error = wevtapi_query_parse_xpath(query, &result->query);
    if (error == ERROR_SUCCESS)
        error = path == NULL ? ERROR_INVALID_PARAMETER : wevtapi_file_open(path, &result->file);
    if (error == ERROR_SUCCESS)
        return give_handle(result);
    if (result != NULL)
        wevtapi_result_free(result);
    SetLastError(error);
    return NULL;
}

EVT_HANDLE WINAPI EvtQuery(EVT_HANDLE session, LPCWSTR path, LPCWSTR query, DWORD flags)
{
    DWORD direction = flags & (EvtQueryForwardDirection | EvtQueryReverseDirection);
    DWORD error = (DWORD)lab_fault(LAB_FAULT_QUERY_ERROR);
    if (flags == (EvtQueryFilePath | EvtQueryForwardDirection) && session == NULL && error == 0)
        return query_file(path, query);
    if (session != NULL || (flags & EvtQueryFilePath) != 0)
        error = ERROR_NOT_SUPPORTED; /* other computers, saved logs backwards */
    else if ((flags & EvtQueryChannelPath) == 0 ||
             direction == (EvtQueryForwardDirection | EvtQueryReverseDirection))
        error = ERROR_INVALID_PARAMETER;
    if (error != ERROR_SUCCESS) {
        SetLastError(error);
        return NULL;
    }
    struct result *result = new_result(path, query);
    if (result == NULL)
        return NULL;
    error = lab_lock_log();
    if (error != ERROR_SUCCESS) {
        wevtapi_result_free(result);
        SetLastError(error);
        return NULL;
    }
    const struct lab_log_state *state = lab_log_state(result->slot);
    result->session = lab_store->service_session;
    result->epoch = state->epoch;
    result->reverse = direction == EvtQueryReverseDirection;
    result->strict = true;
    result->position = result->reverse ? state->next - 1 : state->oldest;
    lab_unlock();
    return give_handle(result);
}

/* Signals the subscriber when there is something for it that it was not signalled for. */
static void look(void *context)
{
    struct result *result = context;
    bool signal = false;
    if (lab_lock_log_session(result->session) != ERROR_SUCCESS) {
        if (lab_fault(LAB_FAULT_STOP_WAKES))
            SetEvent(result->signal);
        return;
    }
    const struct lab_log_state *state = lab_log_state(result->slot);
    uint64_t from = result->seen + 1 > result->position ? result->seen + 1 : result->position;
    if (result->epoch != state->epoch) {
        signal = result->strict;
        from = state->oldest;
    }
    if (from < state->oldest)
        from = state->oldest;
    const struct lab_record *record = lab_log_find(result->slot, from);
    for (; record != NULL && !signal; record = lab_log_next(result->slot, record))
        signal = wevtapi_query_matches(result->query, record);
    result->seen = state->next - 1;
    lab_unlock();
    if (signal)
        SetEvent(result->signal);
}

/* Where a subscription starts. The store is locked. */
static DWORD start_of(struct result *result, const struct wevtapi_bookmark *bookmark, DWORD flags)
{
    const struct lab_log_state *state = lab_log_state(result->slot);
    result->session = lab_store->service_session;
    result->epoch = state->epoch;
    result->position = state->next;
    switch (flags & EvtSubscribeOriginMask) {
    case EvtSubscribeStartAtOldestRecord:
        result->position = state->oldest;
        break;
    case EvtSubscribeStartAfterBookmark: {
        bool here =
            bookmark->set && _wcsicmp(bookmark->channel, lab_store->logs[result->slot].name) == 0;
        bool found = here && bookmark->record >= state->oldest && bookmark->record < state->next;
        if (!found && result->strict)
            return ERROR_NOT_FOUND;
        /* "... the subscription begins with the event after the event that is closest to the
         * bookmarked event." */
        if (here && bookmark->record < state->next)
            result->position = found ? bookmark->record + 1 : state->oldest;
        break;
    }
    default:
        break;
    }
    result->seen = result->position - 1;
    return ERROR_SUCCESS;
}

static DWORD check_subscribe(EVT_HANDLE session, HANDLE signal, EVT_HANDLE bookmark,
                             EVT_SUBSCRIBE_CALLBACK callback, DWORD flags)
{
    DWORD origin = flags & EvtSubscribeOriginMask;
    if (session != NULL)
        return ERROR_NOT_SUPPORTED;
    if (origin == 0 || (signal == NULL) == (callback == NULL) ||
        (origin == EvtSubscribeStartAfterBookmark) != (bookmark != NULL))
        return ERROR_INVALID_PARAMETER;
    if (callback != NULL)
        return ERROR_NOT_SUPPORTED; /* the lab knows the pull model only */
    if (bookmark != NULL && lab_handle_object(bookmark, WEVTAPI_BOOKMARK) == NULL)
        return ERROR_INVALID_HANDLE;
    return (DWORD)lab_fault(LAB_FAULT_SUBSCRIBE_ERROR);
}

static DWORD start(struct result *result, HANDLE signal, EVT_HANDLE bookmark, DWORD flags)
{
    if (!DuplicateHandle(GetCurrentProcess(), signal, GetCurrentProcess(), &result->signal,
                         EVENT_MODIFY_STATE, FALSE, 0))
        return GetLastError();
    DWORD error = lab_lock_log();
    if (error != ERROR_SUCCESS)
        return error;
    error = start_of(result, lab_handle_object(bookmark, WEVTAPI_BOOKMARK), flags);
    lab_unlock();
    if (error == ERROR_SUCCESS)
        error = lab_waiter_start(result->slot, 0, look, result, &result->waiter);
    return error;
}

EVT_HANDLE WINAPI EvtSubscribe(EVT_HANDLE session, HANDLE signal, LPCWSTR path, LPCWSTR query,
                               EVT_HANDLE bookmark, PVOID context, EVT_SUBSCRIBE_CALLBACK callback,
                               DWORD flags)
{
    (void)context;
    DWORD error = check_subscribe(session, signal, bookmark, callback, flags);
    if (error != ERROR_SUCCESS) {
        SetLastError(error);
        return NULL;
    }
    struct result *result = new_result(path, query);
    if (result == NULL)
        return NULL;
    result->subscription = true;
    result->strict = (flags & EvtSubscribeStrict) != 0;
    error = start(result, signal, bookmark, flags);
    if (error != ERROR_SUCCESS) {
        wevtapi_result_free(result);
        SetLastError(error);
        return NULL;
    }
    /* What is there already is signalled at once. */
    look(result);
    return give_handle(result);
}

/* What became of the records that were to be read next. The store is locked. */
static DWORD catch_up(struct result *result)
{
    const struct lab_log_state *state = lab_log_state(result->slot);
    bool cleared = result->epoch != state->epoch;
    if (!cleared && (result->reverse || result->position >= state->oldest))
        return ERROR_SUCCESS;
    if (!result->subscription)
        return ERROR_EVT_QUERY_RESULT_STALE;
    result->epoch = state->epoch;
    result->position = state->oldest;
    if (cleared)
        result->seen = state->oldest - 1;
    /* Said once; the subscription then goes on with what there is. */
    return result->strict ? ERROR_EVT_QUERY_RESULT_STALE : ERROR_SUCCESS;
}

static EVT_HANDLE copy_event(const struct result *result, const struct lab_record *record)
{
    const wchar_t *channel =
        result->file != NULL ? result->file->channel : lab_store->logs[result->slot].name;
    size_t size = offsetof(struct wevtapi_event, record) + record->size;
    struct wevtapi_event *event = HeapAlloc(GetProcessHeap(), 0, size);
    if (event == NULL)
        return NULL;
    wcscpy(event->channel, channel);
    memcpy(&event->record, record, record->size);
    EVT_HANDLE handle = lab_handle_new(WEVTAPI_EVENT, event);
    if (handle == NULL)
        HeapFree(GetProcessHeap(), 0, event);
    return handle;
}

/* Collects matching events of a saved log and moves on. */
static DWORD collect_from_file(struct result *result, DWORD wanted,
                               const struct lab_record **records)
{
    DWORD count = 0;
    const struct lab_record *record;
    while (count < wanted && (record = wevtapi_file_next(result->file)) != NULL)
        if (wevtapi_query_matches(result->query, record))
            records[count++] = record;
    return count;
}

/* Collects matching events and moves on. The store is locked. */
static DWORD collect(struct result *result, DWORD wanted, const struct lab_record **records)
{
    DWORD count = 0;
    const struct lab_record *record = lab_log_find(result->slot, result->position);
    while (record != NULL && count < wanted) {
        if (wevtapi_query_matches(result->query, record))
            records[count++] = record;
        result->position = result->reverse ? record->number - 1 : record->number + 1;
        record = result->reverse ? lab_log_previous(result->slot, record)
                                 : lab_log_next(result->slot, record);
    }
    return count;
}

static DWORD next_events(struct result *result, DWORD wanted, EVT_HANDLE *events, DWORD *returned)
{
    const struct lab_record *records[EVENTS_MAX];
    DWORD most = (DWORD)lab_fault(LAB_FAULT_EVTNEXT_MAX);
    DWORD error = result->file != NULL ? ERROR_SUCCESS : catch_up(result);
    if (error != ERROR_SUCCESS)
        return error;
    wanted = wanted < EVENTS_MAX ? wanted : EVENTS_MAX;
    DWORD count = result->file != NULL ? collect_from_file(result, wanted, records)
                                       : collect(result, wanted, records);
    if (count == 0)
        return ERROR_NO_MORE_ITEMS;
    if (most != 0 && count > most)
        return RPC_S_INVALID_BOUND;
    for (DWORD i = 0; i < count; i++) {
        events[i] = copy_event(result, records[i]);
        if (events[i] == NULL) {
            while (i > 0)
                EvtClose(events[--i]);
            return ERROR_NOT_ENOUGH_MEMORY;
        }
    }
    *returned = count;
    return ERROR_SUCCESS;
}

/* The lab never lets one wait: what matches is there or is not. So the timeout is of no use. */
BOOL WINAPI EvtNext(EVT_HANDLE handle, DWORD wanted, EVT_HANDLE *events, DWORD timeout, DWORD flags,
                    PDWORD returned)
{
    (void)timeout;
    DWORD error = (DWORD)lab_fault(LAB_FAULT_EVTNEXT_ERROR);
    struct result *result = lab_handle_object(handle, WEVTAPI_RESULT);
    if (result == NULL)
        return wevtapi_result(ERROR_INVALID_HANDLE);
    if (wanted == 0 || events == NULL || returned == NULL || flags != 0)
        return wevtapi_result(ERROR_INVALID_PARAMETER);
    *returned = 0;
    if (error == ERROR_SUCCESS && result->file != NULL)
        return wevtapi_result(next_events(result, wanted, events, returned));
    if (error != ERROR_SUCCESS || (error = lab_lock_log_session(result->session)) != ERROR_SUCCESS)
        return wevtapi_result(error);
    error = next_events(result, wanted, events, returned);
    lab_unlock();
    return wevtapi_result(error);
}

BOOL WINAPI EvtClearLog(EVT_HANDLE session, LPCWSTR channel, LPCWSTR target, DWORD flags)
{
    if (session != NULL || target != NULL)
        return wevtapi_result(ERROR_NOT_SUPPORTED);
    if (channel == NULL || flags != 0)
        return wevtapi_result(ERROR_INVALID_PARAMETER);
    unsigned slot = lab_log_slot(channel);
    if (slot == LAB_LOGS)
        return wevtapi_result(ERROR_EVT_CHANNEL_NOT_FOUND);
    DWORD error = lab_lock_log();
    if (error != ERROR_SUCCESS)
        return wevtapi_result(error);
    lab_log_clear(slot);
    lab_unlock();
    return TRUE;
}
