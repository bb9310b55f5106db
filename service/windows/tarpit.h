/* tarpit.h: TarpitTime, by which the SMTP service delays its 5.x.x answers to anonymous clients.
 *
 * HKLM\SYSTEM\CurrentControlSet\Services\SMTPSVC\Parameters, a DWORD of seconds; absent counts as
 * 0. Windows Server 2003 SP1; SMTP reads it when it starts. Source: Microsoft Knowledge Base 842851
 * (domain.md 6). Functions return ERROR_SUCCESS, or the error of the call that failed, whose name
 * goes to *failed_call; outputs are untouched then. ERROR_FILE_NOT_FOUND: no SMTP service.
 */
#ifndef RELAYLOCK_WINDOWS_TARPIT_H
#define RELAYLOCK_WINDOWS_TARPIT_H

#include <windows.h>
#include <stdbool.h>

#define TARPIT_KEY  L"SYSTEM\\CurrentControlSet\\Services\\SMTPSVC\\Parameters"
#define TARPIT_NAME L"TarpitTime"

/* The OS calls; tests put others here. */
struct tarpit_calls {
    LSTATUS(WINAPI *RegOpenKeyExW)(HKEY, LPCWSTR, DWORD, REGSAM, PHKEY);
    LSTATUS(WINAPI *RegQueryValueExW)(HKEY, LPCWSTR, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LSTATUS(WINAPI *RegSetValueExW)(HKEY, LPCWSTR, DWORD, DWORD, const BYTE *, DWORD);
    LSTATUS(WINAPI *RegDeleteValueW)(HKEY, LPCWSTR);
    LSTATUS(WINAPI *RegFlushKey)(HKEY);
    LSTATUS(WINAPI *RegCloseKey)(HKEY);
};
extern struct tarpit_calls tarpit_calls;

struct tarpit {
    bool exists;
    DWORD seconds; /* 0 when it does not exist */
};

/* ERROR_INVALID_DATA when the value is no DWORD. */
DWORD tarpit_read(struct tarpit *tarpit, const char **failed_call);

/* Makes the value so, or deletes it; on disk then. */
DWORD tarpit_write(const struct tarpit *tarpit, const char **failed_call);

#endif
