/* replay_activity.h: what a replay's page shows of accounts and clients over time.
 *
 * Memory is bounded, whatever the logs hold: for each of MaxAccounts accounts 100 bytes, and
 * besides 26 MB at most. Buckets of time become wider (activity.h) when room runs out; pairs of
 * account and client, and gaps, that find none are only counted.
 */
#ifndef RELAYLOCK_APP_REPLAY_ACTIVITY_H
#define RELAYLOCK_APP_REPLAY_ACTIVITY_H

#include "../core/activity.h"
#include "replay_listener.h"

enum {
    REPLAY_ACTIVITY_ALL = 0, /* the series of all sign-ins. That of an account is its number + 1;
                                its peaks are the guard_nearness to a limit */
    /* At most, and as many for each account that there is room for. */
    REPLAY_PAIRS_MAX = 1 << 19,
    REPLAY_PAIRS_EACH = 512,
    REPLAY_FILLED_MAX = 1 << 20, /* buckets; but no fewer than series */
    REPLAY_GAPS_KEPT = 64
};

struct replay_account {
    uint64_t sign_ins;
    uint64_t after;   /* of these, after its verdict */
    uint32_t clients; /* distinct names, as far as told apart */
    uint64_t client;  /* of these the last one met: its hash */
    bool exempt, machine, judged;
    /* When it came nearest to a limit, first; counted is 0 when it was never counted. */
    uint32_t counted;
    struct limit nearest;
    int64_t nearest_time;
};

struct replay_client {
    uint64_t sign_ins;
    uint32_t accounts; /* distinct, as far as told apart */
};

struct replay_activity {
    struct activity *series;
    struct replay_account *accounts; /* by number, below the report's accounts */
    struct replay_client *clients;   /* by number, REPLAY_CLIENTS_MAX of them */
    uint64_t pairs_lost; /* sign-ins of pairs of account and client that found no room */
    uint64_t sign_ins;
    uint64_t nameless_clients;                /* sign-ins of those without a number */
    struct replay_gap gaps[REPLAY_GAPS_KEPT]; /* the first ones */
    uint64_t gap_count;                       /* all */
    int64_t first_time, last_time;            /* of the sign-ins */
    struct replay_pairs *pairs;
};

/* For so many accounts (as in settings.max_accounts). Null when memory is out. The caller closes
 * what was opened, which may be null. */
struct replay_activity *replay_activity_open(uint32_t accounts);
void replay_activity_close(struct replay_activity *activity);

/* What gathers into it. */
struct replay_listener replay_activity_listener(struct replay_activity *activity);

#endif
