#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report_recorder.h"

struct recorded {
    DWORD id;
    WORD count;
    wchar_t strings[REPORT_STRINGS_MAX][RECORDED_STRING_MAX];
};

static struct {
    CRITICAL_SECTION lock;
    bool ready;
    struct recorded events[RECORDED_MAX];
    size_t count;
} recorder;

static HANDLE WINAPI record_source(LPCWSTR server, LPCWSTR name)
{
    (void)server;
    (void)name;
    return (HANDLE)&recorder;
}

static BOOL WINAPI record_event(HANDLE source, WORD type, WORD category, DWORD id, PSID sid,
                                WORD count, DWORD bytes, LPCWSTR *strings, LPVOID data)
{
    (void)source, (void)type, (void)category, (void)sid, (void)bytes, (void)data;
    EnterCriticalSection(&recorder.lock);
    if (recorder.count < RECORDED_MAX) {
        struct recorded *event = &recorder.events[recorder.count++];
        event->id = id;
        event->count = count;
        for (WORD i = 0; i < count && i < REPORT_STRINGS_MAX; i++)
            lstrcpynW(event->strings[i], strings[i], RECORDED_STRING_MAX);
    }
    LeaveCriticalSection(&recorder.lock);
    return TRUE;
}

void recorder_start(void)
{
    if (!recorder.ready)
        InitializeCriticalSection(&recorder.lock);
    recorder.ready = true;
    recorder.count = 0;
    report_calls.RegisterEventSourceW = record_source;
    report_calls.ReportEventW = record_event;
}

size_t recorder_count(DWORD id)
{
    size_t found = 0;
    EnterCriticalSection(&recorder.lock);
    for (size_t i = 0; i < recorder.count; i++)
        found += recorder.events[i].id == id;
    LeaveCriticalSection(&recorder.lock);
    return found;
}

bool recorder_wait(DWORD id, size_t count, DWORD ms)
{
    for (DWORD start = GetTickCount(); recorder_count(id) < count;) {
        if (GetTickCount() - start > ms)
            return false;
        Sleep(10);
    }
    return true;
}

const wchar_t *recorder_string(DWORD id, size_t index)
{
    static wchar_t string[RECORDED_STRING_MAX];
    string[0] = 0;
    EnterCriticalSection(&recorder.lock);
    for (size_t i = recorder.count; i-- > 0;) {
        const struct recorded *event = &recorder.events[i];
        if (event->id == id && index < event->count) {
            lstrcpynW(string, event->strings[index], RECORDED_STRING_MAX);
            break;
        }
    }
    LeaveCriticalSection(&recorder.lock);
    return string;
}

void recorder_expect(DWORD id, size_t index, const wchar_t *expected)
{
    assert_int_equal(lstrcmpW(recorder_string(id, index), expected), 0);
}
