/* time_limit.h: does work that may hang in Windows, for as long as one is willing to wait. */
#ifndef RELAYLOCK_WINDOWS_TIME_LIMIT_H
#define RELAYLOCK_WINDOWS_TIME_LIMIT_H

#include <windows.h>

/* The OS calls; tests put others here. */
struct time_limit_calls {
    HANDLE(WINAPI *CreateThread)
    (LPSECURITY_ATTRIBUTES, SIZE_T, LPTHREAD_START_ROUTINE, LPVOID, DWORD, LPDWORD);
    DWORD(WINAPI *WaitForSingleObject)(HANDLE, DWORD);
    BOOL(WINAPI *CloseHandle)(HANDLE);
};
extern struct time_limit_calls time_limit_calls;

/* Does work(context) on a thread of its own and waits for it for at most ms. ERROR_SUCCESS: it is
 * done. ERROR_TIMEOUT (also when the wait fails): it may go on by itself, so that context must live
 * for as long as the process does, or until work has told that it ended, and what it writes must
 * not be looked at before that. Otherwise the error of CreateThread, and nothing was done. */
DWORD time_limit_run(DWORD(WINAPI *work)(void *context), void *context, DWORD ms);

#endif
