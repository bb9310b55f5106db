#include "modern_event.h"

#include <string.h>

#include "../core/event_time.h"
#include "last_error.h"

/* The values of one event: how many there are, and where their bytes end. */
struct rendered {
    const EVT_VARIANT *values;
    DWORD count;
    const uint8_t *end;
};

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

/* Whether a failed EvtRender says something of the log or the machine. Any other error, also one
 * that is documented nowhere, is put down to the event: taken for an outage it would be met again
 * after every reopening, and one odd event would blind the service for good. */
static bool is_outage(DWORD error)
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

/* Renders one set of values. rendered->count is 0 when the event has none or they are unusable. */
static DWORD render(struct modern_event_values *values, EVT_HANDLE handle,
                    struct rendered *rendered)
{
    *rendered = (struct rendered){values->values, 0, NULL};
    /* Twice is enough when the first answer is right about the size. */
    for (int attempt = 0; attempt < 3; attempt++) {
        DWORD used = 0;
        DWORD count = 0;
        if (modern_log_calls.EvtRender(values->context, handle, EvtRenderEventValues, values->size,
                                       values->values, &used, &count)) {
            if (used > values->size || count > used / sizeof(EVT_VARIANT))
                return ERROR_SUCCESS;
            *rendered =
                (struct rendered){values->values, count, (const uint8_t *)values->values + used};
            return ERROR_SUCCESS;
        }
        DWORD error = last_error();
        if (is_outage(error))
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

/* A string among the rendered bytes. An empty one may come as a null: to hold that for malformed
 * would let a client hide by an empty name. False when the string is not wholly there. */
static bool bounded_text(const struct rendered *rendered, const wchar_t *string, struct text *text)
{
    uintptr_t start = (uintptr_t)rendered->values;
    uintptr_t end = (uintptr_t)rendered->end;
    uintptr_t at = (uintptr_t)string;
    if (string == NULL) {
        *text = TEXT_OF(u"");
        return true;
    }
    if (at < start || at >= end || at % sizeof(wchar_t) != 0)
        return false;
    size_t room = (size_t)(end - at) / sizeof(wchar_t);
    size_t count = wcsnlen(string, room);
    if (count == room)
        return false;
    *text = (struct text){string, count};
    return true;
}

/* The text of a value that is one string or null; false when it is of another type. */
static bool single_text(const struct rendered *rendered, const EVT_VARIANT *value,
                        struct text *text)
{
    if (value->Type == EvtVarTypeNull)
        return bounded_text(rendered, NULL, text);
    return value->Type == EvtVarTypeString && bounded_text(rendered, value->StringVal, text);
}

/* The strings of a value, put behind the first *count ones, up to 3 in all. */
static bool add_strings(const struct rendered *rendered, const EVT_VARIANT *value,
                        struct text strings[3], size_t *count)
{
    if (value->Type != (EvtVarTypeString | EVT_VARIANT_TYPE_ARRAY))
        return single_text(rendered, value, &strings[(*count)++]);
    uintptr_t at = (uintptr_t)value->StringArr;
    uintptr_t end = (uintptr_t)rendered->end;
    if (at < (uintptr_t)rendered->values || at > end || at % sizeof(LPWSTR) != 0 ||
        value->Count > (end - at) / sizeof(LPWSTR))
        return false;
    for (DWORD i = 0; i < value->Count && *count < 3; i++)
        if (!bounded_text(rendered, value->StringArr[i], &strings[(*count)++]))
            return false;
    return true;
}

static bool insertion_strings(const struct rendered *data, struct relay_event *event)
{
    struct text strings[3];
    size_t count = 0;
    for (DWORD i = 0; i < data->count && count < 3; i++)
        if (!add_strings(data, &data->values[i], strings, &count))
            return false;
    if (count < 3)
        return false;
    event->client = strings[0];
    event->method = strings[1];
    event->account = strings[2];
    return relay_event_well_formed(event);
}

static bool system_properties(const struct rendered *properties, struct relay_event *event)
{
    if (properties->count < EvtSystemPropertyIdEND)
        return false;
    const EVT_VARIANT *record = &properties->values[EvtSystemEventRecordId];
    const EVT_VARIANT *created = &properties->values[EvtSystemTimeCreated];
    const EVT_VARIANT *computer = &properties->values[EvtSystemComputer];
    if (record->Type != EvtVarTypeUInt64)
        return false;
    event->record = record->UInt64Val;
    if (created->Type != EvtVarTypeFileTime)
        return false;
    event->time = event_time_from_filetime(created->FileTimeVal);
    return single_text(properties, computer, &event->origin);
}

DWORD modern_event_render(struct modern_event_renderer *renderer, EVT_HANDLE handle,
                          struct relay_event *event, bool *well_formed)
{
    struct rendered properties;
    struct rendered data;
    DWORD error = render(&renderer->properties, handle, &properties);
    if (error == ERROR_SUCCESS)
        error = render(&renderer->data, handle, &data);
    if (error != ERROR_SUCCESS)
        return error;

    struct relay_event taken = {0};
    *well_formed = system_properties(&properties, &taken) && insertion_strings(&data, &taken);
    *event = taken;
    return ERROR_SUCCESS;
}
