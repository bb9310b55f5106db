#include "request_file.h"

#include <string.h>
#include <wchar.h>

#include "last_error.h"
#include "state_directory.h"

struct request_file_calls request_file_calls = {
    .FindFirstChangeNotificationW = FindFirstChangeNotificationW,
    .FindNextChangeNotification = FindNextChangeNotification,
    .FindCloseChangeNotification = FindCloseChangeNotification,
    .WaitForMultipleObjects = WaitForMultipleObjects,
    .GetTickCount = GetTickCount,
    .GetSystemTimeAsFileTime = GetSystemTimeAsFileTime,
    .GetProcessTimes = GetProcessTimes,
};

enum { PATH_MAX_UNITS = STATE_DIRECTORY_MAX + 32 };

static void path_to(wchar_t path[PATH_MAX_UNITS], const wchar_t *directory, const wchar_t *name)
{
    size_t count = text_copy(path, STATE_DIRECTORY_MAX, text_of(directory));
    path[count++] = L'\\';
    text_copy(path + count, PATH_MAX_UNITS - count, text_of(name));
}

/* Makes a file of the bytes, whole: under the name made first. *which (may be null): which file it
 * is, whatever its name. */
static DWORD put(const wchar_t *directory, const wchar_t *name, const wchar_t *made,
                 const uint8_t *bytes, size_t size, struct disk_file_identity *which,
                 const char **failed_call)
{
    wchar_t path[PATH_MAX_UNITS], new_path[PATH_MAX_UNITS];
    const char *ignored;
    path_to(path, directory, name);
    path_to(new_path, directory, made);
    DWORD error = disk_file_put(new_path, bytes, size, which, failed_call);
    if (error)
        return error;
    error = disk_file_rename_over(new_path, path, failed_call);
    if (error)
        disk_file_delete(new_path, &ignored);
    return error;
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

static bool was_asked_of_earlier_process(const FILETIME *written)
{
    FILETIME begun = {0}, now, ended, in_kernel, in_user;
    request_file_calls.GetProcessTimes(GetCurrentProcess(), &begun, &ended, &in_kernel, &in_user);
    request_file_calls.GetSystemTimeAsFileTime(&now);
    bool set_back_since = CompareFileTime(&now, &begun) < 0;
    return !set_back_since && CompareFileTime(written, &begun) < 0;
}

static bool is_same_file(const struct disk_file_identity *one,
                         const struct disk_file_identity *other)
{
    return one->volume == other->volume && one->index == other->index;
}

static bool was_refused(const struct request_file *file, const struct disk_file_identity *which)
{
    const struct disk_file_identity *refused = file->refused;
    return is_same_file(refused, which) && CompareFileTime(&refused->written, &which->written) == 0;
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
                 : put(directory, file->request, file->request_made, bytes, size, file->left,
                       failed_call);
}

/* When it was written is not asked: Windows may set that anew when the file is closed. */
bool request_file_take_back(const struct request_file *file, const wchar_t *directory)
{
    wchar_t path[PATH_MAX_UNITS];
    struct disk_file_identity which;
    HANDLE found;
    const char *ignored;
    path_to(path, directory, file->request);
    if (disk_file_look(path, false, &found, &ignored))
        return false;
    bool own = disk_file_identify(found, &which, &ignored) == ERROR_SUCCESS &&
               is_same_file(file->left, &which);
    disk_file_close(found);
    return own && disk_file_delete(path, &ignored) == ERROR_SUCCESS;
}

DWORD request_file_take(const struct request_file *file, const wchar_t *directory, uint8_t *bytes,
                        size_t max, size_t *size, const char **failed_call)
{
    wchar_t path[PATH_MAX_UNITS];
    struct disk_file_identity which;
    const char *call;
    path_to(path, directory, file->request);
    DWORD error = read_file(path, bytes, max, size, &which, failed_call);
    if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND)
        return ERROR_FILE_NOT_FOUND;
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
    return is_stale(file, &which.written) || was_asked_of_earlier_process(&which.written)
               ? ERROR_TIMEOUT
               : ERROR_SUCCESS;
}

DWORD request_file_answer(const struct request_file *file, const wchar_t *directory,
                          const struct release_answer *answer, const char **failed_call)
{
    uint8_t bytes[RELEASE_ANSWER_SIZE_MAX];
    size_t size = release_answer_encode(bytes, sizeof bytes, answer);
    return put(directory, file->answer, file->answer_made, bytes, size, NULL, failed_call);
}

DWORD request_file_watch(const wchar_t *directory, struct request_watch *watch,
                         const char **failed_call)
{
    DWORD error = own_service_find(&watch->service, failed_call);
    if (error)
        return error;
    *failed_call = "FindFirstChangeNotification";
    watch->change = request_file_calls.FindFirstChangeNotificationW(directory, FALSE,
                                                                    FILE_NOTIFY_CHANGE_FILE_NAME);
    if (watch->change != INVALID_HANDLE_VALUE)
        return ERROR_SUCCESS;
    error = last_error();
    own_service_let_go(&watch->service);
    return error;
}

void request_file_unwatch(struct request_watch *watch)
{
    request_file_calls.FindCloseChangeNotification(watch->change);
    own_service_let_go(&watch->service);
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

/* Waits up to ms for either. False: it cannot be waited for. */
static bool wait_for_either(const struct request_watch *watch, DWORD ms)
{
    enum { ASK_EVERY = 1000 /* ms; of a service whose process cannot be waited for */ };
    const HANDLE handles[] = {watch->change, watch->service.handle};
    DWORD count = watch->service.handle ? 2 : 1;
    if (count == 1 && ms > ASK_EVERY)
        ms = ASK_EVERY;
    DWORD woken = request_file_calls.WaitForMultipleObjects(count, handles, FALSE, ms);
    return woken == WAIT_OBJECT_0 ? request_file_calls.FindNextChangeNotification(watch->change)
                                  : woken != WAIT_FAILED;
}

DWORD request_file_wait(const struct request_file *file, const wchar_t *directory,
                        struct request_watch *watch, uint64_t number, DWORD ms,
                        struct release_answer *answer, const char **failed_call)
{
    DWORD begun = request_file_calls.GetTickCount(), error = ERROR_SUCCESS;
    bool ended = false;
    *failed_call = "waiting for the answer";
    while (!error && !take_answer(file, directory, number, answer)) {
        DWORD passed = request_file_calls.GetTickCount() - begun;
        if (ended)
            error = ERROR_SERVICE_NOT_ACTIVE;
        else if (passed >= ms || !wait_for_either(watch, ms - passed))
            error = ERROR_TIMEOUT;
        else /* an answer may be the last thing that it did: one more look */
            ended = own_service_has_ended(&watch->service);
    }
    request_file_unwatch(watch);
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
