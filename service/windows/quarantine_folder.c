#include "quarantine_folder.h"

#include <wchar.h>
#include "last_error.h"
#include "state_directory.h"

struct quarantine_folder_calls quarantine_folder_calls = {
    .CreateFileW = CreateFileW,
    .CloseHandle = CloseHandle,
    .MoveFileExW = MoveFileExW,
    .FindFirstFileW = FindFirstFileW,
    .FindNextFileW = FindNextFileW,
    .FindClose = FindClose,
};

static const wchar_t root_name[] = L"RelayLock quarantine";

static struct text without_end(const wchar_t *folder)
{
    struct text path = text_of(folder);
    while (path.count > 0 && path.at[path.count - 1] == L'\\')
        path.count--;
    return path;
}

bool quarantine_folder_root(const wchar_t *queue, wchar_t root[QUARANTINE_FOLDER_MAX])
{
    struct text path = without_end(queue);
    size_t separator = text_find_last(path, L'\\');
    if (path.count >= MANIFEST_PATH_MAX || separator == SIZE_MAX || separator + 1 == path.count)
        return false;
    wmemcpy(root, queue, separator + 1);
    text_copy(root + separator + 1, QUARANTINE_FOLDER_MAX - separator - 1, text_of(root_name));
    return true;
}

static struct text own_name(const wchar_t *folder)
{
    struct text path = without_end(folder);
    size_t separator = text_find_last(path, L'\\');
    return separator == SIZE_MAX ? path : text_slice(path, separator + 1, path.count);
}

bool quarantine_folder_is_same(const wchar_t *queue, const wchar_t *other)
{
    return text_equal_fold(own_name(queue), own_name(other));
}

void quarantine_folder_path(wchar_t path[QUARANTINE_FILE_MAX], const wchar_t *folder,
                            const wchar_t *name)
{
    size_t count = wcsnlen(folder, QUARANTINE_FOLDER_MAX - 1);
    wmemcpy(path, folder, count);
    if (count > 0 && path[count - 1] != L'\\')
        path[count++] = L'\\';
    text_copy(path + count, QUARANTINE_FILE_MAX - count, text_of(name));
}

DWORD quarantine_folder_check(const wchar_t *path, const char **failed_call)
{
    BY_HANDLE_FILE_INFORMATION found;
    HANDLE file = quarantine_folder_calls.CreateFileW(
        path, FILE_READ_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
        OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        *failed_call = "CreateFileW";
        return last_error();
    }
    DWORD error = state_directory_check_plain_file(file, &found, failed_call);
    if (!error && (found.dwFileAttributes & FILE_ATTRIBUTE_READONLY) != 0) {
        *failed_call = "checking for a read-only file";
        error = ERROR_FILE_READ_ONLY;
    }
    quarantine_folder_calls.CloseHandle(file);
    return error;
}

DWORD quarantine_folder_move(const wchar_t *from, const wchar_t *to, bool durable,
                             const char **failed_call)
{
    if (quarantine_folder_calls.MoveFileExW(from, to, durable ? MOVEFILE_WRITE_THROUGH : 0))
        return ERROR_SUCCESS;
    *failed_call = "MoveFileExW";
    return last_error();
}

static bool take(const WIN32_FIND_DATAW *found, bool (*tell)(void *context, const char *id),
                 void *context)
{
    char id[4 * MAX_PATH];
    text_to_utf8(id, sizeof id, text_of(found->cFileName));
    return !manifest_is_id(id) || tell(context, id);
}

DWORD quarantine_folder_each(const wchar_t *root, bool (*tell)(void *context, const char *id),
                             void *context, const char **failed_call)
{
    wchar_t pattern[QUARANTINE_FILE_MAX];
    WIN32_FIND_DATAW found;
    quarantine_folder_path(pattern, root, L"*");
    HANDLE search = quarantine_folder_calls.FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE) {
        *failed_call = "FindFirstFileW";
        DWORD error = last_error();
        bool none = error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND;
        return none ? ERROR_SUCCESS : error;
    }
    DWORD error = ERROR_SUCCESS;
    while (take(&found, tell, context)) {
        if (!quarantine_folder_calls.FindNextFileW(search, &found)) {
            error = last_error();
            break;
        }
    }
    quarantine_folder_calls.FindClose(search);
    *failed_call = "FindNextFileW";
    return error == ERROR_NO_MORE_FILES ? ERROR_SUCCESS : error;
}
