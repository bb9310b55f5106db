/* html.h: text of others, as a page may hold it: none of it is markup, none of it is hidden.
 *
 * The page is both HTML and XML (XHTML), so that what is allowed in one alone is not written:
 * characters that XML 1.0 (2.2) has no place for, and named entities that only HTML knows.
 */
#ifndef RELAYLOCK_CORE_HTML_H
#define RELAYLOCK_CORE_HTML_H

#include "text.h"

enum { HTML_BYTES_PER_UNIT = 8 /* at most, {U+202E} */ };

/* The text for between two tags, or between the quotes of an attribute; UTF-8, terminated. Written
 * as entities are & < > " and '; as {U+XXXX} all that would not show, or would change how the rest
 * shows: what text_unit_unfit says, soft hyphens, invisible characters and noncharacters. Letters
 * of scripts that run from right to left stay: put the text into <bdi>. Returns the bytes needed
 * without the terminator (as snprintf does); when they are not fewer than capacity, what is written
 * is the empty string: half of an entity is worse than none. capacity >= 1;
 * 1 + HTML_BYTES_PER_UNIT * from.count always suffices. */
size_t html_text(char *to, size_t capacity, struct text from);

#endif
