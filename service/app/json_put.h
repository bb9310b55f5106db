/* json_put.h: a JSON document (RFC 8259) on a stream, in UTF-8, one value after the other.
 *
 * Quotes, commas and escapes are put here; which values there are, and in what order, is the
 * caller's. Each function puts one value, or an end. key names it in its object and is ASCII that
 * needs no escape; it is null in an array and for the document itself. That the stream took all is
 * to be asked of the stream.
 */
#ifndef RELAYLOCK_APP_JSON_PUT_H
#define RELAYLOCK_APP_JSON_PUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "../core/text.h"

/* Before a document: {.out = the caller's stream}. */
struct json_put {
    FILE *out;
    bool follows; /* in its object or array, the next value comes after another */
};

/* What is put between the two is in the object, or array. */
void json_put_object(struct json_put *json, const char *key);
void json_put_object_end(struct json_put *json);
void json_put_array(struct json_put *json, const char *key);
void json_put_array_end(struct json_put *json);

/* The next value begins a line. */
void json_put_line(struct json_put *json);

void json_put_null(struct json_put *json, const char *key);
void json_put_number(struct json_put *json, const char *key, uint64_t value);
void json_put_signed(struct json_put *json, const char *key, int64_t value);
void json_put_switch(struct json_put *json, const char *key, bool value);

/* ASCII that needs no escape; null: null. */
void json_put_word(struct json_put *json, const char *key, const char *word);

/* Any text, of any length; half of a surrogate pair becomes U+FFFD. */
void json_put_text(struct json_put *json, const char *key, struct text text);

/* The same of terminated UTF-8; a byte that is none becomes U+FFFD. */
void json_put_utf8(struct json_put *json, const char *key, const char *utf8);

/* Seconds since 1970, UTC, as RFC 3339 writes them (event_time_to_text). */
void json_put_time(struct json_put *json, const char *key, int64_t seconds);
/* The same, or null when it is not known. */
void json_put_time_if(struct json_put *json, const char *key, bool known, int64_t seconds);

#endif
