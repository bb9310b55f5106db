/* test_state_directory.c: which folder is believed, in memory and on this system's disk. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <aclapi.h>
#include <sddl.h>
#include <string.h>
#include <wchar.h>
#include "windows/disk_file.h"
#include "windows/protection.h"
#include "windows/state_directory.h"
#include "windows/system_library.h"
#include "fake_files.h"

#define FOLDER FAKE_FILES_FOLDER
#define FILE_  FOLDER L"\\journal"
#define USER   L"S-1-5-21-1-2-3-1000"

static struct state_directory_calls real_calls;
static struct protection_calls real_protection;
static struct disk_file_calls real_files;
static const char *call;

static void use_real_calls(void)
{
    state_directory_calls = real_calls;
    protection_calls = real_protection;
    disk_file_calls = real_files;
}

static void make_folder(void)
{
    fake_files_reset();
    assert_int_equal(state_directory_create(FOLDER, &call), ERROR_SUCCESS);
    call = NULL;
}

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

/* ---- where it is ---------------------------------------------------------------------------- */

static HRESULT shell_result;
static wchar_t shell_path[MAX_PATH];

static HRESULT WINAPI answer_folder(HWND window, int folder, HANDLE token, DWORD flags, LPWSTR path)
{
    (void)window, (void)folder, (void)token, (void)flags;
    wcscpy(path, shell_path);
    return shell_result;
}

static void it_is_below_the_common_application_data(void **state)
{
    wchar_t path[STATE_DIRECTORY_MAX] = L"as it was";
    (void)state;
    fake_files_reset();
    assert_int_equal(state_directory_find(path, &call), ERROR_SUCCESS);
    assert_int_equal(wcscmp(path, FOLDER), 0);

    state_directory_calls.SHGetFolderPathW = answer_folder;
    shell_result = S_OK;
    wmemset(shell_path, L'x', MAX_PATH - 1);
    assert_int_equal(state_directory_find(path, &call), ERROR_SUCCESS);
    assert_int_equal(wcslen(path), MAX_PATH - 1 + wcslen(L"\\RelayLock"));
}

static void a_place_that_cannot_be_found_is_an_error(void **state)
{
    static const struct {
        HRESULT result;
        DWORD error;
    } cases[] = {
        {S_FALSE, ERROR_PATH_NOT_FOUND},
        {E_FAIL, (DWORD)E_FAIL},
        {HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND), ERROR_FILE_NOT_FOUND},
        {(HRESULT)0x80070000, 0x80070000}, /* a failure that calls itself a success */
    };
    wchar_t path[STATE_DIRECTORY_MAX] = L"as it was";
    (void)state;
    fake_files_reset();
    shell_path[0] = 0;
    state_directory_calls.SHGetFolderPathW = answer_folder;
    for (size_t i = 0; i < ARRAYSIZE(cases); i++) {
        shell_result = cases[i].result;
        assert_int_equal(state_directory_find(path, &call), cases[i].error);
        assert_string_equal(call, "SHGetFolderPathW");
        assert_int_equal(wcscmp(path, L"as it was"), 0);
        assert_int_equal(state_directory_known_folder(0x26, path, &call), cases[i].error);
        assert_int_equal(wcscmp(path, L"as it was"), 0);
    }
}

static HMODULE WINAPI no_library(LPCWSTR path, HANDLE reserved, DWORD flags)
{
    (void)path, (void)reserved, (void)flags;
    SetLastError(ERROR_MOD_NOT_FOUND);
    return NULL;
}

static void the_shell_is_loaded_from_the_system_once(void **state)
{
    const struct system_library_calls real = system_library_calls;
    wchar_t path[STATE_DIRECTORY_MAX];
    (void)state;
    use_real_calls();
    system_library_calls.LoadLibraryExW = no_library;
    assert_int_equal(state_directory_find(path, &call), ERROR_MOD_NOT_FOUND);
    assert_string_equal(call, "LoadLibraryExW");
    system_library_calls = real;
    assert_int_equal(state_directory_find(path, &call), ERROR_SUCCESS);
    assert_true(wcslen(path) > wcslen(L"\\RelayLock"));
    assert_int_equal(wcscmp(path + wcslen(path) - wcslen(L"\\RelayLock"), L"\\RelayLock"), 0);
    system_library_calls.LoadLibraryExW = no_library;
    assert_int_equal(state_directory_find(path, &call), ERROR_SUCCESS);
    system_library_calls = real;
}

/* ---- making it ------------------------------------------------------------------------------ */

static void what_is_made_is_believed(void **state)
{
    (void)state;
    make_folder();
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
    make_folder();
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
    make_folder();
    fake_files_remove(FOLDER);
    fake_files_put(FOLDER, "x", 1);
    assert_refused(ERROR_CANT_ACCESS_FILE, "checking for a folder");

    make_folder();
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
    make_folder();
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
    make_folder();
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
    make_folder();
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
    make_folder();
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
    make_folder();
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

/* ---- what was checked is what is used ----------------------------------------------------------
 */

static HANDLE open_journal(void)
{
    HANDLE file = disk_file_calls.CreateFileW(FILE_, GENERIC_READ, FILE_SHARE_READ, NULL,
                                              OPEN_EXISTING, 0, NULL);
    assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
    return file;
}

static void one_that_is_held_cannot_be_moved_away(void **state)
{
    HANDLE folder;
    const DWORD all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    (void)state;
    make_folder();
    assert_int_equal(state_directory_hold(FOLDER, true, &folder, &call), ERROR_SUCCESS);
    assert_null(fake_files_open_elsewhere(FOLDER, DELETE, all));
    HANDLE adds = fake_files_open_elsewhere(FOLDER, FILE_WRITE_DATA, all);
    assert_non_null(adds); /* files can be made in it */
    fake_files_close_elsewhere(adds);
    state_directory_let_go(folder);
    HANDLE moves = fake_files_open_elsewhere(FOLDER, DELETE, all);
    assert_non_null(moves);
    fake_files_close_elsewhere(moves);
    assert_int_equal(fake_files_open_handles(), 0);
}

static void one_that_is_not_believed_is_not_held(void **state)
{
    HANDLE folder = NULL;
    (void)state;
    make_folder();
    fake_files_protect(FOLDER, L"O:BUD:P(A;;FA;;;BA)");
    assert_int_equal(state_directory_hold(FOLDER, true, &folder, &call), ERROR_INVALID_OWNER);
    fake_files_remove(FOLDER);
    fake_files_link(FOLDER, L"C:\\ProgramData");
    assert_int_equal(state_directory_hold(FOLDER, true, &folder, &call), ERROR_CANT_ACCESS_FILE);
    assert_string_equal(call, "checking for a reparse point");
    assert_null(folder);
    assert_int_equal(fake_files_open_handles(), 0);
}

/* A junction above the folder was pointed elsewhere between the check and the opening. */
static void a_file_of_another_folder_is_refused(void **state)
{
    HANDLE folder;
    (void)state;
    make_folder();
    fake_files_put(FILE_, "", 0);
    assert_int_equal(state_directory_hold(FOLDER, true, &folder, &call), ERROR_SUCCESS);
    HANDLE file = open_journal();
    assert_int_equal(state_directory_check_place(folder, file, &call), ERROR_SUCCESS);
    fake_files_make_folder(L"C:\\elsewhere");
    fake_files_hard_link(L"C:\\elsewhere\\journal", FILE_);
    fake_files_remove(FILE_);
    assert_int_equal(state_directory_check_place(folder, file, &call), ERROR_CANT_ACCESS_FILE);
    assert_string_equal(call, "checking where it lies");
    disk_file_calls.CloseHandle(file);
    state_directory_let_go(folder);
}

static void where_windows_cannot_tell_the_place_the_rest_must_do(void **state)
{
    HANDLE folder;
    const struct system_library_calls real = system_library_calls;
    (void)state;
    make_folder();
    fake_files_put(FILE_, "", 0);
    assert_int_equal(state_directory_hold(FOLDER, true, &folder, &call), ERROR_SUCCESS);
    HANDLE file = open_journal();
    fake_calls_fail(&fake_files_calls, 1, ERROR_NOT_READY, false);
    assert_int_equal(state_directory_check_place(folder, file, &call), ERROR_NOT_READY);
    assert_string_equal(call, "GetFinalPathNameByHandleW");
    state_directory_calls.GetFinalPathNameByHandleW = NULL;
    system_library_calls.LoadLibraryExW = no_library;
    assert_int_equal(state_directory_check_place(folder, file, &call), ERROR_SUCCESS);
    system_library_calls = real;
    disk_file_calls.CloseHandle(file);
    state_directory_let_go(folder);
}

static void a_check_that_cannot_be_made_is_no_yes(void **state)
{
    (void)state;
    make_folder();
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

/* ---- on this system's disk ------------------------------------------------------------------ */

static void real_path(wchar_t path[MAX_PATH])
{
    assert_true(GetTempPathW(MAX_PATH - 64, path) > 0);
    swprintf(path + wcslen(path), 64, L"relaylock-%lu", GetCurrentProcessId());
}

static void this_system_makes_and_believes_it(void **state)
{
    wchar_t path[MAX_PATH];
    (void)state;
    use_real_calls();
    real_path(path);
    assert_int_equal(state_directory_check(path, &call), ERROR_PATH_NOT_FOUND);
    assert_int_equal(state_directory_create(path, &call), ERROR_SUCCESS);
    assert_int_equal(state_directory_check(path, &call), ERROR_SUCCESS);
    assert_int_equal(state_directory_create(path, &call), ERROR_SUCCESS);
    assert_int_equal(state_directory_remove(path, &call), ERROR_SUCCESS);
    assert_int_equal(state_directory_check(path, &call), ERROR_PATH_NOT_FOUND);
    assert_int_equal(state_directory_remove(path, &call), ERROR_SUCCESS);
}

static void this_system_shows_a_strangers_right(void **state)
{
    wchar_t path[MAX_PATH];
    PSECURITY_DESCRIPTOR loose;
    (void)state;
    use_real_calls();
    real_path(path);
    assert_int_equal(state_directory_create(path, &call), ERROR_SUCCESS);
    assert_true(ConvertStringSecurityDescriptorToSecurityDescriptorW(
        L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;WD)", SDDL_REVISION_1, &loose, NULL));
    assert_true(SetFileSecurityW(path, DACL_SECURITY_INFORMATION, loose));
    LocalFree(loose);
    assert_int_equal(state_directory_check(path, &call), ERROR_INVALID_SECURITY_DESCR);
    assert_string_equal(call, "checking the rights");
    assert_int_equal(state_directory_remove(path, &call), ERROR_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_below_the_common_application_data),
        cmocka_unit_test(a_place_that_cannot_be_found_is_an_error),
        cmocka_unit_test(the_shell_is_loaded_from_the_system_once),
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
        cmocka_unit_test(one_that_is_held_cannot_be_moved_away),
        cmocka_unit_test(one_that_is_not_believed_is_not_held),
        cmocka_unit_test(a_file_of_another_folder_is_refused),
        cmocka_unit_test(where_windows_cannot_tell_the_place_the_rest_must_do),
        cmocka_unit_test(a_check_that_cannot_be_made_is_no_yes),
        cmocka_unit_test(this_system_makes_and_believes_it),
        cmocka_unit_test(this_system_shows_a_strangers_right),
    };
    real_calls = state_directory_calls;
    real_protection = protection_calls;
    real_files = disk_file_calls;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
