/* The part of XML and XPath that event queries and bookmarks are written in. */
#include "fake_event_log_parts.h"

#include <string.h>

enum { TEXT_SIZE = 2048 };

struct tag {
    wchar_t name[32];
    wchar_t names[4][32];
    wchar_t values[4][TEXT_SIZE];
    size_t count;
    bool closing; /* </name> */
    bool empty;   /* <name/> */
};

static void skip_spaces(const wchar_t **at)
{
    while (**at == L' ' || **at == L'\t' || **at == L'\r' || **at == L'\n')
        ++*at;
}

static bool take(const wchar_t **at, const wchar_t *token)
{
    size_t count = wcslen(token);
    if (wcsncmp(*at, token, count) != 0)
        return false;
    *at += count;
    return true;
}

static bool take_name(const wchar_t **at, wchar_t name[32])
{
    size_t count = 0;
    while ((**at >= L'a' && **at <= L'z') || (**at >= L'A' && **at <= L'Z')) {
        if (count == 31)
            return false;
        name[count++] = *(*at)++;
    }
    name[count] = 0;
    return count > 0;
}

/* Text up to a unit, entities resolved. */
static bool take_text(const wchar_t **at, wchar_t end, wchar_t text[TEXT_SIZE])
{
    static const struct {
        const wchar_t *entity;
        wchar_t unit;
    } entities[] = {
        {L"&amp;", L'&'}, {L"&lt;", L'<'}, {L"&gt;", L'>'}, {L"&quot;", L'"'}, {L"&apos;", L'\''}};
    size_t count = 0;
    while (**at != end) {
        if (**at == 0 || **at == L'<' || count == TEXT_SIZE - 1)
            return false;
        wchar_t unit = **at;
        if (unit == L'&') {
            size_t i = 0;
            while (i < 5 && !take(at, entities[i].entity))
                i++;
            if (i == 5)
                return false;
            unit = entities[i].unit;
        } else {
            ++*at;
        }
        text[count++] = unit;
    }
    text[count] = 0;
    return true;
}

static bool take_tag(const wchar_t **at, struct tag *tag)
{
    memset(tag, 0, sizeof *tag);
    skip_spaces(at);
    if (!take(at, L"<"))
        return false;
    tag->closing = take(at, L"/");
    if (!take_name(at, tag->name))
        return false;
    for (;;) {
        skip_spaces(at);
        if (take(at, L">"))
            return true;
        if (take(at, L"/>")) {
            tag->empty = true;
            return !tag->closing;
        }
        if (tag->closing || tag->count == 4 || !take_name(at, tag->names[tag->count]))
            return false;
        skip_spaces(at);
        if (!take(at, L"="))
            return false;
        skip_spaces(at);
        wchar_t quote = **at;
        if ((quote != L'"' && quote != L'\'') ||
            (++*at, !take_text(at, quote, tag->values[tag->count])))
            return false;
        ++*at;
        tag->count++;
    }
}

static const wchar_t *attribute(const struct tag *tag, const wchar_t *name)
{
    for (size_t i = 0; i < tag->count; i++)
        if (wcscmp(tag->names[i], name) == 0)
            return tag->values[i];
    return NULL;
}

static bool opens(const wchar_t **at, struct tag *tag, const wchar_t *name)
{
    return take_tag(at, tag) && !tag->closing && wcscmp(tag->name, name) == 0;
}

static bool closes(const wchar_t **at, struct tag *tag, const wchar_t *name)
{
    return take_tag(at, tag) && tag->closing && wcscmp(tag->name, name) == 0;
}

/* A literal of XPath 1.0: in either kind of quotes, without escapes. */
static bool take_literal(const wchar_t **at, wchar_t *text, size_t size)
{
    wchar_t quote = **at;
    if (quote != L'"' && quote != L'\'')
        return false;
    ++*at;
    size_t count = 0;
    while (**at != quote) {
        if (**at == 0 || count == size - 1)
            return false;
        text[count++] = *(*at)++;
    }
    text[count] = 0;
    ++*at;
    return true;
}

static bool take_number(const wchar_t **at, uint64_t *number)
{
    bool any = false;
    *number = 0;
    for (; **at >= L'0' && **at <= L'9'; ++*at) {
        any = true;
        *number = *number * 10 + (uint64_t)(**at - L'0');
    }
    return any;
}

static bool take_part(const wchar_t **at, wchar_t end, WORD *part)
{
    const wchar_t *digits = *at;
    uint64_t number;
    if (!take_number(&digits, &number) || number > 9999 || *digits != end)
        return false;
    *at = digits + 1;
    *part = (WORD)number;
    return true;
}

/* 2010-01-02T03:04:05.678Z, the fraction optional. */
static bool parse_time(const wchar_t *at, uint64_t *ticks)
{
    SYSTEMTIME time = {0};
    FILETIME file;
    if (!take_part(&at, L'-', &time.wYear) || !take_part(&at, L'-', &time.wMonth) ||
        !take_part(&at, L'T', &time.wDay) || !take_part(&at, L':', &time.wHour) ||
        !take_part(&at, L':', &time.wMinute) ||
        (!take_part(&at, L'.', &time.wSecond) && !take_part(&at, L'Z', &time.wSecond)))
        return false;
    if (at[-1] == L'.' && !take_part(&at, L'Z', &time.wMilliseconds))
        return false;
    if (*at != 0 || !SystemTimeToFileTime(&time, &file))
        return false;
    *ticks = (uint64_t)file.dwHighDateTime << 32 | file.dwLowDateTime;
    return true;
}

static bool take_condition(const wchar_t **at, struct fake_selection *selection)
{
    skip_spaces(at);
    if (take(at, L"Provider[@Name=")) {
        return take_literal(at, selection->provider, 256) && take(at, L"]");
    }
    bool parenthesis = take(at, L"(");
    if (parenthesis && take(at, L"EventRecordID="))
        return take_number(at, &selection->record) && take(at, L")");
    if (take(at, L"EventID=")) {
        uint64_t number;
        if (!take_number(at, &number) || number > 0xffff || (parenthesis && !take(at, L")")))
            return false;
        selection->event_id = (DWORD)number;
        return true;
    }
    wchar_t time[64];
    if (parenthesis || !take(at, L"TimeCreated[@SystemTime"))
        return false;
    skip_spaces(at);
    if (!take(at, L"<"))
        return false;
    skip_spaces(at);
    selection->bounded = true;
    return take_literal(at, time, 64) && take(at, L"]") && parse_time(time, &selection->before);
}

static bool parse_path(const wchar_t *at, struct fake_selection *selection)
{
    memset(selection, 0, sizeof *selection);
    selection->event_id = MAXDWORD;
    if (!take(&at, L"*"))
        return false;
    if (*at == 0) {
        selection->everything = true;
        return true;
    }
    if (!take(&at, L"[System["))
        return false;
    do {
        if (!take_condition(&at, selection))
            return false;
        skip_spaces(&at);
    } while (take(&at, L"and "));
    return take(&at, L"]]") && *at == 0;
}

DWORD fake_parse_query(const wchar_t *channel, const wchar_t *query,
                       struct fake_selection *selection)
{
    static struct tag tag; /* large; one thread */
    static wchar_t path[TEXT_SIZE];
    const wchar_t *at = query;
    if (query == NULL)
        return ERROR_EVT_INVALID_QUERY;
    if (*query == L'*') {
        if (channel == NULL || wcscmp(channel, fake_event_log.channel) != 0)
            return ERROR_EVT_CHANNEL_NOT_FOUND;
        return parse_path(query, selection) ? ERROR_SUCCESS : ERROR_EVT_INVALID_QUERY;
    }
    if (!opens(&at, &tag, L"QueryList") || !opens(&at, &tag, L"Query") ||
        attribute(&tag, L"Id") == NULL || !opens(&at, &tag, L"Select"))
        return ERROR_EVT_INVALID_QUERY;
    const wchar_t *selected = attribute(&tag, L"Path");
    bool known = selected != NULL && wcscmp(selected, fake_event_log.channel) == 0;
    if (selected == NULL || !take_text(&at, L'<', path) || !closes(&at, &tag, L"Select") ||
        !closes(&at, &tag, L"Query") || !closes(&at, &tag, L"QueryList") || *at != 0 ||
        !parse_path(path, selection))
        return ERROR_EVT_INVALID_QUERY;
    return known ? ERROR_SUCCESS : ERROR_EVT_CHANNEL_NOT_FOUND;
}

bool fake_parse_bookmark(const wchar_t *at, uint64_t *number)
{
    static struct tag tag;
    static wchar_t digits[TEXT_SIZE];
    if (!opens(&at, &tag, L"BookmarkList") || !opens(&at, &tag, L"Bookmark") || !tag.empty)
        return false;
    const wchar_t *channel = attribute(&tag, L"Channel");
    const wchar_t *record = attribute(&tag, L"RecordId");
    const wchar_t *current = attribute(&tag, L"IsCurrent");
    if (channel == NULL || wcscmp(channel, fake_event_log.channel) != 0 || record == NULL ||
        current == NULL || wcscmp(current, L"true") != 0)
        return false;
    memcpy(digits, record, sizeof digits);
    const wchar_t *end = digits;
    return take_number(&end, number) && *end == 0 && closes(&at, &tag, L"BookmarkList");
}

uint64_t fake_event_record_id(const struct fake_record *record)
{
    return record->forwarded != 0 ? record->forwarded : record->number;
}

bool fake_selects(const struct fake_selection *selection, const struct fake_record *record)
{
    if (selection->everything)
        return true;
    if (selection->provider[0] != 0 && wcscmp(selection->provider, record->source) != 0)
        return false;
    if (selection->event_id != MAXDWORD && (record->event_id & 0xffff) != selection->event_id)
        return false;
    if (selection->record != 0 && selection->record != fake_event_record_id(record))
        return false;
    return !selection->bounded || record->generated < selection->before;
}
