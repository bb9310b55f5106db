/* lab_saved.c: saved logs, written and read by the lab's tool. */
#include "lab.h"

#include <stdio.h>
#include <string.h>

#include "lab_log.h"
#include "wevtapi.h"

enum { CLASSIC_HEADER = 48, SIGNATURE = 0x654c664c, STRINGS_MOST = 100, FILE_MOST = 64 << 20 };

static unsigned slot_of(int count, wchar_t **words)
{
    return lab_log_slot(count > 1 ? words[1] : L"Application");
}

/* Writes a log's records behind a header. The store is locked. */
static DWORD write_records(HANDLE file, unsigned slot)
{
    uint8_t header[WEVTAPI_FILE_HEADER] = "ElfFile";
    DWORD done;
    memcpy(header + 8, lab_store->logs[slot].name, sizeof lab_store->logs[slot].name);
    if (!WriteFile(file, header, sizeof header, &done, NULL))
        return GetLastError();
    const struct lab_record *record = lab_log_find(slot, lab_log_state(slot)->oldest);
    for (; record != NULL; record = lab_log_next(slot, record))
        if (!WriteFile(file, record, record->size, &done, NULL))
            return GetLastError();
    return ERROR_SUCCESS;
}

int lab_save_log(int count, wchar_t **words)
{
    unsigned slot = slot_of(count, words);
    if (slot == LAB_LOGS)
        return lab_fail("log save: the log", ERROR_FILE_NOT_FOUND);
    HANDLE file = CreateFileW(words[0], GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return lab_fail("log save: CreateFile", GetLastError());
    DWORD error = lab_lock();
    if (error == ERROR_SUCCESS) {
        error = write_records(file, slot);
        lab_unlock();
    }
    CloseHandle(file);
    return error == ERROR_SUCCESS ? 0 : lab_fail("log save", error);
}

/* Appends one record of an .evt file. */
static DWORD append(unsigned slot, const uint8_t *bytes)
{
    const EVENTLOGRECORD *record = (const EVENTLOGRECORD *)(const void *)bytes;
    const wchar_t *strings[STRINGS_MOST];
    const wchar_t *at = (const wchar_t *)(const void *)(bytes + record->StringOffset);
    const wchar_t *source = (const wchar_t *)(const void *)(record + 1);
    struct lab_report report = {.time = (uint64_t)record->TimeGenerated * 10000000u +
                                        116444736000000000u,
                                .source = source,
                                .computer = source + wcslen(source) + 1,
                                .type = record->EventType,
                                .category = record->EventCategory,
                                .event = record->EventID,
                                .string_count = record->NumStrings,
                                .strings = strings,
                                .data_size = record->DataLength,
                                .data = bytes + record->DataOffset};
    if (record->NumStrings > STRINGS_MOST)
        return ERROR_INVALID_DATA;
    for (WORD i = 0; i < record->NumStrings; i++, at += wcslen(at) + 1)
        strings[i] = at;
    DWORD error = lab_lock();
    if (error != ERROR_SUCCESS)
        return error;
    error = lab_log_append(slot, &report);
    lab_unlock();
    return error;
}

int lab_load_log(int count, wchar_t **words)
{
    unsigned slot = slot_of(count, words);
    DWORD size = 0, error = ERROR_SUCCESS;
    if (slot == LAB_LOGS)
        return lab_fail("log load: the log", ERROR_FILE_NOT_FOUND);
    HANDLE file =
        CreateFileW(words[0], GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return lab_fail("log load: CreateFile", GetLastError());
    uint8_t *bytes = HeapAlloc(GetProcessHeap(), 0, FILE_MOST);
    if (bytes == NULL || !ReadFile(file, bytes, FILE_MOST, &size, NULL))
        error = ERROR_READ_FAULT;
    CloseHandle(file);
    for (DWORD at = CLASSIC_HEADER; error == ERROR_SUCCESS && at + sizeof(EVENTLOGRECORD) < size;) {
        const EVENTLOGRECORD *record = (const EVENTLOGRECORD *)(const void *)(bytes + at);
        if (record->Reserved != SIGNATURE || record->Length < sizeof *record ||
            record->Length > size - at)
            break;
        error = append(slot, bytes + at);
        at += record->Length;
    }
    if (bytes != NULL)
        HeapFree(GetProcessHeap(), 0, bytes);
    return error == ERROR_SUCCESS ? 0 : lab_fail("log load", error);
}
