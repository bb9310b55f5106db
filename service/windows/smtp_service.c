/* smtp_service.c: see smtp_service.h. */
#include "last_error.h"
#include "smtp_service.h"
#include "service_change.h"
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
    STOP_ROUNDS_MAX = 5,   /* dependents that were started while we stopped the others */
    ENUM_BYTES_MAX = 65536 /* EnumDependentServices takes no larger buffer */
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
    struct service_change change;
    bool by_others; /* the service was stopped, or is being, without us */
};

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

static void tell_late(void *context, const wchar_t *name)
{
    struct restart *restart = context;

    note(restart, "ControlService", name, ERROR_SERVICE_REQUEST_TIMEOUT);
    step(restart, SMTP_STEP_STOP_TIMEOUT);
}

static bool wait_stopped(struct restart *restart, SC_HANDLE service, const wchar_t *name,
                         DWORD since, bool stopping)
{
    return service_change_wait_stopped(&restart->change, service, name, since, stopping) ||
           note(restart, "ControlService", name, ERROR_SERVICE_REQUEST_TIMEOUT);
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
    enum service_order order = service_change_stop(dependent->handle, &error);
    while (order == ORDER_STOPPING || order == ORDER_BUSY) {
        DWORD elapsed = smtp_service_calls.GetTickCount() - since;
        if (elapsed >= restart->options->stop_timeout || restart->change.abandoned)
            break;
        service_change_pause(&restart->change, service_change_interval(0, elapsed));
        order = service_change_stop(dependent->handle, &error);
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
        if (restart->dependent_count == 0 && service_change_is_abandoned(&restart->change))
            return note(restart, "smtp_restart", restart->options->service, ERROR_CANCELLED);
        restart->ordered = smtp_service_calls.GetTickCount();
        enum service_order order = service_change_stop(restart->service, &error);
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
            error = service_change_start(&restart->change, restart->service, &call);
            if (error == ERROR_SUCCESS)
                break;
            note(restart, call, restart->options->service, error);
        }
        close_service(restart);
        step(restart, SMTP_STEP_START_FAILED);
        if (restart->change.abandoned && --left == 0)
            return false;
        service_change_pause(&restart->change, restart->change.abandoned ? 1000 : pause);
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
        DWORD error = service_change_start(&restart->change, dependent->handle, &call);
        for (DWORD tries = 1; error != ERROR_SUCCESS && tries < SMTP_DEPENDENT_TRIES; tries++) {
            service_change_pause(&restart->change, 1000 * tries);
            error = service_change_start(&restart->change, dependent->handle, &call);
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
    struct restart restart = {.options = options,
                              .outcome = outcome,
                              .change = {.abandon = options->abandon,
                                         .stop_timeout = options->stop_timeout,
                                         .late = tell_late,
                                         .context = &restart}};
    SERVICE_STATUS status = {0};

    memset(outcome, 0, sizeof(*outcome));
    outcome->result = SMTP_FAILED;
    lstrcpynW(outcome->name, options->service, ARRAYSIZE(outcome->name));
    if (service_change_is_abandoned(&restart.change)) {
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
