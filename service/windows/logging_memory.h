/* logging_memory.h: what is remembered of diagnostic levels that RelayLock raised (logging.h).
 *
 * HKLM\SYSTEM\CurrentControlSet\Services\RelayLock\Logging: below it a key for each provider, there
 * a value for each level that was raised, of the same name as Exchange's (raised_level.h has the
 * text). The value LeftAlone says that nothing is to be raised. Where RelayLock is not installed
 * nothing is made: nobody would put the levels back. A value that makes no sense is none.
 *
 * Functions return ERROR_SUCCESS, or the error of the call that failed, described in *failure.
 * What is written is on disk then; that waits for the disk (memory_key.h). Sources:
 * learn.microsoft.com nf-winreg-regenumvaluew, nf-winreg-regdeletevaluew, nf-winreg-regdeletekeyw.
 */
#ifndef RELAYLOCK_WINDOWS_LOGGING_MEMORY_H
#define RELAYLOCK_WINDOWS_LOGGING_MEMORY_H

#include "diagnostics.h"
#include "../core/raised_level.h"

#define LOGGING_KEY        L"SYSTEM\\CurrentControlSet\\Services\\RelayLock\\Logging"
#define LOGGING_LEFT_ALONE L"LeftAlone"

/* The OS calls, but for those of memory_key.h; tests put others here. */
struct logging_memory_calls {
    LSTATUS(WINAPI *RegOpenKeyExW)(HKEY, LPCWSTR, DWORD, REGSAM, PHKEY);
    LSTATUS(WINAPI *RegQueryValueExW)(HKEY, LPCWSTR, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LSTATUS(WINAPI *RegEnumValueW)
    (HKEY, DWORD, LPWSTR, LPDWORD, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LSTATUS(WINAPI *RegEnumKeyExW)
    (HKEY, DWORD, LPWSTR, LPDWORD, LPDWORD, LPWSTR, LPDWORD, PFILETIME);
    LSTATUS(WINAPI *RegDeleteValueW)(HKEY, LPCWSTR);
    LSTATUS(WINAPI *RegDeleteKeyW)(HKEY, LPCWSTR);
    LSTATUS(WINAPI *RegCloseKey)(HKEY);
};
extern struct logging_memory_calls logging_memory_calls;

enum {
    LOGGING_PROVIDERS_MAX = 64, /* keys below Logging that are looked at */
    LOGGING_OBJECT_MAX = 512    /* units, terminator included */
};

/* The step that failed. */
struct logging_failure {
    const char *call;                   /* a literal */
    wchar_t object[LOGGING_OBJECT_MAX]; /* the key or value, as a path below Services */
};

/* Describes a failure: the object is the parts, up to a null, with backslashes between them.
 * Returns the error. */
DWORD logging_failure_set(struct logging_failure *failure, DWORD error, const char *call,
                          const wchar_t *const *parts);

/* What is remembered of a value; state RAISED_NEVER: nothing. */
DWORD logging_memory_read(const wchar_t *provider, const wchar_t *name,
                          struct raised_level *remembered, struct logging_failure *failure);

DWORD logging_memory_write(const wchar_t *provider, const wchar_t *name,
                           const struct raised_level *remembered, struct logging_failure *failure);

/* Gets a value that is remembered; texts hold only during the call. */
typedef DWORD logging_memory_visit(void *context, const wchar_t *provider, const wchar_t *name,
                                   const struct raised_level *remembered,
                                   struct logging_failure *failure);

/* Calls visit for each value that is remembered. With forget, a value is deleted when visit has
 * returned ERROR_SUCCESS, and its provider's key when all went well. Goes on after a failure, and
 * then returns the first one. */
DWORD logging_memory_walk(bool forget, logging_memory_visit *visit, void *context,
                          struct logging_failure *failure);

/* LeftAlone: whether it is there, setting it (ERROR_FILE_NOT_FOUND: RelayLock is not installed),
 * and deleting it where it is. */
DWORD logging_memory_is_left_alone(bool *left_alone, struct logging_failure *failure);
DWORD logging_memory_leave_alone(struct logging_failure *failure);
DWORD logging_memory_stop_leaving_alone(struct logging_failure *failure);

#endif
