/* smtp_service.h: restarts the SMTP service so that open sessions end, and never leaves it stopped.
 *
 * Sources: learn.microsoft.com "Stopping a service", nf-winsvc-controlservice,
 * nf-winsvc-enumdependentservicesw; domain.md 3.
 */
#ifndef RELAYLOCK_WINDOWS_SMTP_SERVICE_H
#define RELAYLOCK_WINDOWS_SMTP_SERVICE_H

#include <windows.h>
#include <stdbool.h>

/* The OS calls; tests put others here. */
struct smtp_service_calls {
    SC_HANDLE(WINAPI *OpenSCManagerW)(LPCWSTR, LPCWSTR, DWORD);
    SC_HANDLE(WINAPI *OpenServiceW)(SC_HANDLE, LPCWSTR, DWORD);
    BOOL(WINAPI *QueryServiceStatus)(SC_HANDLE, LPSERVICE_STATUS);
    BOOL(WINAPI *ControlService)(SC_HANDLE, DWORD, LPSERVICE_STATUS);
    BOOL(WINAPI *StartServiceW)(SC_HANDLE, DWORD, LPCWSTR *);
    BOOL(WINAPI *EnumDependentServicesW)
    (SC_HANDLE, DWORD, LPENUM_SERVICE_STATUSW, DWORD, LPDWORD, LPDWORD);
    BOOL(WINAPI *CloseServiceHandle)(SC_HANDLE);
    DWORD(WINAPI *GetTickCount)(void);
    DWORD(WINAPI *WaitForSingleObject)(HANDLE, DWORD);
    VOID(WINAPI *Sleep)(DWORD); /* waits once abandon is signalled and can't be waited for */
};
extern struct smtp_service_calls smtp_service_calls;

enum {
    SMTP_DEPENDENTS_MAX = 32,
    SMTP_START_PAUSE_MAX = 60000, /* ms; the pauses between tries to start grow from 1 s to this */
    SMTP_START_TRIES_ON_STOP = 5, /* tries left once abandon is signalled, 1 s apart */
    SMTP_START_LIMIT = 120000,    /* ms without a new checkpoint: this try to start has failed */
    SMTP_START_LIMIT_ON_STOP = 10000,
    SMTP_DEPENDENT_TRIES = 3,    /* to start a dependent again */
    SMTP_ORDER_LOST = 15 * 60000 /* ms after which a service that took the order to stop and never
                                    began to is taken not to have received it */
};

enum smtp_result {
    SMTP_RESTARTED,      /* stopped and running again, its dependents too */
    SMTP_NOT_RUNNING,    /* was stopped before: left so */
    SMTP_OPERATOR,       /* somebody else stops, starts or has paused it: left alone */
    SMTP_STOP_TIMEOUT,   /* did not stop within the limit; is running or stopping still */
    SMTP_DEPENDENT_LEFT, /* runs again, but a dependent does not: see name */
    SMTP_LEFT_STOPPED,   /* could not be started before abandon was signalled */
    SMTP_FAILED          /* nothing was changed, or all is as it was again: see call and error */
};

struct smtp_outcome {
    enum smtp_result result;
    DWORD down; /* ms from its stop (or the order to stop) to its running again */
    DWORD start_tries;
    const char *call; /* that failed last: a literal; null if none */
    DWORD error;
    wchar_t name[257]; /* the service that call was for */
};

/* Told while the restart is under way, on the calling thread. May be null in the options. */
enum smtp_step {
    SMTP_STEP_STOPPING,
    SMTP_STEP_STOPPED,
    SMTP_STEP_STARTING,
    SMTP_STEP_START_FAILED,
    SMTP_STEP_STOP_TIMEOUT,
    SMTP_STEP_RUNNING
};

struct smtp_options {
    const wchar_t *service;
    DWORD stop_timeout; /* ms */
    HANDLE abandon;     /* signalled: the service is asked to stop; a restart not yet begun is not
                           begun (SMTP_FAILED, ERROR_CANCELLED), one begun is finished first */
    void (*step)(void *context, enum smtp_step step, const struct smtp_outcome *so_far);
    void *context;
};

/* Restarts the service: its active dependents are stopped in the order EnumDependentServices gives
 * them, then the service; started again in reverse. A dependent that was paused runs afterwards.
 * Blocks until the end: waiting for a stop beyond stop_timeout goes on (it is reported by the step,
 * and as the result only if it is abandoned or the order was lost), since a service that we told to
 * stop must be started once it has. Starting goes on until it runs or abandon is signalled.
 *
 * Once anything has been stopped by us, all is brought back as it was found, even if somebody else
 * stops the service meanwhile; before that, it is left to them. Nothing is stopped that we are not
 * allowed to start. *outcome is always written. */
void smtp_restart(const struct smtp_options *options, struct smtp_outcome *outcome);

#endif
