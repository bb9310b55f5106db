#include "json.h"

#include <string.h>

/* Appends as far as there is room for the terminator, too; counts on in any case. */
struct output {
    char *to;
    size_t capacity;
    size_t needed;
};

static void put(struct output *output, const char *bytes, size_t count)
{
    if (output->needed < output->capacity && count < output->capacity - output->needed) {
        memcpy(output->to + output->needed, bytes, count);
    }
    output->needed += count;
}

static void put_plain(struct output *output, struct text run)
{
    bool room = output->needed < output->capacity;

    output->needed += text_to_utf8(room ? output->to + output->needed : NULL,
                                   room ? output->capacity - output->needed : 0, run);
}

static bool needs_escape(char16_t unit)
{
    return unit < 0x20 || unit == u'"' || unit == u'\\';
}

static void put_escaped(struct output *output, char16_t unit)
{
    static const char16_t named[] = u"\"\\\b\f\n\r\t";
    static const char names[] = "\"\\bfnrt";
    static const char digits[] = "0123456789abcdef";
    size_t index = text_find(TEXT_OF(named), unit);

    if (index != SIZE_MAX) {
        put(output, (const char[]){'\\', names[index]}, 2);
    } else {
        put(output, (const char[]){'\\', 'u', '0', '0', digits[unit >> 4], digits[unit & 0xf]}, 6);
    }
}

size_t json_string(char *to, size_t capacity, struct text from)
{
    struct output output = {.to = to, .capacity = capacity};
    size_t run = 0; /* where the units that need no escape began */

    put(&output, "\"", 1);
    for (size_t i = 0; i < from.count; i++) {
        if (needs_escape(from.at[i])) {
            put_plain(&output, text_slice(from, run, i - run));
            put_escaped(&output, from.at[i]);
            run = i + 1;
        }
    }
    put_plain(&output, text_slice(from, run, from.count - run));
    put(&output, "\"", 1);
    to[output.needed < capacity ? output.needed : 0] = '\0';
    return output.needed;
}
