/* test_state_directory.c: which folder is believed, and which file in it: in memory. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>
#include "windows/disk_file.h"
#include "windows/protection.h"
#include "state_directory_fixture.h"

#define USER L"S-1-5-21-1-2-3-1000"

static const char *call;

static void assert_refused(DWORD error, const char *check)
{
    call = NULL;
    assert_int_equal(state_directory_check(FOLDER, &call), error);
    assert_string_equal(call, check);
    assert_int_equal(fake_files_open_handles(), 0);
}

static DWORD check_file(void)
{
    HANDLE file;
    assert_int_equal(disk_file_own(FILE_, OPEN_ALWAYS, &file, &call), ERROR_SUCCESS);
    call = NULL;
    DWORD error = state_directory_check_file(file, &call);
    disk_file_close(file);
    assert_int_equal(fake_files_open_handles(), 0);
    return error;
}

/* ---- making it ------------------------------------------------------------------------------ */

static void what_is_made_is_believed(void **state)
{
    (void)state;
    make_state_directory(&call);
    assert_int_equal(
        wcscmp(fake_files_protection(FOLDER), L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"), 0);
    assert_int_equal(state_directory_check(FOLDER, &call), ERROR_SUCCESS);
    assert_int_equal(check_file(), ERROR_SUCCESS);
    assert_int_equal(wcscmp(fake_files_protection(FILE_), L"O:BAD:(A;ID;FA;;;SY)(A;ID;FA;;;BA)"),
                     0);
}

static void an_administrators_own_makes_it_for_the_service(void **state)
{
    (void)state;
    fake_files_reset();
    fake_files_run_as(USER, true);
    assert_int_equal(state_directory_create(FOLDER, &call), ERROR_SUCCESS);
    assert_int_equal(check_file(), ERROR_SUCCESS);
    fake_files_run_as(L"SY", true);
    assert_int_equal(state_directory_check(FOLDER, &call), ERROR_SUCCESS);
    assert_int_equal(check_file(), ERROR_SUCCESS);
}

static void nobody_else_can_make_it(void **state)
{
    (void)state;
    fake_files_reset();
    fake_files_run_as(USER, false);
    assert_int_equal(state_directory_create(FOLDER, &call), ERROR_INVALID_OWNER);
    assert_string_equal(call, "CreateDirectoryW");
    assert_false(fake_files_exists(FOLDER));
}

static void one_that_is_there_is_left_as_it_is(void **state)
{
    static const wchar_t loose[] = L"O:" USER L"D:(A;OICI;FA;;;WD)";
    (void)state;
    make_state_directory(&call);
    fake_files_protect(FOLDER, loose);
    assert_int_equal(state_directory_create(FOLDER, &call), ERROR_SUCCESS);
    assert_int_equal(wcscmp(fake_files_protection(FOLDER), loose), 0);
}

/* ---- believing it --------------------------------------------------------------------------- */

static void none_is_no_path(void **state)
{
    (void)state;
    fake_files_reset();
    assert_refused(ERROR_PATH_NOT_FOUND, "CreateFileW");
    fake_files_remove(L"C:\\ProgramData");
    assert_refused(ERROR_PATH_NOT_FOUND, "CreateFileW");
    fake_files_reset();
    fake_files_make_folder(FOLDER);
    fake_files_deny(FOLDER, true);
    assert_refused(ERROR_ACCESS_DENIED, "CreateFileW");
}

static void what_is_no_folder_of_its_own_is_refused(void **state)
{
    (void)state;
    make_state_directory(&call);
    fake_files_remove(FOLDER);
    fake_files_put(FOLDER, "x", 1);
    assert_refused(ERROR_CANT_ACCESS_FILE, "checking for a folder");

    make_state_directory(&call);
    fake_files_remove(FOLDER);
    fake_files_make_folder(L"C:\\ProgramData\\evil");
    fake_files_link(FOLDER, L"C:\\ProgramData\\evil");
    assert_refused(ERROR_CANT_ACCESS_FILE, "checking for a reparse point");
    assert_int_equal(state_directory_check_folder(FOLDER, &call), ERROR_CANT_ACCESS_FILE);
}

static void a_stranger_as_owner_is_refused(void **state)
{
    static const wchar_t *const strangers[] = {USER,  L"WD",           L"BU",
                                               L"LS", L"S-1-5-32-545", L"S-1-5-21-1-2-3-500"};
    wchar_t sddl[128];
    (void)state;
    make_state_directory(&call);
    for (size_t i = 0; i < ARRAYSIZE(strangers); i++) {
        swprintf(sddl, ARRAYSIZE(sddl), L"O:%lsD:P(A;OICI;FA;;;SY)", strangers[i]);
        fake_files_protect(FOLDER, sddl);
        assert_refused(ERROR_INVALID_OWNER, "checking the owner");
        assert_int_equal(state_directory_check_folder(FOLDER, &call), ERROR_SUCCESS);
    }
    fake_files_protect(FOLDER, L"D:P(A;OICI;FA;;;SY)"); /* none */
    assert_refused(ERROR_INVALID_OWNER, "checking the owner");
}

static void whoever_runs_it_may_own_it(void **state)
{
    (void)state;
    make_state_directory(&call);
    fake_files_run_as(USER, false);
    fake_files_protect(FOLDER, L"O:" USER L"D:P(A;OICI;FA;;;" USER L")");
    assert_int_equal(state_directory_check(FOLDER, &call), ERROR_SUCCESS);
    assert_int_equal(check_file(), ERROR_SUCCESS);
    fake_files_run_as(L"S-1-5-21-1-2-3-1001", false);
    assert_refused(ERROR_INVALID_OWNER, "checking the owner");
    fake_files_run_as(L"SY", true);
    assert_refused(ERROR_INVALID_OWNER, "checking the owner");
}

static void rights_to_change_for_anybody_else_are_refused(void **state)
{
    static const wchar_t *const refused[] = {
        L"(A;;FA;;;WD)",                               /* everything, everybody */
        L"(A;;0x2;;;BU)",                              /* make files */
        L"(A;;0x4;;;BU)",                              /* make folders, append */
        L"(A;;0x10;;;BU)",                             /* extended attributes */
        L"(A;;0x40;;;BU)",                             /* delete what is in it */
        L"(A;;0x100;;;BU)",                            /* attributes */
        L"(A;;SD;;;AU)",                               /* delete it */
        L"(A;;WD;;;AU)",                               /* change rights */
        L"(A;;WO;;;" USER L")",                        /* change the owner */
        L"(A;OICIIO;GW;;;BU)",                         /* generic, for what is made in it */
        L"(A;OICIIO;GA;;;BU)",  L"(A;OICIID;FA;;;BU)", /* inherited counts as well */
        L"(A;OICI;FA;;;CO)",   /* not only for what is made in it: somebody's own right */
        L"(A;;FA;;;S-1-5-32)", /* the start of Administrators' is not Administrators' */
    };
    static const wchar_t *const fine[] = {
        L"(A;OICI;0x1200a9;;;BU)", /* read and execute */
        L"(D;;FA;;;WD)",           /* forbids */
        L"(A;OICIIO;GA;;;CO)",     /* whoever makes a file in it: one of the three */
        L"(A;;FA;;;S-1-3-4)",      /* whoever owns it */
        L"(A;OICI;FA;;;BA)",       L"",
    };
    wchar_t sddl[256];
    (void)state;
    make_state_directory(&call);
    for (size_t i = 0; i < ARRAYSIZE(refused); i++) {
        swprintf(sddl, ARRAYSIZE(sddl), L"O:BAD:P(A;OICI;FA;;;SY)%ls", refused[i]);
        fake_files_protect(FOLDER, sddl);
        assert_refused(ERROR_INVALID_SECURITY_DESCR, "checking the rights");
    }
    for (size_t i = 0; i < ARRAYSIZE(fine); i++) {
        swprintf(sddl, ARRAYSIZE(sddl), L"O:SYD:P(A;OICI;FA;;;SY)%ls", fine[i]);
        fake_files_protect(FOLDER, sddl);
        assert_int_equal(state_directory_check(FOLDER, &call), ERROR_SUCCESS);
    }
    fake_files_protect(FOLDER, L"O:BA"); /* no DACL: everything for everybody */
    assert_refused(ERROR_INVALID_SECURITY_DESCR, "checking the rights");
}

static DWORD(WINAPI *fake_get_security)(HANDLE, SE_OBJECT_TYPE, SECURITY_INFORMATION, PSID *,
                                        PSID *, PACL *, PACL *, PSECURITY_DESCRIPTOR *);
static BYTE odd_type;
static WORD odd_size;

/* As the fake's, but the second entry has another type or size. */
static DWORD WINAPI odd_security(HANDLE handle, SE_OBJECT_TYPE type, SECURITY_INFORMATION parts,
                                 PSID *owner, PSID *group, PACL *list, PACL *audit,
                                 PSECURITY_DESCRIPTOR *descriptor)
{
    DWORD error = fake_get_security(handle, type, parts, owner, group, list, audit, descriptor);
    assert_int_equal((*list)->AceCount, 2);
    ACE_HEADER *first = (ACE_HEADER *)(*list + 1);
    ACE_HEADER *second = (ACE_HEADER *)((uint8_t *)first + first->AceSize);
    second->AceType = odd_type;
    second->AceSize = odd_size ? odd_size : second->AceSize;
    return error;
}

static void entries_that_are_not_understood_are_refused(void **state)
{
    static const BYTE refused[] = {ACCESS_ALLOWED_COMPOUND_ACE_TYPE, ACCESS_ALLOWED_OBJECT_ACE_TYPE,
                                   ACCESS_ALLOWED_CALLBACK_OBJECT_ACE_TYPE, 0x42, 0xff};
    (void)state;
    make_state_directory(&call);
    fake_get_security = protection_calls.GetSecurityInfo;
    protection_calls.GetSecurityInfo = odd_security;
    odd_size = 0;
    for (size_t i = 0; i < ARRAYSIZE(refused); i++) {
        odd_type = refused[i];
        assert_refused(ERROR_INVALID_SECURITY_DESCR, "checking the rights");
    }
    odd_type = ACCESS_ALLOWED_CALLBACK_ACE_TYPE; /* for Administrators */
    assert_int_equal(state_directory_check(FOLDER, &call), ERROR_SUCCESS);
    odd_type = ACCESS_DENIED_CALLBACK_ACE_TYPE;
    assert_int_equal(state_directory_check(FOLDER, &call), ERROR_SUCCESS);
    odd_type = ACCESS_ALLOWED_ACE_TYPE;
    for (odd_size = 4; odd_size < 24; odd_size = (WORD)(odd_size + 4)) /* up to the SID's end */
        assert_refused(ERROR_INVALID_SECURITY_DESCR, "checking the rights");
}

static void files_are_checked_alike(void **state)
{
    (void)state;
    make_state_directory(&call);
    fake_files_put(FILE_, "x", 1);
    assert_int_equal(check_file(), ERROR_SUCCESS);
    fake_files_protect(FILE_, L"O:" USER L"D:(A;;FA;;;SY)");
    assert_int_equal(check_file(), ERROR_INVALID_OWNER);
    fake_files_protect(FILE_, L"O:BAD:(A;;FA;;;SY)(A;;0x2;;;BU)");
    assert_int_equal(check_file(), ERROR_INVALID_SECURITY_DESCR);
    fake_files_protect(FILE_, L"O:BAD:(A;;FA;;;SY)");
    fake_files_hard_link(L"C:\\ProgramData\\link", FILE_);
    assert_int_equal(check_file(), ERROR_CANT_ACCESS_FILE);
    assert_string_equal(call, "checking for hard links");
    fake_files_remove(FILE_);
    fake_files_link(FILE_, L"C:\\ProgramData\\link");
    assert_int_equal(check_file(), ERROR_CANT_ACCESS_FILE);
    assert_string_equal(call, "checking for a reparse point");
}

static void a_check_that_cannot_be_made_is_no_yes(void **state)
{
    (void)state;
    make_state_directory(&call);
    unsigned before = fake_files_calls.made;
    assert_int_equal(state_directory_check(FOLDER, &call), ERROR_SUCCESS);
    unsigned count = fake_files_calls.made - before;
    assert_true(count >= 6);
    for (unsigned late = 0; late <= 1; late++)
        for (unsigned n = 1; n <= count; n++) {
            fake_files_calls.failed = NULL;
            fake_calls_fail(&fake_files_calls, n, ERROR_NOT_READY, late != 0);
            DWORD error = state_directory_check(FOLDER, &call);
            assert_non_null(fake_files_calls.failed);
            if (strcmp(fake_files_calls.failed, "CloseHandle") == 0) {
                assert_int_equal(error, ERROR_SUCCESS);
            } else {
                assert_int_equal(error, ERROR_NOT_READY);
                assert_string_equal(call, fake_files_calls.failed);
            }
            assert_int_equal(fake_files_open_handles(), 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_made_is_believed),
        cmocka_unit_test(an_administrators_own_makes_it_for_the_service),
        cmocka_unit_test(nobody_else_can_make_it),
        cmocka_unit_test(one_that_is_there_is_left_as_it_is),
        cmocka_unit_test(none_is_no_path),
        cmocka_unit_test(what_is_no_folder_of_its_own_is_refused),
        cmocka_unit_test(a_stranger_as_owner_is_refused),
        cmocka_unit_test(whoever_runs_it_may_own_it),
        cmocka_unit_test(rights_to_change_for_anybody_else_are_refused),
        cmocka_unit_test(entries_that_are_not_understood_are_refused),
        cmocka_unit_test(files_are_checked_alike),
        cmocka_unit_test(a_check_that_cannot_be_made_is_no_yes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
