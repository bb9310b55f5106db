/* lab_eventlog.c: the EventLog service of the lab: while it runs the event logs answer. */
#include <windows.h>

#include "lab_log.h"
#include "lab_wake.h"

static SERVICE_STATUS_HANDLE status_handle;
static HANDLE stop;

static void tell(DWORD state, DWORD error)
{
    SERVICE_STATUS status = {
        .dwServiceType = SERVICE_WIN32_OWN_PROCESS,
        .dwCurrentState = state,
        .dwControlsAccepted =
            state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0,
        .dwWin32ExitCode = error};
    SetServiceStatus(status_handle, &status);
}

static DWORD WINAPI control(DWORD code, DWORD event, LPVOID data, LPVOID context)
{
    (void)event;
    (void)data;
    (void)context;
    switch (code) {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
        tell(SERVICE_STOP_PENDING, 0);
        SetEvent(stop);
        return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE:
        return NO_ERROR;
    default:
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

static DWORD set_running(bool running)
{
    DWORD error = lab_lock();
    if (error != ERROR_SUCCESS)
        return error;
    if (running)
        lab_store->service_session++;
    lab_store->service_process = running ? (LONG)GetCurrentProcessId() : 0;
    for (unsigned slot = 0; slot < LAB_LOGS; slot++)
        lab_wake(slot);
    lab_unlock();
    return ERROR_SUCCESS;
}

static void WINAPI serve(DWORD count, LPWSTR *arguments)
{
    (void)count;
    (void)arguments;
    status_handle = RegisterServiceCtrlHandlerExW(L"EventLog", control, NULL);
    if (status_handle == NULL)
        return;
    stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    DWORD error = stop == NULL ? GetLastError() : set_running(true);
    if (error != ERROR_SUCCESS) {
        tell(SERVICE_STOPPED, error);
        return;
    }
    tell(SERVICE_RUNNING, 0);
    WaitForSingleObject(stop, INFINITE);
    error = set_running(false);
    tell(SERVICE_STOPPED, error);
}

int main(void)
{
    static wchar_t name[] = L"EventLog";
    static const SERVICE_TABLE_ENTRYW table[] = {{name, serve}, {NULL, NULL}};
    return StartServiceCtrlDispatcherW(table) ? 0 : 1;
}
