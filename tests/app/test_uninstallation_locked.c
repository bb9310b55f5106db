/* What uninstall says of accounts that stay locked, and when it keeps the journal that says so. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "uninstallation_scene.h"
#include "windows/parameters.h"

static void locked_accounts_are_named_and_their_journal_kept(void **state)
{
    (void)state;
    uninstallation_scene_host();
    uninstallation_scene_lock(2, LOCK_DISABLE);
    assert_int_equal(uninstallation_scene_run(false), ERROR_SUCCESS);
    assert_int_equal(uninstallation_scene_result.locked, 2);
    assert_true(uninstallation_scene_result.kept);
    assert_true(fake_files_exists(STORE_JOURNAL));
    assert_int_equal(wcscmp(uninstallation_scene_result.directory, FAKE_FILES_FOLDER), 0);
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
    uninstallation_scene_host();
    uninstallation_scene_lock(1, LOCK_PASSWORD);
    assert_int_equal(uninstallation_scene_run(false), ERROR_SUCCESS);
    recorder_expect(MSG_UNINSTALLED_LOCKED, 1,
                    L"CONTOSO\\user1 (random password, \"bob\" on \\\\DC1)");
}

static void a_long_list_is_cut_and_says_so(void **state)
{
    (void)state;
    uninstallation_scene_host();
    uninstallation_scene_lock(60, LOCK_DISABLE);
    assert_int_equal(uninstallation_scene_run(false), ERROR_SUCCESS);
    assert_int_equal(uninstallation_scene_result.locked, 60);
    assert_non_null(wcsstr(recorder_string(MSG_UNINSTALLED_LOCKED, 1), L"user1 "));
    assert_non_null(wcsstr(recorder_string(MSG_UNINSTALLED_LOCKED, 1), L" and "));
    const wchar_t *list = recorder_string(MSG_UNINSTALLED_LOCKED, 1);
    assert_int_equal(wcscmp(list + wcslen(list) - 5, L" more"), 0);
    assert_in_range(wcslen(list), 900, REPORT_STRING_MAX - 1);
}

static void the_journal_is_kept_when_that_is_wanted(void **state)
{
    (void)state;
    uninstallation_scene_host();
    uninstallation_scene_lock(0, LOCK_DISABLE);
    assert_int_equal(uninstallation_scene_run(true), ERROR_SUCCESS);
    assert_true(uninstallation_scene_result.kept);
    assert_true(fake_files_exists(STORE_JOURNAL));
    assert_false(fake_registry_has(PARAMETERS_KEY));
    recorder_expect(MSG_UNINSTALLED, 1,
                    L"The journal was kept in C:\\ProgramData\\RelayLock. RelayLock installed "
                    L"again goes on with it.");
}

static void a_journal_that_cannot_be_read_is_kept_and_said(void **state)
{
    (void)state;
    uninstallation_scene_host();
    fake_files_put(STORE_JOURNAL, "torn", 4);
    assert_int_equal(uninstallation_scene_run(false), ERROR_FILE_CORRUPT);
    assert_string_equal(scene_failure.call, "checking the journal");
    assert_int_equal(wcscmp(scene_failure.object, FAKE_FILES_FOLDER), 0);
    assert_true(uninstallation_scene_result.kept);
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
    uninstallation_scene_host();
    uninstallation_scene_lock(2, LOCK_DISABLE);
    fake_files_protect(FAKE_FILES_FOLDER, L"O:S-1-5-21-1-2-3-1000D:P(A;OICI;FA;;;SY)");
    assert_int_equal(uninstallation_scene_run(false), ERROR_INVALID_OWNER);
    assert_string_equal(scene_failure.call, "checking the owner");
    assert_int_equal(wcscmp(scene_failure.object, FAKE_FILES_FOLDER), 0);
    char16_t text[INSTALLATION_TEXT_MAX];
    installation_describe(&scene_failure, ERROR_INVALID_OWNER, text);
    assert_int_equal(wcscmp(text, L"checking the owner for \"C:\\ProgramData\\RelayLock\" failed "
                                  L"with error 1307 (nothing in it is believed): find out who may "
                                  L"write there; when you are sure, delete it"),
                     0);
    assert_int_equal(uninstallation_scene_result.locked, 0);
    assert_true(uninstallation_scene_result.kept);
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
    uninstallation_scene_host();
    uninstallation_scene_lock(2, LOCK_DISABLE);
    fake_files_protect(FAKE_FILES_FOLDER,
                       L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;S-1-5-21-1-2-3-1000)");
    assert_int_equal(uninstallation_scene_run(false), ERROR_INVALID_SECURITY_DESCR);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locked_accounts_are_named_and_their_journal_kept),
        cmocka_unit_test(a_password_is_named_as_what_it_is),
        cmocka_unit_test(a_long_list_is_cut_and_says_so),
        cmocka_unit_test(the_journal_is_kept_when_that_is_wanted),
        cmocka_unit_test(a_journal_that_cannot_be_read_is_kept_and_said),
        cmocka_unit_test(a_folder_of_a_stranger_is_left_and_said),
        cmocka_unit_test(a_right_of_somebody_is_named_and_nothing_is_to_be_deleted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
