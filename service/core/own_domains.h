/* own_domains.h: which mail domains are this server's own, as far as that is known.
 *
 * Named by somebody who knows; or found in what the server itself has written into the messages of
 * its queue: a delivery report without a Received line was made here, so that the domain of its
 * postmaster is ours; and the first Received line says who received the message. Those are only
 * some of them: a server often has more domains than it shows.
 */
#ifndef RELAYLOCK_CORE_OWN_DOMAINS_H
#define RELAYLOCK_CORE_OWN_DOMAINS_H

#include "message_head.h"

enum { OWN_DOMAINS_MAX = 64 };

struct own_domains {
    uint32_t count;
    uint32_t named; /* the first of them: named; subdomains of these are ours as well */
    struct message_string names[OWN_DOMAINS_MAX];
};

/* A domain that somebody names; all of these before any is found. False when there is no room, or
 * it is no domain. */
bool own_domains_name(struct own_domains *own, const char *domain);

/* The name of this server, as it calls itself in the first Received line: that name and, of
 * "host.domain.tld", "domain.tld". What finds no room is not learnt. */
void own_domains_find_host(struct own_domains *own, const struct message_string *host);

/* What a message of the queue says. */
void own_domains_find(struct own_domains *own, const struct message_head *head);

/* domain in small letters. */
bool own_domains_have(const struct own_domains *own, const struct message_string *domain);

/* Whether a delivery report was made by this server, having come from nowhere, or by another one of
 * ours: it is from one of the own domains, and was brought by a client of a private address. Who
 * signs in from outside may write what passes for a report; where from, he cannot choose. */
bool own_domains_made_report(const struct own_domains *own, const struct message_head *head);

#endif
