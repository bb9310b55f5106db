#include "json_check.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

enum { NAMES_MAX = 64, DEPTH_MAX = 32 };

struct parser {
    const unsigned char *at;
    int depth;
};

static bool value(struct parser *parser);

static void space(struct parser *parser)
{
    while (*parser->at != '\0' && strchr(" \t\r\n", *parser->at) != NULL) {
        parser->at++;
    }
}

static bool take(struct parser *parser, char byte)
{
    bool there = *parser->at == (unsigned char)byte;

    parser->at += there;
    return there;
}

static bool escape(struct parser *parser)
{
    unsigned char kind = *parser->at++;

    if (kind != 'u') {
        return kind != '\0' && strchr("\"\\/bfnrt", kind) != NULL;
    }
    for (int i = 0; i < 4; i++) {
        if (!isxdigit(*parser->at++)) {
            return false;
        }
    }
    return true;
}

/* The bytes of a character above U+007F, by table 3-7 of Unicode. */
static bool beyond_ascii(struct parser *parser)
{
    static const struct {
        unsigned char first_low, first_high, second_low, second_high;
        int more;
    } rows[] = {{0xc2, 0xdf, 0x80, 0xbf, 0}, {0xe0, 0xe0, 0xa0, 0xbf, 1},
                {0xe1, 0xec, 0x80, 0xbf, 1}, {0xed, 0xed, 0x80, 0x9f, 1},
                {0xee, 0xef, 0x80, 0xbf, 1}, {0xf0, 0xf0, 0x90, 0xbf, 2},
                {0xf1, 0xf3, 0x80, 0xbf, 2}, {0xf4, 0xf4, 0x80, 0x8f, 2}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const unsigned char *at = parser->at;

        if (at[0] < rows[i].first_low || at[0] > rows[i].first_high) {
            continue;
        }
        if (at[1] < rows[i].second_low || at[1] > rows[i].second_high) {
            return false;
        }
        parser->at += 2;
        for (int more = rows[i].more; more > 0; more--) {
            if ((*parser->at++ & 0xc0) != 0x80) {
                return false;
            }
        }
        return true;
    }
    return false;
}

static bool string(struct parser *parser)
{
    if (!take(parser, '"')) {
        return false;
    }
    while (!take(parser, '"')) {
        bool good = take(parser, '\\')    ? escape(parser)
                    : *parser->at >= 0x80 ? beyond_ascii(parser)
                                          : *parser->at++ >= 0x20;

        if (!good) {
            return false;
        }
    }
    return true;
}

static bool digits(struct parser *parser)
{
    const unsigned char *start = parser->at;

    while (isdigit(*parser->at)) {
        parser->at++;
    }
    return parser->at > start;
}

static bool number(struct parser *parser)
{
    take(parser, '-');
    if (!take(parser, '0') && !digits(parser)) {
        return false;
    }
    if (take(parser, '.') && !digits(parser)) {
        return false;
    }
    if (take(parser, 'e') || take(parser, 'E')) {
        if (!take(parser, '+')) {
            take(parser, '-');
        }
        return digits(parser);
    }
    return true;
}

static bool array(struct parser *parser)
{
    space(parser);
    if (take(parser, ']')) {
        return true;
    }
    do {
        if (!value(parser)) {
            return false;
        }
    } while (take(parser, ','));
    return take(parser, ']');
}

static bool is_new(const unsigned char *name, size_t size, const unsigned char **names,
                   size_t *sizes, int *count)
{
    for (int i = 0; i < *count; i++) {
        if (sizes[i] == size && memcmp(names[i], name, size) == 0) {
            return false;
        }
    }
    if (*count == NAMES_MAX) {
        return false;
    }
    names[*count] = name;
    sizes[(*count)++] = size;
    return true;
}

static bool object(struct parser *parser)
{
    const unsigned char *names[NAMES_MAX];
    size_t sizes[NAMES_MAX];
    int count = 0;

    space(parser);
    if (take(parser, '}')) {
        return true;
    }
    do {
        space(parser);
        const unsigned char *name = parser->at;

        if (!string(parser) || !is_new(name, (size_t)(parser->at - name), names, sizes, &count)) {
            return false;
        }
        space(parser);
        if (!take(parser, ':') || !value(parser)) {
            return false;
        }
    } while (take(parser, ','));
    return take(parser, '}');
}

static bool word(struct parser *parser, const char *expected)
{
    size_t length = strlen(expected);
    bool there = strncmp((const char *)parser->at, expected, length) == 0;

    parser->at += there ? length : 0;
    return there;
}

static bool value(struct parser *parser)
{
    bool good = false;

    space(parser);
    if (++parser->depth > DEPTH_MAX) {
        return false;
    }
    if (*parser->at == '"') {
        good = string(parser);
    } else if (take(parser, '{')) {
        good = object(parser);
    } else if (take(parser, '[')) {
        good = array(parser);
    } else if (isdigit(*parser->at) || *parser->at == '-') {
        good = number(parser);
    } else {
        good = word(parser, "true") || word(parser, "false") || word(parser, "null");
    }
    if (good) {
        parser->depth--;
        space(parser);
    }
    return good;
}

bool json_check(const char *text)
{
    struct parser parser = {.at = (const unsigned char *)text};

    return value(&parser) && *parser.at == '\0';
}
