/* message_received.h: the Received line that this server wrote into a message: the first one.
 */
#ifndef RELAYLOCK_CORE_MESSAGE_RECEIVED_H
#define RELAYLOCK_CORE_MESSAGE_RECEIVED_H

#include "message_head.h"

/* Takes from the unfolded field, without its name, what it says of client, address, host and date:
 * "from CLIENT ([ADDRESS]) by HOST with ...; DATE", as SMTPSVC writes it; of a message from the
 * pickup folder "from mail pickup service by HOST". The client chose CLIENT, and may have called
 * itself "a ([1.2.3.4]) by b": what the server wrote is the last of each. What is missing stays as
 * it was in *head. */
void message_received_read(struct message_head *head, const char *value, size_t count);

/* Whether a client's address is one that nobody outside has: private (RFC 1918), link-local
 * (RFC 3927) or this computer's own. SMTPSVC knows IPv4 alone. */
bool message_received_is_inside(const struct message_string *address);

#endif
