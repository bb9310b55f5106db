#include "terminal.h"

#include <io.h>
#include <windows.h>

/* _isatty takes NUL for one, too; a console has a mode. */
bool terminal_is(FILE *stream)
{
    DWORD mode;

    return GetConsoleMode((HANDLE)_get_osfhandle(_fileno(stream)), &mode) != 0;
}

/* GetTickCount64 is not there on Server 2003, and GetTickCount goes back after 49 days. */
uint64_t terminal_clock(void)
{
    LARGE_INTEGER ticks, per_second;

    QueryPerformanceFrequency(&per_second);
    QueryPerformanceCounter(&ticks);
    return (uint64_t)ticks.QuadPart / (uint64_t)per_second.QuadPart * 1000 +
           (uint64_t)ticks.QuadPart % (uint64_t)per_second.QuadPart * 1000 /
               (uint64_t)per_second.QuadPart;
}
