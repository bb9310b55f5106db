#include "text.h"

#include <string.h>

struct text text_of(const char16_t *terminated)
{
    size_t count = 0;

    while (terminated[count] != 0) {
        count++;
    }
    return (struct text){terminated, count};
}

struct text text_slice(struct text whole, size_t start, size_t count)
{
    if (start > whole.count) {
        start = whole.count;
    }
    if (count > whole.count - start) {
        count = whole.count - start;
    }
    /* Adding 0 to a null pointer is undefined; a text of no units may have one. */
    return (struct text){start == 0 ? whole.at : whole.at + start, count};
}

static bool is_blank(char16_t unit)
{
    return unit == u' ' || unit == u'\t';
}

struct text text_trim(struct text whole)
{
    size_t start = 0, end = whole.count;

    while (start < end && is_blank(whole.at[start])) {
        start++;
    }
    while (end > start && is_blank(whole.at[end - 1])) {
        end--;
    }
    return text_slice(whole, start, end - start);
}

/* Runs of lower-case letters. Where upper and lower case alternate, the lower-case letters are
 * every second unit, beginning with first. U+00B5, U+0131 and U+017F are left alone although
 * Unicode gives them a capital: Windows' table does not, so Windows could hold two accounts apart
 * that differ only in these. */
static const struct fold_run {
    char16_t first, last;
    uint8_t step;  /* 1: every unit, 2: every second */
    uint8_t minus; /* from lower to upper case */
} fold_runs[] = {
    {0x00e0, 0x00f6, 1, 32}, {0x00f8, 0x00fe, 1, 32}, {0x0101, 0x012f, 2, 1},
    {0x0133, 0x0137, 2, 1},  {0x013a, 0x0148, 2, 1},  {0x014b, 0x0177, 2, 1},
    {0x017a, 0x017e, 2, 1},  {0x03ac, 0x03ac, 1, 38}, {0x03ad, 0x03af, 1, 37},
    {0x03b1, 0x03c1, 1, 32}, {0x03c2, 0x03c2, 1, 31}, {0x03c3, 0x03cb, 1, 32},
    {0x03cc, 0x03cc, 1, 64}, {0x03cd, 0x03ce, 1, 63}, {0x0430, 0x044f, 1, 32},
    {0x0450, 0x045f, 1, 80}, {0x0461, 0x0481, 2, 1},  {0x048b, 0x04bf, 2, 1},
    {0x04c2, 0x04ce, 2, 1},  {0x04cf, 0x04cf, 1, 15}, {0x04d1, 0x04ff, 2, 1},
};

static char16_t fold_beyond_ascii(char16_t unit)
{
    if (unit == 0x00ff) {
        return 0x0178; /* the one letter whose capital lies above it */
    }
    for (size_t i = 0; i < sizeof fold_runs / sizeof fold_runs[0]; i++) {
        const struct fold_run *run = &fold_runs[i];

        if (unit < run->first) {
            return unit;
        }
        if (unit <= run->last) {
            return (unit - run->first) % run->step == 0 ? (char16_t)(unit - run->minus) : unit;
        }
    }
    return unit;
}

char16_t text_fold_unit(char16_t unit)
{
    if (unit < 0x80) {
        return unit >= u'a' && unit <= u'z' ? (char16_t)(unit - 32) : unit;
    }
    return fold_beyond_ascii(unit);
}

bool text_equal(struct text a, struct text b)
{
    return a.count == b.count &&
           (a.count == 0 || memcmp(a.at, b.at, a.count * sizeof(char16_t)) == 0);
}

bool text_equal_fold(struct text a, struct text b)
{
    if (a.count != b.count) {
        return false;
    }
    for (size_t i = 0; i < a.count; i++) {
        if (a.at[i] != b.at[i] && text_fold_unit(a.at[i]) != text_fold_unit(b.at[i])) {
            return false;
        }
    }
    return true;
}

bool text_matches(struct text pattern, struct text name)
{
    size_t p = 0, n = 0;
    size_t star = SIZE_MAX; /* the last '*' met ... */
    size_t resume = 0;      /* ... and the unit of name up to which it was stretched */

    while (n < name.count) {
        if (p < pattern.count && pattern.at[p] == u'*') {
            star = p++;
            resume = n;
        } else if (p < pattern.count && (pattern.at[p] == u'?' || text_fold_unit(pattern.at[p]) ==
                                                                      text_fold_unit(name.at[n]))) {
            p++;
            n++;
        } else if (star != SIZE_MAX) {
            /* Only the last star need be stretched: what stands before it has matched already. */
            p = star + 1;
            n = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.count && pattern.at[p] == u'*') {
        p++;
    }
    return p == pattern.count;
}

size_t text_find(struct text text, char16_t unit)
{
    for (size_t i = 0; i < text.count; i++) {
        if (text.at[i] == unit) {
            return i;
        }
    }
    return SIZE_MAX;
}

size_t text_find_last(struct text text, char16_t unit)
{
    for (size_t i = text.count; i > 0; i--) {
        if (text.at[i - 1] == unit) {
            return i - 1;
        }
    }
    return SIZE_MAX;
}

bool text_to_number(struct text text, uint32_t *value)
{
    uint64_t number = 0;

    if (text.count == 0) {
        return false;
    }
    for (size_t i = 0; i < text.count; i++) {
        if (text.at[i] < u'0' || text.at[i] > u'9') {
            return false;
        }
        number = number * 10 + (uint64_t)(text.at[i] - u'0');
        if (number > UINT32_MAX) {
            return false;
        }
    }
    *value = (uint32_t)number;
    return true;
}
