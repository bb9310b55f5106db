#include "queried_log.h"

#include <string.h>

#include "../core/checked.h"
#include "event_query.h"
#include "last_error.h"

enum {
    BATCH = 64,     /* events asked for at once */
    RENEWALS = 1000 /* of a query in a row; a channel that is cleared all the time is given up */
};

struct queried_log {
    struct modern_event_renderer renderer;
    EVT_HANDLE result;
    EVT_HANDLE events[BATCH];
    DWORD count, next; /* of events: those before next were closed */
    DWORD batch;       /* events to ask for at once */
    uint64_t last;     /* record number of the event given last; 0 before the first */
    bool passing;      /* up to that one all were given before the query was renewed */
    bool torn;
    DWORD flags;
    wchar_t query[EVENT_QUERY_SIZE];
    wchar_t path[]; /* terminated */
};

static void close_events(struct queried_log *log)
{
    for (; log->next < log->count; log->next++)
        modern_log_calls.EvtClose(log->events[log->next]);
    log->next = log->count = 0;
}

static void close_result(struct queried_log *log)
{
    close_events(log);
    if (log->result != NULL)
        modern_log_calls.EvtClose(log->result);
    log->result = NULL;
}

/* Asks again from the beginning. */
static DWORD query(struct queried_log *log, const char **failed_call)
{
    close_result(log);
    log->result = modern_log_calls.EvtQuery(NULL, log->path, log->query, log->flags);
    if (log->result == NULL) {
        *failed_call = "EvtQuery";
        return last_error();
    }
    log->passing = log->last != 0;
    return ERROR_SUCCESS;
}

DWORD queried_log_open(const wchar_t *path, bool is_file, const wchar_t *provider,
                       uint16_t event_id, struct queried_log **log, const char **failed_call)
{
    DWORD error = modern_log_load(failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    size_t size = wcslen(path) + 1;
    size_t whole = sizeof(struct queried_log);
    struct queried_log *opened = NULL;
    if (checked_multiply(&size, sizeof *path) && checked_add(&whole, size))
        opened = modern_log_calls.HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, whole);
    if (opened == NULL) {
        *failed_call = "HeapAlloc";
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    memcpy(opened->path, path, size);
    opened->batch = BATCH;
    opened->flags = (is_file ? EvtQueryFilePath : EvtQueryChannelPath) | EvtQueryForwardDirection;
    *failed_call = "the name of the provider";
    error = ERROR_INVALID_PARAMETER;
    if (event_query_to_xpath(provider, event_id, opened->query))
        error = modern_event_open(&opened->renderer, failed_call);
    if (error == ERROR_SUCCESS)
        error = query(opened, failed_call);
    if (error != ERROR_SUCCESS) {
        queried_log_close(opened);
        return error;
    }
    *log = opened;
    return ERROR_SUCCESS;
}

void queried_log_close(struct queried_log *log)
{
    close_result(log);
    modern_event_close(&log->renderer);
    modern_log_calls.HeapFree(GetProcessHeap(), 0, log);
}

/* Fetches a batch. Where a batch was too large for the RPC underneath (error 1734: its events are
 * lost to this result) or the channel has changed under it, the query is made anew. */
static DWORD fetch(struct queried_log *log, const char **failed_call)
{
    for (int renewals = 0;; renewals++) {
        DWORD fetched = 0;
        if (modern_log_calls.EvtNext(log->result, log->batch, log->events, INFINITE, 0, &fetched)) {
            log->next = 0;
            log->count = fetched;
            return fetched > 0 ? ERROR_SUCCESS : ERROR_NO_MORE_ITEMS;
        }
        DWORD error = last_error();
        *failed_call = "EvtNext";
        if (error == RPC_S_INVALID_BOUND && log->batch > 1)
            log->batch = log->batch > 8 ? log->batch / 8 : 1;
        else if (error == ERROR_EVT_QUERY_RESULT_STALE && renewals < RENEWALS)
            log->torn = true;
        else
            return error;
        error = query(log, failed_call);
        if (error != ERROR_SUCCESS)
            return error;
    }
}

DWORD queried_log_next(struct queried_log *log, struct relay_event *event, bool *well_formed,
                       const char **failed_call)
{
    for (;;) {
        if (log->next == log->count) {
            DWORD error = fetch(log, failed_call);
            if (error != ERROR_SUCCESS)
                return error;
        }
        EVT_HANDLE handle = log->events[log->next];
        DWORD error = modern_event_render(&log->renderer, handle, event, well_formed);
        modern_log_calls.EvtClose(handle);
        log->next++;
        if (error != ERROR_SUCCESS) {
            *failed_call = "EvtRender";
            return error;
        }
        if (log->passing && event->record != 0 && event->record <= log->last)
            continue;
        log->passing = log->passing && event->record == 0;
        if (event->record != 0)
            log->last = event->record;
        return ERROR_SUCCESS;
    }
}

bool queried_log_is_torn(const struct queried_log *log)
{
    return log->torn;
}
