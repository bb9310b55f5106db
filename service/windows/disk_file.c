#include "disk_file.h"

#include "last_error.h"
#include "protection.h"

struct disk_file_calls disk_file_calls = {
    .CreateFileW = CreateFileW,
    .ReadFile = ReadFile,
    .WriteFile = WriteFile,
    .SetFilePointerEx = SetFilePointerEx,
    .SetEndOfFile = SetEndOfFile,
    .FlushFileBuffers = FlushFileBuffers,
    .GetFileSizeEx = GetFileSizeEx,
    .CloseHandle = CloseHandle,
    .MoveFileExW = MoveFileExW,
    .DeleteFileW = DeleteFileW,
    .GetFileAttributesExW = GetFileAttributesExW,
    .GetFileInformationByHandle = GetFileInformationByHandle,
    .HeapAlloc = HeapAlloc,
    .Sleep = Sleep,
};

static DWORD failed(const char *call, const char **failed_call)
{
    *failed_call = call;
    return last_error();
}

static DWORD refused(const char *check, DWORD error, const char **failed_call)
{
    *failed_call = check;
    return error;
}

/* Whether to try again after this error; waits before that. *tries: how many failed, 0 at first. */
static bool again(DWORD error, unsigned *tries)
{
    if ((error != ERROR_SHARING_VIOLATION && error != ERROR_ACCESS_DENIED) ||
        ++*tries == DISK_FILE_TRIES)
        return false;
    disk_file_calls.Sleep(DISK_FILE_PAUSE * *tries);
    return true;
}

/* ---- opening -------------------------------------------------------------------------------- */

struct opening {
    DWORD access, share, disposition, flags;
    SECURITY_ATTRIBUTES *attributes; /* null: the folder's */
};

static DWORD open(const wchar_t *path, const struct opening *how, HANDLE *file,
                  const char **failed_call)
{
    unsigned tries = 0;
    DWORD error;
    do {
        HANDLE opened =
            disk_file_calls.CreateFileW(path, how->access, how->share, how->attributes,
                                        how->disposition, FILE_ATTRIBUTE_NORMAL | how->flags, NULL);
        if (opened != INVALID_HANDLE_VALUE) {
            *file = opened;
            return ERROR_SUCCESS;
        }
        error = failed("CreateFileW", failed_call);
    } while (again(error, &tries));
    return error;
}

DWORD disk_file_own(const wchar_t *path, DWORD disposition, HANDLE *file, const char **failed_call)
{
    struct protection protection;
    DWORD error = protection_of_file(&protection, failed_call);
    if (error)
        return error;
    struct opening how = {GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, disposition,
                          FILE_FLAG_OPEN_REPARSE_POINT, &protection.attributes};
    error = open(path, &how, file, failed_call);
    how.attributes = NULL;
    return error == ERROR_INVALID_OWNER ? open(path, &how, file, failed_call) : error;
}

DWORD disk_file_look(const wchar_t *path, bool follow, HANDLE *file, const char **failed_call)
{
    const struct opening how = {GENERIC_READ,
                                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                OPEN_EXISTING, follow ? 0 : FILE_FLAG_OPEN_REPARSE_POINT, NULL};
    return open(path, &how, file, failed_call);
}

void disk_file_close(HANDLE file)
{
    disk_file_calls.CloseHandle(file);
}

DWORD disk_file_size(HANDLE file, size_t max, size_t *size, const char **failed_call)
{
    LARGE_INTEGER found;
    if (!disk_file_calls.GetFileSizeEx(file, &found))
        return failed("GetFileSizeEx", failed_call);
    if (found.QuadPart < 0 || (ULONGLONG)found.QuadPart > max)
        return refused("checking the size", ERROR_FILE_TOO_LARGE, failed_call);
    *size = (size_t)found.QuadPart;
    return ERROR_SUCCESS;
}

static DWORD seek(HANDLE file, uint64_t at, const char **failed_call)
{
    LARGE_INTEGER position = {.QuadPart = (LONGLONG)at};
    if (!disk_file_calls.SetFilePointerEx(file, position, NULL, FILE_BEGIN))
        return failed("SetFilePointerEx", failed_call);
    return ERROR_SUCCESS;
}

DWORD disk_file_flush(HANDLE file, const char **failed_call)
{
    if (!disk_file_calls.FlushFileBuffers(file))
        return failed("FlushFileBuffers", failed_call);
    return ERROR_SUCCESS;
}

/* ---- reading -------------------------------------------------------------------------------- */

/* As many bytes as one call takes; the loop around it does the rest. */
static DWORD at_once(size_t size)
{
    return size < MAXDWORD ? (DWORD)size : MAXDWORD;
}

static DWORD read(HANDLE file, uint64_t from, uint8_t *bytes, size_t size, const char **failed_call)
{
    DWORD error = seek(file, from, failed_call);
    while (!error && size > 0) {
        DWORD got = 0;
        if (!disk_file_calls.ReadFile(file, bytes, at_once(size), &got, NULL))
            return failed("ReadFile", failed_call);
        if (got == 0 || got > size)
            return refused("ReadFile", ERROR_HANDLE_EOF, failed_call);
        bytes += got;
        size -= got;
    }
    return error;
}

DWORD disk_file_read(HANDLE file, uint64_t from, size_t size, uint8_t **bytes,
                     const char **failed_call)
{
    uint8_t *content = NULL;
    if (size > 0) {
        content = disk_file_calls.HeapAlloc(GetProcessHeap(), 0, size);
        if (!content)
            return refused("HeapAlloc", ERROR_NOT_ENOUGH_MEMORY, failed_call);
        DWORD error = read(file, from, content, size, failed_call);
        if (error) {
            disk_file_free(content);
            return error;
        }
    }
    *bytes = content;
    return ERROR_SUCCESS;
}

void disk_file_free(uint8_t *bytes)
{
    if (bytes)
        HeapFree(GetProcessHeap(), 0, bytes);
}

/* ---- changing ------------------------------------------------------------------------------- */

DWORD disk_file_write(HANDLE file, uint64_t at, const void *bytes, size_t size,
                      const char **failed_call)
{
    const uint8_t *left = bytes;
    DWORD error = seek(file, at, failed_call);
    if (error)
        return error;
    while (size > 0) {
        DWORD written = 0;
        if (!disk_file_calls.WriteFile(file, left, at_once(size), &written, NULL))
            return failed("WriteFile", failed_call);
        if (written == 0 || written > size)
            return refused("WriteFile", ERROR_WRITE_FAULT, failed_call);
        left += written;
        size -= written;
    }
    return disk_file_flush(file, failed_call);
}

DWORD disk_file_resize(HANDLE file, uint64_t size, const char **failed_call)
{
    DWORD error = seek(file, size, failed_call);
    if (!error && !disk_file_calls.SetEndOfFile(file))
        error = failed("SetEndOfFile", failed_call);
    return error;
}

DWORD disk_file_identify(HANDLE file, struct disk_file_identity *identity, const char **failed_call)
{
    BY_HANDLE_FILE_INFORMATION found;
    if (!disk_file_calls.GetFileInformationByHandle(file, &found))
        return failed("GetFileInformationByHandle", failed_call);
    *identity = (struct disk_file_identity){
        found.dwVolumeSerialNumber, (uint64_t)found.nFileIndexHigh << 32 | found.nFileIndexLow,
        found.ftLastWriteTime};
    return ERROR_SUCCESS;
}

DWORD disk_file_put(const wchar_t *path, const void *bytes, size_t size,
                    struct disk_file_identity *made, const char **failed_call)
{
    HANDLE file;
    const char *ignored;
    DWORD error = disk_file_delete(path, failed_call);
    if (!error)
        error = disk_file_own(path, CREATE_NEW, &file, failed_call);
    if (error)
        return error;
    error = disk_file_write(file, 0, bytes, size, failed_call);
    if (!error && made)
        error = disk_file_identify(file, made, failed_call);
    disk_file_close(file);
    if (error)
        disk_file_delete(path, &ignored);
    return error;
}

DWORD disk_file_rename_over(const wchar_t *from, const wchar_t *to, const char **failed_call)
{
    unsigned tries = 0;
    DWORD error;
    do {
        if (disk_file_calls.MoveFileExW(from, to,
                                        MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
            return ERROR_SUCCESS;
        error = failed("MoveFileExW", failed_call);
    } while (again(error, &tries));
    return error;
}

DWORD disk_file_delete(const wchar_t *path, const char **failed_call)
{
    unsigned tries = 0;
    DWORD error;
    do
        error = disk_file_delete_now(path, failed_call);
    while (again(error, &tries));
    return error;
}

DWORD disk_file_delete_now(const wchar_t *path, const char **failed_call)
{
    if (disk_file_calls.DeleteFileW(path))
        return ERROR_SUCCESS;
    DWORD error = failed("DeleteFileW", failed_call);
    return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
}

DWORD disk_file_written(const wchar_t *path, FILETIME *written, const char **failed_call)
{
    WIN32_FILE_ATTRIBUTE_DATA found;
    if (!disk_file_calls.GetFileAttributesExW(path, GetFileExInfoStandard, &found))
        return failed("GetFileAttributesExW", failed_call);
    *written = found.ftLastWriteTime;
    return ERROR_SUCCESS;
}
