#include "own_threads.h"

#include <tlhelp32.h>

unsigned own_threads_count(void)
{
    unsigned count = 0;
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    if (snapshot == INVALID_HANDLE_VALUE)
        return 0;
    for (BOOL more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry))
        count += entry.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(snapshot);
    return count;
}

bool own_threads_end(unsigned count, DWORD ms)
{
    for (DWORD begun = GetTickCount(); own_threads_count() > count; Sleep(10))
        if (GetTickCount() - begun > ms)
            return false;
    return true;
}
