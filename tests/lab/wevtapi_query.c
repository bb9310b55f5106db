/* wevtapi_query.c: structured queries, and whether an event matches one.
 *
 *   <QueryList><Query Path=...><Select Path=...>xpath</Select>...</Query></QueryList>
 *
 * Several Selects of one channel are alternatives. Suppress is an invalid query here.
 */
#include "wevtapi_xpath.h"

#include <string.h>

enum { SELECT_MAX = 4096 };

/* The text up to end, entities resolved. */
static bool unescape(const wchar_t *text, const wchar_t *end, wchar_t *to, size_t size)
{
    static const struct {
        const wchar_t *entity;
        wchar_t unit;
    } entities[] = {
        {L"&lt;", L'<'}, {L"&gt;", L'>'}, {L"&amp;", L'&'}, {L"&quot;", L'"'}, {L"&apos;", L'\''}};
    size_t count = 0;
    while (text < end) {
        wchar_t unit = *text;
        size_t length = 1;
        if (unit == L'<' || count + 1 >= size)
            return false;
        if (unit == L'&') {
            length = 0;
            for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
                if (wcsncmp(text, entities[i].entity, wcslen(entities[i].entity)) == 0) {
                    unit = entities[i].unit;
                    length = wcslen(entities[i].entity);
                }
            if (length == 0)
                return false;
        }
        to[count++] = unit;
        text += length;
    }
    to[count] = 0;
    return true;
}

/* An attribute of the tag that starts at tag; "" when it has none. */
static bool attribute(const wchar_t *tag, const wchar_t *name, wchar_t value[WEVTAPI_LITERAL])
{
    const wchar_t *end = wcschr(tag, L'>');
    const wchar_t *at = wcsstr(tag, name);
    value[0] = 0;
    if (end == NULL)
        return false;
    if (at == NULL || at > end)
        return true;
    at += wcslen(name);
    while (*at == L' ' || *at == L'=')
        at++;
    const wchar_t *close = *at == L'"' || *at == L'\'' ? wcschr(at + 1, *at) : NULL;
    return close != NULL && unescape(at + 1, close, value, WEVTAPI_LITERAL);
}

static DWORD use_channel(const wchar_t *channel, unsigned *slot)
{
    unsigned found = lab_log_slot(channel);
    if (found == LAB_LOGS)
        return ERROR_EVT_CHANNEL_NOT_FOUND;
    if (*slot != LAB_LOGS && *slot != found)
        return ERROR_NOT_SUPPORTED; /* several channels at once */
    *slot = found;
    return ERROR_SUCCESS;
}

static DWORD parse_select(struct wevtapi_query *query, const wchar_t *select,
                          const wchar_t *query_path, unsigned *slot, const wchar_t **end)
{
    wchar_t path[WEVTAPI_LITERAL], xpath[SELECT_MAX];
    const wchar_t *open = wcschr(select, L'>');
    const wchar_t *close = wcsstr(select, L"</Select>");
    if (open == NULL || close == NULL || open > close || !attribute(select, L"Path", path) ||
        !unescape(open + 1, close, xpath, SELECT_MAX))
        return ERROR_EVT_INVALID_QUERY;
    *end = close + wcslen(L"</Select>");
    DWORD error = use_channel(path[0] != 0 ? path : query_path, slot);
    if (error != ERROR_SUCCESS)
        return error;
    return wevtapi_xpath_parse(query, xpath) ? ERROR_SUCCESS : ERROR_EVT_INVALID_QUERY;
}

static DWORD parse_structured(struct wevtapi_query *query, const wchar_t *text, unsigned *slot)
{
    wchar_t path[WEVTAPI_LITERAL];
    const wchar_t *at = wcsstr(text, L"<Query ");
    if (at == NULL || wcsstr(text, L"</QueryList>") == NULL || wcsstr(text, L"<Suppress") != NULL ||
        !attribute(at, L"Path", path))
        return ERROR_EVT_INVALID_QUERY;
    DWORD error = ERROR_EVT_INVALID_QUERY;
    while ((at = wcsstr(at, L"<Select")) != NULL) {
        error = parse_select(query, at, path, slot, &at);
        if (error != ERROR_SUCCESS)
            return error;
    }
    return error;
}

DWORD wevtapi_query_parse(const wchar_t *path, const wchar_t *text, struct wevtapi_query **parsed,
                          unsigned *slot)
{
    unsigned found = LAB_LOGS;
    DWORD error;
    struct wevtapi_query *query = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *query);
    if (query == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    text = text == NULL || *text == 0 ? L"*" : text;
    while (*text == L' ' || (*text >= L'\t' && *text <= L'\r'))
        text++;
    if (*text == L'<') {
        error = parse_structured(query, text, &found);
    } else if (path == NULL) {
        error = ERROR_INVALID_PARAMETER;
    } else {
        error = use_channel(path, &found);
        if (error == ERROR_SUCCESS && !wevtapi_xpath_parse(query, text))
            error = ERROR_EVT_INVALID_QUERY;
    }
    if (error != ERROR_SUCCESS) {
        wevtapi_query_free(query);
        return error;
    }
    *parsed = query;
    *slot = found;
    return ERROR_SUCCESS;
}

DWORD wevtapi_query_parse_xpath(const wchar_t *text, struct wevtapi_query **parsed)
{
    struct wevtapi_query *query = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *query);
    if (query == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!wevtapi_xpath_parse(query, text == NULL || *text == 0 ? L"*" : text)) {
        wevtapi_query_free(query);
        return ERROR_EVT_INVALID_QUERY;
    }
    *parsed = query;
    return ERROR_SUCCESS;
}

void wevtapi_query_free(struct wevtapi_query *query)
{
    if (query != NULL)
        HeapFree(GetProcessHeap(), 0, query);
}

static bool compare(uint64_t left, enum wevtapi_comparison comparison, uint64_t right)
{
    switch (comparison) {
    case EQUAL:
        return left == right;
    case UNEQUAL:
        return left != right;
    case LESS:
        return left < right;
    case LESS_EQUAL:
        return left <= right;
    case GREATER:
        return left > right;
    case GREATER_EQUAL:
        return left >= right;
    }
    return false;
}

static uint64_t field_of(const struct lab_record *record, enum wevtapi_field field)
{
    const EVENTLOGRECORD *classic = lab_record_classic(record);
    switch (field) {
    case EVENT_ID:
        return classic->EventID & 0xffff;
    case RECORD_ID:
        return record->number;
    case LEVEL:
        return wevtapi_level(classic->EventType);
    case TASK:
        return classic->EventCategory;
    }
    return 0;
}

static bool matches(const struct wevtapi_query *query, unsigned at, const struct lab_record *record)
{
    const struct wevtapi_node *node = &query->nodes[at];
    switch (node->kind) {
    case ALWAYS:
        return true;
    case OR:
        return matches(query, node->left, record) || matches(query, node->right, record);
    case AND:
        return matches(query, node->left, record) && matches(query, node->right, record);
    case PROVIDER: {
        const EVENTLOGRECORD *classic = lab_record_classic(record);
        return _wcsicmp((const wchar_t *)(const void *)(classic + 1), node->name) == 0;
    }
    case TIME:
        return compare(record->time, node->comparison, node->number);
    case NUMBER:
        return compare(field_of(record, node->field), node->comparison, node->number);
    }
    return false;
}

bool wevtapi_query_matches(const struct wevtapi_query *query, const struct lab_record *record)
{
    return matches(query, query->root, record);
}
