#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "app/logging_reports.h"
#include "uninstallation_scene.h"
#include "windows/boot.h"
#include "windows/parameters.h"

struct uninstallation uninstallation_scene_result;

DWORD uninstallation_scene_run(bool keep_state)
{
    uninstallation_scene_result = (struct uninstallation){.keep_state = keep_state};
    recorder_start();
    DWORD error = uninstallation_run(&uninstallation_scene_result, &scene_failure);
    scene_assert_closed();
    return error;
}

void uninstallation_scene_lock(uint32_t count, enum lock_action action)
{
    store_begin();
    store_assert_opens();
    for (uint32_t i = 0; i < count; i++) {
        struct incident incident = incident_of(i + 1);
        incident.state = INCIDENT_LOCKED;
        incident.action = action;
        wcscpy(incident.change.user, L"bob");
        wcscpy(incident.change.server, i % 2 ? L"" : L"\\\\DC1");
        assert_int_equal(incident_store_put(&store, &incident), ERROR_SUCCESS);
    }
    incident_store_end(&store);
}

void uninstallation_scene_put_level(DWORD level)
{
    fake_registry_put(UNINSTALLATION_SCENE_LEVELS, L"7 SMTP Protocol", REG_DWORD, &level,
                      sizeof level);
}

/* What RelayLock does when it starts. */
static void raise_levels(void)
{
    struct logging_failure failure;
    recorder_start();
    assert_int_equal(logging_raise(L"MSExchangeTransport", false, &logging_reports, &failure),
                     ERROR_SUCCESS);
}

void uninstallation_scene_host(void)
{
    static const wchar_t limits[] = L"9/1m";
    static const DWORD four = 4;
    scene_new_host(false);
    uninstallation_scene_put_level(0);
    fake_registry_remove(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock"); /* not there yet */
    scene_remember();
    fake_registry_make(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock"); /* by the manager */
    scene_install();
    fake_registry_put(PARAMETERS_KEY, L"MaxLocksPerHour", REG_DWORD, &four, sizeof(four));
    fake_registry_put(PARAMETERS_KEY L"\\Accounts\\bob", L"Limits", REG_SZ, limits, sizeof(limits));
    fake_registry_put(PARAMETERS_KEY L"\\Accounts\\CONTOSO/ann", L"Limits", REG_SZ, limits,
                      sizeof(limits));
    fake_registry_make(PARAMETERS_KEY L"\\Old\\a\\b\\c");
    assert_int_not_equal(boot_number(), 0);
    raise_levels();
}
