#include "shown.h"

#include <stdlib.h>
#include <string.h>

enum {
    ESCAPED_UNITS = 8, /* {U+XXXX} */
    UTF8_PER_UNIT = 3
};

const char *shown(struct text text, char buffer[SHOWN_MAX])
{
    char16_t safe[SHOWN_MAX / 4];
    size_t count = text_copy_shown(safe, sizeof safe / sizeof *safe, text);
    text_to_utf8(buffer, SHOWN_MAX, (struct text){safe, count});
    return buffer;
}

const char *shown_argument(struct text text, char buffer[SHOWN_MAX])
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "\\.-_@$";
    char whole[SHOWN_MAX];
    shown(text, whole);
    for (char *quote = whole; (quote = strchr(quote, '"')) != NULL;)
        *quote = '?';
    bool quoted = whole[strspn(whole, plain)] != '\0';
    size_t count = strlen(whole), slashes = 0;
    /* Before the closing quote a backslash stands for itself only as one of two. */
    while (quoted && slashes < count && whole[count - 1 - slashes] == '\\')
        slashes++;
    snprintf(buffer, SHOWN_MAX, quoted ? "\"%.*s%.*s\"" : "%.*s%.*s", (int)count, whole,
             (int)slashes, whole + count - slashes);
    return buffer;
}

/* Character by character, so that any length will do. */
void shown_put(struct text text, FILE *out)
{
    size_t units;
    for (size_t i = 0; i < text.count; i += units) {
        char16_t safe[2 * ESCAPED_UNITS + 1];
        char utf8[sizeof safe / sizeof *safe * UTF8_PER_UNIT];
        units = text_pair_at(text, i) ? 2 : 1;
        size_t count =
            text_copy_shown(safe, sizeof safe / sizeof *safe, text_slice(text, i, units));
        text_to_utf8(utf8, sizeof utf8, (struct text){safe, count});
        fputs(utf8, out);
    }
}

void shown_put_utf8(const char *utf8, FILE *out)
{
    size_t size = strlen(utf8) + 1; /* UTF-16 never has more units than UTF-8 has bytes */
    char16_t *units = calloc(size, sizeof *units);
    size_t count;
    if (units && text_from_utf8(units, size, utf8, &count)) {
        shown_put((struct text){units, count}, out);
    } else {
        for (; *utf8 != '\0'; utf8++)
            fputc(*utf8 >= ' ' && *utf8 <= '~' ? *utf8 : '?', out);
    }
    free(units);
}
