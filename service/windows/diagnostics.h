/* diagnostics.h: Exchange's diagnostic levels in the registry, and a signal when they change.
 *
 * HKLM\SYSTEM\CurrentControlSet\Services\<provider>\Diagnostics. Source: domain.md 2,
 * learn.microsoft.com nf-winreg-regnotifychangekeyvalue, nf-winreg-regflushkey.
 */
#ifndef RELAYLOCK_WINDOWS_DIAGNOSTICS_H
#define RELAYLOCK_WINDOWS_DIAGNOSTICS_H

#include <windows.h>
#include "../core/diagnostic_levels.h"

/* The OS calls; tests put others here. */
struct diagnostics_calls {
    LSTATUS(WINAPI *RegOpenKeyExW)(HKEY, LPCWSTR, DWORD, REGSAM, PHKEY);
    LSTATUS(WINAPI *RegEnumValueW)
    (HKEY, DWORD, LPWSTR, LPDWORD, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LSTATUS(WINAPI *RegQueryValueExW)(HKEY, LPCWSTR, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LSTATUS(WINAPI *RegSetValueExW)(HKEY, LPCWSTR, DWORD, DWORD, const BYTE *, DWORD);
    LSTATUS(WINAPI *RegFlushKey)(HKEY);
    LSTATUS(WINAPI *RegNotifyChangeKeyValue)(HKEY, BOOL, DWORD, HANDLE, BOOL);
    LSTATUS(WINAPI *RegCloseKey)(HKEY);
};
extern struct diagnostics_calls diagnostics_calls;

enum {
    DIAGNOSTICS_PROVIDER_MAX = 256, /* units of a provider's name, terminator included */
    DIAGNOSTICS_VALUES_MAX = 256    /* values of the key that are looked at */
};

struct diagnostics {
    HANDLE changed; /* manual-reset; signalled when there may be something new */
    HKEY key;       /* null while there is none */
    bool asked;     /* to be told of the next change of the key */
    wchar_t provider[DIAGNOSTICS_PROVIDER_MAX]; /* whose key it is */
};

/* *diagnostics must be zeroed. ERROR_SUCCESS, or the error of CreateEvent. */
DWORD diagnostics_init(struct diagnostics *diagnostics);
void diagnostics_end(struct diagnostics *diagnostics);

/* The levels now; resets changed. Without such a key none are found, which is no failure; a value
 * that is no number, or has an over-long name, is passed over. Otherwise the error of the call that
 * failed, whose name goes to *failed_call (a literal); *levels is then untouched. Being told of
 * changes ends with the thread that called this: always the same one. Where that cannot be had,
 * changed is never signalled. */
DWORD diagnostics_read(struct diagnostics *diagnostics, const wchar_t *provider,
                       struct diagnostic_levels *levels, const char **failed_call);

/* The same once, without being told of changes. */
DWORD diagnostics_list(const wchar_t *provider, struct diagnostic_levels *levels,
                       const char **failed_call);

/* The level of one value. ERROR_FILE_NOT_FOUND: there is no such key or value, or it is no number;
 * otherwise as diagnostics_read. */
DWORD diagnostics_get(const wchar_t *provider, const wchar_t *name, uint32_t *level,
                      const char **failed_call);

/* Sets it; on disk when this returns ERROR_SUCCESS. Waits for the disk. Errors as above. */
DWORD diagnostics_set(const wchar_t *provider, const wchar_t *name, uint32_t level,
                      const char **failed_call);

#endif
