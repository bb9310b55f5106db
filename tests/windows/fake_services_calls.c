/* fake_services_calls.c: see fake_services.h. The OS calls on the services, and their handles. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "fake_services.h"
#include "windows/smtp_service.h"
#include "windows/installation.h"
#include "windows/own_service.h"
#include "windows/service_view.h"
#include <string.h>

enum { HANDLES_MAX = 4096, HANDLE_BASE = 0x5000, REQUEST_TIMEOUT = 30000 };

struct handle {
    struct fake_service *service; /* null: the manager */
    DWORD rights;
    bool open;
};

static struct handle handles[HANDLES_MAX];
static size_t handle_count;

void fake_services_forget_handles(void)
{
    handle_count = 0;
    fake_services_forget_processes();
    fake_services_clear_events();
}

unsigned fake_services_open_handles(void)
{
    unsigned open = fake_services_open_processes();

    for (size_t i = 0; i < handle_count; i++)
        open += handles[i].open;
    return open;
}

BOOL fake_services_refuse(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* Handles are never used twice, so that one used after its end is found out. */
SC_HANDLE fake_services_open_handle(struct fake_service *service, DWORD rights)
{
    assert_true(handle_count < HANDLES_MAX);
    handles[handle_count] = (struct handle){service, rights, true};
    return (SC_HANDLE)(uintptr_t)(HANDLE_BASE + handle_count++);
}

static struct handle *handle_of(SC_HANDLE value)
{
    uintptr_t index = (uintptr_t)value - HANDLE_BASE;

    if ((uintptr_t)value < HANDLE_BASE || index >= handle_count || !handles[index].open)
        fail_msg("a handle that is not open: %p", (void *)value);
    return &handles[index];
}

struct fake_service *fake_services_of(SC_HANDLE value, DWORD rights)
{
    struct handle *handle = handle_of(value);

    assert_non_null(handle->service);
    if ((handle->rights & rights) == rights)
        return handle->service;
    fake_services_refuse(ERROR_ACCESS_DENIED);
    return NULL;
}

bool fake_services_may_create(SC_HANDLE manager)
{
    assert_null(handle_of(manager)->service);
    return (handle_of(manager)->rights & SC_MANAGER_CREATE_SERVICE) != 0;
}

static SC_HANDLE WINAPI open_manager(LPCWSTR machine, LPCWSTR database, DWORD rights)
{
    assert_null(machine);
    assert_null(database);
    if (fake_services_must_fail("OpenSCManager"))
        return NULL;
    return fake_services_open_handle(NULL, rights);
}

static SC_HANDLE WINAPI open_service(SC_HANDLE manager, LPCWSTR name, DWORD rights)
{
    if (fake_services_must_fail("OpenService"))
        return NULL;
    assert_null(handle_of(manager)->service);
    if (!(handle_of(manager)->rights & SC_MANAGER_CONNECT))
        return fake_services_refuse(ERROR_ACCESS_DENIED), NULL;
    struct fake_service *service = fake_services_find(name);
    if (!service)
        return fake_services_refuse(ERROR_SERVICE_DOES_NOT_EXIST), NULL;
    if (service->denied & rights)
        return fake_services_refuse(ERROR_ACCESS_DENIED), NULL;
    return fake_services_open_handle(service, rights);
}

void fake_services_report_status(const struct fake_service *service, SERVICE_STATUS *status)
{
    *status = (SERVICE_STATUS){.dwServiceType = service->type,
                               .dwCurrentState = service->state,
                               .dwControlsAccepted = service->state == SERVICE_RUNNING ||
                                                             service->state == SERVICE_PAUSED
                                                         ? service->controls_accepted
                                                         : 0,
                               .dwWin32ExitCode = service->exit_code,
                               .dwCheckPoint = service->checkpoint,
                               .dwWaitHint = service->wait_hint};
}

static BOOL WINAPI query_status(SC_HANDLE handle, LPSERVICE_STATUS status)
{
    if (fake_services_must_fail("QueryServiceStatus"))
        return FALSE;
    struct fake_service *service = fake_services_of(handle, SERVICE_QUERY_STATUS);
    if (!service)
        return FALSE;
    fake_services_report_status(service, status);
    return TRUE;
}

static bool depends(const struct fake_service *service, const wchar_t *on)
{
    for (size_t i = 0; i < FAKE_DEPENDENCIES_MAX && service->depends_on[i]; i++)
        if (lstrcmpiW(service->depends_on[i], on) == 0)
            return true;
    return false;
}

/* All that depend on a service, also through others, in the order in which to stop them. */
static size_t list_dependents(const wchar_t *name, struct fake_service **list, size_t count)
{
    for (size_t i = 0; fake_services_at(i); i++) {
        struct fake_service *service = fake_services_at(i);
        bool listed = !service->exists || !depends(service, name);
        for (size_t j = 0; j < count; j++)
            listed |= list[j] == service;
        if (listed)
            continue;
        count = list_dependents(service->name, list, count);
        list[count++] = service;
    }
    return count;
}

static bool is_active(const struct fake_service *service)
{
    return service->state != SERVICE_STOPPED;
}

static BOOL WINAPI enum_dependents(SC_HANDLE handle, DWORD states, LPENUM_SERVICE_STATUSW entries,
                                   DWORD size, LPDWORD needed, LPDWORD returned)
{
    struct fake_service *list[64];
    size_t count, active = 0;

    if (fake_services_must_fail("EnumDependentServices"))
        return FALSE;
    struct fake_service *service = fake_services_of(handle, SERVICE_ENUMERATE_DEPENDENTS);
    if (!service)
        return FALSE;
    assert_int_equal(states, SERVICE_ACTIVE);
    assert_true(size <= 65536);
    count = list_dependents(service->name, list, 0);
    *needed = *returned = 0;
    for (size_t i = 0; i < count; i++)
        if (is_active(list[i])) {
            list[active++] = list[i];
            *needed +=
                (DWORD)(sizeof(*entries) + 2 * sizeof(wchar_t) * (wcslen(list[i]->name) + 1));
        }
    if (*needed > size)
        return fake_services_refuse(ERROR_MORE_DATA);
    wchar_t *text = (wchar_t *)(entries + active);
    for (size_t i = 0; i < active; i++) {
        entries[i].lpServiceName = entries[i].lpDisplayName = text;
        wcscpy(text, list[i]->name);
        text += wcslen(text) + 1;
        fake_services_report_status(list[i], &entries[i].ServiceStatus);
    }
    *returned = (DWORD)active;
    *needed = 0;
    return TRUE;
}

/* Unless it has stopped since: an order is gone with the process that it was for. */
static void begin_stop_late(void *context)
{
    struct fake_service *service = context;
    if (service->ordered)
        fake_services_begin_stop(service);
}

static void order_stop(struct fake_service *service)
{
    if (service->stop_notice == 0)
        fake_services_begin_stop(service);
    else if (!service->ordered)
        fake_services_after(service->stop_notice, begin_stop_late, service);
    service->ordered = service->stop_notice > 0;
}

/* Why the manager does not hand the control on; ERROR_SUCCESS: it does. One of the service's own
 * (128 to 255) needs no word of its accepting it. */
static DWORD refusal(const struct fake_service *service, DWORD control)
{
    struct fake_service *list[64];

    if (service->state == SERVICE_STOPPED)
        return ERROR_SERVICE_NOT_ACTIVE;
    if (service->state == SERVICE_STOP_PENDING || service->state == SERVICE_START_PENDING)
        return ERROR_SERVICE_CANNOT_ACCEPT_CTRL;
    if (control != SERVICE_CONTROL_STOP)
        return ERROR_SUCCESS;
    if (service->stop_unacceptable)
        return ERROR_SERVICE_CANNOT_ACCEPT_CTRL;
    if (!(service->controls_accepted & SERVICE_ACCEPT_STOP))
        return ERROR_INVALID_SERVICE_CONTROL;
    for (size_t i = list_dependents(service->name, list, 0); i-- > 0;)
        if (is_active(list[i]))
            return ERROR_DEPENDENT_SERVICES_RUNNING;
    return ERROR_SUCCESS;
}

static BOOL WINAPI control_service(SC_HANDLE handle, DWORD control, LPSERVICE_STATUS status)
{
    if (fake_services_must_fail("ControlService"))
        return FALSE;
    assert_true(control == SERVICE_CONTROL_STOP || (control >= 128 && control <= 255));
    struct fake_service *service = fake_services_of(
        handle, control == SERVICE_CONTROL_STOP ? SERVICE_STOP : SERVICE_USER_DEFINED_CONTROL);
    if (!service)
        return FALSE;
    fake_services_report_status(service, status);
    DWORD error = refusal(service, control);
    if (error)
        return fake_services_refuse(error);
    if (control == SERVICE_CONTROL_STOP)
        order_stop(service);
    else
        service->told = control;
    if (service->handler_time >= REQUEST_TIMEOUT) {
        fake_services_advance(REQUEST_TIMEOUT);
        return fake_services_refuse(ERROR_SERVICE_REQUEST_TIMEOUT);
    }
    fake_services_advance(service->handler_time);
    fake_services_report_status(service, status);
    return TRUE;
}

/* Starts a service and, before it, what it depends on, as the real manager does. */
static DWORD start(struct fake_service *service)
{
    if (service->deleted)
        return ERROR_SERVICE_MARKED_FOR_DELETE;
    if (is_active(service))
        return ERROR_SERVICE_ALREADY_RUNNING;
    if (service->start_type == SERVICE_DISABLED)
        return ERROR_SERVICE_DISABLED;
    for (size_t i = 0; i < FAKE_DEPENDENCIES_MAX && service->depends_on[i]; i++) {
        struct fake_service *before = fake_services_find(service->depends_on[i]);
        if (!before)
            return ERROR_SERVICE_DEPENDENCY_DELETED;
        if (before->state == SERVICE_STOP_PENDING)
            return ERROR_SERVICE_DEPENDENCY_FAIL;
        if (!is_active(before) && start(before) != ERROR_SUCCESS)
            return ERROR_SERVICE_DEPENDENCY_FAIL;
    }
    if (service->start_failures > 0) {
        service->start_failures--;
        return service->start_error;
    }
    fake_services_begin_start(service);
    return ERROR_SUCCESS;
}

static BOOL WINAPI start_service(SC_HANDLE handle, DWORD count, LPCWSTR *arguments)
{
    if (fake_services_must_fail("StartService"))
        return FALSE;
    assert_int_equal(count, 0);
    assert_null(arguments);
    struct fake_service *service = fake_services_of(handle, SERVICE_START);
    if (!service)
        return FALSE;
    DWORD error = start(service);
    return error == ERROR_SUCCESS ? TRUE : fake_services_refuse(error);
}

/* A service that was deleted goes with the last handle to it, once it has stopped. */
static BOOL WINAPI close_handle(SC_HANDLE value)
{
    struct handle *handle = handle_of(value);
    bool fails = fake_services_must_fail("CloseServiceHandle");
    bool used = false;

    handle->open = false;
    for (size_t i = 0; i < handle_count; i++)
        used |= handles[i].open && handles[i].service == handle->service;
    if (handle->service && handle->service->deleted && !used && !is_active(handle->service))
        handle->service->exists = false;
    return !fails;
}

void fake_services_install_calls(void)
{
    smtp_service_calls = (struct smtp_service_calls){
        .OpenSCManagerW = open_manager,
        .OpenServiceW = open_service,
        .QueryServiceStatus = query_status,
        .ControlService = control_service,
        .StartServiceW = start_service,
        .EnumDependentServicesW = enum_dependents,
        .CloseServiceHandle = close_handle,
    };
    installation_calls.OpenSCManagerW = open_manager;
    installation_calls.OpenServiceW = open_service;
    installation_calls.QueryServiceStatus = query_status;
    installation_calls.ControlService = control_service;
    installation_calls.CloseServiceHandle = close_handle;
    fake_services_install_config_calls();
    service_view_calls.OpenSCManagerW = open_manager;
    service_view_calls.OpenServiceW = open_service;
    service_view_calls.QueryServiceStatus = query_status;
    service_view_calls.EnumDependentServicesW = enum_dependents;
    service_view_calls.CloseServiceHandle = close_handle;
    fake_services_install_query_calls();
    own_service_calls.OpenSCManagerW = open_manager;
    own_service_calls.OpenServiceW = open_service;
    own_service_calls.ControlService = control_service;
    own_service_calls.CloseServiceHandle = close_handle;
    fake_services_install_process_calls();
    fake_services_install_waits();
}
