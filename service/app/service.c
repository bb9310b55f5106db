#include "control.h"
#include "service.h"
#include "watcher.h"
#include "../windows/installation.h"
#include "../windows/report.h"

enum {
    HINT_START = 2000, /* ms; told to the SCM as wait hints */
    HINT_STOP = 5000,
    HINT_PAUSE = 2000
};

struct service_calls service_calls = {
    .StartServiceCtrlDispatcherW = StartServiceCtrlDispatcherW,
    .RegisterServiceCtrlHandlerExW = RegisterServiceCtrlHandlerExW,
    .SetServiceStatus = SetServiceStatus,
    .watch = watcher_run,
    .ExitProcess = ExitProcess,
};

/* One process, one service: the handler and the service's thread share this. */
static struct {
    CRITICAL_SECTION lock; /* guards status */
    SERVICE_STATUS_HANDLE handle;
    SERVICE_STATUS status;
    bool no_preshutdown; /* this Windows does not know it */
    struct control control;
} service;

/* Of a shutdown it is told before others are (preshutdown: it has INSTALLATION_SHUTDOWN for a
 * restart of SMTP that is under way); before Windows Vista, with all others. */
static DWORD accepted_in(DWORD state)
{
    switch (state) {
    case SERVICE_RUNNING:
    case SERVICE_PAUSED:
    case SERVICE_PAUSE_PENDING:
    case SERVICE_CONTINUE_PENDING:
        return SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PAUSE_CONTINUE | SERVICE_ACCEPT_PARAMCHANGE |
               (service.no_preshutdown ? SERVICE_ACCEPT_SHUTDOWN : SERVICE_ACCEPT_PRESHUTDOWN);
    default:
        return 0;
    }
}

/* Reports a state. Once stopping, only the end can follow: a pause that was under way must not make
 * the service look alive again. A pending state reported again counts its checkpoint up. */
static void report_state(DWORD state, DWORD hint, DWORD exit_code)
{
    EnterCriticalSection(&service.lock);
    SERVICE_STATUS *status = &service.status;
    bool ending =
        status->dwCurrentState == SERVICE_STOP_PENDING || status->dwCurrentState == SERVICE_STOPPED;
    bool alive = state == SERVICE_RUNNING || state == SERVICE_PAUSED ||
                 state == SERVICE_PAUSE_PENDING || state == SERVICE_CONTINUE_PENDING;
    if (!ending || !alive) {
        if (hint == 0)
            status->dwCheckPoint = 0;
        else
            status->dwCheckPoint = state == status->dwCurrentState ? status->dwCheckPoint + 1 : 1;
        status->dwServiceType = SERVICE_WIN32_OWN_PROCESS;
        status->dwCurrentState = state;
        status->dwControlsAccepted = accepted_in(state);
        status->dwWin32ExitCode = exit_code;
        status->dwWaitHint = hint;
        bool told = service_calls.SetServiceStatus(service.handle, status);
        if (!told && (status->dwControlsAccepted & SERVICE_ACCEPT_PRESHUTDOWN) != 0) {
            service.no_preshutdown = true;
            status->dwControlsAccepted = accepted_in(state);
            service_calls.SetServiceStatus(service.handle, status);
        }
    }
    LeaveCriticalSection(&service.lock);
}

static DWORD current_state(void)
{
    EnterCriticalSection(&service.lock);
    DWORD state = service.status.dwCurrentState;
    LeaveCriticalSection(&service.lock);
    return state;
}

/* Called on the SCM's thread. Never waits: it notes what is wanted and returns. */
static DWORD WINAPI handle_control(DWORD code, DWORD type, LPVOID data, LPVOID context)
{
    (void)type;
    (void)data;
    (void)context;
    switch (code) {
    case SERVICE_CONTROL_INTERROGATE:
        return NO_ERROR;
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_PRESHUTDOWN:
    case SERVICE_CONTROL_SHUTDOWN:
        report_state(SERVICE_STOP_PENDING, HINT_STOP, NO_ERROR);
        control_stop(&service.control);
        return NO_ERROR;
    case SERVICE_CONTROL_PAUSE:
        if (current_state() == SERVICE_PAUSED)
            return NO_ERROR;
        report_state(SERVICE_PAUSE_PENDING, HINT_PAUSE, NO_ERROR);
        control_observe(&service.control, true);
        return NO_ERROR;
    case SERVICE_CONTROL_CONTINUE:
        if (current_state() == SERVICE_RUNNING)
            return NO_ERROR;
        report_state(SERVICE_CONTINUE_PENDING, HINT_PAUSE, NO_ERROR);
        control_observe(&service.control, false);
        return NO_ERROR;
    case SERVICE_CONTROL_PARAMCHANGE:
        control_reload(&service.control);
        return NO_ERROR;
    case SERVICE_CONTROL_STATUS:
        control_status(&service.control);
        return NO_ERROR;
    case SERVICE_CONTROL_RELEASE_LATEST:
        control_release_latest(&service.control);
        return NO_ERROR;
    case SERVICE_CONTROL_REQUEST_LEFT:
        control_request_left(&service.control);
        return NO_ERROR;
    default:
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

static void tell_observing(void *context, bool observing)
{
    (void)context;
    report_state(observing ? SERVICE_PAUSED : SERVICE_RUNNING, 0, NO_ERROR);
}

static void tell_stopping(void *context)
{
    (void)context;
    report_state(SERVICE_STOP_PENDING, HINT_STOP, NO_ERROR);
}

static void fail(const char *call, DWORD error)
{
    struct report report;
    report_begin(&report, MSG_FAILED);
    report_add_format(&report, "%s", call);
    report_add_error(&report, error);
    report_send(&report);
    service_calls.ExitProcess(error);
}

static void WINAPI service_main(DWORD count, LPWSTR *arguments)
{
    (void)count;
    (void)arguments;
    service.handle =
        service_calls.RegisterServiceCtrlHandlerExW(INSTALLATION_SERVICE, handle_control, NULL);
    if (!service.handle) {
        fail("RegisterServiceCtrlHandlerEx", GetLastError());
        return;
    }
    report_state(SERVICE_START_PENDING, HINT_START, NO_ERROR);
    DWORD error = control_create(&service.control);
    if (error) {
        fail("CreateEvent", error);
        return;
    }
    service.control.observing = tell_observing;
    service.control.stopping = tell_stopping;
    report_state(SERVICE_RUNNING, 0, NO_ERROR);
    error = service_calls.watch(&service.control);
    if (error) {
        fail("Watching the log", error);
        return;
    }
    report_close();
    /* The events stay open: the handler may still be running, and the process ends anyway. */
    report_state(SERVICE_STOPPED, 0, NO_ERROR);
}

DWORD service_serve(void)
{
    wchar_t name[] = INSTALLATION_SERVICE;
    const SERVICE_TABLE_ENTRYW table[] = {{name, service_main}, {NULL, NULL}};
    InitializeCriticalSection(&service.lock);
    return service_calls.StartServiceCtrlDispatcherW(table) ? ERROR_SUCCESS : GetLastError();
}
