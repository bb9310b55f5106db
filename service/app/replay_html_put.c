#include "replay_html_put.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../core/event_time.h"
#include "../core/html.h"
#include "../core/verdict.h"
#include "replay_html.h"

enum { DATE_SIZE = 10 /* 2010-01-02 */, TO_SECONDS = 8 /* 03:04:05 */, TO_MINUTES = 5 };

void replay_html_bare_name(struct text name, FILE *out)
{
    char16_t cut[ACCOUNT_SHOWN_MAX];
    char escaped[1 + HTML_BYTES_PER_UNIT * ACCOUNT_SHOWN_MAX];
    size_t count = text_copy(cut, ACCOUNT_SHOWN_MAX, name);

    html_text(escaped, sizeof escaped, (struct text){cut, count});
    fputs(escaped, out);
}

void replay_html_name(struct text name, FILE *out)
{
    if (name.count == 0) {
        fputs("<span class=\"quiet\">(empty)</span>", out);
        return;
    }
    fputs("<bdi dir=\"ltr\">", out);
    replay_html_bare_name(name, out);
    fputs("</bdi>", out);
}

/* Character by character, so that any length will do. */
static void put_whole(struct text text, FILE *out)
{
    size_t units;

    for (size_t i = 0; i < text.count; i += units) {
        char escaped[1 + 2 * HTML_BYTES_PER_UNIT];

        units = text.at[i] >= 0xd800 && text.at[i] <= 0xdbff && i + 1 < text.count ? 2 : 1;
        html_text(escaped, sizeof escaped, text_slice(text, i, units));
        fputs(escaped, out);
    }
}

/* UTF-8 as text, no more than its last `most` units. */
static void put_utf8(const char *utf8, size_t most, FILE *out)
{
    size_t size = strlen(utf8) + 1; /* UTF-16 never has more units than UTF-8 has bytes */
    char16_t *units = calloc(size, sizeof *units);
    size_t count = 0;

    if (units != NULL && text_from_utf8(units, size, utf8, &count)) {
        size_t start = count > most ? count - most : 0;

        fprintf(out, "<bdi dir=\"ltr\">%s", start > 0 ? "&#8230;" : "");
        put_whole(text_slice((struct text){units, count}, start, most), out);
        fputs("</bdi>", out);
    } else {
        fputs("(what is no UTF-8)", out);
    }
    free(units);
}

void replay_html_path(const char *path, FILE *out)
{
    put_utf8(path, ACCOUNT_SHOWN_MAX, out);
}

void replay_html_value(const char *value, FILE *out)
{
    put_utf8(value, SIZE_MAX, out);
}

void replay_html_count(uint64_t count, FILE *out)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);

    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            fputc(',', out);
        }
        fputc(digits[i], out);
    }
}

void replay_html_counted(uint64_t count, const char *one, const char *many, FILE *out)
{
    replay_html_count(count, out);
    fprintf(out, " %s", count == 1 ? one : many);
}

/* As much of the time of day as `clock` units. */
static void put_time(int64_t time, int clock, FILE *out)
{
    char text[EVENT_TIME_TEXT_SIZE];

    event_time_to_text(time, text);
    fprintf(out, "%.*s %.*s", DATE_SIZE, text, clock, text + DATE_SIZE + 1);
}

static void put_time_element(int64_t time, int clock, FILE *out)
{
    char text[EVENT_TIME_TEXT_SIZE];

    event_time_to_text(time, text);
    fprintf(out, "<time datetime=\"%s\">", text);
    put_time(time, clock, out);
    fputs("</time>", out);
}

void replay_html_bare_time(int64_t time, FILE *out)
{
    put_time(time, TO_SECONDS, out);
}

void replay_html_time(int64_t time, FILE *out)
{
    put_time_element(time, TO_SECONDS, out);
}

void replay_html_minute(int64_t time, FILE *out)
{
    put_time_element(time, TO_MINUTES, out);
}

void replay_html_width(int64_t seconds, FILE *out)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    size_t i = 0;

    while (seconds % units[i].seconds != 0) {
        i++;
    }
    fprintf(out, "%" PRId64 " %s", seconds / units[i].seconds, units[i].name);
}

void replay_html_limit(const struct limit *limit, FILE *out)
{
    char text[LIMIT_TEXT_SIZE];

    limit_to_text(limit, text);
    fputs(text, out);
}

void replay_html_limits(const struct limit_set *limits, FILE *out)
{
    for (uint32_t i = 0; i < limits->count; i++) {
        fputs(i > 0 ? ", " : "", out);
        replay_html_limit(&limits->limits[i], out);
    }
}

void replay_html_share(uint64_t part, uint64_t whole, FILE *out)
{
    /* Of times and counts far below 2^50. */
    uint64_t hundredths = part * 10000 / whole;

    fprintf(out, "%" PRIu64 ".%02" PRIu64 "%%", hundredths / 100, hundredths % 100);
}

void replay_html_bar(uint64_t part, uint64_t whole, FILE *out)
{
    fputs("<td><svg class=\"bar\" aria-hidden=\"true\" xmlns=\"http://www.w3.org/2000/svg\">"
          "<rect height=\"8\" width=\"",
          out);
    replay_html_share(part, whole, out);
    fputs("\"/></svg></td>", out);
}

void replay_html_more_rows(uint64_t rows, FILE *out)
{
    if (rows > REPLAY_HTML_ROWS_MAX) {
        fputs("<p class=\"note\">And ", out);
        replay_html_count(rows - REPLAY_HTML_ROWS_MAX, out);
        fputs(" more: they are in the text and JSON output.</p>\n", out);
    }
}
