/* log_access.h: who may write events into a classic log of Server 2003, by its CustomSD.
 *
 * HKLM\SYSTEM\CurrentControlSet\Services\EventLog\<log>, value CustomSD: a security descriptor as
 * SDDL; write is 0x2 (learn.microsoft.com eventlog-key, Knowledge Base 323076). Windows Vista and
 * later have a second place for it, so that there it tells nothing for sure.
 */
#ifndef RELAYLOCK_WINDOWS_LOG_ACCESS_H
#define RELAYLOCK_WINDOWS_LOG_ACCESS_H

#include <windows.h>
#include <stdbool.h>
#include "../core/sid.h"

/* The OS calls; tests put others here. */
struct log_access_calls {
    LSTATUS(WINAPI *RegOpenKeyExW)(HKEY, LPCWSTR, DWORD, REGSAM, PHKEY);
    LSTATUS(WINAPI *RegQueryValueExW)(HKEY, LPCWSTR, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LSTATUS(WINAPI *RegCloseKey)(HKEY);
};
extern struct log_access_calls log_access_calls;

/* The access of the log Application by which nobody but the system, administrators, server
 * operators and services may write; and what Windows sets up itself. */
#define LOG_ACCESS_CLOSED                                                                          \
    "O:BAG:SYD:(D;;0xf0007;;;AN)(D;;0xf0007;;;BG)(A;;0xf0007;;;SY)(A;;0x7;;;BA)(A;;0x7;;;SO)"      \
    "(A;;0x1;;;IU)(A;;0x3;;;SU)(A;;0x1;;;S-1-5-3)"
#define LOG_ACCESS_INITIAL                                                                         \
    "O:BAG:SYD:(D;;0xf0007;;;AN)(D;;0xf0007;;;BG)(A;;0xf0007;;;SY)(A;;0x7;;;BA)(A;;0x7;;;SO)"      \
    "(A;;0x3;;;IU)(A;;0x3;;;SU)(A;;0x3;;;S-1-5-3)"

/* Whether anybody else may write into the log (a name of at most 255 units): *open; and who, the
 * first: a name or a SID. Without a CustomSD that of LOG_ACCESS_INITIAL is in force. ERROR_SUCCESS,
 * or the error of the call, or check, whose name goes to *failed_call (a literal). */
DWORD log_access_find(const wchar_t *log, bool *open, char who[SID_TEXT_SIZE],
                      const char **failed_call);

#endif
