/* fake_files.c: the OS calls on files and folders; see fake_files.h. */
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>
#include <wchar.h>
#include "fake_disk.h"
#include "windows/disk_file.h"
#include "windows/protection.h"
#include "windows/state_directory.h"

struct fake_calls fake_files_calls;

static DWORD enter(const char *call)
{
    return fake_calls_enter(&fake_files_calls, call);
}

static BOOL leave(const char *call, DWORD error)
{
    error = fake_calls_leave(&fake_files_calls, call, error);
    if (error)
        SetLastError(error);
    return error == ERROR_SUCCESS;
}

/* ---- CreateFile ----------------------------------------------------------------------------- */

static DWORD open_found(struct fake_file *file, DWORD access, DWORD share, DWORD flags)
{
    const DWORD changing = GENERIC_WRITE | FILE_WRITE_DATA | FILE_APPEND_DATA;
    if (file->denied || file->doomed)
        return ERROR_ACCESS_DENIED;
    if (file->folder && (flags & FILE_FLAG_BACKUP_SEMANTICS) == 0)
        return ERROR_ACCESS_DENIED;
    if (file->read_only && (access & changing) != 0)
        return ERROR_ACCESS_DENIED;
    if (fake_disk_is_protected() && (access & changing) != 0)
        return ERROR_WRITE_PROTECT;
    return fake_handle_is_shared(file, access, share) ? ERROR_SUCCESS : ERROR_SHARING_VIOLATION;
}

static DWORD make_new(const wchar_t *path, bool folder, const SECURITY_ATTRIBUTES *attributes,
                      struct fake_file **file)
{
    wchar_t sddl[FAKE_SDDL_MAX], parent[FAKE_PATH_MAX];
    if (fake_disk_is_protected())
        return ERROR_WRITE_PROTECT;
    wcscpy(parent, path);
    *wcsrchr(parent, L'\\') = 0;
    DWORD error = fake_security_of_new(fake_names_find(parent), folder, attributes, sddl);
    if (!error)
        *file = fake_disk_make(path, folder, sddl);
    return error;
}

static DWORD open_path(const wchar_t *path, DWORD access, DWORD share,
                       const SECURITY_ATTRIBUTES *attributes, DWORD disposition, DWORD flags,
                       struct fake_file **file)
{
    if (!fake_names_have_folder_of(path))
        return ERROR_PATH_NOT_FOUND;
    *file = fake_names_find(path);
    if (*file && (*file)->target[0] && (flags & FILE_FLAG_OPEN_REPARSE_POINT) == 0)
        return open_path((*file)->target, access, share, attributes, disposition, flags, file);
    if (*file && disposition == CREATE_NEW)
        return (*file)->doomed ? ERROR_ACCESS_DENIED : ERROR_FILE_EXISTS;
    if (*file)
        return open_found(*file, access, share, flags);
    if (disposition == OPEN_EXISTING)
        return ERROR_FILE_NOT_FOUND;
    return make_new(path, false, attributes, file);
}

static HANDLE WINAPI create_file(LPCWSTR path, DWORD access, DWORD share,
                                 LPSECURITY_ATTRIBUTES attributes, DWORD disposition, DWORD flags,
                                 HANDLE template)
{
    struct fake_file *file = NULL;
    DWORD error = enter("CreateFileW");
    assert_null(template);
    assert_true(disposition == OPEN_EXISTING || disposition == OPEN_ALWAYS ||
                disposition == CREATE_NEW);
    if (!error)
        error = open_path(path, access, share, attributes, disposition, flags, &file);
    if (!leave("CreateFileW", error))
        return INVALID_HANDLE_VALUE;
    return fake_handle_open(file, access, share);
}

static BOOL WINAPI close(HANDLE handle)
{
    DWORD error = enter("CloseHandle");
    if (fake_security_is_token(handle))
        fake_security_close_token(handle);
    else
        fake_handle_close(fake_handle_of(handle));
    return leave("CloseHandle", error);
}

/* ---- what is open --------------------------------------------------------------------------- */

static BOOL WINAPI read_file(HANDLE handle, LPVOID to, DWORD size, LPDWORD got, LPOVERLAPPED none)
{
    struct fake_handle *from = fake_handle_of(handle);
    DWORD error = enter("ReadFile");
    assert_null(none);
    *got = 0;
    if (!error && (from->access & GENERIC_READ) == 0)
        error = ERROR_ACCESS_DENIED;
    if (!error && from->at < from->file->size) {
        size_t left = from->file->size - from->at;
        *got = left < size ? (DWORD)left : size;
        memcpy(to, from->file->bytes + from->at, *got);
        from->at += *got;
    }
    return leave("ReadFile", error);
}

static BOOL WINAPI write_file(HANDLE handle, LPCVOID bytes, DWORD size, LPDWORD written,
                              LPOVERLAPPED none)
{
    struct fake_handle *to = fake_handle_of(handle);
    DWORD error = enter("WriteFile");
    assert_null(none);
    *written = 0;
    if (!error && (to->access & GENERIC_WRITE) == 0)
        error = ERROR_ACCESS_DENIED;
    if (!error)
        error = fake_disk_write(to->file, to->at, bytes, size);
    if (!error) {
        to->at += size;
        *written = size;
    }
    return leave("WriteFile", error);
}

static BOOL WINAPI set_pointer(HANDLE handle, LARGE_INTEGER to, PLARGE_INTEGER now, DWORD method)
{
    struct fake_handle *found = fake_handle_of(handle);
    DWORD error = enter("SetFilePointerEx");
    assert_null(now);
    assert_int_equal(method, FILE_BEGIN);
    if (!error && to.QuadPart < 0)
        error = ERROR_NEGATIVE_SEEK;
    if (!error)
        found->at = (size_t)to.QuadPart;
    return leave("SetFilePointerEx", error);
}

static BOOL WINAPI set_end(HANDLE handle)
{
    struct fake_handle *found = fake_handle_of(handle);
    DWORD error = enter("SetEndOfFile");
    if (!error && (found->access & GENERIC_WRITE) == 0)
        error = ERROR_ACCESS_DENIED;
    if (!error)
        error = fake_disk_resize(found->file, found->at);
    return leave("SetEndOfFile", error);
}

static BOOL WINAPI flush(HANDLE handle)
{
    struct fake_handle *found = fake_handle_of(handle);
    DWORD error = enter("FlushFileBuffers");
    if (!error && (found->access & GENERIC_WRITE) == 0)
        error = ERROR_ACCESS_DENIED;
    if (!error)
        fake_disk_flush(found->file);
    return leave("FlushFileBuffers", error);
}

static BOOL WINAPI get_size(HANDLE handle, PLARGE_INTEGER size)
{
    const struct fake_handle *found = fake_handle_of(handle);
    DWORD error = enter("GetFileSizeEx");
    if (!error)
        size->QuadPart = (LONGLONG)found->file->size;
    return leave("GetFileSizeEx", error);
}

DWORD fake_file_attributes(const struct fake_file *file)
{
    return (file->folder ? FILE_ATTRIBUTE_DIRECTORY : FILE_ATTRIBUTE_ARCHIVE) |
           (file->read_only ? FILE_ATTRIBUTE_READONLY : 0) | file->attributes |
           (file->target[0] ? FILE_ATTRIBUTE_REPARSE_POINT : 0);
}

FILETIME fake_file_time(const struct fake_file *file)
{
    return (FILETIME){(DWORD)file->written, (DWORD)(file->written >> 32)};
}

static BOOL WINAPI get_information(HANDLE handle, LPBY_HANDLE_FILE_INFORMATION found)
{
    const struct fake_file *file = fake_handle_of(handle)->file;
    DWORD error = enter("GetFileInformationByHandle");
    if (!error)
        *found =
            (BY_HANDLE_FILE_INFORMATION){.dwFileAttributes = fake_file_attributes(file),
                                         .ftLastWriteTime = fake_file_time(file),
                                         .dwVolumeSerialNumber = 0x1234abcd,
                                         .nFileIndexHigh = (DWORD)((uintptr_t)file >> 16 >> 16),
                                         .nFileIndexLow = (DWORD)(uintptr_t)file,
                                         .nFileSizeLow = (DWORD)file->size,
                                         .nNumberOfLinks = fake_names_count(file)};
    return leave("GetFileInformationByHandle", error);
}

/* "\Device\HarddiskVolume1\ProgramData": by the name under which it was opened, or one of them. */
static DWORD WINAPI get_final_path(HANDLE handle, LPWSTR path, DWORD room, DWORD flags)
{
    const wchar_t *name = fake_names_of(fake_handle_of(handle)->file);
    wchar_t whole[FAKE_PATH_MAX + 32];
    DWORD error = enter("GetFinalPathNameByHandleW");
    assert_int_equal(flags, VOLUME_NAME_NT | FILE_NAME_OPENED);
    if (!error && !name)
        error = ERROR_FILE_NOT_FOUND;
    if (!leave("GetFinalPathNameByHandleW", error))
        return 0;
    swprintf(whole, ARRAYSIZE(whole), L"\\Device\\HarddiskVolume1%ls", name + 2);
    DWORD count = (DWORD)wcslen(whole);
    if (count >= room)
        return count + 1;
    wcscpy(path, whole);
    return count;
}

/* ---- names ---------------------------------------------------------------------------------- */

/* What DeleteFile and MoveFileEx open a file for. */
static DWORD may_go(const wchar_t *path)
{
    const struct fake_file *file = fake_names_find(path);
    if (!fake_names_have_folder_of(path))
        return ERROR_PATH_NOT_FOUND;
    if (!file)
        return ERROR_FILE_NOT_FOUND;
    if (file->folder || file->denied || file->doomed || file->read_only)
        return ERROR_ACCESS_DENIED;
    if (fake_disk_is_protected())
        return ERROR_WRITE_PROTECT;
    const DWORD all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    return fake_handle_is_shared(file, DELETE, all) ? ERROR_SUCCESS : ERROR_SHARING_VIOLATION;
}

static BOOL WINAPI delete_file(LPCWSTR path)
{
    DWORD error = enter("DeleteFileW");
    if (!error)
        error = may_go(path);
    if (!error && fake_handle_is_open(fake_names_find(path)))
        fake_names_find(path)->doomed = true;
    else if (!error)
        fake_names_drop(path);
    return leave("DeleteFileW", error);
}

static DWORD rename_over(const wchar_t *from, const wchar_t *to, DWORD flags)
{
    const struct fake_file *target = fake_names_find(to);
    DWORD error = may_go(from);
    if (error)
        return error;
    if (!fake_names_have_folder_of(to))
        return ERROR_PATH_NOT_FOUND;
    if (target && (flags & MOVEFILE_REPLACE_EXISTING) == 0)
        return ERROR_ALREADY_EXISTS;
    if (target &&
        (target->folder || target->read_only || target->denied || fake_handle_is_open(target)))
        return ERROR_ACCESS_DENIED;
    fake_names_rename(from, to);
    if ((flags & MOVEFILE_WRITE_THROUGH) != 0)
        fake_names_settle();
    return ERROR_SUCCESS;
}

static BOOL WINAPI move_file(LPCWSTR from, LPCWSTR to, DWORD flags)
{
    DWORD error = enter("MoveFileExW");
    if (!error)
        error = rename_over(from, to, flags);
    return leave("MoveFileExW", error);
}

static BOOL WINAPI get_attributes(LPCWSTR path, GET_FILEEX_INFO_LEVELS level, LPVOID to)
{
    const struct fake_file *file = fake_names_find(path);
    DWORD error = enter("GetFileAttributesExW");
    assert_int_equal(level, GetFileExInfoStandard);
    if (!error && !file)
        error = fake_names_have_folder_of(path) ? ERROR_FILE_NOT_FOUND : ERROR_PATH_NOT_FOUND;
    if (!error)
        *(WIN32_FILE_ATTRIBUTE_DATA *)to =
            (WIN32_FILE_ATTRIBUTE_DATA){.dwFileAttributes = fake_file_attributes(file),
                                        .ftLastWriteTime = fake_file_time(file),
                                        .nFileSizeLow = (DWORD)file->size};
    return leave("GetFileAttributesExW", error);
}

static BOOL WINAPI create_directory(LPCWSTR path, LPSECURITY_ATTRIBUTES attributes)
{
    struct fake_file *made;
    DWORD error = enter("CreateDirectoryW");
    if (!error && !fake_names_have_folder_of(path))
        error = ERROR_PATH_NOT_FOUND;
    if (!error && fake_names_find(path))
        error = ERROR_ALREADY_EXISTS;
    if (!error)
        error = make_new(path, true, attributes, &made);
    return leave("CreateDirectoryW", error);
}

static BOOL WINAPI set_attributes(LPCWSTR path, DWORD attributes)
{
    struct fake_file *file = fake_names_find(path);
    assert_int_equal(attributes & ~(DWORD)(FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM), 0);
    if (file)
        file->attributes = attributes;
    else
        SetLastError(ERROR_FILE_NOT_FOUND);
    return file != NULL;
}

static BOOL WINAPI remove_directory(LPCWSTR path)
{
    const struct fake_file *file = fake_names_find(path);
    DWORD error = enter("RemoveDirectoryW");
    if (!error && !file)
        error = fake_names_have_folder_of(path) ? ERROR_FILE_NOT_FOUND : ERROR_PATH_NOT_FOUND;
    if (!error && !file->folder)
        error = ERROR_DIRECTORY;
    if (!error && !fake_names_none_below(path))
        error = ERROR_DIR_NOT_EMPTY;
    if (!error && fake_handle_is_open(file))
        error = ERROR_SHARING_VIOLATION;
    if (!error && fake_disk_is_protected())
        error = ERROR_WRITE_PROTECT;
    if (!error)
        fake_names_drop(path);
    return leave("RemoveDirectoryW", error);
}

static HRESULT WINAPI get_folder(HWND window, int folder, HANDLE token, DWORD flags, LPWSTR path)
{
    DWORD error = enter("SHGetFolderPathW");
    assert_true(!window && !token && flags == 0);
    assert_true(folder == 0x23 || folder == 0x26); /* CSIDL_COMMON_APPDATA, _PROGRAM_FILES */
    path[0] = 0;
    if (!leave("SHGetFolderPathW", error))
        return HRESULT_FROM_WIN32(GetLastError());
    wcscpy(path, folder == 0x23 ? L"C:\\ProgramData" : L"C:\\Program Files");
    return S_OK;
}

static LPVOID WINAPI allocate(HANDLE heap, DWORD flags, SIZE_T size)
{
    DWORD error = enter("HeapAlloc");
    return leave("HeapAlloc", error) ? HeapAlloc(heap, flags, size) : NULL;
}

void fake_files_reset(void)
{
    fake_files_calls = (struct fake_calls){0};
    fake_handles_reset();
    fake_disk_reset();
    fake_security_reset();
    fake_disk_make(L"C:", true, L"O:BAD:(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
    fake_names_settle();
    fake_files_make_folder(L"C:\\ProgramData");
    fake_files_protect(L"C:\\ProgramData", L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
                                           L"(A;OICIIO;GA;;;CO)(A;OICI;0x1200a9;;;BU)"
                                           L"(A;CI;0x6;;;BU)");
    disk_file_calls = (struct disk_file_calls){
        .CreateFileW = create_file,
        .ReadFile = read_file,
        .WriteFile = write_file,
        .SetFilePointerEx = set_pointer,
        .SetEndOfFile = set_end,
        .FlushFileBuffers = flush,
        .GetFileSizeEx = get_size,
        .CloseHandle = close,
        .MoveFileExW = move_file,
        .DeleteFileW = delete_file,
        .GetFileAttributesExW = get_attributes,
        .GetFileInformationByHandle = get_information,
        .HeapAlloc = allocate,
        .Sleep = fake_sleep,
    };
    state_directory_calls = (struct state_directory_calls){
        .SHGetFolderPathW = get_folder,
        .CreateFileW = create_file,
        .GetFileInformationByHandle = get_information,
        .GetFinalPathNameByHandleW = get_final_path,
        .CloseHandle = close,
        .CreateDirectoryW = create_directory,
        .RemoveDirectoryW = remove_directory,
        .SetFileAttributesW = set_attributes,
    };
    protection_calls.CloseHandle = close;
    fake_folders_reset();
}
