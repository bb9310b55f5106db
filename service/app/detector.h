/* detector.h: takes sign-ins, says who each is, counts it, and orders what follows from a verdict.
 *
 * Used by the watcher's thread alone. Waits for nobody but, at most RESOLVER_PATIENCE, the
 * resolver, and, at most QUEUE_WATCH_PATIENCE, for a look at the queue when an account crosses a
 * limit that it did not bear out before.
 */
#ifndef RELAYLOCK_APP_DETECTOR_H
#define RELAYLOCK_APP_DETECTOR_H

#include <windows.h>
#include "held_list.h"
#include "lock_pace.h"
#include "queue_watch.h"
#include "responder.h"
#include "said_list.h"
#include "../core/gap_list.h"
#include "../core/guard.h"
#include "../windows/resolver.h"

enum { DETECTOR_AGAIN = 86400000 /* ms after its release within which a crossing is worse */ };

/* The OS calls; tests put others here. */
struct detector_calls {
    DWORD(WINAPI *GetTickCount)(void);
};
extern struct detector_calls detector_calls;

struct detector {
    struct hash_key key;
    HANDLE stop; /* these three are the caller's */
    struct resolver *resolver;
    struct responder *responder;
    struct queue_watch *queue;   /* the caller's; null: nothing is required of it */
    const struct gap_list *gaps; /* of the log; the caller's; may be null */
    uint32_t alerts;             /* verdicts told since the start */
    enum lock_action action;     /* of the settings in force */
    uint32_t max_locks_per_hour;
    uint32_t longest_window; /* seconds */
    struct guard *guard;
    void *memory; /* the guard's */
    bool observing;
    bool store_closed;            /* or not known yet */
    struct queue_view queue_view; /* as last looked at */
    struct held_list held;
    struct lock_pace pace;
    bool told_position; /* to the responder: told_record, at told_at */
    uint64_t told_record;
    DWORD told_at;
    struct said_list said;
};

/* Starts counting from zero by the settings, whose names the guard views: they must outlive it.
 * Carries over what the log cannot tell (guard_inherit). False, with all as it was, without memory.
 */
bool detector_count_afresh(struct detector *detector, const struct settings *settings);

/* Why nobody is to be locked: it only observes, or the journal cannot be kept. */
void detector_observe(struct detector *detector, bool observing);
void detector_store(struct detector *detector, bool closed);

/* What the queue bears out (RequireQueue) as it stands: to be called before what was read is taken.
 */
void detector_look_at_queue(struct detector *detector);

/* One sign-in that was read. */
void detector_take(struct detector *detector, const struct relay_event *event);

/* All of the log was read at that moment (GetTickCount), up to that record; position is where that
 * is, for the responder. What lies before a position that was told is not read again: sign-ins of
 * held accounts that wait are told before, so that it may come HELD_LIST_PAUSE later. */
void detector_all_read(struct detector *detector, uint64_t record,
                       const struct position_record *position, DWORD tick);

/* How many accounts may be locked before an hour has passed since the first of the last ones: by
 * the time of the log and by this computer's. */
uint32_t detector_locks_left(struct detector *detector);

/* What the responder has to tell of accounts. */
void detector_hear(struct detector *detector);

/* Tells the responder of sign-ins of held accounts that are due. Returns the ms until the next are;
 * INFINITE: none wait. */
DWORD detector_tell(struct detector *detector);

/* To be called once a day at the least: keeps times that have passed from looking like times to
 * come when GetTickCount wraps. */
void detector_settle(struct detector *detector);

/* Frees the guard; the rest is the caller's. */
void detector_end(struct detector *detector);

#endif
