#include "release_file.h"

#include <string.h>
#include <wchar.h>

#include "disk_file.h"
#include "last_error.h"
#include "state_directory.h"

struct release_file_calls release_file_calls = {
    .FindFirstChangeNotificationW = FindFirstChangeNotificationW,
    .FindNextChangeNotification = FindNextChangeNotification,
    .FindCloseChangeNotification = FindCloseChangeNotification,
    .WaitForSingleObject = WaitForSingleObject,
    .GetTickCount = GetTickCount,
    .GetSystemTimeAsFileTime = GetSystemTimeAsFileTime,
};

static const wchar_t request_name[] = L"release.request", answer_name[] = L"release.answer",
                     new_name[] = L"release.new";

enum { PATH_MAX_UNITS = STATE_DIRECTORY_MAX + 32 };

static void path_to(wchar_t path[PATH_MAX_UNITS], const wchar_t *directory, const wchar_t *name)
{
    size_t count = wcsnlen(directory, STATE_DIRECTORY_MAX - 1);
    wmemcpy(path, directory, count);
    path[count] = L'\\';
    wcscpy(path + count + 1, name);
}

/* Makes a file of the bytes, whole. */
static DWORD put(const wchar_t *directory, const wchar_t *name, const uint8_t *bytes, size_t size,
                 const char **failed_call)
{
    wchar_t path[PATH_MAX_UNITS], new_path[PATH_MAX_UNITS];
    path_to(path, directory, name);
    path_to(new_path, directory, new_name);
    DWORD error = disk_file_put(new_path, bytes, size, failed_call);
    return error ? error : disk_file_rename_over(new_path, path, failed_call);
}

/* Reads a file of at most max bytes into bytes, if it can be believed. */
static DWORD read_file(HANDLE file, uint8_t *bytes, size_t max, size_t *size,
                       const char **failed_call)
{
    uint8_t *read;
    DWORD error = state_directory_check_file(file, failed_call);
    if (!error)
        error = disk_file_size(file, max, size, failed_call);
    if (!error)
        error = disk_file_read(file, 0, *size, &read, failed_call);
    if (error)
        return error;
    if (*size > 0)
        memcpy(bytes, read, *size);
    disk_file_free(read);
    return ERROR_SUCCESS;
}

/* The bytes of a file, which is deleted then. */
static DWORD take(const wchar_t *directory, const wchar_t *name, uint8_t *bytes, size_t max,
                  size_t *size, const char **failed_call)
{
    wchar_t path[PATH_MAX_UNITS];
    HANDLE file;
    path_to(path, directory, name);
    DWORD error = disk_file_look(path, &file, failed_call);
    if (error)
        return error;
    error = read_file(file, bytes, max, size, failed_call);
    disk_file_close(file);
    if (error) {
        const char *ignored;
        disk_file_delete(path, &ignored);
        return error;
    }
    return disk_file_delete(path, failed_call);
}

/* Whether a request that is there is somebody's who still waits. */
static DWORD check_free(const wchar_t *directory, const char **failed_call)
{
    wchar_t path[PATH_MAX_UNITS];
    FILETIME written, now;
    path_to(path, directory, request_name);
    DWORD error = disk_file_written(path, &written, failed_call);
    if (error)
        return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
    release_file_calls.GetSystemTimeAsFileTime(&now);
    ULARGE_INTEGER before = {.u = {written.dwLowDateTime, written.dwHighDateTime}};
    ULARGE_INTEGER after = {.u = {now.dwLowDateTime, now.dwHighDateTime}};
    /* One from the future is as good as stale: the clock was set back. */
    bool fresh = after.QuadPart >= before.QuadPart &&
                 after.QuadPart - before.QuadPart < RELEASE_FILE_STALE * 10000000ULL;
    *failed_call = "looking for another request";
    return fresh ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS;
}

DWORD release_file_ask(const wchar_t *directory, const struct release_request *request,
                       const char **failed_call)
{
    uint8_t bytes[RELEASE_REQUEST_SIZE_MAX];
    size_t size = release_request_encode(bytes, sizeof bytes, request);
    DWORD error = check_free(directory, failed_call);
    return error ? error : put(directory, request_name, bytes, size, failed_call);
}

DWORD release_file_take(const wchar_t *directory, struct release_request *request,
                        const char **failed_call)
{
    uint8_t bytes[RELEASE_REQUEST_SIZE_MAX];
    size_t size = 0;
    DWORD error = take(directory, request_name, bytes, sizeof bytes, &size, failed_call);
    if (error)
        return error;
    *failed_call = "reading the request";
    return release_request_decode(request, bytes, size) ? ERROR_SUCCESS : ERROR_INVALID_DATA;
}

DWORD release_file_answer(const wchar_t *directory, const struct release_answer *answer,
                          const char **failed_call)
{
    uint8_t bytes[RELEASE_ANSWER_SIZE_MAX];
    size_t size = release_answer_encode(bytes, sizeof bytes, answer);
    return put(directory, answer_name, bytes, size, failed_call);
}

DWORD release_file_watch(const wchar_t *directory, HANDLE *change, const char **failed_call)
{
    *failed_call = "FindFirstChangeNotification";
    HANDLE found = release_file_calls.FindFirstChangeNotificationW(directory, FALSE,
                                                                   FILE_NOTIFY_CHANGE_FILE_NAME);
    if (found == INVALID_HANDLE_VALUE)
        return last_error();
    *change = found;
    return ERROR_SUCCESS;
}

/* The answer, if it is there and is that of the number. */
static bool take_answer(const wchar_t *directory, uint64_t number, struct release_answer *answer)
{
    static uint8_t bytes[RELEASE_ANSWER_SIZE_MAX];
    const char *ignored;
    size_t size = 0;
    return take(directory, answer_name, bytes, sizeof bytes, &size, &ignored) == ERROR_SUCCESS &&
           release_answer_decode(answer, bytes, size) && answer->number == number;
}

DWORD release_file_wait(const wchar_t *directory, HANDLE change, uint64_t number, DWORD ms,
                        struct release_answer *answer, const char **failed_call)
{
    const struct release_file_calls *calls = &release_file_calls;
    DWORD begun = calls->GetTickCount(), passed = 0, error = ERROR_TIMEOUT;
    *failed_call = "waiting for the answer";
    while (!take_answer(directory, number, answer)) {
        passed = calls->GetTickCount() - begun;
        if (passed >= ms || calls->WaitForSingleObject(change, ms - passed) != WAIT_OBJECT_0 ||
            !calls->FindNextChangeNotification(change))
            goto end;
    }
    error = ERROR_SUCCESS;
end:
    calls->FindCloseChangeNotification(change);
    return error;
}

void release_file_forget(const wchar_t *directory)
{
    static const wchar_t *const names[] = {request_name, answer_name, new_name};
    wchar_t path[PATH_MAX_UNITS];
    const char *ignored;
    for (size_t i = 0; i < ARRAYSIZE(names); i++) {
        path_to(path, directory, names[i]);
        disk_file_delete(path, &ignored);
    }
}
