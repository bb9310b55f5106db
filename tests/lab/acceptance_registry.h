/* acceptance_registry.h: keys and values below HKEY_LOCAL_MACHINE.
 *
 * All that is written lies under SYSTEM, which the 32-bit and the 64-bit program see alike. Every
 * function returns ERROR_SUCCESS or the error of the registry.
 */
#ifndef RELAYLOCK_LAB_ACCEPTANCE_REGISTRY_H
#define RELAYLOCK_LAB_ACCEPTANCE_REGISTRY_H

#include <windows.h>
#include <stdbool.h>

enum { REGISTRY_PATH_MAX = 400 /* characters, terminator included */ };

/* The key is made if it does not exist. */
DWORD registry_set(const wchar_t *key, const wchar_t *value, DWORD type, const void *data,
                   DWORD size);
DWORD registry_set_number(const wchar_t *key, const wchar_t *value, DWORD number);
DWORD registry_set_text(const wchar_t *key, const wchar_t *value, const wchar_t *text);

/* *size is the room in bytes, then what was read. A value of another type: ERROR_INVALID_DATA. */
DWORD registry_get(const wchar_t *key, const wchar_t *value, DWORD type, void *data, DWORD *size);
/* size in bytes; terminated. */
DWORD registry_get_text(const wchar_t *key, const wchar_t *value, wchar_t *text, DWORD size);

/* The name of the first value of a key; ERROR_NO_MORE_ITEMS without one. count in characters. */
DWORD registry_first_value(const wchar_t *key, wchar_t *name, DWORD count);

/* What is gone already counts as removed. */
DWORD registry_remove_value(const wchar_t *key, const wchar_t *value);
DWORD registry_remove_tree(const wchar_t *key);

bool registry_has_key(const wchar_t *key);

#endif
