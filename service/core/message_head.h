/* message_head.h: what the head of a mail message says, read as it comes, whatever it is.
 *
 * RFC 5322 2.2: fields, folded over lines or not. Read loosely, since it was written by anybody:
 * lines may end in CR LF, LF or CR; a line that is no field is passed over; lines may be of any
 * length, and the head may end anywhere. A field that may be there once counts when it comes first:
 * the first Received line is the one that this server wrote.
 *
 * Of a delivery report (multipart/report of RFC 3462, report-type=delivery-status) the body is read
 * on until it says which recipient failed (RFC 3464 2.3.2), since that tells what the report is
 * about.
 *
 * Nothing is allocated; what is kept is bounded.
 */
#ifndef RELAYLOCK_CORE_MESSAGE_HEAD_H
#define RELAYLOCK_CORE_MESSAGE_HEAD_H

#include "address_list.h"

enum {
    MESSAGE_READ_MAX = 65536,   /* bytes of a message that are looked at */
    MESSAGE_FIELD_MAX = 1024,   /* bytes kept of the field under way */
    MESSAGE_FIELD_NAME_MAX = 24 /* of its name; one as long as that is none that is looked for */
};

/* A field with an address. */
struct message_address {
    bool there;                    /* the field is there ... */
    struct message_string address; /* ... and names this one; empty: none, or "<>" */
};

enum { MESSAGE_DOMAINS_MAX = 8 };

struct message_head {
    uint32_t fields; /* lines that are fields, known or not; 0: this is no message */
    bool ended;      /* the head's end was seen */
    struct message_address from, sender, return_path;
    uint32_t recipients; /* addresses in To, Cc and Bcc ... */
    uint32_t domain_count;
    struct message_string domains[MESSAGE_DOMAINS_MAX]; /* ... and the first of their domains */
    struct message_string subject;                      /* encoded words as they stand */
    bool received; /* it came by SMTP or from a folder: it has a Received line, which says: */
    struct message_string client;  /* what the client called itself (HELO); letters as written */
    struct message_string address; /* its address, without brackets */
    struct message_string host;    /* who received it: a name of this server */
    bool dated;
    int64_t date;         /* of the Received line, else of the Date field; s since 1970-01-01 UTC */
    bool list;            /* List-Id, List-Unsubscribe, or Precedence: list or bulk */
    bool automatic;       /* Auto-Submitted, other than "no", or Precedence: junk */
    bool delivery_report; /* multipart/report of a delivery status, X-DSNContext, or
                             X-Failed-Recipients */
    struct message_string failed; /* the address of the first recipient that it is about */
};

struct message_parser {
    struct message_head head;
    /* The rest is the parser's own. */
    struct address_list addresses;
    uint32_t returns; /* CRs in a row that are not judged yet */
    uint8_t state;
    uint8_t field; /* under way */
    bool body;     /* of a delivery report */
    uint8_t name_count;
    char name[MESSAGE_FIELD_NAME_MAX];
    uint32_t value_count;
    char value[MESSAGE_FIELD_MAX];
    uint64_t seen; /* fields that were there, by number */
};

void message_parser_init(struct message_parser *parser);

/* Takes the next bytes. Whether more are wanted: false once all is known that will be. */
bool message_parser_feed(struct message_parser *parser, const void *bytes, size_t size);

/* There are no more. parser->head is complete then. */
void message_parser_end(struct message_parser *parser);

/* Whom it claims to come from: Return-Path, which is the envelope's, else Sender, else From. Null
 * when it has none of them; empty for the null sender. */
const struct message_string *message_head_sender(const struct message_head *head);

#endif
