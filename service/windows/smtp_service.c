/* smtp_service.c: see smtp_service.h. */
#include "smtp_service.h"
#include <string.h>

struct smtp_service_calls smtp_service_calls = {
    .OpenSCManagerW = OpenSCManagerW,
    .OpenServiceW = OpenServiceW,
    .QueryServiceStatus = QueryServiceStatus,
    .ControlService = ControlService,
    .StartServiceW = StartServiceW,
    .EnumDependentServicesW = EnumDependentServicesW,
    .CloseServiceHandle = CloseServiceHandle,
    .GetTickCount = GetTickCount,
    .WaitForSingleObject = WaitForSingleObject,
    .Sleep = Sleep,
};

enum {
    STOP_ROUNDS_MAX = 5,     /* dependents that were started while we stopped the others */
    QUERY_FAILURES_MAX = 20, /* in a row: then we go on without knowing the state */
    POLL_LEAST = 100,        /* ms */
    ENUM_BYTES_MAX = 65536   /* EnumDependentServices takes no larger buffer */
};

struct dependent {
    SC_HANDLE handle; /* with the right to start it */
    wchar_t name[257];
};

struct restart {
    const struct smtp_options *options;
    struct smtp_outcome *outcome;
    SC_HANDLE manager, service;
    struct dependent dependents[SMTP_DEPENDENTS_MAX]; /* those we told to stop, in that order */
    size_t dependent_count;
    DWORD ordered; /* tick at which the service was told to stop */
    bool abandoned;
    bool timeout_told;
    bool by_others; /* the service was stopped, or is being, without us */
};

/* What became of the order to stop. */
enum order {
    ORDER_TAKEN,
    ORDER_GONE,       /* it had stopped without us */
    ORDER_STOPPING,   /* somebody else is stopping it */
    ORDER_BUSY,       /* somebody else is starting, pausing or continuing it */
    ORDER_DEPENDENTS, /* a dependent runs */
    ORDER_REFUSED
};

/* A call that fails without saying why must not pass for one that did not fail. */
static DWORD last_error(void)
{
    DWORD error = GetLastError();

    return error != ERROR_SUCCESS ? error : ERROR_GEN_FAILURE;
}

static void step(struct restart *restart, enum smtp_step what)
{
    if (restart->options->step)
        restart->options->step(restart->options->context, what, restart->outcome);
}

static bool note(struct restart *restart, const char *call, const wchar_t *name, DWORD error)
{
    restart->outcome->call = call;
    restart->outcome->error = error;
    lstrcpynW(restart->outcome->name, name, ARRAYSIZE(restart->outcome->name));
    return false;
}

/* An event that is signalled, or cannot be waited for, ends a wait at once and would turn a loop
 * into a busy one: Sleep then does the waiting. */
static void pause_for(struct restart *restart, DWORD ms)
{
    if (!restart->abandoned && restart->options->abandon) {
        DWORD waited = smtp_service_calls.WaitForSingleObject(restart->options->abandon, ms);
        if (waited == WAIT_OBJECT_0)
            restart->abandoned = true;
        if (waited == WAIT_OBJECT_0 || waited == WAIT_TIMEOUT)
            return;
    }
    smtp_service_calls.Sleep(ms);
}

static bool is_abandoned(struct restart *restart)
{
    if (restart->options->abandon &&
        smtp_service_calls.WaitForSingleObject(restart->options->abandon, 0) == WAIT_OBJECT_0)
        restart->abandoned = true;
    return restart->abandoned;
}

/* A tenth of the wait hint, from 1 to 10 s, as Microsoft's sample has it; but more often at first,
 * since every moment that SMTP is down counts and most services stop at once. */
static DWORD poll_interval(DWORD hint, DWORD elapsed)
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

/* Waits until a service that was told to stop at the tick `since` has done so, or somebody has
 * started it again since. stopping: it is known to have begun. False when that is given up. */
static bool wait_stopped(struct restart *restart, SC_HANDLE service, const wchar_t *name,
                         DWORD since, bool stopping)
{
    unsigned failures = 0;

    for (;;) {
        SERVICE_STATUS status = {0};
        if (smtp_service_calls.QueryServiceStatus(service, &status)) {
            DWORD state = status.dwCurrentState;
            failures = 0;
            if (state == SERVICE_STOPPED || state == SERVICE_START_PENDING ||
                (stopping && state == SERVICE_RUNNING))
                return true;
            if (state == SERVICE_STOP_PENDING)
                stopping = true;
        } else if (++failures == QUERY_FAILURES_MAX) {
            return true; /* what comes next does no harm to a service that runs */
        }

        DWORD elapsed = smtp_service_calls.GetTickCount() - since;
        if (elapsed >= restart->options->stop_timeout) {
            if (!restart->timeout_told) {
                restart->timeout_told = true;
                note(restart, "ControlService", name, ERROR_SERVICE_REQUEST_TIMEOUT);
                step(restart, SMTP_STEP_STOP_TIMEOUT);
            }
            if (restart->abandoned || (!stopping && elapsed >= SMTP_ORDER_LOST))
                return note(restart, "ControlService", name, ERROR_SERVICE_REQUEST_TIMEOUT);
        }
        pause_for(restart, poll_interval(status.dwWaitHint, elapsed));
    }
}

/* Waits until a service that was started runs; ERROR_SUCCESS or why this try has failed. */
static DWORD wait_running(struct restart *restart, SC_HANDLE service, const char **call)
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
        DWORD limit = restart->abandoned ? SMTP_START_LIMIT_ON_STOP : SMTP_START_LIMIT;
        if (now - progress >= limit || (restart->abandoned && now - begin >= SMTP_START_LIMIT)) {
            *call = "StartService";
            return ERROR_SERVICE_REQUEST_TIMEOUT;
        }
        pause_for(restart, poll_interval(status.dwWaitHint, now - begin));
    }
}

static DWORD start_once(struct restart *restart, SC_HANDLE service, const char **call)
{
    if (!smtp_service_calls.StartServiceW(service, 0, NULL)) {
        DWORD error = last_error();
        if (error !=
            ERROR_SERVICE_ALREADY_RUNNING) { /* which is said of one that is pending, too */
            *call = "StartService";
            return error;
        }
    }
    return wait_running(restart, service, call);
}

/* Orders a service to stop. On errors the state tells whether the order was taken all the same. */
static enum order order_stop(SC_HANDLE service, DWORD *error)
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

static void close_service(struct restart *restart)
{
    if (restart->service)
        smtp_service_calls.CloseServiceHandle(restart->service);
    if (restart->manager)
        smtp_service_calls.CloseServiceHandle(restart->manager);
    restart->service = restart->manager = NULL;
}

static bool open_service(struct restart *restart, DWORD rights)
{
    const wchar_t *name = restart->options->service;

    restart->manager = smtp_service_calls.OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (!restart->manager)
        return note(restart, "OpenSCManager", name, last_error());
    restart->service = smtp_service_calls.OpenServiceW(restart->manager, name, rights);
    if (restart->service)
        return true;
    note(restart, "OpenService", name, last_error());
    close_service(restart);
    return false;
}

/* The entry to put a dependent into: the one it has, or a new one, opened. Null when it cannot. */
static struct dependent *find_dependent(struct restart *restart, const wchar_t *name)
{
    for (size_t i = 0; i < restart->dependent_count; i++)
        if (lstrcmpiW(restart->dependents[i].name, name) == 0)
            return &restart->dependents[i];
    if (restart->dependent_count == SMTP_DEPENDENTS_MAX) {
        note(restart, "EnumDependentServices", name, ERROR_MORE_DATA);
        return NULL;
    }
    struct dependent *next = &restart->dependents[restart->dependent_count];
    next->handle = smtp_service_calls.OpenServiceW(
        restart->manager, name, SERVICE_QUERY_STATUS | SERVICE_STOP | SERVICE_START);
    if (!next->handle) {
        note(restart, "OpenService", name, last_error());
        return NULL;
    }
    lstrcpynW(next->name, name, ARRAYSIZE(next->name));
    return next;
}

/* Stops one dependent and waits until it has. A dependent of its own that has just been started is
 * left to the next round (true). */
static bool stop_dependent(struct restart *restart, const wchar_t *name)
{
    struct dependent *dependent = find_dependent(restart, name);
    if (!dependent)
        return false;

    bool is_new = dependent == &restart->dependents[restart->dependent_count];
    DWORD since = smtp_service_calls.GetTickCount(), error = ERROR_SUCCESS;
    enum order order = order_stop(dependent->handle, &error);
    while (order == ORDER_STOPPING || order == ORDER_BUSY) {
        DWORD elapsed = smtp_service_calls.GetTickCount() - since;
        if (elapsed >= restart->options->stop_timeout || restart->abandoned)
            break;
        pause_for(restart, poll_interval(0, elapsed));
        order = order_stop(dependent->handle, &error);
    }
    if (order == ORDER_TAKEN) {
        if (is_new)
            restart->dependent_count++;
        return wait_stopped(restart, dependent->handle, name, since, false);
    }
    if (is_new)
        smtp_service_calls.CloseServiceHandle(dependent->handle);
    if (order == ORDER_GONE || order == ORDER_DEPENDENTS)
        return true;
    return note(restart, "ControlService", name, error);
}

static bool stop_dependents(struct restart *restart)
{
    union {
        ENUM_SERVICE_STATUSW entries[1];
        BYTE bytes[ENUM_BYTES_MAX];
    } buffer;
    DWORD needed = 0, count = 0;

    if (!smtp_service_calls.EnumDependentServicesW(restart->service, SERVICE_ACTIVE, buffer.entries,
                                                   sizeof(buffer), &needed, &count))
        return note(restart, "EnumDependentServices", restart->options->service, last_error());
    if (count > SMTP_DEPENDENTS_MAX)
        return note(restart, "EnumDependentServices", restart->options->service, ERROR_MORE_DATA);
    for (DWORD i = 0; i < count; i++)
        if (!stop_dependent(restart, buffer.entries[i].lpServiceName))
            return false;
    return true;
}

/* Stops the dependents and then tells the service to stop. True when it is stopping or stopped and
 * is ours to start again; false with *result otherwise. */
static bool stop_all(struct restart *restart, enum smtp_result *result)
{
    DWORD error = ERROR_SUCCESS;

    *result = SMTP_FAILED;
    for (unsigned round = 0; round < STOP_ROUNDS_MAX; round++) {
        if (!stop_dependents(restart))
            return false;
        if (restart->dependent_count == 0 && is_abandoned(restart))
            return note(restart, "smtp_restart", restart->options->service, ERROR_CANCELLED);
        restart->ordered = smtp_service_calls.GetTickCount();
        enum order order = order_stop(restart->service, &error);
        switch (order) {
        case ORDER_TAKEN:
            return true;
        case ORDER_GONE:
        case ORDER_STOPPING:
            *result = order == ORDER_GONE ? SMTP_NOT_RUNNING : SMTP_OPERATOR;
            restart->by_others = true;
            return restart->dependent_count != 0;
        case ORDER_BUSY:
            *result = SMTP_OPERATOR;
            return false;
        case ORDER_REFUSED:
            return note(restart, "ControlService", restart->options->service, error);
        case ORDER_DEPENDENTS:
            break;
        }
    }
    return note(restart, "ControlService", restart->options->service, error);
}

/* Starts the service, however often it takes. Each new try opens it anew: an open handle would keep
 * a service that was deleted from being installed again. */
static bool start_service(struct restart *restart)
{
    struct smtp_outcome *outcome = restart->outcome;
    DWORD pause = 1000;
    unsigned left = SMTP_START_TRIES_ON_STOP;

    step(restart, SMTP_STEP_STARTING);
    for (;;) {
        const char *call = NULL;
        DWORD error = outcome->error;
        outcome->start_tries++;
        if (restart->service || open_service(restart, SERVICE_QUERY_STATUS | SERVICE_START)) {
            error = start_once(restart, restart->service, &call);
            if (error == ERROR_SUCCESS)
                break;
            note(restart, call, restart->options->service, error);
        }
        close_service(restart);
        step(restart, SMTP_STEP_START_FAILED);
        if (restart->abandoned && --left == 0)
            return false;
        pause_for(restart, restart->abandoned ? 1000 : pause);
        pause = pause < SMTP_START_PAUSE_MAX / 2 ? pause * 2 : SMTP_START_PAUSE_MAX;
    }
    outcome->down = smtp_service_calls.GetTickCount() - restart->ordered;
    step(restart, SMTP_STEP_RUNNING);
    return true;
}

/* Starts again what we stopped. False when one of them cannot be started; the first is noted. */
static bool start_dependents(struct restart *restart)
{
    bool all = true;

    for (size_t i = restart->dependent_count; i-- > 0;) {
        struct dependent *dependent = &restart->dependents[i];
        const char *call = NULL;
        DWORD error = start_once(restart, dependent->handle, &call);
        for (DWORD tries = 1; error != ERROR_SUCCESS && tries < SMTP_DEPENDENT_TRIES; tries++) {
            pause_for(restart, 1000 * tries);
            error = start_once(restart, dependent->handle, &call);
        }
        if (error != ERROR_SUCCESS && all)
            all = note(restart, call, dependent->name, error);
    }
    return all;
}

/* From a service that runs to the result. */
static enum smtp_result restart_running(struct restart *restart)
{
    enum smtp_result result;

    step(restart, SMTP_STEP_STOPPING);
    if (!stop_all(restart, &result))
        return start_dependents(restart) ? result : SMTP_DEPENDENT_LEFT;
    if (!wait_stopped(restart, restart->service, restart->options->service, restart->ordered,
                      restart->by_others)) {
        struct smtp_outcome why = *restart->outcome;
        start_dependents(restart);
        *restart->outcome = why;
        return SMTP_STOP_TIMEOUT;
    }
    step(restart, SMTP_STEP_STOPPED);
    if (!start_service(restart))
        return SMTP_LEFT_STOPPED;
    return start_dependents(restart) ? SMTP_RESTARTED : SMTP_DEPENDENT_LEFT;
}

void smtp_restart(const struct smtp_options *options, struct smtp_outcome *outcome)
{
    struct restart restart = {.options = options, .outcome = outcome};
    SERVICE_STATUS status = {0};

    memset(outcome, 0, sizeof(*outcome));
    outcome->result = SMTP_FAILED;
    lstrcpynW(outcome->name, options->service, ARRAYSIZE(outcome->name));
    if (is_abandoned(&restart)) {
        note(&restart, "smtp_restart", options->service, ERROR_CANCELLED);
        return;
    }
    if (!open_service(&restart, SERVICE_QUERY_STATUS | SERVICE_ENUMERATE_DEPENDENTS | SERVICE_STOP |
                                    SERVICE_START))
        return;
    if (!smtp_service_calls.QueryServiceStatus(restart.service, &status))
        note(&restart, "QueryServiceStatus", options->service, last_error());
    else if (status.dwCurrentState == SERVICE_STOPPED)
        outcome->result = SMTP_NOT_RUNNING;
    else if (status.dwCurrentState != SERVICE_RUNNING)
        outcome->result = SMTP_OPERATOR;
    else
        outcome->result = restart_running(&restart);
    for (size_t i = 0; i < restart.dependent_count; i++)
        smtp_service_calls.CloseServiceHandle(restart.dependents[i].handle);
    close_service(&restart);
}
