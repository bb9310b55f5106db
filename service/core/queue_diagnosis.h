/* queue_diagnosis.h: why a queue fills, from what lies in it (domain.md 6).
 *
 * Authenticated relay: somebody signs in with an account that is not his and sends to the world.
 * Seen by messages from clients of a recent burst of sign-ins; or by messages from outside to
 * outside, which nobody but a signed-in client may bring. Non-delivery attack: somebody sends to
 * recipients that do not exist here, under the names of those whom the reports shall reach. Seen by
 * delivery reports of this server about recipients of its own.
 *
 * A report about a recipient outside is no sign of a non-delivery attack: it is what a relay leaves
 * behind. Every attack is measured against what is left without the other one.
 *
 * What the figures do not carry is "can't tell", with the reason: a server has domains that nobody
 * named, and what goes from outside to outside may be their mail. Then only many domains on both
 * sides convince.
 */
#ifndef RELAYLOCK_CORE_QUEUE_DIAGNOSIS_H
#define RELAYLOCK_CORE_QUEUE_DIAGNOSIS_H

#include "queue_tally.h"

enum queue_verdict {
    QUEUE_VERDICT_NORMAL,
    QUEUE_VERDICT_RELAY,
    QUEUE_VERDICT_NON_DELIVERY,
    QUEUE_VERDICT_BOTH,
    QUEUE_VERDICT_UNKNOWN
};

/* Why there is no telling. */
enum queue_doubt {
    QUEUE_DOUBT_NONE,
    QUEUE_DOUBT_UNREADABLE,  /* most of the files could not be read, or a whole folder */
    QUEUE_DOUBT_NO_HEADS,    /* most of them are no messages */
    QUEUE_DOUBT_OWN_DOMAINS, /* most are from and to nobody knows whom: no own domain is known, they
                                name no recipients, or they pass for an outsider's list */
    QUEUE_DOUBT_RELAYED,     /* many go from outside to outside, but of few domains: these may be
                                ours */
    QUEUE_DOUBT_REPORTS,     /* many reports are about one domain outside: it may be ours */
    QUEUE_DOUBT_BULK,        /* one sender of ours has written to the world; it does not say that it
                                is a list */
    QUEUE_DOUBT_OWN_NAMES,   /* much goes out under names of ours, brought from outside, or comes
                                back to such names */
    QUEUE_DOUBT_INCOMING     /* much seems to be for people here, and lies in the queue all the same
                              */
};

enum {
    QUEUE_ATTACK_LEAST = 50, /* messages: a queue holds some of anything */
    QUEUE_ATTACK_SHARE = 20, /* of 100 that are left without the other attack */
    QUEUE_BURST_LEAST = 20,  /* messages from a burst's clients: these accuse by themselves */
    QUEUE_BURST_SHARE = 5,
    QUEUE_DIVERSE = 8,        /* domains, of which no three have ... */
    QUEUE_DIVERSE_SHARE = 45, /* ... so many of 100 messages: if all were from or to three domains
                                 of ours that nobody named, one side would have 50 */
    QUEUE_BULK_LEAST = 200,   /* messages of one sender, to */
    QUEUE_BULK_DOMAINS = 50   /* so many domains */
};

struct queue_diagnosis {
    enum queue_verdict verdict;
    enum queue_doubt doubt; /* QUEUE_DOUBT_NONE unless the verdict is unknown */
    bool by_burst;          /* relay: clients of a burst were found */
    bool by_relayed;        /* relay: from outside to outside */
    bool by_reports;        /* relay: reports about recipients outside */
    uint64_t backscatter;   /* messages that show a non-delivery attack, which there is then even if
                               the verdict is unknown; 0: none */
    uint64_t relayed;       /* and the relay's, those of bursts included */
};

/* unread: files that could not be read; UINT64_MAX: nobody knows how many. */
void queue_diagnosis_make(struct queue_diagnosis *diagnosis, const struct queue_tally *tally,
                          const struct own_domains *own, uint64_t unread);

/* Whether a burst's account is to be named as the relay's: not one that has a message there by
 * chance. */
bool queue_diagnosis_accuses(const struct queue_diagnosis *diagnosis,
                             const struct burst_list *bursts, uint32_t burst);

/* ASCII, for JSON: "normal", "authenticated_relay", "own_domains" ... */
const char *queue_verdict_name(enum queue_verdict verdict);
const char *queue_doubt_name(enum queue_doubt doubt);

#endif
