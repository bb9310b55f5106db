/* test_actions.c: what Windows Installer calls, in the order in which it does, on a host in memory.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <wchar.h>
#include "../../installer/actions.h"
#include "fake_session.h"
#include "installation_scene.h"
#include "../app/report_recorder.h"
#include "windows/parameters.h"

static void begin(void)
{
    fake_session_reset();
    recorder_start();
}

static void assert_note(const wchar_t *action, const wchar_t *expected)
{
    if (wcscmp(fake_session_get(action), expected) != 0)
        fail_msg("%ls: \"%ls\" instead of \"%ls\"", action, fake_session_get(action), expected);
}

/* As the installer does it: the note becomes the action's only property. */
static UINT run(UINT(__stdcall *action)(MSIHANDLE), const wchar_t *name)
{
    static wchar_t note[65536];
    wcscpy(note, fake_session_get(name));
    fake_session_set(L"CustomActionData", note);
    UINT error = action(FAKE_SESSION);
    assert_int_equal(fake_session_open_records(), 0);
    return error;
}
#define RUN(action) run(action, L## #action)

static const wchar_t service_key[] = L"SYSTEM\\CurrentControlSet\\Services\\RelayLock";
static const wchar_t restart_key[] = L"SYSTEM\\CurrentControlSet\\Services\\RelayLock\\Restart";

static void new_host(void)
{
    scene_new_host(false);
    fake_registry_remove(service_key); /* not there yet */
    scene_remember();
}

static void a_first_installation(void **state)
{
    (void)state;
    new_host();
    begin();
    fake_session_set(L"LOCKACTION", L"flag");
    assert_int_equal(RelayLockPlan(FAKE_SESSION), ERROR_SUCCESS);
    scene_assert_as_remembered(); /* nothing is changed before all is checked */
    assert_note(L"RelayLockInstall", L"Action=flag\n");
    assert_note(L"RelayLockStart", L"1");
    assert_int_equal(RUN(RelayLockStop), ERROR_SUCCESS); /* there is none */
    fake_registry_make(service_key);                     /* by the manager */
    assert_int_equal(RUN(RelayLockInstall), ERROR_SUCCESS);
    assert_int_equal(wcscmp(scene_service()->command, SCENE_COMMAND), 0);
    scene_assert_value(PARAMETERS_KEY, L"Action", REG_SZ, L"flag", sizeof L"flag");
    assert_int_equal(RUN(RelayLockTakeBack), ERROR_SUCCESS);
    fake_registry_remove(service_key);
    scene_assert_as_remembered();
}

static void a_wrong_property_ends_it_before_it_begins(void **state)
{
    (void)state;
    new_host();
    begin();
    fake_session_set(L"LIMITS", L"none");
    assert_int_equal(RelayLockPlan(FAKE_SESSION), ERROR_INSTALL_FAILURE);
    assert_int_equal(fake_session_errors(), 1);
    assert_note(L"RelayLockInstall", L"");
    scene_assert_as_remembered();
}

/* A service that runs, the start of which takes its time. */
static void running_host(void)
{
    scene_new_host(false);
    scene_install();
    scene_service()->state = SERVICE_RUNNING;
    scene_service()->controls_accepted = SERVICE_ACCEPT_STOP;
    begin();
}

/* Anybody may have it repaired: whatever the notes would say, none is believed. */
static void a_repair_takes_nothing_from_notes(void **state)
{
    (void)state;
    running_host();
    fake_session_set(L"CustomActionData", L"D:\\evil.exe\nExempt=*\nAction=flag\n");
    wcscpy(scene_service()->command, L"C:\\nowhere.exe");
    fake_registry_remove(INSTALLATION_SOURCE_KEY);
    assert_int_equal(RelayLockRepair(FAKE_SESSION), ERROR_SUCCESS);
    assert_int_equal(wcscmp(scene_service()->command, SCENE_COMMAND), 0);
    assert_true(fake_registry_has(INSTALLATION_SOURCE_KEY));
    DWORD type, size;
    assert_null(fake_registry_get(PARAMETERS_KEY, L"Exempt", &type, &size));
    assert_null(fake_registry_get(PARAMETERS_KEY, L"Action", &type, &size));
    fake_calls_break(&fake_files_calls, "SHGetFolderPathW", ERROR_FILE_NOT_FOUND);
    assert_int_equal(RelayLockRepair(FAKE_SESSION), ERROR_INSTALL_FAILURE);
    assert_non_null(wcsstr(fake_session_error(), L"The service is not repaired: SHGetFolderPathW"));
    assert_int_equal(wcscmp(scene_service()->command, SCENE_COMMAND), 0);
    scene_assert_closed();
}

/* Without a note, what ran runs again, and nothing else; and nothing of that is left. */
static void after_a_repair_it_runs_if_it_did(void **state)
{
    (void)state;
    UINT(__stdcall *const last[])(MSIHANDLE) = {RelayLockStart, RelayLockRestart};
    for (size_t i = 0; i < 2 * ARRAYSIZE(last); i++) {
        const bool ran = i % 2 == 0;
        running_host();
        fake_registry_make(restart_key); /* of a repair that was ended */
        if (!ran)
            scene_service()->state = SERVICE_STOPPED;
        assert_int_equal(RUN(RelayLockStop), ERROR_SUCCESS);
        assert_int_equal(scene_service()->state, SERVICE_STOPPED);
        assert_int_equal(fake_registry_has(restart_key), ran);
        assert_int_equal(RUN(RelayLockRepair), ERROR_SUCCESS);
        assert_int_equal(run(last[i / 2], L"no note"), ERROR_SUCCESS);
        assert_int_equal(scene_service()->state, ran ? SERVICE_RUNNING : SERVICE_STOPPED);
        assert_false(fake_registry_has(restart_key));
        scene_assert_closed();
    }
    running_host();
    assert_int_equal(RUN(RelayLockStop), ERROR_SUCCESS);
    fake_registry_reboot();
    assert_false(fake_registry_has(restart_key));
    assert_true(fake_registry_has(service_key));
}

static void a_service_that_was_gone_is_started(void **state)
{
    (void)state;
    new_host();
    begin();
    assert_int_equal(RUN(RelayLockStop), ERROR_SUCCESS);
    fake_registry_make(service_key); /* by the manager */
    assert_int_equal(RUN(RelayLockRepair), ERROR_SUCCESS);
    assert_int_equal(RUN(RelayLockStart), ERROR_SUCCESS);
    assert_int_equal(scene_service()->state, SERVICE_RUNNING);
    assert_false(fake_registry_has(restart_key));
}

/* What cannot be remembered is not stopped. */
static void a_repair_that_cannot_remember_ends(void **state)
{
    (void)state;
    unsigned failures = 0;
    for (unsigned n = 1;; n++) {
        running_host();
        fake_registry_fail(n, ERROR_ACCESS_DENIED);
        UINT error = RUN(RelayLockStop);
        const char *failed = fake_registry_failed();
        if (!failed)
            break;
        if (error) {
            assert_int_equal(scene_service()->state, SERVICE_RUNNING);
            assert_non_null(wcsstr(fake_session_error(), L"failed with error 5"));
            failures++;
        }
        scene_assert_closed();
    }
    assert_int_equal(failures, 2);
    running_host();
    fake_services_fail_named("QueryServiceStatus", 0, 1, ERROR_ACCESS_DENIED);
    assert_int_equal(RUN(RelayLockStop), ERROR_INSTALL_FAILURE);
    assert_int_equal(scene_service()->state, SERVICE_RUNNING);
    fake_services_fail_named("OpenService", 0, 1, ERROR_ACCESS_DENIED);
    assert_int_equal(RUN(RelayLockRepair), ERROR_INSTALL_FAILURE);
    assert_non_null(wcsstr(fake_session_error(), L"The service is not repaired: OpenService"));
}

/* Windows puts back the file right after that. */
static void an_upgrade_is_stopped_before_it_is_taken_back(void **state)
{
    (void)state;
    running_host();
    wcscpy(scene_service()->command, L"D:\\old.exe");
    assert_int_equal(RelayLockPlan(FAKE_SESSION), ERROR_SUCCESS);
    assert_note(L"RelayLockRestart", L"1");
    assert_int_equal(RUN(RelayLockStop), ERROR_SUCCESS);
    assert_int_equal(RUN(RelayLockInstall), ERROR_SUCCESS);
    assert_int_equal(RUN(RelayLockStart), ERROR_SUCCESS);
    assert_int_equal(scene_service()->state, SERVICE_RUNNING);
    unsigned stops = scene_service()->stops;
    assert_int_equal(RUN(RelayLockTakeBack), ERROR_SUCCESS);
    assert_int_equal(scene_service()->stops, stops + 1);
    assert_int_equal(scene_service()->state, SERVICE_STOPPED);
    assert_int_equal(wcscmp(scene_service()->command, L"D:\\old.exe"), 0);
    assert_int_equal(RUN(RelayLockRestart), ERROR_SUCCESS);
    assert_int_equal(scene_service()->state, SERVICE_RUNNING);
    assert_false(fake_registry_has(restart_key));

    /* The stop is the first thing; if it fails the rest is done all the same. */
    scene_service()->command[0] = L'x';
    fake_services_fail(1, ERROR_ACCESS_DENIED);
    assert_int_equal(RUN(RelayLockTakeBack), ERROR_SUCCESS);
    assert_non_null(wcsstr(fake_session_logged(), L"The service is not stopped: OpenSCManager"));
    assert_int_equal(wcscmp(scene_service()->command, L"D:\\old.exe"), 0);
    scene_assert_closed();
}

static void startservice_0_does_not_start_it(void **state)
{
    (void)state;
    new_host();
    begin();
    fake_session_set(L"STARTSERVICE", L"0");
    assert_int_equal(RelayLockPlan(FAKE_SESSION), ERROR_SUCCESS);
    assert_note(L"RelayLockStart", L"0");
    assert_int_equal(RUN(RelayLockStart), ERROR_SUCCESS);
}

static void it_is_started_when_it_is_to_be(void **state)
{
    (void)state;
    UINT(__stdcall *const actions[])(MSIHANDLE) = {RelayLockStart, RelayLockRestart};
    for (size_t i = 0; i < ARRAYSIZE(actions); i++) {
        scene_new_host(false);
        scene_install();
        begin();
        fake_session_set(L"note", L"0");
        assert_int_equal(run(actions[i], L"note"), ERROR_SUCCESS);
        assert_int_equal(scene_service()->starts, 0);
        fake_session_set(L"note", L"1");
        scene_service()->start_time = 3000;
        assert_int_equal(run(actions[i], L"note"), ERROR_SUCCESS);
        assert_int_equal(scene_service()->starts, 1);
        assert_int_equal(scene_service()->state, SERVICE_RUNNING);
        scene_assert_closed();
    }
}

/* Before the installation is done that ends it; while it is taken back it is told. */
static void a_service_that_does_not_start(void **state)
{
    (void)state;
    scene_new_host(false);
    scene_install();
    begin();
    fake_session_set(L"note", L"1");
    scene_service()->start_deaths = 2;
    scene_service()->death_code = 1066;
    assert_int_equal(run(RelayLockStart, L"note"), ERROR_INSTALL_FAILURE);
    assert_non_null(wcsstr(fake_session_error(), L"The service does not start: StartService for "
                                                 L"\"RelayLock\" failed with error 1066"));
    assert_int_equal(run(RelayLockRestart, L"note"), ERROR_SUCCESS);
    assert_non_null(
        wcsstr(fake_session_logged(), L"The service is not started again: StartService"));
    scene_assert_closed();
    for (unsigned i = 0; i < 2; i++) {
        fake_services_fail_named(i ? "OpenService" : "OpenSCManager", 0, 1, ERROR_ACCESS_DENIED);
        assert_int_equal(run(RelayLockStart, L"note"), ERROR_INSTALL_FAILURE);
        assert_non_null(wcsstr(fake_session_error(), L"failed with error 5"));
        scene_assert_closed();
    }
}

/* What fails is told with its call, its object and its code, and is as before. */
static void a_failing_installation_says_why(void **state)
{
    (void)state;
    new_host();
    begin();
    assert_int_equal(RelayLockPlan(FAKE_SESSION), ERROR_SUCCESS);
    fake_services_fail_named("CreateService", 0, 1, ERROR_ACCESS_DENIED);
    assert_int_equal(RUN(RelayLockInstall), ERROR_INSTALL_FAILURE);
    if (!wcsstr(fake_session_error(),
                L"The service is not installed: CreateService for \"RelayLock\" failed with "
                L"error 5"))
        fail_msg("said: %ls", fake_session_error());
    scene_assert_as_remembered();
}

static void a_service_that_does_not_stop_ends_it(void **state)
{
    (void)state;
    scene_new_host(false);
    scene_install();
    scene_service()->state = SERVICE_RUNNING;
    scene_service()->controls_accepted = SERVICE_ACCEPT_STOP;
    scene_service()->stop_hangs = true;
    begin();
    assert_int_equal(RUN(RelayLockStop), ERROR_INSTALL_FAILURE);
    assert_non_null(wcsstr(fake_session_error(), L"RelayLock does not stop"));
    scene_service()->stop_hangs = false;
    scene_service()->state = SERVICE_RUNNING;
    assert_int_equal(RUN(RelayLockStop), ERROR_SUCCESS);
    assert_int_equal(scene_service()->state, SERVICE_STOPPED);
    fake_services_fail_named("OpenSCManager", 0, 1, ERROR_ACCESS_DENIED);
    assert_int_equal(RUN(RelayLockStop), ERROR_INSTALL_FAILURE);
    assert_non_null(wcsstr(fake_session_error(), L"cannot be stopped: OpenSCManager for "));
}

static void a_removal(void **state)
{
    (void)state;
    new_host();
    fake_registry_make(service_key);
    scene_install();
    begin();
    scene_service()->state = SERVICE_RUNNING;
    scene_service()->controls_accepted = SERVICE_ACCEPT_STOP;
    assert_int_equal(RUN(RelayLockStop), ERROR_SUCCESS);
    assert_int_equal(RUN(RelayLockUninstall), ERROR_SUCCESS);
    fake_registry_remove(service_key);
    scene_assert_as_remembered();
    assert_int_equal(fake_session_errors(), 0);
}

static void keepstate_keeps_the_journal(void **state)
{
    (void)state;
    scene_new_host(false);
    scene_install();
    begin();
    fake_session_set(L"RelayLockUninstall", L"1"); /* by relaylock.wxs */
    assert_int_equal(RUN(RelayLockUninstall), ERROR_SUCCESS);
    assert_null(scene_service());
    assert_true(fake_files_exists(FAKE_FILES_FOLDER));
    assert_non_null(wcsstr(fake_session_logged(), L"Kept: C:\\ProgramData\\RelayLock"));
}

/* At the end there is nothing left to take back: it is told, and the removal goes on. */
static void a_failure_at_the_end_is_told(void **state)
{
    (void)state;
    scene_new_host(false);
    scene_install();
    begin();
    fake_services_fail_named("DeleteService", 0, 1, ERROR_ACCESS_DENIED);
    assert_int_equal(RUN(RelayLockUninstall), ERROR_SUCCESS);
    assert_non_null(
        wcsstr(fake_session_error(), L"RelayLock is not wholly removed: DeleteService"));
}

static void a_note_that_cannot_be_left_or_read_ends_it(void **state)
{
    (void)state;
    unsigned failures = 0;
    for (unsigned n = 1;; n++) {
        new_host();
        begin();
        fake_session_fail(n);
        UINT error = RelayLockPlan(FAKE_SESSION);
        if (!fake_session_failed())
            break;
        assert_int_equal(error, ERROR_INSTALL_FAILURE);
        assert_int_equal(fake_session_errors(), 1);
        assert_int_equal(fake_session_open_records(), 0);
        scene_assert_as_remembered();
        failures++;
    }
    assert_true(failures > 13);
    begin();
    fake_session_fail(1);
    assert_int_equal(RelayLockInstall(FAKE_SESSION), ERROR_INSTALL_FAILURE);
    assert_int_equal(fake_session_errors(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_installation),
        cmocka_unit_test(a_wrong_property_ends_it_before_it_begins),
        cmocka_unit_test(a_repair_takes_nothing_from_notes),
        cmocka_unit_test(after_a_repair_it_runs_if_it_did),
        cmocka_unit_test(a_service_that_was_gone_is_started),
        cmocka_unit_test(a_repair_that_cannot_remember_ends),
        cmocka_unit_test(an_upgrade_is_stopped_before_it_is_taken_back),
        cmocka_unit_test(startservice_0_does_not_start_it),
        cmocka_unit_test(it_is_started_when_it_is_to_be),
        cmocka_unit_test(a_service_that_does_not_start),
        cmocka_unit_test(a_failing_installation_says_why),
        cmocka_unit_test(a_service_that_does_not_stop_ends_it),
        cmocka_unit_test(a_removal),
        cmocka_unit_test(keepstate_keeps_the_journal),
        cmocka_unit_test(a_failure_at_the_end_is_told),
        cmocka_unit_test(a_note_that_cannot_be_left_or_read_ends_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
