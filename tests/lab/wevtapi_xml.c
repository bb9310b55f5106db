/* wevtapi_xml.c: times and events as text. */
#include "wevtapi.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct out {
    wchar_t *text;
    size_t size;
    size_t used;
};

void wevtapi_time_text(uint64_t time, wchar_t text[WEVTAPI_TIME_TEXT])
{
    FILETIME file = {(DWORD)time, (DWORD)(time >> 32)};
    SYSTEMTIME parts = {0};
    FileTimeToSystemTime(&file, &parts);
    _snwprintf(text, WEVTAPI_TIME_TEXT, L"%04u-%02u-%02uT%02u:%02u:%02u.%07u00Z", parts.wYear,
               parts.wMonth, parts.wDay, parts.wHour, parts.wMinute, parts.wSecond,
               (unsigned)(time % 10000000u));
}

static bool digits(const wchar_t **at, int count, WORD *value)
{
    *value = 0;
    for (int i = 0; i < count; i++, (*at)++) {
        if (**at < L'0' || **at > L'9')
            return false;
        *value = (WORD)(*value * 10 + (**at - L'0'));
    }
    return true;
}

bool wevtapi_time_parse(const wchar_t *text, uint64_t *time)
{
    SYSTEMTIME parts = {0};
    FILETIME file;
    WORD *const fields[] = {&parts.wYear, &parts.wMonth,  &parts.wDay,
                            &parts.wHour, &parts.wMinute, &parts.wSecond};
    static const wchar_t separators[] = L"--T::";
    uint64_t fraction = 0;
    for (int i = 0; i < 6; i++) {
        if (!digits(&text, i == 0 ? 4 : 2, fields[i]))
            return false;
        if (i < 5 && *text++ != separators[i])
            return false;
    }
    if (*text == L'.') {
        uint64_t unit = 1000000;
        for (text++; *text >= L'0' && *text <= L'9'; text++, unit /= 10)
            fraction += (uint64_t)(*text - L'0') * unit;
    }
    if (*text == L'Z')
        text++;
    if (*text != 0 || !SystemTimeToFileTime(&parts, &file))
        return false;
    *time = ((uint64_t)file.dwHighDateTime << 32 | file.dwLowDateTime) + fraction;
    return true;
}

uint8_t wevtapi_level(WORD type)
{
    switch (type) {
    case EVENTLOG_ERROR_TYPE:
        return 2;
    case EVENTLOG_WARNING_TYPE:
        return 3;
    case EVENTLOG_AUDIT_SUCCESS:
    case EVENTLOG_AUDIT_FAILURE:
        return 0;
    default:
        return 4;
    }
}

uint64_t wevtapi_keywords(WORD type)
{
    uint64_t classic = UINT64_C(0x80000000000000);
    if (type == EVENTLOG_AUDIT_SUCCESS)
        return classic | UINT64_C(0x20000000000000);
    if (type == EVENTLOG_AUDIT_FAILURE)
        return classic | UINT64_C(0x10000000000000);
    return classic;
}

static void add_unit(struct out *out, wchar_t unit)
{
    if (out->used < out->size)
        out->text[out->used] = unit;
    out->used++;
}

static void add(struct out *out, const wchar_t *format, ...)
{
    wchar_t text[512];
    va_list arguments;
    va_start(arguments, format);
    int count = _vsnwprintf(text, sizeof text / sizeof *text, format, arguments);
    va_end(arguments);
    for (int i = 0; i < count; i++)
        add_unit(out, text[i]);
}

static void add_escaped(struct out *out, const wchar_t *text)
{
    for (; *text != 0; text++) {
        if (*text == L'<')
            add(out, L"&lt;");
        else if (*text == L'>')
            add(out, L"&gt;");
        else if (*text == L'&')
            add(out, L"&amp;");
        else if (*text == L'\'')
            add(out, L"&apos;");
        else
            add_unit(out, *text);
    }
}

static void add_system(struct out *out, const struct wevtapi_event *event)
{
    const EVENTLOGRECORD *classic = lab_record_classic(&event->record);
    const wchar_t *source = (const wchar_t *)(const void *)(classic + 1);
    wchar_t time[WEVTAPI_TIME_TEXT];
    wevtapi_time_text(event->record.time, time);
    add(out, L"<System><Provider Name='");
    add_escaped(out, source);
    add(out, L"'/><EventID Qualifiers='%u'>%u</EventID><Level>%u</Level><Task>%u</Task>",
        (unsigned)(classic->EventID >> 16), (unsigned)(classic->EventID & 0xffff),
        wevtapi_level(classic->EventType), classic->EventCategory);
    add(out, L"<Keywords>0x%llx</Keywords><TimeCreated SystemTime='%ls'/>",
        (unsigned long long)wevtapi_keywords(classic->EventType), time);
    add(out, L"<EventRecordID>%llu</EventRecordID><Channel>",
        (unsigned long long)event->record.number);
    add_escaped(out, event->channel);
    add(out, L"</Channel><Computer>");
    add_escaped(out, source + wcslen(source) + 1);
    add(out, L"</Computer><Security/></System>");
}

size_t wevtapi_event_xml(const struct wevtapi_event *event, wchar_t *text, size_t size)
{
    struct out out = {text, text == NULL ? 0 : size, 0};
    const EVENTLOGRECORD *classic = lab_record_classic(&event->record);
    const uint8_t *bytes = (const uint8_t *)classic;
    const wchar_t *string = (const wchar_t *)(const void *)(bytes + classic->StringOffset);
    add(&out, L"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>");
    add_system(&out, event);
    add(&out, L"<EventData>");
    for (WORD i = 0; i < classic->NumStrings; i++, string += wcslen(string) + 1) {
        add(&out, L"<Data>");
        add_escaped(&out, string);
        add(&out, L"</Data>");
    }
    if (classic->DataLength > 0) {
        add(&out, L"<Binary>");
        for (DWORD i = 0; i < classic->DataLength; i++)
            add(&out, L"%02X", bytes[classic->DataOffset + i]);
        add(&out, L"</Binary>");
    }
    add(&out, L"</EventData></Event>");
    add_unit(&out, 0);
    return out.used;
}
