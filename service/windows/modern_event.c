#include "modern_event.h"

#include <stddef.h>
#include <string.h>

#include "../core/rendered_event.h"
#include "last_error.h"

_Static_assert(sizeof(EVT_VARIANT) == RENDERED_VALUE_SIZE &&
                   offsetof(EVT_VARIANT, Count) == RENDERED_AT_COUNT &&
                   offsetof(EVT_VARIANT, Type) == RENDERED_AT_TYPE &&
                   (int)EvtVarTypeNull == (int)RENDERED_NULL &&
                   (int)EvtVarTypeString == (int)RENDERED_STRING &&
                   (int)EvtVarTypeUInt64 == (int)RENDERED_UINT64 &&
                   (int)EvtVarTypeFileTime == (int)RENDERED_FILETIME &&
                   (int)EVT_VARIANT_TYPE_ARRAY == (int)RENDERED_ARRAY &&
                   (int)EvtSystemTimeCreated == (int)RENDERED_TIME_CREATED &&
                   (int)EvtSystemEventRecordId == (int)RENDERED_RECORD_ID &&
                   (int)EvtSystemComputer == (int)RENDERED_COMPUTER &&
                   (int)EvtSystemPropertyIdEND == (int)RENDERED_PROPERTIES,
               "rendered_event.h is as winevt.h says");

static DWORD grow(struct modern_event_values *values, DWORD needed)
{
    DWORD size = values->size == 0 ? MODERN_EVENT_VALUES_MIN : values->size;
    while (size < needed)
        size *= 2;
    EVT_VARIANT *larger = modern_log_calls.HeapAlloc(GetProcessHeap(), 0, size);
    if (larger == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (values->values != NULL)
        modern_log_calls.HeapFree(GetProcessHeap(), 0, values->values);
    values->values = larger;
    values->size = size;
    return ERROR_SUCCESS;
}

static DWORD open_values(struct modern_event_values *values, DWORD flags, const char **failed_call)
{
    values->context = modern_log_calls.EvtCreateRenderContext(0, NULL, flags);
    if (values->context == NULL) {
        *failed_call = "EvtCreateRenderContext";
        return last_error();
    }
    *failed_call = "HeapAlloc";
    return grow(values, MODERN_EVENT_VALUES_MIN);
}

static void close_values(struct modern_event_values *values)
{
    if (values->values != NULL)
        modern_log_calls.HeapFree(GetProcessHeap(), 0, values->values);
    if (values->context != NULL)
        modern_log_calls.EvtClose(values->context);
    memset(values, 0, sizeof *values);
}

DWORD modern_event_open(struct modern_event_renderer *renderer, const char **failed_call)
{
    DWORD error = open_values(&renderer->properties, EvtRenderContextSystem, failed_call);
    if (error == ERROR_SUCCESS)
        error = open_values(&renderer->data, EvtRenderContextUser, failed_call);
    return error;
}

void modern_event_close(struct modern_event_renderer *renderer)
{
    close_values(&renderer->properties);
    close_values(&renderer->data);
}

bool modern_event_is_outage(DWORD error)
{
    switch (error) {
    case ERROR_INVALID_HANDLE:
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
    case ERROR_NO_SYSTEM_RESOURCES:
    case RPC_S_SERVER_UNAVAILABLE:
    case RPC_S_SERVER_TOO_BUSY:
    case RPC_S_CALL_FAILED:
    case RPC_S_CALL_FAILED_DNE:
    case RPC_S_CALL_CANCELLED:
        return true;
    default:
        return false;
    }
}

/* Renders one set of values; none when the event has none or they are unusable. */
static DWORD render(struct modern_event_values *values, EVT_HANDLE handle,
                    struct rendered_values *rendered)
{
    *rendered = (struct rendered_values){0};
    /* Twice is enough when the first answer is right about the size. */
    for (int attempt = 0; attempt < 3; attempt++) {
        DWORD used = 0;
        DWORD count = 0;
        if (modern_log_calls.EvtRender(values->context, handle, EvtRenderEventValues, values->size,
                                       values->values, &used, &count)) {
            if (used <= values->size)
                *rendered = (struct rendered_values){values->values, used, count};
            return ERROR_SUCCESS;
        }
        DWORD error = last_error();
        if (modern_event_is_outage(error))
            return error;
        if (error != ERROR_INSUFFICIENT_BUFFER || used > MODERN_EVENT_VALUES_MAX)
            return ERROR_SUCCESS;
        if (used > values->size) {
            error = grow(values, used);
            if (error != ERROR_SUCCESS)
                return error;
        }
    }
    return ERROR_SUCCESS;
}

DWORD modern_event_render(struct modern_event_renderer *renderer, EVT_HANDLE handle,
                          struct relay_event *event, bool *well_formed)
{
    struct rendered_values properties;
    struct rendered_values data;
    DWORD error = render(&renderer->properties, handle, &properties);
    if (error == ERROR_SUCCESS)
        error = render(&renderer->data, handle, &data);
    if (error != ERROR_SUCCESS)
        return error;

    *well_formed = rendered_event_to_relay_event(&properties, &data, event);
    return ERROR_SUCCESS;
}
