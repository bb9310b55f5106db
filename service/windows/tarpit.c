#include "tarpit.h"

struct tarpit_calls tarpit_calls = {
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegQueryValueExW = RegQueryValueExW,
    .RegSetValueExW = RegSetValueExW,
    .RegDeleteValueW = RegDeleteValueW,
    .RegFlushKey = RegFlushKey,
    .RegCloseKey = RegCloseKey,
};

static DWORD open_key(REGSAM rights, HKEY *key, const char **failed_call)
{
    *failed_call = "RegOpenKeyExW";
    return (DWORD)tarpit_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, TARPIT_KEY, 0, rights, key);
}

DWORD tarpit_read(struct tarpit *tarpit, const char **failed_call)
{
    DWORD type = REG_NONE, seconds = 0, size = sizeof seconds;
    HKEY key;
    DWORD error = open_key(KEY_QUERY_VALUE, &key, failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    *failed_call = "RegQueryValueExW";
    error = (DWORD)tarpit_calls.RegQueryValueExW(key, TARPIT_NAME, NULL, &type, (BYTE *)&seconds,
                                                 &size);
    tarpit_calls.RegCloseKey(key);
    if (error == ERROR_MORE_DATA ||
        (error == ERROR_SUCCESS && (type != REG_DWORD || size != sizeof seconds)))
        error = ERROR_INVALID_DATA;
    if (error != ERROR_SUCCESS && error != ERROR_FILE_NOT_FOUND)
        return error;
    *tarpit = (struct tarpit){.exists = error == ERROR_SUCCESS,
                              .seconds = error == ERROR_SUCCESS ? seconds : 0};
    return ERROR_SUCCESS;
}

DWORD tarpit_write(const struct tarpit *tarpit, const char **failed_call)
{
    HKEY key;
    /* RegFlushKey needs the right to query */
    DWORD error = open_key(KEY_QUERY_VALUE | KEY_SET_VALUE, &key, failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    if (tarpit->exists) {
        *failed_call = "RegSetValueExW";
        error = (DWORD)tarpit_calls.RegSetValueExW(key, TARPIT_NAME, 0, REG_DWORD,
                                                   (const BYTE *)&tarpit->seconds, sizeof(DWORD));
    } else {
        *failed_call = "RegDeleteValueW";
        error = (DWORD)tarpit_calls.RegDeleteValueW(key, TARPIT_NAME);
        if (error == ERROR_FILE_NOT_FOUND)
            error = ERROR_SUCCESS;
    }
    if (error == ERROR_SUCCESS) {
        *failed_call = "RegFlushKey";
        error = (DWORD)tarpit_calls.RegFlushKey(key);
    }
    tarpit_calls.RegCloseKey(key);
    return error;
}
