/* classic_log.h: reads a log through OpenEventLog and ReadEventLog (every Windows).
 *
 * Woken by NotifyChangeEventLog where that is granted, and every second in any case: Windows
 * signals at most every five seconds and pulses, so that signals are missed (learn.microsoft.com
 * nf-winbase-notifychangeeventlog, domain.md 7).
 */
#ifndef RELAYLOCK_WINDOWS_CLASSIC_LOG_H
#define RELAYLOCK_WINDOWS_CLASSIC_LOG_H

#include "event_source.h"

/* The OS calls; tests put others here. */
struct classic_log_calls {
    HANDLE(WINAPI *OpenEventLogW)(LPCWSTR, LPCWSTR);
    BOOL(WINAPI *CloseEventLog)(HANDLE);
    BOOL(WINAPI *ReadEventLogW)(HANDLE, DWORD, DWORD, LPVOID, DWORD, DWORD *, DWORD *);
    BOOL(WINAPI *NotifyChangeEventLog)(HANDLE, HANDLE);
    BOOL(WINAPI *GetOldestEventLogRecord)(HANDLE, PDWORD);
    BOOL(WINAPI *GetNumberOfEventLogRecords)(HANDLE, PDWORD);
    BOOL(WINAPI *GetEventLogInformation)(HANDLE, DWORD, LPVOID, DWORD, LPDWORD);
    LSTATUS(WINAPI *RegOpenKeyExW)(HKEY, LPCWSTR, DWORD, REGSAM, PHKEY);
    LSTATUS(WINAPI *RegQueryValueExW)(HKEY, LPCWSTR, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LSTATUS(WINAPI *RegCloseKey)(HKEY);
    DWORD(WINAPI *ExpandEnvironmentStringsW)(LPCWSTR, LPWSTR, DWORD);
    BOOL(WINAPI *GetFileAttributesExW)(LPCWSTR, GET_FILEEX_INFO_LEVELS, LPVOID);
    HANDLE(WINAPI *CreateEventW)(LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCWSTR);
    BOOL(WINAPI *CloseHandle)(HANDLE);
    LPVOID(WINAPI *HeapAlloc)(HANDLE, DWORD, SIZE_T);
    BOOL(WINAPI *HeapFree)(HANDLE, DWORD, LPVOID);
};
extern struct classic_log_calls classic_log_calls;

/* Opens the log. options->since means: behind the newest record of the provider and id that was
 * generated before it, or of any provider an hour before it. ERROR_INVALID_PARAMETER: no classic
 * log has such a name; ERROR_FILE_NOT_FOUND: there is none (OpenEventLog would open Application
 * instead, so the registry is asked). Otherwise as modern_log_open. */
DWORD classic_log_open(const struct event_source_options *options, struct event_source **source,
                       const char **failed_call);

#endif
