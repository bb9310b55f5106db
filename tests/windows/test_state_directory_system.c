/* test_state_directory_system.c: where this system has the state folder, and one on its disk. */
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
#include <sddl.h>

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

static void the_shell_is_loaded_from_the_system_once(void **state)
{
    const struct system_library_calls real = system_library_calls;
    wchar_t path[STATE_DIRECTORY_MAX];
    (void)state;
    use_real_calls();
    system_library_calls.LoadLibraryExW = no_system_library;
    assert_int_equal(state_directory_find(path, &call), ERROR_MOD_NOT_FOUND);
    assert_string_equal(call, "LoadLibraryExW");
    system_library_calls = real;
    assert_int_equal(state_directory_find(path, &call), ERROR_SUCCESS);
    assert_true(wcslen(path) > wcslen(L"\\RelayLock"));
    assert_int_equal(wcscmp(path + wcslen(path) - wcslen(L"\\RelayLock"), L"\\RelayLock"), 0);
    system_library_calls.LoadLibraryExW = no_system_library;
    assert_int_equal(state_directory_find(path, &call), ERROR_SUCCESS);
    system_library_calls = real;
}

/* ---- on this system's disk ------------------------------------------------------------------ */

static void real_path(wchar_t path[MAX_PATH])
{
    assert_true(GetTempPathW(MAX_PATH - 64, path) > 0);
    swprintf(path + wcslen(path), 64, L"relaylock-%lu", GetCurrentProcessId());
    RemoveDirectoryW(path); /* of a run that was killed */
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
        cmocka_unit_test(this_system_makes_and_believes_it),
        cmocka_unit_test(this_system_shows_a_strangers_right),
    };
    real_calls = state_directory_calls;
    real_protection = protection_calls;
    real_files = disk_file_calls;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
