/* replay_explain.h: the part of a replay that says what one account did (--explain).
 *
 * The account is one whose user part is that of the name given. When the name has a domain it is
 * the one that was seen with that name, or else the one that was only seen without a domain, as the
 * name book would have it (name_book.h). Of several that the name fits the first to come is
 * explained; that there are others is said. One that comes under other limits once its domain is
 * seen is held against these from then on.
 *
 * Memory: for REPLAY_EXPLAINED_MAX accounts of that user, however many there are; about 1 MB each
 * with the default limits.
 */
#ifndef RELAYLOCK_APP_REPLAY_EXPLAIN_H
#define RELAYLOCK_APP_REPLAY_EXPLAIN_H

#include "../core/settings.h"
#include "../core/sweep.h"
#include "../core/timeline.h"
#include "replay_block.h"
#include "replay_listener.h"

enum { REPLAY_EXPLAINED_MAX = 4, REPLAY_HOURS = 24, REPLAY_TOP_CLIENTS = 10 };

struct replay_client_share {
    uint32_t client; /* number in the client book */
    uint64_t sign_ins;
};

struct replay_explained {
    uint32_t account; /* number in the name book */
    bool named;       /* it was seen with the very name that was asked for */
    bool with_domain; /* it was seen with a domain */
    bool exempt, machine;
    bool own_limits;              /* Accounts\NAME gives it some; else the general ones */
    struct limit_set limits;      /* in force for it */
    struct sweep *sweep;          /* with this account alone, as account 0, over the windows of its
                                     limits first of all */
    int64_t first, last;          /* times of the events */
    uint64_t hours[REPLAY_HOURS]; /* sign-ins by hour of the day, UTC */
    uint32_t *by_client;          /* sign-ins by client number */
    uint64_t clients;             /* different ones that have a number */
    uint64_t unnumbered;          /* sign-ins from clients that have none */
    struct replay_client_share top[REPLAY_TOP_CLIENTS]; /* most sign-ins first; after finish */
    uint32_t top_count;
};

/* All zero: none. */
struct replay_explain {
    const struct settings *settings;  /* a view */
    struct text wanted, domain, user; /* the name given, and its parts; views */
    struct replay_block block;
    struct timeline timeline;
    struct replay_explained at[REPLAY_EXPLAINED_MAX];
    uint32_t count;
    uint32_t seen;                         /* account numbers below this were looked at */
    uint32_t not_kept;                     /* accounts of that user beyond REPLAY_EXPLAINED_MAX */
    const struct replay_explained *chosen; /* after replay_explain_finish; null: not in the log */
    uint64_t lost;   /* sign-ins of it that were not counted for lack of room */
    uint32_t others; /* further accounts of that user */
};

/* False, and nothing is open, when memory is out. settings and wanted must outlive it. */
bool replay_explain_open(struct replay_explain *explain, const struct settings *settings,
                         struct text wanted);
struct replay_listener replay_explain_listener(struct replay_explain *explain);
void replay_explain_finish(struct replay_explain *explain);

/* How the account stands to one of its limits. */
struct replay_standing {
    struct limit limit;
    struct sweep_peak peak;
    int64_t margin; /* so many more would have crossed it; 0 or less when it did */
    bool crosses;
    struct sweep_crossing crossing; /* when it does */
};

/* index into explained->limits. */
struct replay_standing replay_explain_standing(const struct replay_explained *explained,
                                               uint32_t index);

void replay_explain_close(struct replay_explain *explain);

#endif
