/* The service under a service control manager that keeps state and behaves as documented:
 * StartServiceCtrlDispatcher runs ServiceMain on a thread of its own and returns once the service
 * has reported SERVICE_STOPPED; controls arrive on the dispatcher's thread. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/control.h"
#include "app/service.h"
#include "windows/report.h"

enum { STATES_MAX = 64, PATIENCE = 5000 };

static struct {
    LPHANDLER_FUNCTION_EX handler;
    SERVICE_STATUS states[STATES_MAX];
    volatile LONG count;
    HANDLE stopped; /* SERVICE_STOPPED was reported, or the process ended */
    HANDLE watching;
    struct control *control;
    DWORD watch_result;
    volatile LONG exit_code; /* of ExitProcess; -1 not called */
    DWORD register_error;
    bool old; /* before Windows Vista: refuses a status with a control that it does not know */
    volatile LONG failures_told;
} scm;

static SERVICE_STATUS_HANDLE WINAPI fake_register(LPCWSTR name, LPHANDLER_FUNCTION_EX handler,
                                                  LPVOID context)
{
    (void)context;
    assert_int_equal(lstrcmpW(name, L"RelayLock"), 0);
    if (scm.register_error) {
        SetLastError(scm.register_error);
        return NULL;
    }
    scm.handler = handler;
    return (SERVICE_STATUS_HANDLE)&scm;
}

static BOOL WINAPI fake_set_status(SERVICE_STATUS_HANDLE handle, LPSERVICE_STATUS status)
{
    assert_ptr_equal(handle, &scm);
    if (scm.old && (status->dwControlsAccepted & SERVICE_ACCEPT_PRESHUTDOWN) != 0) {
        SetLastError(ERROR_INVALID_DATA);
        return FALSE;
    }
    assert_in_range(scm.count, 0, STATES_MAX - 1);
    scm.states[scm.count] = *status;
    InterlockedIncrement(&scm.count);
    if (status->dwCurrentState == SERVICE_STOPPED)
        SetEvent(scm.stopped);
    return TRUE;
}

static DWORD WINAPI run_main(LPVOID entry)
{
    ((const SERVICE_TABLE_ENTRYW *)entry)->lpServiceProc(0, NULL);
    return 0;
}

static BOOL WINAPI fake_dispatcher(const SERVICE_TABLE_ENTRYW *table)
{
    HANDLE thread = CreateThread(NULL, 0, run_main, (LPVOID)(uintptr_t)table, 0, NULL);
    assert_non_null(thread);
    assert_int_equal(WaitForSingleObject(scm.stopped, PATIENCE), WAIT_OBJECT_0);
    WaitForSingleObject(thread, PATIENCE);
    CloseHandle(thread);
    return TRUE;
}

static BOOL WINAPI fake_dispatcher_in_console(const SERVICE_TABLE_ENTRYW *table)
{
    (void)table;
    SetLastError(ERROR_FAILED_SERVICE_CONTROLLER_CONNECT);
    return FALSE;
}

static void WINAPI fake_exit(UINT code)
{
    InterlockedExchange(&scm.exit_code, (LONG)code);
    SetEvent(scm.stopped);
}

/* A watcher that does what it is asked and ends when told to. */
static DWORD fake_watch(struct control *control)
{
    scm.control = control;
    SetEvent(scm.watching);
    const HANDLE handles[] = {control->stop, control->request};
    while (!scm.watch_result &&
           WaitForMultipleObjects(2, handles, FALSE, PATIENCE) == WAIT_OBJECT_0 + 1)
        control->observing(control->context, control->observe != 0);
    return scm.watch_result;
}

static HANDLE WINAPI fake_source(LPCWSTR server, LPCWSTR name)
{
    (void)server;
    (void)name;
    return (HANDLE)&scm;
}

static BOOL WINAPI fake_report(HANDLE source, WORD type, WORD category, DWORD id, PSID sid,
                               WORD strings, DWORD bytes, LPCWSTR *text, LPVOID data)
{
    (void)source, (void)type, (void)category, (void)sid, (void)strings, (void)bytes, (void)text;
    (void)data;
    if (id == MSG_FAILED)
        InterlockedIncrement(&scm.failures_told);
    return TRUE;
}

static int set_up(void **state)
{
    (void)state;
    memset(&scm, 0, sizeof scm);
    scm.exit_code = -1;
    scm.stopped = CreateEventW(NULL, TRUE, FALSE, NULL);
    scm.watching = CreateEventW(NULL, TRUE, FALSE, NULL);
    service_calls = (struct service_calls){.StartServiceCtrlDispatcherW = fake_dispatcher,
                                           .RegisterServiceCtrlHandlerExW = fake_register,
                                           .SetServiceStatus = fake_set_status,
                                           .watch = fake_watch,
                                           .ExitProcess = fake_exit};
    report_calls.RegisterEventSourceW = fake_source;
    report_calls.ReportEventW = fake_report;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    CloseHandle(scm.stopped);
    CloseHandle(scm.watching);
    return 0;
}

static DWORD WINAPI serve(LPVOID result)
{
    *(DWORD *)result = service_serve();
    return 0;
}

static HANDLE start(DWORD *result)
{
    HANDLE thread = CreateThread(NULL, 0, serve, result, 0, NULL);
    assert_non_null(thread);
    assert_int_equal(WaitForSingleObject(scm.watching, PATIENCE), WAIT_OBJECT_0);
    return thread;
}

static void join(HANDLE thread)
{
    assert_int_equal(WaitForSingleObject(thread, PATIENCE), WAIT_OBJECT_0);
    CloseHandle(thread);
}

static DWORD send(DWORD code)
{
    return scm.handler(code, 0, NULL, NULL);
}

static const SERVICE_STATUS *last(void)
{
    return &scm.states[scm.count - 1];
}

static void wait_for_state(DWORD state)
{
    for (int i = 0; i < PATIENCE / 10 && last()->dwCurrentState != state; i++)
        Sleep(10);
    assert_int_equal(last()->dwCurrentState, state);
}

static void starts_pending_then_running_and_stops_with_exit_code_0(void **state)
{
    (void)state;
    DWORD result = 99;
    HANDLE thread = start(&result);
    assert_int_equal(scm.states[0].dwCurrentState, SERVICE_START_PENDING);
    assert_int_equal(scm.states[0].dwControlsAccepted, 0);
    assert_int_not_equal(scm.states[0].dwWaitHint, 0);
    assert_int_equal(scm.states[1].dwCurrentState, SERVICE_RUNNING);
    assert_int_equal(scm.states[1].dwCheckPoint, 0);
    assert_int_equal(scm.states[1].dwControlsAccepted,
                     SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PRESHUTDOWN |
                         SERVICE_ACCEPT_PAUSE_CONTINUE | SERVICE_ACCEPT_PARAMCHANGE);
    assert_int_equal(send(SERVICE_CONTROL_STOP), NO_ERROR);
    join(thread);
    assert_int_equal(result, ERROR_SUCCESS);
    assert_int_equal(scm.states[2].dwCurrentState, SERVICE_STOP_PENDING);
    assert_int_equal(scm.states[2].dwControlsAccepted, 0);
    assert_int_equal(last()->dwCurrentState, SERVICE_STOPPED);
    assert_int_equal(last()->dwWin32ExitCode, NO_ERROR);
    assert_int_equal(scm.exit_code, -1);
}

static void preshutdown_stops_it_too(void **state)
{
    (void)state;
    DWORD result = 99;
    HANDLE thread = start(&result);
    assert_int_equal(send(SERVICE_CONTROL_PRESHUTDOWN), NO_ERROR);
    join(thread);
    assert_int_equal(last()->dwCurrentState, SERVICE_STOPPED);
}

/* The last of the tests: what this process has found out of its Windows it keeps. */
static void before_vista_it_is_stopped_with_all_others(void **state)
{
    (void)state;
    DWORD result = 99;
    scm.old = true;
    HANDLE thread = start(&result);
    assert_int_equal(scm.count, 2);
    assert_int_equal(scm.states[1].dwCurrentState, SERVICE_RUNNING);
    assert_int_equal(scm.states[1].dwControlsAccepted,
                     SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN | SERVICE_ACCEPT_PAUSE_CONTINUE |
                         SERVICE_ACCEPT_PARAMCHANGE);
    assert_int_equal(send(SERVICE_CONTROL_PAUSE), NO_ERROR);
    wait_for_state(SERVICE_PAUSED);
    assert_int_equal(last()->dwControlsAccepted, scm.states[1].dwControlsAccepted);
    assert_int_equal(send(SERVICE_CONTROL_SHUTDOWN), NO_ERROR);
    join(thread);
    assert_int_equal(last()->dwCurrentState, SERVICE_STOPPED);
}

static void pause_and_continue_are_told_once_in_force(void **state)
{
    (void)state;
    DWORD result = 99;
    HANDLE thread = start(&result);
    assert_int_equal(send(SERVICE_CONTROL_PAUSE), NO_ERROR);
    wait_for_state(SERVICE_PAUSED);
    assert_int_equal(scm.states[2].dwCurrentState, SERVICE_PAUSE_PENDING);
    assert_int_equal(scm.control->observe, 1);
    assert_int_equal(send(SERVICE_CONTROL_PAUSE), NO_ERROR);
    wait_for_state(SERVICE_PAUSED);
    assert_int_equal(send(SERVICE_CONTROL_CONTINUE), NO_ERROR);
    wait_for_state(SERVICE_RUNNING);
    assert_int_equal(scm.control->observe, 0);
    send(SERVICE_CONTROL_STOP);
    join(thread);
}

static void other_controls_are_noted_or_refused(void **state)
{
    (void)state;
    DWORD result = 99;
    HANDLE thread = start(&result);
    LONG before = scm.count;
    assert_int_equal(send(SERVICE_CONTROL_INTERROGATE), NO_ERROR);
    assert_int_equal(scm.count, before);
    assert_int_equal(send(SERVICE_CONTROL_PARAMCHANGE), NO_ERROR);
    assert_true(control_take(&scm.control->reload));
    assert_false(control_take(&scm.control->reload));
    assert_int_equal(send(128), NO_ERROR);
    assert_true(control_take(&scm.control->status));
    assert_int_equal(send(127), ERROR_CALL_NOT_IMPLEMENTED);
    assert_int_equal(send(129), NO_ERROR);
    assert_true(control_take(&scm.control->release_latest));
    assert_false(control_take(&scm.control->request_left));
    assert_int_equal(send(130), NO_ERROR);
    assert_true(control_take(&scm.control->request_left));
    assert_false(control_take(&scm.control->release_latest));
    assert_int_equal(send(131), ERROR_CALL_NOT_IMPLEMENTED);
    assert_int_equal(send(255), ERROR_CALL_NOT_IMPLEMENTED);
    send(SERVICE_CONTROL_STOP);
    join(thread);
}

static void a_pause_that_comes_through_late_does_not_undo_a_stop(void **state)
{
    (void)state;
    DWORD result = 99;
    HANDLE thread = start(&result);
    struct control *control = scm.control;
    send(SERVICE_CONTROL_STOP);
    LONG before = scm.count;
    control->observing(control->context, true);
    join(thread);
    for (LONG i = before; i < scm.count; i++)
        assert_int_not_equal(scm.states[i].dwCurrentState, SERVICE_PAUSED);
    assert_int_equal(last()->dwCurrentState, SERVICE_STOPPED);
}

static void a_long_stop_counts_checkpoints_up(void **state)
{
    (void)state;
    DWORD result = 99;
    HANDLE thread = start(&result);
    struct control *control = scm.control;
    control->stopping(control->context);
    DWORD first = last()->dwCheckPoint;
    control->stopping(control->context);
    assert_int_equal(last()->dwCurrentState, SERVICE_STOP_PENDING);
    assert_int_equal(last()->dwCheckPoint, first + 1);
    send(SERVICE_CONTROL_STOP);
    join(thread);
}

static void a_failure_ends_the_process_without_reporting_stopped(void **state)
{
    (void)state;
    DWORD result = 99;
    scm.watch_result = ERROR_NOT_ENOUGH_MEMORY;
    HANDLE thread = start(&result);
    join(thread);
    assert_int_equal(scm.exit_code, ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(scm.failures_told, 1);
    assert_int_equal(last()->dwCurrentState, SERVICE_RUNNING);
}

static void a_refused_handler_ends_the_process_with_its_error(void **state)
{
    (void)state;
    scm.register_error = ERROR_SERVICE_DOES_NOT_EXIST;
    assert_int_equal(service_serve(), ERROR_SUCCESS);
    assert_int_equal(scm.exit_code, ERROR_SERVICE_DOES_NOT_EXIST);
    assert_int_equal(scm.count, 0);
}

static void in_a_console_it_says_so(void **state)
{
    (void)state;
    service_calls.StartServiceCtrlDispatcherW = fake_dispatcher_in_console;
    assert_int_equal(service_serve(), ERROR_FAILED_SERVICE_CONTROLLER_CONNECT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(starts_pending_then_running_and_stops_with_exit_code_0),
        TEST(preshutdown_stops_it_too),
        TEST(pause_and_continue_are_told_once_in_force),
        TEST(other_controls_are_noted_or_refused),
        TEST(a_pause_that_comes_through_late_does_not_undo_a_stop),
        TEST(a_long_stop_counts_checkpoints_up),
        TEST(a_failure_ends_the_process_without_reporting_stopped),
        TEST(a_refused_handler_ends_the_process_with_its_error),
        TEST(in_a_console_it_says_so),
        TEST(before_vista_it_is_stopped_with_all_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
