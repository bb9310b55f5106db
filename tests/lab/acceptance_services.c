#include "acceptance_services.h"
#include "acceptance_check.h"

#include <wchar.h>

enum { LOCK_PAUSE = 250, LOCK_PATIENCE = 15000 /* ms */ };

/* Opens a service and hands it to act; the one place that opens and closes handles. */
static DWORD with_service(const wchar_t *name, DWORD access,
                          DWORD (*act)(SC_HANDLE service, void *context), void *context)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    if (!manager)
        return GetLastError();
    DWORD error;
    SC_HANDLE service = OpenServiceW(manager, name, access);
    if (service) {
        error = act(service, context);
        CloseServiceHandle(service);
    } else {
        error = GetLastError();
    }
    CloseServiceHandle(manager);
    return error;
}

static DWORD act_query(SC_HANDLE service, void *context)
{
    DWORD needed;
    return QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, context,
                                sizeof(SERVICE_STATUS_PROCESS), &needed)
               ? ERROR_SUCCESS
               : GetLastError();
}

static DWORD act_start(SC_HANDLE service, void *context)
{
    (void)context;
    return StartServiceW(service, 0, NULL) ? ERROR_SUCCESS : GetLastError();
}

struct order {
    DWORD code;
    SERVICE_STATUS *status;
};

static DWORD act_control(SC_HANDLE service, void *context)
{
    struct order *order = context;
    return ControlService(service, order->code, order->status) ? ERROR_SUCCESS : GetLastError();
}

static DWORD act_delete(SC_HANDLE service, void *context)
{
    (void)context;
    return DeleteService(service) ? ERROR_SUCCESS : GetLastError();
}

DWORD service_status(const wchar_t *name, SERVICE_STATUS_PROCESS *status)
{
    return with_service(name, SERVICE_QUERY_STATUS, act_query, status);
}

DWORD service_state(const wchar_t *name, DWORD *error)
{
    SERVICE_STATUS_PROCESS status = {0};
    DWORD result = service_status(name, &status);
    if (error)
        *error = result;
    return result == ERROR_SUCCESS ? status.dwCurrentState : SERVICE_NONE;
}

DWORD service_start(const wchar_t *name)
{
    /* The SCM locks its database while it starts services at boot. */
    for (DWORD waited = 0;; waited += LOCK_PAUSE) {
        DWORD error = with_service(name, SERVICE_START, act_start, NULL);
        if (error != ERROR_SERVICE_DATABASE_LOCKED || waited >= LOCK_PATIENCE)
            return error;
        Sleep(LOCK_PAUSE);
    }
}

DWORD service_control(const wchar_t *name, DWORD code, SERVICE_STATUS *status)
{
    DWORD access = SERVICE_USER_DEFINED_CONTROL;
    if (code == SERVICE_CONTROL_STOP)
        access = SERVICE_STOP;
    else if (code == SERVICE_CONTROL_INTERROGATE)
        access = SERVICE_INTERROGATE;
    else if (code < 128)
        access = SERVICE_PAUSE_CONTINUE;
    SERVICE_STATUS unwanted;
    struct order order = {code, status ? status : &unwanted};
    return with_service(name, access, act_control, &order);
}

struct wanted {
    const wchar_t *name;
    DWORD state;
};

static bool is_in_state(const void *subject)
{
    const struct wanted *wanted = subject;
    DWORD error;
    return service_state(wanted->name, &error) == wanted->state &&
           (wanted->state != SERVICE_NONE || error == ERROR_SERVICE_DOES_NOT_EXIST);
}

bool service_wait(const wchar_t *name, DWORD state, DWORD ms)
{
    struct wanted wanted = {name, state};
    return check_wait(is_in_state, &wanted, ms);
}

/* An administrator may open a process of the system only with this privilege, which he has but must
 * switch on. Without it OpenProcess will say why. */
static void enable_debug_privilege(void)
{
    HANDLE token;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token))
        return;
    TOKEN_PRIVILEGES privileges = {.PrivilegeCount = 1};
    privileges.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    if (LookupPrivilegeValueW(NULL, SE_DEBUG_NAME, &privileges.Privileges[0].Luid))
        AdjustTokenPrivileges(token, FALSE, &privileges, 0, NULL, NULL);
    CloseHandle(token);
}

DWORD service_process(const wchar_t *name, DWORD access, HANDLE *process)
{
    SERVICE_STATUS_PROCESS status = {0};
    DWORD error = service_status(name, &status);
    if (error != ERROR_SUCCESS)
        return error;
    if (status.dwProcessId == 0)
        return ERROR_SERVICE_NOT_ACTIVE;
    enable_debug_privilege();
    HANDLE opened = OpenProcess(access, FALSE, status.dwProcessId);
    if (!opened)
        return GetLastError();
    *process = opened;
    return ERROR_SUCCESS;
}

DWORD service_kill(const wchar_t *name)
{
    HANDLE process;
    DWORD error = service_process(name, PROCESS_TERMINATE | SYNCHRONIZE, &process);
    if (error != ERROR_SUCCESS)
        return error == ERROR_SERVICE_NOT_ACTIVE ? ERROR_SUCCESS : error;
    error = TerminateProcess(process, ERROR_CANCELLED) ? ERROR_SUCCESS : GetLastError();
    WaitForSingleObject(process, 5000);
    CloseHandle(process);
    return error;
}

DWORD service_put_down(const wchar_t *name, DWORD ms)
{
    DWORD error = service_control(name, SERVICE_CONTROL_STOP, NULL);
    if (error == ERROR_SERVICE_NOT_ACTIVE || error == ERROR_SERVICE_DOES_NOT_EXIST)
        return ERROR_SUCCESS;
    if (service_wait(name, SERVICE_STOPPED, ms))
        return ERROR_SUCCESS;
    error = service_kill(name);
    if (error == ERROR_SUCCESS && !service_wait(name, SERVICE_STOPPED, 5000))
        error = ERROR_SERVICE_REQUEST_TIMEOUT;
    return error;
}

DWORD service_remove(const wchar_t *name, DWORD ms)
{
    DWORD error = service_put_down(name, ms);
    DWORD deleted = with_service(name, DELETE, act_delete, NULL);
    if (deleted == ERROR_SERVICE_DOES_NOT_EXIST)
        return ERROR_SUCCESS;
    if (deleted != ERROR_SUCCESS && deleted != ERROR_SERVICE_MARKED_FOR_DELETE)
        return deleted;
    /* The SCM deletes it when the last handle is closed, of whatever program. */
    if (!service_wait(name, SERVICE_NONE, ms))
        return ERROR_SERVICE_MARKED_FOR_DELETE;
    return error;
}

const wchar_t *service_state_word(DWORD state)
{
    static const wchar_t *const words[] = {
        L"not there", L"stopped",           L"starting",       L"stopping",
        L"running",   L"about to continue", L"about to pause", L"paused",
    };
    return state < ARRAYSIZE(words) ? words[state] : L"in an unknown state";
}

void service_expect(const wchar_t *name, DWORD state, DWORD ms)
{
    if (service_wait(name, state, ms))
        return;
    DWORD error;
    DWORD found = service_state(name, &error);
    check_that(error == ERROR_SUCCESS || found != SERVICE_NONE,
               L"the state of %ls cannot be read: error %lu", name, error);
    check_fail(L"%ls is %ls after %lu ms, not %ls", name, service_state_word(found), ms,
               service_state_word(state));
}
