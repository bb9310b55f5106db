/* own_service.h: the running service RelayLock, as another process of this program sees it.
 *
 * Source: learn.microsoft.com nf-winsvc-controlservice (controls 128 to 255 need
 * SERVICE_USER_DEFINED_CONTROL).
 */
#ifndef RELAYLOCK_WINDOWS_OWN_SERVICE_H
#define RELAYLOCK_WINDOWS_OWN_SERVICE_H

#include <windows.h>
#include <stdbool.h>

/* The OS calls; tests put others here. */
struct own_service_calls {
    SC_HANDLE(WINAPI *OpenSCManagerW)(LPCWSTR, LPCWSTR, DWORD);
    SC_HANDLE(WINAPI *OpenServiceW)(SC_HANDLE, LPCWSTR, DWORD);
    BOOL(WINAPI *QueryServiceStatus)(SC_HANDLE, LPSERVICE_STATUS);
    BOOL(WINAPI *ControlService)(SC_HANDLE, DWORD, LPSERVICE_STATUS);
    BOOL(WINAPI *CloseServiceHandle)(SC_HANDLE);
};
extern struct own_service_calls own_service_calls;

/* Whether it is there and not stopped. False also when nobody can tell. */
bool own_service_is_running(void);

/* Sends it a control of its own. ERROR_SUCCESS, or the error of the call that failed, whose name
 * goes to *failed_call. */
DWORD own_service_control(DWORD control, const char **failed_call);

#endif
