/* planted.c: a DLL that tells on whoever loads it: a line with the program's path and its own, in
 * C:\planted.txt. For hostile.sh.
 */
#include <windows.h>
#include <stdio.h>

BOOL WINAPI DllMain(HINSTANCE dll, DWORD reason, void *reserved)
{
    wchar_t program[MAX_PATH], own[MAX_PATH];
    char line[2 * MAX_PATH + 8];
    DWORD written;
    (void)reserved;
    if (reason != DLL_PROCESS_ATTACH || !GetModuleFileNameW(NULL, program, MAX_PATH) ||
        !GetModuleFileNameW(dll, own, MAX_PATH))
        return TRUE;
    HANDLE file = CreateFileW(L"C:\\planted.txt", FILE_APPEND_DATA, FILE_SHARE_READ, NULL,
                              OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return TRUE;
    int size = snprintf(line, sizeof line, "%ls loads %ls\n", program, own);
    if (size > 0 && (size_t)size < sizeof line)
        WriteFile(file, line, (DWORD)size, &written, NULL);
    CloseHandle(file);
    return TRUE;
}
