/* Copies of texts for text.h: cut to a size, made fit to be shown, as UTF-8 and back. */
#include "text.h"

#include <string.h>

enum { ELLIPSIS = 0x2026, REPLACEMENT = 0xfffd, ESCAPE_UNITS = 8 /* {U+XXXX} */ };

static bool is_high_surrogate(char16_t unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low_surrogate(char16_t unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

bool text_pair_at(struct text text, size_t index)
{
    return is_high_surrogate(text.at[index]) && index + 1 < text.count &&
           is_low_surrogate(text.at[index + 1]);
}

/* Units of the character that starts at index. */
static size_t character_units(struct text text, size_t index)
{
    return text_pair_at(text, index) ? 2 : 1;
}

/* Where a copy goes, and how much of it could stay if an ellipsis had to follow. */
struct copy {
    char16_t *to;
    size_t capacity;
    size_t used;
    size_t keep;
};

static bool copy_piece(struct copy *copy, const char16_t *piece, size_t units)
{
    if (units > copy->capacity - 1 - copy->used) {
        copy->to[copy->keep] = ELLIPSIS;
        copy->used = copy->keep + 1;
        return false;
    }
    memcpy(copy->to + copy->used, piece, units * sizeof *piece);
    copy->used += units;
    if (copy->used <= copy->capacity - 2) {
        copy->keep = copy->used;
    }
    return true;
}

size_t text_copy(char16_t *to, size_t capacity, struct text from)
{
    struct copy copy = {.to = to, .capacity = capacity};
    size_t units;

    for (size_t i = 0; i < from.count; i += units) {
        units = character_units(from, i);
        if (!copy_piece(&copy, from.at + i, units)) {
            break;
        }
    }
    to[copy.used] = 0;
    return copy.used;
}

bool text_unit_unfit(char16_t unit)
{
    return unit < 0x20 || (unit >= 0x7f && unit <= 0x9f) || unit == 0x061c || unit == 0x200e ||
           unit == 0x200f || (unit >= 0x2028 && unit <= 0x202e) ||
           (unit >= 0x2066 && unit <= 0x2069) || is_high_surrogate(unit) || is_low_surrogate(unit);
}

static void escape(char16_t unit, char16_t escaped[ESCAPE_UNITS])
{
    static const char16_t digits[] = u"0123456789ABCDEF";

    memcpy(escaped, u"{U+", 3 * sizeof(char16_t));
    for (int i = 0; i < 4; i++) {
        escaped[3 + i] = digits[unit >> (12 - 4 * i) & 0xf];
    }
    escaped[7] = u'}';
}

size_t text_copy_shown(char16_t *to, size_t capacity, struct text from)
{
    struct copy copy = {.to = to, .capacity = capacity};
    char16_t escaped[ESCAPE_UNITS];
    size_t units;
    bool room = true;

    for (size_t i = 0; i < from.count && room; i += units) {
        units = character_units(from, i);
        if (units == 1 && (from.at[i] == u'%' || text_unit_unfit(from.at[i]))) {
            escape(from.at[i], escaped);
            room = copy_piece(&copy, escaped, ESCAPE_UNITS);
        } else {
            room = copy_piece(&copy, from.at + i, units);
        }
    }
    to[copy.used] = 0;
    return copy.used;
}

/* One character, which is no surrogate, as UTF-8: 1 to 4 bytes. */
static size_t encode(uint32_t character, char bytes[4])
{
    if (character < 0x80) {
        bytes[0] = (char)character;
        return 1;
    }
    size_t count = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;

    for (size_t i = count - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (character & 0x3f));
        character >>= 6;
    }
    bytes[0] = (char)((0xf00 >> count & 0xf0) | character);
    return count;
}

size_t text_to_utf8(char *to, size_t capacity, struct text from)
{
    size_t needed = 0, written = 0;
    bool room = capacity > 0;
    size_t units;

    for (size_t i = 0; i < from.count; i += units) {
        uint32_t character = from.at[i];
        char bytes[4];

        units = character_units(from, i);
        if (units == 2) {
            character = 0x10000 + ((character - 0xd800) << 10) + (from.at[i + 1] - 0xdc00u);
        } else if (is_high_surrogate(from.at[i]) || is_low_surrogate(from.at[i])) {
            character = REPLACEMENT;
        }
        size_t count = encode(character, bytes);

        /* The first character that finds no room ends the copy: a shorter one behind it must not
         * slip in. */
        room = room && count < capacity - written;
        if (room) {
            memcpy(to + written, bytes, count);
            written += count;
        }
        needed += count;
    }
    if (capacity > 0) {
        to[written] = '\0';
    }
    return needed;
}

/* The character that well-formed UTF-8 (Unicode 15, table 3-7) at *at starts with; *at moves
 * behind it. UINT32_MAX when it is not well-formed. */
static uint32_t decode(const uint8_t **at)
{
    static const struct {
        uint8_t lead, mask;
        uint32_t least;
    } forms[] = {{0x00, 0x80, 0}, {0xc0, 0xe0, 0x80}, {0xe0, 0xf0, 0x800}, {0xf0, 0xf8, 0x10000}};
    const uint8_t *from = *at;

    for (size_t more = 0; more < 4; more++) {
        if ((from[0] & forms[more].mask) != forms[more].lead) {
            continue;
        }
        uint32_t character = from[0] & (uint32_t)~forms[more].mask & 0xff;

        for (size_t i = 1; i <= more; i++) {
            if ((from[i] & 0xc0) != 0x80) { /* the terminator as well */
                return UINT32_MAX;
            }
            character = character << 6 | (from[i] & 0x3fu);
        }
        if (character < forms[more].least || character > 0x10ffff ||
            (character >= 0xd800 && character <= 0xdfff)) {
            return UINT32_MAX;
        }
        *at = from + more + 1;
        return character;
    }
    return UINT32_MAX;
}

/* One character as one unit or two. Returns how many. */
static size_t put_units(char16_t *to, uint32_t character)
{
    if (character < 0x10000) {
        to[0] = (char16_t)character;
        return 1;
    }
    to[0] = (char16_t)(0xd800 + ((character - 0x10000) >> 10));
    to[1] = (char16_t)(0xdc00 + ((character - 0x10000) & 0x3ff));
    return 2;
}

bool text_from_utf8(char16_t *to, size_t capacity, const char *from, size_t *count)
{
    const uint8_t *at = (const uint8_t *)from;
    size_t units = 0;

    while (*at != 0) {
        uint32_t character = decode(&at);

        if (character == UINT32_MAX) {
            return false;
        }
        units += character >= 0x10000 ? 2 : 1;
    }
    if (units >= capacity) {
        return false;
    }
    at = (const uint8_t *)from;
    while (*at != 0) {
        to += put_units(to, decode(&at));
    }
    *to = 0;
    if (count != NULL) {
        *count = units;
    }
    return true;
}

size_t text_take_utf8(char16_t units[2], size_t *count, const char *from)
{
    const uint8_t *at = (const uint8_t *)from;
    uint32_t character = decode(&at);

    if (character == UINT32_MAX) {
        character = REPLACEMENT;
        at++;
    }
    *count = put_units(units, character);
    return (size_t)(at - (const uint8_t *)from);
}
