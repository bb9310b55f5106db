/* ascii.h: bytes of protocols that are ASCII, whatever the locale says. */
#ifndef RELAYLOCK_CORE_ASCII_H
#define RELAYLOCK_CORE_ASCII_H

#include <stdbool.h>
#include <stddef.h>

static inline char ascii_fold(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static inline bool ascii_is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static inline bool ascii_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Where terminated small letters begin in bytes, whose letters are folded, from start on; SIZE_MAX
 * when they do not. */
size_t ascii_find_fold(const char *bytes, size_t count, size_t start, const char *small);

/* Whether bytes begin with terminated small letters, letters folded. */
bool ascii_begins_fold(const char *bytes, size_t count, const char *small);

#endif
