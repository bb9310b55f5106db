/* markup.h: whether a page is well-formed XML, by a small parser that is stricter than XML.
 *
 * Elements, attributes in double quotes, the five entities and decimal character references, one
 * document type, comments; UTF-8 of characters that XML allows. Nothing else: no CDATA, no
 * processing instructions, as the pages have none.
 */
#ifndef RELAYLOCK_TESTS_MARKUP_H
#define RELAYLOCK_TESTS_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

enum { MARKUP_ERROR_SIZE = 128 };

/* False when it is not, or has an element or an attribute whose name is not among the known ones
 * (ended by null); error then says what is wrong and at which byte. */
bool markup_is_well_formed(const char *page, size_t size, const char *const *known,
                           char error[MARKUP_ERROR_SIZE]);

/* All names in the pages of replay. */
extern const char *const markup_of_pages[];

#endif
