#include "own_service.h"

#include "installation.h"
#include "last_error.h"

struct own_service_calls own_service_calls = {
    .OpenSCManagerW = OpenSCManagerW,
    .OpenServiceW = OpenServiceW,
    .QueryServiceStatusEx = QueryServiceStatusEx,
    .ControlService = ControlService,
    .CloseServiceHandle = CloseServiceHandle,
    .OpenProcess = OpenProcess,
    .WaitForSingleObject = WaitForSingleObject,
    .CloseHandle = CloseHandle,
};

static DWORD open_service(DWORD rights, SC_HANDLE *service, const char **failed_call)
{
    *failed_call = "OpenSCManager";
    SC_HANDLE manager = own_service_calls.OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (!manager)
        return last_error();
    *failed_call = "OpenService";
    *service = own_service_calls.OpenServiceW(manager, INSTALLATION_SERVICE, rights);
    DWORD error = *service ? ERROR_SUCCESS : last_error();
    own_service_calls.CloseServiceHandle(manager);
    return error;
}

static DWORD query(SERVICE_STATUS_PROCESS *status, const char **failed_call)
{
    DWORD needed;
    SC_HANDLE service;
    DWORD error = open_service(SERVICE_QUERY_STATUS, &service, failed_call);
    if (error)
        return error;
    *failed_call = "QueryServiceStatusEx";
    if (!own_service_calls.QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (LPBYTE)status,
                                                sizeof *status, &needed))
        error = last_error();
    own_service_calls.CloseServiceHandle(service);
    return error;
}

bool own_service_is_running(void)
{
    SERVICE_STATUS_PROCESS status;
    const char *ignored;
    return query(&status, &ignored) == ERROR_SUCCESS && status.dwCurrentState != SERVICE_STOPPED;
}

DWORD own_service_control(DWORD control, const char **failed_call)
{
    SERVICE_STATUS status;
    SC_HANDLE service;
    DWORD error = open_service(SERVICE_USER_DEFINED_CONTROL, &service, failed_call);
    if (error)
        return error;
    *failed_call = "ControlService";
    if (!own_service_calls.ControlService(service, control, &status))
        error = last_error();
    own_service_calls.CloseServiceHandle(service);
    return error;
}

DWORD own_service_find(struct own_service_process *process, const char **failed_call)
{
    SERVICE_STATUS_PROCESS status;
    DWORD error = query(&status, failed_call);
    if (error)
        return error;
    *failed_call = "finding the process of the service";
    if (status.dwProcessId == 0)
        return ERROR_SERVICE_NOT_ACTIVE;
    process->id = status.dwProcessId;
    process->handle = own_service_calls.OpenProcess(SYNCHRONIZE, FALSE, process->id);
    return ERROR_SUCCESS;
}

void own_service_let_go(struct own_service_process *process)
{
    if (process->handle)
        own_service_calls.CloseHandle(process->handle);
    process->handle = NULL;
}

bool own_service_has_ended(const struct own_service_process *process)
{
    SERVICE_STATUS_PROCESS status;
    const char *ignored;
    if (process->handle)
        return own_service_calls.WaitForSingleObject(process->handle, 0) == WAIT_OBJECT_0;
    return query(&status, &ignored) == ERROR_SUCCESS && status.dwProcessId != process->id;
}
