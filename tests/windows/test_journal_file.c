/* test_journal_file.c: the journal is opened and appended to. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "windows/disk_file.h"
#include "journal_fixture.h"

/* ---- opening -------------------------------------------------------------------------------- */

static void a_journal_is_made_and_found_again(void **state)
{
    (void)state;
    journal_make_folder();
    journal_assert_opens_with("");
    assert_int_equal(journal_append("one"), ERROR_SUCCESS);
    assert_int_equal(journal_append("two"), ERROR_SUCCESS);
    assert_int_equal(journal.size, 6);
    journal_assert_closes();
    journal_assert_opens_with("onetwo");
    assert_int_equal(journal_append("three"), ERROR_SUCCESS);
    journal_assert_closes();
    journal_assert_holds(JOURNAL, "onetwothree");
}

static void one_process_owns_it_and_others_may_read(void **state)
{
    struct journal_file second;
    const char *call;
    (void)state;
    journal_make_folder();
    journal_assert_opens_with("");
    assert_int_equal(journal_append("one"), ERROR_SUCCESS);
    assert_int_equal(journal_file_open(&second, FAKE_FILES_FOLDER, &journal_bytes, &journal_size),
                     ERROR_SHARING_VIOLATION);
    assert_string_equal(second.failed_call, "CreateFileW");
    assert_int_equal(journal_file_read(JOURNAL, &journal_bytes, &journal_size, &call),
                     ERROR_SUCCESS);
    assert_int_equal(journal_size, 3);
    assert_memory_equal(journal_bytes, "one", 3);
    journal_file_free(journal_bytes);
    assert_int_equal(journal_append("two"), ERROR_SUCCESS);
    journal_assert_closes();
    journal_assert_opens_with("onetwo");
    journal_assert_closes();
}

static void what_is_not_to_be_believed_is_refused(void **state)
{
    (void)state;
    journal_make_folder();
    fake_files_put(JOURNAL, "x", 1);
    fake_files_protect(JOURNAL, L"O:S-1-5-21-1-2-3-1000D:(A;;FA;;;SY)");
    journal_assert_refused(ERROR_INVALID_OWNER, "checking the owner");
    fake_files_protect(JOURNAL, L"O:BAD:(A;;FA;;;SY)(A;;FA;;;BU)");
    journal_assert_refused(ERROR_INVALID_SECURITY_DESCR, "checking the rights");
    fake_files_protect(JOURNAL, L"O:BAD:(A;;FA;;;SY)");
    fake_files_hard_link(L"C:\\ProgramData\\link", JOURNAL);
    journal_assert_refused(ERROR_CANT_ACCESS_FILE, "checking for hard links");
    fake_files_remove(JOURNAL);
    fake_files_link(JOURNAL, L"C:\\ProgramData\\link");
    journal_assert_refused(ERROR_CANT_ACCESS_FILE, "checking for a reparse point");
    fake_files_remove(JOURNAL);
    fake_files_make_folder(JOURNAL);
    journal_assert_refused(ERROR_ACCESS_DENIED, "CreateFileW");
    fake_files_remove(JOURNAL);
    journal_assert_opens_with("");
    journal_assert_closes();
    fake_files_read_only(JOURNAL, true);
    journal_assert_refused(ERROR_ACCESS_DENIED, "CreateFileW");
    fake_files_remove(FAKE_FILES_FOLDER);
    journal_assert_refused(ERROR_PATH_NOT_FOUND, "CreateFileW");
}

static void a_path_too_long_is_refused(void **state)
{
    wchar_t path[STATE_DIRECTORY_MAX + 1];
    (void)state;
    journal_make_folder();
    wmemset(path, L'x', STATE_DIRECTORY_MAX);
    path[STATE_DIRECTORY_MAX] = 0;
    assert_int_equal(journal_file_open(&journal, path, &journal_bytes, &journal_size),
                     ERROR_BUFFER_OVERFLOW);
    assert_string_equal(journal.failed_call, "checking the path");
}

static void the_largest_is_read_and_a_larger_one_refused(void **state)
{
    uint8_t *large = calloc(1, JOURNAL_FILE_MAX + 1);
    (void)state;
    journal_make_folder();
    fake_files_put(JOURNAL, large, JOURNAL_FILE_MAX);
    assert_int_equal(journal_open(), ERROR_SUCCESS);
    assert_int_equal(journal_size, JOURNAL_FILE_MAX);
    journal_file_free(journal_bytes);
    unsigned made = fake_files_calls.made;
    assert_int_equal(journal_append("x"), ERROR_FILE_TOO_LARGE);
    assert_string_equal(journal.failed_call, "checking the size");
    assert_int_equal(fake_files_calls.made, made);
    assert_non_null(journal.handle);
    assert_int_equal(journal_file_replace(&journal, large, JOURNAL_FILE_MAX + 1),
                     ERROR_FILE_TOO_LARGE);
    assert_int_equal(journal_append(""), ERROR_SUCCESS);
    journal_assert_closes();
    fake_files_put(JOURNAL, large, JOURNAL_FILE_MAX + 1);
    journal_assert_refused(ERROR_FILE_TOO_LARGE, "checking the size");
    const char *call;
    assert_int_equal(journal_file_read(JOURNAL, &journal_bytes, &journal_size, &call),
                     ERROR_FILE_TOO_LARGE);
    assert_string_equal(call, "checking the size");
    free(large);
}

static void what_a_dead_process_left_is_cleared_away(void **state)
{
    (void)state;
    journal_make_folder();
    fake_files_put(JOURNAL, "one", 3);
    fake_files_put(JOURNAL_NEW, "half of a new o", 15);
    journal_assert_opens_with("one");
    assert_false(fake_files_exists(JOURNAL_NEW));
    journal_assert_closes();
}

static void without_room_it_does_not_open(void **state)
{
    (void)state;
    journal_make_folder();
    fake_files_put(JOURNAL, "one", 3);
    fake_files_room(JOURNAL_FILE_ROOM - 1);
    journal_assert_refused(ERROR_DISK_FULL, "SetEndOfFile");
    fake_files_room(JOURNAL_FILE_ROOM);
    journal_assert_opens_with("one");
    journal_assert_closes();
    fake_files_write_protect(true);
    journal_assert_refused(ERROR_WRITE_PROTECT, "CreateFileW");
}

static void opening_fails_by_name_whatever_call_fails(void **state)
{
    (void)state;
    for (unsigned late = 0; late <= 1; late++)
        for (unsigned n = 1;; n++) {
            journal_make_folder();
            fake_files_put(JOURNAL, "one", 3);
            fake_calls_fail(&fake_files_calls, n, ERROR_NOT_READY, late != 0);
            DWORD error = journal_open();
            const char *failed = fake_files_calls.failed;
            if (error) {
                assert_string_equal(journal.failed_call, failed);
                assert_int_equal(error, strcmp(failed, "HeapAlloc") == 0 ? ERROR_NOT_ENOUGH_MEMORY
                                                                         : ERROR_NOT_READY);
                assert_int_equal(fake_files_open_handles(), 0);
                assert_null(journal_bytes);
            } else { /* closing, and clearing away, may fail */
                assert_true(!failed || strcmp(failed, "CloseHandle") == 0 ||
                            strcmp(failed, "DeleteFileW") == 0);
                journal_file_free(journal_bytes);
                journal_file_close(&journal);
            }
            if (journal_all_went_well()) {
                assert_true(n > 16);
                break;
            }
            journal_assert_opens_with("one");
            journal_assert_closes();
        }
}

/* ---- appending ------------------------------------------------------------------------------ */

static void an_append_is_on_the_disk(void **state)
{
    (void)state;
    journal_make_folder();
    journal_assert_opens_with("");
    assert_int_equal(journal_append("one"), ERROR_SUCCESS);
    assert_int_equal(fake_files_pending_bytes(), 0);
    journal_cut_power(FAKE_CUT_LOST);
    journal_assert_opens_with("one");
    journal_assert_closes();
}

/* Writes only some of what it is asked to, or none at all, and calls that a success. */
static DWORD short_by;
static BOOL(WINAPI *fake_write)(HANDLE, LPCVOID, DWORD, LPDWORD, LPOVERLAPPED);
static BOOL WINAPI write_short(HANDLE handle, LPCVOID from, DWORD count, LPDWORD written,
                               LPOVERLAPPED none)
{
    DWORD less = count > short_by ? count - short_by : 0;
    if (less > 0)
        return fake_write(handle, from, less, written, none);
    *written = 0;
    return TRUE;
}

static void a_write_that_falls_short_goes_on(void **state)
{
    (void)state;
    journal_make_folder();
    journal_assert_opens_with("");
    fake_write = disk_file_calls.WriteFile;
    disk_file_calls.WriteFile = write_short;
    short_by = 1; /* the last byte of all is never written */
    assert_int_equal(journal_append("one"), ERROR_WRITE_FAULT);
    assert_string_equal(journal.failed_call, "WriteFile");
    assert_non_null(journal.handle);
    journal_assert_holds(JOURNAL, "");
    disk_file_calls.WriteFile = fake_write;
    assert_int_equal(journal_append("two"), ERROR_SUCCESS);
    journal_assert_closes();
    journal_assert_holds(JOURNAL, "two");
}

static void a_full_disk_leaves_it_as_it_was(void **state)
{
    (void)state;
    journal_make_folder();
    journal_assert_opens_with("");
    assert_int_equal(journal_append("one"), ERROR_SUCCESS);
    for (size_t room = 0; room < 5; room++) {
        fake_files_room(room);
        assert_int_equal(journal_append("three"), ERROR_DISK_FULL);
        assert_string_equal(journal.failed_call, "WriteFile");
        journal_assert_holds(JOURNAL, "one");
        assert_non_null(journal.handle);
    }
    fake_files_room(5);
    assert_int_equal(journal_append("three"), ERROR_SUCCESS);
    journal_assert_closes();
    journal_assert_holds(JOURNAL, "onethree");
}

/* Whatever fails, what was durable stays, and the file is as it was or closed. */
static void an_append_is_whole_or_taken_back(void **state)
{
    (void)state;
    for (unsigned late = 0; late <= 1; late++)
        for (unsigned n = 1; n <= 3; n++) { /* seek, write, flush */
            journal_make_folder();
            journal_assert_opens_with("");
            assert_int_equal(journal_append("one"), ERROR_SUCCESS);
            fake_calls_fail(&fake_files_calls, n, ERROR_IO_DEVICE, late != 0);
            assert_int_equal(journal_append("two"), ERROR_IO_DEVICE);
            assert_string_equal(journal.failed_call, fake_files_calls.failed);
            assert_non_null(journal.handle);
            journal_assert_holds(JOURNAL, "one");
            assert_int_equal(journal_append("three"), ERROR_SUCCESS);
            journal_cut_power(FAKE_CUT_LOST);
            journal_assert_opens_with("onethree");
            journal_assert_closes();
        }
}

static void what_cannot_be_taken_back_closes_it(void **state)
{
    static const char *const calls[] = {"SetFilePointerEx", "FlushFileBuffers"};
    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(calls); i++) {
        journal_make_folder();
        journal_assert_opens_with("");
        assert_int_equal(journal_append("one"), ERROR_SUCCESS);
        fake_calls_break(&fake_files_calls, calls[i], ERROR_IO_DEVICE);
        assert_int_equal(journal_append("two"), ERROR_IO_DEVICE);
        assert_string_equal(journal.failed_call, calls[i]);
        assert_null(journal.handle);
        fake_calls_break(&fake_files_calls, NULL, 0);
        assert_int_equal(fake_files_open_handles(), 0);
        journal_assert_opens_with("one");
        journal_assert_closes();
    }
    journal_make_folder();
    journal_assert_opens_with("");
    fake_calls_fail(&fake_files_calls, 3, ERROR_IO_DEVICE, true); /* flushed, and says no */
    fake_calls_break(&fake_files_calls, "SetEndOfFile", ERROR_IO_DEVICE);
    assert_int_equal(journal_append("two"), ERROR_IO_DEVICE);
    assert_null(journal.handle);
    fake_calls_break(&fake_files_calls, NULL, 0);
    journal_assert_opens_with("two"); /* it could not be taken back: the header says so */
    journal_assert_closes();
}

static void append_two(void)
{
    journal_append("two");
}

static void a_torn_append_never_hurts_what_was_there(void **state)
{
    static const enum fake_cut_bytes kinds[] = {FAKE_CUT_LOST, FAKE_CUT_KEPT, FAKE_CUT_TORN,
                                                FAKE_CUT_HOLE};
    bool whole = false;
    (void)state;
    for (size_t kind = 0; kind < ARRAYSIZE(kinds); kind++)
        for (unsigned n = 1;; n++) {
            journal_make_folder();
            journal_assert_opens_with("");
            assert_int_equal(journal_append("one"), ERROR_SUCCESS);
            bool lived = fake_calls_lives(n, append_two);
            const struct fake_cut cut = {.bytes = kinds[kind], .torn = 2, .names = SIZE_MAX};
            fake_files_power_cut(&cut);
            assert_int_equal(journal_open(), ERROR_SUCCESS);
            assert_true(journal_size >= 3);
            assert_memory_equal(journal_bytes, "one", 3);
            whole = journal_size == 6 && memcmp(journal_bytes, "onetwo", 6) == 0;
            if (!whole)
                assert_true(journal_size <= 6);
            journal_file_free(journal_bytes);
            journal_assert_closes();
            if (lived) {
                assert_true(whole && n > 6);
                break;
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_journal_is_made_and_found_again),
        cmocka_unit_test(one_process_owns_it_and_others_may_read),
        cmocka_unit_test(what_is_not_to_be_believed_is_refused),
        cmocka_unit_test(a_path_too_long_is_refused),
        cmocka_unit_test(the_largest_is_read_and_a_larger_one_refused),
        cmocka_unit_test(what_a_dead_process_left_is_cleared_away),
        cmocka_unit_test(without_room_it_does_not_open),
        cmocka_unit_test(opening_fails_by_name_whatever_call_fails),
        cmocka_unit_test(an_append_is_on_the_disk),
        cmocka_unit_test(a_write_that_falls_short_goes_on),
        cmocka_unit_test(a_full_disk_leaves_it_as_it_was),
        cmocka_unit_test(an_append_is_whole_or_taken_back),
        cmocka_unit_test(what_cannot_be_taken_back_closes_it),
        cmocka_unit_test(a_torn_append_never_hurts_what_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
