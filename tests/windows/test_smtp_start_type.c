/* test_smtp_start_type.c: what is disabled could not be started again, so it is not stopped. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "smtp_restart_scene.h"

static void assert_disabled(const wchar_t *name)
{
    assert_int_equal(restart(), SMTP_FAILED);
    assert_string_equal(restart_outcome.call, "checking the start type");
    assert_int_equal(restart_outcome.error, ERROR_SERVICE_DISABLED);
    assert_int_equal(wcscmp(restart_outcome.name, name), 0);
    scene_assert_all_run();
}

static void a_disabled_service_is_not_stopped(void **state)
{
    (void)state;
    scene_dependents();
    smtp->start_type = SERVICE_DISABLED;
    assert_disabled(L"SMTPSVC");
    assert_int_equal(second->stops + first->stops + smtp->stops, 0);
}

static void nor_is_one_with_a_disabled_dependent(void **state)
{
    (void)state;
    scene_dependents();
    first->start_type = SERVICE_DISABLED;
    assert_disabled(L"First");
    assert_int_equal(second->stops + first->stops + smtp->stops, 0);
    first->start_type = SERVICE_AUTO_START;
    second->start_type = SERVICE_DISABLED; /* it need not be started */
    second->state = SERVICE_STOPPED;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(second->starts, 0);
}

static bool refuse_intent(void *context, const struct smtp_stop_list *list)
{
    (void)list;
    ++*(unsigned *)context;
    return false;
}

static void nothing_is_told_to_be_stopped_then(void **state)
{
    unsigned intents = 0;
    struct smtp_options options = {.service = L"SMTPSVC",
                                   .stop_timeout = 120000,
                                   .abandon = fake_services_abandon(),
                                   .intend = refuse_intent,
                                   .context = &intents};

    (void)state;
    scene_dependents();
    second->start_type = SERVICE_DISABLED;
    smtp_restart(&options, &restart_outcome);
    assert_int_equal(restart_outcome.error, ERROR_SERVICE_DISABLED);
    assert_int_equal(intents, 0);
}

static void start_and_disable(void *context)
{
    struct fake_service *service = context;

    scene_start_it(service);
    service->start_type = SERVICE_DISABLED;
}

static void one_that_appears_meanwhile_ends_it(void **state)
{
    (void)state;
    scene_dependents();
    first->stop_time = 3000;
    fake_services_after(1500, start_and_disable, second);
    assert_disabled(L"Second");
    assert_int_equal(smtp->stops, 0);
    assert_int_equal(first->starts, 1);
    assert_int_equal(second->stops, 1);
}

static void what_cannot_be_asked_for_is_restarted(void **state)
{
    static const DWORD errors[] = {ERROR_ACCESS_DENIED, ERROR_INSUFFICIENT_BUFFER,
                                   RPC_S_CALL_FAILED};

    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(errors); i++) {
        scene_dependents();
        fake_services_fail_named("QueryServiceConfig", 0, 1000, errors[i]);
        assert_int_equal(restart(), SMTP_RESTARTED);
        assert_string_equal(fake_services_failed(), "QueryServiceConfig");
        assert_null(restart_outcome.call);
        scene_assert_all_run();
    }
    scene_dependents();
    smtp->denied = first->denied = second->denied = SERVICE_QUERY_CONFIG;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_null(restart_outcome.call);
    scene_assert_all_run();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disabled_service_is_not_stopped),
        cmocka_unit_test(nor_is_one_with_a_disabled_dependent),
        cmocka_unit_test(nothing_is_told_to_be_stopped_then),
        cmocka_unit_test(one_that_appears_meanwhile_ends_it),
        cmocka_unit_test(what_cannot_be_asked_for_is_restarted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
