/* test_own_service.c: the running service, as a verb sees it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake_services.h"
#include "windows/installation.h"
#include "windows/own_service.h"

enum { CONTROL = 130 };

static struct fake_service *own;
static const char *call;

static int set_up(void **state)
{
    (void)state;
    fake_services_reset(0);
    own = fake_services_add(INSTALLATION_SERVICE);
    own->start_hangs = own->stop_hangs = true; /* a state stays as it was set */
    call = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(fake_services_open_handles(), 0);
    return 0;
}

static void it_runs_unless_it_is_stopped(void **state)
{
    static const DWORD states[] = {SERVICE_RUNNING, SERVICE_PAUSED, SERVICE_START_PENDING,
                                   SERVICE_STOP_PENDING};
    (void)state;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        own->state = states[i];
        assert_true(own_service_is_running());
    }
    own->state = SERVICE_STOPPED;
    assert_false(own_service_is_running());
}

static void one_that_nobody_can_tell_of_does_not_run(void **state)
{
    static const char *const calls[] = {"OpenSCManager", "OpenService", "QueryServiceStatusEx"};
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        fake_services_fail_named(calls[i], 0, 1, ERROR_ACCESS_DENIED);
        assert_false(own_service_is_running());
        assert_string_equal(fake_services_failed(), calls[i]);
    }
    own->exists = false;
    assert_false(own_service_is_running());
}

static void it_gets_the_control(void **state)
{
    (void)state;
    assert_int_equal(own_service_control(CONTROL, &call), ERROR_SUCCESS);
    assert_int_equal(own->told, CONTROL);
    own->state = SERVICE_PAUSED;
    assert_int_equal(own_service_control(CONTROL + 1, &call), ERROR_SUCCESS);
    assert_int_equal(own->told, CONTROL + 1);
}

static void the_error_is_that_of_the_call_that_failed(void **state)
{
    static const char *const calls[] = {"OpenSCManager", "OpenService", "ControlService"};
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        fake_services_fail_named(calls[i], 0, 1, RPC_S_SERVER_UNAVAILABLE);
        assert_int_equal(own_service_control(CONTROL, &call), RPC_S_SERVER_UNAVAILABLE);
        assert_string_equal(call, calls[i]);
    }
    own->denied = SERVICE_USER_DEFINED_CONTROL;
    assert_int_equal(own_service_control(CONTROL, &call), ERROR_ACCESS_DENIED);
    assert_string_equal(call, "OpenService");
    assert_int_equal(own->told, 0);
}

static void who_is_stopped_or_on_the_way_hears_nothing(void **state)
{
    (void)state;
    own->state = SERVICE_STOPPED;
    assert_int_equal(own_service_control(CONTROL, &call), ERROR_SERVICE_NOT_ACTIVE);
    assert_string_equal(call, "ControlService");
    own->state = SERVICE_START_PENDING;
    assert_int_equal(own_service_control(CONTROL, &call), ERROR_SERVICE_CANNOT_ACCEPT_CTRL);
    assert_int_equal(own->told, 0);
}

/* ---- its process ---------------------------------------------------------------------------- */

static struct own_service_process process;

static void stop(void)
{
    own->stop_hangs = false;
    fake_services_begin_stop(own);
}

static void its_process_ends_with_it(void **state)
{
    (void)state;
    assert_int_equal(own_service_find(&process, &call), ERROR_SUCCESS);
    assert_false(own_service_has_ended(&process));
    own->state = SERVICE_STOP_PENDING;
    assert_false(own_service_has_ended(&process)); /* it may answer yet */
    stop();
    assert_true(own_service_has_ended(&process));
    own_service_let_go(&process);
}

static void another_run_is_another_process(void **state)
{
    (void)state;
    for (unsigned denied = 0; denied < 2; denied++) {
        own->process_denied = denied;
        assert_int_equal(own_service_find(&process, &call), ERROR_SUCCESS);
        assert_int_equal(process.handle == NULL, denied);
        stop();
        fake_services_begin_start(own);
        assert_true(own_service_is_running());
        assert_true(own_service_has_ended(&process));
        own_service_let_go(&process);
    }
}

static void where_its_process_is_denied_windows_is_asked(void **state)
{
    static const char *const calls[] = {"OpenSCManager", "OpenService", "QueryServiceStatusEx"};
    (void)state;
    own->process_denied = true;
    assert_int_equal(own_service_find(&process, &call), ERROR_SUCCESS);
    assert_null(process.handle);
    assert_false(own_service_has_ended(&process));
    stop();
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        fake_services_fail_named(calls[i], 0, 1, RPC_S_SERVER_UNAVAILABLE);
        assert_false(own_service_has_ended(&process)); /* nobody can tell */
    }
    assert_true(own_service_has_ended(&process));
    own_service_let_go(&process);
}

static void who_does_not_run_has_no_process(void **state)
{
    static const char *const calls[] = {"OpenSCManager", "OpenService", "QueryServiceStatusEx"};
    (void)state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        fake_services_fail_named(calls[i], 0, 1, ERROR_ACCESS_DENIED);
        assert_int_equal(own_service_find(&process, &call), ERROR_ACCESS_DENIED);
        assert_string_equal(call, calls[i]);
    }
    stop();
    assert_int_equal(own_service_find(&process, &call), ERROR_SERVICE_NOT_ACTIVE);
    assert_string_equal(call, "finding the process of the service");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_runs_unless_it_is_stopped),
        TEST(one_that_nobody_can_tell_of_does_not_run),
        TEST(it_gets_the_control),
        TEST(the_error_is_that_of_the_call_that_failed),
        TEST(who_is_stopped_or_on_the_way_hears_nothing),
        TEST(its_process_ends_with_it),
        TEST(another_run_is_another_process),
        TEST(where_its_process_is_denied_windows_is_asked),
        TEST(who_does_not_run_has_no_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
