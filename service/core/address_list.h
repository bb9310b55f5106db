/* address_list.h: the addresses in a header field, byte by byte as they come.
 *
 * RFC 5322 3.4, read loosely: names in quotes or not, comments, groups ("undisclosed-recipients:;",
 * which holds none), old routes ("<@a,@b:user@host>"), bare addresses. What is no address is passed
 * over. A field may be of any length; nothing but the address under way is kept. Of an address
 * whose local part alone is too long, "@domain" is.
 */
#ifndef RELAYLOCK_CORE_ADDRESS_LIST_H
#define RELAYLOCK_CORE_ADDRESS_LIST_H

#include <stdint.h>
#include "message_string.h"

struct address_list {
    struct message_string found; /* the address under way; letters folded */
    uint32_t comments;           /* depth */
    bool quoted, escaped;
    bool angle;    /* within < > */
    bool closed;   /* behind them: the rest is decoration */
    bool complete; /* a bare word came to its end */
    bool ended;    /* found was handed out */
};

void address_list_init(struct address_list *list);

/* Takes the next byte of an unfolded field. True when it ended an address, which list->found then
 * holds until the next call; of "<>" an empty one. */
bool address_list_feed(struct address_list *list, char byte);

/* The same at the end of the field. */
bool address_list_end(struct address_list *list);

#endif
