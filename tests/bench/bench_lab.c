/* bench_lab.c: what watching costs, measured on the running service: bench_lab modern|classic
 *
 * Expects RelayLock to be installed and stopped. Public Win32 calls only.
 * 1. 100,000 sign-ins are in the log when it starts: how fast are they read, counted and decided?
 *    Beside it, as a yardstick, a loop that does nothing but ReadEventLog over the same log.
 * 2. 100,000 more are written in one go while it watches.
 * 3. Thirty idle seconds.
 */
#include <windows.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include "../lab/acceptance_registry.h"
#include "process_cost.h"

enum { EVENTS = 100000, ACCOUNTS = 500, IDLE = 30000, PATIENCE = 120000, BUFFER = 65536 };

static const wchar_t provider[] = L"RelayLockBench";
static const wchar_t parameters[] = L"SYSTEM\\CurrentControlSet\\Services\\RelayLock\\Parameters";

static void fail(const char *call, DWORD error)
{
    printf("bench_lab: %s failed with error %lu\n", call, error);
    exit(1);
}

static double seconds(void)
{
    LARGE_INTEGER now, frequency;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&frequency);
    return (double)now.QuadPart / (double)frequency.QuadPart;
}

/* Sign-ins of honest accounts, then six of one that crosses the limit of five: the alert about it
 * says that all before it were read. Returns its name. */
static const wchar_t *write_events(const wchar_t *tag)
{
    static wchar_t last[64];
    wchar_t account[64];
    HANDLE log = RegisterEventSourceW(NULL, provider);
    if (!log)
        fail("RegisterEventSource", GetLastError());
    swprintf(last, 64, L"BENCH\\last-%ls", tag);
    for (int i = 0; i < EVENTS; i++) {
        swprintf(account, 64, L"BENCH\\%ls%d", tag, i % ACCOUNTS);
        const wchar_t *strings[] = {L"outlook-pc.example", L"LOGIN",
                                    i >= EVENTS - 6 ? last : account};
        if (!ReportEventW(log, EVENTLOG_INFORMATION_TYPE, 3, 0x40000000 | 1708, NULL, 3, 0, strings,
                          NULL))
            fail("ReportEvent", GetLastError());
    }
    DeregisterEventSource(log);
    return last;
}

/* Reads the whole log; whether RelayLock says in it that the account crossed a limit. *records gets
 * the number of records. */
static bool read_log(const wchar_t *account, DWORD *records)
{
    static BYTE buffer[BUFFER];
    DWORD read, needed;
    bool found = false;
    HANDLE log = OpenEventLogW(NULL, L"Application");
    if (!log)
        fail("OpenEventLog", GetLastError());
    *records = 0;
    while (ReadEventLogW(log, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_FORWARDS_READ, 0, buffer, BUFFER,
                         &read, &needed)) {
        for (DWORD at = 0; at < read; (*records)++) {
            const EVENTLOGRECORD *record = (const EVENTLOGRECORD *)(buffer + at);
            const wchar_t *source = (const wchar_t *)(record + 1);
            const wchar_t *first = (const wchar_t *)(buffer + at + record->StringOffset);
            found = found || (wcscmp(source, L"RelayLock") == 0 && record->NumStrings > 0 &&
                              wcscmp(first, account) == 0);
            at += record->Length;
        }
    }
    CloseEventLog(log);
    return found;
}

static void wait_for_alert(const wchar_t *account)
{
    DWORD records;
    for (DWORD start = GetTickCount(); !read_log(account, &records); Sleep(10)) {
        if (GetTickCount() - start > PATIENCE)
            fail("waiting for the alert", ERROR_TIMEOUT);
    }
}

static SC_HANDLE open_service(void)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service = manager ? OpenServiceW(manager, L"RelayLock",
                                               SERVICE_START | SERVICE_STOP | SERVICE_QUERY_STATUS)
                                : NULL;
    if (!service)
        fail("OpenService", GetLastError());
    return service;
}

static SERVICE_STATUS_PROCESS reach(SC_HANDLE service, DWORD state)
{
    SERVICE_STATUS_PROCESS status = {0};
    DWORD needed;
    for (DWORD start = GetTickCount(); status.dwCurrentState != state; Sleep(5)) {
        if (!QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (LPBYTE)&status, sizeof status,
                                  &needed) ||
            GetTickCount() - start > PATIENCE)
            fail("QueryServiceStatusEx", GetLastError());
    }
    return status;
}

static struct process_cost cost_of(DWORD process)
{
    struct process_cost cost;
    if (!process_cost_read(process, "relaylock.exe", &cost))
        fail("process_cost_read", GetLastError());
    return cost;
}

static void print_cost(const char *when, struct process_cost cost)
{
    printf("  %-28s %7.1f MB private, %lu handles\n", when, cost.memory / 1048576.0, cost.handles);
}

static void set_up(const wchar_t *reader)
{
    DWORD error = registry_set_text(parameters, L"Provider", provider);
    if (!error)
        error = registry_set_text(parameters, L"Reader", reader);
    if (!error) /* nobody honest crosses this one */
        error = registry_set_text(parameters, L"Limits", L"5000/1h");
    if (!error)
        error = registry_set_text(
            L"SYSTEM\\CurrentControlSet\\Services\\RelayLock\\Parameters\\Accounts\\last-*",
            L"Limits", L"5/1h");
    if (error)
        fail("RegSetValueEx", error);
}

int wmain(int count, wchar_t **arguments)
{
    DWORD records;
    if (count != 2)
        return 2;
    set_up(arguments[1]);
    SC_HANDLE service = open_service();
    printf("%ls reader:\n", arguments[1]);
    const wchar_t *last = write_events(L"before");

    double begun = seconds();
    read_log(L"", &records);
    double bare = seconds() - begun;
    begun = seconds();
    if (!StartServiceW(service, 0, NULL))
        fail("StartService", GetLastError());
    SERVICE_STATUS_PROCESS status = reach(service, SERVICE_RUNNING);
    DWORD process = status.dwProcessId;
    wait_for_alert(last);
    double caught_up = seconds() - begun;
    struct process_cost before = cost_of(process);
    printf("  %d events found at the start: read, counted and decided in %.2f s: %.0f events/s\n",
           EVENTS, caught_up, EVENTS / caught_up);
    printf("  a bare ReadEventLog loop beside it: %.2f s for %lu records; ratio %.1f\n", bare,
           records, caught_up / bare);

    begun = seconds();
    last = write_events(L"live");
    double written = seconds() - begun;
    wait_for_alert(last);
    double decided = seconds() - begun;
    struct process_cost after = cost_of(process);
    printf("  %d events written in one go in %.2f s, decided %.2f s after the last\n", EVENTS,
           written, decided - written);
    print_cost("before those", before);
    print_cost("after them", after);

    Sleep(2000);
    struct process_cost idle_begin = cost_of(process);
    Sleep(IDLE);
    struct process_cost idle_end = cost_of(process);
    printf("  idle for 30 s: %.3f s of CPU (%.3f %%)\n", idle_end.cpu - idle_begin.cpu,
           (idle_end.cpu - idle_begin.cpu) / (IDLE / 1000.0) * 100.0);
    SERVICE_STATUS stopping;
    if (!ControlService(service, SERVICE_CONTROL_STOP, &stopping))
        fail("ControlService", GetLastError());
    reach(service, SERVICE_STOPPED);
    CloseServiceHandle(service);
    return 0;
}
