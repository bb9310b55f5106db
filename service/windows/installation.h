/* installation.h: puts RelayLock into a host's service list and event sources, and takes it out.
 *
 * Installed are: the service RelayLock (own process, LocalSystem, automatic start, delayed where
 * Windows has that, after EventLog and nothing else), its recovery actions, its DACL (SYSTEM and
 * Administrators control it, others only look); where Windows has them its SID, its privileges and
 * its time at a shutdown; the event source RelayLock of the Application log; the key Parameters
 * (parameters.h) with what was asked for; the state directory (state_directory.h). Nothing is
 * written to the console, so that the verb and an installer may both use this. Sources:
 * learn.microsoft.com nf-winsvc-createservicew, nf-winsvc-changeserviceconfig2w,
 * nf-winsvc-queryserviceconfig2w, "Service Security and Access Rights", "Event Sources".
 */
#ifndef RELAYLOCK_WINDOWS_INSTALLATION_H
#define RELAYLOCK_WINDOWS_INSTALLATION_H

#include <windows.h>
#include <stdbool.h>
#include "../core/text.h"

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
    BOOL(WINAPI *QueryServiceConfigW)(SC_HANDLE, LPQUERY_SERVICE_CONFIGW, DWORD, LPDWORD);
    BOOL(WINAPI *QueryServiceConfig2W)(SC_HANDLE, DWORD, LPBYTE, DWORD, LPDWORD);
    BOOL(WINAPI *QueryServiceObjectSecurity)
    (SC_HANDLE, SECURITY_INFORMATION, PSECURITY_DESCRIPTOR, DWORD, LPDWORD);
    BOOL(WINAPI *ChangeServiceConfigW)
    (SC_HANDLE, DWORD, DWORD, DWORD, LPCWSTR, LPCWSTR, LPDWORD, LPCWSTR, LPCWSTR, LPCWSTR, LPCWSTR);
    BOOL(WINAPI *ChangeServiceConfig2W)(SC_HANDLE, DWORD, LPVOID);
    BOOL(WINAPI *SetServiceObjectSecurity)(SC_HANDLE, SECURITY_INFORMATION, PSECURITY_DESCRIPTOR);
    BOOL(WINAPI *QueryServiceStatus)(SC_HANDLE, LPSERVICE_STATUS);
    BOOL(WINAPI *ControlService)(SC_HANDLE, DWORD, LPSERVICE_STATUS);
    BOOL(WINAPI *DeleteService)(SC_HANDLE);
    BOOL(WINAPI *CloseServiceHandle)(SC_HANDLE);
    LSTATUS(WINAPI *RegCreateKeyExW)
    (HKEY, LPCWSTR, DWORD, LPWSTR, DWORD, REGSAM, LPSECURITY_ATTRIBUTES, PHKEY, LPDWORD);
    LSTATUS(WINAPI *RegOpenKeyExW)(HKEY, LPCWSTR, DWORD, REGSAM, PHKEY);
    LSTATUS(WINAPI *RegQueryValueExW)(HKEY, LPCWSTR, LPDWORD, LPDWORD, LPBYTE, LPDWORD);
    LSTATUS(WINAPI *RegSetValueExW)(HKEY, LPCWSTR, DWORD, DWORD, const BYTE *, DWORD);
    LSTATUS(WINAPI *RegDeleteValueW)(HKEY, LPCWSTR);
    LSTATUS(WINAPI *RegEnumKeyExW)
    (HKEY, DWORD, LPWSTR, LPDWORD, LPDWORD, LPWSTR, LPDWORD, PFILETIME);
    LSTATUS(WINAPI *RegDeleteKeyW)(HKEY, LPCWSTR);
    LSTATUS(WINAPI *RegCloseKey)(HKEY);
    DWORD(WINAPI *GetTickCount)(void);
    VOID(WINAPI *Sleep)(DWORD);
};
extern struct installation_calls installation_calls;

enum {
    INSTALLATION_STOP_LIMIT = 30000, /* ms that the service has to stop, before it is removed */
    INSTALLATION_SHUTDOWN = 20000,   /* ms that it has at a shutdown, before others are ended */
    INSTALLATION_OBJECT_MAX = 512,   /* units, terminator included */
    INSTALLATION_TEXT_MAX = 2048
};

/* What went wrong: a call that failed, or a setting that is not allowed. */
struct installation_failure {
    const char *call;    /* that failed, or what was checked (a literal); null: a setting */
    const char *allowed; /* for that setting, in words; null: there is none of that name */
    wchar_t object[INSTALLATION_OBJECT_MAX]; /* the service, key or folder; or the setting's name */
    wchar_t value[INSTALLATION_OBJECT_MAX];  /* of the setting: what it was to be */
};

/* A setting as an administrator writes it: the name of settings.h, letters folded, and the value in
 * the form that settings_set takes. */
struct installation_setting {
    const wchar_t *name, *value;
};

/* Installs the program at exe_path, a full path without quotes, and writes the settings, in the
 * registry type of each. When the service is there already, everything is brought up to date
 * instead, but for what is the administrator's to choose: its account, how it starts, and settings
 * that are not among these. ERROR_SUCCESS, or the error of what *failure describes: a setting that
 * is not allowed (ERROR_INVALID_PARAMETER) is found before anything is changed; otherwise all that
 * this call has made or changed is put back as it was. */
DWORD installation_install(const wchar_t *exe_path, const struct installation_setting *settings,
                           size_t count, struct installation_failure *failure);

/* What Windows is told to do when the service fails; what it points to holds as long. */
const SERVICE_FAILURE_ACTIONSW *installation_recovery(void);

/* Notes which call failed for what, for callers with steps of their own. Returns error. */
DWORD installation_fail(struct installation_failure *failure, const char *call,
                        const wchar_t *object, DWORD error);

/* A failure as one sentence without a full stop, fit to be shown; terminated. error: what the call
 * of this header returned. */
void installation_describe(const struct installation_failure *failure, DWORD error,
                           char16_t text[INSTALLATION_TEXT_MAX]);

/* Stops the service, if it is there and runs. ERROR_TIMEOUT: it did not stop in time. */
DWORD installation_stop_service(struct installation_failure *failure);

/* Stops the service if it runs, and removes it. *found (untouched on failure): whether it was
 * there; that it is not is fine. Not while it does not stop in time (ERROR_TIMEOUT). */
DWORD installation_remove_service(bool *found, struct installation_failure *failure);

/* Removes the event source, the number of the boot (boot.h), Parameters with all below, and what is
 * remembered of logging (logging_memory.h) and hardening (hardening_memory.h). What is
 * missing already is fine. Only once the service is removed: it needs them. */
DWORD installation_remove_keys(struct installation_failure *failure);

#endif
