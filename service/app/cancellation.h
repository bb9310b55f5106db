/* cancellation.h: work that may be given up while a call of it hangs: from then on it changes
 * nothing any more.
 *
 * There is one at a time in a process, that of quarantine_aside.h. Before each call that may hang,
 * or that changes anything, it passes a cancellation point (the term of POSIX threads) and says
 * what it is about to call, so that it can be told what did not answer. What it is in when it is
 * cancelled may be done late; nothing else is begun, and all that it holds is let go.
 */
#ifndef RELAYLOCK_APP_CANCELLATION_H
#define RELAYLOCK_APP_CANCELLATION_H

#include <windows.h>

enum {
    CANCELLATION_OBJECT_MAX = 1024 /* units of what a call is for, terminated; cut off there */
};

/* By the work: call (a literal) is about to be made for that object. ERROR_SUCCESS; or
 * ERROR_CANCELLED: it is not to be made. */
DWORD cancellation_point(const char *call, const wchar_t *object);

/* By who waits for it, before it is begun, and when it has ended: nothing is cancelled. */
void cancellation_clear(void);

/* By the same: cancels it. Says what it is at: the last point that it passed. */
void cancellation_request(const char **call, wchar_t object[CANCELLATION_OBJECT_MAX]);

#endif
