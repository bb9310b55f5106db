/* service_view.h: what the service manager tells of a service, and what this process may do to it:
 * only looked at, never changed.
 *
 * A right is tested by opening the service with it: access is checked then, and nothing is done
 * with it. Sources: learn.microsoft.com nf-winsvc-openservicew, nf-winsvc-queryserviceconfigw and
 * -queryserviceconfig2w (neither needs more than 8 KB), nf-winsvc-enumdependentservicesw.
 *
 * Functions return ERROR_SUCCESS, or the error of the call whose name goes to *failed_call (a
 * literal); outputs are untouched then. ERROR_SERVICE_DOES_NOT_EXIST: there is no such service.
 */
#ifndef RELAYLOCK_WINDOWS_SERVICE_VIEW_H
#define RELAYLOCK_WINDOWS_SERVICE_VIEW_H

#include <windows.h>
#include <stdbool.h>

/* The OS calls; tests put others here. */
struct service_view_calls {
    SC_HANDLE(WINAPI *OpenSCManagerW)(LPCWSTR, LPCWSTR, DWORD);
    SC_HANDLE(WINAPI *OpenServiceW)(SC_HANDLE, LPCWSTR, DWORD);
    BOOL(WINAPI *QueryServiceStatus)(SC_HANDLE, LPSERVICE_STATUS);
    BOOL(WINAPI *QueryServiceConfigW)(SC_HANDLE, LPQUERY_SERVICE_CONFIGW, DWORD, LPDWORD);
    BOOL(WINAPI *QueryServiceConfig2W)(SC_HANDLE, DWORD, LPBYTE, DWORD, LPDWORD);
    BOOL(WINAPI *EnumDependentServicesW)
    (SC_HANDLE, DWORD, LPENUM_SERVICE_STATUSW, DWORD, LPDWORD, LPDWORD);
    BOOL(WINAPI *CloseServiceHandle)(SC_HANDLE);
};
extern struct service_view_calls service_view_calls;

/* Whether that is what ChangeServiceConfig2 and QueryServiceConfig2 say of a level that this
 * Windows does not know. */
bool service_view_is_unknown_level(DWORD error);

enum {
    SERVICE_VIEW_NAME_MAX = 257,     /* units, terminator included */
    SERVICE_VIEW_COMMAND_MAX = 1024, /* the same; a longer one is cut */
    SERVICE_VIEW_DEPENDENTS_MAX = 64,
    SERVICE_VIEW_ACTIONS_MAX = 8
};

struct service_view {
    DWORD state;      /* SERVICE_RUNNING ... */
    DWORD start_type; /* SERVICE_AUTO_START ... */
    DWORD rights; /* the error of opening it with the rights asked for; ERROR_SUCCESS: granted */
    wchar_t command[SERVICE_VIEW_COMMAND_MAX];
    wchar_t account[SERVICE_VIEW_NAME_MAX]; /* it runs as; "" when not told */
};

/* rights: SERVICE_STOP | SERVICE_START ..., to be tested; 0: none. */
DWORD service_view_look(const wchar_t *name, DWORD rights, struct service_view *view,
                        const char **failed_call);

struct service_dependents {
    DWORD count;
    wchar_t names[SERVICE_VIEW_DEPENDENTS_MAX][SERVICE_VIEW_NAME_MAX];
};

/* Those that run, directly or by way of others, in the order in which they are to be stopped.
 * ERROR_MORE_DATA: more than SERVICE_VIEW_DEPENDENTS_MAX. */
DWORD service_view_dependents(const wchar_t *name, struct service_dependents *dependents,
                              const char **failed_call);

struct service_recovery {
    DWORD reset_period; /* s */
    DWORD count;        /* of actions; more than fit are counted, too */
    SC_ACTION actions[SERVICE_VIEW_ACTIONS_MAX];
    bool on_failure_known; /* Windows Vista and later */
    bool on_failure;       /* also when it ends with an error, not only when it crashes */
};

DWORD service_view_recovery(const wchar_t *name, struct service_recovery *recovery,
                            const char **failed_call);

#endif
