/* fuzz_text.c: hostile texts, read, copied and shown. libFuzzer; the first byte says in what way.
 *
 * Whatever comes in: what is valid UTF-8 comes out as it went in, and nothing else is taken; copies
 * fit, end, and are cut between characters; what is shown is fit to be shown, as a text, a JSON
 * string, a cell, or on a page; numbers, dates, lists and domains mean what a plain reader says.
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/json_put.h"
#include "core/csv.h"
#include "core/event_time.h"
#include "core/html.h"
#include "core/json.h"
#include "core/list.h"
#include "core/message_date.h"
#include "core/own_domains.h"
#include "../core/json_check.h"
#include "../core/markup.h"
#include "input.h"
#include "must.h"

enum { UNITS_MAX = 400, BYTES_MAX = 8 * UNITS_MAX + 64 };

/* What json_put.h makes of UTF-8, or of a text when utf8 is null: JSON, whatever comes in. To be
 * freed. */
static char *put(const char *utf8, struct text text)
{
    char *written = NULL;
    size_t size;
    struct json_put json = {.out = open_memstream(&written, &size)};
    must(json.out != NULL, "no memory");
    if (utf8)
        json_put_utf8(&json, NULL, utf8);
    else
        json_put_text(&json, NULL, text);
    must(fclose(json.out) == 0 && json_check(written), "no JSON");
    return written;
}

/* ---- UTF-8 ------------------------------------------------------------------------------------
 */

static void check_utf8(struct input *input)
{
    size_t capacity = 1 + input_u16(input) % UNITS_MAX, count = 77;
    char *bytes = input_rest(input);
    char16_t *units = malloc(capacity * sizeof *units);
    must(units != NULL, "no memory");
    memset(units, 0x5a, capacity * sizeof *units);
    char *of_utf8 = put(bytes, (struct text){NULL, 0});
    if (!text_from_utf8(units, capacity, bytes, &count)) {
        for (size_t i = 0; i < capacity; i++)
            must(units[i] == 0x5a5a, "no UTF-8, and yet written");
        must(count == 77, "no UTF-8, and yet counted");
    } else {
        size_t size = strlen(bytes) + 1;
        char *again = malloc(size);
        must(again != NULL, "no memory");
        must(count < capacity && units[count] == 0, "a text that does not end");
        must(text_to_utf8(again, size, (struct text){units, count}) == size - 1 &&
                 memcmp(again, bytes, size) == 0,
             "other UTF-8 than was read");
        free(again);
        char *of_text = put(NULL, (struct text){units, count});
        must(strcmp(of_utf8, of_text) == 0, "other JSON of UTF-8");
        free(of_text);
    }
    free(of_utf8);
    free(units);
    free(bytes);
}

/* The text with U+FFFD for what UTF-8 cannot say. */
static void make_whole(char16_t *units, struct text text)
{
    for (size_t i = 0; i < text.count; i++) {
        if (text_pair_at(text, i)) {
            units[i] = text.at[i];
            i++;
            units[i] = text.at[i];
        } else {
            units[i] = text.at[i] >= 0xd800 && text.at[i] <= 0xdfff ? 0xfffd : text.at[i];
        }
    }
}

static void check_to_utf8(struct text text, size_t capacity)
{
    static char full[BYTES_MAX];
    static char16_t read[UNITS_MAX + 1], meant[UNITS_MAX];
    size_t needed = text_to_utf8(full, sizeof full, text), count;
    char *cut = malloc(capacity);
    must(cut != NULL && needed < sizeof full, "more bytes than UTF-8 has");
    if (text_find(text, 0) == SIZE_MAX) {
        make_whole(meant, text);
        must(text_from_utf8(read, UNITS_MAX + 1, full, &count) && count == text.count &&
                 memcmp(read, meant, count * sizeof *read) == 0,
             "UTF-8 that means something else");
        must(text_to_utf8(cut, capacity, text) == needed,
             "what is needed depends on what there is");
        must(strlen(cut) < capacity && strncmp(cut, full, strlen(cut)) == 0 &&
                 text_from_utf8(read, UNITS_MAX + 1, cut, &count) &&
                 (needed < capacity ? strlen(cut) == needed : strlen(cut) + 4 >= capacity),
             "UTF-8 that is cut within a character, or too early");
    }
    free(cut);
}

/* ---- copies -----------------------------------------------------------------------------------
 */

static void check_cut(const char16_t *cut, size_t count, size_t capacity, struct text whole)
{
    must(count < capacity && cut[count] == 0, "a copy that does not end");
    if (whole.count < capacity) {
        must(count == whole.count && text_equal((struct text){cut, count}, whole),
             "another text than was copied");
        return;
    }
    must(count > 0 && cut[count - 1] == 0x2026 &&
             text_equal((struct text){cut, count - 1}, text_slice(whole, 0, count - 1)),
         "a cut copy that does not say so");
    must(count < 2 || !text_pair_at(whole, count - 2), "half a pair");
}

static void check_copies(struct text text, size_t capacity)
{
    static char16_t shown[8 * UNITS_MAX + 2];
    char16_t *copy = malloc((capacity + 1) * sizeof *copy);
    must(copy != NULL, "no memory");
    check_cut(copy, text_copy(copy, capacity + 1, text), capacity + 1, text);
    size_t count = text_copy_shown(shown, sizeof shown / sizeof *shown, text);
    const struct text whole = {shown, count};
    for (size_t i = 0; i < count; i++) {
        bool pair = text_pair_at(whole, i);
        must(pair || (!text_unit_unfit(shown[i]) && shown[i] != u'%'), "unfit, and yet shown");
        i += pair;
    }
    size_t cut = text_copy_shown(copy, capacity + 1, text);
    must(cut <= capacity && copy[cut] == 0, "a shown text that does not end");
    must(cut == count ? text_equal((struct text){copy, cut}, whole)
                      : cut > 0 && cut < count && copy[cut - 1] == 0x2026 &&
                            text_equal((struct text){copy, cut - 1}, text_slice(whole, 0, cut - 1)),
         "another text than is shown");
    free(copy);
}

/* ---- forms ------------------------------------------------------------------------------------
 */

/* Needs what it says, and with less is empty. Returns the whole of it, to be freed. */
static char *write_form(size_t (*form)(char *to, size_t capacity, struct text from),
                        struct text text)
{
    char none[1] = {'x'};
    size_t needed = form(none, sizeof none, text);
    must(needed == 0 || none[0] == '\0', "half of a form");
    char *written = malloc(needed + 1), *less = malloc(needed + 1);
    must(written != NULL && less != NULL, "no memory");
    must(form(written, needed + 1, text) == needed && strlen(written) == needed,
         "what is needed depends on what there is");
    must(needed == 0 || (form(less, needed, text) == needed && less[0] == '\0'), "half of a form");
    free(less);
    return written;
}

static void check_cell(const char *cell)
{
    size_t size = strlen(cell);
    bool quoted = cell[0] == '"';
    must(!quoted || (size >= 2 && cell[size - 1] == '"'), "a cell without its end");
    must(strchr("=+-@", cell[quoted]) == NULL || cell[quoted] == '\0', "a cell with a formula");
    for (size_t i = quoted; i + quoted < size; i++) {
        must((unsigned char)cell[i] >= ' ', "a control character in a cell");
        must(quoted || (cell[i] != '"' && cell[i] != ','), "a cell that ends too early");
        if (cell[i] == '"')
            must(i + 2 < size && cell[++i] == '"', "a quote that ends the cell");
    }
}

static void check_forms(struct text text)
{
    static const char *const known[] = {"p", NULL};
    static char page[8 * BYTES_MAX];
    char error[MARKUP_ERROR_SIZE];
    char *json = write_form(json_string, text), *cell = write_form(csv_cell, text),
         *html = write_form(html_text, text);
    char *again = put(NULL, text);
    must(strcmp(json, again) == 0, "other JSON by pieces");
    free(again);
    check_cell(cell);
    int size = snprintf(page, sizeof page, "<!DOCTYPE html><p>%s</p>", html);
    must(size > 0 && (size_t)size < sizeof page, "a page without a bound");
    must(markup_is_well_formed(page, (size_t)size, known, error), error);
    free(json);
    free(cell);
    free(html);
}

/* ---- numbers, dates, lists, domains -----------------------------------------------------------
 */

static void check_number(struct text text)
{
    uint32_t value = 77;
    uint64_t plain = 0;
    bool good = text.count > 0;
    for (size_t i = 0; good && i < text.count; i++) {
        good = text.at[i] >= u'0' && text.at[i] <= u'9';
        plain = plain > UINT32_MAX ? plain : plain * 10 + (uint64_t)(text.at[i] - u'0');
    }
    good = good && plain <= UINT32_MAX;
    must(text_to_number(text, &value) == good && value == (good ? plain : 77), "another number");
}

static void check_list(struct text list)
{
    struct text rest = list, item = {NULL, 77};
    size_t from = 0;
    while (list_next(&rest, &item)) {
        size_t at = (size_t)(item.at - list.at);
        must(item.count > 0 && at >= from && at + item.count <= list.count,
             "an item from elsewhere");
        must(text_equal(text_trim(item), item) && text_find(item, 0) == SIZE_MAX &&
                 text_find(item, u',') == SIZE_MAX && text_find(item, u';') == SIZE_MAX,
             "more than an item");
        for (; from < at; from++)
            must(list.at[from] == 0 || list.at[from] == u',' || list.at[from] == u';' ||
                     list.at[from] == u' ' || list.at[from] == u'\t',
                 "something was passed over");
        from = at + item.count;
    }
}

static void check_date(struct input *input)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char time[EVENT_TIME_TEXT_SIZE], date[80];
    uint32_t seconds = input_u32(input);
    int zone = (int)(input_u16(input) % (24 * 60)) - 12 * 60, year, month, day;
    int64_t read = 77, any = (int64_t)input_u64(input), untouched = 77;
    event_time_to_text(any, time);
    must(strlen(time) == 20 && time[19] == 'Z', "a time that is none");
    event_time_to_text((int64_t)seconds + zone * 60 + 86400, time);
    must(sscanf(time, "%d-%d-%dT", &year, &month, &day) == 3 && month >= 1 && month <= 12,
         "a time that is none");
    snprintf(date, sizeof date, "%d %s %d %.8s %c%02d%02d", day, months[month - 1], year, time + 11,
             zone < 0 ? '-' : '+', abs(zone) / 60, abs(zone) % 60);
    must(message_date_read(date, strlen(date), &read) && read == (int64_t)seconds + 86400,
         "another date than was written");
    size_t size;
    char *bytes = (char *)input_block(input, SIZE_MAX, &size);
    if (!message_date_read(bytes, size, &untouched))
        must(untouched == 77, "no date, and yet written");
    free(bytes);
}

static void check_domain(struct input *input)
{
    struct own_domains own = {0};
    struct message_string domain, below;
    char *name = input_rest(input);
    if (own_domains_name(&own, name)) {
        size_t size = strlen(name);
        must(own.count == 1 && own.named == 1, "a domain that is not kept");
        const struct message_string kept = own.names[0];
        must(own_domains_have(&own, &kept), "a domain that is not ours");
        message_string_set(&domain, name, size, true);
        must(own_domains_have(&own, &domain), "a domain that is not ours as it is written");
        message_string_set(&below, "x.", 2, false);
        for (uint8_t i = 0; i < kept.count; i++)
            message_string_put(&below, kept.at[i]);
        must(below.cut || own_domains_have(&own, &below), "a domain below it is not ours");
    } else {
        must(own.count == 0 && own.named == 0, "no domain, and yet kept");
    }
    free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    if (size == 0)
        return 0;
    switch (input_u8(&input) % 4) {
    case 0:
        check_utf8(&input);
        return 0;
    case 1:
        check_date(&input);
        return 0;
    case 2:
        check_domain(&input);
        return 0;
    }
    size_t capacity = 1 + input_u16(&input) % UNITS_MAX;
    struct text text = input_text(&input, UNITS_MAX);
    check_to_utf8(text, capacity);
    check_copies(text, capacity);
    check_forms(text);
    check_number(text);
    check_list(text);
    free((void *)text.at);
    return 0;
}
