/* probe.c: the lab held against the documentation of what it stands in for. */
#include "probe.h"

#include <winevt.h>
#include <stdio.h>
#include <string.h>

enum { CHILD_WAIT = 60000 /* ms */ };

static unsigned passed;
static unsigned failed;

void probe_check(bool good, const char *what)
{
    printf("%s  %s\n", good ? "pass" : "FAIL", what);
    if (good)
        passed++;
    else
        failed++;
}

void probe_error(DWORD found, DWORD expected, const char *what)
{
    probe_check(found == expected, what);
    if (found != expected)
        printf("      error %lu, not %lu\n", found, expected);
}

DWORD probe_last(BOOL done)
{
    return done ? ERROR_SUCCESS : GetLastError();
}

static HANDLE start(const wchar_t *program, const wchar_t *arguments)
{
    wchar_t line[1024];
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    _snwprintf(line, sizeof line / sizeof *line, L"\"%ls\" %ls", program, arguments);
    if (!CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process))
        return NULL;
    CloseHandle(process.hThread);
    return process.hProcess;
}

static DWORD finish(HANDLE process)
{
    DWORD code = 255;
    if (process != NULL) {
        WaitForSingleObject(process, CHILD_WAIT);
        GetExitCodeProcess(process, &code);
        CloseHandle(process);
    }
    return code;
}

HANDLE probe_start(const wchar_t *arguments)
{
    wchar_t self[MAX_PATH];
    GetModuleFileNameW(NULL, self, MAX_PATH);
    return start(self, arguments);
}

DWORD probe_self(const wchar_t *arguments)
{
    return finish(probe_start(arguments));
}

DWORD probe_lab(const wchar_t *arguments)
{
    return finish(start(L"C:\\lab\\lab.exe", arguments));
}

bool probe_report(const wchar_t *source, DWORD event, unsigned count)
{
    LPCWSTR strings[] = {L"client.example", L"LOGIN", L"LAB\\bob"};
    BYTE data[] = {5, 0, 7, 0x80};
    HANDLE handle = RegisterEventSourceW(NULL, source);
    if (handle == NULL)
        return false;
    bool good = true;
    for (unsigned i = 0; i < count && good; i++)
        good = ReportEventW(handle, EVENTLOG_INFORMATION_TYPE, 7, event, NULL, 3, sizeof data,
                            strings, data);
    DeregisterEventSource(handle);
    return good;
}

/* write SOURCE EVENT COUNT: the other process of a test. COUNT 0: until it is killed. */
static int write_events(wchar_t **words)
{
    DWORD event = wcstoul(words[3], NULL, 0);
    unsigned count = (unsigned)wcstoul(words[4], NULL, 0);
    bool good = true;
    if (count > 0)
        return probe_report(words[2], event, count) ? 0 : 1;
    while (good)
        good = probe_report(words[2], event, 1000);
    return 1;
}

/* wait: subscribes, says so by an event, and waits to be killed. */
static int wait_for_events(void)
{
    HANDLE signal = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE ready = OpenEventW(EVENT_MODIFY_STATE, FALSE, PROBE_READY);
    EVT_HANDLE results = EvtSubscribe(NULL, signal, L"Application", L"*", NULL, NULL, NULL,
                                      EvtSubscribeToFutureEvents);
    if (results == NULL || ready == NULL)
        return 1;
    SetEvent(ready);
    Sleep(CHILD_WAIT);
    return 0;
}

int wmain(int count, wchar_t **words)
{
    if (count == 2 && wcscmp(words[1], L"wait") == 0)
        return wait_for_events();
    if (count == 5 && wcscmp(words[1], L"write") == 0)
        return write_events(words);
    setvbuf(stdout, NULL, _IONBF, 0);
    probe_lab(L"fault clear");
    probe_log();
    probe_modern();
    probe_state();
    probe_service();
    probe_own_log();
    probe_users();
    printf("%u passed, %u failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
