#include "service_view.h"

#include "../core/text.h"
#include "last_error.h"

struct service_view_calls service_view_calls = {
    .OpenSCManagerW = OpenSCManagerW,
    .OpenServiceW = OpenServiceW,
    .QueryServiceStatus = QueryServiceStatus,
    .QueryServiceConfigW = QueryServiceConfigW,
    .QueryServiceConfig2W = QueryServiceConfig2W,
    .EnumDependentServicesW = EnumDependentServicesW,
    .CloseServiceHandle = CloseServiceHandle,
};

enum { CONFIG_MAX = 8192, DEPENDENTS_BYTES = 65536 };

static DWORD open_service(const wchar_t *name, DWORD rights, SC_HANDLE *service,
                          const char **failed_call)
{
    *failed_call = "OpenSCManager";
    SC_HANDLE manager = service_view_calls.OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (!manager)
        return last_error();
    *failed_call = "OpenService";
    *service = service_view_calls.OpenServiceW(manager, name, rights);
    DWORD error = *service ? ERROR_SUCCESS : last_error();
    service_view_calls.CloseServiceHandle(manager);
    return error;
}

static DWORD test_rights(const wchar_t *name, DWORD rights)
{
    const char *ignored;
    SC_HANDLE service;
    DWORD error = open_service(name, rights, &service, &ignored);
    if (error == ERROR_SUCCESS)
        service_view_calls.CloseServiceHandle(service);
    return error;
}

static void copy(wchar_t *to, size_t room, const wchar_t *from)
{
    to[0] = 0;
    if (from)
        text_copy(to, room, text_of(from));
}

DWORD service_view_look(const wchar_t *name, DWORD rights, struct service_view *view,
                        const char **failed_call)
{
    union {
        QUERY_SERVICE_CONFIGW config;
        BYTE bytes[CONFIG_MAX];
    } buffer;
    SERVICE_STATUS status = {0};
    SC_HANDLE service;
    DWORD needed;
    DWORD error =
        open_service(name, SERVICE_QUERY_STATUS | SERVICE_QUERY_CONFIG, &service, failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    *failed_call = "QueryServiceStatus";
    if (!service_view_calls.QueryServiceStatus(service, &status))
        error = last_error();
    if (error == ERROR_SUCCESS) {
        *failed_call = "QueryServiceConfig";
        if (!service_view_calls.QueryServiceConfigW(service, &buffer.config, sizeof buffer,
                                                    &needed))
            error = last_error();
    }
    service_view_calls.CloseServiceHandle(service);
    if (error != ERROR_SUCCESS)
        return error;
    view->state = status.dwCurrentState;
    view->start_type = buffer.config.dwStartType;
    copy(view->command, SERVICE_VIEW_COMMAND_MAX, buffer.config.lpBinaryPathName);
    copy(view->account, SERVICE_VIEW_NAME_MAX, buffer.config.lpServiceStartName);
    view->rights = rights == 0 ? ERROR_SUCCESS : test_rights(name, rights);
    return ERROR_SUCCESS;
}

DWORD service_view_dependents(const wchar_t *name, struct service_dependents *dependents,
                              const char **failed_call)
{
    static union {
        ENUM_SERVICE_STATUSW entries[1];
        BYTE bytes[DEPENDENTS_BYTES];
    } buffer;
    SC_HANDLE service;
    DWORD needed, count = 0;
    DWORD error = open_service(name, SERVICE_ENUMERATE_DEPENDENTS, &service, failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    *failed_call = "EnumDependentServices";
    if (!service_view_calls.EnumDependentServicesW(service, SERVICE_ACTIVE, buffer.entries,
                                                   sizeof buffer, &needed, &count))
        error = last_error();
    service_view_calls.CloseServiceHandle(service);
    if (error == ERROR_SUCCESS && count > SERVICE_VIEW_DEPENDENTS_MAX)
        error = ERROR_MORE_DATA;
    if (error != ERROR_SUCCESS)
        return error;
    dependents->count = count;
    for (DWORD i = 0; i < count; i++)
        copy(dependents->names[i], SERVICE_VIEW_NAME_MAX, buffer.entries[i].lpServiceName);
    return ERROR_SUCCESS;
}

bool service_view_is_unknown_level(DWORD error)
{
    return error == ERROR_INVALID_LEVEL || error == ERROR_INVALID_PARAMETER ||
           error == ERROR_NOT_SUPPORTED || error == ERROR_CALL_NOT_IMPLEMENTED;
}

static DWORD query(SC_HANDLE service, DWORD level, void *buffer, DWORD size)
{
    DWORD needed;
    return service_view_calls.QueryServiceConfig2W(service, level, buffer, size, &needed)
               ? ERROR_SUCCESS
               : last_error();
}

DWORD service_view_recovery(const wchar_t *name, struct service_recovery *recovery,
                            const char **failed_call)
{
    union {
        SERVICE_FAILURE_ACTIONSW actions;
        BYTE bytes[CONFIG_MAX];
    } buffer;
    SERVICE_FAILURE_ACTIONS_FLAG flag = {FALSE};
    struct service_recovery found = {0};
    SC_HANDLE service;
    DWORD error = open_service(name, SERVICE_QUERY_CONFIG, &service, failed_call);
    if (error != ERROR_SUCCESS)
        return error;
    *failed_call = "QueryServiceConfig2";
    error = query(service, SERVICE_CONFIG_FAILURE_ACTIONS, &buffer, sizeof buffer);
    if (error == ERROR_SUCCESS) {
        error = query(service, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &flag, sizeof flag);
        found.on_failure_known = error == ERROR_SUCCESS;
        if (service_view_is_unknown_level(error))
            error = ERROR_SUCCESS;
    }
    service_view_calls.CloseServiceHandle(service);
    if (error != ERROR_SUCCESS)
        return error;
    found.on_failure = flag.fFailureActionsOnNonCrashFailures != FALSE;
    found.reset_period = buffer.actions.dwResetPeriod;
    found.count = buffer.actions.lpsaActions ? buffer.actions.cActions : 0;
    for (DWORD i = 0; i < found.count && i < SERVICE_VIEW_ACTIONS_MAX; i++)
        found.actions[i] = buffer.actions.lpsaActions[i];
    *recovery = found;
    return ERROR_SUCCESS;
}
