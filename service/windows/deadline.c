#include "deadline.h"

enum { UNITS_IN_MS = 10000 }; /* of 100 ns; negative: from now (nf-synchapi-setwaitabletimer) */

struct deadline_calls deadline_calls = {
    .CreateWaitableTimerW = CreateWaitableTimerW,
    .SetWaitableTimer = SetWaitableTimer,
    .CloseHandle = CloseHandle,
};

HANDLE deadline_begin(DWORD ms)
{
    const LARGE_INTEGER due = {.QuadPart = -(LONGLONG)ms * UNITS_IN_MS};
    HANDLE deadline = deadline_calls.CreateWaitableTimerW(NULL, TRUE, NULL);
    if (!deadline)
        return NULL;
    if (!deadline_calls.SetWaitableTimer(deadline, &due, 0, NULL, NULL, FALSE)) {
        deadline_end(deadline);
        return NULL;
    }
    return deadline;
}

void deadline_end(HANDLE deadline)
{
    deadline_calls.CloseHandle(deadline);
}
