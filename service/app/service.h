/* service.h: RelayLock under the service control manager.
 *
 * Source: learn.microsoft.com "Service Control Handler Function" (a handler must return within 30
 * seconds; ours sets a flag and returns), "Service State Transitions",
 * ns-winsvc-service_status (SERVICE_ACCEPT_PRESHUTDOWN).
 */
#ifndef RELAYLOCK_APP_SERVICE_H
#define RELAYLOCK_APP_SERVICE_H

#include <windows.h>
#include "control.h"

/* sc control RelayLock 128 ... */
enum {
    SERVICE_CONTROL_STATUS = 128,
    SERVICE_CONTROL_RELEASE_LATEST = 129,
    SERVICE_CONTROL_REQUEST_LEFT = 130 /* a verb left a request in the state directory */
};

/* The OS calls; tests put others here. */
struct service_calls {
    BOOL(WINAPI *StartServiceCtrlDispatcherW)(const SERVICE_TABLE_ENTRYW *);
    SERVICE_STATUS_HANDLE(WINAPI *RegisterServiceCtrlHandlerExW)
    (LPCWSTR, LPHANDLER_FUNCTION_EX, LPVOID);
    BOOL(WINAPI *SetServiceStatus)(SERVICE_STATUS_HANDLE, LPSERVICE_STATUS);
    DWORD (*watch)(struct control *); /* watcher_run */
    void(WINAPI *ExitProcess)(UINT);
};
extern struct service_calls service_calls;

/* Serves until the service is stopped. ERROR_SUCCESS then; at once
 * ERROR_FAILED_SERVICE_CONTROLLER_CONNECT when the process was not started by the service control
 * manager. Does not return when the watcher fails: the process then ends without having reported
 * SERVICE_STOPPED, which is the one thing that makes every Windows, Server 2003 too, carry out the
 * recovery actions. */
DWORD service_serve(void);

#endif
