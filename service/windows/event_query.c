#include "event_query.h"

#include <stdio.h>
#include <string.h>

#include "../core/event_time.h"

/* Text being built in storage that was sized for the worst case; still nothing is written past it.
 */
struct xml {
    wchar_t *text;
    size_t used;
};

static void add_unit(struct xml *xml, wchar_t unit)
{
    if (xml->used < EVENT_QUERY_SIZE - 1)
        xml->text[xml->used++] = unit;
    xml->text[xml->used] = 0;
}

static void add_ascii(struct xml *xml, const char *text)
{
    for (; *text != 0; text++)
        add_unit(xml, (wchar_t)(unsigned char)*text);
}

static void add_escaped(struct xml *xml, const wchar_t *text)
{
    for (; *text != 0; text++) {
        switch (*text) {
        case L'&':
            add_ascii(xml, "&amp;");
            break;
        case L'<':
            add_ascii(xml, "&lt;");
            break;
        case L'>':
            add_ascii(xml, "&gt;");
            break;
        case L'"':
            add_ascii(xml, "&quot;");
            break;
        case L'\'':
            add_ascii(xml, "&apos;");
            break;
        default:
            add_unit(xml, *text);
        }
    }
}

static void add_number(struct xml *xml, uint64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    add_ascii(xml, digits);
}

static bool is_name(const wchar_t *name)
{
    size_t count = wcsnlen(name, EVENT_QUERY_NAME_MAX + 1);
    if (count == 0 || count > EVENT_QUERY_NAME_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        if (name[i] < 0x20)
            return false;
    return true;
}

/* The condition that the event is older. SystemTime is compared as a time, not as text. */
static void add_before(struct xml *xml, int64_t before)
{
    char time[EVENT_TIME_TEXT_SIZE];
    event_time_to_text(before, time);
    time[strcspn(time, "Z")] = 0;
    add_ascii(xml, " and TimeCreated[@SystemTime &lt; '");
    add_ascii(xml, time);
    add_ascii(xml, ".000Z']");
}

/* The quotes that XPath can write a provider's name in; null when there are none. */
static const char *quote_for(const wchar_t *provider)
{
    if (!is_name(provider))
        return NULL;
    bool apostrophe = wcschr(provider, L'\'') != NULL;
    if (apostrophe && wcschr(provider, L'"') != NULL)
        return NULL;
    return apostrophe ? "\"" : "'";
}

bool event_query_to_xpath(const wchar_t *provider, uint16_t event_id,
                          wchar_t text[EVENT_QUERY_SIZE])
{
    const char *quote = quote_for(provider);
    if (quote == NULL)
        return false;
    struct xml xpath = {text, 0};
    add_ascii(&xpath, "*[System[Provider[@Name=");
    add_ascii(&xpath, quote);
    for (; *provider != 0; provider++)
        add_unit(&xpath, *provider);
    add_ascii(&xpath, quote);
    add_ascii(&xpath, "] and (EventID=");
    add_number(&xpath, event_id);
    add_ascii(&xpath, ")]]");
    return true;
}

bool event_query_to_xml(const struct event_query *query, wchar_t text[EVENT_QUERY_SIZE])
{
    const char *quote = quote_for(query->provider);
    if (!is_name(query->channel) || quote == NULL)
        return false;

    struct xml xml = {text, 0};
    add_ascii(&xml, "<QueryList><Query Id=\"0\" Path=\"");
    add_escaped(&xml, query->channel);
    add_ascii(&xml, "\"><Select Path=\"");
    add_escaped(&xml, query->channel);
    add_ascii(&xml, "\">*[System[Provider[@Name=");
    add_ascii(&xml, quote);
    add_escaped(&xml, query->provider);
    add_ascii(&xml, quote);
    add_ascii(&xml, "] and (EventID=");
    add_number(&xml, query->event_id);
    add_ascii(&xml, ")");
    if (query->bounded)
        add_before(&xml, query->before);
    add_ascii(&xml, "]]</Select></Query></QueryList>");
    return true;
}

void event_query_record(uint64_t record, wchar_t xpath[EVENT_QUERY_RECORD_SIZE])
{
    struct xml xml = {xpath, 0};
    add_ascii(&xml, "*[System[(EventRecordID=");
    add_number(&xml, record);
    add_ascii(&xml, ")]]");
}

/* The number in quotes at a place. */
static bool take_quoted(const wchar_t *at, uint64_t *number)
{
    const wchar_t quote = *at;
    const wchar_t *const digits = at + 1;
    uint64_t taken = 0;
    if (quote != L'\'' && quote != L'"')
        return false;
    for (at = digits; *at >= L'0' && *at <= L'9'; at++) {
        if (taken > (UINT64_MAX - 9) / 10)
            return false;
        taken = taken * 10 + (uint64_t)(*at - L'0');
    }
    if (at == digits || *at != quote)
        return false;
    *number = taken;
    return true;
}

bool event_query_bookmarked(const wchar_t *xml, uint64_t *record)
{
    static const wchar_t attribute[] = L" RecordId=";
    while ((xml = wcsstr(xml, attribute)) != NULL) {
        xml += ARRAYSIZE(attribute) - 1;
        if (take_quoted(xml, record))
            return true;
    }
    return false;
}

bool event_query_bookmark(const wchar_t *channel, uint64_t record, wchar_t text[EVENT_QUERY_SIZE])
{
    if (!is_name(channel))
        return false;
    struct xml xml = {text, 0};
    add_ascii(&xml, "<BookmarkList><Bookmark Channel='");
    add_escaped(&xml, channel);
    add_ascii(&xml, "' RecordId='");
    add_number(&xml, record);
    add_ascii(&xml, "' IsCurrent='true'/></BookmarkList>");
    return true;
}
