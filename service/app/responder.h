/* responder.h: the thread that acts: locks accounts, restarts SMTP.
 *
 * It may block for minutes on a domain controller or on a service that is slow to stop; nobody
 * waits for it but the end of the program. What it did it tells in the event log; what the watcher
 * must know of it, it hands back.
 *
 * A lock that fails is tried again after 1, 2, 4 ... 60 s, for a day, with one alert at the first
 * failure and one when it is given up; a mark is tried once. Locks that are due are done first,
 * then SMTP is restarted, so that a burst shares one restart; then come checks and marks. Restarts
 * are RestartCooldown apart; one that could not be done is tried again like a lock.
 */
#ifndef RELAYLOCK_APP_RESPONDER_H
#define RELAYLOCK_APP_RESPONDER_H

#include "order_queue.h"
#include "../windows/account.h"
#include "../windows/smtp_service.h"

enum { RESPONDER_STOP_PATIENCE = 2000 /* ms to wait at the end for a call that hangs */ };

/* The calls; tests put others here. */
struct responder_calls {
    void (*account_lock)(const uint8_t *, size_t, enum lock_action, const struct account_intent *,
                         struct account_outcome *);
    DWORD(*account_look)
    (const uint8_t *, size_t, enum account_place, struct account_view *, const char **);
    void (*smtp_restart)(const struct smtp_options *, struct smtp_outcome *);
    DWORD(WINAPI *GetTickCount)(void);
};
extern struct responder_calls responder_calls;

struct responder;

/* Starts the thread. stop and done are events of the caller's: stop (manual-reset) ends it, done is
 * set when there is something to take. ERROR_SUCCESS, or the error; *responder then untouched. */
DWORD responder_start(const struct settings *settings, HANDLE stop, HANDLE done,
                      struct responder **responder);

/* What of the settings it needs is copied; in force from the next order on. */
void responder_configure(struct responder *responder, const struct settings *settings);

/* While observing nothing is changed: locks that wait are given up (the guard decides anew once it
 * ends), marks are dropped, and a restart of SMTP that is due waits. What has begun is finished. */
void responder_observe(struct responder *responder, bool observing);

/* False when there is no room (order_queue.h). While observing, a lock is given up at once and a
 * mark dropped. */
bool responder_post(struct responder *responder, const struct order *order);

/* The next order that was ended. False: none. Not told of marks. */
bool responder_take(struct responder *responder, struct order_report *report);

/* Accounts locked since the start. */
uint32_t responder_locked(struct responder *responder);

/* To be called once stop is signalled: waits until a restart of SMTP that has begun is finished,
 * telling waiting(context) at least once a second; a call that hangs otherwise is waited for
 * RESPONDER_STOP_PATIENCE. Says in the event log what was left undone. The thread of a hanging call
 * is left behind with its memory, and false returned. */
bool responder_stop(struct responder *responder, void (*waiting)(void *context), void *context);

#endif
