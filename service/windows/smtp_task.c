/* smtp_task.c: see smtp_task.h. */
#include "../core/text.h"
#include "last_error.h"
#include "smtp_task.h"
#include <string.h>

static void tell_late(void *context, const wchar_t *name)
{
    struct smtp_task *task = context;

    smtp_task_note(task, "ControlService", name, ERROR_SERVICE_REQUEST_TIMEOUT);
    smtp_task_step(task, SMTP_STEP_STOP_TIMEOUT);
}

static bool take_turn(void *context)
{
    const struct smtp_options *options = ((struct smtp_task *)context)->options;

    return options->turn(options->context);
}

void smtp_task_begin(struct smtp_task *task, const struct smtp_options *options,
                     const wchar_t *service, struct smtp_outcome *outcome)
{
    memset(task, 0, sizeof(*task));
    task->options = options;
    task->outcome = outcome;
    task->change = (struct service_change){.abandon = options->abandon,
                                           .stop_timeout = options->stop_timeout,
                                           .late = tell_late,
                                           .turn = options->turn ? take_turn : NULL,
                                           .wake = options->wake,
                                           .context = task};
    text_copy(task->list.service, ARRAYSIZE(task->list.service), text_of(service));
    memset(outcome, 0, sizeof(*outcome));
    outcome->result = SMTP_FAILED;
    text_copy(outcome->name, ARRAYSIZE(outcome->name), text_of(service));
}

static void close_handle(SC_HANDLE *handle)
{
    if (*handle)
        smtp_service_calls.CloseServiceHandle(*handle);
    *handle = NULL;
}

void smtp_task_end(struct smtp_task *task)
{
    for (size_t i = 0; i < task->list.dependent_count; i++)
        close_handle(&task->dependents[i]);
    close_handle(&task->service);
    close_handle(&task->manager);
}

void smtp_task_step(struct smtp_task *task, enum smtp_step step)
{
    if (task->options->step)
        task->options->step(task->options->context, step, task->outcome);
}

bool smtp_task_note(struct smtp_task *task, const char *call, const wchar_t *name, DWORD error)
{
    task->outcome->call = call;
    task->outcome->error = error;
    text_copy(task->outcome->name, ARRAYSIZE(task->outcome->name), text_of(name));
    return false;
}

static DWORD open_service(struct smtp_task *task, const wchar_t *name, DWORD rights,
                          SC_HANDLE *service, const char **call)
{
    *call = "OpenSCManager";
    if (!task->manager)
        task->manager = smtp_service_calls.OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (!task->manager)
        return last_error();
    *call = "OpenService";
    *service = smtp_service_calls.OpenServiceW(task->manager, name, rights);
    return *service ? ERROR_SUCCESS : last_error();
}

bool smtp_task_open(struct smtp_task *task, const wchar_t *name, DWORD rights, SC_HANDLE *service)
{
    const char *call;
    DWORD error = open_service(task, name, rights, service, &call);

    return error == ERROR_SUCCESS || smtp_task_note(task, call, name, error);
}

bool smtp_task_wait_stopped(struct smtp_task *task, SC_HANDLE service, const wchar_t *name,
                            DWORD since, bool stopping)
{
    return service_change_wait_stopped(&task->change, service, name, since, stopping) ||
           smtp_task_note(task, "ControlService", name, ERROR_SERVICE_REQUEST_TIMEOUT);
}

/* One try. After a failure the next one opens all anew: an open handle would keep a service that
 * was deleted from being installed again. */
static DWORD try_to_start(struct smtp_task *task, const wchar_t *name, SC_HANDLE *service,
                          const char **call)
{
    DWORD error = ERROR_SUCCESS;

    if (!*service)
        error = open_service(task, name, SERVICE_QUERY_STATUS | SERVICE_START, service, call);
    if (error == ERROR_SUCCESS)
        error = service_change_start(&task->change, *service, call);
    if (error != ERROR_SUCCESS) {
        close_handle(service);
        close_handle(&task->manager);
    }
    return error;
}

/* As often as it takes. */
static bool start_vital(struct smtp_task *task, const wchar_t *name, SC_HANDLE *service)
{
    DWORD pause = 1000, error;
    unsigned left = SMTP_START_TRIES_ON_STOP;
    const char *call;

    for (;;) {
        task->outcome->start_tries++;
        error = try_to_start(task, name, service, &call);
        if (error == ERROR_SUCCESS)
            return true;
        smtp_task_note(task, call, name, error);
        smtp_task_step(task, SMTP_STEP_START_FAILED);
        if (task->change.abandoned && --left == 0)
            return false;
        service_change_pause(&task->change, task->change.abandoned ? 1000 : pause);
        pause = pause < SMTP_START_PAUSE_MAX / 2 ? pause * 2 : SMTP_START_PAUSE_MAX;
    }
}

bool smtp_task_start(struct smtp_task *task)
{
    smtp_task_step(task, SMTP_STEP_STARTING);
    if (!start_vital(task, task->list.service, &task->service))
        return false;
    task->outcome->down = smtp_service_calls.GetTickCount() - task->down_since;
    smtp_task_step(task, SMTP_STEP_RUNNING);
    return true;
}

static bool is_vital(const struct smtp_task *task, const wchar_t *name)
{
    return task->options->vital && lstrcmpiW(name, task->options->vital) == 0;
}

static DWORD start_dependent(struct smtp_task *task, size_t index, const char **call)
{
    const wchar_t *name = task->list.dependents[index];
    SC_HANDLE *dependent = &task->dependents[index];

    if (is_vital(task, name)) {
        bool runs = start_vital(task, name, dependent);
        *call = task->outcome->call;
        return runs ? ERROR_SUCCESS : task->outcome->error;
    }
    for (DWORD tries = 1;; tries++) {
        DWORD error = try_to_start(task, name, dependent, call);
        if (error == ERROR_SUCCESS || tries == SMTP_DEPENDENT_TRIES)
            return error;
        service_change_pause(&task->change, 1000 * tries);
    }
}

bool smtp_task_start_dependents(struct smtp_task *task)
{
    const wchar_t *failed = NULL;
    const char *failed_call = NULL;
    DWORD failed_error = ERROR_SUCCESS;

    for (size_t i = task->list.dependent_count; i-- > 0;) {
        const char *call = NULL;
        DWORD error = task->to_start[i] ? start_dependent(task, i, &call) : ERROR_SUCCESS;
        if (error != ERROR_SUCCESS && !failed) {
            failed = task->list.dependents[i];
            failed_call = call;
            failed_error = error;
        }
    }
    return !failed || smtp_task_note(task, failed_call, failed, failed_error);
}
