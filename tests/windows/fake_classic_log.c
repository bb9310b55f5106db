/* ReadEventLog and its kin over the fake event log. */
#include "fake_event_log_parts.h"

#include <stdlib.h>
#include <string.h>

#include "windows/classic_log.h"

enum { FIXED_SIZE = 56, RECORD_MAX = 0x100000 };

static uint8_t record_bytes[RECORD_MAX];

static DWORD put_text(DWORD at, const wchar_t *text)
{
    size_t size = (wcslen(text) + 1) * sizeof *text;
    if (size > RECORD_MAX - 8 - at)
        abort();
    memcpy(record_bytes + at, text, size);
    return at + (DWORD)size;
}

static DWORD to_seconds(uint64_t ticks)
{
    return (DWORD)(ticks / 10000000u - 11644473600u);
}

/* Writes a record as EVENTLOGRECORD into record_bytes; returns its length. */
static DWORD encode(const struct fake_record *record)
{
    EVENTLOGRECORD head = {
        .Reserved = 0x654c664c,
        .RecordNumber = (DWORD)record->number,
        .TimeGenerated = to_seconds(record->generated),
        .TimeWritten = to_seconds(record->generated),
        .EventID = record->event_id,
        .EventType = EVENTLOG_INFORMATION_TYPE,
        .NumStrings = (WORD)record->string_count,
    };
    memset(record_bytes, 0, FIXED_SIZE);
    DWORD at = put_text(FIXED_SIZE, record->source);
    at = put_text(at, record->computer);
    at = (at + 3) & ~3u;
    head.UserSidOffset = at;
    head.StringOffset = at;
    for (size_t i = 0; i < record->string_count; i++)
        at = put_text(at, record->strings[i]);
    head.DataOffset = at;
    DWORD length = ((at + 3) & ~3u) + 4;
    memset(record_bytes + at, 0, length - at);
    head.Length = length;
    memcpy(record_bytes + length - 4, &length, 4);
    if (record->oddity == FAKE_BAD_SIGNATURE || record->oddity == FAKE_BAD_LENGTH)
        head.Reserved = 0x21212121;
    if (record->oddity == FAKE_BAD_LENGTH)
        head.Length = length + 1;
    memcpy(record_bytes, &head, FIXED_SIZE);
    return length;
}

static HANDLE WINAPI OpenEventLogW_(LPCWSTR server, LPCWSTR name)
{
    HANDLE handle;
    if (!fake_call(FAKE_OPEN_EVENT_LOG) || !fake_service())
        return NULL;
    /* A name that it does not know gets Application, so the name is not looked at. */
    if (server != NULL || name == NULL) {
        fake_fail(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    fake_open(FAKE_LOG, &handle);
    return handle;
}

static BOOL WINAPI CloseEventLog_(HANDLE log)
{
    return fake_close(log, true);
}

/* Brings the handle to where the flags say. */
static bool go(struct fake_handle *log, DWORD flags, DWORD number)
{
    bool backwards = (flags & EVENTLOG_BACKWARDS_READ) != 0;
    if ((flags & EVENTLOG_SEEK_READ) != 0) {
        for (uint64_t at = fake_first(); at < fake_end() && !fake_event_log.seek_fails; at++) {
            if ((DWORD)fake_at(at)->number == number) {
                log->position = backwards ? at + 1 : at;
                log->started = true;
                return true;
            }
        }
        return fake_fail(ERROR_INVALID_PARAMETER);
    }
    if (!log->started)
        log->position = backwards ? fake_end() : fake_first();
    log->started = true;
    if (log->position < fake_first()) {
        if (fake_event_log.overrun_changes)
            return fake_fail(ERROR_EVENTLOG_FILE_CHANGED);
        log->position = fake_first();
    }
    return true;
}

static BOOL WINAPI ReadEventLogW_(HANDLE handle, DWORD flags, DWORD number, LPVOID buffer,
                                  DWORD size, DWORD *used, DWORD *needed)
{
    if (!fake_call(FAKE_READ_EVENT_LOG))
        return FALSE;
    struct fake_handle *log = fake_use(handle, FAKE_LOG);
    if (log == NULL)
        return FALSE;
    DWORD how = flags & (EVENTLOG_SEEK_READ | EVENTLOG_SEQUENTIAL_READ);
    DWORD way = flags & (EVENTLOG_FORWARDS_READ | EVENTLOG_BACKWARDS_READ);
    if (buffer == NULL || size > 0x7ffff ||
        (how != EVENTLOG_SEEK_READ && how != EVENTLOG_SEQUENTIAL_READ) ||
        (way != EVENTLOG_FORWARDS_READ && way != EVENTLOG_BACKWARDS_READ))
        return fake_fail(ERROR_INVALID_PARAMETER);
    if (log->epoch != fake_epoch())
        return fake_fail(ERROR_EVENTLOG_FILE_CHANGED);
    if (!go(log, flags, number))
        return FALSE;

    bool backwards = way == EVENTLOG_BACKWARDS_READ;
    DWORD filled = 0;
    while (backwards ? log->position > fake_first() : log->position < fake_end()) {
        DWORD length = encode(fake_at(backwards ? log->position - 1 : log->position));
        if (length > size - filled) {
            if (filled > 0)
                break;
            *needed = fake_event_log.needs_too_small ? 1 : length;
            return fake_fail(ERROR_INSUFFICIENT_BUFFER);
        }
        memcpy((uint8_t *)buffer + filled, record_bytes, length);
        filled += length;
        log->position += backwards ? (uint64_t)-1 : 1;
    }
    if (filled == 0)
        return fake_fail(ERROR_HANDLE_EOF);
    *used = filled;
    return TRUE;
}

static BOOL WINAPI NotifyChangeEventLog_(HANDLE handle, HANDLE event)
{
    if (!fake_call(FAKE_NOTIFY_CHANGE_EVENT_LOG))
        return FALSE;
    struct fake_handle *log = fake_use(handle, FAKE_LOG);
    if (log == NULL)
        return FALSE;
    if (fake_event_log.notify_refused)
        return fake_fail(ERROR_ACCESS_DENIED);
    log->signal = event;
    return TRUE;
}

static BOOL WINAPI GetOldestEventLogRecord_(HANDLE handle, PDWORD number)
{
    if (!fake_call(FAKE_GET_OLDEST_EVENT_LOG_RECORD) || fake_use(handle, FAKE_LOG) == NULL)
        return FALSE;
    *number = fake_first() < fake_end() ? (DWORD)fake_at(fake_first())->number : 0;
    return TRUE;
}

static BOOL WINAPI GetNumberOfEventLogRecords_(HANDLE handle, PDWORD count)
{
    if (!fake_call(FAKE_GET_NUMBER_OF_EVENT_LOG_RECORDS) || fake_use(handle, FAKE_LOG) == NULL)
        return FALSE;
    *count = (DWORD)(fake_end() - fake_first());
    return TRUE;
}

static LSTATUS WINAPI RegOpenKeyExW_(HKEY root, LPCWSTR path, DWORD options, REGSAM access,
                                     PHKEY key)
{
    static const wchar_t logs[] = L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\";
    const size_t prefix = sizeof logs / sizeof *logs - 1;
    if (!fake_call(FAKE_REG_OPEN_KEY))
        return (LSTATUS)GetLastError();
    if (root != HKEY_LOCAL_MACHINE || options != 0 || (access & KEY_SET_VALUE) != 0)
        return ERROR_INVALID_PARAMETER;
    if (wcsncmp(path, logs, prefix) != 0 || wcscmp(path + prefix, fake_event_log.channel) != 0)
        return ERROR_FILE_NOT_FOUND;
    if (fake_event_log.key_denied)
        return ERROR_ACCESS_DENIED;
    HANDLE handle;
    fake_open(FAKE_KEY, &handle);
    *key = (HKEY)handle;
    return ERROR_SUCCESS;
}

static LSTATUS give(const void *from, DWORD from_size, DWORD from_type, LPDWORD type, LPBYTE data,
                    LPDWORD size)
{
    *type = fake_event_log.odd_types ? REG_BINARY : from_type;
    if (*size < from_size) {
        *size = from_size;
        return ERROR_MORE_DATA;
    }
    *size = from_size;
    memcpy(data, from, from_size);
    return ERROR_SUCCESS;
}

static LSTATUS WINAPI RegQueryValueExW_(HKEY key, LPCWSTR name, LPDWORD reserved, LPDWORD type,
                                        LPBYTE data, LPDWORD size)
{
    DWORD number;
    if (!fake_call(FAKE_REG_QUERY_VALUE))
        return (LSTATUS)GetLastError();
    if (reserved != NULL || fake_use((HANDLE)key, FAKE_KEY) == NULL)
        return ERROR_INVALID_PARAMETER;
    if (wcscmp(name, L"File") == 0 && fake_event_log.file != NULL)
        return give(fake_event_log.file, (DWORD)(wcslen(fake_event_log.file) + 1) * 2,
                    REG_EXPAND_SZ, type, data, size);
    if (wcscmp(name, L"MaxSize") == 0)
        number = (DWORD)fake_event_log.max_size;
    else if (wcscmp(name, L"Retention") == 0)
        number = fake_event_log.retention;
    else if (wcscmp(name, L"AutoBackupLogFiles") == 0 && fake_event_log.archives)
        number = 1;
    else
        return ERROR_FILE_NOT_FOUND;
    return give(&number, sizeof number, REG_DWORD, type, data, size);
}

static DWORD WINAPI ExpandEnvironmentStringsW_(LPCWSTR from, LPWSTR to, DWORD size)
{
    return fake_call(FAKE_EXPAND_ENVIRONMENT_STRINGS) ? ExpandEnvironmentStringsW(from, to, size)
                                                      : 0;
}

static BOOL WINAPI GetFileAttributesExW_(LPCWSTR path, GET_FILEEX_INFO_LEVELS level, LPVOID to)
{
    wchar_t expected[MAX_PATH];
    if (!fake_call(FAKE_GET_FILE_ATTRIBUTES))
        return FALSE;
    ExpandEnvironmentStringsW(fake_event_log.file, expected, MAX_PATH);
    if (level != GetFileExInfoStandard || wcscmp(path, expected) != 0)
        return fake_fail(ERROR_FILE_NOT_FOUND);
    *(WIN32_FILE_ATTRIBUTE_DATA *)to =
        (WIN32_FILE_ATTRIBUTE_DATA){.nFileSizeLow = (DWORD)fake_event_log.size,
                                    .nFileSizeHigh = (DWORD)(fake_event_log.size >> 32)};
    return TRUE;
}

static BOOL WINAPI GetEventLogInformation_(HANDLE handle, DWORD level, LPVOID buffer, DWORD size,
                                           LPDWORD needed)
{
    if (!fake_call(FAKE_GET_EVENT_LOG_INFORMATION) || fake_use(handle, FAKE_LOG) == NULL)
        return FALSE;
    if (level != EVENTLOG_FULL_INFO)
        return fake_fail(ERROR_INVALID_LEVEL);
    *needed = sizeof(EVENTLOG_FULL_INFORMATION);
    if (size < *needed)
        return fake_fail(ERROR_INSUFFICIENT_BUFFER);
    ((EVENTLOG_FULL_INFORMATION *)buffer)->dwFull = fake_full();
    return TRUE;
}

static LSTATUS WINAPI RegCloseKey_(HKEY key)
{
    return fake_close((HANDLE)key, false) ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

void fake_classic_install(void)
{
    classic_log_calls = (struct classic_log_calls){
        .OpenEventLogW = OpenEventLogW_,
        .CloseEventLog = CloseEventLog_,
        .ReadEventLogW = ReadEventLogW_,
        .NotifyChangeEventLog = NotifyChangeEventLog_,
        .GetOldestEventLogRecord = GetOldestEventLogRecord_,
        .GetNumberOfEventLogRecords = GetNumberOfEventLogRecords_,
        .GetEventLogInformation = GetEventLogInformation_,
        .RegOpenKeyExW = RegOpenKeyExW_,
        .RegQueryValueExW = RegQueryValueExW_,
        .RegCloseKey = RegCloseKey_,
        .ExpandEnvironmentStringsW = ExpandEnvironmentStringsW_,
        .GetFileAttributesExW = GetFileAttributesExW_,
        .CreateEventW = fake_CreateEventW,
        .CloseHandle = fake_CloseHandle,
        .HeapAlloc = fake_HeapAlloc,
        .HeapFree = fake_HeapFree,
    };
}
