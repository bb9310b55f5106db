/* installation.h: puts RelayLock into a host's service list and event sources, and takes it out.
 *
 * Installed are: the service RelayLock (own process, automatic start, after EventLog; LocalSystem),
 * its recovery actions, its DACL (SYSTEM and Administrators control it, others only look), the
 * event source RelayLock of the Application log, and an empty key Parameters (parameters.h).
 * Sources: learn.microsoft.com nf-winsvc-createservicew, nf-winsvc-changeserviceconfig2w, "Service
 * Security and Access Rights", "Event Sources".
 */
#ifndef RELAYLOCK_WINDOWS_INSTALLATION_H
#define RELAYLOCK_WINDOWS_INSTALLATION_H

#include <windows.h>
#include <stdbool.h>

#define INSTALLATION_SERVICE L"RelayLock"
#define INSTALLATION_SOURCE_KEY                                                                    \
    L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\RelayLock"

/* The OS calls; tests put others here. */
struct installation_calls {
    SC_HANDLE(WINAPI *OpenSCManagerW)(LPCWSTR, LPCWSTR, DWORD);
    SC_HANDLE(WINAPI *OpenServiceW)(SC_HANDLE, LPCWSTR, DWORD);
    SC_HANDLE(WINAPI *CreateServiceW)
    (SC_HANDLE, LPCWSTR, LPCWSTR, DWORD, DWORD, DWORD, DWORD, LPCWSTR, LPCWSTR, LPDWORD, LPCWSTR,
     LPCWSTR, LPCWSTR);
    BOOL(WINAPI *ChangeServiceConfigW)
    (SC_HANDLE, DWORD, DWORD, DWORD, LPCWSTR, LPCWSTR, LPDWORD, LPCWSTR, LPCWSTR, LPCWSTR, LPCWSTR);
    BOOL(WINAPI *ChangeServiceConfig2W)(SC_HANDLE, DWORD, LPVOID);
    BOOL(WINAPI *SetServiceObjectSecurity)(SC_HANDLE, SECURITY_INFORMATION, PSECURITY_DESCRIPTOR);
    BOOL(WINAPI *QueryServiceStatus)(SC_HANDLE, LPSERVICE_STATUS);
    BOOL(WINAPI *ControlService)(SC_HANDLE, DWORD, LPSERVICE_STATUS);
    BOOL(WINAPI *DeleteService)(SC_HANDLE);
    BOOL(WINAPI *CloseServiceHandle)(SC_HANDLE);
    LSTATUS(WINAPI *RegCreateKeyExW)
    (HKEY, LPCWSTR, DWORD, LPWSTR, DWORD, REGSAM, const LPSECURITY_ATTRIBUTES, PHKEY, LPDWORD);
    LSTATUS(WINAPI *RegOpenKeyExW)(HKEY, LPCWSTR, DWORD, REGSAM, PHKEY);
    LSTATUS(WINAPI *RegSetValueExW)(HKEY, LPCWSTR, DWORD, DWORD, const BYTE *, DWORD);
    LSTATUS(WINAPI *RegEnumKeyExW)
    (HKEY, DWORD, LPWSTR, LPDWORD, LPDWORD, LPWSTR, LPDWORD, PFILETIME);
    LSTATUS(WINAPI *RegDeleteKeyW)(HKEY, LPCWSTR);
    LSTATUS(WINAPI *RegCloseKey)(HKEY);
    DWORD(WINAPI *GetTickCount)(void);
    VOID(WINAPI *Sleep)(DWORD);
};
extern struct installation_calls installation_calls;

enum { INSTALLATION_STOP_LIMIT = 30000 /* ms that uninstall waits for the service to stop */ };

struct installation_failure {
    const char *call;      /* that failed: a literal */
    const wchar_t *object; /* the service or key it was for: a literal */
};

/* Installs the program at exe_path, a full path without quotes. When the service is there already,
 * everything is brought up to date instead. ERROR_SUCCESS, or the error of the call that failed,
 * which goes to *failure; what this call had made is then removed again. */
DWORD installation_install(const wchar_t *exe_path, struct installation_failure *failure);

/* Stops the service if it runs, and removes the service, the event source, the number of the boot
 * (boot.h), and Parameters with all below. What is missing already is fine. A service that can't be
 * removed keeps its event source and its settings; one that does not stop in time is such a one
 * (ERROR_TIMEOUT). */
DWORD installation_uninstall(struct installation_failure *failure);

#endif
