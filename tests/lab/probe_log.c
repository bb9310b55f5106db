/* probe_log.c: the classic event log API, and the log while its service stops. */
#include "probe.h"

#include <stdio.h>
#include <string.h>

enum { BUFFER = 0x10000, BULK = 100000 };

static union {
    EVENTLOGRECORD record;
    BYTE bytes[BUFFER];
} buffer;

static DWORD read(HANDLE log, DWORD flags, DWORD number, DWORD size, DWORD *used, DWORD *needed)
{
    return probe_last(ReadEventLogW(log, flags, number, &buffer, size, used, needed));
}

static DWORD forwards(HANDLE log, DWORD *used)
{
    DWORD needed;
    return read(log, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_FORWARDS_READ, 0, BUFFER, used, &needed);
}

/* Reads to the end; how many records there were, and whether their numbers followed each other. */
static unsigned read_all(HANDLE log, bool *in_order, DWORD *error)
{
    unsigned count = 0;
    DWORD used, last = 0;
    *in_order = true;
    while ((*error = forwards(log, &used)) == ERROR_SUCCESS)
        for (DWORD at = 0; at < used; count++) {
            const EVENTLOGRECORD *record =
                (const EVENTLOGRECORD *)(const void *)(buffer.bytes + at);
            if (last != 0 && record->RecordNumber != last + 1)
                *in_order = false;
            last = record->RecordNumber;
            at += record->Length;
        }
    return count;
}

static void check_record(const EVENTLOGRECORD *record)
{
    const BYTE *bytes = (const BYTE *)record;
    const wchar_t *source = (const wchar_t *)(const void *)(record + 1);
    const wchar_t *string = (const wchar_t *)(const void *)(bytes + record->StringOffset);
    DWORD end;
    memcpy(&end, bytes + record->Length - sizeof end, sizeof end);
    probe_check(record->Reserved == 0x654c664c && record->Length % 4 == 0 && end == record->Length,
                "a record has its mark and its length at both ends");
    probe_check(wcscmp(source, L"Probe") == 0, "a record has its source");
    probe_check(record->EventID == 0x400006ac && record->EventCategory == 7 &&
                    record->EventType == EVENTLOG_INFORMATION_TYPE,
                "a record has its id, category and type");
    probe_check(record->NumStrings == 3 && wcscmp(string, L"client.example") == 0 &&
                    wcscmp(string + 15, L"LOGIN") == 0 && wcscmp(string + 21, L"LAB\\bob") == 0,
                "a record has its strings");
    probe_check(record->DataLength == 4 && bytes[record->DataOffset + 3] == 0x80,
                "a record has its data");
    probe_check(record->UserSidLength == 0, "a record without a user has no SID");
}

static void read_and_seek(HANDLE log)
{
    DWORD used, needed, count, oldest;
    BYTE *small = buffer.bytes;
    probe_error(forwards(log, &used), ERROR_HANDLE_EOF, "an empty log is at its end");
    probe_check(probe_report(L"Probe", 0x400006ac, 10), "events are reported");
    probe_check(probe_self(L"write Probe 7 10") == 0, "another process reports events");
    probe_check(GetNumberOfEventLogRecords(log, &count) && count == 20, "records are counted");
    probe_check(GetOldestEventLogRecord(log, &oldest) && oldest == 1, "the oldest record is told");
    probe_error(probe_last(ReadEventLogW(log, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_FORWARDS_READ, 0,
                                         small, 10, &used, &needed)),
                ERROR_INSUFFICIENT_BUFFER, "a small buffer is refused");
    probe_check(needed > 56 && needed < 1000, "the size needed is told");
    probe_error(forwards(log, &used), ERROR_SUCCESS, "records are read");
    check_record(&buffer.record);
    probe_error(forwards(log, &used), ERROR_HANDLE_EOF, "the end is told");
    probe_error(read(log, EVENTLOG_SEEK_READ | EVENTLOG_FORWARDS_READ, 5, BUFFER, &used, &needed),
                ERROR_SUCCESS, "a record is sought");
    probe_check(buffer.record.RecordNumber == 5, "it is the one that was asked for");
    probe_error(read(log, EVENTLOG_SEEK_READ | EVENTLOG_FORWARDS_READ, 99, BUFFER, &used, &needed),
                ERROR_INVALID_PARAMETER, "a record that does not exist is refused");
    probe_error(read(log, EVENTLOG_SEQUENTIAL_READ, 0, BUFFER, &used, &needed),
                ERROR_INVALID_PARAMETER, "a read without a direction is refused");
    probe_error(probe_last(CloseEventLog((HANDLE)0x1234)), ERROR_INVALID_HANDLE,
                "a foreign handle is refused");
}

static void clear(HANDLE log)
{
    DWORD used, needed;
    HANDLE other = OpenEventLogW(NULL, L"Application");
    probe_error(probe_last(ClearEventLogW(other, NULL)), ERROR_SUCCESS, "the log is cleared");
    CloseEventLog(other);
    probe_check(probe_report(L"Probe", 7, 1), "an event is reported after it");
    probe_error(forwards(log, &used), ERROR_EVENTLOG_FILE_CHANGED,
                "an open handle is told that the log changed");
    other = OpenEventLogW(NULL, L"Application");
    probe_error(forwards(other, &used), ERROR_SUCCESS, "a new handle reads on");
    probe_check(buffer.record.RecordNumber == 1, "record numbers start again");
    probe_error(
        read(other, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_BACKWARDS_READ, 0, BUFFER, &used, &needed),
        ERROR_HANDLE_EOF, "nothing lies before the first record");
    CloseEventLog(other);
}

/* What is told of in another way where the lab is asked for it. */
static void other_ways(void)
{
    DWORD used, oldest;
    probe_lab(L"fault wrap_skips=1 clear_continues=1");
    probe_lab(L"log size 65536");
    HANDLE log = OpenEventLogW(NULL, L"Application");
    probe_report(L"Probe", 7, 3);
    forwards(log, &used);
    probe_report(L"Probe", 7, 1000);
    GetOldestEventLogRecord(log, &oldest);
    probe_error(forwards(log, &used), ERROR_SUCCESS, "a reader that was overtaken reads on");
    probe_check(buffer.record.RecordNumber == oldest, "from the oldest record");
    ClearEventLogW(log, NULL);
    probe_report(L"Probe", 7, 1);
    CloseEventLog(log);
    log = OpenEventLogW(NULL, L"Application");
    GetOldestEventLogRecord(log, &oldest);
    probe_check(oldest > 1000, "record numbers go on after a clear");
    CloseEventLog(log);
    probe_lab(L"fault clear");
    probe_lab(L"fault read_error=1500 open_error=5");
    probe_error(probe_last(OpenEventLogW(NULL, L"Application") != NULL), ERROR_ACCESS_DENIED,
                "opening is denied");
    probe_lab(L"fault clear");
}

static void wrap(void)
{
    DWORD used, oldest, count, error;
    bool in_order;
    probe_lab(L"log size 65536");
    HANDLE log = OpenEventLogW(NULL, L"Application");
    probe_report(L"Probe", 7, 3);
    forwards(log, &used);
    probe_report(L"Probe", 7, 1000);
    probe_check(GetOldestEventLogRecord(log, &oldest) && oldest > 400, "a full log overwrites");
    probe_check(GetNumberOfEventLogRecords(log, &count) && oldest + count == 1004,
                "what is left is counted");
    probe_error(forwards(log, &used), ERROR_EVENTLOG_FILE_CHANGED,
                "a reader that was overtaken is told");
    CloseEventLog(log);
    log = OpenEventLogW(NULL, L"Application");
    probe_check(read_all(log, &in_order, &error) == count && in_order && error == ERROR_HANDLE_EOF,
                "a wrapped log is read from its oldest record");
    CloseEventLog(log);
    probe_lab(L"log size 65536 --keep");
    probe_check(!probe_report(L"Probe", 7, 1000) && GetLastError() == ERROR_LOG_FILE_FULL,
                "a full log that keeps its records refuses more");
    probe_lab(L"log size 67108864");
}

static void notify(HANDLE log)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);
    probe_error(probe_last(NotifyChangeEventLog(log, event)), ERROR_SUCCESS,
                "changes are asked for");
    HANDLE writer = probe_start(L"write Probe 7 1");
    probe_check(WaitForSingleObject(event, 5000) == WAIT_OBJECT_0,
                "a change by another process is signalled");
    WaitForSingleObject(writer, 5000);
    CloseHandle(writer);
    probe_check(WaitForSingleObject(event, 300) == WAIT_TIMEOUT, "no change, no signal");
    DWORD start = GetTickCount();
    writer = probe_start(L"write Probe 7 1");
    probe_check(WaitForSingleObject(event, 8000) == WAIT_OBJECT_0 && GetTickCount() - start > 2000,
                "signals come five seconds apart");
    WaitForSingleObject(writer, 5000);
    CloseHandle(writer);
    CloseHandle(event);
}

static void killed_writer(void)
{
    bool in_order = true;
    DWORD error = ERROR_SUCCESS;
    unsigned count = 1;
    probe_lab(L"log size 1048576");
    for (int i = 0; i < 5 && count > 0 && in_order; i++) {
        HANDLE writer = probe_start(L"write Probe 7 0");
        Sleep(400);
        TerminateProcess(writer, 9);
        WaitForSingleObject(writer, 5000);
        CloseHandle(writer);
        HANDLE log = OpenEventLogW(NULL, L"Application");
        count = read_all(log, &in_order, &error);
        CloseEventLog(log);
    }
    probe_check(count > 0 && in_order && error == ERROR_HANDLE_EOF,
                "the log is whole after writers were killed");
    probe_check(probe_report(L"Probe", 7, 1), "and takes events");
    probe_lab(L"log size 67108864");
}

static void bulk(void)
{
    DWORD error;
    bool in_order;
    DWORD start = GetTickCount();
    probe_check(probe_report(L"Probe", 0x400006ac, BULK), "100,000 events are reported");
    printf("      in %lu ms\n", GetTickCount() - start);
    HANDLE log = OpenEventLogW(NULL, L"Application");
    start = GetTickCount();
    probe_check(read_all(log, &in_order, &error) == BULK && in_order, "and read");
    printf("      in %lu ms\n", GetTickCount() - start);
    CloseEventLog(log);
}

void probe_log(void)
{
    EVENTLOG_FULL_INFORMATION full;
    DWORD needed;
    HANDLE log = OpenEventLogW(NULL, L"Application");
    probe_check(log != NULL, "the Application log is opened");
    probe_check(GetEventLogInformation(log, EVENTLOG_FULL_INFO, &full, sizeof full, &needed) &&
                    !full.dwFull,
                "it is not full");
    read_and_seek(log);
    clear(log);
    CloseEventLog(log);
    log = OpenEventLogW(NULL, L"Application");
    notify(log);
    CloseEventLog(log);
    wrap();
    other_ways();
    killed_writer();
    bulk();
}
