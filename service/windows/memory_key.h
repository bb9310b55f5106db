/* memory_key.h: keys below the service's own, HKLM\SYSTEM\CurrentControlSet\Services\RelayLock, in
 * which is remembered what RelayLock changed on the host (hardening_memory.h, logging_memory.h).
 *
 * Where RelayLock is not installed no key is made (ERROR_FILE_NOT_FOUND): nobody would put things
 * back. What is written or forgotten is on disk then; that waits for the disk. A path is one below
 * the service's key, of fewer than MEMORY_KEY_PATH_MAX units. Functions return ERROR_SUCCESS, or
 * the error of the call that failed, whose name (a literal) goes to *failed_call. Sources:
 * learn.microsoft.com nf-winreg-regflushkey, nf-winreg-regdeletevaluew.
 */
#ifndef RELAYLOCK_WINDOWS_MEMORY_KEY_H
#define RELAYLOCK_WINDOWS_MEMORY_KEY_H

#include <windows.h>
#include "../core/text.h"

/* The OS calls; tests put others here. */
struct memory_key_calls {
    LSTATUS(WINAPI *RegOpenKeyExW)(HKEY, LPCWSTR, DWORD, REGSAM, PHKEY);
    LSTATUS(WINAPI *RegCreateKeyExW)
    (HKEY, LPCWSTR, DWORD, LPWSTR, DWORD, REGSAM, LPSECURITY_ATTRIBUTES, PHKEY, LPDWORD);
    LSTATUS(WINAPI *RegQueryValueExW)(HKEY, LPCWSTR, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LSTATUS(WINAPI *RegSetValueExW)(HKEY, LPCWSTR, DWORD, DWORD, const BYTE *, DWORD);
    LSTATUS(WINAPI *RegDeleteValueW)(HKEY, LPCWSTR);
    LSTATUS(WINAPI *RegFlushKey)(HKEY);
    LSTATUS(WINAPI *RegCloseKey)(HKEY);
};
extern struct memory_key_calls memory_key_calls;

enum { MEMORY_KEY_PATH_MAX = 300 };

/* What a value of size bytes says: a view of data without the terminator, empty unless it is a
 * REG_SZ. */
struct text memory_key_text(DWORD type, const wchar_t *data, DWORD size);

/* Reads a value of at most max units into data; *text is what it says, empty when there is none, or
 * a larger one. */
DWORD memory_key_read(const wchar_t *path, const wchar_t *name, wchar_t *data, size_t max,
                      struct text *text, const char **failed_call);

/* Writes a value of size bytes; the key is made where it is missing. */
DWORD memory_key_write(const wchar_t *path, const wchar_t *name, DWORD type, const void *data,
                       DWORD size, const char **failed_call);

/* Deletes a value, if it is there. */
DWORD memory_key_forget(const wchar_t *path, const wchar_t *name, const char **failed_call);

#endif
