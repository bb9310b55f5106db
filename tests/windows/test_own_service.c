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
    static const char *const calls[] = {"OpenSCManager", "OpenService", "QueryServiceStatus"};
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_runs_unless_it_is_stopped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_nobody_can_tell_of_does_not_run, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(it_gets_the_control, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_error_is_that_of_the_call_that_failed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(who_is_stopped_or_on_the_way_hears_nothing, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
