/* responder_state.h: what a responder consists of; for the responder*.c files only. */
#ifndef RELAYLOCK_APP_RESPONDER_STATE_H
#define RELAYLOCK_APP_RESPONDER_STATE_H

#include "responder_inbox.h"

struct responder {
    HANDLE thread;
    HANDLE stop; /* owned by the caller, as is done */
    HANDLE done;
    HANDLE wake;               /* auto-reset: something came in */
    struct lockdown *lockdown; /* its thread's alone, as the next two */
    struct held_sign_ins kept; /* sign-ins that could not be put down yet */
    bool is_kept;
    CRITICAL_SECTION lock; /* guards everything below; nothing that may block is called under it */
    struct responder_inbox inbox;
    struct responder_outbox outbox;
    struct settings settings;
    bool configured; /* settings are to be taken */
    bool observing, observe_changed;
    struct lockdown_figures figures;
    bool restarting; /* SMTP is being restarted: not to be left */
    bool read_asked; /* it waits for responder_all_read */
};

/* What the thread (responder_thread.c) is told by its lock-down. */
struct lockdown_listener responder_listener(struct responder *responder);

/* The thread, whose argument is the responder; returns 0 when stop is signalled. */
unsigned __stdcall responder_run(void *argument);

#endif
