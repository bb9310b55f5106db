/* smtp_resume.c: see smtp_service.h. */
#include "last_error.h"
#include "smtp_task.h"

/* Opens a service to start it, and asks for its state: 0 when it cannot be told, noted. */
static DWORD open_state(struct smtp_task *task, const wchar_t *name, SC_HANDLE *service)
{
    SERVICE_STATUS status = {0};

    if (!smtp_task_open(task, name, SERVICE_QUERY_STATUS | SERVICE_START, service))
        return 0;
    if (!smtp_service_calls.QueryServiceStatus(*service, &status))
        smtp_task_note(task, "QueryServiceStatus", name, last_error());
    return status.dwCurrentState;
}

/* Whether a service is up, so that it need not be started. Of one whose state is not known it is
 * not known either; to start it does no harm. */
static bool is_up(DWORD state)
{
    return state == SERVICE_RUNNING || state == SERVICE_PAUSED || state == SERVICE_PAUSE_PENDING ||
           state == SERVICE_CONTINUE_PENDING;
}

static bool wait_while_stopping(struct smtp_task *task, const wchar_t *name, SC_HANDLE service,
                                DWORD state)
{
    return state != SERVICE_STOP_PENDING ||
           smtp_task_wait_stopped(task, service, name, smtp_service_calls.GetTickCount(), true);
}

static bool resume_dependents(struct smtp_task *task)
{
    for (size_t i = 0; i < task->list.dependent_count; i++) {
        const wchar_t *name = task->list.dependents[i];
        DWORD state = open_state(task, name, &task->dependents[i]);
        if (!wait_while_stopping(task, name, task->dependents[i], state))
            return false;
        task->to_start[i] = !is_up(state);
    }
    return smtp_task_start_dependents(task);
}

static enum smtp_result resume(struct smtp_task *task, bool seen_stopped)
{
    struct smtp_outcome *outcome = task->outcome;
    const wchar_t *service = task->list.service;
    DWORD state = open_state(task, service, &task->service);
    bool down = seen_stopped || state == SERVICE_STOPPED || state == SERVICE_STOP_PENDING ||
                state == SERVICE_START_PENDING;

    if (state == 0 && outcome->error == ERROR_SERVICE_DOES_NOT_EXIST)
        return SMTP_FAILED;
    if (!wait_while_stopping(task, service, task->service, state))
        return SMTP_STOP_TIMEOUT;
    if (down && !seen_stopped)
        smtp_task_step(task, SMTP_STEP_STOPPED);
    if (!is_up(state) && !smtp_task_start(task))
        return SMTP_LEFT_STOPPED;

    bool all = resume_dependents(task);
    if (down)
        return all ? SMTP_RESTARTED : SMTP_DEPENDENT_LEFT;
    if (all)
        smtp_task_note(task, NULL, service, ERROR_SUCCESS);
    return SMTP_UNTOUCHED;
}

void smtp_resume(const struct smtp_options *options, const struct smtp_stop_list *list,
                 bool seen_stopped, struct smtp_outcome *outcome)
{
    struct smtp_task task;

    smtp_task_begin(&task, options, list->service, outcome);
    task.list = *list;
    task.down_since = smtp_service_calls.GetTickCount();
    outcome->result = resume(&task, seen_stopped);
    smtp_task_end(&task);
}
