/* test_uninstallation.c: what uninstall takes, what it leaves, and what it says last. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "app/logging_reports.h"
#include "app/uninstallation.h"
#include "windows/boot.h"
#include "windows/hardening_memory.h"
#include "windows/tarpit.h"
#include "windows/parameters.h"
#include "../windows/installation_scene.h"
#include "store_fixture.h"

#define LEVELS L"SYSTEM\\CurrentControlSet\\Services\\MSExchangeTransport\\Diagnostics"

static struct uninstallation result;

static DWORD uninstall(bool keep_state)
{
    result = (struct uninstallation){.keep_state = keep_state};
    recorder_start();
    DWORD error = uninstallation_run(&result, &scene_failure);
    scene_assert_closed();
    return error;
}

/* Incidents of that many accounts, locked by an action, go into the journal. */
static void put_locked(uint32_t count, enum lock_action action)
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

static void put_level(DWORD level)
{
    fake_registry_put(LEVELS, L"7 SMTP Protocol", REG_DWORD, &level, sizeof level);
}

/* What RelayLock does when it starts. */
static void raise_levels(void)
{
    struct logging_failure failure;
    recorder_start();
    assert_int_equal(logging_raise(L"MSExchangeTransport", false, &logging_reports, &failure),
                     ERROR_SUCCESS);
}

/* A host that had none, then one that worked, with settings and keys of all kinds. */
static void working_host(void)
{
    static const wchar_t limits[] = L"9/1m";
    static const DWORD four = 4;
    scene_new_host(false);
    put_level(0);
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
    working_host();
    assert_int_equal(uninstall(false), ERROR_SUCCESS);
    assert_nothing_left();
    assert_false(result.kept);
    assert_int_equal(recorder_count(MSG_UNINSTALLED), 1);
    assert_int_equal(recorder_count(MSG_UNINSTALLED_LOCKED), 0);
    recorder_expect(MSG_UNINSTALLED, 0, L"RelayLock was removed. No account is locked by it.");
    assert_int_equal(recorder_count(MSG_LOGGING_PUT_BACK), 1);
    recorder_expect(MSG_LOGGING_PUT_BACK, 3, L"0 (None)");
}

static void levels_that_cannot_be_put_back_are_told_and_stop_nothing(void **state)
{
    (void)state;
    working_host();
    fake_registry_deny(LEVELS);
    assert_int_equal(uninstall(false), ERROR_ACCESS_DENIED);
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
    assert_int_equal(uninstall(false), ERROR_SUCCESS);
    scene_assert_as_remembered();
    fake_registry_reset();
    assert_int_equal(uninstall(true), ERROR_SUCCESS);
    assert_int_equal(recorder_count(MSG_UNINSTALLED), 0);
}

static void of_a_part_it_takes_the_rest(void **state)
{
    (void)state;
    for (unsigned missing = 0; missing < 4; missing++) {
        working_host();
        if (missing == 0)
            scene_service()->exists = false;
        if (missing == 1)
            fake_registry_remove(PARAMETERS_KEY);
        if (missing == 2)
            fake_registry_remove(INSTALLATION_SOURCE_KEY);
        if (missing == 3)
            fake_files_remove(FAKE_FILES_FOLDER);
        assert_int_equal(uninstall(false), ERROR_SUCCESS);
        assert_nothing_left();
        assert_int_equal(recorder_count(MSG_UNINSTALLED), 1);
    }
}

/* ---- the service stops ---------------------------------------------------------------------- */

static void the_service_is_stopped_first(void **state)
{
    (void)state;
    working_host();
    struct fake_service *service = scene_service();
    service->state = SERVICE_RUNNING;
    service->stop_time = 20000;
    assert_int_equal(uninstall(false), ERROR_SUCCESS);
    assert_int_equal(service->stops, 1);
    assert_nothing_left();
}

static void one_that_is_starting_is_waited_for(void **state)
{
    (void)state;
    working_host();
    scene_service()->start_time = 5000;
    fake_services_begin_start(scene_service());
    assert_int_equal(uninstall(false), ERROR_SUCCESS);
    assert_nothing_left();
}

static void one_that_will_not_stop_keeps_all_it_needs(void **state)
{
    (void)state;
    working_host();
    struct fake_service *service = scene_service();
    service->state = SERVICE_RUNNING;
    service->stop_hangs = true;
    DWORD before = fake_services_now();
    assert_int_equal(uninstall(false), ERROR_TIMEOUT);
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

/* ---- who stays locked ----------------------------------------------------------------------- */

static void locked_accounts_are_named_and_their_journal_kept(void **state)
{
    (void)state;
    working_host();
    put_locked(2, LOCK_DISABLE);
    assert_int_equal(uninstall(false), ERROR_SUCCESS);
    assert_int_equal(result.locked, 2);
    assert_true(result.kept);
    assert_true(fake_files_exists(STORE_JOURNAL));
    assert_int_equal(wcscmp(result.directory, FAKE_FILES_FOLDER), 0);
    assert_false(fake_registry_has(PARAMETERS_KEY));
    assert_false(fake_registry_has(INSTALLATION_SOURCE_KEY));
    assert_int_equal(recorder_count(MSG_UNINSTALLED_LOCKED), 1);
    assert_int_equal(recorder_count(MSG_UNINSTALLED), 0);
    recorder_expect(MSG_UNINSTALLED_LOCKED, 0,
                    L"RelayLock was removed, and released nobody. Accounts that stay locked: 2.");
    recorder_expect(MSG_UNINSTALLED_LOCKED, 1,
                    L"CONTOSO\\user1 (disabled, \"bob\" on \\\\DC1), "
                    L"CONTOSO\\user2 (disabled, \"bob\" on this computer)");
    recorder_expect(MSG_UNINSTALLED_LOCKED, 3,
                    L"The journal was kept in C:\\ProgramData\\RelayLock. RelayLock installed "
                    L"again goes on with it.");
}

static void a_password_is_named_as_what_it_is(void **state)
{
    (void)state;
    working_host();
    put_locked(1, LOCK_PASSWORD);
    assert_int_equal(uninstall(false), ERROR_SUCCESS);
    recorder_expect(MSG_UNINSTALLED_LOCKED, 1,
                    L"CONTOSO\\user1 (random password, \"bob\" on \\\\DC1)");
}

static void a_long_list_is_cut_and_says_so(void **state)
{
    (void)state;
    working_host();
    put_locked(60, LOCK_DISABLE);
    assert_int_equal(uninstall(false), ERROR_SUCCESS);
    assert_int_equal(result.locked, 60);
    assert_non_null(wcsstr(recorder_string(MSG_UNINSTALLED_LOCKED, 1), L"user1 "));
    assert_non_null(wcsstr(recorder_string(MSG_UNINSTALLED_LOCKED, 1), L" and "));
    const wchar_t *list = recorder_string(MSG_UNINSTALLED_LOCKED, 1);
    assert_int_equal(wcscmp(list + wcslen(list) - 5, L" more"), 0);
    assert_in_range(wcslen(list), 900, REPORT_STRING_MAX - 1);
}

static void the_journal_is_kept_when_that_is_wanted(void **state)
{
    (void)state;
    working_host();
    put_locked(0, LOCK_DISABLE);
    assert_int_equal(uninstall(true), ERROR_SUCCESS);
    assert_true(result.kept);
    assert_true(fake_files_exists(STORE_JOURNAL));
    assert_false(fake_registry_has(PARAMETERS_KEY));
    recorder_expect(MSG_UNINSTALLED, 1,
                    L"The journal was kept in C:\\ProgramData\\RelayLock. RelayLock installed "
                    L"again goes on with it.");
}

static void a_journal_that_cannot_be_read_is_kept_and_said(void **state)
{
    (void)state;
    working_host();
    fake_files_put(STORE_JOURNAL, "torn", 4);
    assert_int_equal(uninstall(false), ERROR_FILE_CORRUPT);
    assert_string_equal(scene_failure.call, "checking the journal");
    assert_int_equal(wcscmp(scene_failure.object, FAKE_FILES_FOLDER), 0);
    assert_true(result.kept);
    assert_true(fake_files_exists(STORE_JOURNAL));
    assert_null(scene_service());
    assert_false(fake_registry_has(PARAMETERS_KEY));
    recorder_expect(MSG_UNINSTALLED_LOCKED, 0,
                    L"RelayLock was removed. Which accounts stay locked cannot be told for "
                    L"certain: checking the journal failed with error 1392.");
    recorder_expect(MSG_UNINSTALLED_LOCKED, 1, L"None could be read.");
}

/* Somebody else made the folder: whom his journal names is not locked. */
static void a_folder_of_a_stranger_is_left_and_said(void **state)
{
    (void)state;
    working_host();
    put_locked(2, LOCK_DISABLE);
    fake_files_protect(FAKE_FILES_FOLDER, L"O:S-1-5-21-1-2-3-1000D:P(A;OICI;FA;;;SY)");
    assert_int_equal(uninstall(false), ERROR_INVALID_OWNER);
    assert_string_equal(scene_failure.call, "checking the owner");
    assert_int_equal(wcscmp(scene_failure.object, FAKE_FILES_FOLDER), 0);
    char16_t text[INSTALLATION_TEXT_MAX];
    installation_describe(&scene_failure, ERROR_INVALID_OWNER, text);
    assert_int_equal(wcscmp(text, L"checking the owner for \"C:\\ProgramData\\RelayLock\" failed "
                                  L"with error 1307 (nothing in it is believed): find out who may "
                                  L"write there; when you are sure, delete it"),
                     0);
    assert_int_equal(result.locked, 0);
    assert_true(result.kept);
    assert_true(fake_files_exists(STORE_JOURNAL));
    assert_null(scene_service());
    recorder_expect(MSG_UNINSTALLED_LOCKED, 0,
                    L"RelayLock was removed. Which accounts stay locked cannot be told for "
                    L"certain: checking the owner failed with error 1307.");
    recorder_expect(MSG_UNINSTALLED_LOCKED, 1, L"None could be read.");
    recorder_expect(MSG_UNINSTALLED_LOCKED, 3,
                    L"C:\\ProgramData\\RelayLock stays as it is, and nothing in it was believed: "
                    L"find out who may write there. When you are sure, delete it.");
}

/* Explorer's "Continue" gave it: what takes it back keeps what the journal says. */
static void a_right_of_somebody_is_named_and_nothing_is_to_be_deleted(void **state)
{
    (void)state;
    working_host();
    put_locked(2, LOCK_DISABLE);
    fake_files_protect(FAKE_FILES_FOLDER,
                       L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;S-1-5-21-1-2-3-1000)");
    assert_int_equal(uninstall(false), ERROR_INVALID_SECURITY_DESCR);
    char16_t text[INSTALLATION_TEXT_MAX];
    installation_describe(&scene_failure, ERROR_INVALID_SECURITY_DESCR, text);
    assert_int_equal(wcscmp(text, L"checking the rights for \"C:\\ProgramData\\RelayLock\" failed "
                                  L"with error 1338 (nothing in it is believed): relaylock doctor "
                                  L"says whose right that is, and what takes it back"),
                     0);
    assert_true(fake_files_exists(STORE_JOURNAL));
    recorder_expect(MSG_UNINSTALLED_LOCKED, 0,
                    L"RelayLock was removed. Which accounts stay locked cannot be told for "
                    L"certain: checking the rights of S-1-5-21-1-2-3-1000 failed with error 1338.");
    recorder_expect(MSG_UNINSTALLED_LOCKED, 3,
                    L"C:\\ProgramData\\RelayLock stays as it is, and nothing in it was believed: "
                    L"find out who may write there. Take that right back by icacls /remove:g; in "
                    L"its journal stands who is locked.");
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
    working_host();
    fake_registry_put(TARPIT_KEY, TARPIT_NAME, REG_DWORD, &five, sizeof five);
    fake_registry_put(HARDENING_KEY, TARPIT_NAME, REG_SZ, record, sizeof record);
    result = (struct uninstallation){.stays_hardened = hear_hardened, .context = hardened};
    recorder_start();
    assert_int_equal(uninstallation_run(&result, &scene_failure), ERROR_SUCCESS);
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
                working_host();
                put_locked(0, LOCK_DISABLE);
                scene_service()->state = SERVICE_RUNNING;
                fail_nth(kind, n, codes[i]);
                DWORD error = uninstall(false);
                if (!was_reached(kind))
                    break;
                if (recorder_count(MSG_LOGGING_NOT_PUT_BACK)) /* by hand then, as it says */
                    put_level(0);
                if (error) {
                    failures++;
                    assert_non_null(scene_failure.call);
                    assert_true(scene_failure.object[0] != 0);
                }
                assert_int_equal(uninstall(false), ERROR_SUCCESS);
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
        cmocka_unit_test(locked_accounts_are_named_and_their_journal_kept),
        cmocka_unit_test(a_password_is_named_as_what_it_is),
        cmocka_unit_test(a_long_list_is_cut_and_says_so),
        cmocka_unit_test(the_journal_is_kept_when_that_is_wanted),
        cmocka_unit_test(a_journal_that_cannot_be_read_is_kept_and_said),
        cmocka_unit_test(a_folder_of_a_stranger_is_left_and_said),
        cmocka_unit_test(a_right_of_somebody_is_named_and_nothing_is_to_be_deleted),
        cmocka_unit_test(what_was_hardened_stays_and_is_said),
        cmocka_unit_test(whatever_fails_is_named_and_can_be_done_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
