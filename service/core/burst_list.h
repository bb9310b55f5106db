/* burst_list.h: accounts that signed in far too often of late, and the clients they came from.
 *
 * From the journal (the accounts that crossed a limit) and from event logs. What lies in the queue
 * is held against it: a message whose client is one of these was sent through that account. Clients
 * are names as they said EHLO with (event 1708 has no more, domain.md 1), or addresses; a name is
 * kept, and so compared, up to CLIENT_SHOWN_MAX - 1 units, letters folded.
 */
#ifndef RELAYLOCK_CORE_BURST_LIST_H
#define RELAYLOCK_CORE_BURST_LIST_H

#include "verdict.h"

enum {
    BURSTS_MAX = 256,
    BURST_CLIENTS_MAX = 4096, /* of all together */
    BURST_EARLY = 600,      /* s: messages are older than the first sign-in that is known of ... */
    BURST_LATE = 2 * 86400, /* ... or younger than the last, by as much: one session can go on for
                               long, and the last sign-in that is known may be the crossing one */
    BURST_NONE = 0xffffffff
};

struct burst {
    char16_t account[ACCOUNT_SHOWN_MAX]; /* terminated; not sanitised */
    int64_t first_time;                  /* of the sign-ins that are known, s since 1970 UTC */
    int64_t last_time;
    bool locked;       /* the journal says that RelayLock holds the account locked */
    uint32_t clients;  /* of its, in the list */
    uint64_t messages; /* of the queue, as burst_list_count has counted them */
};

struct burst_client {
    uint64_t hash; /* of the folded name, cut as above */
    uint32_t burst;
    uint32_t messages; /* likewise */
    char16_t name[CLIENT_SHOWN_MAX];
};

struct burst_list {
    uint32_t count, client_count;
    bool crowded; /* something found no room */
    struct burst bursts[BURSTS_MAX];
    struct burst_client clients[BURST_CLIENTS_MAX];
};

/* A burst of an account: the one there is by that name, letters folded, with its times widened, or
 * a new one. Its index, or BURST_NONE when there is no room. */
uint32_t burst_list_add(struct burst_list *list, struct text account, int64_t first, int64_t last);

/* A client that it came from; an empty name is nobody's. */
void burst_list_add_client(struct burst_list *list, uint32_t burst, struct text client);

/* Whether a message of that time came from a client of a burst: by its name, else by its address
 * ("203.0.113.9" and "[203.0.113.9]" are one). */
bool burst_list_has(const struct burst_list *list, struct text name, struct text address,
                    int64_t time);

/* The same, and counts it at each burst that has such a client, since several stolen accounts may
 * be used by one, and at the client. */
bool burst_list_count(struct burst_list *list, struct text name, struct text address, int64_t time);

#endif
