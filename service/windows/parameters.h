/* parameters.h: the settings as the registry has them.
 *
 * HKLM\SYSTEM\CurrentControlSet\Services\RelayLock\Parameters, and its subkey Accounts\<name> with
 * a value Limits each; and what Group Policy writes, HKLM\SOFTWARE\Policies\RelayLock, whose values
 * win over those of the same name. Read-only. A value of a wrong type, out of range or over-long is
 * reported and passed over, so that the good part goes on; so is a value or key that RelayLock
 * doesn't know, which is most likely a slip of the pen.
 *
 * A key's name can't hold a backslash: the account DOMAIN\user has the key DOMAIN/user, and "/" is
 * allowed in no account's name. `user` is written as it is. A policy can write values, but no key
 * of a name that an administrator types: there the subkey Accounts has a value for each account,
 * which is named as the account and holds its limits. Either spelling is taken in both.
 *
 * A value is read whole by one call, so that it can't change between asking its size and reading
 * it. Whoever changes settings says so afterwards by paramchange, and all is read anew.
 */
#ifndef RELAYLOCK_WINDOWS_PARAMETERS_H
#define RELAYLOCK_WINDOWS_PARAMETERS_H

#include <windows.h>
#include "../core/settings.h"

#define PARAMETERS_KEY        L"SYSTEM\\CurrentControlSet\\Services\\RelayLock\\Parameters"
#define PARAMETERS_POLICY_KEY L"SOFTWARE\\Policies\\RelayLock"

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

enum {
    PARAMETERS_VALUE_MAX = 65536, /* bytes of a value; a larger one is refused */
    PARAMETERS_NAMES_MAX = 4096   /* values, and subkeys, of a key that are looked at */
};

/* One value that was refused. Texts hold only during the call. */
struct parameters_problem {
    enum setting_origin origin;
    struct text key;   /* "Parameters", "Parameters\Accounts\<name>", or the policy's path */
    struct text value; /* name of the value */
    struct text
        found; /* what it says (lists with commas), or its type: "a REG_BINARY value, 4 bytes" */
    const char *allowed;             /* in words */
    const struct settings *settings; /* what counts without it: a policy's value is read last */
};

/* Reads all into *settings, which starts from the defaults. *origins, unless null, gets where each
 * value comes from. refuse, unless null, is called for every problem. Returns ERROR_SUCCESS (also
 * when neither key exists: all defaults) or the error of the registry, *settings and *origins then
 * being untouched; *problems gets the number of refused values. */
DWORD parameters_read(struct settings *settings, struct setting_origins *origins, size_t *problems,
                      void (*refuse)(void *context, const struct parameters_problem *problem),
                      void *context);

#endif
