/* advapi32_report.c: the classic event log API, for writers.
 *
 * Source: learn.microsoft.com nf-winbase-registereventsourcew, -reporteventw.
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#include "advapi32.h"
#include "lab_faults.h"
#include "lab_handles.h"
#include "lab_log.h"

enum {
    SOURCE_MAX = 260,
    STRINGS_MAX = 256,
    STRING_MAX = 31839, /* characters of one insertion string */
    DATA_MAX = 61440    /* bytes */
};

struct source {
    unsigned slot;
    LONG session;
    wchar_t name[SOURCE_MAX];
};

bool advapi32_widen(const char *narrow, wchar_t wide[260])
{
    wide[0] = 0;
    return narrow == NULL || MultiByteToWideChar(CP_ACP, 0, narrow, -1, wide, 260) > 0;
}

/* The log that a source is registered with; the Application log for any other name. */
static unsigned log_of_source(const wchar_t *name)
{
    static const wchar_t root[] = L"SYSTEM\\CurrentControlSet\\Services\\EventLog";
    unsigned slot = LAB_LOGS;
    wchar_t log[LAB_LOG_NAME], path[LAB_LOG_NAME + SOURCE_MAX + 8];
    HKEY key, found;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, root, 0, KEY_READ, &key) == ERROR_SUCCESS) {
        for (DWORD i = 0; slot == LAB_LOGS; i++) {
            DWORD count = LAB_LOG_NAME;
            LSTATUS status = RegEnumKeyExW(key, i, log, &count, NULL, NULL, NULL, NULL);
            if (status == ERROR_MORE_DATA)
                continue;
            if (status != ERROR_SUCCESS)
                break;
            _snwprintf(path, sizeof path / sizeof *path, L"%ls\\%ls", log, name);
            if (RegOpenKeyExW(key, path, 0, KEY_READ, &found) == ERROR_SUCCESS) {
                RegCloseKey(found);
                slot = lab_log_slot(log);
            }
        }
        RegCloseKey(key);
    }
    return slot == LAB_LOGS ? lab_log_slot(L"Application") : slot;
}

HANDLE WINAPI RegisterEventSourceW(LPCWSTR server, LPCWSTR name)
{
    DWORD error = ERROR_SUCCESS;
    HANDLE handle = NULL;
    if (name == NULL || *name == 0 || wcslen(name) >= SOURCE_MAX)
        error = ERROR_INVALID_PARAMETER;
    else if (!advapi32_is_this_computer(server))
        error = RPC_S_SERVER_UNAVAILABLE;
    else
        error = lab_open();
    if (error != ERROR_SUCCESS) {
        SetLastError(error);
        return NULL;
    }
    struct source *source = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *source);
    if (source == NULL) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    source->slot = log_of_source(name);
    wcscpy(source->name, name);
    /* "The Security log is for use by the system only." */
    if (_wcsicmp(lab_store->logs[source->slot].name, L"Security") == 0)
        error = ERROR_ACCESS_DENIED;
    else
        error = lab_lock_log();
    if (error == ERROR_SUCCESS) {
        source->session = lab_store->service_session;
        lab_unlock();
        handle = lab_handle_new(ADVAPI32_SOURCE, source);
        error = handle == NULL ? ERROR_NOT_ENOUGH_MEMORY : ERROR_SUCCESS;
    }
    if (error != ERROR_SUCCESS)
        HeapFree(GetProcessHeap(), 0, source);
    SetLastError(error);
    return handle;
}

HANDLE WINAPI RegisterEventSourceA(LPCSTR server, LPCSTR name)
{
    wchar_t wide_server[260], wide_name[260];
    if (!advapi32_widen(server, wide_server) || !advapi32_widen(name, wide_name))
        return NULL;
    return RegisterEventSourceW(server == NULL ? NULL : wide_server,
                                name == NULL ? NULL : wide_name);
}

BOOL WINAPI DeregisterEventSource(HANDLE handle)
{
    struct source *source = lab_handle_object(handle, ADVAPI32_SOURCE);
    if (source == NULL)
        return advapi32_result(ERROR_INVALID_HANDLE);
    lab_handle_close(handle);
    HeapFree(GetProcessHeap(), 0, source);
    return TRUE;
}

static bool good_strings(WORD count, const wchar_t *const *strings)
{
    for (WORD i = 0; i < count; i++)
        if (strings[i] != NULL && wcslen(strings[i]) > STRING_MAX)
            return false;
    return true;
}

BOOL WINAPI ReportEventW(HANDLE handle, WORD type, WORD category, DWORD event, PSID sid, WORD count,
                         DWORD data_size, LPCWSTR *strings, LPVOID data)
{
    const wchar_t *safe[STRINGS_MAX];
    struct source *source = lab_handle_object(handle, ADVAPI32_SOURCE);
    DWORD error = (DWORD)lab_fault(LAB_FAULT_REPORT_ERROR);
    if (source == NULL)
        return advapi32_result(ERROR_INVALID_HANDLE);
    if (count > STRINGS_MAX || (count > 0 && strings == NULL) || (data_size > 0 && data == NULL))
        return advapi32_result(ERROR_INVALID_PARAMETER);
    /* "... or the function fails with ERROR_INVALID_PARAMETER" for a string that is too long. */
    if (!good_strings(count, strings))
        return advapi32_result(ERROR_INVALID_PARAMETER);
    if (data_size > DATA_MAX)
        return advapi32_result(RPC_S_INVALID_BOUND);
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    for (WORD i = 0; i < count; i++)
        safe[i] = strings[i] == NULL ? L"" : strings[i];
    struct lab_report report = {.source = source->name,
                                .type = type,
                                .category = category,
                                .event = event,
                                .sid = sid,
                                .string_count = count,
                                .strings = safe,
                                .data_size = data_size,
                                .data = data};
    error = lab_lock_log_session(source->session);
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    error = lab_log_append(source->slot, &report);
    lab_unlock();
    return advapi32_result(error);
}

BOOL WINAPI ReportEventA(HANDLE handle, WORD type, WORD category, DWORD event, PSID sid, WORD count,
                         DWORD data_size, LPCSTR *strings, LPVOID data)
{
    LPCWSTR wide[STRINGS_MAX] = {0};
    DWORD error = count > STRINGS_MAX || (count > 0 && strings == NULL) ? ERROR_INVALID_PARAMETER
                                                                        : ERROR_SUCCESS;
    BOOL done = FALSE;
    WORD made = 0;
    for (; error == ERROR_SUCCESS && made < count; made++) {
        const char *narrow = strings[made] == NULL ? "" : strings[made];
        int units = MultiByteToWideChar(CP_ACP, 0, narrow, -1, NULL, 0);
        wchar_t *text = HeapAlloc(GetProcessHeap(), 0, (size_t)units * sizeof *text);
        if (text == NULL)
            error = ERROR_NOT_ENOUGH_MEMORY;
        else
            MultiByteToWideChar(CP_ACP, 0, narrow, -1, text, units);
        wide[made] = text;
    }
    if (error == ERROR_SUCCESS) {
        done = ReportEventW(handle, type, category, event, sid, count, data_size, wide, data);
        error = GetLastError();
    }
    for (WORD i = 0; i < made; i++)
        HeapFree(GetProcessHeap(), 0, (void *)wide[i]);
    SetLastError(error);
    return done;
}
