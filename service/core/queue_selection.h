/* queue_selection.h: which messages of a queue are meant: all, those of clients within a time, or
 * those of a sender.
 *
 * What a message says of itself is its sender's; its client is what this server's own Received line
 * says (message_head.h).
 */
#ifndef RELAYLOCK_CORE_QUEUE_SELECTION_H
#define RELAYLOCK_CORE_QUEUE_SELECTION_H

#include "burst_list.h"
#include "message_head.h"
#include "packer.h"

enum queue_selection_kind { SELECT_ALL, SELECT_CLIENTS, SELECT_SENDER, SELECTION_KINDS };

enum { SELECTION_BURSTS_MAX = 8 /* of clients, in a selection that is packed */ };

/* For clients at any time: what burst_list_has compares with stays within an int64_t. */
#define SELECTION_EVER INT64_C(0x3fffffffffffffff)

struct queue_selection {
    enum queue_selection_kind kind;
    struct message_string sender; /* address, ASCII letters small; empty: nobody's, and delivery
                                     reports, whose envelopes have no sender (RFC 3464 2) */
    struct burst_list *clients;   /* the caller's; null unless SELECT_CLIENTS */
};

/* The sender as somebody types it: terminated UTF-8, perhaps in angle brackets. False when it is
 * too long. */
bool queue_selection_set_sender(struct queue_selection *selection, const char *typed);

/* Whether a message that came at that time (s since 1970 UTC) is meant. */
bool queue_selection_takes(const struct queue_selection *selection, const struct message_head *head,
                           int64_t time);

/* All of it but the clients' names, of which the hashes suffice. Unpacking clients takes
 * selection->clients to be there, and fills it anew. */
void queue_selection_pack(struct packer *packer, struct queue_selection *selection);

#endif
