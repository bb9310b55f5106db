/* json.h: text as JSON (RFC 8259) writes it. */
#ifndef RELAYLOCK_CORE_JSON_H
#define RELAYLOCK_CORE_JSON_H

#include "text.h"

enum { JSON_BYTES_PER_UNIT = 6 /* at most, \u0000 */ };

/* A string in quotes, UTF-8, terminated: quote, backslash and control characters escaped, lone
 * surrogates as U+FFFD. Returns the bytes needed without the terminator (as snprintf does); when
 * they are not fewer than capacity, what is written is the empty string: half of a JSON string is
 * of no use. capacity >= 1; 3 + JSON_BYTES_PER_UNIT * from.count always suffices. */
size_t json_string(char *to, size_t capacity, struct text from);

#endif
