#include "file_map.h"

#include <stdio.h>
#include <windows.h>

#include "../core/text.h"

enum { PATH_MAX_UNITS = 32768 }; /* learn.microsoft.com maximum-file-path-limitation */

static void say(char error[FILE_MAP_ERROR_SIZE], const char *call, DWORD code)
{
    wchar_t wide[96];
    char narrow[96];
    DWORD count = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS |
                                     FORMAT_MESSAGE_MAX_WIDTH_MASK,
                                 NULL, code, 0, wide, sizeof wide / sizeof wide[0], NULL);

    /* Without a text (or with one too long) the number alone must do. */
    text_to_utf8(narrow, sizeof narrow, text_trim((struct text){wide, count}));
    snprintf(error, FILE_MAP_ERROR_SIZE, "%s: %s%s(%lu)", call, narrow, count > 0 ? " " : "", code);
}

static bool map_open_file(struct file_map *map, HANDLE file, char error[FILE_MAP_ERROR_SIZE])
{
    LARGE_INTEGER size;

    if (!GetFileSizeEx(file, &size)) {
        say(error, "GetFileSizeEx", GetLastError());
        return false;
    }
    if (size.QuadPart == 0) {
        snprintf(error, FILE_MAP_ERROR_SIZE, "the file is empty");
        return false;
    }
    if ((ULONGLONG)size.QuadPart > SIZE_MAX / 2) {
        snprintf(error, FILE_MAP_ERROR_SIZE, "the file is too large for this machine");
        return false;
    }
    HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);

    if (mapping == NULL) {
        say(error, "CreateFileMapping", GetLastError());
        return false;
    }
    /* The size is given, so that what is read is what was measured even if the file has grown. */
    const uint8_t *bytes = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, (SIZE_T)size.QuadPart);
    DWORD code = GetLastError();

    CloseHandle(mapping); /* the view stays */
    if (bytes == NULL) {
        say(error, "MapViewOfFile", code);
        return false;
    }
    *map = (struct file_map){bytes, (size_t)size.QuadPart};
    return true;
}

bool file_map_open(struct file_map *map, const char *path, char error[FILE_MAP_ERROR_SIZE])
{
    static wchar_t wide[PATH_MAX_UNITS];

    if (!text_from_utf8(wide, PATH_MAX_UNITS, path, NULL)) {
        snprintf(error, FILE_MAP_ERROR_SIZE, "the name is too long or not UTF-8");
        return false;
    }
    HANDLE file =
        CreateFileW(wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);

    if (file == INVALID_HANDLE_VALUE) {
        say(error, "CreateFile", GetLastError());
        return false;
    }
    bool mapped = map_open_file(map, file, error);

    CloseHandle(file);
    return mapped;
}

void file_map_close(struct file_map *map)
{
    UnmapViewOfFile(map->bytes);
    *map = (struct file_map){NULL, 0};
}
