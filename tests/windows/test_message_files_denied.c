/* test_message_files_denied.c: files that are being deleted, that may not be opened, or are none.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>
#include "fake_disk.h"
#include "windows/disk_file.h"
#include "windows/message_files.h"

#define QUEUE   L"C:\\Queue"
#define MESSAGE "From: a@b.com\r\n\r\nbody\r\n"

enum { EVERYBODY = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE };

static unsigned states[MESSAGE_FILE_FAILED + 1], waits;
static DWORD waited;
static const char *file_call;
static HANDLE reader; /* of another process */
static wchar_t denied[MAX_PATH];

static void WINAPI wait_for_reader(DWORD ms)
{
    waits++;
    waited += ms;
    if (reader)
        fake_files_close_elsewhere(reader);
    reader = NULL;
    if (denied[0])
        fake_files_deny(denied, false);
    denied[0] = 0;
}

static void put(const wchar_t *name, wchar_t path[MAX_PATH])
{
    swprintf(path, MAX_PATH, QUEUE L"\\%ls", name);
    fake_files_put(path, MESSAGE, strlen(MESSAGE));
}

static int set_up(void **state)
{
    wchar_t ignored[MAX_PATH];
    (void)state;
    fake_files_reset();
    fake_files_make_folder(QUEUE);
    put(L"NTFS_01.EML", ignored);
    message_files_calls.Sleep = wait_for_reader;
    waits = waited = 0;
    reader = NULL;
    denied[0] = 0;
    return 0;
}

static bool take(void *context, const struct message_file *file)
{
    (void)context;
    states[file->state]++;
    if (file->state == MESSAGE_FILE_FAILED)
        file_call = file->failed_call;
    assert_int_equal(file->head != NULL, file->state == MESSAGE_FILE_READ);
    return true;
}

static void walk(void)
{
    const char *call = NULL;
    memset(states, 0, sizeof states);
    file_call = NULL;
    assert_int_equal(message_files_walk(QUEUE, true, NULL, take, NULL, &call), ERROR_SUCCESS);
    assert_int_equal(fake_files_open_handles(), 0);
}

/* ---- what denies access --------------------------------------------------------------------- */

static void begin_to_delete(const wchar_t *path)
{
    reader = fake_files_open_elsewhere(path, GENERIC_READ, EVERYBODY);
    assert_non_null(reader);
    assert_true(disk_file_calls.DeleteFileW(path));
}

static void one_that_is_being_deleted_is_gone(void **state)
{
    wchar_t path[MAX_PATH];
    (void)state;
    put(L"NTFS_02.EML", path);
    begin_to_delete(path);
    walk();
    assert_int_equal(states[MESSAGE_FILE_READ], 1);
    assert_int_equal(states[MESSAGE_FILE_GONE], 1);
    assert_int_equal(waits, 1);
    assert_int_equal(waited, MESSAGE_FILES_WAIT);
}

static void one_that_is_denied_for_a_moment_is_read(void **state)
{
    (void)state;
    put(L"NTFS_02.EML", denied);
    fake_files_deny(denied, true);
    walk();
    assert_int_equal(states[MESSAGE_FILE_READ], 2);
    assert_int_equal(waits, 1);
}

static void a_folder_full_of_them_takes_no_longer_than_a_few(void **state)
{
    wchar_t path[MAX_PATH], name[MAX_PATH];
    (void)state;
    for (int i = 2; i < 22; i++) {
        swprintf(name, MAX_PATH, L"NTFS_%02d.EML", i);
        put(name, path);
        fake_files_deny(path, true);
    }
    walk();
    assert_int_equal(states[MESSAGE_FILE_READ], 1);
    assert_int_equal(states[MESSAGE_FILE_FAILED], 20);
    assert_string_equal(file_call, "CreateFileW");
    assert_int_equal(waits, MESSAGE_FILES_WAITS_MAX);
    walk(); /* each pass has its own */
    assert_int_equal(waits, 2 * MESSAGE_FILES_WAITS_MAX);
}

static void no_other_error_waits(void **state)
{
    unsigned count = 0;
    (void)state;
    assert_false(message_files_again(ERROR_SUCCESS, &count));
    assert_false(message_files_again(ERROR_SHARING_VIOLATION, &count));
    assert_false(message_files_again(ERROR_FILE_NOT_FOUND, &count));
    assert_int_equal(count, 0);
    assert_int_equal(waits, 0);
}

/* ---- what is no file ------------------------------------------------------------------------ */

static DWORD device_type, device_error;
static HANDLE device;

/* COM1.eml is the device COM1 in any folder. */
static HANDLE WINAPI open_device(LPCWSTR path, DWORD access, DWORD share,
                                 LPSECURITY_ATTRIBUTES attributes, DWORD disposition, DWORD flags,
                                 HANDLE template)
{
    HANDLE handle =
        disk_file_calls.CreateFileW(path, access, share, attributes, disposition, flags, template);
    if (wcscmp(wcsrchr(path, L'\\'), L"\\COM1.eml") == 0)
        device = handle;
    return handle;
}

static DWORD WINAPI type_of(HANDLE handle)
{
    if (handle != device)
        return FILE_TYPE_DISK;
    if (device_error)
        SetLastError(device_error);
    return device_type;
}

static BOOL WINAPI read_no_device(HANDLE handle, LPVOID to, DWORD size, LPDWORD got,
                                  LPOVERLAPPED none)
{
    assert_ptr_not_equal(handle, device);
    return disk_file_calls.ReadFile(handle, to, size, got, none);
}

static void walk_with_device(DWORD type, DWORD error)
{
    wchar_t path[MAX_PATH];
    put(L"COM1.eml", path);
    message_files_calls.CreateFileW = open_device;
    message_files_calls.GetFileType = type_of;
    message_files_calls.ReadFile = read_no_device;
    device_type = type;
    device_error = error;
    device = NULL;
    walk();
    assert_non_null(device);
    assert_int_equal(states[MESSAGE_FILE_READ], 1);
}

static void a_device_by_its_name_is_passed_over_unread(void **state)
{
    (void)state;
    walk_with_device(FILE_TYPE_CHAR, 0);
    assert_int_equal(states[MESSAGE_FILE_LINK], 1);
    walk_with_device(FILE_TYPE_PIPE, 0);
    assert_int_equal(states[MESSAGE_FILE_LINK], 1);
    SetLastError(ERROR_GEN_FAILURE); /* of an earlier call */
    walk_with_device(FILE_TYPE_UNKNOWN, 0);
    assert_int_equal(states[MESSAGE_FILE_LINK], 1);
}

static void one_whose_kind_cannot_be_told_is_not_read(void **state)
{
    (void)state;
    walk_with_device(FILE_TYPE_UNKNOWN, ERROR_INVALID_HANDLE);
    assert_int_equal(states[MESSAGE_FILE_FAILED], 1);
    assert_string_equal(file_call, "GetFileType");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(one_that_is_being_deleted_is_gone, set_up),
        cmocka_unit_test_setup(one_that_is_denied_for_a_moment_is_read, set_up),
        cmocka_unit_test_setup(a_folder_full_of_them_takes_no_longer_than_a_few, set_up),
        cmocka_unit_test_setup(no_other_error_waits, set_up),
        cmocka_unit_test_setup(a_device_by_its_name_is_passed_over_unread, set_up),
        cmocka_unit_test_setup(one_whose_kind_cannot_be_told_is_not_read, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
