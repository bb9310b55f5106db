#include "metabase_file.h"

#include "last_error.h"
#include "queue_directories.h"

static const char end[] = "</configuration>";

enum { READ_SIZE = 65536, PATH_UNITS = 512, END = sizeof end - 1 };

/* The end of the root element (technet cc784572), of which so many bytes have come. */
static size_t follow_end(size_t matched, const BYTE *bytes, DWORD count)
{
    for (DWORD i = 0; i < count && matched < END; i++)
        matched = bytes[i] == (BYTE)end[matched] ? matched + 1 : bytes[i] == '<';
    return matched;
}

static DWORD scan_file(HANDLE file, BYTE *bytes, struct metabase_scan *scan)
{
    DWORD got = 0;
    size_t matched = 0;
    for (DWORD total = 0; total < METABASE_FILE_MAX; total += got) {
        if (!queue_directories_calls.ReadFile(file, bytes, READ_SIZE, &got, NULL))
            return last_error();
        if (got == 0)
            return matched == END ? ERROR_SUCCESS : ERROR_HANDLE_EOF;
        metabase_scan_feed(scan, bytes, got);
        matched = follow_end(matched, bytes, got);
    }
    return ERROR_SUCCESS;
}

DWORD metabase_file_read(void (*tell)(void *context, enum metabase_setting setting,
                                      const char *value),
                         void *context)
{
    wchar_t path[PATH_UNITS];
    struct metabase_scan scan;
    DWORD units = queue_directories_calls.ExpandEnvironmentStringsW(
        L"%SystemRoot%\\System32\\Inetsrv\\MetaBase.xml", path, PATH_UNITS);
    if (units == 0 || units > PATH_UNITS)
        return units == 0 ? last_error() : ERROR_FILENAME_EXCED_RANGE;
    BYTE *bytes = HeapAlloc(GetProcessHeap(), 0, READ_SIZE);
    if (!bytes)
        return ERROR_NOT_ENOUGH_MEMORY;
    DWORD error = ERROR_SUCCESS;
    HANDLE file = queue_directories_calls.CreateFileW(
        path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
        OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        error = last_error();
        goto cleanup;
    }
    metabase_scan_init(&scan, tell, context);
    error = scan_file(file, bytes, &scan);
    queue_directories_calls.CloseHandle(file);
cleanup:
    HeapFree(GetProcessHeap(), 0, bytes);
    return error;
}
