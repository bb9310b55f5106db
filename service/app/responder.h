/* responder.h: the thread that acts: what stands in lockdown.h, beside everything else.
 *
 * It may block for minutes on a domain controller, on a service that is slow to stop or on a disk;
 * nobody waits for it but the end of the program. While it waits for a service, orders are taken
 * all the same, and accounts locked. What it did it tells in the event log; what the watcher must
 * know of it, it hands back. All that is kept between the two is bounded: orders are
 * RESPONDER_ORDERS, sign-ins are added up per account, the rest is the latest of its kind, and what
 * is handed back is the latest of each account.
 */
#ifndef RELAYLOCK_APP_RESPONDER_H
#define RELAYLOCK_APP_RESPONDER_H

#include "account_news.h"
#include "lockdown.h"

enum {
    RESPONDER_ORDERS = 64,          /* that wait at most */
    RESPONDER_FLAGS = 32,           /* of these, flags */
    RESPONDER_SIGN_INS = 64,        /* accounts whose sign-ins wait */
    RESPONDER_STOP_PATIENCE = 1500, /* ms to wait at the end for a call that hangs */
};

struct responder;

/* Starts the thread, observing if the settings say so (Observe). stop and done are events of the
 * caller's: stop (manual-reset) ends it, done is set when there is something to take.
 * ERROR_SUCCESS, or the error; *responder then untouched. */
DWORD responder_start(const struct settings *settings, HANDLE stop, HANDLE done,
                      struct responder **responder);

/* What of the settings it needs is copied; in force from the next step on. */
void responder_configure(struct responder *responder, const struct settings *settings);

/* While observing nothing is changed but what a person asks for (lockdown_set_mode). What has begun
 * is finished. */
void responder_observe(struct responder *responder, bool observing);

/* False when there is no room. */
bool responder_post(struct responder *responder, const struct order *order);

/* Sign-ins of a held account. False when there is no room: to be told again later. */
bool responder_tell(struct responder *responder, const struct held_sign_ins *sign_ins);

/* The most recent lock is to be released; or what the release verb has left in the state directory
 * (windows/release_file.h) is to be read and done. */
void responder_release_latest(struct responder *responder);
void responder_request_left(struct responder *responder);

/* As lockdown_position, lockdown_all_read, lockdown_outlook; of the second it takes notice when it
 * has something to do, or had asked by setting done. */
void responder_position(struct responder *responder, const struct position_record *position);
void responder_all_read(struct responder *responder, DWORD tick);
void responder_outlook(struct responder *responder, const struct outlook_record *outlook);

/* Whether the journal can be kept, and what of it the watcher needs when it is opened. */
struct store_news {
    bool open;
    struct position_record position; /* zeroed: none */
    struct outlook_record outlook;
};

/* The latest since last taken. False: none. responder_take brings all accounts that the journal
 * knows before it says that it is open. */
bool responder_take_store(struct responder *responder, struct store_news *news);
bool responder_take(struct responder *responder, struct account_news *news);

/* Since the start. */
void responder_count(struct responder *responder, struct lockdown_figures *figures);

/* To be called once stop is signalled: waits until a restart of SMTP that has begun is finished,
 * telling waiting(context) at least once a second; a call that hangs otherwise is waited for
 * RESPONDER_STOP_PATIENCE. Orders that are not in the journal yet are told (106). The thread of a
 * hanging call is left behind with its memory, and false returned. */
bool responder_stop(struct responder *responder, void (*waiting)(void *context), void *context);

#endif
