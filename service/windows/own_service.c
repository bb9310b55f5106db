#include "own_service.h"

#include "installation.h"
#include "last_error.h"

/* Opens it with rights; null, and the call that failed. */
static SC_HANDLE open_service(DWORD rights, const char **failed_call)
{
    *failed_call = "OpenSCManager";
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (!manager)
        return NULL;
    *failed_call = "OpenService";
    SC_HANDLE service = OpenServiceW(manager, INSTALLATION_SERVICE, rights);
    DWORD error = GetLastError();
    CloseServiceHandle(manager);
    SetLastError(error);
    return service;
}

bool own_service_is_running(void)
{
    SERVICE_STATUS status = {0};
    const char *ignored;
    SC_HANDLE service = open_service(SERVICE_QUERY_STATUS, &ignored);
    if (!service)
        return false;
    QueryServiceStatus(service, &status);
    CloseServiceHandle(service);
    return status.dwCurrentState != 0 && status.dwCurrentState != SERVICE_STOPPED;
}

DWORD own_service_control(DWORD control, const char **failed_call)
{
    SERVICE_STATUS status;
    DWORD error = ERROR_SUCCESS;
    SC_HANDLE service = open_service(SERVICE_USER_DEFINED_CONTROL, failed_call);
    if (!service)
        return last_error();
    *failed_call = "ControlService";
    if (!ControlService(service, control, &status))
        error = last_error();
    CloseServiceHandle(service);
    return error;
}
