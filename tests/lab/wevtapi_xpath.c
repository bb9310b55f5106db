#include "wevtapi_xpath.h"

#include <string.h>

enum { DEPTH_MAX = 16 };

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

static unsigned new_node(struct parser *parser, enum wevtapi_node_kind kind)
{
    if (parser->query->count == WEVTAPI_NODES) {
        parser->failed = true;
        return 0;
    }
    parser->query->nodes[parser->query->count].kind = kind;
    return parser->query->count++;
}

static unsigned join(struct parser *parser, enum wevtapi_node_kind kind, unsigned left,
                     unsigned right)
{
    unsigned node = new_node(parser, kind);
    parser->query->nodes[node].left = left;
    parser->query->nodes[node].right = right;
    return node;
}

static enum wevtapi_comparison comparison(struct parser *parser)
{
    static const struct {
        const wchar_t *token;
        enum wevtapi_comparison comparison;
    } table[] = {{L"!=", UNEQUAL}, {L"<=", LESS_EQUAL}, {L">=", GREATER_EQUAL},
                 {L"<", LESS},     {L">", GREATER},     {L"=", EQUAL}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (take(parser, table[i].token))
            return table[i].comparison;
    parser->failed = true;
    return EQUAL;
}

static void literal(struct parser *parser, wchar_t text[WEVTAPI_LITERAL])
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
        if (*parser->at == 0 || count == WEVTAPI_LITERAL - 1) {
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
    wchar_t text[WEVTAPI_LITERAL];
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

static unsigned number_test(struct parser *parser, enum wevtapi_field field)
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
        enum wevtapi_field field;
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

bool wevtapi_xpath_parse(struct wevtapi_query *query, const wchar_t *text)
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
