/* own_service.h: the running service RelayLock, as another process of this program sees it.
 *
 * Who waits for something of the service waits for its process as well: that ends when the service
 * stops, when it crashes, and also when it is started again at once. Who may send it controls
 * (Administrators, installation.h) may wait for it, too, without any privilege: what LocalSystem or
 * an administrator makes, Administrators may by default execute, which is, of a process, to wait
 * for it. Where Windows refuses that all the same, the service control manager is asked.
 *
 * Sources: learn.microsoft.com nf-winsvc-controlservice (controls 128 to 255 need
 * SERVICE_USER_DEFINED_CONTROL), nf-winsvc-queryservicestatusex, "Process Security and Access
 * Rights" (a process is protected by the default DACL of who makes it; SYNCHRONIZE); the DACL:
 * ReactOS, ntoskrnl/se/acl.c (SeSystemDefaultDacl).
 */
#ifndef RELAYLOCK_WINDOWS_OWN_SERVICE_H
#define RELAYLOCK_WINDOWS_OWN_SERVICE_H

#include <windows.h>
#include <stdbool.h>

/* The OS calls; tests put others here. */
struct own_service_calls {
    SC_HANDLE(WINAPI *OpenSCManagerW)(LPCWSTR, LPCWSTR, DWORD);
    SC_HANDLE(WINAPI *OpenServiceW)(SC_HANDLE, LPCWSTR, DWORD);
    BOOL(WINAPI *QueryServiceStatusEx)(SC_HANDLE, SC_STATUS_TYPE, LPBYTE, DWORD, LPDWORD);
    BOOL(WINAPI *ControlService)(SC_HANDLE, DWORD, LPSERVICE_STATUS);
    BOOL(WINAPI *CloseServiceHandle)(SC_HANDLE);
    HANDLE(WINAPI *OpenProcess)(DWORD, BOOL, DWORD);
    DWORD(WINAPI *WaitForSingleObject)(HANDLE, DWORD);
    BOOL(WINAPI *CloseHandle)(HANDLE);
};
extern struct own_service_calls own_service_calls;

/* Whether it is there and not stopped. False also when nobody can tell. */
bool own_service_is_running(void);

/* Sends it a control of its own. ERROR_SUCCESS, or the error of the call that failed, whose name
 * goes to *failed_call. */
DWORD own_service_control(DWORD control, const char **failed_call);

/* The process that it runs in. */
struct own_service_process {
    DWORD id;
    HANDLE handle; /* signalled when it has ended; null: Windows does not let us wait for it */
};

/* Finds it, to be let go of afterwards. ERROR_SERVICE_NOT_ACTIVE: there is none; other errors as
 * above. */
DWORD own_service_find(struct own_service_process *process, const char **failed_call);
void own_service_let_go(struct own_service_process *process);

/* Whether that process has ended. Without a handle also false when nobody can tell. */
bool own_service_has_ended(const struct own_service_process *process);

#endif
