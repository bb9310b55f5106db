#include "diagnostics.h"

#include <string.h>
#include "registry_gone.h"

struct diagnostics_calls diagnostics_calls = {
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegEnumValueW = RegEnumValueW,
    .RegQueryValueExW = RegQueryValueExW,
    .RegSetValueExW = RegSetValueExW,
    .RegFlushKey = RegFlushKey,
    .RegNotifyChangeKeyValue = RegNotifyChangeKeyValue,
    .RegCloseKey = RegCloseKey,
};

#define SERVICES_KEY    L"SYSTEM\\CurrentControlSet\\Services\\"
#define DIAGNOSTICS_KEY L"\\Diagnostics"

DWORD diagnostics_init(struct diagnostics *diagnostics)
{
    diagnostics->changed = CreateEventW(NULL, TRUE, FALSE, NULL);
    return diagnostics->changed ? ERROR_SUCCESS : GetLastError();
}

/* Closing a key that was asked to be watched signals the event. */
static void close_key(struct diagnostics *diagnostics)
{
    if (diagnostics->key)
        diagnostics_calls.RegCloseKey(diagnostics->key);
    diagnostics->key = NULL;
    diagnostics->asked = false;
    ResetEvent(diagnostics->changed);
}

void diagnostics_end(struct diagnostics *diagnostics)
{
    if (!diagnostics->changed)
        return;
    close_key(diagnostics);
    CloseHandle(diagnostics->changed);
    diagnostics->changed = NULL;
}

static DWORD open_key(const wchar_t *provider, REGSAM rights, HKEY *key)
{
    const struct text before = TEXT_OF(SERVICES_KEY), behind = TEXT_OF(DIAGNOSTICS_KEY);
    wchar_t path[sizeof SERVICES_KEY / sizeof(wchar_t) + DIAGNOSTICS_PROVIDER_MAX +
                 sizeof DIAGNOSTICS_KEY / sizeof(wchar_t)];
    const size_t room = sizeof path / sizeof *path;
    size_t used = text_copy(path, room, before);
    used += text_copy(path + used, room - used, text_of(provider));
    text_copy(path + used, room - used, behind);
    return (DWORD)diagnostics_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, rights, key);
}

/* Asks to be told of the next change, unless that was asked for already: each asking holds memory
 * until it is answered. */
static void ask(struct diagnostics *diagnostics)
{
    if (WaitForSingleObject(diagnostics->changed, 0) == WAIT_OBJECT_0)
        diagnostics->asked = false;
    if (diagnostics->asked)
        return;
    ResetEvent(diagnostics->changed);
    diagnostics->asked = diagnostics_calls.RegNotifyChangeKeyValue(
                             diagnostics->key, FALSE, REG_NOTIFY_CHANGE_LAST_SET,
                             diagnostics->changed, TRUE) == ERROR_SUCCESS;
}

static DWORD read_values(HKEY key, struct diagnostic_levels *levels)
{
    for (DWORD i = 0; i < DIAGNOSTICS_VALUES_MAX; i++) {
        wchar_t name[DIAGNOSTIC_NAME_MAX];
        DWORD count = DIAGNOSTIC_NAME_MAX, level = 0, size = sizeof level, type;
        LSTATUS status = diagnostics_calls.RegEnumValueW(key, i, name, &count, NULL, &type,
                                                         (BYTE *)&level, &size);
        if (status == ERROR_NO_MORE_ITEMS)
            return ERROR_SUCCESS;
        if (status == ERROR_MORE_DATA)
            continue;
        if (status != ERROR_SUCCESS)
            return (DWORD)status;
        if (type == REG_DWORD && size == sizeof level && count < DIAGNOSTIC_NAME_MAX)
            diagnostic_levels_add(levels, (struct text){name, count}, level);
    }
    return ERROR_SUCCESS;
}

DWORD diagnostics_read(struct diagnostics *diagnostics, const wchar_t *provider,
                       struct diagnostic_levels *levels, const char **failed_call)
{
    struct diagnostic_levels found = {0};
    DWORD error = ERROR_SUCCESS;
    if (!text_equal(text_of(diagnostics->provider), text_of(provider)))
        close_key(diagnostics);
    *failed_call = "RegOpenKeyExW";
    if (!diagnostics->key) {
        text_copy(diagnostics->provider, DIAGNOSTICS_PROVIDER_MAX, text_of(provider));
        error = open_key(provider, KEY_QUERY_VALUE | KEY_NOTIFY, &diagnostics->key);
    }
    if (error == ERROR_SUCCESS) {
        /* First: what changes while it is read signals. */
        ask(diagnostics);
        *failed_call = "RegEnumValueW";
        error = read_values(diagnostics->key, &found);
    }
    if (error != ERROR_SUCCESS)
        close_key(diagnostics);
    if (error != ERROR_SUCCESS && !registry_gone((LSTATUS)error))
        return error;
    *levels = found;
    return ERROR_SUCCESS;
}

DWORD diagnostics_list(const wchar_t *provider, struct diagnostic_levels *levels,
                       const char **failed_call)
{
    struct diagnostic_levels found = {0};
    HKEY key;
    *failed_call = "RegOpenKeyExW";
    DWORD error = open_key(provider, KEY_QUERY_VALUE, &key);
    if (error == ERROR_SUCCESS) {
        *failed_call = "RegEnumValueW";
        error = read_values(key, &found);
        diagnostics_calls.RegCloseKey(key);
    }
    if (error != ERROR_SUCCESS && !registry_gone((LSTATUS)error))
        return error;
    *levels = found;
    return ERROR_SUCCESS;
}

DWORD diagnostics_get(const wchar_t *provider, const wchar_t *name, uint32_t *level,
                      const char **failed_call)
{
    DWORD found, type, size = sizeof found;
    HKEY key;
    *failed_call = "RegOpenKeyExW";
    DWORD error = open_key(provider, KEY_QUERY_VALUE, &key);
    if (error == ERROR_SUCCESS) {
        *failed_call = "RegQueryValueExW";
        error = (DWORD)diagnostics_calls.RegQueryValueExW(key, name, NULL, &type, (BYTE *)&found,
                                                          &size);
        diagnostics_calls.RegCloseKey(key);
    }
    if (registry_gone((LSTATUS)error) || error == ERROR_MORE_DATA)
        return ERROR_FILE_NOT_FOUND;
    if (error != ERROR_SUCCESS)
        return error;
    if (type != REG_DWORD || size != sizeof found)
        return ERROR_FILE_NOT_FOUND;
    *level = found;
    return ERROR_SUCCESS;
}

DWORD diagnostics_set(const wchar_t *provider, const wchar_t *name, uint32_t level,
                      const char **failed_call)
{
    const DWORD value = level;
    HKEY key;
    *failed_call = "RegOpenKeyExW";
    /* RegFlushKey needs the right to query */
    DWORD error = open_key(provider, KEY_QUERY_VALUE | KEY_SET_VALUE, &key);
    if (error != ERROR_SUCCESS)
        return error;
    *failed_call = "RegSetValueExW";
    error = (DWORD)diagnostics_calls.RegSetValueExW(key, name, 0, REG_DWORD, (const BYTE *)&value,
                                                    sizeof value);
    if (error == ERROR_SUCCESS) {
        *failed_call = "RegFlushKey";
        error = (DWORD)diagnostics_calls.RegFlushKey(key);
    }
    diagnostics_calls.RegCloseKey(key);
    return error;
}
