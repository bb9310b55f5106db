/* sc.c: the verbs of Windows' sc that Wine's lacks: pause, continue, interrogate, control, qc, and
 * a query that prints what Windows' prints. Everything else is handed to Wine's own.
 *
 * Lies beside the lab's programs, so that the commands in the docs can be run word by word.
 */
#include <windows.h>
#include <stdio.h>
#include <wchar.h>
#include "hand_on.h"

static const wchar_t *state_name(DWORD state)
{
    static const wchar_t *const names[] = {
        L"?",       L"STOPPED",          L"START_PENDING", L"STOP_PENDING",
        L"RUNNING", L"CONTINUE_PENDING", L"PAUSE_PENDING", L"PAUSED"};
    return state < sizeof names / sizeof *names ? names[state] : names[0];
}

static void print_status(const wchar_t *name, const SERVICE_STATUS *status)
{
    wprintf(L"\nSERVICE_NAME: %ls\n        STATE              : %lu  %ls\n"
            L"        WIN32_EXIT_CODE    : %lu  (0x%lx)\n        CHECKPOINT         : 0x%lx\n"
            L"        WAIT_HINT          : 0x%lx\n",
            name, status->dwCurrentState, state_name(status->dwCurrentState),
            status->dwWin32ExitCode, status->dwWin32ExitCode, status->dwCheckPoint,
            status->dwWaitHint);
}

static int failed(const wchar_t *call, DWORD error)
{
    wprintf(L"[SC] %ls FAILED %lu\n", call, error);
    return (int)error;
}

static int print_configuration(SC_HANDLE service, const wchar_t *name)
{
    union {
        QUERY_SERVICE_CONFIGW config;
        BYTE bytes[8192];
    } buffer;
    DWORD needed;
    if (!QueryServiceConfigW(service, &buffer.config, sizeof buffer, &needed))
        return failed(L"QueryServiceConfig", GetLastError());
    wprintf(L"\nSERVICE_NAME: %ls\n        START_TYPE         : %lu\n"
            L"        BINARY_PATH_NAME   : %ls\n        DEPENDENCIES       : %ls\n"
            L"        SERVICE_START_NAME : %ls\n",
            name, buffer.config.dwStartType, buffer.config.lpBinaryPathName,
            buffer.config.lpDependencies ? buffer.config.lpDependencies : L"",
            buffer.config.lpServiceStartName ? buffer.config.lpServiceStartName : L"");
    return 0;
}

/* `start= WORD` of `sc config`. */
static int configure(SC_HANDLE service, const wchar_t *option, const wchar_t *word)
{
    static const struct {
        const wchar_t *word;
        DWORD type;
    } types[] = {{L"auto", SERVICE_AUTO_START},
                 {L"demand", SERVICE_DEMAND_START},
                 {L"disabled", SERVICE_DISABLED}};
    for (size_t i = 0; word && i < sizeof types / sizeof *types; i++) {
        if (_wcsicmp(option, L"start=") != 0 || _wcsicmp(word, types[i].word) != 0)
            continue;
        if (!ChangeServiceConfigW(service, SERVICE_NO_CHANGE, types[i].type, SERVICE_NO_CHANGE,
                                  NULL, NULL, NULL, NULL, NULL, NULL, NULL))
            return failed(L"ChangeServiceConfig", GetLastError());
        wprintf(L"[SC] ChangeServiceConfig SUCCESS\n");
        return 0;
    }
    return failed(L"ChangeServiceConfig", ERROR_INVALID_PARAMETER);
}

/* The number or name of `sc control`. */
static DWORD control_code(const wchar_t *word)
{
    if (_wcsicmp(word, L"paramchange") == 0)
        return SERVICE_CONTROL_PARAMCHANGE;
    return wcstoul(word, NULL, 10);
}

/* What a verb sends: 0 for none. */
static DWORD verb_code(const wchar_t *verb, const wchar_t *argument)
{
    if (_wcsicmp(verb, L"pause") == 0)
        return SERVICE_CONTROL_PAUSE;
    if (_wcsicmp(verb, L"continue") == 0)
        return SERVICE_CONTROL_CONTINUE;
    if (_wcsicmp(verb, L"interrogate") == 0)
        return SERVICE_CONTROL_INTERROGATE;
    if (_wcsicmp(verb, L"control") == 0 && argument)
        return control_code(argument);
    return 0;
}

static int act(const wchar_t *verb, const wchar_t *name, const wchar_t *argument,
               const wchar_t *value)
{
    SERVICE_STATUS status;
    int result = 0;
    DWORD code = verb_code(verb, argument);
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (!manager)
        return failed(L"OpenSCManager", GetLastError());
    SC_HANDLE service = OpenServiceW(manager, name,
                                     SERVICE_QUERY_STATUS | SERVICE_QUERY_CONFIG |
                                         SERVICE_CHANGE_CONFIG | SERVICE_PAUSE_CONTINUE |
                                         SERVICE_INTERROGATE | SERVICE_USER_DEFINED_CONTROL);
    if (!service) {
        result = failed(L"OpenService", GetLastError());
        goto cleanup_manager;
    }
    if (_wcsicmp(verb, L"qc") == 0)
        result = print_configuration(service, name);
    else if (_wcsicmp(verb, L"config") == 0)
        result = configure(service, argument ? argument : L"", value);
    else if (code ? !ControlService(service, code, &status) : !QueryServiceStatus(service, &status))
        result = failed(code ? L"ControlService" : L"QueryServiceStatus", GetLastError());
    else
        print_status(name, &status);
    CloseServiceHandle(service);
cleanup_manager:
    CloseServiceHandle(manager);
    return result;
}

int wmain(int count, wchar_t **arguments)
{
    static const wchar_t *const mine[] = {L"pause",  L"continue", L"interrogate", L"control",
                                          L"config", L"query",    L"qc"};
    for (size_t i = 0; count >= 3 && i < sizeof mine / sizeof *mine; i++) {
        if (_wcsicmp(arguments[1], mine[i]) == 0)
            return act(arguments[1], arguments[2], count > 3 ? arguments[3] : NULL,
                       count > 4 ? arguments[4] : NULL);
    }
    return hand_on(L"sc.exe");
}
