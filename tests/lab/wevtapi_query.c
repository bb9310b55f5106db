/* wevtapi_query.c: the queries that the lab understands.
 *
 *   query   = '*' | '*[System[' or ']]' | '*[System/' test ']' is not; nothing of EventData
 *   or      = and { 'or' and }
 *   and     = term { 'and' term }
 *   term    = '(' or ')' | 'Provider[' names ']' | 'TimeCreated[' times ']' | number-test
 *   names   = '@Name' '=' literal { 'or' ... }
 *   times   = '@SystemTime' op literal { 'and' ... }
 *   number-test = ('EventID' | 'EventRecordID' | 'Level' | 'Task') op number
 *
 * Structured: <QueryList><Query Path=...><Select Path=...>query</Select>...</Query></QueryList>;
 * several Selects of one channel are alternatives. What is not of the subset is an invalid query,
 * never a query that matches something else.
 */
#include "wevtapi.h"

#include <string.h>

enum { NODES_MAX = 128, LITERAL_MAX = 260, SELECT_MAX = 4096, DEPTH_MAX = 16 };

enum node_kind { ALWAYS, OR, AND, PROVIDER, TIME, NUMBER };
enum comparison { EQUAL, UNEQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL };
enum field { EVENT_ID, RECORD_ID, LEVEL, TASK };

struct node {
    enum node_kind kind;
    enum comparison comparison;
    enum field field;
    unsigned left, right; /* of OR and AND */
    uint64_t number;      /* or time */
    wchar_t name[LITERAL_MAX];
};

struct wevtapi_query {
    unsigned count;
    unsigned root;
    struct node nodes[NODES_MAX];
};

struct parser {
    const wchar_t *at;
    struct wevtapi_query *query;
    unsigned depth;
    bool failed;
};

static void skip_space(struct parser *parser)
{
    while (*parser->at == L' ' || (*parser->at >= L'\t' && *parser->at <= L'\r'))
        parser->at++;
}

static bool take(struct parser *parser, const wchar_t *token)
{
    size_t count = wcslen(token);
    skip_space(parser);
    if (wcsncmp(parser->at, token, count) != 0)
        return false;
    /* A word ends where a word ends: "or" is not the start of "order". */
    bool word = token[count - 1] >= L'a' && token[count - 1] <= L'z';
    wchar_t next = parser->at[count];
    if (word && ((next >= L'a' && next <= L'z') || (next >= L'A' && next <= L'Z')))
        return false;
    parser->at += count;
    return true;
}

static void want(struct parser *parser, const wchar_t *token)
{
    if (!take(parser, token))
        parser->failed = true;
}

static unsigned new_node(struct parser *parser, enum node_kind kind)
{
    if (parser->query->count == NODES_MAX) {
        parser->failed = true;
        return 0;
    }
    parser->query->nodes[parser->query->count].kind = kind;
    return parser->query->count++;
}

static unsigned join(struct parser *parser, enum node_kind kind, unsigned left, unsigned right)
{
    unsigned node = new_node(parser, kind);
    parser->query->nodes[node].left = left;
    parser->query->nodes[node].right = right;
    return node;
}

static enum comparison comparison(struct parser *parser)
{
    static const struct {
        const wchar_t *token;
        enum comparison comparison;
    } table[] = {{L"!=", UNEQUAL}, {L"<=", LESS_EQUAL}, {L">=", GREATER_EQUAL},
                 {L"<", LESS},     {L">", GREATER},     {L"=", EQUAL}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (take(parser, table[i].token))
            return table[i].comparison;
    parser->failed = true;
    return EQUAL;
}

static void literal(struct parser *parser, wchar_t text[LITERAL_MAX])
{
    size_t count = 0;
    skip_space(parser);
    wchar_t quote = *parser->at;
    text[0] = 0;
    if (quote != L'\'' && quote != L'"') {
        parser->failed = true;
        return;
    }
    for (parser->at++; *parser->at != quote; parser->at++) {
        if (*parser->at == 0 || count == LITERAL_MAX - 1) {
            parser->failed = true;
            return;
        }
        text[count++] = *parser->at;
    }
    parser->at++;
    text[count] = 0;
}

static uint64_t number(struct parser *parser)
{
    uint64_t value = 0;
    skip_space(parser);
    if (*parser->at < L'0' || *parser->at > L'9')
        parser->failed = true;
    for (; *parser->at >= L'0' && *parser->at <= L'9'; parser->at++)
        value = value * 10 + (uint64_t)(*parser->at - L'0');
    return value;
}

/* @Name='X' or @Name='Y' ... */
static unsigned names(struct parser *parser)
{
    unsigned left = 0;
    bool first = true;
    do {
        unsigned node = new_node(parser, PROVIDER);
        want(parser, L"@Name");
        want(parser, L"=");
        literal(parser, parser->query->nodes[node].name);
        left = first ? node : join(parser, OR, left, node);
        first = false;
    } while (!parser->failed && take(parser, L"or"));
    return left;
}

/* @SystemTime >= 'T' and @SystemTime < 'T' ... */
static unsigned times(struct parser *parser)
{
    wchar_t text[LITERAL_MAX];
    unsigned left = 0;
    bool first = true;
    do {
        unsigned node = new_node(parser, TIME);
        want(parser, L"@SystemTime");
        parser->query->nodes[node].comparison = comparison(parser);
        literal(parser, text);
        if (!wevtapi_time_parse(text, &parser->query->nodes[node].number))
            parser->failed = true;
        left = first ? node : join(parser, AND, left, node);
        first = false;
    } while (!parser->failed && take(parser, L"and"));
    return left;
}

static unsigned number_test(struct parser *parser, enum field field)
{
    unsigned node = new_node(parser, NUMBER);
    parser->query->nodes[node].field = field;
    parser->query->nodes[node].comparison = comparison(parser);
    parser->query->nodes[node].number = number(parser);
    return node;
}

static unsigned any_of(struct parser *parser);

static unsigned term(struct parser *parser)
{
    static const struct {
        const wchar_t *token;
        enum field field;
    } fields[] = {
        {L"EventID", EVENT_ID}, {L"EventRecordID", RECORD_ID}, {L"Level", LEVEL}, {L"Task", TASK}};
    unsigned node;
    if (take(parser, L"(")) {
        node = any_of(parser);
        want(parser, L")");
        return node;
    }
    if (take(parser, L"Provider")) {
        want(parser, L"[");
        node = names(parser);
        want(parser, L"]");
        return node;
    }
    if (take(parser, L"TimeCreated")) {
        want(parser, L"[");
        node = times(parser);
        want(parser, L"]");
        return node;
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (take(parser, fields[i].token))
            return number_test(parser, fields[i].field);
    parser->failed = true;
    return 0;
}

static unsigned all_of(struct parser *parser)
{
    unsigned left = term(parser);
    while (!parser->failed && take(parser, L"and"))
        left = join(parser, AND, left, term(parser));
    return left;
}

static unsigned any_of(struct parser *parser)
{
    if (++parser->depth > DEPTH_MAX) {
        parser->failed = true;
        return 0;
    }
    unsigned left = all_of(parser);
    while (!parser->failed && take(parser, L"or"))
        left = join(parser, OR, left, all_of(parser));
    parser->depth--;
    return left;
}

/* One XPath query; a further alternative when there is one already. */
static bool parse_xpath(struct wevtapi_query *query, const wchar_t *text)
{
    struct parser parser = {text, query, 0, false};
    bool first = query->count == 0;
    unsigned root;
    want(&parser, L"*");
    if (take(&parser, L"[")) {
        want(&parser, L"System");
        want(&parser, L"[");
        root = any_of(&parser);
        want(&parser, L"]");
        want(&parser, L"]");
    } else {
        root = new_node(&parser, ALWAYS);
    }
    skip_space(&parser);
    if (*parser.at != 0)
        parser.failed = true;
    query->root = first ? root : join(&parser, OR, query->root, root);
    return !parser.failed;
}

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
static bool attribute(const wchar_t *tag, const wchar_t *name, wchar_t value[LITERAL_MAX])
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
    return close != NULL && unescape(at + 1, close, value, LITERAL_MAX);
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
    wchar_t path[LITERAL_MAX], xpath[SELECT_MAX];
    const wchar_t *open = wcschr(select, L'>');
    const wchar_t *close = wcsstr(select, L"</Select>");
    if (open == NULL || close == NULL || open > close || !attribute(select, L"Path", path) ||
        !unescape(open + 1, close, xpath, SELECT_MAX))
        return ERROR_EVT_INVALID_QUERY;
    *end = close + wcslen(L"</Select>");
    DWORD error = use_channel(path[0] != 0 ? path : query_path, slot);
    if (error != ERROR_SUCCESS)
        return error;
    return parse_xpath(query, xpath) ? ERROR_SUCCESS : ERROR_EVT_INVALID_QUERY;
}

static DWORD parse_structured(struct wevtapi_query *query, const wchar_t *text, unsigned *slot)
{
    wchar_t path[LITERAL_MAX];
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
        if (error == ERROR_SUCCESS && !parse_xpath(query, text))
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

void wevtapi_query_free(struct wevtapi_query *query)
{
    if (query != NULL)
        HeapFree(GetProcessHeap(), 0, query);
}

static bool compare(uint64_t left, enum comparison comparison, uint64_t right)
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

static uint64_t field_of(const struct lab_record *record, enum field field)
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
    const struct node *node = &query->nodes[at];
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
