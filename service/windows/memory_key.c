#include "memory_key.h"

#include "boot.h"
#include "registry_gone.h"

struct memory_key_calls memory_key_calls = {
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegCreateKeyExW = RegCreateKeyExW,
    .RegQueryValueExW = RegQueryValueExW,
    .RegSetValueExW = RegSetValueExW,
    .RegDeleteValueW = RegDeleteValueW,
    .RegFlushKey = RegFlushKey,
    .RegCloseKey = RegCloseKey,
};

enum { RIGHTS = KEY_QUERY_VALUE | KEY_SET_VALUE /* RegFlushKey needs the right to query */ };

struct text memory_key_text(DWORD type, const wchar_t *data, DWORD size)
{
    struct text text = {data, type == REG_SZ ? size / sizeof *data : 0};
    if (text.count > 0 && data[text.count - 1] == 0)
        text.count--;
    return text;
}

static LSTATUS open_key(const wchar_t *path, REGSAM rights, HKEY *key)
{
    static const wchar_t above[] = BOOT_KEY_ABOVE L"\\";
    wchar_t whole[ARRAYSIZE(above) - 1 + MEMORY_KEY_PATH_MAX];
    size_t used = text_copy(whole, ARRAYSIZE(whole), text_of(above));
    text_copy(whole + used, MEMORY_KEY_PATH_MAX, text_of(path));
    return memory_key_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, whole, 0, rights, key);
}

DWORD memory_key_read(const wchar_t *path, const wchar_t *name, wchar_t *data, size_t max,
                      struct text *text, const char **failed_call)
{
    DWORD type = REG_NONE, size = (DWORD)(max * sizeof *data);
    const char *call = "RegOpenKeyExW";
    HKEY key;
    LSTATUS error = open_key(path, KEY_QUERY_VALUE, &key);
    if (error == ERROR_SUCCESS) {
        call = "RegQueryValueExW";
        error = memory_key_calls.RegQueryValueExW(key, name, NULL, &type, (BYTE *)data, &size);
        memory_key_calls.RegCloseKey(key);
    }
    if (error != ERROR_SUCCESS && error != ERROR_MORE_DATA && !registry_gone(error)) {
        *failed_call = call;
        return (DWORD)error;
    }
    *text = memory_key_text(type, data, error == ERROR_SUCCESS ? size : 0);
    return ERROR_SUCCESS;
}

/* The key at path, made where it is missing, but not that of the service above it. */
static LSTATUS make_key(const wchar_t *path, HKEY *key, const char **call)
{
    HKEY service;
    *call = "RegOpenKeyExW";
    LSTATUS error = memory_key_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, BOOT_KEY_ABOVE, 0,
                                                   KEY_CREATE_SUB_KEY, &service);
    if (error != ERROR_SUCCESS)
        return error;
    *call = "RegCreateKeyExW";
    error = memory_key_calls.RegCreateKeyExW(service, path, 0, NULL, REG_OPTION_NON_VOLATILE,
                                             RIGHTS, NULL, key, NULL);
    memory_key_calls.RegCloseKey(service);
    return error;
}

static LSTATUS flush(HKEY key, const char **call)
{
    *call = "RegFlushKey";
    return memory_key_calls.RegFlushKey(key);
}

DWORD memory_key_write(const wchar_t *path, const wchar_t *name, DWORD type, const void *data,
                       DWORD size, const char **failed_call)
{
    HKEY key;
    LSTATUS error = make_key(path, &key, failed_call);
    if (error != ERROR_SUCCESS)
        return (DWORD)error;
    *failed_call = "RegSetValueExW";
    error = memory_key_calls.RegSetValueExW(key, name, 0, type, data, size);
    if (error == ERROR_SUCCESS)
        error = flush(key, failed_call);
    memory_key_calls.RegCloseKey(key);
    return (DWORD)error;
}

DWORD memory_key_forget(const wchar_t *path, const wchar_t *name, const char **failed_call)
{
    HKEY key;
    LSTATUS error = open_key(path, RIGHTS, &key);
    if (registry_gone(error))
        return ERROR_SUCCESS;
    *failed_call = "RegOpenKeyExW";
    if (error != ERROR_SUCCESS)
        return (DWORD)error;
    *failed_call = "RegDeleteValueW";
    error = memory_key_calls.RegDeleteValueW(key, name);
    if (registry_gone(error))
        error = ERROR_SUCCESS;
    if (error == ERROR_SUCCESS)
        error = flush(key, failed_call);
    memory_key_calls.RegCloseKey(key);
    return (DWORD)error;
}
