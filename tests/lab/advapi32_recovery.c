/* advapi32_recovery.c: what Windows does when a service fails, which Wine's service control manager
 * neither keeps nor tells: the levels SERVICE_CONFIG_FAILURE_ACTIONS and ..._FLAG. Every other
 * level is Wine's to know.
 *
 * Kept in the service's key, where Windows keeps it: FailureActions as 32-bit numbers (the period,
 * two that are not used, the count, one that is not used, then type and delay of each action) and
 * FailureActionsOnNonCrashFailures. Source: learn.microsoft.com nf-winsvc-changeserviceconfig2w,
 * nf-winsvc-queryserviceconfig2w.
 */
#include <windows.h>
#include <stdbool.h>
#include <stdio.h>
#include <wchar.h>
#include "advapi32.h"

#define ACTIONS L"FailureActions"
#define FLAG    L"FailureActionsOnNonCrashFailures"

enum { HEAD = 5, ACTIONS_MAX = 16, NUMBERS_MAX = HEAD + 2 * ACTIONS_MAX };

union wine_function {
    FARPROC found;
    BOOL(WINAPI *change)(SC_HANDLE, DWORD, LPVOID);
    BOOL(WINAPI *query)(SC_HANDLE, DWORD, LPBYTE, DWORD, LPDWORD);
};

static union wine_function wine(const char *name)
{
    union wine_function function = {
        .found = GetProcAddress(GetModuleHandleW(L"advapi32_wine.dll"), name)};
    return function;
}

static bool is_ours(DWORD level)
{
    return level == SERVICE_CONFIG_FAILURE_ACTIONS || level == SERVICE_CONFIG_FAILURE_ACTIONS_FLAG;
}

static DWORD open_key(SC_HANDLE service, DWORD rights, REGSAM access, HKEY *key)
{
    wchar_t name[ADVAPI32_SERVICE_NAME], path[ADVAPI32_SERVICE_NAME + 64];
    if (!advapi32_service_of(service, rights, name))
        return ERROR_ACCESS_DENIED;
    _snwprintf(path, sizeof path / sizeof *path, L"SYSTEM\\CurrentControlSet\\Services\\%ls", name);
    return (DWORD)RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, access, key);
}

static DWORD set_actions(HKEY key, const SERVICE_FAILURE_ACTIONSW *actions)
{
    DWORD numbers[NUMBERS_MAX] = {actions->dwResetPeriod, 0, 0, actions->cActions};
    if (actions->cActions > ACTIONS_MAX)
        return ERROR_INVALID_PARAMETER;
    if (!actions->lpsaActions) /* those there stay */
        return ERROR_SUCCESS;
    for (DWORD i = 0; i < actions->cActions; i++) {
        numbers[HEAD + 2 * i] = (DWORD)actions->lpsaActions[i].Type;
        numbers[HEAD + 2 * i + 1] = actions->lpsaActions[i].Delay;
    }
    return (DWORD)RegSetValueExW(key, ACTIONS, 0, REG_BINARY, (const BYTE *)numbers,
                                 (HEAD + 2 * actions->cActions) * (DWORD)sizeof *numbers);
}

BOOL WINAPI ChangeServiceConfig2W(SC_HANDLE service, DWORD level, LPVOID information)
{
    HKEY key;
    if (!is_ours(level))
        return wine("ChangeServiceConfig2W").change(service, level, information);
    DWORD error = open_key(service, SERVICE_CHANGE_CONFIG, KEY_SET_VALUE, &key);
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    if (level == SERVICE_CONFIG_FAILURE_ACTIONS) {
        error = set_actions(key, information);
    } else {
        const SERVICE_FAILURE_ACTIONS_FLAG *flag = information;
        DWORD on = flag->fFailureActionsOnNonCrashFailures != FALSE;
        error = (DWORD)RegSetValueExW(key, FLAG, 0, REG_DWORD, (const BYTE *)&on, sizeof on);
    }
    RegCloseKey(key);
    return advapi32_result(error);
}

static DWORD get_actions(HKEY key, BYTE *buffer, DWORD size, DWORD *needed)
{
    DWORD numbers[NUMBERS_MAX] = {0}, bytes = sizeof numbers;
    SERVICE_FAILURE_ACTIONSW *actions = (SERVICE_FAILURE_ACTIONSW *)(void *)buffer;
    RegQueryValueExW(key, ACTIONS, NULL, NULL, (BYTE *)numbers, &bytes);
    DWORD count = numbers[3] <= ACTIONS_MAX ? numbers[3] : 0;
    *needed = (DWORD)(sizeof *actions + count * sizeof(SC_ACTION));
    if (size < *needed)
        return ERROR_INSUFFICIENT_BUFFER;
    *actions = (SERVICE_FAILURE_ACTIONSW){.dwResetPeriod = numbers[0], .cActions = count};
    if (count > 0)
        actions->lpsaActions = (SC_ACTION *)(actions + 1);
    for (DWORD i = 0; i < count; i++)
        actions->lpsaActions[i] =
            (SC_ACTION){(SC_ACTION_TYPE)numbers[HEAD + 2 * i], numbers[HEAD + 2 * i + 1]};
    return ERROR_SUCCESS;
}

static DWORD get_flag(HKEY key, BYTE *buffer, DWORD size, DWORD *needed)
{
    DWORD on = 0, bytes = sizeof on;
    SERVICE_FAILURE_ACTIONS_FLAG *flag = (SERVICE_FAILURE_ACTIONS_FLAG *)(void *)buffer;
    RegQueryValueExW(key, FLAG, NULL, NULL, (BYTE *)&on, &bytes);
    *needed = sizeof *flag;
    if (size < *needed)
        return ERROR_INSUFFICIENT_BUFFER;
    flag->fFailureActionsOnNonCrashFailures = on != 0;
    return ERROR_SUCCESS;
}

BOOL WINAPI QueryServiceConfig2W(SC_HANDLE service, DWORD level, LPBYTE buffer, DWORD size,
                                 LPDWORD needed)
{
    HKEY key;
    if (!is_ours(level))
        return wine("QueryServiceConfig2W").query(service, level, buffer, size, needed);
    DWORD error = open_key(service, SERVICE_QUERY_CONFIG, KEY_QUERY_VALUE, &key);
    if (error != ERROR_SUCCESS)
        return advapi32_result(error);
    error = level == SERVICE_CONFIG_FAILURE_ACTIONS ? get_actions(key, buffer, size, needed)
                                                    : get_flag(key, buffer, size, needed);
    RegCloseKey(key);
    return advapi32_result(error);
}
