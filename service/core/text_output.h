/* text_output.h: bytes that are put one behind the other into a buffer that may be too small: for
 * writers of UTF-8 that return the bytes needed, as snprintf does (json.h, csv.h, html.h).
 */
#ifndef RELAYLOCK_CORE_TEXT_OUTPUT_H
#define RELAYLOCK_CORE_TEXT_OUTPUT_H

#include "text.h"

struct text_output {
    char *to;
    size_t capacity; /* 1 or more */
    size_t needed;   /* bytes put, whether there was room or not */
};

/* Appends as far as there is room for a terminator, too; counts on in any case. */
void text_output_bytes(struct text_output *output, const char *bytes, size_t count);

/* The same with the UTF-8 of a text. */
void text_output_text(struct text_output *output, struct text text);

/* Terminates and returns the bytes needed. When there was no room for all, what is written is
 * empty: half of it is of no use. */
size_t text_output_end(struct text_output *output);

#endif
