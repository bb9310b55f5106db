/* hardening_memory.h: what RelayLock remembers of the settings of the host that it has changed
 * (hardening_record.h, memory_key.h).
 *
 * HKLM\SYSTEM\CurrentControlSet\Services\RelayLock\Hardening, a value for each item, of its name.
 * Where RelayLock is not installed nothing is remembered (ERROR_FILE_NOT_FOUND). A value that makes
 * no sense is none. What is written or forgotten is on disk then. Functions return ERROR_SUCCESS,
 * or the error of the call that failed, whose name goes to *failed_call; outputs are untouched
 * then.
 */
#ifndef RELAYLOCK_WINDOWS_HARDENING_MEMORY_H
#define RELAYLOCK_WINDOWS_HARDENING_MEMORY_H

#include <windows.h>
#include "../core/hardening_record.h"

#define HARDENING_KEY L"SYSTEM\\CurrentControlSet\\Services\\RelayLock\\Hardening"

/* known is false when nothing is remembered. */
DWORD hardening_memory_read(const wchar_t *item, struct hardening_record *record,
                            const char **failed_call);

DWORD hardening_memory_write(const wchar_t *item, const struct hardening_record *record,
                             const char **failed_call);

DWORD hardening_memory_forget(const wchar_t *item, const char **failed_call);

#endif
