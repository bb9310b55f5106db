#include "classic_facts.h"

#include "classic_cursor.h"
#include "last_error.h"

#define LOGS_KEY L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\"

enum {
    RETAIN_FOR_EVER = 0xffffffff,
    RETAIN_OLD = 1 /* with which Server 2003 archives, too */
};

DWORD classic_facts_open_key(const wchar_t *channel, HKEY *key)
{
    const struct text key_name = TEXT_OF(LOGS_KEY);
    wchar_t path[sizeof LOGS_KEY / sizeof(wchar_t) + CLASSIC_CHANNEL_MAX];
    size_t used = text_copy(path, sizeof path / sizeof *path, key_name);
    text_copy(path + used, CLASSIC_CHANNEL_MAX + 1, text_of(channel));
    return (DWORD)classic_log_calls.RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_QUERY_VALUE,
                                                  key);
}

/* A number; what is absent or of another type is the default. */
static DWORD read_number(HKEY key, const wchar_t *name, DWORD absent)
{
    DWORD value, type, size = sizeof value;
    LSTATUS status =
        classic_log_calls.RegQueryValueExW(key, name, NULL, &type, (BYTE *)&value, &size);
    bool sound = status == ERROR_SUCCESS && type == REG_DWORD && size == sizeof value;
    return sound ? value : absent;
}

/* The path of the log's file, environment variables expanded; false when there is none on a drive.
 */
static bool read_path(HKEY key, wchar_t path[MAX_PATH])
{
    wchar_t written[MAX_PATH];
    DWORD type, size = sizeof written - sizeof *written;
    if (classic_log_calls.RegQueryValueExW(key, L"File", NULL, &type, (BYTE *)written, &size) !=
            ERROR_SUCCESS ||
        (type != REG_SZ && type != REG_EXPAND_SZ))
        return false;
    written[size / sizeof *written] = 0;
    DWORD count = classic_log_calls.ExpandEnvironmentStringsW(written, path, MAX_PATH);
    return count > 3 && count <= MAX_PATH && path[1] == L':' && path[2] == L'\\';
}

static uint64_t file_size(HKEY key)
{
    wchar_t path[MAX_PATH];
    WIN32_FILE_ATTRIBUTE_DATA data;
    if (!read_path(key, path) ||
        !classic_log_calls.GetFileAttributesExW(path, GetFileExInfoStandard, &data))
        return 0;
    return (uint64_t)data.nFileSizeHigh << 32 | data.nFileSizeLow;
}

static void read_key(HKEY key, struct log_facts *facts)
{
    DWORD retention = read_number(key, L"Retention", 0);
    bool archives = read_number(key, L"AutoBackupLogFiles", 0) != 0 &&
                    (retention == RETAIN_FOR_EVER || retention == RETAIN_OLD);
    facts->max_size = read_number(key, L"MaxSize", 0);
    facts->size = file_size(key);
    facts->keeps_for = retention;
    if (retention != 0)
        facts->retention = archives ? LOG_ARCHIVES : LOG_KEEPS;
}

/* The oldest record that can be decoded, from an open cursor. */
static DWORD read_oldest(struct classic_cursor *cursor, struct log_facts *facts)
{
    struct event_record record;
    enum classic_record kind;
    DWORD error = classic_cursor_fill(cursor);
    facts->empty = error == ERROR_NO_MORE_ITEMS;
    if (error != ERROR_SUCCESS)
        return facts->empty ? ERROR_SUCCESS : error;
    do {
        kind = classic_cursor_take(cursor, &record);
    } while (kind == CLASSIC_RECORD_DAMAGED);
    cursor->failed_call = "ReadEventLogW";
    if (kind != CLASSIC_RECORD)
        return ERROR_INVALID_DATA;
    facts->oldest_time = record.generated;
    return ERROR_SUCCESS;
}

static DWORD read_full(struct classic_cursor *cursor, struct log_facts *facts)
{
    EVENTLOG_FULL_INFORMATION full;
    DWORD needed;
    cursor->failed_call = "GetEventLogInformation";
    if (!classic_log_calls.GetEventLogInformation(cursor->log, EVENTLOG_FULL_INFO, &full,
                                                  sizeof full, &needed))
        return last_error();
    facts->full = full.dwFull != 0;
    return ERROR_SUCCESS;
}

DWORD classic_facts_read(const wchar_t *channel, struct log_facts *facts, const char **failed_call)
{
    struct log_facts found = {0};
    struct classic_cursor cursor = {0};
    HKEY key;
    DWORD error = classic_facts_open_key(channel, &key);
    if (error != ERROR_SUCCESS) {
        *failed_call = "RegOpenKeyExW";
        return error;
    }
    read_key(key, &found);
    classic_log_calls.RegCloseKey(key);
    error = classic_cursor_open(&cursor, channel, NULL, NULL);
    if (error == ERROR_SUCCESS)
        error = read_full(&cursor, &found);
    if (error == ERROR_SUCCESS)
        error = read_oldest(&cursor, &found);
    if (error == ERROR_SUCCESS)
        *facts = found;
    else
        *failed_call = cursor.failed_call;
    classic_cursor_close(&cursor);
    return error;
}
