/* replay_listener.h: what a part of a replay (sweep, explain, diff, the page) is told while the
 * logs are read.
 *
 * Everything is told in the order in which it is read, which is that of time as far as the logs are
 * in it: of one log in the order of its record numbers, of several the oldest head first. Each
 * record is told once, however many files hold it. All pointers and views hold until the call
 * returns. A listener allocates what it needs before the first call; a call cannot fail, so what a
 * listener has no room for it counts itself and says at the end. Calls that it has no use for are
 * null.
 */
#ifndef RELAYLOCK_APP_REPLAY_LISTENER_H
#define RELAYLOCK_APP_REPLAY_LISTENER_H

#include "../core/guard.h"

enum {
    /* Instead of a number: of an account or a client that found no room in its book. Accounts have
     * room for MaxAccounts, clients for REPLAY_CLIENTS_MAX; both are told at the end. */
    REPLAY_NUMBERLESS = 0xffffffff,
    REPLAY_CLIENTS_MAX = 65536
};

/* A matched, well-formed sign-in. */
struct replay_sign_in {
    const struct relay_event *event; /* with time, record number, texts as written, origin */
    const struct identity *identity; /* whom the guard counted it for */
    bool renamed; /* it gave its account another name, by which that goes from now on */
    enum guard_outcome outcome; /* what the guard did with it */
    uint32_t file;              /* index into replay_report.files */
    /* Of the account by all its spellings, and of the client's name with its letters folded,
     * whichever account it came with: from 0 up, in the order of their first coming. The report
     * has the names. */
    uint32_t account, client;
    uint64_t client_hash; /* of the folded name, keyed: tells clients apart beyond any bound */
    /* The limit that the account is nearest to now, of which it has come to `counted`; for a
     * verdict the one that it crossed. counted is 0 when the sign-in was not counted, or when no
     * listener asks for it (replay_listeners.nearest). */
    struct limit nearest;
    uint32_t counted;
};

enum replay_gap_kind {
    REPLAY_GAP_NUMBERS, /* record numbers are missing: the log wrapped, or was cut */
    REPLAY_GAP_DAMAGE   /* bytes that are no record were passed over */
};

/* Something that the logs do not tell. Before and after are the times of the records on either
 * side (seconds since 1970-01-01 UTC); at the edge of a file both are the one that there is. */
struct replay_gap {
    enum replay_gap_kind kind;
    uint32_t file;
    uint64_t first, last;   /* the record numbers missing; first > last when it is not known how
                               many, or whether any */
    uint64_t offset, bytes; /* of the damage, in the file; 0 for missing numbers */
    int64_t before, after;
};

struct replay_progress {
    uint64_t bytes, bytes_total; /* read, and to be read; the total is 0 when it is not known */
    uint64_t records;
};

struct replay_listener {
    void *context; /* handed to each call; the listener's */
    void (*sign_in)(void *context, const struct replay_sign_in *sign_in);
    /* Right after the sign-in that brought it, at most once an account. */
    void (*verdict)(void *context, const struct replay_sign_in *sign_in,
                    const struct verdict *verdict);
    void (*gap)(void *context, const struct replay_gap *gap);
    /* Now and then, at least once in 256 KB that are read; and once at the end of all. */
    void (*progress)(void *context, const struct replay_progress *progress);
};

enum { REPLAY_LISTENERS_MAX = 8 };

/* Those who listen, in the order in which they are told. */
struct replay_listeners {
    struct replay_listener at[REPLAY_LISTENERS_MAX];
    size_t count;
    bool nearest; /* one of them asks for replay_sign_in.nearest, which costs time */
};

/* Whether one of them wants to hear of sign-ins or verdicts. */
bool replay_listeners_hear(const struct replay_listeners *listeners);

/* Tells all of them; verdict: what the sign-in brought, or null. */
void replay_listeners_tell(const struct replay_listeners *listeners,
                           const struct replay_sign_in *sign_in, const struct verdict *verdict);
void replay_listeners_tell_gap(const struct replay_listeners *listeners,
                               const struct replay_gap *gap);
void replay_listeners_tell_progress(const struct replay_listeners *listeners,
                                    const struct replay_progress *progress);

#endif
