/* service_change.c: see service_change.h. */
#include "last_error.h"
#include "service_change.h"
#include "smtp_service.h"

enum {
    QUERY_FAILURES_MAX = 20, /* in a row: then we go on without knowing the state */
    POLL_LEAST = 100         /* ms */
};

/* Waits for ms, until it is woken (true), or until abandon is signalled. */
static bool wait_for_wake(struct service_change *change, DWORD ms)
{
    const HANDLE handles[] = {change->abandon, change->wake};
    DWORD waited = smtp_service_calls.WaitForMultipleObjects(2, handles, FALSE, ms);

    if (waited == WAIT_OBJECT_0)
        change->abandoned = true;
    else if (waited == WAIT_FAILED)
        smtp_service_calls.Sleep(ms);
    return waited == WAIT_OBJECT_0 + 1;
}

static void pause_in_turns(struct service_change *change, DWORD ms)
{
    DWORD begun = smtp_service_calls.GetTickCount(), passed = 0;
    bool more = true;

    while (more && passed < ms && !service_change_is_abandoned(change)) {
        more = change->turn(change->context);
        passed = smtp_service_calls.GetTickCount() - begun;
        if (!more && passed < ms)
            more = wait_for_wake(change, ms - passed);
    }
}

/* An event that is signalled, or cannot be waited for, ends a wait at once and would turn a loop
 * into a busy one: Sleep then does the waiting. */
void service_change_pause(struct service_change *change, DWORD ms)
{
    if (!change->abandoned && change->turn) {
        pause_in_turns(change, ms);
        return;
    }
    if (!change->abandoned && change->abandon) {
        DWORD waited = smtp_service_calls.WaitForSingleObject(change->abandon, ms);
        if (waited == WAIT_OBJECT_0)
            change->abandoned = true;
        if (waited == WAIT_OBJECT_0 || waited == WAIT_TIMEOUT)
            return;
    }
    smtp_service_calls.Sleep(ms);
}

bool service_change_is_abandoned(struct service_change *change)
{
    if (change->abandon &&
        smtp_service_calls.WaitForSingleObject(change->abandon, 0) == WAIT_OBJECT_0)
        change->abandoned = true;
    return change->abandoned;
}

DWORD service_change_interval(DWORD hint, DWORD elapsed)
{
    DWORD interval = hint / 10;

    if (interval < 1000)
        interval = 1000;
    if (interval > 10000)
        interval = 10000;
    if (interval > elapsed / 16)
        interval = elapsed / 16;
    return interval < POLL_LEAST ? POLL_LEAST : interval;
}

bool service_change_wait_stopped(struct service_change *change, SC_HANDLE service,
                                 const wchar_t *name, DWORD since, bool stopping)
{
    unsigned failures = 0;

    for (;;) {
        SERVICE_STATUS status = {0};
        change->seen_stopped = false;
        if (smtp_service_calls.QueryServiceStatus(service, &status)) {
            DWORD state = status.dwCurrentState;
            failures = 0;
            change->seen_stopped = state == SERVICE_STOPPED;
            if (state == SERVICE_STOPPED || state == SERVICE_START_PENDING ||
                (stopping && state == SERVICE_RUNNING))
                return true;
            if (state == SERVICE_STOP_PENDING)
                stopping = true;
        } else if (++failures == QUERY_FAILURES_MAX) {
            return true;
        }

        DWORD elapsed = smtp_service_calls.GetTickCount() - since;
        if (elapsed >= change->stop_timeout) {
            if (!change->late_told) {
                change->late_told = true;
                change->late(change->context, name);
            }
            if (change->abandoned || (!stopping && elapsed >= SMTP_ORDER_LOST))
                return false;
        }
        service_change_pause(change, service_change_interval(status.dwWaitHint, elapsed));
    }
}

/* Waits until a service that was started runs; ERROR_SUCCESS or why this try has failed. */
static DWORD wait_running(struct service_change *change, SC_HANDLE service, const char **call)
{
    DWORD begin = smtp_service_calls.GetTickCount(), progress = begin, checkpoint = 0;
    unsigned failures = 0;

    for (;;) {
        SERVICE_STATUS status = {0};
        if (smtp_service_calls.QueryServiceStatus(service, &status)) {
            failures = 0;
            switch (status.dwCurrentState) {
            case SERVICE_RUNNING:
            case SERVICE_PAUSED:
                return ERROR_SUCCESS;
            case SERVICE_STOPPED:
                *call = "StartService";
                return status.dwWin32ExitCode != NO_ERROR ? status.dwWin32ExitCode
                                                          : ERROR_PROCESS_ABORTED;
            }
        } else if (++failures == QUERY_FAILURES_MAX) {
            *call = "QueryServiceStatus";
            return last_error();
        }

        DWORD now = smtp_service_calls.GetTickCount();
        if (status.dwCheckPoint > checkpoint) {
            checkpoint = status.dwCheckPoint;
            progress = now;
        }
        DWORD limit = change->abandoned ? SMTP_START_LIMIT_ON_STOP : SMTP_START_LIMIT;
        if (now - progress >= limit || (change->abandoned && now - begin >= SMTP_START_LIMIT)) {
            *call = "StartService";
            return ERROR_SERVICE_REQUEST_TIMEOUT;
        }
        service_change_pause(change, service_change_interval(status.dwWaitHint, now - begin));
    }
}

DWORD service_change_start(struct service_change *change, SC_HANDLE service, const char **call)
{
    if (!smtp_service_calls.StartServiceW(service, 0, NULL)) {
        DWORD error = last_error();
        /* that it is running already is said of one that is pending, too */
        if (error != ERROR_SERVICE_ALREADY_RUNNING) {
            *call = "StartService";
            return error;
        }
    }
    return wait_running(change, service, call);
}

enum service_order service_change_stop(SC_HANDLE service, DWORD *error)
{
    SERVICE_STATUS status = {0};

    if (smtp_service_calls.ControlService(service, SERVICE_CONTROL_STOP, &status))
        return ORDER_TAKEN;
    *error = last_error();
    switch (*error) {
    case ERROR_DEPENDENT_SERVICES_RUNNING:
        return ORDER_DEPENDENTS;
    case ERROR_SERVICE_NOT_ACTIVE:
        return ORDER_GONE;
    case ERROR_SERVICE_REQUEST_TIMEOUT: /* its handler is slow; it goes on stopping */
        return ORDER_TAKEN;
    case ERROR_ACCESS_DENIED:
    case ERROR_INVALID_HANDLE:
    case ERROR_INVALID_SERVICE_CONTROL: /* it cannot be stopped at all */
        return ORDER_REFUSED;
    }
    if (!smtp_service_calls.QueryServiceStatus(service, &status))
        return ORDER_TAKEN; /* nothing is known: whoever waits for it sees that it runs */
    switch (status.dwCurrentState) {
    case SERVICE_STOPPED:
        return *error == ERROR_SERVICE_CANNOT_ACCEPT_CTRL ? ORDER_GONE : ORDER_TAKEN;
    case SERVICE_STOP_PENDING:
        return *error == ERROR_SERVICE_CANNOT_ACCEPT_CTRL ? ORDER_STOPPING : ORDER_TAKEN;
    case SERVICE_START_PENDING:
    case SERVICE_PAUSE_PENDING:
    case SERVICE_CONTINUE_PENDING:
        return ORDER_BUSY;
    default:
        return ORDER_REFUSED;
    }
}
