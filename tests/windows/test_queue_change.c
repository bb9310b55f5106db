/* test_queue_change.c: signals of real folders, and calls that fail. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <wchar.h>
#include "windows/queue_change.h"

enum { PATIENCE = 5000, QUIET = 300 /* ms */ };

static wchar_t folder[MAX_PATH + 64], message[MAX_PATH + 80];
static struct queue_change change;
static unsigned closed;

static BOOL WINAPI count_close(HANDLE signal)
{
    closed++;
    return FindCloseChangeNotification(signal);
}

static BOOL WINAPI refuse(HANDLE signal)
{
    (void)signal;
    SetLastError(ERROR_ACCESS_DENIED);
    return FALSE;
}

static HANDLE WINAPI give_null(LPCWSTR path, BOOL whole, DWORD filter)
{
    (void)path, (void)whole, (void)filter;
    SetLastError(ERROR_SUCCESS);
    return NULL;
}

static int set_up(void **state)
{
    wchar_t temporary[MAX_PATH];
    (void)state;
    assert_in_range(GetTempPathW(MAX_PATH, temporary), 1, MAX_PATH - 1);
    swprintf(folder, MAX_PATH + 64, L"%lsqueue_change_%lu", temporary, GetCurrentProcessId());
    swprintf(message, MAX_PATH + 80, L"%ls\\NTFS_1.EML", folder);
    DeleteFileW(message); /* of a run that was killed */
    RemoveDirectoryW(folder);
    assert_true(CreateDirectoryW(folder, NULL));
    queue_change_calls = (struct queue_change_calls){FindFirstChangeNotificationW,
                                                     FindNextChangeNotification, count_close};
    closed = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unsigned left = change.count;
    closed = 0;
    queue_change_end(&change);
    assert_int_equal(closed, left);
    assert_int_equal(change.count, 0);
    DeleteFileW(message);
    RemoveDirectoryW(folder);
    return 0;
}

static void put_message(void)
{
    HANDLE file = CreateFileW(message, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    assert_true(file != INVALID_HANDLE_VALUE);
    CloseHandle(file);
}

static DWORD wait_for_signal(DWORD ms)
{
    return WaitForMultipleObjects(change.count, change.signals, FALSE, ms);
}

static void each_change_signals_once_it_was_asked_for(void **state)
{
    (void)state;
    assert_int_equal(queue_change_add(&change, folder), ERROR_SUCCESS);
    assert_int_equal(wait_for_signal(QUIET), WAIT_TIMEOUT);
    put_message();
    assert_int_equal(wait_for_signal(PATIENCE), WAIT_OBJECT_0);
    queue_change_again(&change);
    /* Making a file may have been several changes. */
    while (wait_for_signal(QUIET) == WAIT_OBJECT_0)
        queue_change_again(&change);
    assert_true(DeleteFileW(message));
    assert_int_equal(wait_for_signal(PATIENCE), WAIT_OBJECT_0);
    assert_int_equal(change.count, 1);
}

static void what_is_not_signalled_is_not_asked_for_again(void **state)
{
    (void)state;
    assert_int_equal(queue_change_add(&change, folder), ERROR_SUCCESS);
    queue_change_calls.FindNextChangeNotification = refuse;
    queue_change_again(&change);
    assert_int_equal(change.count, 1);
}

static void one_that_is_refused_is_let_go_and_the_others_stay(void **state)
{
    wchar_t temporary[MAX_PATH];
    (void)state;
    GetTempPathW(MAX_PATH, temporary);
    assert_int_equal(queue_change_add(&change, folder), ERROR_SUCCESS);
    assert_int_equal(queue_change_add(&change, L"C:\\windows\\system32"), ERROR_SUCCESS);
    HANDLE other = change.signals[1];
    put_message();
    assert_int_equal(WaitForSingleObject(change.signals[0], PATIENCE), WAIT_OBJECT_0);
    queue_change_calls.FindNextChangeNotification = refuse;
    queue_change_again(&change);
    assert_int_equal(change.count, 1);
    assert_ptr_equal(change.signals[0], other);
    assert_int_equal(closed, 1);
}

static void what_cannot_be_watched_says_why(void **state)
{
    (void)state;
    assert_int_equal(queue_change_add(&change, message), ERROR_FILE_NOT_FOUND);
    assert_int_equal(queue_change_add(&change, L"\\\\server\\share"), ERROR_NOT_SUPPORTED);
    queue_change_calls.FindFirstChangeNotificationW = give_null;
    assert_int_equal(queue_change_add(&change, folder), ERROR_GEN_FAILURE);
    assert_int_equal(change.count, 0);
}

static void there_is_a_bound(void **state)
{
    (void)state;
    for (int i = 0; i < QUEUE_CHANGE_MAX; i++)
        assert_int_equal(queue_change_add(&change, folder), ERROR_SUCCESS);
    assert_int_equal(queue_change_add(&change, folder), ERROR_TOO_MANY_OPEN_FILES);
    assert_int_equal(change.count, QUEUE_CHANGE_MAX);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_change_signals_once_it_was_asked_for),
        TEST(what_is_not_signalled_is_not_asked_for_again),
        TEST(one_that_is_refused_is_let_go_and_the_others_stay),
        TEST(what_cannot_be_watched_says_why),
        TEST(there_is_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
