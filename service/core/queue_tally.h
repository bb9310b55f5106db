/* queue_tally.h: what lies in a queue, summed up: any number of messages, bounded memory, nothing
 * allocated.
 *
 * Every message is of one kind: who sent it, to whom, seen from this server, as far as its head
 * tells and its own domains are known.
 */
#ifndef RELAYLOCK_CORE_QUEUE_TALLY_H
#define RELAYLOCK_CORE_QUEUE_TALLY_H

#include "burst_list.h"
#include "frequent.h"
#include "own_domains.h"

enum queue_kind {
    /* Delivery reports that this server made: */
    QUEUE_REPORT_BACKSCATTER, /* to somebody outside, since a recipient here does not exist: what a
                                 non-delivery attack leaves (domain.md 6) */
    QUEUE_REPORT_RELAYED,     /* to somebody outside, since a recipient outside failed: outsiders
                                 send to outsiders through this server */
    QUEUE_REPORT_VAGUE,       /* to somebody outside; it does not say who failed */
    QUEUE_REPORT_OWN,         /* to somebody here, whose message failed */
    /* Other messages: */
    QUEUE_BURST,    /* from a client of a recent burst of sign-ins */
    QUEUE_RELAYED,  /* brought by a client, from outside to outside, and no mailing list's */
    QUEUE_OUTGOING, /* from here */
    QUEUE_INCOMING, /* to somebody here */
    QUEUE_LIST,     /* from outside to outside, but a mailing list's or automatic */
    QUEUE_UNCLEAR,  /* there is no telling: it names no recipients, or no own domain is known */
    QUEUE_NO_HEAD,  /* the file does not begin with a message's head */
    QUEUE_KINDS
};

enum {
    QUEUE_SLOTS = 288, /* of time: a day */
    QUEUE_RING = 512, /* as many at least; a power of 2, so that those before 1970 have their own */
    QUEUE_SLOT_SECONDS = 300,
    QUEUE_HOUR_SLOTS = 3600 / QUEUE_SLOT_SECONDS
};

struct queue_tally {
    uint64_t messages; /* in all */
    uint64_t bytes, largest;
    uint64_t kinds[QUEUE_KINDS];
    uint64_t null_senders;      /* of no sender, or a postmaster, but no delivery report */
    int64_t oldest, newest;     /* s since 1970 UTC; nothing when messages is 0 */
    int64_t newest_slot;        /* the newest one's time in slots */
    uint32_t slots[QUEUE_RING]; /* messages by time: a ring, of the last day before the newest */
    struct frequent senders, domains, clients,
        subjects; /* clients: by name, as event 1708 has it */
    /* Domains of the relayed ones, once a message: the sender's, and the first recipient's. */
    struct frequent relayed_from, relayed_to;
    struct frequent failed_domains; /* of reports on somebody outside */
    struct frequent outgoing_senders, outgoing_domains;
    uint64_t outgoing_lists;        /* outgoing ones that say that they are bulk */
    uint64_t outgoing_from_outside; /* that do not, and that a client from outside brought */
};

struct queue_message {
    const struct message_head *head;
    uint64_t size;   /* bytes */
    int64_t written; /* when the file was: s since 1970 UTC */
};

void queue_tally_init(struct queue_tally *tally);

/* When a message came: as its head says (message_head.h), unless that is more than a day later than
 * the file's own time; else that one. So that a copy of a queue tells the same. */
int64_t queue_message_time(const struct queue_message *message);

/* Adds a message; counts it at each burst that it may belong to. Returns its kind. */
enum queue_kind queue_tally_add(struct queue_tally *tally, const struct own_domains *own,
                                struct burst_list *bursts, const struct queue_message *message);

/* Messages that came within the last hour before the newest one, in the hour before that, and in
 * the day that ends with it. */
uint64_t queue_tally_last_hour(const struct queue_tally *tally);
uint64_t queue_tally_hour_before(const struct queue_tally *tally);
uint64_t queue_tally_last_day(const struct queue_tally *tally);

/* ASCII, for JSON: "backscatter", "relayed_report" ... */
const char *queue_kind_name(enum queue_kind kind);

#endif
