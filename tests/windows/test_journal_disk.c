/* test_journal_disk.c: the journal on this system's disk, with the real calls. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include "windows/journal_file.h"

static wchar_t folder[MAX_PATH], journal[JOURNAL_FILE_PATH_MAX];
static struct journal_file file;

static DWORD append(const char *text)
{
    return journal_file_append(&file, text, strlen(text));
}

static void assert_opens_with(const char *content)
{
    uint8_t *bytes;
    size_t size;
    DWORD error = journal_file_open(&file, folder, &bytes, &size);
    if (error)
        fail_msg("%s failed with %lu", file.failed_call, error);
    assert_int_equal(size, strlen(content));
    assert_memory_equal(bytes ? (const char *)bytes : "", content, size);
    journal_file_free(bytes);
}

static void assert_reads(const wchar_t *path, const char *content)
{
    uint8_t *bytes;
    size_t size;
    const char *call;
    assert_int_equal(journal_file_read(path, &bytes, &size, &call), ERROR_SUCCESS);
    assert_int_equal(size, strlen(content));
    assert_memory_equal(bytes, content, size);
    journal_file_free(bytes);
}

static int make_folder(void **state)
{
    const char *call;
    (void)state;
    if (GetTempPathW(MAX_PATH - 64, folder) == 0)
        return 1;
    swprintf(folder + wcslen(folder), 64, L"relaylock-%lu", GetCurrentProcessId());
    journal_file_path(journal, folder);
    return state_directory_create(folder, &call) || state_directory_check(folder, &call);
}

static int remove_folder(void **state)
{
    const char *call;
    (void)state;
    return journal_file_delete(folder, &call) || state_directory_remove(folder, &call);
}

static void appends_are_read_again(void **state)
{
    (void)state;
    assert_opens_with("");
    assert_int_equal(append("one"), ERROR_SUCCESS);
    assert_int_equal(append("two"), ERROR_SUCCESS);
    assert_reads(journal, "onetwo");
    journal_file_close(&file);
    assert_opens_with("onetwo");
    journal_file_close(&file);
}

static void a_second_owner_is_kept_out(void **state)
{
    struct journal_file second;
    uint8_t *bytes;
    size_t size;
    (void)state;
    assert_opens_with("");
    assert_int_equal(journal_file_open(&second, folder, &bytes, &size), ERROR_SHARING_VIOLATION);
    assert_false(DeleteFileW(journal));
    assert_int_equal(GetLastError(), ERROR_SHARING_VIOLATION);
    assert_int_equal(append("mine"), ERROR_SUCCESS);
    journal_file_close(&file);
    assert_int_equal(journal_file_open(&second, folder, &bytes, &size), ERROR_SUCCESS);
    journal_file_free(bytes);
    journal_file_close(&second);
}

static void it_is_replaced_and_goes_on(void **state)
{
    wchar_t path[JOURNAL_FILE_PATH_MAX];
    (void)state;
    assert_opens_with("");
    assert_int_equal(append("long and old"), ERROR_SUCCESS);
    assert_int_equal(journal_file_replace(&file, "new", 3), ERROR_SUCCESS);
    assert_int_equal(append("er"), ERROR_SUCCESS);
    assert_reads(journal, "newer");
    swprintf(path, JOURNAL_FILE_PATH_MAX, L"%ls\\journal.new", folder);
    assert_int_equal(GetFileAttributesW(path), INVALID_FILE_ATTRIBUTES);
    journal_file_close(&file);
}

static void a_reader_keeps_the_old_one_in_force(void **state)
{
    (void)state;
    assert_opens_with("");
    assert_int_equal(append("old"), ERROR_SUCCESS);
    HANDLE reader =
        CreateFileW(journal, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, OPEN_EXISTING, 0, NULL);
    assert_true(reader != INVALID_HANDLE_VALUE);
    assert_int_equal(journal_file_replace(&file, "new", 3), ERROR_ACCESS_DENIED);
    assert_string_equal(file.failed_call, "MoveFileExW");
    assert_int_equal(append("er"), ERROR_SUCCESS);
    CloseHandle(reader);
    assert_reads(journal, "older");
    journal_file_close(&file);
}

static void what_is_torn_is_set_aside(void **state)
{
    wchar_t name[JOURNAL_FILE_NAME_MAX], path[JOURNAL_FILE_PATH_MAX];
    (void)state;
    assert_opens_with("");
    assert_int_equal(append("good-torn"), ERROR_SUCCESS);
    assert_int_equal(journal_file_copy_torn(&file, 4, name), ERROR_SUCCESS);
    assert_reads(journal, "good-torn");
    assert_int_equal(journal_file_cut_torn(&file, 4, name), ERROR_SUCCESS);
    assert_int_equal(append("+new"), ERROR_SUCCESS);
    assert_reads(journal, "good+new");
    swprintf(path, JOURNAL_FILE_PATH_MAX, L"%ls\\%ls", folder, name);
    assert_reads(path, "-torn");
    journal_file_close(&file);
}

static void hard_links_and_folders_are_refused(void **state)
{
    wchar_t path[JOURNAL_FILE_PATH_MAX];
    uint8_t *bytes;
    size_t size;
    (void)state;
    assert_opens_with("");
    journal_file_close(&file);
    swprintf(path, JOURNAL_FILE_PATH_MAX, L"%ls\\link", folder);
    assert_true(CreateHardLinkW(path, journal, NULL));
    assert_int_equal(journal_file_open(&file, folder, &bytes, &size), ERROR_CANT_ACCESS_FILE);
    assert_string_equal(file.failed_call, "checking for hard links");
    assert_true(DeleteFileW(path));
    assert_opens_with("");
    journal_file_close(&file);
    assert_true(DeleteFileW(journal) && CreateDirectoryW(journal, NULL));
    assert_int_equal(journal_file_open(&file, folder, &bytes, &size), ERROR_ACCESS_DENIED);
    assert_true(RemoveDirectoryW(journal));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(appends_are_read_again, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_second_owner_is_kept_out, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(it_is_replaced_and_goes_on, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_reader_keeps_the_old_one_in_force, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(what_is_torn_is_set_aside, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(hard_links_and_folders_are_refused, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
