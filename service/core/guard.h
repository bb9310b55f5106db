/* guard.h: counts sign-ins per account in sliding windows and says when a limit is crossed.
 *
 * Pure: no clock, no I/O; time is the time of the events. "Now" is the newest event time seen; a
 * window of W seconds holds the sign-ins with now - W < time <= now. An event up to
 * GUARD_LATENESS seconds older than now is late and takes its place by time. An event older than
 * that means that the clock was set back: from there on time is counted on as if it had not been
 * (the event is taken to happen now), so that neither a repeated hour nor a jump counts anything
 * twice.
 *
 * Exemptions and per-account limits go by identity->name, which Windows gives, never by the name as
 * written, which whoever signs in may choose among the spellings of an account.
 *
 * An account that crossed a limit is held: it brings no further verdict until it is released.
 * A lock's hold ends with guard_release; a flag's ends by itself (see guard_feed).
 *
 * Memory: one block given at set-up, nothing allocated later. When accounts, sign-ins or client
 * names run out, the account farthest from every limit is forgotten (GUARD_LEVELS levels of
 * nearness, the longest silent first within a level); but an account at half a limit or nearer is
 * never forgotten for a fresh one, and none for one that is farther from its limits; then the
 * sign-in is not counted. Either is a loss, unless nothing of the forgotten account lay within a
 * window any more. Held accounts are never forgotten.
 */
#ifndef RELAYLOCK_CORE_GUARD_H
#define RELAYLOCK_CORE_GUARD_H

#include "relay_event.h"
#include "verdict.h"

enum {
    GUARD_LATENESS = 5, /* seconds */
    GUARD_LEVELS = 8,
    GUARD_NEARNESS = 1000,
    GUARD_OVERRIDES_MAX = 256,
    GUARD_EXEMPT_MAX = 256,
    GUARD_ACCOUNTS_MIN = 64,
    GUARD_ACCOUNTS_MAX = 1048576,
    GUARD_LOCKS_MAX = 1000 /* per hour */
};

struct guard_override {
    struct text account; /* an account_name_matches pattern */
    struct limit_set limits;
};

/* All views and arrays are copied by guard_init, but for the texts behind exempt and overrides,
 * which must outlive the guard. */
struct guard_settings {
    const struct limit_set *limits;
    const struct text *exempt;
    size_t exempt_count;
    const struct guard_override *overrides; /* the first that matches counts */
    size_t override_count;
    uint32_t max_accounts;
    uint32_t max_locks_per_hour; /* 0: only ever flag */
    bool flag_only;              /* Action=flag */
};

struct guard_counters {
    uint64_t events; /* fed */
    uint64_t exempt; /* of these, of exempt accounts */
    uint64_t verdicts;
    uint64_t locks;       /* of these, with FLAG_NOT */
    uint64_t lost;        /* accounts forgotten while they still counted, sign-ins not counted */
    uint64_t clock_steps; /* times the clock was found set back */
    uint32_t accounts;    /* held in memory now */
    uint32_t budget_left; /* locks that MaxLocksPerHour still allows, at the newest event's time */
};

enum guard_outcome {
    GUARD_COUNTED, /* counted, nothing crossed */
    GUARD_EXEMPT,
    GUARD_HELD,    /* the account is locked already (by a verdict of this guard, or guard_hold) */
    GUARD_VERDICT, /* *verdict is filled in */
    GUARD_LOST     /* not counted: no room (see above) */
};

struct guard;

/* Bytes that guard_init needs; 0 when the settings are out of range. With the default limits about
 * 1011 for each of max_accounts: at least 9 sign-ins and 1.5 client names for each account on
 * average, and beyond that as many as 8 accounts just below their limits need. */
size_t guard_size(const struct guard_settings *settings);

/* Sets up a guard in memory (size bytes, aligned to 16, zeroed, owned by the caller, who frees it
 * when done with the guard). Null when size is too small. */
struct guard *guard_init(void *memory, size_t size, const struct guard_settings *settings,
                         const struct hash_key *key);

/* Counts one well-formed sign-in. *verdict is written only with GUARD_VERDICT.
 *
 * A verdict takes one lock from the budget if it has FLAG_NOT. How long a flagged account is held:
 * FLAG_BUDGET until the budget has room again (for a budget of 0: as the others), FLAG_OBSERVE and
 * FLAG_STORE until guard_hinder says otherwise, FLAG_QUEUE until guard_corroborate lets more limits
 * lock, or it crosses one that does, the others for its limits' longest window; the counts are
 * kept, so that the next sign-in after that brings a new verdict if the account is still over a
 * limit. */
enum guard_outcome guard_feed(struct guard *guard, const struct relay_event *event,
                              const struct identity *identity, struct verdict *verdict);

/* What a guard found out about a sign-in: for whoever meets another with the same identity and the
 * same client name, to save the search. Zeroed: nothing. */
struct guard_place {
    uint64_t tenancy;
    uint64_t client; /* hash of its name; tenancy and slot tell whether it is known */
    uint32_t slot;
};

/* guard_feed, with what this guard found out before; brought up to date. */
enum guard_outcome guard_feed_at(struct guard *guard, const struct relay_event *event,
                                 const struct identity *identity, struct guard_place *place,
                                 struct verdict *verdict);

/* Says that the sign-in with a place, which may be out of date, is about to be fed, so that what
 * that takes can be fetched meanwhile. */
void guard_expect(const struct guard *guard, const struct guard_place *place);

/* What guard_feed_at does, for a sign-in that is GUARD_COUNTED or GUARD_HELD with nothing more to
 * it; this is what most are. False for any other, which is yet to be fed. */
bool guard_feed_quietly(struct guard *guard, uint64_t record, int64_t time,
                        const struct guard_place *place);

/* Why nobody is to be locked for now: FLAG_OBSERVE or FLAG_STORE, which verdicts then say;
 * FLAG_NOT: nothing any more. When the reason changes, the accounts flagged for it are decided anew
 * from their next sign-ins. */
void guard_hinder(struct guard *guard, enum flag_reason reason);

/* How far the queue bears out what the log says: limits whose window, in s, is shorter than that
 * only flag (FLAG_QUEUE); of several that are crossed at once, one that locks counts first. 0, as
 * at the beginning: all lock; UINT32_MAX: none does. */
void guard_corroborate(struct guard *guard, uint32_t window);

/* The verdict in place of the FLAG_QUEUE that the latest sign-in brought, after guard_corroborate
 * has let more limits lock. False, with nothing changed: it has not, or the verdict is another. */
bool guard_reconsider(struct guard *guard, const struct relay_event *event,
                      const struct identity *identity, struct verdict *verdict);

/* Forgets all that was counted of an account and its hold: it starts from zero. False when it is
 * not known. */
bool guard_release(struct guard *guard, const struct identity *identity);

/* Says that an account, known by its SID, goes by another name from now on: whether it is exempt
 * and which limits it is under is decided anew, and what is held of it is counted under these. */
void guard_rename(struct guard *guard, const struct identity *identity);

/* Holds an account as if locked, before or without a verdict of this guard. False: no room. */
bool guard_hold(struct guard *guard, const struct identity *identity);

/* Takes a lock from the budget that an earlier guard decided at that event time, in seconds. */
void guard_charge(struct guard *guard, int64_t time);

/* How near a limit is that has counted so much, in 1 / GUARD_NEARNESS of it, rounded down. One
 * client name, as everybody has, brings nobody nearer. */
uint32_t guard_nearness(const struct limit *limit, uint32_t counted);

/* Of the limits of the account at a place, which guard_feed_at has found, the one that it was
 * nearest to right after its last sign-in, of equally near ones the first, and what that limit
 * counted. False, with nothing written, when nothing is counted of the account: it is not known any
 * more, exempt or locked. */
bool guard_nearest(struct guard *guard, const struct guard_place *place, struct limit *limit,
                   uint32_t *counted);

void guard_count(const struct guard *guard, struct guard_counters *counters);

/* Takes over from an older guard what the log cannot tell: which accounts are locked, the locks
 * taken from the budget in the last hour, what hinders it; also the hash key. To be called
 * before the first event is fed. Time starts anew with that event, so the log may be read again
 * from as far back as needed. */
void guard_inherit(struct guard *guard, const struct guard *older);

#endif
