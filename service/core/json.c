#include "json.h"

#include "text_output.h"

static bool needs_escape(char16_t unit)
{
    return unit < 0x20 || unit == u'"' || unit == u'\\';
}

static void put_escaped(struct text_output *output, char16_t unit)
{
    static const char16_t named[] = u"\"\\\b\f\n\r\t";
    static const char names[] = "\"\\bfnrt";
    static const char digits[] = "0123456789abcdef";
    size_t index = text_find(TEXT_OF(named), unit);

    if (index != SIZE_MAX) {
        text_output_bytes(output, (const char[]){'\\', names[index]}, 2);
    } else {
        text_output_bytes(
            output, (const char[]){'\\', 'u', '0', '0', digits[unit >> 4], digits[unit & 0xf]}, 6);
    }
}

size_t json_string(char *to, size_t capacity, struct text from)
{
    struct text_output output = {.to = to, .capacity = capacity};
    size_t run = 0; /* where the units that need no escape began */

    text_output_bytes(&output, "\"", 1);
    for (size_t i = 0; i < from.count; i++) {
        if (needs_escape(from.at[i])) {
            text_output_text(&output, text_slice(from, run, i - run));
            put_escaped(&output, from.at[i]);
            run = i + 1;
        }
    }
    text_output_text(&output, text_slice(from, run, from.count - run));
    text_output_bytes(&output, "\"", 1);
    return text_output_end(&output);
}
