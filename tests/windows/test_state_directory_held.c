/* test_state_directory_held.c: the state folder and the file that were checked are those that are
 * used. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "windows/disk_file.h"
#include "state_directory_fixture.h"

static const char *call;

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
    make_state_directory(&call);
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
    make_state_directory(&call);
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
    make_state_directory(&call);
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
    make_state_directory(&call);
    fake_files_put(FILE_, "", 0);
    assert_int_equal(state_directory_hold(FOLDER, true, &folder, &call), ERROR_SUCCESS);
    HANDLE file = open_journal();
    fake_calls_fail(&fake_files_calls, 1, ERROR_NOT_READY, false);
    assert_int_equal(state_directory_check_place(folder, file, &call), ERROR_NOT_READY);
    assert_string_equal(call, "GetFinalPathNameByHandleW");
    state_directory_calls.GetFinalPathNameByHandleW = NULL;
    system_library_calls.LoadLibraryExW = no_system_library;
    assert_int_equal(state_directory_check_place(folder, file, &call), ERROR_SUCCESS);
    system_library_calls = real;
    disk_file_calls.CloseHandle(file);
    state_directory_let_go(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_is_held_cannot_be_moved_away),
        cmocka_unit_test(one_that_is_not_believed_is_not_held),
        cmocka_unit_test(a_file_of_another_folder_is_refused),
        cmocka_unit_test(where_windows_cannot_tell_the_place_the_rest_must_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
