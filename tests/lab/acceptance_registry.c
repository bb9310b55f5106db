#include "acceptance_registry.h"

#include <wchar.h>

static DWORD open_key(const wchar_t *key, REGSAM access, HKEY *handle)
{
    return (DWORD)RegOpenKeyExW(HKEY_LOCAL_MACHINE, key, 0, access, handle);
}

static DWORD gone_is_fine(DWORD error)
{
    return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
}

DWORD registry_set(const wchar_t *key, const wchar_t *value, DWORD type, const void *data,
                   DWORD size)
{
    HKEY handle;
    DWORD error = (DWORD)RegCreateKeyExW(HKEY_LOCAL_MACHINE, key, 0, NULL, 0, KEY_SET_VALUE, NULL,
                                         &handle, NULL);
    if (error != ERROR_SUCCESS)
        return error;
    error = (DWORD)RegSetValueExW(handle, value, 0, type, data, size);
    RegCloseKey(handle);
    return error;
}

DWORD registry_set_number(const wchar_t *key, const wchar_t *value, DWORD number)
{
    return registry_set(key, value, REG_DWORD, &number, sizeof number);
}

DWORD registry_set_text(const wchar_t *key, const wchar_t *value, const wchar_t *text)
{
    return registry_set(key, value, REG_SZ, text, (DWORD)((wcslen(text) + 1) * sizeof *text));
}

DWORD registry_get(const wchar_t *key, const wchar_t *value, DWORD type, void *data, DWORD *size)
{
    HKEY handle;
    DWORD error = open_key(key, KEY_QUERY_VALUE, &handle);
    if (error != ERROR_SUCCESS)
        return error;
    DWORD found = REG_NONE;
    error = (DWORD)RegQueryValueExW(handle, value, NULL, &found, data, size);
    RegCloseKey(handle);
    return error == ERROR_SUCCESS && found != type ? ERROR_INVALID_DATA : error;
}

DWORD registry_get_text(const wchar_t *key, const wchar_t *value, wchar_t *text, DWORD size)
{
    DWORD used = size - (DWORD)sizeof *text;
    DWORD error = registry_get(key, value, REG_SZ, text, &used);
    if (error == ERROR_SUCCESS)
        text[used / sizeof *text] = L'\0'; /* the registry promises no terminator */
    return error;
}

DWORD registry_first_value(const wchar_t *key, wchar_t *name, DWORD count)
{
    HKEY handle;
    DWORD error = open_key(key, KEY_QUERY_VALUE, &handle);
    if (error != ERROR_SUCCESS)
        return error == ERROR_FILE_NOT_FOUND ? ERROR_NO_MORE_ITEMS : error;
    error = (DWORD)RegEnumValueW(handle, 0, name, &count, NULL, NULL, NULL, NULL);
    RegCloseKey(handle);
    return error;
}

DWORD registry_remove_value(const wchar_t *key, const wchar_t *value)
{
    HKEY handle;
    DWORD error = open_key(key, KEY_SET_VALUE, &handle);
    if (error != ERROR_SUCCESS)
        return gone_is_fine(error);
    error = (DWORD)RegDeleteValueW(handle, value);
    RegCloseKey(handle);
    return gone_is_fine(error);
}

/* RegDeleteTree is not on Server 2003, and RegDeleteKey refuses a key that has subkeys. */
DWORD registry_remove_tree(const wchar_t *key)
{
    for (;;) {
        HKEY handle;
        DWORD error = open_key(key, KEY_ENUMERATE_SUB_KEYS, &handle);
        if (error != ERROR_SUCCESS)
            return gone_is_fine(error);
        wchar_t name[256];
        DWORD count = ARRAYSIZE(name);
        error = (DWORD)RegEnumKeyExW(handle, 0, name, &count, NULL, NULL, NULL, NULL);
        RegCloseKey(handle);
        if (error == ERROR_NO_MORE_ITEMS)
            return gone_is_fine((DWORD)RegDeleteKeyW(HKEY_LOCAL_MACHINE, key));
        if (error != ERROR_SUCCESS)
            return error;
        wchar_t path[REGISTRY_PATH_MAX];
        if (_snwprintf(path, ARRAYSIZE(path), L"%ls\\%ls", key, name) < 0)
            return ERROR_FILENAME_EXCED_RANGE;
        path[ARRAYSIZE(path) - 1] = L'\0';
        error = registry_remove_tree(path);
        if (error != ERROR_SUCCESS)
            return error;
    }
}

bool registry_has_key(const wchar_t *key)
{
    HKEY handle;
    DWORD error = open_key(key, KEY_QUERY_VALUE, &handle);
    if (error == ERROR_SUCCESS)
        RegCloseKey(handle);
    return error != ERROR_FILE_NOT_FOUND;
}
