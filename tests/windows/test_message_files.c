/* test_message_files.c: the message files of a folder: states of files, every call failing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>
#include "windows/message_files.h"
#include "fake_disk.h"

#define QUEUE   L"C:\\Queue"
#define MESSAGE "From: a@b.com\r\n\r\nbody\r\n"

static unsigned states[MESSAGE_FILE_FAILED + 1], heads, told, asked;
static const char *call, *file_call;
static DWORD file_error;

static bool take(void *context, const struct message_file *file)
{
    const wchar_t *away = context;
    assert_int_equal(_wcsnicmp(file->path, QUEUE L"\\", wcslen(QUEUE) + 1), 0);
    assert_ptr_equal(file->name, wcsrchr(file->path, L'\\') + 1);
    states[file->state]++;
    told++;
    assert_int_equal(file->head != NULL, file->head && file->state == MESSAGE_FILE_READ);
    if (file->head) {
        heads++;
        assert_true(message_string_is(&file->head->from.address, "a@b.com"));
        assert_int_equal(file->size, strlen(MESSAGE));
    }
    if (file->state == MESSAGE_FILE_FAILED) {
        file_call = file->failed_call;
        file_error = file->error;
    }
    if (away && _wcsicmp(file->path, away) != 0)
        fake_files_remove(away);
    return true;
}

static DWORD walk(bool with_heads, const wchar_t *away)
{
    memset(states, 0, sizeof states);
    heads = told = 0;
    call = file_call = NULL;
    DWORD error = message_files_walk(QUEUE, with_heads, NULL, take, (void *)away, &call);
    assert_int_equal(fake_files_open_handles(), 0);
    assert_int_equal(fake_folders_open_searches(), 0);
    return error;
}

static int make_queue(void **state)
{
    (void)state;
    fake_files_reset();
    fake_files_make_folder(QUEUE);
    fake_files_put(QUEUE L"\\NTFS_01.EML", MESSAGE, strlen(MESSAGE));
    fake_files_put(QUEUE L"\\NTFS_02.eml", MESSAGE, strlen(MESSAGE));
    fake_files_put(QUEUE L"\\transcript.ltr", MESSAGE, strlen(MESSAGE));
    fake_files_make_folder(QUEUE L"\\folder.eml");
    return 0;
}

static void messages_are_read_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(walk(true, NULL), ERROR_SUCCESS);
    assert_int_equal(told, 2);
    assert_int_equal(heads, 2);
    unsigned calls = fake_files_calls.made;
    assert_int_equal(walk(false, NULL), ERROR_SUCCESS);
    assert_int_equal(told, 2);
    assert_int_equal(heads, 0);
    /* Counting opens no file. */
    assert_int_equal(fake_files_calls.made - calls, 1 + 6 + 1);
}

static void a_file_that_goes_meanwhile_is_gone(void **state)
{
    (void)state;
    assert_int_equal(walk(true, QUEUE L"\\NTFS_02.eml"), ERROR_SUCCESS);
    assert_int_equal(states[MESSAGE_FILE_READ], 1);
    assert_int_equal(states[MESSAGE_FILE_GONE], 1);
}

static void files_are_shared_and_locked_ones_passed_over(void **state)
{
    (void)state;
    /* SMTPSVC writes to one; others may read it. */
    HANDLE writer = fake_files_open_elsewhere(QUEUE L"\\NTFS_01.EML", GENERIC_READ | GENERIC_WRITE,
                                              FILE_SHARE_READ | FILE_SHARE_DELETE);
    HANDLE owner = fake_files_open_elsewhere(QUEUE L"\\NTFS_02.eml", GENERIC_READ, 0);
    assert_int_equal(walk(true, NULL), ERROR_SUCCESS);
    assert_int_equal(states[MESSAGE_FILE_READ], 1);
    assert_int_equal(states[MESSAGE_FILE_IN_USE], 1);
    fake_files_close_elsewhere(writer);
    fake_files_close_elsewhere(owner);
}

static void links_are_not_followed(void **state)
{
    (void)state;
    fake_files_link(QUEUE L"\\NTFS_03.EML", QUEUE L"\\NTFS_01.EML");
    fake_files_deny(QUEUE L"\\NTFS_02.eml", true);
    assert_int_equal(walk(true, NULL), ERROR_SUCCESS);
    assert_int_equal(states[MESSAGE_FILE_LINK], 1);
    assert_int_equal(states[MESSAGE_FILE_FAILED], 1);
    assert_int_equal(file_error, ERROR_ACCESS_DENIED);
    assert_string_equal(file_call, "CreateFileW");
}

static bool allow_one(void *context, const wchar_t *path)
{
    (void)context;
    assert_int_equal(told, asked);
    assert_int_equal(fake_files_open_handles(), 0);
    assert_int_equal(_wcsnicmp(path, QUEUE L"\\NTFS_", wcslen(QUEUE L"\\NTFS_")), 0);
    return asked++ == 0;
}

static void who_is_asked_before_a_file_is_opened_may_end_it(void **state)
{
    (void)state;
    told = asked = 0;
    assert_int_equal(message_files_walk(QUEUE, true, allow_one, take, NULL, &call), ERROR_SUCCESS);
    assert_int_equal(asked, 2);
    assert_int_equal(told, 1);
    assert_int_equal(fake_folders_open_searches(), 0);
    told = asked = 0;
    assert_int_equal(message_files_walk(QUEUE, false, allow_one, take, NULL, &call), ERROR_SUCCESS);
    assert_int_equal(asked, 0);
    assert_int_equal(told, 2);
}

static void a_folder_that_cannot_be_read_says_why(void **state)
{
    wchar_t path[MESSAGE_FILES_PATH_MAX + 1];
    (void)state;
    fake_files_deny(QUEUE, true);
    assert_int_equal(walk(true, NULL), ERROR_ACCESS_DENIED);
    assert_string_equal(call, "FindFirstFileW");
    assert_int_equal(message_files_walk(L"C:\\none\\such", true, NULL, take, NULL, &call),
                     ERROR_PATH_NOT_FOUND);
    wmemset(path, L'x', MESSAGE_FILES_PATH_MAX);
    path[MESSAGE_FILES_PATH_MAX] = 0;
    assert_int_equal(message_files_walk(path, true, NULL, take, NULL, &call),
                     ERROR_FILENAME_EXCED_RANGE);
    assert_int_equal(message_files_walk(L"", true, NULL, take, NULL, &call),
                     ERROR_FILENAME_EXCED_RANGE);
}

/* What reads a file may fail: then that file does, and the rest goes on. What reads the folder may
 * fail: then it says so. CloseHandle and FindClose may. */
static void every_call_may_fail(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 16; n++) {
        make_queue(NULL);
        fake_calls_fail(&fake_files_calls, n, ERROR_GEN_FAILURE, false);
        DWORD error = walk(true, NULL);
        const char *failed = fake_files_calls.failed;
        assert_true(failed || n > 14);
        if (!failed) {
            assert_int_equal(error, ERROR_SUCCESS);
            assert_int_equal(heads, 2);
        } else if (strcmp(failed, "FindFirstFileW") == 0 || strcmp(failed, "FindNextFileW") == 0) {
            assert_int_equal(error, ERROR_GEN_FAILURE);
            assert_string_equal(call, failed);
        } else if (strcmp(failed, "CreateFileW") == 0 || strcmp(failed, "ReadFile") == 0) {
            assert_int_equal(error, ERROR_SUCCESS);
            assert_int_equal(heads, 1);
            assert_int_equal(states[MESSAGE_FILE_FAILED], 1);
            assert_string_equal(file_call, failed);
        } else {
            assert_int_equal(error, ERROR_SUCCESS);
            assert_int_equal(heads, 2);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(messages_are_read_and_nothing_else, make_queue),
        cmocka_unit_test_setup(a_file_that_goes_meanwhile_is_gone, make_queue),
        cmocka_unit_test_setup(files_are_shared_and_locked_ones_passed_over, make_queue),
        cmocka_unit_test_setup(links_are_not_followed, make_queue),
        cmocka_unit_test_setup(who_is_asked_before_a_file_is_opened_may_end_it, make_queue),
        cmocka_unit_test_setup(a_folder_that_cannot_be_read_says_why, make_queue),
        cmocka_unit_test(every_call_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
