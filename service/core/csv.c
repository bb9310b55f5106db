#include "csv.h"

#include "text_output.h"

static bool is_formula(struct text text)
{
    static const char16_t signs[] = u"=+-@\uff1d\uff0b\uff0d\uff20";

    return text.count > 0 && text_find(TEXT_OF(signs), text.at[0]) != SIZE_MAX;
}

/* Line ends are no matter: they are shown as {U+000A}. */
static bool needs_quotes(struct text text)
{
    return text_find(text, u',') != SIZE_MAX || text_find(text, u'"') != SIZE_MAX ||
           (text.count > 0 && (text.at[0] == u' ' || text.at[text.count - 1] == u' '));
}

/* One unit at a time, but pairs together, so that nothing is ever cut. */
static void put_shown(struct text_output *output, struct text text)
{
    size_t units;

    for (size_t i = 0; i < text.count; i += units) {
        char16_t shown[CSV_BYTES_PER_UNIT + 1];

        units = text_pair_at(text, i) ? 2 : 1;
        size_t count =
            text_copy_shown(shown, sizeof shown / sizeof shown[0], text_slice(text, i, units));

        text_output_text(output, (struct text){shown, count});
        if (text.at[i] == u'"') {
            text_output_bytes(output, "\"", 1);
        }
    }
}

size_t csv_cell(char *to, size_t capacity, struct text from)
{
    struct text_output output = {.to = to, .capacity = capacity};
    bool quoted = needs_quotes(from);

    text_output_bytes(&output, "\"", quoted);
    text_output_bytes(&output, "'", is_formula(from));
    put_shown(&output, from);
    text_output_bytes(&output, "\"", quoted);
    return text_output_end(&output);
}
