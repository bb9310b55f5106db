#include "input_file.h"

#include <stdio.h>
#include <string.h>
#include <windows.h>

#include "../core/text.h"
#include "system_error.h"

enum {
    PATH_MAX_UNITS = 32768, /* learn.microsoft.com maximum-file-path-limitation */
    COPY_SIZE = 65536
};

static bool copy_all(HANDLE from, HANDLE to, char error[INPUT_FILE_ERROR_SIZE])
{
    static char bytes[COPY_SIZE];
    DWORD got, done;

    for (;;) {
        if (!ReadFile(from, bytes, sizeof bytes, &got, NULL)) {
            DWORD code = GetLastError();

            if (code == ERROR_BROKEN_PIPE) { /* so a pipe ends */
                return true;
            }
            system_error_say(error, INPUT_FILE_ERROR_SIZE, "ReadFile (standard input)", code);
            return false;
        }
        if (got == 0) {
            return true;
        }
        if (!WriteFile(to, bytes, got, &done, NULL)) {
            system_error_say(error, INPUT_FILE_ERROR_SIZE, "WriteFile (a copy of standard input)",
                             GetLastError());
            return false;
        }
    }
}

/* Copies all that comes to a temporary file, which goes away with its handle. */
static HANDLE copy_to_file(HANDLE from, char error[INPUT_FILE_ERROR_SIZE])
{
    wchar_t folder[MAX_PATH + 1], path[MAX_PATH];
    DWORD count = GetTempPathW(MAX_PATH + 1, folder);

    if (count == 0 || count > MAX_PATH || GetTempFileNameW(folder, L"rlk", 0, path) == 0) {
        system_error_say(error, INPUT_FILE_ERROR_SIZE, "GetTempFileName", GetLastError());
        return INVALID_HANDLE_VALUE;
    }
    HANDLE to = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                            FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);

    if (to == INVALID_HANDLE_VALUE) {
        system_error_say(error, INPUT_FILE_ERROR_SIZE, "CreateFile (a copy of standard input)",
                         GetLastError());
    } else if (!copy_all(from, to, error)) {
        CloseHandle(to);
        to = INVALID_HANDLE_VALUE;
    }
    return to;
}

static HANDLE open_standard_input(char error[INPUT_FILE_ERROR_SIZE])
{
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE), file = INVALID_HANDLE_VALUE;

    if (input == NULL || input == INVALID_HANDLE_VALUE) {
        snprintf(error, INPUT_FILE_ERROR_SIZE, "there is no standard input");
    } else if (GetFileType(input) != FILE_TYPE_DISK) {
        file = copy_to_file(input, error);
    } else if (!DuplicateHandle(GetCurrentProcess(), input, GetCurrentProcess(), &file, 0, FALSE,
                                DUPLICATE_SAME_ACCESS)) {
        system_error_say(error, INPUT_FILE_ERROR_SIZE, "DuplicateHandle", GetLastError());
        file = INVALID_HANDLE_VALUE;
    }
    return file;
}

/* The path in UTF-16, in one buffer for all; null with an error. */
static wchar_t *widen(const char *path, char error[INPUT_FILE_ERROR_SIZE])
{
    static wchar_t wide[PATH_MAX_UNITS];

    if (!text_from_utf8(wide, PATH_MAX_UNITS, path, NULL)) {
        snprintf(error, INPUT_FILE_ERROR_SIZE, "the name is too long or not UTF-8");
        return NULL;
    }
    return wide;
}

static HANDLE open_path(const char *path, char error[INPUT_FILE_ERROR_SIZE])
{
    const wchar_t *wide = widen(path, error);

    if (wide == NULL) {
        return INVALID_HANDLE_VALUE;
    }
    HANDLE file =
        CreateFileW(wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);

    if (file == INVALID_HANDLE_VALUE) {
        system_error_say(error, INPUT_FILE_ERROR_SIZE, "CreateFile", GetLastError());
    } else if (GetFileType(file) != FILE_TYPE_DISK) {
        snprintf(error, INPUT_FILE_ERROR_SIZE, "not a file");
        CloseHandle(file);
        file = INVALID_HANDLE_VALUE;
    }
    return file;
}

bool input_file_open(struct input_file *file, const char *path, char error[INPUT_FILE_ERROR_SIZE])
{
    HANDLE opened = path == NULL ? open_standard_input(error) : open_path(path, error);
    LARGE_INTEGER size;

    if (opened == INVALID_HANDLE_VALUE) {
        return false;
    }
    if (!GetFileSizeEx(opened, &size)) {
        system_error_say(error, INPUT_FILE_ERROR_SIZE, "GetFileSizeEx", GetLastError());
        CloseHandle(opened);
        return false;
    }
    *file = (struct input_file){(intptr_t)opened, (uint64_t)size.QuadPart};
    return true;
}

void input_file_close(struct input_file *file)
{
    CloseHandle((HANDLE)file->handle);
    file->handle = (intptr_t)INVALID_HANDLE_VALUE;
}

bool input_file_read(const struct input_file *file, uint64_t offset, void *to, size_t size,
                     char error[INPUT_FILE_ERROR_SIZE])
{
    for (size_t done = 0; done < size;) {
        uint64_t at = offset + done;
        OVERLAPPED place = {.Offset = (DWORD)at, .OffsetHigh = (DWORD)(at >> 32)};
        DWORD ask = size - done < MAXDWORD ? (DWORD)(size - done) : MAXDWORD;
        DWORD got = 0;

        if (!ReadFile((HANDLE)file->handle, (char *)to + done, ask, &got, &place) &&
            GetLastError() != ERROR_HANDLE_EOF) {
            system_error_say(error, INPUT_FILE_ERROR_SIZE, "ReadFile", GetLastError());
            return false;
        }
        if (got == 0) {
            snprintf(error, INPUT_FILE_ERROR_SIZE, "the file was cut short while it was read");
            return false;
        }
        done += got;
    }
    return true;
}

static bool is_log(const wchar_t *name)
{
    const wchar_t *dot = wcsrchr(name, L'.');

    return dot != NULL && (text_equal_fold(text_of(dot), TEXT_OF(u".evt")) ||
                           text_equal_fold(text_of(dot), TEXT_OF(u".evtx")));
}

/* Tells the files that a search finds. Names are told as UTF-8 behind the folder's path. */
static bool tell_found(HANDLE search, WIN32_FIND_DATAW *found, const char *folder,
                       bool (*tell)(void *context, const char *path), void *context,
                       char error[INPUT_FILE_ERROR_SIZE])
{
    static char path[4 * PATH_MAX_UNITS];
    size_t prefix = strlen(folder);
    bool separated = prefix > 0 && strchr("\\/:", folder[prefix - 1]) != NULL;

    do {
        if ((found->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ||
            !is_log(found->cFileName)) {
            continue;
        }
        int used = snprintf(path, sizeof path, "%s%s", folder, separated ? "" : "\\");

        text_to_utf8(path + used, sizeof path - (size_t)used, text_of(found->cFileName));
        if (!tell(context, path)) {
            return false;
        }
    } while (FindNextFileW(search, found));
    DWORD code = GetLastError();

    if (code != ERROR_NO_MORE_FILES) {
        system_error_say(error, INPUT_FILE_ERROR_SIZE, "FindNextFile", code);
        return false;
    }
    return true;
}

bool input_file_list(const char *path, bool (*tell)(void *context, const char *path), void *context,
                     char error[INPUT_FILE_ERROR_SIZE])
{
    WIN32_FIND_DATAW found;
    wchar_t *wide = widen(path, error);

    if (wide == NULL) {
        return false;
    }
    DWORD attributes = GetFileAttributesW(wide);
    size_t count = text_of(wide).count;

    error[0] = '\0';
    if (attributes == INVALID_FILE_ATTRIBUTES || (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0 ||
        count + 3 > PATH_MAX_UNITS) {
        return false; /* what it is then, input_file_open will say */
    }
    memcpy(wide + count, L"\\*", 3 * sizeof(wchar_t));
    HANDLE search = FindFirstFileW(wide, &found);

    if (search == INVALID_HANDLE_VALUE) {
        system_error_say(error, INPUT_FILE_ERROR_SIZE, "FindFirstFile", GetLastError());
        return false;
    }
    bool all = tell_found(search, &found, path, tell, context, error);

    FindClose(search);
    return all;
}
