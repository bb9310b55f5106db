/* test_smtp_service_faults.c: whatever call fails during a restart, nothing is left stopped unsaid.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "smtp_restart_scene.h"

/* One failing call, wherever it is, whatever it says, leaves nothing stopped. */
static void any_one_call_may_fail(void **state)
{
    unsigned calls = 1;

    (void)state;
    for (size_t i = 0; i < SCENE_CODES; i++)
        for (unsigned n = 1; n <= calls + 4; n++) {
            scene_slow();
            fake_services_fail(n, scene_codes[i]);
            enum smtp_result result = restart();
            if (!fake_services_failed())
                calls = fake_services_calls();
            else if (calls < n)
                calls = n;
            fake_services_advance(60000);
            if (smtp->state != SERVICE_RUNNING || first->state != SERVICE_RUNNING ||
                second->state != SERVICE_RUNNING)
                fail_msg("call %u (%s) failing with %lu: result %d, states %lu %lu %lu", n,
                         fake_services_failed(), (unsigned long)scene_codes[i], (int)result,
                         (unsigned long)smtp->state, (unsigned long)first->state,
                         (unsigned long)second->state);
            /* the one failure that promises an effect, which here it has not */
            bool lost = scene_codes[i] == ERROR_SERVICE_REQUEST_TIMEOUT;
            if (result != SMTP_RESTARTED && result != SMTP_FAILED && result != SMTP_NOT_RUNNING &&
                result != SMTP_OPERATOR && !(lost && result == SMTP_STOP_TIMEOUT))
                fail_msg("call %u (%s) failing with %lu: result %d", n, fake_services_failed(),
                         (unsigned long)scene_codes[i], (int)result);
            if (result == SMTP_FAILED)
                assert_non_null(restart_outcome.call);
            if (result != SMTP_RESTARTED && smtp->starts != 0)
                fail_msg("call %u (%s) failing with %lu: result %d, started", n,
                         fake_services_failed(), (unsigned long)scene_codes[i], (int)result);
        }
    assert_in_range(calls, 30, 200);
}

/* A call that fails for a while: then the result tells what is down. */
static void any_call_may_fail_for_a_while(void **state)
{
    static const char *const names[] = {
        "OpenSCManager", "OpenService",           "QueryServiceStatus", "ControlService",
        "StartService",  "EnumDependentServices", "CloseServiceHandle", "WaitForSingleObject"};
    (void)state;
    for (size_t name = 0; name < ARRAYSIZE(names); name++)
        for (size_t i = 0; i < SCENE_CODES; i++)
            for (unsigned skip = 0; skip < 12; skip++)
                for (unsigned times = 2; times <= 50; times *= 5) {
                    scene_slow();
                    fake_services_fail_named(names[name], skip, times, scene_codes[i]);
                    enum smtp_result result = restart();
                    fake_services_advance(1000);
                    bool smtp_runs = smtp->state == SERVICE_RUNNING;
                    bool all_run = smtp_runs && first->state == SERVICE_RUNNING &&
                                   second->state == SERVICE_RUNNING;
                    bool left = result == SMTP_DEPENDENT_LEFT || result == SMTP_UNTOUCHED;
                    if (left ? !smtp_runs : !all_run)
                        fail_msg("%s failing with %lu, %u times after %u: result %d", names[name],
                                 (unsigned long)scene_codes[i], times, skip, (int)result);
                }
}

static void waits_that_fail_do_not_spin(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_time = 60000;
    fake_services_fail_named("WaitForSingleObject", 0, 1000000, ERROR_INVALID_HANDLE);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_true(fake_services_calls() < 1000); /* spinning makes 30,000 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_one_call_may_fail),
        cmocka_unit_test(any_call_may_fail_for_a_while),
        cmocka_unit_test(waits_that_fail_do_not_spin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
