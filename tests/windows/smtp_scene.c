#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "smtp_scene.h"

struct fake_service *smtp, *first, *second;

const DWORD scene_codes[SCENE_CODES] = {ERROR_ACCESS_DENIED,
                                        ERROR_INVALID_HANDLE,
                                        ERROR_NOT_ENOUGH_MEMORY,
                                        ERROR_SERVICE_REQUEST_TIMEOUT,
                                        ERROR_SERVICE_CANNOT_ACCEPT_CTRL,
                                        ERROR_SERVICE_NOT_ACTIVE,
                                        ERROR_DEPENDENT_SERVICES_RUNNING,
                                        ERROR_SERVICE_ALREADY_RUNNING,
                                        ERROR_SERVICE_MARKED_FOR_DELETE,
                                        ERROR_MORE_DATA,
                                        RPC_S_SERVER_UNAVAILABLE,
                                        RPC_S_CALL_FAILED,
                                        ERROR_SUCCESS};

void scene_smtp(void)
{
    fake_services_reset(1000);
    smtp = fake_services_add(L"SMTPSVC");
}

void scene_dependents(void)
{
    scene_smtp();
    first = fake_services_add(L"First");
    second = fake_services_add(L"Second");
    fake_services_depend(first, L"SMTPSVC");
    fake_services_depend(second, L"SMTPSVC");
    fake_services_depend(second, L"First");
}

void scene_slow(void)
{
    scene_dependents();
    second->stop_time = first->stop_time = smtp->stop_time = 400;
    second->start_time = first->start_time = smtp->start_time = 300;
}

void scene_assert_all_run(void)
{
    assert_int_equal(smtp->state, SERVICE_RUNNING);
    assert_int_equal(first->state, SERVICE_RUNNING);
    assert_int_equal(second->state, SERVICE_RUNNING);
}

void scene_start_it(void *context)
{
    struct fake_service *service = context;

    if (service->state == SERVICE_STOPPED)
        fake_services_begin_start(service);
}
