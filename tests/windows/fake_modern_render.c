/* What wevtapi says of an event of the fake event log, and of a bookmark. */
#include "fake_event_log_parts.h"

#include <stdio.h>
#include <string.h>

EVT_HANDLE WINAPI fake_EvtCreateRenderContext(DWORD count, LPCWSTR *paths, DWORD flags)
{
    if (!fake_call(FAKE_EVT_CREATE_RENDER_CONTEXT))
        return NULL;
    if (count != 0 || paths != NULL ||
        (flags != EvtRenderContextSystem && flags != EvtRenderContextUser)) {
        fake_fail(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    EVT_HANDLE handle;
    fake_open(FAKE_CONTEXT, &handle)->context = flags;
    return handle;
}

/* A buffer being filled: values first, what they point to behind them. Without room only the size
 * is counted. */
struct rendering {
    uint8_t *buffer;
    size_t size;
    size_t used;
};

static void *take(struct rendering *rendering, size_t size)
{
    size_t at = rendering->used;
    rendering->used += (size + 7) & ~(size_t)7;
    return rendering->used <= rendering->size ? rendering->buffer + at : NULL;
}

static LPWSTR put_string(struct rendering *rendering, const wchar_t *text)
{
    size_t size = (wcslen(text) + 1) * sizeof *text;
    void *to = take(rendering, size);
    return to == NULL ? NULL : memcpy(to, text, size);
}

static EVT_VARIANT string_value(struct rendering *rendering, const wchar_t *text)
{
    if (*text == 0 && fake_event_log.null_for_empty)
        return (EVT_VARIANT){.Type = EvtVarTypeNull};
    return (EVT_VARIANT){.StringVal = put_string(rendering, text), .Type = EvtVarTypeString};
}

static DWORD render_properties(struct rendering *rendering, const struct fake_record *record)
{
    DWORD count = record->oddity == FAKE_FEW_PROPERTIES ? 9 : EvtSystemPropertyIdEND;
    EVT_VARIANT *to = take(rendering, count * sizeof *to);
    EVT_VARIANT values[EvtSystemPropertyIdEND];
    memset(values, 0, sizeof values);
    values[EvtSystemProviderName] = string_value(rendering, record->source);
    values[EvtSystemEventID].UInt16Val = (UINT16)record->event_id;
    values[EvtSystemEventID].Type = EvtVarTypeUInt16;
    values[EvtSystemQualifiers].UInt16Val = (UINT16)(record->event_id >> 16);
    values[EvtSystemQualifiers].Type = EvtVarTypeUInt16;
    values[EvtSystemTimeCreated].FileTimeVal = record->generated;
    values[EvtSystemTimeCreated].Type =
        record->oddity == FAKE_TIME_TYPE ? EvtVarTypeUInt64 : EvtVarTypeFileTime;
    values[EvtSystemEventRecordId].UInt64Val = fake_event_record_id(record);
    values[EvtSystemEventRecordId].Type = EvtVarTypeUInt64;
    if (record->oddity == FAKE_RECORD_ID_TYPE)
        values[EvtSystemEventRecordId] = string_value(rendering, L"17");
    values[EvtSystemChannel] = string_value(rendering, fake_event_log.channel);
    values[EvtSystemComputer] = string_value(rendering, record->computer);
    if (record->oddity == FAKE_COMPUTER_TYPE)
        values[EvtSystemComputer] = (EVT_VARIANT){.UInt32Val = 7, .Type = EvtVarTypeUInt32};
    if (to != NULL)
        memcpy(to, values, count * sizeof *to);
    return count;
}

/* Makes a rendered string odd in the way the record says. */
static EVT_VARIANT odd_value(const struct fake_record *record, size_t index, EVT_VARIANT value)
{
    static const wchar_t elsewhere[] = L"elsewhere";
    if (record->oddity == FAKE_NUMBER_FOR_STRING && index == 1)
        value = (EVT_VARIANT){.UInt32Val = 7, .Type = EvtVarTypeUInt32};
    if (record->oddity == FAKE_ANSI_FOR_STRING && index == 2)
        value.Type = EvtVarTypeAnsiString;
    if (record->oddity == FAKE_STRING_OUTSIDE && index == 0)
        value.StringVal = elsewhere;
    return value;
}

/* Overwrites the end of what was rendered, terminators and all. */
static void unend(struct rendering *rendering)
{
    if (rendering->used <= rendering->size)
        memset(rendering->buffer + rendering->used - 8, 'x', 8);
}

static DWORD render_array(struct rendering *rendering, const struct fake_record *record)
{
    EVT_VARIANT *to = take(rendering, sizeof *to);
    size_t count = record->string_count;
    LPWSTR *array = take(rendering, count * sizeof *array);
    for (size_t i = 0; i < count; i++) {
        LPWSTR string = put_string(rendering, record->strings[i]);
        if (array != NULL)
            array[i] = odd_value(record, i, (EVT_VARIANT){.StringVal = string}).StringVal == string
                           ? string
                           : (LPWSTR)(uintptr_t)8;
    }
    if (to != NULL)
        *to = (EVT_VARIANT){
            .StringArr = array,
            .Count = record->oddity == FAKE_ARRAY_TOO_LONG ? 0x20000000 : (DWORD)count,
            .Type = EvtVarTypeString | EVT_VARIANT_TYPE_ARRAY,
        };
    return 1;
}

static DWORD render_strings(struct rendering *rendering, const struct fake_record *record)
{
    size_t count = record->string_count;
    EVT_VARIANT *to = take(rendering, count * sizeof *to);
    for (size_t i = 0; i < count; i++) {
        EVT_VARIANT value = odd_value(record, i, string_value(rendering, record->strings[i]));
        if (to != NULL)
            to[i] = value;
    }
    return (DWORD)count;
}

static DWORD render_data(struct rendering *rendering, const struct fake_record *record)
{
    DWORD count = 0; /* an event without data has no values */
    if (record->string_count > 0)
        count = fake_event_log.array_form || record->oddity == FAKE_ARRAY_TOO_LONG
                    ? render_array(rendering, record)
                    : render_strings(rendering, record);
    if (record->oddity == FAKE_STRING_UNENDED)
        unend(rendering);
    return count;
}

static BOOL render_bookmark(const struct fake_handle *bookmark, DWORD size, wchar_t *buffer,
                            PDWORD used)
{
    wchar_t number[48] = L"";
    if (!bookmark->unnumbered)
        swprintf(number, ARRAYSIZE(number), L" RecordId='%llu'", bookmark->mark);
    wchar_t xml[512];
    int count = swprintf(xml, ARRAYSIZE(xml),
                         L"<BookmarkList%ls>\r\n  <Bookmark Channel='%ls'%ls IsCurrent='true'/>\r\n"
                         L"</BookmarkList>",
                         bookmark->backwards ? L" Direction='backward'" : L"",
                         fake_event_log.channel, number);
    *used = (DWORD)(count + 1) * (DWORD)sizeof *xml;
    if (*used > size)
        return fake_fail(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, xml, *used);
    return TRUE;
}

BOOL WINAPI fake_EvtRender(EVT_HANDLE context_handle, EVT_HANDLE event_handle, DWORD flags,
                           DWORD size, PVOID buffer, PDWORD used, PDWORD count)
{
    if (!fake_call(FAKE_EVT_RENDER))
        return FALSE;
    if (flags == EvtRenderBookmark && context_handle == NULL) {
        const struct fake_handle *bookmark = fake_use(event_handle, FAKE_BOOKMARK);
        *count = 0;
        return bookmark != NULL && render_bookmark(bookmark, size, buffer, used);
    }
    const struct fake_handle *context = fake_use(context_handle, FAKE_CONTEXT);
    const struct fake_handle *event = fake_use(event_handle, FAKE_EVENT);
    if (context == NULL || event == NULL)
        return FALSE;
    if (flags != EvtRenderEventValues)
        return fake_fail(ERROR_INVALID_PARAMETER);
    struct rendering rendering = {buffer, size, 0};
    DWORD values = context->context == EvtRenderContextSystem
                       ? render_properties(&rendering, event->record)
                       : render_data(&rendering, event->record);
    *used = (DWORD)rendering.used;
    *count = values;
    return rendering.used <= size ? TRUE : fake_fail(ERROR_INSUFFICIENT_BUFFER);
}
