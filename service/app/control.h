/* control.h: what the outside (the service control manager, or a console) asks of the watcher.
 *
 * Set by any thread, never blocking; taken by the watcher's thread alone.
 */
#ifndef RELAYLOCK_APP_CONTROL_H
#define RELAYLOCK_APP_CONTROL_H

#include <windows.h>
#include <stdbool.h>

struct control {
    HANDLE stop;                  /* manual-reset: end, now */
    HANDLE request;               /* auto-reset: one of the flags below was set */
    volatile LONG observe;        /* wanted: 1 observe only (paused), 0 lock */
    volatile LONG asked;          /* 1: observe was set, and whoever did waits for an answer */
    volatile LONG reload;         /* 1: read the settings again */
    volatile LONG status;         /* 1: write the status into the event log */
    volatile LONG release_latest; /* 1: release the account that was locked last */
    volatile LONG request_left;   /* 1: do what a verb left in the state directory */

    /* Told by the watcher's thread; context is theirs. observing: pause or continue is in force
     * (not the setting Observe: the service counts as running then).
     * stopping: the end takes longer; called at least once a second until then. */
    void (*observing)(void *context, bool observing);
    void (*stopping)(void *context);
    void *context;
};

/* Creates the two events. ERROR_SUCCESS, or the error, *control then being without events. They
 * last as long as the process: a thread that hangs in Windows and was left behind may be at them.
 */
DWORD control_create(struct control *control);

void control_stop(struct control *control);
void control_observe(struct control *control, bool observe);
void control_reload(struct control *control);
void control_status(struct control *control);
void control_release_latest(struct control *control);
void control_request_left(struct control *control);

/* Takes a flag: whether it was set since it was last taken. */
bool control_take(volatile LONG *flag);

#endif
