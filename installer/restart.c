#include "restart.h"

#define SERVICE_KEY L"SYSTEM\\CurrentControlSet\\Services\\RelayLock"
#define NAME        L"Restart"

static const wchar_t path[] = SERVICE_KEY L"\\" NAME;

/* By two keys: what is made on the way to a volatile key would be volatile, too. */
DWORD restart_want(struct installation_failure *failure)
{
    const struct installation_calls *calls = &installation_calls;
    HKEY service, key;
    LSTATUS status =
        calls->RegOpenKeyExW(HKEY_LOCAL_MACHINE, SERVICE_KEY, 0, KEY_CREATE_SUB_KEY, &service);
    if (status != ERROR_SUCCESS)
        return installation_fail(failure, "RegOpenKeyEx", SERVICE_KEY, (DWORD)status);
    status = calls->RegCreateKeyExW(service, NAME, 0, NULL, REG_OPTION_VOLATILE, KEY_QUERY_VALUE,
                                    NULL, &key, NULL);
    calls->RegCloseKey(service);
    if (status != ERROR_SUCCESS)
        return installation_fail(failure, "RegCreateKeyEx", path, (DWORD)status);
    calls->RegCloseKey(key);
    return ERROR_SUCCESS;
}

bool restart_is_wanted(void)
{
    HKEY key;
    if (installation_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_QUERY_VALUE, &key) !=
        ERROR_SUCCESS)
        return false;
    installation_calls.RegCloseKey(key);
    return true;
}

void restart_forget(void)
{
    installation_calls.RegDeleteKeyW(HKEY_LOCAL_MACHINE, path);
}
