/* wevtutil.c: of Windows' wevtutil, which Wine lacks: sl LOG /ms:BYTES and sl LOG /rt:false, as the
 * doctor gives them. The lab's own tool does it, which empties the log. And sl LOG /ca:SDDL, which
 * keeps the access of a classic log where that of Server 2003 is.
 */
#include <windows.h>
#include <sddl.h>
#include <stdio.h>
#include <wchar.h>

enum { WHOLE = 64 * 1024 * 1024 /* bytes of a log of which nothing else was said */ };

static DWORD size_of(const wchar_t *log)
{
    wchar_t path[512];
    DWORD size = WHOLE, bytes = sizeof size;
    _snwprintf(path, 511, L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\%ls", log);
    path[511] = 0;
    RegGetValueW(HKEY_LOCAL_MACHINE, path, L"MaxSize", RRF_RT_REG_DWORD, NULL, &size, &bytes);
    return size;
}

static DWORD set_access(const wchar_t *log, const wchar_t *sddl)
{
    wchar_t path[512];
    PSECURITY_DESCRIPTOR descriptor;
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl, SDDL_REVISION_1, &descriptor,
                                                              NULL))
        return GetLastError();
    LocalFree(descriptor);
    _snwprintf(path, 511, L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\%ls", log);
    path[511] = 0;
    return (DWORD)RegSetKeyValueW(HKEY_LOCAL_MACHINE, path, L"CustomSD", REG_SZ, sddl,
                                  (DWORD)((wcslen(sddl) + 1) * sizeof *sddl));
}

int wmain(int count, wchar_t **arguments)
{
    wchar_t command[512];
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    DWORD size, status = 1;
    if (count != 4 || _wcsicmp(arguments[1], L"sl") != 0)
        return 87;
    if (_wcsnicmp(arguments[3], L"/ca:", 4) == 0)
        return (int)set_access(arguments[2], arguments[3] + 4);
    if (_wcsnicmp(arguments[3], L"/ms:", 4) == 0)
        size = wcstoul(arguments[3] + 4, NULL, 10);
    else if (_wcsicmp(arguments[3], L"/rt:false") == 0)
        size = size_of(arguments[2]);
    else
        return 87;
    _snwprintf(command, 511, L"C:\\lab\\lab.exe log size %lu \"%ls\"", size, arguments[2]);
    command[511] = 0;
    if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process))
        return (int)GetLastError();
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &status);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return (int)status;
}
