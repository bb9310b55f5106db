/* client_book.h: numbers for client names, from 0 up in the order of their first coming.
 *
 * Names are one when their 64-bit keyed hashes over the folded units are (client_table.h says how
 * unlikely it is that others meet). Memory: one block given at set-up; names beyond that have no
 * number.
 */
#ifndef RELAYLOCK_CORE_CLIENT_BOOK_H
#define RELAYLOCK_CORE_CLIENT_BOOK_H

#include "verdict.h"

enum { CLIENT_BOOK_NAMES_MAX = 1 << 20, CLIENT_BOOK_NONE = 0xffffffff };

struct client_book;

/* Bytes that a book of so many names needs, 120 to 136 each; 0 when most is 0 or above
 * CLIENT_BOOK_NAMES_MAX. */
size_t client_book_size(uint32_t most);

/* Sets up an empty book in zeroed memory (size bytes, aligned to 16, owned by the caller, who frees
 * it when done with the book). Null when size is too small for most. */
struct client_book *client_book_init(void *memory, size_t size, uint32_t most,
                                     const struct hash_key *key);

/* The number of a name, a new one if need be; CLIENT_BOOK_NONE when there is no room. *hash is that
 * of the folded name. */
uint32_t client_book_number(struct client_book *book, struct text name, uint64_t *hash);

/* How many names have a number, and the name of one as it was first written, cut to
 * CLIENT_SHOWN_MAX - 1 units; a view into the book, not sanitised. */
uint32_t client_book_count(const struct client_book *book);
struct text client_book_name(const struct client_book *book, uint32_t number);

#endif
