/* wevtapi_file.c: saved logs, as wevtapi reads them. */
#include "wevtapi.h"

#include <string.h>

static DWORD read_whole(HANDLE handle, struct wevtapi_file *file)
{
    uint8_t header[WEVTAPI_FILE_HEADER];
    LARGE_INTEGER size;
    DWORD got = 0;
    if (!GetFileSizeEx(handle, &size))
        return GetLastError();
    if (size.QuadPart < WEVTAPI_FILE_HEADER || size.QuadPart > LAB_LOG_CAPACITY ||
        !ReadFile(handle, header, sizeof header, &got, NULL) || got != sizeof header ||
        memcmp(header, "ElfFile", 8) != 0)
        return ERROR_EVT_INVALID_EVENT_DATA;
    memcpy(file->channel, header + 8, sizeof file->channel);
    file->channel[LAB_LOG_NAME - 1] = 0;
    file->size = (uint32_t)size.QuadPart - WEVTAPI_FILE_HEADER;
    if (file->size == 0)
        return ERROR_SUCCESS;
    file->bytes = HeapAlloc(GetProcessHeap(), 0, file->size);
    if (file->bytes == NULL)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (!ReadFile(handle, file->bytes, file->size, &got, NULL))
        return GetLastError();
    return got == file->size ? ERROR_SUCCESS : ERROR_HANDLE_EOF;
}

DWORD wevtapi_file_open(const wchar_t *path, struct wevtapi_file **opened)
{
    HANDLE handle = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (handle == INVALID_HANDLE_VALUE)
        return GetLastError();
    struct wevtapi_file *file = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *file);
    DWORD error = file == NULL ? ERROR_NOT_ENOUGH_MEMORY : read_whole(handle, file);
    CloseHandle(handle);
    if (error != ERROR_SUCCESS) {
        wevtapi_file_free(file);
        return error;
    }
    *opened = file;
    return ERROR_SUCCESS;
}

void wevtapi_file_free(struct wevtapi_file *file)
{
    if (file == NULL)
        return;
    if (file->bytes != NULL)
        HeapFree(GetProcessHeap(), 0, file->bytes);
    HeapFree(GetProcessHeap(), 0, file);
}

const struct lab_record *wevtapi_file_next(struct wevtapi_file *file)
{
    uint32_t left = file->size - file->position;
    const struct lab_record *record = (const void *)(file->bytes + file->position);
    if (left < sizeof *record || record->size < sizeof *record || record->size > left)
        return NULL;
    file->position += record->size;
    return record;
}
