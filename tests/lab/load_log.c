#include "load_log.h"

#include <stdint.h>
#include <wchar.h>
#include "acceptance_check.h"

enum { SIGN_IN = 0x40000000 | 1708, SLICES = 20 /* of a second of the stream */, ONE_IN = 50 };

double load_seconds(void)
{
    LARGE_INTEGER now, frequency;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&frequency);
    return (double)now.QuadPart / (double)frequency.QuadPart;
}

static HANDLE open_log(void)
{
    HANDLE log = RegisterEventSourceW(NULL, LOAD_PROVIDER);
    check_windows(log != NULL, L"RegisterEventSource");
    return log;
}

static void report(HANDLE log, const wchar_t *account)
{
    const wchar_t *strings[] = {L"relay.example.test", L"LOGIN", account};
    check_windows(
        ReportEventW(log, EVENTLOG_INFORMATION_TYPE, 3, SIGN_IN, NULL, 3, 0, strings, NULL),
        L"ReportEvent");
}

static void report_name(HANDLE log, const wchar_t *kind, DWORD number)
{
    wchar_t account[32];
    _snwprintf(account, ARRAYSIZE(account), L"LAB\\%ls%07lu", kind, number);
    report(log, account);
}

double load_log_write(DWORD events, DWORD names, const wchar_t *victim, DWORD count)
{
    double begun = load_seconds();
    HANDLE log = open_log();
    for (DWORD i = 0, turn = 1; i < events; i++) {
        if (i + 1 == (DWORD)((uint64_t)events * turn / count)) {
            report(log, victim);
            turn++;
        } else {
            report_name(log, L"name", i % names);
        }
    }
    DeregisterEventSource(log);
    return load_seconds() - begun;
}

/* What number at of a stream is. */
static void report_one(HANDLE log, DWORD at)
{
    if (at % ONE_IN == 0)
        report_name(log, L"user", at / ONE_IN % LOAD_STREAM_USERS);
    else
        report_name(log, L"new", at);
}

static DWORD WINAPI write_stream(void *argument)
{
    struct load_stream *stream = argument;
    HANDLE log = open_log();
    double begun = load_seconds(), passed = 0;
    DWORD at = 0, victims = 0;
    for (DWORD slice = 1; passed < stream->seconds; slice++) {
        for (DWORD i = 0; i < stream->rate / SLICES; i++, InterlockedIncrement(&stream->written))
            report_one(log, at++);
        if (passed * 2 > stream->seconds && victims < stream->count) {
            report(log, stream->victim);
            victims++;
            InterlockedIncrement(&stream->written);
        }
        passed = load_seconds() - begun;
        double early = (double)slice / SLICES - passed;
        if (early > 0)
            Sleep((DWORD)(early * 1000));
    }
    for (; victims < stream->count; victims++, InterlockedIncrement(&stream->written))
        report(log, stream->victim);
    DeregisterEventSource(log);
    return 0;
}

void load_stream_begin(struct load_stream *stream)
{
    stream->written = 0;
    stream->thread = CreateThread(NULL, 0, write_stream, stream, 0, NULL);
    check_windows(stream->thread != NULL, L"CreateThread");
}

void load_stream_end(struct load_stream *stream)
{
    WaitForSingleObject(stream->thread, INFINITE);
    CloseHandle(stream->thread);
    stream->thread = NULL;
}
