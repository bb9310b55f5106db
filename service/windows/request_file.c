#include "request_file.h"

#include <string.h>
#include <wchar.h>

#include "disk_file.h"
#include "last_error.h"
#include "state_directory.h"

struct request_file_calls request_file_calls = {
    .FindFirstChangeNotificationW = FindFirstChangeNotificationW,
    .FindNextChangeNotification = FindNextChangeNotification,
    .FindCloseChangeNotification = FindCloseChangeNotification,
    .WaitForSingleObject = WaitForSingleObject,
    .GetTickCount = GetTickCount,
    .GetSystemTimeAsFileTime = GetSystemTimeAsFileTime,
};

enum { PATH_MAX_UNITS = STATE_DIRECTORY_MAX + 32 };

static void path_to(wchar_t path[PATH_MAX_UNITS], const wchar_t *directory, const wchar_t *name)
{
    size_t count = text_copy(path, STATE_DIRECTORY_MAX, text_of(directory));
    path[count++] = L'\\';
    text_copy(path + count, PATH_MAX_UNITS - count, text_of(name));
}

/* Makes a file of the bytes, whole: under the name made first. */
static DWORD put(const wchar_t *directory, const wchar_t *name, const wchar_t *made,
                 const uint8_t *bytes, size_t size, const char **failed_call)
{
    wchar_t path[PATH_MAX_UNITS], new_path[PATH_MAX_UNITS];
    path_to(path, directory, name);
    path_to(new_path, directory, made);
    DWORD error = disk_file_put(new_path, bytes, size, NULL, failed_call);
    return error ? error : disk_file_rename_over(new_path, path, failed_call);
}

/* Reads a file of at most max bytes into bytes, if it can be believed, and closes it. */
static DWORD read_file(HANDLE file, uint8_t *bytes, size_t max, size_t *size,
                       const char **failed_call)
{
    uint8_t *read;
    DWORD error = state_directory_check_file(file, failed_call);
    if (!error)
        error = disk_file_size(file, max, size, failed_call);
    if (!error)
        error = disk_file_read(file, 0, *size, &read, failed_call);
    disk_file_close(file);
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
    HANDLE file = NULL;
    path_to(path, directory, name);
    DWORD error = disk_file_look(path, false, &file, failed_call);
    if (error)
        return error;
    error = read_file(file, bytes, max, size, failed_call);
    if (error) {
        const char *ignored;
        disk_file_delete(path, &ignored);
        return error;
    }
    return disk_file_delete(path, failed_call);
}

/* Whether a request that is there is somebody's who still waits. */
static DWORD check_free(const struct request_file *file, const wchar_t *directory,
                        const char **failed_call)
{
    wchar_t path[PATH_MAX_UNITS];
    FILETIME written, now;
    path_to(path, directory, file->request);
    DWORD error = disk_file_written(path, &written, failed_call);
    if (error)
        return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
    request_file_calls.GetSystemTimeAsFileTime(&now);
    ULARGE_INTEGER before = {.u = {written.dwLowDateTime, written.dwHighDateTime}};
    ULARGE_INTEGER after = {.u = {now.dwLowDateTime, now.dwHighDateTime}};
    /* One from the future is as good as stale: the clock was set back. */
    bool fresh = after.QuadPart >= before.QuadPart &&
                 after.QuadPart - before.QuadPart < REQUEST_FILE_STALE * 10000000ULL;
    *failed_call = "looking for another request";
    return fresh ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS;
}

DWORD request_file_ask(const struct request_file *file, const wchar_t *directory,
                       const uint8_t *bytes, size_t size, const char **failed_call)
{
    DWORD error = check_free(file, directory, failed_call);
    return error ? error
                 : put(directory, file->request, file->request_made, bytes, size, failed_call);
}

DWORD request_file_take(const struct request_file *file, const wchar_t *directory, uint8_t *bytes,
                        size_t max, size_t *size, const char **failed_call)
{
    return take(directory, file->request, bytes, max, size, failed_call);
}

DWORD request_file_answer(const struct request_file *file, const wchar_t *directory,
                          const struct release_answer *answer, const char **failed_call)
{
    uint8_t bytes[RELEASE_ANSWER_SIZE_MAX];
    size_t size = release_answer_encode(bytes, sizeof bytes, answer);
    return put(directory, file->answer, file->answer_made, bytes, size, failed_call);
}

DWORD request_file_watch(const wchar_t *directory, HANDLE *change, const char **failed_call)
{
    *failed_call = "FindFirstChangeNotification";
    HANDLE found = request_file_calls.FindFirstChangeNotificationW(directory, FALSE,
                                                                   FILE_NOTIFY_CHANGE_FILE_NAME);
    if (found == INVALID_HANDLE_VALUE)
        return last_error();
    *change = found;
    return ERROR_SUCCESS;
}

/* The answer, if it is there and is that of the number. Another one is left to whom it is for. */
static bool take_answer(const struct request_file *file, const wchar_t *directory, uint64_t number,
                        struct release_answer *answer)
{
    static uint8_t bytes[RELEASE_ANSWER_SIZE_MAX];
    wchar_t path[PATH_MAX_UNITS];
    HANDLE there = NULL;
    const char *ignored;
    size_t size = 0;
    path_to(path, directory, file->answer);
    if (disk_file_look(path, false, &there, &ignored) ||
        read_file(there, bytes, sizeof bytes, &size, &ignored) ||
        !release_answer_decode(answer, bytes, size) || answer->number != number)
        return false;
    disk_file_delete(path, &ignored);
    return true;
}

DWORD request_file_wait(const struct request_file *file, const wchar_t *directory, HANDLE change,
                        uint64_t number, DWORD ms, struct release_answer *answer,
                        const char **failed_call)
{
    const struct request_file_calls *calls = &request_file_calls;
    DWORD begun = calls->GetTickCount(), passed = 0, error = ERROR_TIMEOUT;
    *failed_call = "waiting for the answer";
    while (!take_answer(file, directory, number, answer)) {
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

void request_file_forget(const struct request_file *file, const wchar_t *directory)
{
    const wchar_t *const names[] = {file->request, file->answer, file->request_made,
                                    file->answer_made};
    wchar_t path[PATH_MAX_UNITS];
    const char *ignored;
    for (size_t i = 0; i < ARRAYSIZE(names); i++) {
        path_to(path, directory, names[i]);
        disk_file_delete(path, &ignored);
    }
}
