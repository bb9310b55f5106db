/* What uninstall takes, what it leaves, and what it says last. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "uninstallation_scene.h"
#include "windows/boot.h"
#include "windows/hardening_memory.h"
#include "windows/logging_memory.h"
#include "windows/parameters.h"
#include "windows/tarpit.h"

/* The manager takes the service's key with the service. Nothing else may be left in it. */
static void assert_nothing_left(void)
{
    assert_null(scene_service());
    assert_false(fake_registry_has(PARAMETERS_KEY));
    assert_false(fake_registry_has(BOOT_KEY));
    assert_false(fake_registry_has(HARDENING_KEY));
    assert_false(fake_registry_has(LOGGING_KEY));
    fake_registry_remove(L"SYSTEM\\CurrentControlSet\\Services\\RelayLock");
    scene_assert_as_remembered();
    assert_false(fake_files_exists(FAKE_FILES_FOLDER));
}

static void nothing_is_left(void **state)
{
    (void)state;
    uninstallation_scene_host();
    assert_int_equal(uninstallation_scene_run(false), ERROR_SUCCESS);
    assert_nothing_left();
    assert_false(uninstallation_scene_result.kept);
    assert_int_equal(recorder_count(MSG_UNINSTALLED), 1);
    assert_int_equal(recorder_count(MSG_UNINSTALLED_LOCKED), 0);
    recorder_expect(MSG_UNINSTALLED, 0, L"RelayLock was removed. No account is locked by it.");
    assert_int_equal(recorder_count(MSG_LOGGING_PUT_BACK), 1);
    recorder_expect(MSG_LOGGING_PUT_BACK, 3, L"0 (None)");
}

static void levels_that_cannot_be_put_back_are_told_and_stop_nothing(void **state)
{
    (void)state;
    uninstallation_scene_host();
    fake_registry_deny(UNINSTALLATION_SCENE_LEVELS);
    assert_int_equal(uninstallation_scene_run(false), ERROR_ACCESS_DENIED);
    assert_string_equal(scene_failure.call, "RegOpenKeyExW");
    assert_int_equal(
        wcscmp(scene_failure.object, L"MSExchangeTransport\\Diagnostics\\7 SMTP Protocol"), 0);
    assert_int_equal(recorder_count(MSG_LOGGING_NOT_PUT_BACK), 1);
    recorder_expect(MSG_LOGGING_NOT_PUT_BACK, 1,
                    L"MSExchangeTransport\\Diagnostics\\7 SMTP Protocol");
    assert_int_equal(recorder_count(MSG_UNINSTALLED), 1);
    assert_null(scene_service());
    assert_false(fake_registry_has(LOGGING_KEY));
}

static void without_relaylock_it_does_and_says_nothing(void **state)
{
    (void)state;
    scene_new_host(false);
    scene_remember();
    assert_int_equal(uninstallation_scene_run(false), ERROR_SUCCESS);
    scene_assert_as_remembered();
    fake_registry_reset();
    assert_int_equal(uninstallation_scene_run(true), ERROR_SUCCESS);
    assert_int_equal(recorder_count(MSG_UNINSTALLED), 0);
}

static void of_a_part_it_takes_the_rest(void **state)
{
    (void)state;
    for (unsigned missing = 0; missing < 4; missing++) {
        uninstallation_scene_host();
        if (missing == 0)
            scene_service()->exists = false;
        if (missing == 1)
            fake_registry_remove(PARAMETERS_KEY);
        if (missing == 2)
            fake_registry_remove(INSTALLATION_SOURCE_KEY);
        if (missing == 3)
            fake_files_remove(FAKE_FILES_FOLDER);
        assert_int_equal(uninstallation_scene_run(false), ERROR_SUCCESS);
        assert_nothing_left();
        assert_int_equal(recorder_count(MSG_UNINSTALLED), 1);
    }
}

/* ---- the service stops ---------------------------------------------------------------------- */

static void the_service_is_stopped_first(void **state)
{
    (void)state;
    uninstallation_scene_host();
    struct fake_service *service = scene_service();
    service->state = SERVICE_RUNNING;
    service->stop_time = 20000;
    assert_int_equal(uninstallation_scene_run(false), ERROR_SUCCESS);
    assert_int_equal(service->stops, 1);
    assert_nothing_left();
}

static void one_that_is_starting_is_waited_for(void **state)
{
    (void)state;
    uninstallation_scene_host();
    scene_service()->start_time = 5000;
    fake_services_begin_start(scene_service());
    assert_int_equal(uninstallation_scene_run(false), ERROR_SUCCESS);
    assert_nothing_left();
}

static void one_that_will_not_stop_keeps_all_it_needs(void **state)
{
    (void)state;
    uninstallation_scene_host();
    struct fake_service *service = scene_service();
    service->state = SERVICE_RUNNING;
    service->stop_hangs = true;
    DWORD before = fake_services_now();
    assert_int_equal(uninstallation_scene_run(false), ERROR_TIMEOUT);
    assert_string_equal(scene_failure.call, "ControlService");
    assert_in_range(fake_services_now() - before, INSTALLATION_STOP_LIMIT,
                    INSTALLATION_STOP_LIMIT + 500);
    assert_ptr_equal(scene_service(), service);
    scene_assert_number(PARAMETERS_KEY, L"MaxLocksPerHour", 4);
    assert_true(fake_registry_has(INSTALLATION_SOURCE_KEY));
    assert_true(fake_files_exists(FAKE_FILES_FOLDER));
    assert_int_equal(recorder_count(MSG_UNINSTALLED), 0);
    assert_int_equal(recorder_count(MSG_LOGGING_PUT_BACK), 0); /* it goes on looking */
    assert_true(fake_registry_has(LOGGING_KEY));
}

/* ---- what was hardened ---------------------------------------------------------------------- */

static char16_t hardened[256];

static void hear_hardened(void *context, const char *item, const char16_t *record)
{
    assert_ptr_equal(context, hardened);
    assert_string_equal(item, "TarpitTime");
    wcscpy(hardened, record);
}

static void what_was_hardened_stays_and_is_said(void **state)
{
    static const wchar_t record[] = L"set from nothing to 5";
    static const DWORD five = 5;
    (void)state;
    uninstallation_scene_host();
    fake_registry_put(TARPIT_KEY, TARPIT_NAME, REG_DWORD, &five, sizeof five);
    fake_registry_put(HARDENING_KEY, TARPIT_NAME, REG_SZ, record, sizeof record);
    uninstallation_scene_result =
        (struct uninstallation){.stays_hardened = hear_hardened, .context = hardened};
    recorder_start();
    assert_int_equal(uninstallation_run(&uninstallation_scene_result, &scene_failure),
                     ERROR_SUCCESS);
    scene_assert_closed();
    assert_int_equal(wcscmp(hardened, record), 0);
    recorder_expect(MSG_UNINSTALLED, 1,
                    L"Its settings and its journal were removed, too. TarpitTime stays as it is: "
                    L"set from nothing to 5.");
    DWORD type, size;
    const DWORD *stays = fake_registry_get(TARPIT_KEY, TARPIT_NAME, &type, &size);
    assert_non_null(stays);
    assert_int_equal(*stays, 5);
    assert_false(fake_registry_has(HARDENING_KEY));
}

/* ---- what fails ----------------------------------------------------------------------------- */

enum kind { SERVICES, REGISTRY, DISK, KINDS };

static bool was_reached(enum kind kind)
{
    switch (kind) {
    case SERVICES:
        return fake_services_failed() != NULL;
    case REGISTRY:
        return fake_registry_failed() != NULL;
    default:
        return fake_files_calls.made >= fake_files_calls.fail_at;
    }
}

static void fail_nth(enum kind kind, unsigned n, DWORD code)
{
    if (kind == SERVICES)
        fake_services_fail(n, code);
    else if (kind == REGISTRY)
        fake_registry_fail(n, (LSTATUS)code);
    else
        fake_calls_fail(&fake_files_calls, n, code, false);
}

static void whatever_fails_is_named_and_can_be_done_again(void **state)
{
    static const DWORD codes[] = {ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE, ERROR_NOT_READY,
                                  ERROR_SERVICE_REQUEST_TIMEOUT};
    unsigned failures = 0;
    (void)state;
    for (enum kind kind = SERVICES; kind < KINDS; kind++)
        for (size_t i = 0; i < ARRAYSIZE(codes); i++)
            for (unsigned n = 1;; n++) {
                uninstallation_scene_host();
                uninstallation_scene_lock(0, LOCK_DISABLE);
                scene_service()->state = SERVICE_RUNNING;
                fail_nth(kind, n, codes[i]);
                DWORD error = uninstallation_scene_run(false);
                if (!was_reached(kind))
                    break;
                if (recorder_count(MSG_LOGGING_NOT_PUT_BACK)) /* by hand then, as it says */
                    uninstallation_scene_put_level(0);
                if (error) {
                    failures++;
                    assert_non_null(scene_failure.call);
                    assert_true(scene_failure.object[0] != 0);
                }
                assert_int_equal(uninstallation_scene_run(false), ERROR_SUCCESS);
                assert_nothing_left();
            }
    assert_in_range(failures, 100, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_left),
        cmocka_unit_test(levels_that_cannot_be_put_back_are_told_and_stop_nothing),
        cmocka_unit_test(without_relaylock_it_does_and_says_nothing),
        cmocka_unit_test(of_a_part_it_takes_the_rest),
        cmocka_unit_test(the_service_is_stopped_first),
        cmocka_unit_test(one_that_is_starting_is_waited_for),
        cmocka_unit_test(one_that_will_not_stop_keeps_all_it_needs),
        cmocka_unit_test(what_was_hardened_stays_and_is_said),
        cmocka_unit_test(whatever_fails_is_named_and_can_be_done_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
