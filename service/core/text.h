/* text.h: views of UTF-16 text, compared, hashed and matched without copying.
 *
 * A text points into memory that somebody else owns (an event record, a settings block) and is not
 * terminated. Folding is by code unit: simple upper-case mapping of ASCII, Latin-1, Latin
 * Extended-A, Greek and Cyrillic, everything else as it is. That is narrower than Windows' own
 * table on purpose: two names that Windows holds equal and this does not are still brought together
 * by their SID (identity.h).
 */
#ifndef RELAYLOCK_CORE_TEXT_H
#define RELAYLOCK_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

struct text {
    const char16_t *at;
    size_t count; /* UTF-16 code units */
};

/* 128 random bits that keep outsiders from choosing names that collide (SipHash-2-4). */
struct hash_key {
    uint64_t low, high;
};

/* A text over a string literal, for the length known at compile time: TEXT_OF(u"Application"). */
#define TEXT_OF(literal) ((struct text){(literal), sizeof(literal) / sizeof(char16_t) - 1})

/* A view of a terminated string. */
struct text text_of(const char16_t *terminated);

/* The part of a text from start (clamped) for at most count units. */
struct text text_slice(struct text whole, size_t start, size_t count);

/* The text without leading and trailing spaces and tabs. */
struct text text_trim(struct text whole);

char16_t text_fold_unit(char16_t unit);
bool text_equal(struct text a, struct text b);
bool text_equal_fold(struct text a, struct text b);

/* SipHash-2-4 of bytes, and of the folded code units of a text. Equal folded texts hash equal. */
uint64_t hash_bytes(const void *bytes, size_t size, const struct hash_key *key);
uint64_t text_hash_fold(struct text text, const struct hash_key *key);

/* Whether name matches pattern, letters folded; '*' stands for any run of units, '?' for one.
 * At most pattern.count * name.count steps. */
bool text_matches(struct text pattern, struct text name);

/* Index of the first/last unit, or SIZE_MAX when absent. */
size_t text_find(struct text text, char16_t unit);
size_t text_find_last(struct text text, char16_t unit);

/* Whether a surrogate pair, one character of two units, starts at index. */
bool text_pair_at(struct text text, size_t index);

/* Copies at most capacity - 1 units and terminates; a copy cut short ends in U+2026 and never in
 * half a surrogate pair. Returns the units written without the terminator. capacity >= 2. */
size_t text_copy(char16_t *to, size_t capacity, struct text from);

/* Whether a unit of its own (not half of a pair) does not show what it is: control characters,
 * bidirectional controls, line and paragraph separators, surrogates. */
bool text_unit_unfit(char16_t unit);

/* As text_copy, but fit to be shown anywhere: unfit units, and '%' (which Event Viewer would
 * expand), are written as {U+XXXX}. */
size_t text_copy_shown(char16_t *to, size_t capacity, struct text from);

/* UTF-8 of a text; lone surrogates become U+FFFD. Writes whole characters only, terminates, and
 * returns the bytes needed without the terminator (as snprintf does: >= capacity means cut). */
size_t text_to_utf8(char *to, size_t capacity, struct text from);

/* UTF-16 of terminated UTF-8. False, with nothing written, when it is not valid UTF-8 or needs more
 * than capacity - 1 units. *count, which may be null, gets the units written. */
bool text_from_utf8(char16_t *to, size_t capacity, const char *from, size_t *count);

/* The units of the first character of terminated UTF-8 that is not empty; of a byte that begins
 * none, U+FFFD. Returns the bytes it takes. */
size_t text_take_utf8(char16_t units[2], size_t *count, const char *from);

/* An unsigned decimal number with nothing before or behind it; false when it is none or is over
 * 4294967295, and *value stays as it was. */
bool text_to_number(struct text text, uint32_t *value);

#endif
