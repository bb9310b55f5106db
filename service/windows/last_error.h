/* last_error.h: the error of a call that just failed.
 *
 * A call may fail and leave 0 behind (stubs of wevtapi do). Taken as it is, that would turn a
 * failure into ERROR_SUCCESS on its way up.
 */
#ifndef RELAYLOCK_WINDOWS_LAST_ERROR_H
#define RELAYLOCK_WINDOWS_LAST_ERROR_H

#include <windows.h>

static inline DWORD last_error(void)
{
    DWORD error = GetLastError();
    return error != ERROR_SUCCESS ? error : ERROR_GEN_FAILURE;
}

#endif
