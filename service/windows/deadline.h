/* deadline.h: a handle that is signalled when a time is over, for whatever takes a handle to be
 * stopped by. */
#ifndef RELAYLOCK_WINDOWS_DEADLINE_H
#define RELAYLOCK_WINDOWS_DEADLINE_H

#include <windows.h>

/* The OS calls; tests put others here. */
struct deadline_calls {
    HANDLE(WINAPI *CreateWaitableTimerW)(LPSECURITY_ATTRIBUTES, BOOL, LPCWSTR);
    BOOL(WINAPI *SetWaitableTimer)
    (HANDLE, const LARGE_INTEGER *, LONG, PTIMERAPCROUTINE, LPVOID, BOOL);
    BOOL(WINAPI *CloseHandle)(HANDLE);
};
extern struct deadline_calls deadline_calls;

/* A handle that is signalled ms from now, and stays so; null when Windows gives none. It is the
 * caller's, for deadline_end, and only good while the thread that made it lives: with that a timer
 * may end (SetWaitableTimer in the Platform SDK). */
HANDLE deadline_begin(DWORD ms);
void deadline_end(HANDLE deadline);

#endif
