/* The verb incidents on Windows, without FILE: it finds and reads the service's own journal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <windows.h>
#include <sddl.h>
#include "windows/state_directory.h"
#include "../core/incidents_verb.h"

/* What stands in for the common application data folder. */
static wchar_t common[MAX_PATH];
static HRESULT found;

static HRESULT WINAPI common_folder(HWND window, int folder, HANDLE token, DWORD flags, LPWSTR path)
{
    (void)window;
    (void)folder;
    (void)token;
    (void)flags;
    wcscpy(path, common);
    return found;
}

static void path_in(wchar_t path[MAX_PATH], const wchar_t *name)
{
    _snwprintf(path, MAX_PATH, L"%ls%ls", common, name);
}

static int start(void **state)
{
    wchar_t folder[MAX_PATH];
    const char *call;
    DWORD used = GetTempPathW(MAX_PATH - 40, common);
    _snwprintf(common + used, 40, L"relaylock-%lu", GetCurrentProcessId());
    state_directory_calls.SHGetFolderPathW = common_folder;
    found = S_OK;
    path_in(folder, L"\\RelayLock");
    return CreateDirectoryW(common, NULL) && !state_directory_create(folder, &call)
               ? incidents_start(state)
               : -1;
}

static int end(void **state)
{
    wchar_t path[MAX_PATH];
    path_in(path, L"\\RelayLock\\journal");
    DeleteFileW(path);
    path_in(path, L"\\RelayLock");
    RemoveDirectoryW(path);
    RemoveDirectoryW(common);
    return incidents_end(state);
}

/* Writes the book's journal where the service has its own. */
static void write_own(void)
{
    char path[3 * MAX_PATH];
    wchar_t wide[MAX_PATH];
    static uint8_t bytes[65536];
    uint64_t next;
    path_in(wide, L"\\RelayLock\\journal");
    text_to_utf8(path, sizeof path, text_of(wide));
    size_t size = incident_book_write(&book, bytes, sizeof bytes, 1, &next);
    output_file(path, bytes, size);
}

static void the_service_s_own_is_found(void **state)
{
    (void)state;
    add_incident(7, INCIDENT_CONTAINED);
    write_own();
    run(NULL, NULL, NULL);
    assert_string_equal(output.err, "");
    assert_shown("#1 CONTOSO\\user7: locked; contained\n");
    assert_int_equal(output.status, INCIDENTS_SOME);
    run("--json", NULL, NULL);
    assert_shown("\"account\":\"CONTOSO\\\\user7\"");
}

/* The service keeps it open to write; others may read. */
static void it_is_read_while_the_service_owns_it(void **state)
{
    (void)state;
    wchar_t path[MAX_PATH];
    write_own();
    path_in(path, L"\\RelayLock\\journal");
    HANDLE owner = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, NULL,
                               OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    assert_true(owner != INVALID_HANDLE_VALUE);
    run(NULL, NULL, NULL);
    CloseHandle(owner);
    assert_string_equal(output.err, "");
    assert_int_equal(output.status, INCIDENTS_NONE);
}

static void without_one_the_path_and_the_error_are_named(void **state)
{
    (void)state;
    run(NULL, NULL, NULL);
    assert_int_equal(output.status, INCIDENTS_FAILED);
    assert_string_equal(output.out, "");
    assert_non_null(strstr(output.err,
                           "\\RelayLock\\journal: CreateFileW failed with error 2: there "
                           "is none; has the service ever run?\n"));
}

static void let_everyone_write(const wchar_t *name)
{
    wchar_t path[MAX_PATH];
    PSECURITY_DESCRIPTOR loose;
    path_in(path, name);
    assert_true(ConvertStringSecurityDescriptorToSecurityDescriptorW(
        L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;WD)", SDDL_REVISION_1, &loose, NULL));
    assert_true(SetFileSecurityW(path, DACL_SECURITY_INFORMATION, loose));
    LocalFree(loose);
}

static void assert_not_shown_but_refused(const char *said)
{
    run(NULL, NULL, NULL);
    assert_int_equal(output.status, INCIDENTS_FAILED);
    assert_string_equal(output.out, "");
    assert_non_null(strstr(output.err, said));
    assert_non_null(
        strstr(output.err, ": it cannot be believed, and is not shown; see relaylock doctor\n"));
}

/* Whoever may write it may have written anything. Named, it is a file like any other. */
static void what_cannot_be_believed_is_not_shown(void **state)
{
    wchar_t path[MAX_PATH], other[MAX_PATH];
    char name[3 * MAX_PATH];
    (void)state;
    add_incident(7, INCIDENT_CONTAINED);
    write_own();
    path_in(path, L"\\RelayLock\\journal");
    path_in(other, L"\\second");
    text_to_utf8(name, sizeof name, text_of(path));
    assert_true(CreateHardLinkW(other, path, NULL));
    assert_not_shown_but_refused(
        "\\RelayLock\\journal: checking for hard links failed with error 1920");
    assert_true(DeleteFileW(other));
    let_everyone_write(L"\\RelayLock");
    assert_not_shown_but_refused(
        "\\RelayLock: checking the rights of S-1-1-0 failed with error 1338");
    run(name, NULL, NULL);
    assert_string_equal(output.err, "");
    assert_int_equal(output.status, INCIDENTS_SOME);
}

static void without_a_folder_it_is_said(void **state)
{
    wchar_t path[MAX_PATH];
    (void)state;
    path_in(path, L"\\RelayLock");
    assert_true(RemoveDirectoryW(path));
    run(NULL, NULL, NULL);
    assert_int_equal(output.status, INCIDENTS_FAILED);
    assert_non_null(strstr(output.err, "\\RelayLock: CreateFileW failed with error 3: there is "
                                       "none; has the service ever run?\n"));
}

static void a_folder_that_cannot_be_told_is_said(void **state)
{
    (void)state;
    found = E_FAIL;
    run(NULL, NULL, NULL);
    assert_int_equal(output.status, INCIDENTS_FAILED);
    assert_non_null(
        strstr(output.err,
               "relaylock incidents: the journal's folder: SHGetFolderPathW failed with error"));
}

static void a_name_that_is_no_utf8_is_refused(void **state)
{
    (void)state;
    run("\xff", NULL, NULL);
    assert_int_equal(output.status, INCIDENTS_FAILED);
    assert_string_equal(output.err,
                        "relaylock incidents: FILE: reading its name failed with error 123\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)
    const struct CMUnitTest tests[] = {
        TEST(the_service_s_own_is_found),
        TEST(it_is_read_while_the_service_owns_it),
        TEST(without_one_the_path_and_the_error_are_named),
        TEST(what_cannot_be_believed_is_not_shown),
        TEST(without_a_folder_it_is_said),
        TEST(a_folder_that_cannot_be_told_is_said),
        TEST(a_name_that_is_no_utf8_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
