/* message_string.h: a short piece of a mail message, as the bytes that it was written with.
 *
 * A message's head is written by whoever sent it: bytes of any value, in any encoding, of any
 * length. What is kept of it is bounded; what lies beyond the bound is lost, and cut says so.
 */
#ifndef RELAYLOCK_CORE_MESSAGE_STRING_H
#define RELAYLOCK_CORE_MESSAGE_STRING_H

#include "text.h"

/* Bytes. A path of RFC 5321 4.5.3.1.3 has 256 with its brackets, a domain 255. */
enum { MESSAGE_STRING_MAX = 254 };

struct message_string {
    uint8_t count; /* bytes in use */
    bool cut;
    char at[MESSAGE_STRING_MAX]; /* not terminated, not sanitised; may hold NULs */
};

static inline void message_string_clear(struct message_string *string)
{
    string->count = 0;
    string->cut = false;
}

static inline void message_string_put(struct message_string *string, char byte)
{
    if (string->count < MESSAGE_STRING_MAX)
        string->at[string->count++] = byte;
    else
        string->cut = true;
}

/* Replaces what it holds by these bytes; ASCII letters made small when fold is set. */
void message_string_set(struct message_string *string, const char *bytes, size_t count, bool fold);

bool message_string_equal(const struct message_string *a, const struct message_string *b);

/* Whether it is this terminated ASCII word. */
bool message_string_is(const struct message_string *string, const char *word);

/* What follows the last '@' of an address: into *domain, which may not be the address itself. Empty
 * when it has none. */
void message_string_domain(const struct message_string *address, struct message_string *domain);

/* As UTF-16: of UTF-8 when it is valid UTF-8, else byte by byte as Latin-1. Not sanitised. units
 * has room for MESSAGE_STRING_MAX + 1. Returns a view of units. */
struct text message_string_text(const struct message_string *string,
                                char16_t units[MESSAGE_STRING_MAX + 1]);

#endif
