/* queue_maker.h: the messages of a queue as an Exchange 2003 server would hold them: an office's
 * honest mail, an authenticated relay, a non-delivery attack, and broken ones.
 *
 * Written from what such messages look like (domain.md 4 and 6; delivery reports as in KB 323484
 * and as SMTPSVC makes them), not from what anybody looks for: numbers, ratios, names, clients and
 * senders vary widely and by chance, which is that of a seed.
 */
#ifndef RELAYLOCK_TESTS_QUEUE_MAKER_H
#define RELAYLOCK_TESTS_QUEUE_MAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MAKER_MESSAGE_MAX = 90000, /* bytes */
    MAKER_NAME_MAX = 64,
    MAKER_DOMAINS_MAX = 3, /* the office's own */
    MAKER_CLIENTS_MAX = 48
};

/* Under whose names a relay's messages go. */
enum maker_senders {
    MAKER_RANDOM,      /* another one each time */
    MAKER_FEW,         /* of some domains outside */
    MAKER_ONE,         /* the same outsider */
    MAKER_OWN_ACCOUNT, /* the stolen account's own address */
    MAKER_OWN_NAMES,   /* invented, of the office's domain: another one each time */
    MAKER_SENDERS
};

struct maker {
    uint64_t state; /* of chance */
    uint32_t domain_count;
    char domains[MAKER_DOMAINS_MAX][MAKER_NAME_MAX];
    uint32_t first_share;      /* of 100 of its messages, for the first of these */
    char host[MAKER_NAME_MAX]; /* what the server calls itself */
    int64_t now;               /* messages came within the day before */
    uint32_t strays;           /* of 100 honest messages: reports about mistyped addresses here */

    /* Of the relay: */
    enum maker_senders senders;
    uint32_t client_count;
    char clients[MAKER_CLIENTS_MAX][MAKER_NAME_MAX];
    char sender[MAKER_NAME_MAX], subject[MAKER_NAME_MAX];
    uint32_t hidden; /* of 100 messages: they name no recipients */
    bool inward;     /* they name people here, whoever receives them */

    uint32_t broken; /* of 100 messages */
    size_t size;
    char message[MAKER_MESSAGE_MAX]; /* the one that was made last */
};

/* An office of so many domains; local: its host has a name that is none on the internet. */
void maker_init(struct maker *maker, uint64_t seed, uint32_t domains, bool local);

/* Chance: a number below `below`, and one between both, each order of magnitude as likely. */
uint32_t maker_below(struct maker *maker, uint32_t below);
uint32_t maker_spread(struct maker *maker, uint32_t low, uint32_t high);

/* One message each, into maker->message. Time: when it came, s since 1970 UTC. */
int64_t maker_honest(struct maker *maker);
int64_t maker_newsletter(struct maker *maker);
int64_t maker_relay(struct maker *maker);
int64_t maker_relay_report(struct maker *maker);   /* that one of the relay's did not arrive */
int64_t maker_attack_report(struct maker *maker);  /* of a non-delivery attack */
int64_t maker_attack_message(struct maker *maker); /* what such a report is about, still queued */
int64_t maker_garbage(struct maker *maker);        /* no message at all */

#endif
