/* smtp_service.c: see smtp_service.h. */
#include "../core/text.h"
#include "last_error.h"
#include "smtp_task.h"
#include <string.h>

struct smtp_service_calls smtp_service_calls = {
    .OpenSCManagerW = OpenSCManagerW,
    .OpenServiceW = OpenServiceW,
    .QueryServiceStatus = QueryServiceStatus,
    .QueryServiceConfigW = QueryServiceConfigW,
    .ControlService = ControlService,
    .StartServiceW = StartServiceW,
    .EnumDependentServicesW = EnumDependentServicesW,
    .CloseServiceHandle = CloseServiceHandle,
    .GetTickCount = GetTickCount,
    .WaitForSingleObject = WaitForSingleObject,
    .WaitForMultipleObjects = WaitForMultipleObjects,
    .Sleep = Sleep,
};

enum {
    STOP_ROUNDS_MAX = 5,    /* dependents that were started while we stopped the others */
    ENUM_BYTES_MAX = 65536, /* EnumDependentServices takes no larger buffer */
    CONFIG_BYTES_MAX = 8192 /* and QueryServiceConfig needs no larger one */
};

/* The place of a dependent in the list: the one it has, or a new one, opened. False when it cannot
 * be opened with all the rights it takes, or there is no room. */
static bool find_dependent(struct smtp_task *task, const wchar_t *name, size_t *index)
{
    struct smtp_stop_list *list = &task->list;

    for (size_t i = 0; i < list->dependent_count; i++)
        if (lstrcmpiW(list->dependents[i], name) == 0) {
            *index = i;
            return true;
        }
    if (list->dependent_count == SMTP_DEPENDENTS_MAX)
        return smtp_task_note(task, "EnumDependentServices", name, ERROR_MORE_DATA);
    *index = list->dependent_count;
    if (!smtp_task_open(task, name, SERVICE_QUERY_STATUS | SERVICE_STOP | SERVICE_START,
                        &task->dependents[*index]))
        return false;
    text_copy(list->dependents[*index], ARRAYSIZE(list->dependents[*index]), text_of(name));
    list->dependent_count++;
    return true;
}

/* The dependents that are active now, in the order in which to stop them, as places in the list. */
static bool find_dependents(struct smtp_task *task, size_t indexes[SMTP_DEPENDENTS_MAX],
                            size_t *index_count)
{
    union {
        ENUM_SERVICE_STATUSW entries[1];
        BYTE bytes[ENUM_BYTES_MAX];
    } buffer;
    const wchar_t *service = task->list.service;
    DWORD needed = 0, count = 0;

    if (!smtp_service_calls.EnumDependentServicesW(task->service, SERVICE_ACTIVE, buffer.entries,
                                                   sizeof(buffer), &needed, &count))
        return smtp_task_note(task, "EnumDependentServices", service, last_error());
    if (count > SMTP_DEPENDENTS_MAX)
        return smtp_task_note(task, "EnumDependentServices", service, ERROR_MORE_DATA);
    for (DWORD i = 0; i < count; i++)
        if (!find_dependent(task, buffer.entries[i].lpServiceName, &indexes[i]))
            return false;
    *index_count = count;
    return true;
}

static bool is_disabled(struct smtp_task *task, const wchar_t *name)
{
    union {
        QUERY_SERVICE_CONFIGW config;
        BYTE bytes[CONFIG_BYTES_MAX];
    } buffer;
    const struct smtp_outcome before = *task->outcome;
    SC_HANDLE service;
    DWORD needed = 0;
    bool disabled;

    if (!smtp_task_open(task, name, SERVICE_QUERY_CONFIG, &service)) {
        *task->outcome = before;
        return false;
    }
    disabled =
        smtp_service_calls.QueryServiceConfigW(service, &buffer.config, sizeof(buffer), &needed) &&
        buffer.config.dwStartType == SERVICE_DISABLED;
    smtp_service_calls.CloseServiceHandle(service);
    return disabled;
}

/* Whether the service, and the dependents at those places in the list, are not disabled. */
static bool can_start_again(struct smtp_task *task, const size_t *indexes, size_t count)
{
    const wchar_t *name = task->list.service;
    bool disabled = is_disabled(task, name);

    for (size_t i = 0; i < count && !disabled; i++) {
        name = task->list.dependents[indexes[i]];
        disabled = is_disabled(task, name);
    }
    return !disabled ||
           smtp_task_note(task, "checking the start type", name, ERROR_SERVICE_DISABLED);
}

/* Stops one dependent and waits until it has. A dependent of its own that has just been started is
 * left to the next round (true). False, with *result unless that is to stay as it is. */
static bool stop_dependent(struct smtp_task *task, size_t index, enum smtp_result *result)
{
    const wchar_t *name = task->list.dependents[index];
    SC_HANDLE dependent = task->dependents[index];
    DWORD since = smtp_service_calls.GetTickCount(), error = ERROR_SUCCESS;
    enum service_order order = service_change_stop(dependent, &error);

    while (order == ORDER_STOPPING || order == ORDER_BUSY) {
        DWORD elapsed = smtp_service_calls.GetTickCount() - since;
        if (elapsed >= task->options->stop_timeout || task->change.abandoned)
            break;
        service_change_pause(&task->change, service_change_interval(0, elapsed));
        order = service_change_stop(dependent, &error);
    }
    if (order == ORDER_TAKEN) {
        task->to_start[index] = true;
        if (smtp_task_wait_stopped(task, dependent, name, since, false))
            return true;
        *result = SMTP_STOP_TIMEOUT; /* it may obey yet */
        return false;
    }
    if (order == ORDER_GONE || order == ORDER_DEPENDENTS)
        return true;
    return smtp_task_note(task, "ControlService", name, error);
}

static bool has_stopped_any(const struct smtp_task *task)
{
    for (size_t i = 0; i < task->list.dependent_count; i++)
        if (task->to_start[i])
            return true;
    return false;
}

/* Tells what is going to be stopped. */
static bool intend(struct smtp_task *task)
{
    if (!task->options->intend || task->options->intend(task->options->context, &task->list))
        return true;
    return smtp_task_note(task, "recording the intent", task->list.service, ERROR_CANCELLED);
}

/* Stops the dependents that are active. False, with *result as stop_dependent has it. */
static bool stop_dependents(struct smtp_task *task, bool told, enum smtp_result *result)
{
    size_t indexes[SMTP_DEPENDENTS_MAX], count = 0, before = task->list.dependent_count;

    if (!find_dependents(task, indexes, &count) || !can_start_again(task, indexes, count))
        return false;
    if (!(told && task->list.dependent_count == before) && !intend(task))
        return false;
    if (!has_stopped_any(task) && service_change_is_abandoned(&task->change))
        return smtp_task_note(task, "smtp_restart", task->list.service, ERROR_CANCELLED);
    for (size_t i = 0; i < count; i++)
        if (!stop_dependent(task, indexes[i], result))
            return false;
    return true;
}

/* Stops the dependents and then tells the service to stop. True when it is stopping or stopped,
 * *by_others if not by us, and is ours to start again; false with *result otherwise. */
static bool stop_all(struct smtp_task *task, bool *by_others, enum smtp_result *result)
{
    const wchar_t *service = task->list.service;
    DWORD error = ERROR_SUCCESS;

    *result = SMTP_FAILED;
    for (unsigned round = 0; round < STOP_ROUNDS_MAX; round++) {
        if (!stop_dependents(task, round > 0, result))
            return false;
        task->down_since = smtp_service_calls.GetTickCount();
        enum service_order order = service_change_stop(task->service, &error);
        switch (order) {
        case ORDER_TAKEN:
            return true;
        case ORDER_GONE:
        case ORDER_STOPPING:
            *result = order == ORDER_GONE ? SMTP_NOT_RUNNING : SMTP_OPERATOR;
            *by_others = true;
            return has_stopped_any(task);
        case ORDER_BUSY:
            *result = SMTP_OPERATOR;
            return false;
        case ORDER_REFUSED:
            return smtp_task_note(task, "ControlService", service, error);
        case ORDER_DEPENDENTS:
            break;
        }
    }
    return smtp_task_note(task, "ControlService", service, error);
}

static bool is_stopped(struct smtp_task *task, const wchar_t *name)
{
    SERVICE_STATUS status = {0};
    SC_HANDLE service;

    if (!smtp_task_open(task, name, SERVICE_QUERY_STATUS, &service))
        return false;
    smtp_service_calls.QueryServiceStatus(service, &status);
    smtp_service_calls.CloseServiceHandle(service);
    return status.dwCurrentState == SERVICE_STOPPED ||
           status.dwCurrentState == SERVICE_STOP_PENDING;
}

static void adopt(struct smtp_task *task, const wchar_t *name)
{
    size_t index;

    if (lstrcmpiW(name, task->list.service) != 0 && is_stopped(task, name) &&
        find_dependent(task, name, &index))
        task->to_start[index] = true;
}

/* What an earlier restart left stopped is in nobody's hands but ours. One that cannot be opened is
 * no reason not to restart. */
static void adopt_earlier(struct smtp_task *task)
{
    const struct smtp_stop_list *earlier = task->options->earlier;
    const struct smtp_outcome before = *task->outcome;

    for (size_t i = 0; earlier && i < earlier->dependent_count; i++)
        adopt(task, earlier->dependents[i]);
    if (earlier)
        adopt(task, earlier->service);
    *task->outcome = before;
}

/* From a service that runs to the result. */
static enum smtp_result restart_running(struct smtp_task *task)
{
    enum smtp_result result;
    bool by_others = false;

    adopt_earlier(task);
    smtp_task_step(task, SMTP_STEP_STOPPING);
    if (!stop_all(task, &by_others, &result))
        return smtp_task_start_dependents(task) ? result : SMTP_UNTOUCHED;
    if (!smtp_task_wait_stopped(task, task->service, task->list.service, task->down_since,
                                by_others)) {
        struct smtp_outcome why = *task->outcome;
        smtp_task_start_dependents(task);
        *task->outcome = why;
        return SMTP_STOP_TIMEOUT;
    }
    task->outcome->seen_stopped = task->change.seen_stopped;
    smtp_task_step(task, SMTP_STEP_STOPPED);
    if (!smtp_task_start(task))
        return SMTP_LEFT_STOPPED;
    return smtp_task_start_dependents(task) ? SMTP_RESTARTED : SMTP_DEPENDENT_LEFT;
}

void smtp_restart(const struct smtp_options *options, struct smtp_outcome *outcome)
{
    const wchar_t *service = options->service;
    struct smtp_task task;
    SERVICE_STATUS status = {0};

    smtp_task_begin(&task, options, service, outcome);
    if (service_change_is_abandoned(&task.change))
        smtp_task_note(&task, "smtp_restart", service, ERROR_CANCELLED);
    else if (!smtp_task_open(&task, service,
                             SERVICE_QUERY_STATUS | SERVICE_ENUMERATE_DEPENDENTS | SERVICE_STOP |
                                 SERVICE_START,
                             &task.service))
        outcome->result = SMTP_FAILED;
    else if (!smtp_service_calls.QueryServiceStatus(task.service, &status))
        smtp_task_note(&task, "QueryServiceStatus", service, last_error());
    else if (status.dwCurrentState == SERVICE_STOPPED)
        outcome->result = SMTP_NOT_RUNNING;
    else if (status.dwCurrentState != SERVICE_RUNNING)
        outcome->result = SMTP_OPERATOR;
    else
        outcome->result = restart_running(&task);
    smtp_task_end(&task);
}
