/* fake_services_process.c: see fake_services.h. The processes that services run in. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "fake_services.h"
#include "windows/own_service.h"

enum { HANDLES_MAX = 64, HANDLE_BASE = 0x9000 };

static struct {
    DWORD id;
    bool open;
} handles[HANDLES_MAX];
static size_t handle_count;
static DWORD latest;

/* As Windows numbers them. */
DWORD fake_services_new_process(void)
{
    return latest += 4;
}

void fake_services_forget_processes(void)
{
    handle_count = 0;
}

unsigned fake_services_open_processes(void)
{
    unsigned open = 0;

    for (size_t i = 0; i < handle_count; i++)
        open += handles[i].open;
    return open;
}

static const struct fake_service *running_in(DWORD id)
{
    for (size_t i = 0; fake_services_at(i); i++) {
        const struct fake_service *service = fake_services_at(i);
        if (service->exists && service->state != SERVICE_STOPPED && service->process == id)
            return service;
    }
    return NULL;
}

static BOOL WINAPI query_status(SC_HANDLE handle, SC_STATUS_TYPE level, LPBYTE buffer, DWORD size,
                                LPDWORD needed)
{
    SERVICE_STATUS_PROCESS *status = (SERVICE_STATUS_PROCESS *)buffer;
    SERVICE_STATUS first; /* they begin alike */

    if (fake_services_must_fail("QueryServiceStatusEx"))
        return FALSE;
    assert_int_equal(level, SC_STATUS_PROCESS_INFO);
    const struct fake_service *service = fake_services_of(handle, SERVICE_QUERY_STATUS);
    if (!service)
        return FALSE;
    *needed = sizeof(*status);
    if (size < *needed)
        return fake_services_refuse(ERROR_INSUFFICIENT_BUFFER);
    fake_services_report_status(service, &first);
    *status = (SERVICE_STATUS_PROCESS){
        .dwServiceType = first.dwServiceType,
        .dwCurrentState = first.dwCurrentState,
        .dwControlsAccepted = first.dwControlsAccepted,
        .dwWin32ExitCode = first.dwWin32ExitCode,
        .dwCheckPoint = first.dwCheckPoint,
        .dwWaitHint = first.dwWaitHint,
        .dwProcessId = service->state == SERVICE_STOPPED ? 0 : service->process};
    return TRUE;
}

static HANDLE WINAPI open_process(DWORD rights, BOOL inherit, DWORD id)
{
    assert_int_equal(rights, SYNCHRONIZE); /* no more than what waiting takes */
    assert_false(inherit);
    if (fake_services_must_fail("OpenProcess"))
        return NULL;
    const struct fake_service *service = running_in(id);
    if (!service)
        return fake_services_refuse(ERROR_INVALID_PARAMETER), NULL;
    if (service->process_denied)
        return fake_services_refuse(ERROR_ACCESS_DENIED), NULL;
    assert_true(handle_count < HANDLES_MAX);
    handles[handle_count].id = id;
    handles[handle_count].open = true;
    return (HANDLE)(uintptr_t)(HANDLE_BASE + handle_count++);
}

static size_t index_of(HANDLE handle)
{
    uintptr_t index = (uintptr_t)handle - HANDLE_BASE;

    if ((uintptr_t)handle < HANDLE_BASE || index >= handle_count || !handles[index].open)
        fail_msg("a process that is not open: %p", (void *)handle);
    return index;
}

bool fake_services_has_ended(HANDLE process)
{
    return !running_in(handles[index_of(process)].id);
}

/* Whether it has ended, without a wait. */
static DWORD WINAPI wait_for_process(HANDLE process, DWORD ms)
{
    assert_int_equal(ms, 0);
    if (fake_services_must_fail("WaitForSingleObject"))
        return WAIT_FAILED;
    return fake_services_has_ended(process) ? WAIT_OBJECT_0 : WAIT_TIMEOUT;
}

static BOOL WINAPI close_process(HANDLE process)
{
    handles[index_of(process)].open = false;
    return TRUE;
}

void fake_services_install_process_calls(void)
{
    own_service_calls.QueryServiceStatusEx = query_status;
    own_service_calls.OpenProcess = open_process;
    own_service_calls.WaitForSingleObject = wait_for_process;
    own_service_calls.CloseHandle = close_process;
}
