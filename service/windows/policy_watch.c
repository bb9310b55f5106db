#include "policy_watch.h"

struct policy_watch_calls policy_watch_calls = {
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegNotifyChangeKeyValue = RegNotifyChangeKeyValue,
    .RegCloseKey = RegCloseKey,
};

DWORD policy_watch_init(struct policy_watch *watch)
{
    watch->changed = CreateEventW(NULL, TRUE, FALSE, NULL);
    return watch->changed ? ERROR_SUCCESS : GetLastError();
}

/* Closing a key that was asked to be watched signals the event. */
static void close_key(struct policy_watch *watch)
{
    if (watch->key)
        policy_watch_calls.RegCloseKey(watch->key);
    watch->key = NULL;
    watch->whole = watch->asked = false;
    ResetEvent(watch->changed);
}

void policy_watch_end(struct policy_watch *watch)
{
    if (!watch->changed)
        return;
    close_key(watch);
    CloseHandle(watch->changed);
    watch->changed = NULL;
}

static DWORD open_key(const wchar_t *path, HKEY *key)
{
    return (DWORD)policy_watch_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_NOTIFY, key);
}

/* Asks on the open key. */
static DWORD ask(struct policy_watch *watch)
{
    DWORD filter = REG_NOTIFY_CHANGE_NAME | (watch->whole ? REG_NOTIFY_CHANGE_LAST_SET : 0);
    DWORD error = (DWORD)policy_watch_calls.RegNotifyChangeKeyValue(watch->key, watch->whole,
                                                                    filter, watch->changed, TRUE);
    watch->asked = error == ERROR_SUCCESS;
    return error;
}

/* From the outside in, so that a key that comes meanwhile is noticed. */
static DWORD watch_anew(struct policy_watch *watch, const char **failed_call)
{
    HKEY policies;
    close_key(watch);
    *failed_call = "RegOpenKeyExW";
    DWORD error = open_key(L"SOFTWARE", &watch->key);
    if (error)
        return error;
    *failed_call = "RegNotifyChangeKeyValue";
    error = ask(watch);
    if (error)
        return error;
    *failed_call = "RegOpenKeyExW";
    error = open_key(L"SOFTWARE\\Policies", &policies);
    if (error == ERROR_FILE_NOT_FOUND)
        return ERROR_SUCCESS;
    close_key(watch);
    if (error)
        return error;
    watch->key = policies;
    watch->whole = true;
    *failed_call = "RegNotifyChangeKeyValue";
    return ask(watch);
}

DWORD policy_watch_ask(struct policy_watch *watch, const char **failed_call)
{
    if (WaitForSingleObject(watch->changed, 0) == WAIT_OBJECT_0)
        watch->asked = false;
    if (watch->asked)
        return ERROR_SUCCESS;
    ResetEvent(watch->changed);
    if (watch->whole && ask(watch) == ERROR_SUCCESS)
        return ERROR_SUCCESS;
    DWORD error = watch_anew(watch, failed_call);
    if (error)
        close_key(watch);
    return error;
}
