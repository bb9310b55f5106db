/* probe_service.c: the logs while their service stops, a log of one's own, readers that are killed.
 */
#include "probe.h"

#include <winevt.h>
#include <string.h>

enum { WAITERS = 70 /* more than the lab has places for */, STOP_WAIT = 200 /* of 20 ms */ };

static bool control(DWORD wanted)
{
    SERVICE_STATUS status = {0};
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service =
        OpenServiceW(manager, L"EventLog", SERVICE_START | SERVICE_STOP | SERVICE_QUERY_STATUS);
    if (wanted == SERVICE_STOPPED)
        ControlService(service, SERVICE_CONTROL_STOP, &status);
    else /* whatever the state: Wine sees only now that a service was killed */
        StartServiceW(service, 0, NULL);
    for (int i = 0;
         i < STOP_WAIT && QueryServiceStatus(service, &status) && status.dwCurrentState != wanted;
         i++)
        Sleep(20);
    CloseServiceHandle(service);
    CloseServiceHandle(manager);
    return status.dwCurrentState == wanted;
}

static DWORD read_one(HANDLE log)
{
    static BYTE bytes[0x10000];
    DWORD used, needed;
    return probe_last(ReadEventLogW(log, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_FORWARDS_READ, 0,
                                    bytes, sizeof bytes, &used, &needed));
}

static DWORD next_one(EVT_HANDLE results)
{
    EVT_HANDLE event;
    DWORD count;
    DWORD error = probe_last(EvtNext(results, 1, &event, 0, 0, &count));
    if (error == ERROR_SUCCESS)
        EvtClose(event);
    return error;
}

static void while_stopped(HANDLE log, HANDLE source, EVT_HANDLE results, HANDLE signal)
{
    probe_error(read_one(log), RPC_S_SERVER_UNAVAILABLE, "then reading fails");
    probe_error(probe_last(ReportEventW(source, 4, 0, 7, NULL, 0, 0, NULL, NULL)),
                RPC_S_SERVER_UNAVAILABLE, "and reporting");
    probe_error(probe_last(OpenEventLogW(NULL, L"Application") != NULL), RPC_S_SERVER_UNAVAILABLE,
                "and opening");
    probe_error(probe_last(RegisterEventSourceW(NULL, L"Probe") != NULL), RPC_S_SERVER_UNAVAILABLE,
                "and registering");
    probe_error(next_one(results), RPC_S_SERVER_UNAVAILABLE, "and EvtNext");
    probe_error(probe_last(EvtSubscribe(NULL, signal, L"Application", L"*", NULL, NULL, NULL,
                                        EvtSubscribeToFutureEvents) != NULL),
                RPC_S_SERVER_UNAVAILABLE, "and EvtSubscribe");
}

static void stop_and_start(HANDLE signal)
{
    DWORD count, later;
    HANDLE log = OpenEventLogW(NULL, L"Application");
    HANDLE source = RegisterEventSourceW(NULL, L"Probe");
    EVT_HANDLE results = EvtSubscribe(NULL, signal, L"Application", L"*", NULL, NULL, NULL,
                                      EvtSubscribeToFutureEvents);
    GetNumberOfEventLogRecords(log, &count);
    probe_check(control(SERVICE_STOPPED), "the EventLog service stops");
    while_stopped(log, source, results, signal);
    probe_check(WaitForSingleObject(signal, 0) == WAIT_TIMEOUT, "no signal tells of it");
    probe_check(control(SERVICE_RUNNING), "it starts again");
    probe_error(read_one(log), ERROR_INVALID_HANDLE, "handles of before are stale");
    probe_error(next_one(results), ERROR_INVALID_HANDLE, "and subscriptions");
    CloseEventLog(log);
    DeregisterEventSource(source);
    EvtClose(results);
    log = OpenEventLogW(NULL, L"Application");
    probe_check(GetNumberOfEventLogRecords(log, &later) && later == count, "the records are kept");
    probe_check(probe_report(L"Probe", 7, 1), "events are reported again");
    CloseEventLog(log);
}

static void killed_service(void)
{
    SERVICE_STATUS_PROCESS status;
    DWORD needed;
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service = OpenServiceW(manager, L"EventLog", SERVICE_QUERY_STATUS);
    QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (LPBYTE)&status, sizeof status, &needed);
    HANDLE process = OpenProcess(PROCESS_TERMINATE | SYNCHRONIZE, FALSE, status.dwProcessId);
    TerminateProcess(process, 9);
    WaitForSingleObject(process, 5000);
    CloseHandle(process);
    probe_error(probe_last(OpenEventLogW(NULL, L"Application") != NULL), RPC_S_SERVER_UNAVAILABLE,
                "a service that was killed answers no more");
    probe_check(control(SERVICE_RUNNING), "and can be started");
    probe_check(probe_report(L"Probe", 7, 1), "and answers again");
    CloseServiceHandle(service);
    CloseServiceHandle(manager);
}

static void killed_readers(HANDLE signal)
{
    HANDLE ready = CreateEventW(NULL, FALSE, FALSE, PROBE_READY);
    unsigned subscribed = 0;
    for (int i = 0; i < WAITERS; i++) {
        HANDLE reader = probe_start(L"wait");
        HANDLE either[] = {ready, reader};
        if (WaitForMultipleObjects(2, either, FALSE, 10000) == WAIT_OBJECT_0)
            subscribed++;
        TerminateProcess(reader, 9);
        WaitForSingleObject(reader, 5000);
        CloseHandle(reader);
    }
    probe_check(subscribed == WAITERS, "readers that were killed take no place of others");
    ResetEvent(signal);
    EVT_HANDLE results = EvtSubscribe(NULL, signal, L"Application", L"*", NULL, NULL, NULL,
                                      EvtSubscribeToFutureEvents);
    probe_self(L"write Probe 7 1");
    probe_check(WaitForSingleObject(signal, 5000) == WAIT_OBJECT_0, "and others are woken still");
    EvtClose(results);
    CloseHandle(ready);
}

void probe_service(void)
{
    HANDLE signal = CreateEventW(NULL, TRUE, FALSE, NULL);
    stop_and_start(signal);
    killed_service();
    killed_readers(signal);
    CloseHandle(signal);
}

void probe_own_log(void)
{
    static const wchar_t root[] = L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\ProbeLog";
    static const wchar_t source[] =
        L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\ProbeLog\\ProbeOwn";
    HKEY key;
    DWORD count = 0, before = 0, after = 0;
    HANDLE log = OpenEventLogW(NULL, L"Application");
    GetNumberOfEventLogRecords(log, &before);
    probe_error(probe_last(EvtQuery(NULL, L"ProbeLog", L"*", EvtQueryChannelPath) != NULL),
                ERROR_EVT_CHANNEL_NOT_FOUND, "a log that nobody made is no channel");
    RegCreateKeyExW(HKEY_LOCAL_MACHINE, source, 0, NULL, 0, KEY_WRITE, NULL, &key, NULL);
    RegCloseKey(key);
    probe_check(probe_report(L"ProbeOwn", 7, 3), "a source of a log of one's own reports");
    HANDLE own = OpenEventLogW(NULL, L"ProbeLog");
    probe_check(GetNumberOfEventLogRecords(own, &count) && count == 3, "to that log");
    probe_check(GetNumberOfEventLogRecords(log, &after) && after == before, "and to no other");
    EVT_HANDLE results = EvtQuery(NULL, L"ProbeLog", L"*[System[EventID=7]]", EvtQueryChannelPath);
    probe_error(next_one(results), ERROR_SUCCESS, "which is a channel as well");
    EvtClose(results);
    ClearEventLogW(own, NULL);
    CloseEventLog(own);
    CloseEventLog(log);
    RegDeleteKeyW(HKEY_LOCAL_MACHINE, source);
    RegDeleteKeyW(HKEY_LOCAL_MACHINE, root);
}
