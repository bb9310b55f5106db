#include "time_limit.h"

#include "last_error.h"

struct time_limit_calls time_limit_calls = {
    .CreateThread = CreateThread,
    .WaitForSingleObject = WaitForSingleObject,
    .CloseHandle = CloseHandle,
};

DWORD time_limit_run(DWORD(WINAPI *work)(void *context), void *context, DWORD ms)
{
    HANDLE thread = time_limit_calls.CreateThread(NULL, 0, work, context, 0, NULL);
    if (!thread)
        return last_error();
    DWORD waited = time_limit_calls.WaitForSingleObject(thread, ms);
    time_limit_calls.CloseHandle(thread);
    return waited == WAIT_OBJECT_0 ? ERROR_SUCCESS : ERROR_TIMEOUT;
}
