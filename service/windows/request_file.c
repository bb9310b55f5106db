#include "request_file.h"

#include <string.h>
#include <wchar.h>

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

/* Reads a file of at most max bytes into bytes, if it can be believed, and which it is. */
static DWORD read_file(const wchar_t *path, uint8_t *bytes, size_t max, size_t *size,
                       struct disk_file_identity *which, const char **failed_call)
{
    HANDLE file = NULL;
    uint8_t *read;
    size_t found = 0;
    DWORD error = disk_file_look(path, false, &file, failed_call);
    if (error)
        return error;
    error = state_directory_check_file(file, failed_call);
    if (!error)
        error = disk_file_identify(file, which, failed_call);
    if (!error)
        error = disk_file_size(file, max, &found, failed_call);
    if (!error)
        error = disk_file_read(file, 0, found, &read, failed_call);
    disk_file_close(file);
    if (error)
        return error;
    if (found > 0)
        memcpy(bytes, read, found);
    *size = found;
    disk_file_free(read);
    return ERROR_SUCCESS;
}

static bool is_stale(const struct request_file *file, const FILETIME *written)
{
    enum { SECOND = 10000000, AHEAD = 2 /* s */ };
    FILETIME now;
    request_file_calls.GetSystemTimeAsFileTime(&now);
    ULARGE_INTEGER before = {.u = {written->dwLowDateTime, written->dwHighDateTime}};
    ULARGE_INTEGER after = {.u = {now.dwLowDateTime, now.dwHighDateTime}};
    if (after.QuadPart < before.QuadPart)
        return before.QuadPart - after.QuadPart > AHEAD * (ULONGLONG)SECOND;
    return after.QuadPart - before.QuadPart >= file->stale * (ULONGLONG)SECOND;
}

static bool was_refused(const struct request_file *file, const struct disk_file_identity *which)
{
    const struct disk_file_identity *refused = file->refused;
    return refused->volume == which->volume && refused->index == which->index &&
           CompareFileTime(&refused->written, &which->written) == 0;
}

/* Whether a request that is there is somebody's who still waits. */
static DWORD check_free(const struct request_file *file, const wchar_t *directory,
                        const char **failed_call)
{
    wchar_t path[PATH_MAX_UNITS];
    FILETIME written;
    path_to(path, directory, file->request);
    DWORD error = disk_file_written(path, &written, failed_call);
    if (error)
        return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
    *failed_call = "looking for another request";
    return is_stale(file, &written) ? ERROR_SUCCESS : ERROR_ALREADY_EXISTS;
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
    wchar_t path[PATH_MAX_UNITS];
    struct disk_file_identity which;
    const char *call;
    path_to(path, directory, file->request);
    DWORD error = read_file(path, bytes, max, size, &which, failed_call);
    if (error == ERROR_FILE_NOT_FOUND)
        return error;
    DWORD stays = disk_file_delete(path, &call);
    if (error)
        return error;
    if (stays) {
        *file->refused = which;
        *failed_call = call;
        return stays;
    }
    *failed_call = "checking its age";
    if (was_refused(file, &which))
        return ERROR_FILE_NOT_FOUND;
    return is_stale(file, &which.written) ? ERROR_TIMEOUT : ERROR_SUCCESS;
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

void request_file_unwatch(HANDLE change)
{
    request_file_calls.FindCloseChangeNotification(change);
}

/* The answer, if it is there and is that of the number. Another one is left to whom it is for. */
static bool take_answer(const struct request_file *file, const wchar_t *directory, uint64_t number,
                        struct release_answer *answer)
{
    static uint8_t bytes[RELEASE_ANSWER_SIZE_MAX];
    wchar_t path[PATH_MAX_UNITS];
    struct disk_file_identity which;
    const char *ignored;
    size_t size = 0;
    path_to(path, directory, file->answer);
    if (read_file(path, bytes, sizeof bytes, &size, &which, &ignored) ||
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
    request_file_unwatch(change);
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
