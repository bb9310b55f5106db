/* parameters.h: the settings as the registry has them.
 *
 * HKLM\SYSTEM\CurrentControlSet\Services\RelayLock\Parameters, and its subkey Accounts\<name> with
 * a value Limits each. Read-only. A value of a wrong type, out of range or over-long is reported
 * and passed over, so that the good part goes on.
 */
#ifndef RELAYLOCK_WINDOWS_PARAMETERS_H
#define RELAYLOCK_WINDOWS_PARAMETERS_H

#include <windows.h>
#include "../core/settings.h"

#define PARAMETERS_KEY L"SYSTEM\\CurrentControlSet\\Services\\RelayLock\\Parameters"

/* The OS calls; tests put others here. */
struct parameters_calls {
    LSTATUS(WINAPI *RegOpenKeyExW)(HKEY, LPCWSTR, DWORD, REGSAM, PHKEY);
    LSTATUS(WINAPI *RegQueryValueExW)(HKEY, LPCWSTR, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LSTATUS(WINAPI *RegEnumValueW)
    (HKEY, DWORD, LPWSTR, LPDWORD, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LSTATUS(WINAPI *RegEnumKeyExW)
    (HKEY, DWORD, LPWSTR, LPDWORD, LPDWORD, LPWSTR, LPDWORD, PFILETIME);
    LSTATUS(WINAPI *RegCloseKey)(HKEY);
};
extern struct parameters_calls parameters_calls;

/* One value that was refused. Texts hold only during the call. */
struct parameters_problem {
    struct text key;     /* "Parameters" or "Parameters\Accounts\<name>" */
    struct text value;   /* name of the value */
    struct text found;   /* what it says, or its type: "a REG_BINARY value" */
    const char *allowed; /* in words */
};

/* Reads all into *settings, which starts from the defaults. present, unless null, gets for each
 * setting of the table whether the registry gave it. refuse, unless null, is called for every
 * problem. Returns ERROR_SUCCESS (also when the key does not exist: all defaults) or the error of
 * the registry, *settings then being untouched; *problems gets the number of refused values. */
DWORD parameters_read(struct settings *settings, bool *present, size_t *problems,
                      void (*refuse)(void *context, const struct parameters_problem *problem),
                      void *context);

#endif
