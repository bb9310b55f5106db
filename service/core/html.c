#include "html.h"

#include <stdio.h>
#include <string.h>

#include "text_output.h"

/* Units that show nothing, though they are no controls, and noncharacters (Unicode 15, 23.7). */
static bool is_invisible(char16_t unit)
{
    static const struct {
        char16_t first, last;
    } ranges[] = {{0x00ad, 0x00ad}, {0x115f, 0x1160}, {0x180e, 0x180e}, {0x200b, 0x200d},
                  {0x2060, 0x206f}, {0x3164, 0x3164}, {0xfdd0, 0xfdef}, {0xfeff, 0xfeff},
                  {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0xfffe, 0xffff}};

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (unit >= ranges[i].first && unit <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static bool is_pair(struct text text, size_t index)
{
    return index + 1 < text.count && text.at[index] >= 0xd800 && text.at[index] <= 0xdbff &&
           text.at[index + 1] >= 0xdc00 && text.at[index + 1] <= 0xdfff;
}

/* What stands for a unit that is not written as it is; null when it is. */
static const char *stand_in(char16_t unit, char code[HTML_BYTES_PER_UNIT + 1])
{
    switch (unit) {
    case u'&':
        return "&amp;";
    case u'<':
        return "&lt;";
    case u'>':
        return "&gt;";
    case u'"':
        return "&quot;";
    case u'\'':
        return "&#39;";
    default:
        if (!text_unit_unfit(unit) && !is_invisible(unit)) {
            return NULL;
        }
        snprintf(code, HTML_BYTES_PER_UNIT + 1, "{U+%04X}", (unsigned)unit);
        return code;
    }
}

size_t html_text(char *to, size_t capacity, struct text from)
{
    struct text_output output = {.to = to, .capacity = capacity};
    char code[HTML_BYTES_PER_UNIT + 1];
    size_t run = 0; /* where the units that are written as they are began */

    for (size_t i = 0; i < from.count; i++) {
        if (is_pair(from, i)) {
            i++;
            continue;
        }
        const char *instead = stand_in(from.at[i], code);

        if (instead != NULL) {
            text_output_text(&output, text_slice(from, run, i - run));
            text_output_bytes(&output, instead, strlen(instead));
            run = i + 1;
        }
    }
    text_output_text(&output, text_slice(from, run, from.count - run));
    return text_output_end(&output);
}
