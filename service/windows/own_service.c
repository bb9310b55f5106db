#include "own_service.h"

#include "installation.h"
#include "last_error.h"

struct own_service_calls own_service_calls = {
    .OpenSCManagerW = OpenSCManagerW,
    .OpenServiceW = OpenServiceW,
    .QueryServiceStatus = QueryServiceStatus,
    .ControlService = ControlService,
    .CloseServiceHandle = CloseServiceHandle,
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

bool own_service_is_running(void)
{
    SERVICE_STATUS status = {0};
    const char *ignored;
    SC_HANDLE service;
    if (open_service(SERVICE_QUERY_STATUS, &service, &ignored))
        return false;
    own_service_calls.QueryServiceStatus(service, &status);
    own_service_calls.CloseServiceHandle(service);
    return status.dwCurrentState != 0 && status.dwCurrentState != SERVICE_STOPPED;
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
