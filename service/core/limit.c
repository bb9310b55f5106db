#include "limit.h"
#include "list.h"

#include <stdio.h>

static const struct window_unit {
    char16_t letter;
    uint32_t seconds;
} window_units[] = {{u'd', 86400}, {u'h', 3600}, {u'm', 60}, {u's', 1}};

enum { WINDOW_UNITS = sizeof window_units / sizeof window_units[0] };

bool limit_window_parse(struct text text, uint32_t *window)
{
    uint32_t seconds = 1, number;
    if (text.count > 0) {
        char16_t last = text_fold_unit(text.at[text.count - 1]);
        for (size_t i = 0; i < WINDOW_UNITS; i++) {
            if (last == text_fold_unit(window_units[i].letter)) {
                seconds = window_units[i].seconds;
                text = text_slice(text, 0, text.count - 1);
                break;
            }
        }
    }
    if (!text_to_number(text, &number) || number < 1 || number > LIMIT_WINDOW_MAX / seconds)
        return false;
    *window = number * seconds;
    return true;
}

bool limit_parse(struct text text, struct limit *limit)
{
    static const struct text clients = {u"clients:", 8};
    struct limit parsed = {.subject = LIMIT_SIGN_INS};
    text = text_trim(text);
    if (text_equal_fold(text_slice(text, 0, clients.count), clients)) {
        parsed.subject = LIMIT_CLIENTS;
        text = text_slice(text, clients.count, SIZE_MAX);
    }
    size_t slash = text_find(text, u'/');
    if (slash == SIZE_MAX || !text_to_number(text_slice(text, 0, slash), &parsed.count) ||
        !limit_window_parse(text_slice(text, slash + 1, SIZE_MAX), &parsed.window))
        return false;
    if (parsed.count < (parsed.subject == LIMIT_CLIENTS ? 2 : 1) || parsed.count > LIMIT_COUNT_MAX)
        return false;
    *limit = parsed;
    return true;
}

static bool is_same(const struct limit *one, const struct limit *other)
{
    return one->subject == other->subject && one->count == other->count &&
           one->window == other->window;
}

static bool holds(const struct limit_set *set, const struct limit *limit)
{
    for (uint32_t i = 0; i < set->count; i++)
        if (is_same(&set->limits[i], limit))
            return true;
    return false;
}

bool limit_set_parse(struct text text, struct limit_set *set)
{
    struct limit_set parsed = {.count = 0};
    struct text item;
    while (list_next(&text, &item)) {
        struct limit limit;
        if (!limit_parse(item, &limit))
            return false;
        if (holds(&parsed, &limit))
            continue;
        if (parsed.count == LIMIT_SET_MAX)
            return false;
        parsed.limits[parsed.count++] = limit;
    }
    if (parsed.count == 0)
        return false;
    *set = parsed;
    return true;
}

void limit_window_to_text(uint32_t window, char text[LIMIT_TEXT_SIZE])
{
    size_t unit = 0;
    while (unit < WINDOW_UNITS - 1 && window % window_units[unit].seconds != 0)
        unit++;
    snprintf(text, LIMIT_TEXT_SIZE, "%u%c", (unsigned)(window / window_units[unit].seconds),
             (char)window_units[unit].letter);
}

void limit_to_text(const struct limit *limit, char text[LIMIT_TEXT_SIZE])
{
    char window[LIMIT_TEXT_SIZE];
    limit_window_to_text(limit->window, window);
    snprintf(text, LIMIT_TEXT_SIZE, "%s%u/%.11s", limit->subject == LIMIT_CLIENTS ? "clients:" : "",
             (unsigned)limit->count, window);
}

bool limit_set_same(const struct limit_set *one, const struct limit_set *other)
{
    uint32_t i = 0;
    while (i < one->count && i < other->count && is_same(&one->limits[i], &other->limits[i]))
        i++;
    return i == one->count && i == other->count;
}

uint32_t limit_set_longest(const struct limit_set *set)
{
    uint32_t longest = 0;
    for (uint32_t i = 0; i < set->count; i++)
        if (longest < set->limits[i].window)
            longest = set->limits[i].window;
    return longest;
}
