/* json_check.h: whether a text is one JSON value (RFC 8259), by a parser that shares nothing with
 * the writer.
 */
#ifndef RELAYLOCK_TESTS_JSON_CHECK_H
#define RELAYLOCK_TESTS_JSON_CHECK_H

#include <stdbool.h>

/* Strict: well-formed UTF-8, no names twice in an object, nothing but white space behind the value.
 */
bool json_check(const char *text);

#endif
