#include <windows.h>
#include <stdio.h>
#include "hand_on.h"

int hand_on(const wchar_t *program)
{
    static wchar_t command[32768];
    wchar_t path[MAX_PATH * 2];
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    DWORD status = 1;
    UINT length = GetSystemDirectoryW(path, MAX_PATH);
    if (length == 0 || length >= MAX_PATH || lstrlenW(program) >= MAX_PATH - 1)
        return 1;
    lstrcatW(path, L"\\");
    lstrcatW(path, program);
    lstrcpynW(command, GetCommandLineW(), 32768);
    if (!CreateProcessW(path, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) {
        wprintf(L"%ls cannot be run: error %lu\n", path, GetLastError());
        return 1;
    }
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &status);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return (int)status;
}
