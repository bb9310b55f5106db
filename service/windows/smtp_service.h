/* smtp_service.h: restarts the SMTP service so that open sessions end, and never leaves it stopped.
 *
 * Sources: learn.microsoft.com "Stopping a service", nf-winsvc-controlservice,
 * nf-winsvc-enumdependentservicesw, nf-winsvc-queryserviceconfigw; domain.md 3.
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
    BOOL(WINAPI *QueryServiceConfigW)(SC_HANDLE, LPQUERY_SERVICE_CONFIGW, DWORD, LPDWORD);
    BOOL(WINAPI *ControlService)(SC_HANDLE, DWORD, LPSERVICE_STATUS);
    BOOL(WINAPI *StartServiceW)(SC_HANDLE, DWORD, LPCWSTR *);
    BOOL(WINAPI *EnumDependentServicesW)
    (SC_HANDLE, DWORD, LPENUM_SERVICE_STATUSW, DWORD, LPDWORD, LPDWORD);
    BOOL(WINAPI *CloseServiceHandle)(SC_HANDLE);
    DWORD(WINAPI *GetTickCount)(void);
    DWORD(WINAPI *WaitForSingleObject)(HANDLE, DWORD);
    DWORD(WINAPI *WaitForMultipleObjects)(DWORD, const HANDLE *, BOOL, DWORD);
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
    SMTP_STOP_TIMEOUT,   /* it, or a dependent (see name), was told to and did not stop within the
                            limit; is running or stopping still */
    SMTP_DEPENDENT_LEFT, /* runs again, but a dependent does not: see name */
    SMTP_LEFT_STOPPED,   /* could not be started before abandon was signalled */
    SMTP_UNTOUCHED,      /* the service was never down; of smtp_restart only if a dependent that was
                            stopped could not be brought back: see name */
    SMTP_FAILED          /* nothing was changed, or all is as it was again: see call and error */
};

struct smtp_outcome {
    enum smtp_result result;
    DWORD down; /* ms from the order to stop (of smtp_resume: its call) to its running again */
    DWORD start_tries; /* of the service and the vital dependent */
    const char *call;  /* that failed last: a literal; null if none */
    DWORD error;
    wchar_t name[257]; /* the service that call was for */
    bool seen_stopped; /* of smtp_restart, from SMTP_STEP_STOPPED on: the service was, just before;
                          otherwise it may run again already, or its state cannot be asked for */
};

/* All that a restart stops; to be kept, so that another process can finish it. */
struct smtp_stop_list {
    wchar_t service[257];
    wchar_t dependents[SMTP_DEPENDENTS_MAX][257]; /* in the order in which they are stopped */
    size_t dependent_count;
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
    /* Told before anything of the list is stopped, and again when it grew; may be null. False:
     * nothing (more) is stopped, what was is brought back, and the restart ends as SMTP_FAILED
     * with ERROR_CANCELLED, call "recording the intent". The list is lent for the call. */
    bool (*intend)(void *context, const struct smtp_stop_list *list);
    /* Something else that does not wait for a service, done a piece at a time before and within
     * each wait, when it begins and each time that wake (auto-reset) is signalled; not any more
     * once abandon is. True: there may be more. It makes a wait longer by the last piece at most.
     * Null, or all of turn, wake and abandon given. */
    bool (*turn)(void *context);
    HANDLE wake;
    void *context; /* of all three */
    /* A dependent that must not be left stopped either, and is started as often as it takes: SMTP
     * itself when the service is IISADMIN. SMTP_DEPENDENT_LEFT with its name: abandoned, and to be
     * resumed. May be null. */
    const wchar_t *vital;
    /* What an earlier restart had told it would stop and did not bring back all of; of
     * smtp_restart, may be null. Those of it that are stopped are taken into the list, and started
     * with the dependents. */
    const struct smtp_stop_list *earlier;
};

/* Restarts the service: its active dependents are stopped in the order EnumDependentServices gives
 * them, then the service; started again in reverse. A dependent that was paused runs afterwards.
 * Blocks until the end: waiting for a stop beyond stop_timeout goes on (it is reported by the step,
 * and as the result only if it is abandoned or the order was lost), since a service that we told to
 * stop must be started once it has. Starting goes on until it runs or abandon is signalled.
 *
 * Once anything has been stopped by us, all is brought back as it was found, even if somebody else
 * stops the service meanwhile; before that, it is left to them. Nothing is stopped that we are not
 * allowed to start, nor while it, or an active dependent, is disabled and so could not be started
 * again: SMTP_FAILED with ERROR_SERVICE_DISABLED and its name, call "checking the start type". One
 * whose start type cannot be asked for, which takes a right of its own, counts as not disabled, as
 * nearly none is: the sessions are to end. *outcome is always written. */
void smtp_restart(const struct smtp_options *options, struct smtp_outcome *outcome);

/* Finishes a restart that another process began and did not end: list is what it had told it would
 * stop, seen_stopped whether it came to SMTP_STEP_STOPPED. options->service is not used.
 *
 * A service of the list that is stopping is waited for, one that is stopped is started: the service
 * first, as often as it takes (as in smtp_restart), then the dependents, in reverse. What runs or
 * is paused stays as it is. SMTP_STEP_STOPPED is told unless it was seen before.
 *
 * The service was down, now or when it was seen so: SMTP_RESTARTED, or SMTP_DEPENDENT_LEFT.
 * SMTP_STOP_TIMEOUT, SMTP_LEFT_STOPPED: abandoned; to be resumed once more. SMTP_FAILED: there is
 * no such service any more. It was never down: SMTP_UNTOUCHED; sessions may be open still, and the
 * restart has to be made. A dependent that could not be started is told then by call, error, name.
 * As an order to stop may be on its way even so, the list must be kept until that restart tells its
 * own; should it end as SMTP_OPERATOR or SMTP_NOT_RUNNING, it was that order that came: to be
 * resumed once more. *outcome is always written. */
void smtp_resume(const struct smtp_options *options, const struct smtp_stop_list *list,
                 bool seen_stopped, struct smtp_outcome *outcome);

#endif
