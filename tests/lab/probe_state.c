/* probe_state.c: how a log is set up and how full it is, through either API. */
#include "probe.h"

#include <winevt.h>
#include <string.h>

#define LOG_KEY L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application"

static UINT64 log_number(EVT_HANDLE log, EVT_LOG_PROPERTY_ID id)
{
    EVT_VARIANT value = {.Type = EvtVarTypeNull};
    DWORD used;
    if (!EvtGetLogInfo(log, id, sizeof value, &value, &used) || value.Type != EvtVarTypeUInt64)
        return MAXUINT64;
    return value.UInt64Val;
}

static bool log_is_full(EVT_HANDLE log)
{
    EVT_VARIANT value = {.Type = EvtVarTypeNull};
    DWORD used;
    probe_check(EvtGetLogInfo(log, EvtLogFull, sizeof value, &value, &used) &&
                    value.Type == EvtVarTypeBoolean,
                "whether it is full is told");
    return value.BooleanVal != 0;
}

static bool classic_is_full(void)
{
    EVENTLOG_FULL_INFORMATION full = {0};
    DWORD needed;
    HANDLE log = OpenEventLogW(NULL, L"Application");
    GetEventLogInformation(log, EVENTLOG_FULL_INFO, &full, sizeof full, &needed);
    CloseEventLog(log);
    return full.dwFull != 0;
}

static void refusals(void)
{
    EVT_VARIANT value;
    DWORD used = 0;
    probe_error(probe_last(EvtOpenLog(NULL, L"Nowhere", EvtOpenChannelPath) != NULL),
                ERROR_EVT_CHANNEL_NOT_FOUND, "an unknown log is refused");
    probe_error(probe_last(EvtOpenChannelConfig(NULL, L"Nowhere", 0) != NULL),
                ERROR_EVT_CHANNEL_NOT_FOUND, "and an unknown channel");
    EVT_HANDLE log = EvtOpenLog(NULL, L"Application", EvtOpenChannelPath);
    EVT_HANDLE config = EvtOpenChannelConfig(NULL, L"Application", 0);
    probe_check(log != NULL && config != NULL, "the Application log and its setup are opened");
    probe_error(probe_last(EvtGetLogInfo(log, EvtLogFileSize, 0, NULL, &used)),
                ERROR_INSUFFICIENT_BUFFER, "a small buffer is refused");
    probe_check(used == sizeof value, "and the size needed told");
    probe_error(probe_last(EvtGetLogInfo(config, EvtLogFileSize, sizeof value, &value, &used)),
                ERROR_INVALID_HANDLE, "a setup is no log");
    EvtClose(log);
    EvtClose(config);
    probe_error(probe_last(EvtGetLogInfo(log, EvtLogFileSize, sizeof value, &value, &used)),
                ERROR_INVALID_HANDLE, "what was closed is gone");
}

static void set_up_to(bool keep, UINT64 size)
{
    EVT_VARIANT value;
    DWORD used, number = 0, type, bytes = sizeof number;
    EVT_HANDLE config = EvtOpenChannelConfig(NULL, L"Application", 0);
    probe_check(EvtGetChannelConfigProperty(config, EvtChannelLoggingConfigRetention, 0,
                                            sizeof value, &value, &used) &&
                    value.Type == EvtVarTypeBoolean && (value.BooleanVal != 0) == keep,
                "whether it keeps its events is told");
    probe_check(EvtGetChannelConfigProperty(config, EvtChannelLoggingConfigAutoBackup, 0,
                                            sizeof value, &value, &used) &&
                    value.Type == EvtVarTypeBoolean && !value.BooleanVal,
                "that it does not archive is told");
    probe_check(EvtGetChannelConfigProperty(config, EvtChannelLoggingConfigMaxSize, 0, sizeof value,
                                            &value, &used) &&
                    value.Type == EvtVarTypeUInt64 && value.UInt64Val == size,
                "its largest size is told");
    EvtClose(config);
    HKEY key;
    RegOpenKeyExW(HKEY_LOCAL_MACHINE, LOG_KEY, 0, KEY_QUERY_VALUE, &key);
    probe_check(RegQueryValueExW(key, L"MaxSize", NULL, &type, (BYTE *)&number, &bytes) == 0 &&
                    type == REG_DWORD && number == size,
                "the registry says the same of its largest size");
    bytes = sizeof number;
    probe_check(RegQueryValueExW(key, L"Retention", NULL, &type, (BYTE *)&number, &bytes) == 0 &&
                    (number != 0) == keep,
                "and of what it keeps");
    RegCloseKey(key);
}

static UINT64 file_size(void)
{
    wchar_t path[MAX_PATH];
    DWORD type, bytes = sizeof path;
    WIN32_FILE_ATTRIBUTE_DATA data = {0};
    HKEY key;
    RegOpenKeyExW(HKEY_LOCAL_MACHINE, LOG_KEY, 0, KEY_QUERY_VALUE, &key);
    if (RegQueryValueExW(key, L"File", NULL, &type, (BYTE *)path, &bytes) == ERROR_SUCCESS)
        GetFileAttributesExW(path, GetFileExInfoStandard, &data);
    RegCloseKey(key);
    return (UINT64)data.nFileSizeHigh << 32 | data.nFileSizeLow;
}

static void fills(void)
{
    probe_lab(L"log size 262144");
    set_up_to(false, 262144);
    EVT_HANDLE log = EvtOpenLog(NULL, L"Application", EvtOpenChannelPath);
    probe_check(log_number(log, EvtLogNumberOfLogRecords) == 0, "an empty log has no records");
    UINT64 first = log_number(log, EvtLogFileSize);
    probe_check(first > 0 && first < 262144 && file_size() == first, "its file is small");
    probe_report(L"Probe", 7, 3000);
    UINT64 oldest = log_number(log, EvtLogOldestRecordNumber);
    probe_check(oldest > 1 && oldest + log_number(log, EvtLogNumberOfLogRecords) == 3001,
                "one that went round knows its oldest record");
    probe_check(log_number(log, EvtLogFileSize) == 262144 && file_size() == 262144,
                "its file is as large as it may be");
    probe_check(!log_is_full(log) && !classic_is_full(), "it is not full");
    EvtClose(log);

    probe_lab(L"log size 65536 --keep");
    set_up_to(true, 65536);
    log = EvtOpenLog(NULL, L"Application", EvtOpenChannelPath);
    probe_check(!log_is_full(log) && !classic_is_full(), "one that keeps its events begins empty");
    probe_report(L"Probe", 7, 1000);
    probe_check(log_is_full(log) && classic_is_full(), "and is full in the end");
    EvtClearLog(NULL, L"Application", NULL, 0);
    probe_check(!log_is_full(log) && !classic_is_full(), "until it is cleared");
    EvtClose(log);
    probe_lab(L"log size 67108864");
}

static void by_number(void)
{
    EVT_HANDLE event = NULL;
    DWORD count = 0;
    probe_report(L"Probe", 7, 10);
    EVT_HANDLE result = EvtQuery(NULL, L"Application", L"*[System[(EventRecordID=4)]]",
                                 EvtQueryChannelPath | EvtQueryReverseDirection);
    probe_check(EvtNext(result, 1, &event, 1000, 0, &count) && count == 1,
                "a record is found by its number");
    EvtClose(event);
    probe_check(!EvtNext(result, 1, &event, 1000, 0, &count) &&
                    GetLastError() == ERROR_NO_MORE_ITEMS,
                "and no other");
    EvtClose(result);
}

void probe_state(void)
{
    refusals();
    fills();
    by_number();
}
