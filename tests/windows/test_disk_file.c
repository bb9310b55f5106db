/* test_disk_file.c: who has a file open for a moment is waited for, but not for long. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake_files.h"
#include "windows/disk_file.h"
#include "windows/journal_file.h"

#define ONE   FAKE_FILES_FOLDER L"\\one"
#define OTHER FAKE_FILES_FOLDER L"\\other"

enum { ALL = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE };

static const char *call;

static int set_up(void **state)
{
    (void)state;
    fake_files_reset();
    fake_files_make_folder(FAKE_FILES_FOLDER);
    fake_files_put(ONE, "one", 3);
    fake_files_put(OTHER, "other", 5);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(fake_files_open_handles(), 0);
    return 0;
}

static void a_delete_waits_with_growing_pauses(void **state)
{
    (void)state;
    fake_files_keep_open(ONE, FILE_SHARE_READ, 3);
    assert_int_equal(disk_file_delete(ONE, &call), ERROR_SUCCESS);
    assert_false(fake_files_exists(ONE));
    assert_int_equal(fake_files_slept, (1 + 2 + 3) * DISK_FILE_PAUSE);
}

static void a_name_that_is_about_to_be_free_is_waited_for(void **state)
{
    (void)state;
    HANDLE file;
    fake_files_keep_open(ONE, ALL, 2);
    assert_int_equal(disk_file_delete(ONE, &call), ERROR_SUCCESS); /* deleted and still open */
    assert_int_equal(fake_files_slept, 0);
    assert_int_equal(disk_file_own(ONE, CREATE_NEW, &file, &call), ERROR_SUCCESS);
    assert_int_equal(fake_files_slept, (1 + 2) * DISK_FILE_PAUSE);
    disk_file_close(file);
}

static void an_opening_waits(void **state)
{
    (void)state;
    HANDLE file;
    fake_files_keep_open(ONE, FILE_SHARE_READ, 1);
    assert_int_equal(disk_file_own(ONE, OPEN_EXISTING, &file, &call), ERROR_SUCCESS);
    disk_file_close(file);
    fake_files_keep_open(ONE, 0, 1);
    assert_int_equal(disk_file_look(ONE, false, &file, &call), ERROR_SUCCESS);
    disk_file_close(file);
    assert_int_equal(fake_files_slept, 2 * DISK_FILE_PAUSE);
}

static void a_rename_waits_for_source_and_target(void **state)
{
    (void)state;
    size_t size;
    fake_files_keep_open(OTHER, ALL, 2); /* nobody can replace what is open: error 5 */
    assert_int_equal(disk_file_rename_over(ONE, OTHER, &call), ERROR_SUCCESS);
    fake_files_keep_open(OTHER, FILE_SHARE_READ, 1); /* error 32 */
    assert_int_equal(disk_file_rename_over(OTHER, ONE, &call), ERROR_SUCCESS);
    assert_memory_equal(fake_files_content(ONE, &size), "one", 3);
    assert_int_equal(fake_files_slept, (1 + 2 + 1) * DISK_FILE_PAUSE);
}

static void what_stays_denied_costs_no_more_than_the_bound(void **state)
{
    (void)state;
    HANDLE file = (HANDLE)1;
    fake_files_read_only(ONE, true);
    unsigned made = fake_files_calls.made;
    assert_int_equal(disk_file_delete(ONE, &call), ERROR_ACCESS_DENIED);
    assert_string_equal(call, "DeleteFileW");
    assert_int_equal(fake_files_calls.made - made, DISK_FILE_TRIES);
    assert_int_equal(fake_files_slept, DISK_FILE_PATIENCE);
    assert_in_range(DISK_FILE_PATIENCE, 500, 1000);
    assert_int_equal(disk_file_rename_over(OTHER, ONE, &call), ERROR_ACCESS_DENIED);
    assert_string_equal(call, "MoveFileExW");
    assert_int_equal(disk_file_own(ONE, OPEN_ALWAYS, &file, &call), ERROR_ACCESS_DENIED);
    assert_string_equal(call, "CreateFileW");
    assert_ptr_equal(file, (HANDLE)1);
    assert_int_equal(fake_files_slept, 3 * DISK_FILE_PATIENCE);
}

static void what_cannot_pass_is_not_waited_for(void **state)
{
    (void)state;
    HANDLE file;
    fake_files_write_protect(true);
    assert_int_equal(disk_file_delete(ONE, &call), ERROR_WRITE_PROTECT);
    assert_int_equal(disk_file_rename_over(ONE, OTHER, &call), ERROR_WRITE_PROTECT);
    assert_int_equal(disk_file_own(ONE, OPEN_EXISTING, &file, &call), ERROR_WRITE_PROTECT);
    fake_files_write_protect(false);
    assert_int_equal(disk_file_own(ONE, CREATE_NEW, &file, &call), ERROR_FILE_EXISTS);
    assert_int_equal(disk_file_delete(FAKE_FILES_FOLDER L"\\none", &call), ERROR_SUCCESS);
    assert_int_equal(disk_file_look(FAKE_FILES_FOLDER L"\\none", false, &file, &call),
                     ERROR_FILE_NOT_FOUND);
    assert_int_equal(fake_files_slept, 0);
}

static void one_of_many_is_not_waited_for(void **state)
{
    (void)state;
    fake_files_read_only(ONE, true);
    assert_int_equal(disk_file_delete_now(ONE, &call), ERROR_ACCESS_DENIED);
    assert_string_equal(call, "DeleteFileW");
    assert_int_equal(disk_file_delete_now(OTHER, &call), ERROR_SUCCESS);
    assert_int_equal(disk_file_delete_now(OTHER, &call), ERROR_SUCCESS); /* none is fine */
    assert_int_equal(fake_files_slept, 0);
}

/* ---- the journal ---------------------------------------------------------------------------- */

static void a_journal_that_is_scanned_is_replaced_all_the_same(void **state)
{
    (void)state;
    struct journal_file journal;
    uint8_t *bytes;
    size_t size;
    fake_files_protect(FAKE_FILES_FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    assert_int_equal(journal_file_open(&journal, FAKE_FILES_FOLDER, &bytes, &size), ERROR_SUCCESS);
    fake_files_keep_open(FAKE_FILES_FOLDER L"\\journal", ALL, 2);
    assert_int_equal(journal_file_replace(&journal, "new", 3), ERROR_SUCCESS);
    assert_non_null(journal.handle);
    assert_int_equal(fake_files_slept, (1 + 2) * DISK_FILE_PAUSE);
    journal_file_close(&journal);
}

/* Scanners open what was just renamed. */
static void scan(void *context, const char *made, enum fake_moment moment)
{
    (void)context;
    if (strcmp(made, "MoveFileExW") == 0 && moment == FAKE_AFTER)
        fake_files_keep_open(FAKE_FILES_FOLDER L"\\journal", FILE_SHARE_READ | FILE_SHARE_DELETE,
                             1);
}

static void a_scan_of_the_new_journal_does_not_close_it(void **state)
{
    (void)state;
    struct journal_file journal;
    uint8_t *bytes;
    size_t size;
    fake_files_protect(FAKE_FILES_FOLDER, L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    assert_int_equal(journal_file_open(&journal, FAKE_FILES_FOLDER, &bytes, &size), ERROR_SUCCESS);
    fake_calls_hook(scan, NULL);
    assert_int_equal(journal_file_replace(&journal, "new", 3), ERROR_SUCCESS);
    fake_calls_hook(NULL, NULL);
    assert_non_null(journal.handle);
    assert_int_equal(fake_files_slept, DISK_FILE_PAUSE);
    journal_file_close(&journal);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_delete_waits_with_growing_pauses),
        TEST(a_name_that_is_about_to_be_free_is_waited_for),
        TEST(an_opening_waits),
        TEST(a_rename_waits_for_source_and_target),
        TEST(what_stays_denied_costs_no_more_than_the_bound),
        TEST(what_cannot_pass_is_not_waited_for),
        TEST(one_of_many_is_not_waited_for),
        TEST(a_journal_that_is_scanned_is_replaced_all_the_same),
        TEST(a_scan_of_the_new_journal_does_not_close_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
