#include "state_directory.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <wchar.h>

#include "../core/text.h"
#include "last_error.h"
#include "protection.h"
#include "system_library.h"

struct state_directory_calls state_directory_calls = {
    .CreateFileW = CreateFileW,
    .GetFileInformationByHandle = GetFileInformationByHandle,
    .CloseHandle = CloseHandle,
    .CreateDirectoryW = CreateDirectoryW,
    .RemoveDirectoryW = RemoveDirectoryW,
    .SetFileAttributesW = SetFileAttributesW,
};

enum {
    COMMON_APPDATA = 0x23, /* CSIDL_COMMON_APPDATA of shlobj.h */
    FINAL_PATH_MAX = 1024  /* units; a longer one is refused */
};
static const DWORD share_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

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

DWORD state_directory_known_folder(int csidl, wchar_t path[MAX_PATH], const char **failed_call)
{
    wchar_t found[MAX_PATH];
    if (!state_directory_calls.SHGetFolderPathW) {
        DWORD error = system_library_load(L"shell32.dll", shell_functions, 1,
                                          &state_directory_calls, failed_call);
        if (error)
            return error;
    }
    HRESULT result = state_directory_calls.SHGetFolderPathW(NULL, csidl, NULL, 0, found);
    if (result != S_OK) {
        *failed_call = "SHGetFolderPathW";
        return error_of(result);
    }
    wmemcpy(path, found, wcslen(found) + 1);
    return ERROR_SUCCESS;
}

DWORD state_directory_find(wchar_t path[STATE_DIRECTORY_MAX], const char **failed_call)
{
    static const wchar_t name[] = L"\\RelayLock";
    wchar_t parent[MAX_PATH];
    DWORD error = state_directory_known_folder(COMMON_APPDATA, parent, failed_call);
    if (error)
        return error;
    size_t count = wcslen(parent);
    _Static_assert(MAX_PATH + ARRAYSIZE(name) <= STATE_DIRECTORY_MAX, "the path must fit");
    wmemcpy(path, parent, count);
    wmemcpy(path + count, name, ARRAYSIZE(name));
    return ERROR_SUCCESS;
}

DWORD state_directory_create_new(const wchar_t *path, const char **failed_call)
{
    struct protection protection;
    DWORD error = protection_of_folder(&protection, failed_call);
    if (error)
        return error;
    if (!state_directory_calls.CreateDirectoryW(path, &protection.attributes)) {
        *failed_call = "CreateDirectoryW";
        return last_error();
    }
    state_directory_calls.SetFileAttributesW(path, FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM);
    return ERROR_SUCCESS;
}

DWORD state_directory_create(const wchar_t *path, const char **failed_call)
{
    DWORD error = state_directory_create_new(path, failed_call);
    return error == ERROR_ALREADY_EXISTS ? ERROR_SUCCESS : error;
}

static DWORD refuse(const char *check, const char **failed_call)
{
    *failed_call = check;
    return ERROR_CANT_ACCESS_FILE;
}

/* Whether what is open is a folder or file of its own, not a way to another. */
static DWORD check_kind(HANDLE object, bool folder, BY_HANDLE_FILE_INFORMATION *found,
                        const char **failed_call)
{
    if (!state_directory_calls.GetFileInformationByHandle(object, found)) {
        *failed_call = "GetFileInformationByHandle";
        return last_error();
    }
    if ((found->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0)
        return refuse("checking for a reparse point", failed_call);
    if (((found->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) != folder)
        return refuse(folder ? "checking for a folder" : "checking for a file", failed_call);
    if (!folder && found->nNumberOfLinks != 1)
        return refuse("checking for hard links", failed_call);
    return ERROR_SUCCESS;
}

/* Opens the folder itself, not what it may lead to. */
static DWORD open_folder(const wchar_t *path, DWORD access, DWORD share, HANDLE *folder,
                         const char **failed_call)
{
    *folder = state_directory_calls.CreateFileW(
        path, access, share, NULL, OPEN_EXISTING,
        FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (*folder != INVALID_HANDLE_VALUE)
        return ERROR_SUCCESS;
    *failed_call = "CreateFileW";
    DWORD error = last_error();
    return error == ERROR_FILE_NOT_FOUND ? ERROR_PATH_NOT_FOUND : error;
}

static const DWORD looking = READ_CONTROL | FILE_READ_ATTRIBUTES;

static DWORD open_checked(const wchar_t *path, bool believed, DWORD access, DWORD share,
                          HANDLE *folder, const char **failed_call)
{
    BY_HANDLE_FILE_INFORMATION found;
    HANDLE opened;
    DWORD error = open_folder(path, access, share, &opened, failed_call);
    if (error)
        return error;
    error = check_kind(opened, true, &found, failed_call);
    if (!error && believed)
        error = protection_check(opened, failed_call);
    if (error)
        state_directory_calls.CloseHandle(opened);
    else
        *folder = opened;
    return error;
}

static DWORD check_path(const wchar_t *path, bool believed, const char **failed_call)
{
    HANDLE folder;
    DWORD error = open_checked(path, believed, looking, share_all, &folder, failed_call);
    if (!error)
        state_directory_calls.CloseHandle(folder);
    return error;
}

/* Who opens it for looking only shares it whatever he says; so it is opened for reading. */
DWORD state_directory_hold(const wchar_t *path, bool believed, HANDLE *folder,
                           const char **failed_call)
{
    return open_checked(path, believed, looking | FILE_LIST_DIRECTORY,
                        FILE_SHARE_READ | FILE_SHARE_WRITE, folder, failed_call);
}

void state_directory_let_go(HANDLE folder)
{
    if (folder)
        state_directory_calls.CloseHandle(folder);
}

bool state_directory_is_refusal(DWORD error)
{
    return error == ERROR_INVALID_OWNER || error == ERROR_INVALID_SECURITY_DESCR ||
           error == ERROR_CANT_ACCESS_FILE;
}

DWORD state_directory_may_write(const wchar_t *path, const char **failed_call)
{
    HANDLE folder;
    DWORD error =
        open_folder(path, FILE_ADD_FILE | FILE_DELETE_CHILD, share_all, &folder, failed_call);
    if (!error)
        state_directory_calls.CloseHandle(folder);
    return error;
}

DWORD state_directory_check(const wchar_t *path, const char **failed_call)
{
    return check_path(path, true, failed_call);
}

DWORD state_directory_check_for(const wchar_t *path, const void *account, char who[SID_TEXT_SIZE],
                                const char **failed_call)
{
    HANDLE object;
    DWORD error = open_folder(path, looking, share_all, &object, failed_call);
    if (error)
        return error;
    error = protection_check_for(object, account, who, failed_call);
    state_directory_calls.CloseHandle(object);
    return error;
}

const char *state_directory_name_check(const char *call, DWORD error, const wchar_t *const *paths,
                                       char text[STATE_DIRECTORY_CHECK_MAX])
{
    char who[SID_TEXT_SIZE];
    const char *ignored;
    for (; error == ERROR_INVALID_SECURITY_DESCR && *paths; paths++) {
        if (state_directory_check_for(*paths, NULL, who, &ignored) != error || !who[0])
            continue;
        snprintf(text, STATE_DIRECTORY_CHECK_MAX, "%s of %s", call, who);
        return text;
    }
    return call;
}

DWORD state_directory_check_folder(const wchar_t *path, const char **failed_call)
{
    return check_path(path, false, failed_call);
}

DWORD state_directory_check_plain_file(HANDLE file, BY_HANDLE_FILE_INFORMATION *found,
                                       const char **failed_call)
{
    return check_kind(file, false, found, failed_call);
}

DWORD state_directory_check_file(HANDLE file, const char **failed_call)
{
    BY_HANDLE_FILE_INFORMATION found;
    DWORD error = check_kind(file, false, &found, failed_call);
    return error ? error : protection_check(file, failed_call);
}

static DWORD final_path(HANDLE object, wchar_t path[FINAL_PATH_MAX], const char **failed_call)
{
    /* Told without the drive letters, which a volume need not have, and without a look at the
     * folders above, which may not be granted. */
    DWORD count = state_directory_calls.GetFinalPathNameByHandleW(
        object, path, FINAL_PATH_MAX, VOLUME_NAME_NT | FILE_NAME_OPENED);
    *failed_call = "GetFinalPathNameByHandleW";
    if (count == 0)
        return last_error();
    return count < FINAL_PATH_MAX ? ERROR_SUCCESS : ERROR_BUFFER_OVERFLOW;
}

DWORD state_directory_check_place(HANDLE folder, HANDLE file, const char **failed_call)
{
    static const struct system_library_function function = {
        "GetFinalPathNameByHandleW",
        offsetof(struct state_directory_calls, GetFinalPathNameByHandleW)};
    wchar_t of_folder[FINAL_PATH_MAX], of_file[FINAL_PATH_MAX];
    if (!state_directory_calls.GetFinalPathNameByHandleW &&
        system_library_load(L"kernel32.dll", &function, 1, &state_directory_calls, failed_call))
        return ERROR_SUCCESS;
    DWORD error = final_path(folder, of_folder, failed_call);
    if (!error)
        error = final_path(file, of_file, failed_call);
    if (error)
        return error;
    wchar_t *name = wcsrchr(of_file, L'\\');
    if (name)
        *name = 0;
    /* Names as opened: each is spelled as somebody typed it. */
    return text_equal_fold(text_of(of_file), text_of(of_folder))
               ? ERROR_SUCCESS
               : refuse("checking where it lies", failed_call);
}

DWORD state_directory_remove(const wchar_t *path, const char **failed_call)
{
    if (state_directory_calls.RemoveDirectoryW(path))
        return ERROR_SUCCESS;
    *failed_call = "RemoveDirectoryW";
    DWORD error = last_error();
    return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
}
