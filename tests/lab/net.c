/* net.c: `net user NAME [/active:yes|no] [/domain]` and `net user NAME PASSWORD`, which Wine's net
 * lacks, and `net start` and `net stop`. Lies beside the lab's programs, so that the commands in
 * the docs can be run word by word. Wine's own, which goes by the same name, could not use the lab.
 */
#include <windows.h>
#include <lm.h>
#include <dsgetdc.h>
#include <stdbool.h>
#include <stdio.h>
#include <wchar.h>

static int failed(const wchar_t *call, DWORD error)
{
    wprintf(L"%ls failed: system error %lu has occurred.\n", call, error);
    return 2;
}

/* The flags that `/active:` sets or clears; the rest stays. */
static int set_active(const wchar_t *server, const wchar_t *name, bool active)
{
    USER_INFO_1 *user;
    NET_API_STATUS error = NetUserGetInfo(server, name, 1, (LPBYTE *)&user);
    if (error)
        return failed(L"NetUserGetInfo", error);
    USER_INFO_1008 flags = {user->usri1_flags};
    NetApiBufferFree(user);
    if (active)
        flags.usri1008_flags &= ~(DWORD)UF_ACCOUNTDISABLE;
    else
        flags.usri1008_flags |= UF_ACCOUNTDISABLE;
    error = NetUserSetInfo(server, name, 1008, (LPBYTE)&flags, NULL);
    return error ? failed(L"NetUserSetInfo", error) : 0;
}

static int set_password(const wchar_t *server, const wchar_t *name, wchar_t *password)
{
    USER_INFO_1003 info = {password};
    NET_API_STATUS error = NetUserSetInfo(server, name, 1003, (LPBYTE)&info, NULL);
    return error ? failed(L"NetUserSetInfo", error) : 0;
}

static int show(const wchar_t *server, const wchar_t *name)
{
    USER_INFO_1 *user;
    NET_API_STATUS error = NetUserGetInfo(server, name, 1, (LPBYTE *)&user);
    if (error)
        return failed(L"NetUserGetInfo", error);
    wprintf(L"User name                    %ls\nComment                      %ls\n"
            L"Account active               %ls\n",
            user->usri1_name, user->usri1_comment ? user->usri1_comment : L"",
            user->usri1_flags & UF_ACCOUNTDISABLE ? L"No" : L"Yes");
    NetApiBufferFree(user);
    return 0;
}

static int user(int count, wchar_t **arguments)
{
    const wchar_t *active = NULL;
    wchar_t *password = NULL;
    wchar_t server[DNLEN + 256] = L"";
    for (int i = 3; i < count; i++) {
        if (_wcsnicmp(arguments[i], L"/active:", 8) == 0) {
            active = arguments[i] + 8;
        } else if (_wcsicmp(arguments[i], L"/domain") == 0) {
            DOMAIN_CONTROLLER_INFOW *controller;
            DWORD error = DsGetDcNameW(NULL, NULL, NULL, NULL, DS_WRITABLE_REQUIRED, &controller);
            if (error)
                return failed(L"DsGetDcName", error);
            lstrcpynW(server, controller->DomainControllerName, DNLEN + 256);
            NetApiBufferFree(controller);
        } else {
            password = arguments[i];
        }
    }
    const wchar_t *where = server[0] ? server : NULL;
    int result = active     ? set_active(where, arguments[2], _wcsicmp(active, L"yes") == 0)
                 : password ? set_password(where, arguments[2], password)
                            : show(where, arguments[2]);
    if (result == 0)
        wprintf(L"The command completed successfully.\n");
    return result;
}

/* Waits until the service is in the state, or no longer on its way there. */
static bool reach(SC_HANDLE service, DWORD state)
{
    enum { PATIENCE = 30000 };
    SERVICE_STATUS status = {0};
    for (DWORD start = GetTickCount(); GetTickCount() - start < PATIENCE; Sleep(50)) {
        if (!QueryServiceStatus(service, &status) || status.dwCurrentState == state)
            break;
    }
    return status.dwCurrentState == state;
}

static int start_or_stop(const wchar_t *verb, const wchar_t *name)
{
    SERVICE_STATUS status;
    bool start = _wcsicmp(verb, L"start") == 0;
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service =
        manager ? OpenServiceW(manager, name, SERVICE_QUERY_STATUS | SERVICE_START | SERVICE_STOP)
                : NULL;
    int result = 0;
    if (!service)
        result = failed(L"OpenService", GetLastError());
    else if (start ? !StartServiceW(service, 0, NULL)
                   : !ControlService(service, SERVICE_CONTROL_STOP, &status))
        result = failed(start ? L"StartService" : L"ControlService", GetLastError());
    else if (!reach(service, start ? SERVICE_RUNNING : SERVICE_STOPPED))
        result = failed(L"QueryServiceStatus", ERROR_SERVICE_REQUEST_TIMEOUT);
    else
        wprintf(L"The %ls service was %ls successfully.\n", name, start ? L"started" : L"stopped");
    if (service)
        CloseServiceHandle(service);
    if (manager)
        CloseServiceHandle(manager);
    return result;
}

int wmain(int count, wchar_t **arguments)
{
    if (count >= 3 && _wcsicmp(arguments[1], L"user") == 0)
        return user(count, arguments);
    if (count == 3 &&
        (_wcsicmp(arguments[1], L"start") == 0 || _wcsicmp(arguments[1], L"stop") == 0))
        return start_or_stop(arguments[1], arguments[2]);
    wprintf(L"This net knows: user, start, stop.\n");
    return 1;
}
