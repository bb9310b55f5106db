#include "state_directory.h"

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

#include "last_error.h"
#include "protection.h"
#include "system_library.h"

struct state_directory_calls state_directory_calls = {
    .CreateFileW = CreateFileW,
    .GetFileInformationByHandle = GetFileInformationByHandle,
    .CloseHandle = CloseHandle,
    .CreateDirectoryW = CreateDirectoryW,
    .RemoveDirectoryW = RemoveDirectoryW,
};

enum { COMMON_APPDATA = 0x23 /* CSIDL_COMMON_APPDATA of shlobj.h */ };

static const struct system_library_function shell_functions[] = {
    {"SHGetFolderPathW", offsetof(struct state_directory_calls, SHGetFolderPathW)},
};

/* S_FALSE says that the folder does not exist. */
static DWORD error_of(HRESULT result)
{
    if (result == S_FALSE)
        return ERROR_PATH_NOT_FOUND;
    if (HRESULT_FACILITY(result) == FACILITY_WIN32 && HRESULT_CODE(result) != ERROR_SUCCESS)
        return (DWORD)HRESULT_CODE(result);
    return (DWORD)result;
}

DWORD state_directory_find(wchar_t path[STATE_DIRECTORY_MAX], const char **failed_call)
{
    static const wchar_t name[] = L"\\RelayLock";
    wchar_t parent[MAX_PATH];
    if (!state_directory_calls.SHGetFolderPathW) {
        DWORD error = system_library_load(L"shell32.dll", shell_functions, 1,
                                          &state_directory_calls, failed_call);
        if (error)
            return error;
    }
    HRESULT result = state_directory_calls.SHGetFolderPathW(NULL, COMMON_APPDATA, NULL, 0, parent);
    if (result != S_OK) {
        *failed_call = "SHGetFolderPathW";
        return error_of(result);
    }
    size_t count = wcslen(parent);
    _Static_assert(MAX_PATH + ARRAYSIZE(name) <= STATE_DIRECTORY_MAX, "the path must fit");
    wmemcpy(path, parent, count);
    wmemcpy(path + count, name, ARRAYSIZE(name));
    return ERROR_SUCCESS;
}

DWORD state_directory_create(const wchar_t *path, const char **failed_call)
{
    struct protection protection;
    DWORD error = protection_of_folder(&protection, failed_call);
    if (error || state_directory_calls.CreateDirectoryW(path, &protection.attributes))
        return error;
    *failed_call = "CreateDirectoryW";
    error = last_error();
    return error == ERROR_ALREADY_EXISTS ? ERROR_SUCCESS : error;
}

static DWORD refuse(const char *check, const char **failed_call)
{
    *failed_call = check;
    return ERROR_CANT_ACCESS_FILE;
}

/* Whether what is open is a folder or file of its own, not a way to another. */
static DWORD check_kind(HANDLE object, bool folder, const char **failed_call)
{
    BY_HANDLE_FILE_INFORMATION found;
    if (!state_directory_calls.GetFileInformationByHandle(object, &found)) {
        *failed_call = "GetFileInformationByHandle";
        return last_error();
    }
    if ((found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0)
        return refuse("checking for a reparse point", failed_call);
    if (((found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) != folder)
        return refuse(folder ? "checking for a folder" : "checking for a file", failed_call);
    if (!folder && found.nNumberOfLinks != 1)
        return refuse("checking for hard links", failed_call);
    return ERROR_SUCCESS;
}

static DWORD check_path(const wchar_t *path, bool believed, const char **failed_call)
{
    HANDLE folder = state_directory_calls.CreateFileW(
        path, READ_CONTROL | FILE_READ_ATTRIBUTES,
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
        FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (folder == INVALID_HANDLE_VALUE) {
        *failed_call = "CreateFileW";
        DWORD error = last_error();
        return error == ERROR_FILE_NOT_FOUND ? ERROR_PATH_NOT_FOUND : error;
    }
    DWORD error = check_kind(folder, true, failed_call);
    if (!error && believed)
        error = protection_check(folder, failed_call);
    state_directory_calls.CloseHandle(folder);
    return error;
}

DWORD state_directory_check(const wchar_t *path, const char **failed_call)
{
    return check_path(path, true, failed_call);
}

DWORD state_directory_check_folder(const wchar_t *path, const char **failed_call)
{
    return check_path(path, false, failed_call);
}

DWORD state_directory_check_file(HANDLE file, const char **failed_call)
{
    DWORD error = check_kind(file, false, failed_call);
    return error ? error : protection_check(file, failed_call);
}

DWORD state_directory_remove(const wchar_t *path, const char **failed_call)
{
    if (state_directory_calls.RemoveDirectoryW(path))
        return ERROR_SUCCESS;
    *failed_call = "RemoveDirectoryW";
    DWORD error = last_error();
    return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
}
