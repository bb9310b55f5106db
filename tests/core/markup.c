#include "markup.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 64, NAME_MAX_SIZE = 32, ATTRIBUTES_MAX = 16 };

const char *const markup_of_pages[] = {
    /* elements */
    "a", "b", "bdi", "body", "code", "defs", "desc", "details", "div", "figcaption", "figure",
    "footer", "h1", "h2", "h3", "head", "header", "html", "li", "line", "main", "meta", "nav", "p",
    "path", "pattern", "rect", "section", "span", "style", "summary", "svg", "table", "tbody", "td",
    "text", "th", "thead", "time", "title", "tr", "ul",
    /* attributes */
    "aria-hidden", "aria-label", "aria-labelledby", "caption", "charset", "class", "content", "d",
    "data-subject", "datetime", "dir", "dx", "height", "href", "http-equiv", "id", "lang", "name",
    "patternTransform", "patternUnits", "preserveAspectRatio", "role", "scope", "tabindex",
    "text-anchor", "viewBox", "width", "x", "x1", "x2", "xmlns", "y", "y1", "y2", NULL};

struct parser {
    const char *start, *at, *end;
    const char *const *known;
    char *error;
    char open[DEPTH_MAX][NAME_MAX_SIZE];
    size_t depth;
};

static bool fail(struct parser *parser, const char *what)
{
    if (parser->error[0] == '\0') {
        snprintf(parser->error, MARKUP_ERROR_SIZE, "%s at byte %zu", what,
                 (size_t)(parser->at - parser->start));
    }
    return false;
}

static bool next_is(const struct parser *parser, const char *text)
{
    size_t count = strlen(text);

    return (size_t)(parser->end - parser->at) >= count && memcmp(parser->at, text, count) == 0;
}

static bool skip(struct parser *parser, const char *text)
{
    bool there = next_is(parser, text);

    parser->at += there ? strlen(text) : 0;
    return there;
}

static bool is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == ':';
}

static bool read_name(struct parser *parser, char name[NAME_MAX_SIZE])
{
    size_t count = 0;

    while (parser->at < parser->end && is_name_byte(*parser->at) && count < NAME_MAX_SIZE - 1) {
        name[count++] = *parser->at++;
    }
    name[count] = '\0';
    for (size_t i = 0; count > 0 && parser->known[i] != NULL; i++) {
        if (parser->known[i][0] == name[0] && strcmp(parser->known[i], name) == 0) {
            return true;
        }
    }
    return fail(parser, count > 0 ? "a name that is not known" : "a name must be here");
}

static bool skip_space(struct parser *parser)
{
    const char *before = parser->at;

    while (parser->at < parser->end && (*parser->at == ' ' || *parser->at == '\n')) {
        parser->at++;
    }
    return parser->at > before;
}

/* One character as XML 1.0 2.2 allows it, in UTF-8. */
static bool skip_character(struct parser *parser)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    const uint8_t *at = (const uint8_t *)parser->at;
    size_t left = (size_t)(parser->end - parser->at);
    size_t more = at[0] < 0x80 ? 0 : at[0] < 0xe0 ? 1 : at[0] < 0xf0 ? 2 : 3;
    uint32_t character = more == 0 ? at[0] : at[0] & (0x3fu >> more);

    if ((at[0] >= 0x80 && at[0] < 0xc0) || at[0] >= 0xf8 || more >= left) {
        return fail(parser, "no UTF-8");
    }
    for (size_t i = 1; i <= more; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return fail(parser, "no UTF-8");
        }
        character = character << 6 | (at[i] & 0x3fu);
    }
    if (character < least[more] || character > 0x10ffff ||
        (character >= 0xd800 && character < 0xe000) || character == 0xfffe || character == 0xffff ||
        (character < 0x20 && character != '\n' && character != '\t')) {
        return fail(parser, "a character that XML does not allow");
    }
    parser->at += more + 1;
    return true;
}

static bool skip_entity(struct parser *parser)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;"};

    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        if (skip(parser, entities[i])) {
            return true;
        }
    }
    if (!skip(parser, "&#") || *parser->at < '0' || *parser->at > '9') {
        return fail(parser, "an entity that is not known");
    }
    while (parser->at < parser->end && *parser->at >= '0' && *parser->at <= '9') {
        parser->at++;
    }
    return skip(parser, ";") || fail(parser, "an entity without an end");
}

/* Text up to one of the two bytes. */
static bool skip_text(struct parser *parser, char stop)
{
    while (parser->at < parser->end && *parser->at != stop && *parser->at != '<') {
        if (*parser->at == ']' && next_is(parser, "]]>")) {
            return fail(parser, "]]> in text");
        }
        if (*parser->at == '&' ? !skip_entity(parser) : !skip_character(parser)) {
            return false;
        }
    }
    return true;
}

static bool skip_attributes(struct parser *parser)
{
    char names[ATTRIBUTES_MAX][NAME_MAX_SIZE];

    for (size_t count = 0; skip_space(parser); count++) {
        if (parser->at < parser->end && (*parser->at == '>' || *parser->at == '/')) {
            return true;
        }
        if (count == ATTRIBUTES_MAX) {
            return fail(parser, "too many attributes");
        }
        if (!read_name(parser, names[count])) {
            return false;
        }
        for (size_t i = 0; i < count; i++) {
            if (strcmp(names[i], names[count]) == 0) {
                return fail(parser, "an attribute twice");
            }
        }
        if (!skip(parser, "=\"") || !skip_text(parser, '"') || !skip(parser, "\"")) {
            return fail(parser, "no value in double quotes");
        }
    }
    return true;
}

static bool skip_comment(struct parser *parser)
{
    while (parser->at < parser->end && !next_is(parser, "--")) {
        if (!skip_character(parser)) {
            return false;
        }
    }
    return skip(parser, "-->") || fail(parser, "a comment without an end, or with --");
}

static bool open_element(struct parser *parser)
{
    if (parser->depth == DEPTH_MAX) {
        return fail(parser, "too deep");
    }
    if (!read_name(parser, parser->open[parser->depth]) || !skip_attributes(parser)) {
        return false;
    }
    if (skip(parser, "/>")) {
        return true;
    }
    parser->depth++;
    return skip(parser, ">") || fail(parser, "a tag without an end");
}

static bool close_element(struct parser *parser)
{
    char name[NAME_MAX_SIZE];

    if (!read_name(parser, name)) {
        return false;
    }
    if (parser->depth == 0 || strcmp(parser->open[parser->depth - 1], name) != 0) {
        return fail(parser, "an end of what is not open");
    }
    parser->depth--;
    return skip(parser, ">") || fail(parser, "an end tag without an end");
}

bool markup_is_well_formed(const char *page, size_t size, const char *const *known,
                           char error[MARKUP_ERROR_SIZE])
{
    struct parser parser = {
        .start = page, .at = page, .end = page + size, .known = known, .error = error};
    size_t roots = 0;

    error[0] = '\0';
    if (!skip(&parser, "<!DOCTYPE html>")) {
        return fail(&parser, "no document type");
    }
    while (parser.at < parser.end) {
        bool good;

        if (skip(&parser, "<!--")) {
            good = skip_comment(&parser);
        } else if (skip(&parser, "</")) {
            good = close_element(&parser);
        } else if (skip(&parser, "<")) {
            roots += parser.depth == 0 ? 1 : 0;
            good = open_element(&parser);
        } else if (parser.depth > 0) {
            good = skip_text(&parser, '<');
        } else {
            good = skip_space(&parser) || fail(&parser, "text outside of the page");
        }
        if (!good) {
            return false;
        }
    }
    return (parser.depth == 0 && roots == 1) || fail(&parser, "not one whole element");
}
