/* wevtapi_render.c: the values of an event. */
#include "wevtapi.h"

#include <string.h>

#include "lab_faults.h"
#include "lab_handles.h"

enum { PATHS_MAX = 256 };

/* Values first, then what they point to. Counts on past the end of the buffer, so that the size
 * needed comes out in one pass. */
struct rendering {
    uint8_t *buffer;
    size_t size;
    size_t used;
    DWORD count;
    const struct wevtapi_event *event;
    const EVENTLOGRECORD *classic;
};

EVT_HANDLE WINAPI EvtCreateRenderContext(DWORD count, LPCWSTR *paths, DWORD flags)
{
    bool by_path = flags == EvtRenderContextValues;
    if (flags > EvtRenderContextUser || by_path != (count > 0 && paths != NULL) ||
        count > PATHS_MAX) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    struct wevtapi_context *context = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY,
                                                sizeof *context + count * sizeof *context->paths);
    EVT_HANDLE handle = NULL;
    DWORD error = context == NULL ? ERROR_NOT_ENOUGH_MEMORY : ERROR_SUCCESS;
    for (DWORD i = 0; error == ERROR_SUCCESS && by_path && i < count; i++) {
        if (paths[i] == NULL || wcsncmp(paths[i], L"Event/", 6) != 0)
            error = ERROR_EVT_INVALID_EVENT_DATA;
        else if ((context->paths[i] = _wcsdup(paths[i])) == NULL)
            error = ERROR_NOT_ENOUGH_MEMORY;
        context->count = i + 1;
    }
    if (error == ERROR_SUCCESS) {
        context->flags = flags;
        handle = lab_handle_new(WEVTAPI_CONTEXT, context);
        error = handle == NULL ? ERROR_NOT_ENOUGH_MEMORY : ERROR_SUCCESS;
    }
    if (error != ERROR_SUCCESS && context != NULL)
        wevtapi_context_free(context);
    SetLastError(error);
    return handle;
}

void wevtapi_context_free(void *object)
{
    struct wevtapi_context *context = object;
    for (DWORD i = 0; i < context->count; i++)
        free(context->paths[i]);
    HeapFree(GetProcessHeap(), 0, context);
}

static void set(struct rendering *rendering, DWORD index, EVT_VARIANT value)
{
    if ((index + 1) * sizeof value <= rendering->size)
        memcpy(rendering->buffer + index * sizeof value, &value, sizeof value);
}

static const void *add(struct rendering *rendering, const void *bytes, size_t size)
{
    size_t at = (rendering->used + 7) & ~(size_t)7;
    rendering->used = at + size;
    if (rendering->used > rendering->size)
        return NULL;
    if (bytes != NULL)
        memcpy(rendering->buffer + at, bytes, size);
    return rendering->buffer + at;
}

static void set_text(struct rendering *rendering, DWORD index, const wchar_t *text)
{
    EVT_VARIANT value = {.Type = EvtVarTypeString, .Count = (DWORD)wcslen(text)};
    value.StringVal = add(rendering, text, (wcslen(text) + 1) * sizeof *text);
    set(rendering, index, value);
}

static void set_bytes(struct rendering *rendering, DWORD index, DWORD offset, DWORD size,
                      DWORD type)
{
    EVT_VARIANT value = {.Type = type, .Count = size};
    value.BinaryVal = (PBYTE)add(rendering, (const uint8_t *)rendering->classic + offset, size);
    set(rendering, index, value);
}

static const wchar_t *string_of(const struct rendering *rendering, WORD index)
{
    const uint8_t *bytes = (const uint8_t *)rendering->classic;
    const wchar_t *string =
        (const wchar_t *)(const void *)(bytes + rendering->classic->StringOffset);
    while (index-- > 0)
        string += wcslen(string) + 1;
    return string;
}

static void set_strings(struct rendering *rendering, DWORD index)
{
    WORD count = rendering->classic->NumStrings;
    EVT_VARIANT value = {.Type = EvtVarTypeString | EVT_VARIANT_TYPE_ARRAY, .Count = count};
    const void *array = add(rendering, NULL, count * sizeof(LPWSTR));
    value.StringArr = (LPWSTR *)array;
    for (WORD i = 0; i < count; i++) {
        const wchar_t *string = string_of(rendering, i);
        const void *copy = add(rendering, string, (wcslen(string) + 1) * sizeof *string);
        if (array != NULL)
            value.StringArr[i] = (LPWSTR)copy;
    }
    set(rendering, index, value);
}

/* One of the properties that every event has. */
static void set_property(struct rendering *rendering, DWORD index, EVT_SYSTEM_PROPERTY_ID property)
{
    const EVENTLOGRECORD *classic = rendering->classic;
    const wchar_t *source = (const wchar_t *)(const void *)(classic + 1);
    EVT_VARIANT value = {.Type = EvtVarTypeNull};
    switch (property) {
    case EvtSystemProviderName:
        set_text(rendering, index, source);
        return;
    case EvtSystemChannel:
        set_text(rendering, index, rendering->event->channel);
        return;
    case EvtSystemComputer:
        set_text(rendering, index, source + wcslen(source) + 1);
        return;
    case EvtSystemUserID:
        if (classic->UserSidLength > 0) {
            set_bytes(rendering, index, classic->UserSidOffset, classic->UserSidLength,
                      EvtVarTypeSid);
            return;
        }
        break;
    case EvtSystemEventID:
    case EvtSystemQualifiers:
    case EvtSystemTask:
        value.Type = EvtVarTypeUInt16;
        value.UInt16Val = (UINT16)(property == EvtSystemEventID      ? classic->EventID & 0xffff
                                   : property == EvtSystemQualifiers ? classic->EventID >> 16
                                                                     : classic->EventCategory);
        break;
    case EvtSystemLevel:
    case EvtSystemOpcode:
    case EvtSystemVersion:
        value.Type = EvtVarTypeByte;
        value.ByteVal = property == EvtSystemLevel ? wevtapi_level(classic->EventType) : 0;
        break;
    case EvtSystemKeywords:
        value.Type = EvtVarTypeHexInt64;
        value.UInt64Val = wevtapi_keywords(classic->EventType);
        break;
    case EvtSystemTimeCreated:
        value.Type = EvtVarTypeFileTime;
        value.FileTimeVal = rendering->event->record.time;
        break;
    case EvtSystemEventRecordId:
        value.Type = EvtVarTypeUInt64;
        value.UInt64Val = rendering->event->record.number;
        break;
    case EvtSystemProcessID: /* a classic event does not tell */
    case EvtSystemThreadID:
        value.Type = EvtVarTypeUInt32;
        break;
    default:
        break;
    }
    set(rendering, index, value);
}

static void render_properties(struct rendering *rendering)
{
    rendering->count = EvtSystemPropertyIdEND;
    rendering->used = rendering->count * sizeof(EVT_VARIANT);
    for (DWORD i = 0; i < rendering->count; i++)
        set_property(rendering, i, (EVT_SYSTEM_PROPERTY_ID)i);
}

/* The strings of a classic event are an array under one Data element, its bytes a Binary one. */
static void render_data(struct rendering *rendering)
{
    const EVENTLOGRECORD *classic = rendering->classic;
    bool list = lab_fault(LAB_FAULT_EVENT_DATA) != 0;
    DWORD strings = list ? classic->NumStrings : classic->NumStrings > 0 ? 1 : 0;
    rendering->count = strings + (classic->DataLength > 0);
    rendering->used = rendering->count * sizeof(EVT_VARIANT);
    if (!list && strings > 0)
        set_strings(rendering, 0);
    for (WORD i = 0; list && i < classic->NumStrings; i++)
        set_text(rendering, i, string_of(rendering, i));
    if (classic->DataLength > 0)
        set_bytes(rendering, strings, classic->DataOffset, classic->DataLength, EvtVarTypeBinary);
}

static const struct {
    const wchar_t *path;
    EVT_SYSTEM_PROPERTY_ID property;
} property_paths[] = {
    {L"Event/System/Provider/@Name", EvtSystemProviderName},
    {L"Event/System/EventID", EvtSystemEventID},
    {L"Event/System/EventID/@Qualifiers", EvtSystemQualifiers},
    {L"Event/System/Level", EvtSystemLevel},
    {L"Event/System/Task", EvtSystemTask},
    {L"Event/System/Opcode", EvtSystemOpcode},
    {L"Event/System/Keywords", EvtSystemKeywords},
    {L"Event/System/TimeCreated/@SystemTime", EvtSystemTimeCreated},
    {L"Event/System/EventRecordID", EvtSystemEventRecordId},
    {L"Event/System/Execution/@ProcessID", EvtSystemProcessID},
    {L"Event/System/Execution/@ThreadID", EvtSystemThreadID},
    {L"Event/System/Channel", EvtSystemChannel},
    {L"Event/System/Computer", EvtSystemComputer},
    {L"Event/System/Security/@UserID", EvtSystemUserID},
};

/* Data[N] is the N-th string; Data the first, or all when there are several. */
static void set_path(struct rendering *rendering, DWORD index, const wchar_t *path)
{
    static const wchar_t data[] = L"Event/EventData/Data";
    const EVENTLOGRECORD *classic = rendering->classic;
    size_t count = sizeof data / sizeof *data - 1;
    for (size_t i = 0; i < sizeof property_paths / sizeof *property_paths; i++)
        if (wcscmp(path, property_paths[i].path) == 0) {
            set_property(rendering, index, property_paths[i].property);
            return;
        }
    if (wcsncmp(path, data, count) == 0) {
        unsigned long number = path[count] == L'[' ? wcstoul(path + count + 1, NULL, 10) : 0;
        if (number >= 1 && number <= classic->NumStrings) {
            set_text(rendering, index, string_of(rendering, (WORD)(number - 1)));
            return;
        }
        if (path[count] == 0 && classic->NumStrings == 1) {
            set_text(rendering, index, string_of(rendering, 0));
            return;
        }
        if (path[count] == 0 && classic->NumStrings > 1) {
            set_strings(rendering, index);
            return;
        }
    }
    if (wcscmp(path, L"Event/EventData/Binary") == 0 && classic->DataLength > 0) {
        set_bytes(rendering, index, classic->DataOffset, classic->DataLength, EvtVarTypeBinary);
        return;
    }
    set(rendering, index, (EVT_VARIANT){.Type = EvtVarTypeNull});
}

static void render_paths(struct rendering *rendering, const struct wevtapi_context *context)
{
    rendering->count = context->count;
    rendering->used = rendering->count * sizeof(EVT_VARIANT);
    for (DWORD i = 0; i < context->count; i++)
        set_path(rendering, i, context->paths[i]);
}

static BOOL render_values(EVT_HANDLE context_handle, const struct wevtapi_event *event, DWORD size,
                          void *buffer, DWORD *used, DWORD *count)
{
    const struct wevtapi_context *context = lab_handle_object(context_handle, WEVTAPI_CONTEXT);
    struct rendering rendering = {.buffer = buffer,
                                  .size = buffer == NULL ? 0 : size,
                                  .event = event,
                                  .classic = lab_record_classic(&event->record)};
    DWORD error = (DWORD)lab_fault(LAB_FAULT_RENDER_ERROR);
    if (context == NULL)
        return wevtapi_result(ERROR_INVALID_HANDLE);
    if (error != ERROR_SUCCESS)
        return wevtapi_result(error);
    if (context->flags == EvtRenderContextSystem)
        render_properties(&rendering);
    else if (context->flags == EvtRenderContextUser)
        render_data(&rendering);
    else
        render_paths(&rendering, context);
    *used = (DWORD)rendering.used;
    *count = rendering.count;
    return wevtapi_result(rendering.used > rendering.size ? ERROR_INSUFFICIENT_BUFFER
                                                          : ERROR_SUCCESS);
}

static BOOL render_bookmark(EVT_HANDLE fragment, DWORD size, void *buffer, DWORD *used)
{
    wchar_t text[WEVTAPI_BOOKMARK_XML];
    const struct wevtapi_bookmark *bookmark = lab_handle_object(fragment, WEVTAPI_BOOKMARK);
    if (bookmark == NULL)
        return wevtapi_result(ERROR_INVALID_HANDLE);
    *used = wevtapi_bookmark_xml(bookmark, text) * (DWORD)sizeof *text;
    if (buffer == NULL || size < *used)
        return wevtapi_result(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, text, *used);
    return TRUE;
}

BOOL WINAPI EvtRender(EVT_HANDLE context, EVT_HANDLE fragment, DWORD flags, DWORD size,
                      PVOID buffer, PDWORD used, PDWORD count)
{
    if (used == NULL || count == NULL || flags > EvtRenderBookmark)
        return wevtapi_result(ERROR_INVALID_PARAMETER);
    *count = 0;
    *used = 0;
    if (flags == EvtRenderBookmark)
        return render_bookmark(fragment, size, buffer, used);
    const struct wevtapi_event *event = lab_handle_object(fragment, WEVTAPI_EVENT);
    if (event == NULL)
        return wevtapi_result(ERROR_INVALID_HANDLE);
    if (flags == EvtRenderEventValues)
        return render_values(context, event, size, buffer, used, count);
    size_t units = wevtapi_event_xml(event, buffer, size / sizeof(wchar_t));
    *used = (DWORD)(units * sizeof(wchar_t));
    return wevtapi_result(buffer == NULL || *used > size ? ERROR_INSUFFICIENT_BUFFER
                                                         : ERROR_SUCCESS);
}
