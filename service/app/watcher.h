/* watcher.h: the thread that reads the log, counts and decides.
 *
 * It waits on its handles alone: the log's signal, what the outside asks (control.h), what the
 * resolver and the responder have to say. It never calls anything that waits for a domain
 * controller or a service.
 */
#ifndef RELAYLOCK_APP_WATCHER_H
#define RELAYLOCK_APP_WATCHER_H

#include <windows.h>
#include "control.h"

/* The OS calls; tests put others here. */
struct watcher_calls {
    DWORD(WINAPI *GetTickCount)(void);
};
extern struct watcher_calls watcher_calls;

/* Watches until control->stop is signalled. ERROR_SUCCESS then, or the error of what it cannot be
 * without (memory, threads). Every thread it started has ended, but one that hangs in Windows: that
 * one ends with the process. */
DWORD watcher_run(struct control *control);

#endif
