/* The stand-ins' part of acceptance_services.h. */
#include "acceptance_services.h"
#include "acceptance_check.h"
#include "acceptance_registry.h"

#include <wchar.h>

static const struct {
    const wchar_t *name;
    const wchar_t *parameters;
    const wchar_t *depends_on; /* ends with two NULs */
} stand_ins[] = {
    {SERVICE_SMTP, SERVICES_KEY SERVICE_SMTP L"\\Parameters", L"\0"},
    {SERVICE_DEPENDENT, SERVICES_KEY SERVICE_DEPENDENT L"\\Parameters", SERVICE_SMTP L"\0"},
};

enum { STOP_PATIENCE = 5000, START_PATIENCE = 10000 /* ms */ };

static const wchar_t *parameters_of(const wchar_t *service)
{
    return stand_ins[wcscmp(service, SERVICE_SMTP) == 0 ? 0 : 1].parameters;
}

static DWORD install(SC_HANDLE manager, size_t which, const wchar_t *program)
{
    wchar_t line[MAX_PATH + 80];
    int used = _snwprintf(line, ARRAYSIZE(line), L"\"%ls\" %ls", program, stand_ins[which].name);
    if (used < 0 || (size_t)used >= ARRAYSIZE(line))
        return ERROR_FILENAME_EXCED_RANGE;
    SC_HANDLE service =
        CreateServiceW(manager, stand_ins[which].name, stand_ins[which].name, SERVICE_QUERY_STATUS,
                       SERVICE_WIN32_OWN_PROCESS, SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, line,
                       NULL, NULL, stand_ins[which].depends_on, NULL, NULL);
    if (!service)
        return GetLastError();
    CloseServiceHandle(service);
    return ERROR_SUCCESS;
}

DWORD stand_ins_install(void)
{
    wchar_t program[MAX_PATH];
    DWORD count = GetModuleFileNameW(NULL, program, ARRAYSIZE(program));
    wchar_t *slash = count > 0 && count < ARRAYSIZE(program) ? wcsrchr(program, L'\\') : NULL;
    static const wchar_t name[] = L"stand_in.exe";
    if (!slash || (size_t)(slash + 1 - program) + ARRAYSIZE(name) > ARRAYSIZE(program))
        return ERROR_BAD_PATHNAME;
    wcscpy(slash + 1, name);

    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CREATE_SERVICE);
    if (!manager)
        return GetLastError();
    DWORD error = ERROR_SUCCESS;
    for (size_t i = 0; i < ARRAYSIZE(stand_ins) && error == ERROR_SUCCESS; i++)
        error = install(manager, i, program);
    CloseServiceHandle(manager);
    return error;
}

static void forget(size_t which, const wchar_t *value)
{
    registry_remove_value(stand_ins[which].parameters, value);
}

void stand_ins_release(void)
{
    for (size_t i = 0; i < ARRAYSIZE(stand_ins); i++) {
        forget(i, STAND_IN_STOP_SECONDS);
        forget(i, STAND_IN_HANG_IN_STOP);
        forget(i, STAND_IN_FAIL_STARTS);
    }
}

DWORD stand_ins_make_ready(void)
{
    stand_ins_release();
    for (size_t i = 0; i < ARRAYSIZE(stand_ins); i++) {
        const wchar_t *name = stand_ins[i].name;
        DWORD state = service_state(name, NULL);
        if (state == SERVICE_STOP_PENDING)
            service_wait(name, SERVICE_STOPPED, STOP_PATIENCE);
        DWORD error = service_start(name);
        if (error != ERROR_SUCCESS && error != ERROR_SERVICE_ALREADY_RUNNING)
            return error;
        if (!service_wait(name, SERVICE_RUNNING, START_PATIENCE))
            return ERROR_SERVICE_REQUEST_TIMEOUT;
        forget(i, STAND_IN_HISTORY);
    }
    return ERROR_SUCCESS;
}

DWORD stand_ins_remove(void)
{
    stand_ins_release();
    DWORD result = ERROR_SUCCESS;
    for (size_t i = ARRAYSIZE(stand_ins); i-- > 0;) {
        DWORD error = service_remove(stand_ins[i].name, STOP_PATIENCE);
        if (error != ERROR_SUCCESS)
            result = error;
    }
    return result;
}

void stand_in_tell(const wchar_t *service, const wchar_t *value, DWORD number)
{
    check_call(registry_set_number(parameters_of(service), value, number), L"RegSetValueEx");
}

void stand_in_history(const wchar_t *service, struct stand_in_history *history)
{
    DWORD size = sizeof history->records;
    DWORD error =
        registry_get(parameters_of(service), STAND_IN_HISTORY, REG_BINARY, history->records, &size);
    if (error == ERROR_FILE_NOT_FOUND)
        size = 0;
    else
        check_call(error, L"reading the history of a stand-in");
    history->count = size / sizeof history->records[0];
}

size_t stand_in_steps(const wchar_t *service, enum stand_in_step step)
{
    struct stand_in_history history;
    stand_in_history(service, &history);
    size_t steps = 0;
    for (size_t i = 0; i < history.count; i++)
        steps += history.records[i].step == (uint32_t)step;
    return steps;
}

uint64_t stand_in_last(const wchar_t *service, enum stand_in_step step)
{
    struct stand_in_history history;
    stand_in_history(service, &history);
    for (size_t i = history.count; i-- > 0;)
        if (history.records[i].step == (uint32_t)step)
            return history.records[i].time;
    return 0;
}
