/* name_book.h: brings the spellings of an account together where nobody can resolve them.
 *
 * A saved log read on a desk has names only. The book does with them what Windows would do in a
 * company of one domain, by what it has seen so far and in the same way every time:
 *   - letters are folded; DOMAIN\user and user@domain.tld are the same when the first label of the
 *     DNS name, cut to the 15 units of a NetBIOS name, equals the NetBIOS name;
 *   - a bare user is the one of the first domain that was seen with that user;
 *   - the first name with a domain adopts a bare user seen before;
 *   - the same user in two domains is two accounts.
 *
 * An account goes by the name that Windows would give it in such a company, DOMAIN\user: the domain
 * as first written before a backslash, or that label of user@domain.tld in capitals. A bare user
 * goes by his name as written until he is adopted.
 *
 * What a name stands for once, it does for ever: names never leave the book.
 *
 * Memory: one block given at set-up. Names that find no room, and more than
 * NAME_BOOK_DOMAINS_MAX domains with the same user, stay as they are written.
 */
#ifndef RELAYLOCK_CORE_NAME_BOOK_H
#define RELAYLOCK_CORE_NAME_BOOK_H

#include "text.h"

enum {
    NAME_BOOK_DOMAINS_MAX = 64, /* keeps a look-up short whatever the log holds */
    NAME_BOOK_NAMES_MAX = 1 << 20,
    NAME_BOOK_ADOPTION_MAX = 16, /* units by which a name grows when it is adopted, at most */
    NAME_BOOK_NONE = 0xffffffff
};

struct name_book;

/* Bytes that a book of so many accounts needs, 160 to 168 each; 0 when most is 0 or above
 * NAME_BOOK_NAMES_MAX. */
size_t name_book_size(uint32_t most);

/* Sets up an empty book in zeroed memory (size bytes, aligned to 16, owned by the caller, who frees
 * it when done with the book). Null when size is too small for most. */
struct name_book *name_book_init(void *memory, size_t size, uint32_t most,
                                 const struct hash_key *key);

/* The number of the account that a name stands for, the same one for every spelling: from 0 up in
 * the order of their first coming. NAME_BOOK_NONE when the name found no room. */
uint32_t name_book_number(struct name_book *book, struct text name);

/* Whether an account is a computer's own: its user part ends in '$'. */
bool name_book_is_machine(const struct name_book *book, uint32_t number);

/* How many accounts there are, and the name that one goes by; a view into the book, until the next
 * name_book_number. */
uint32_t name_book_count(const struct name_book *book);
struct text name_book_name(const struct name_book *book, uint32_t number);

/* How many bare users were adopted so far: so often has an account got another name. */
uint32_t name_book_adopted(const struct name_book *book);

/* How many times a name found no room. */
uint64_t name_book_unjoined(const struct name_book *book);

/* Of these, how many times because of NAME_BOOK_DOMAINS_MAX, which a larger book would not help. */
uint64_t name_book_crowded(const struct name_book *book);

#endif
