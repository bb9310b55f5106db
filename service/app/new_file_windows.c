#include "new_file_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <string.h>
#include <windows.h>

#include "../core/text.h"
#include "system_error.h"

enum { PATH_MAX_UNITS = 32768 }; /* learn.microsoft.com maximum-file-path-limitation */

static bool widen(const char *path, wchar_t wide[PATH_MAX_UNITS], char error[NEW_FILE_ERROR_SIZE])
{
    if (!text_from_utf8(wide, PATH_MAX_UNITS, path, NULL)) {
        snprintf(error, NEW_FILE_ERROR_SIZE, "the name is too long or not UTF-8");
        return false;
    }
    return true;
}

/* The handle as a stream, which owns it then; null and the handle closed when that fails. */
static FILE *stream_of(HANDLE handle, int flags, const char *mode, char error[NEW_FILE_ERROR_SIZE])
{
    int descriptor = _open_osfhandle((intptr_t)handle, flags | _O_BINARY);
    FILE *file = descriptor >= 0 ? _fdopen(descriptor, mode) : NULL;

    if (file == NULL) {
        snprintf(error, NEW_FILE_ERROR_SIZE, "_fdopen: %s (%d)", strerror(errno), errno);
    }
    if (file == NULL && descriptor >= 0) {
        _close(descriptor);
    } else if (file == NULL) {
        CloseHandle(handle);
    }
    return file;
}

bool new_file_call_read(const char *path, FILE **file, char error[NEW_FILE_ERROR_SIZE])
{
    static wchar_t wide[PATH_MAX_UNITS];

    if (!widen(path, wide, error)) {
        return false;
    }
    HANDLE handle = CreateFileW(wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                                OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD code = GetLastError();

    if (handle == INVALID_HANDLE_VALUE && code == ERROR_FILE_NOT_FOUND) {
        *file = NULL;
        return true;
    }
    if (handle == INVALID_HANDLE_VALUE) {
        system_error_say(error, NEW_FILE_ERROR_SIZE, "CreateFile", code);
        return false;
    }
    if (GetFileType(handle) != FILE_TYPE_DISK) {
        snprintf(error, NEW_FILE_ERROR_SIZE, "not a file");
        CloseHandle(handle);
        return false;
    }
    *file = stream_of(handle, _O_RDONLY, "rb", error);
    return *file != NULL;
}

FILE *new_file_call_create(const char *path, char error[NEW_FILE_ERROR_SIZE])
{
    static wchar_t wide[PATH_MAX_UNITS];

    if (!widen(path, wide, error)) {
        return NULL;
    }
    HANDLE handle =
        CreateFileW(wide, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);

    if (handle == INVALID_HANDLE_VALUE) {
        system_error_say(error, NEW_FILE_ERROR_SIZE, "CreateFile of .part", GetLastError());
        return NULL;
    }
    FILE *file = stream_of(handle, 0, "wb", error);

    if (file == NULL) {
        DeleteFileW(wide);
    }
    return file;
}

bool new_file_call_move(const char *from, const char *to, char error[NEW_FILE_ERROR_SIZE])
{
    static wchar_t wide_from[PATH_MAX_UNITS], wide_to[PATH_MAX_UNITS];

    if (!widen(from, wide_from, error) || !widen(to, wide_to, error)) {
        return false;
    }
    if (!MoveFileExW(wide_from, wide_to, MOVEFILE_REPLACE_EXISTING)) {
        system_error_say(error, NEW_FILE_ERROR_SIZE, "MoveFileEx", GetLastError());
        return false;
    }
    return true;
}

void new_file_call_remove(const char *path)
{
    static wchar_t wide[PATH_MAX_UNITS];

    if (text_from_utf8(wide, PATH_MAX_UNITS, path, NULL)) {
        DeleteFileW(wide);
    }
}
