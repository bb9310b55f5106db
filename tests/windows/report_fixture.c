#include "report_fixture.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

struct report_log log_;

static struct report_calls real_calls;

static void enter(void)
{
    if (InterlockedIncrement(&log_.inside) != 1)
        abort(); /* two threads at once */
    Sleep(0);    /* the other's chance */
}

static BOOL leave(DWORD error)
{
    InterlockedDecrement(&log_.inside);
    SetLastError(error);
    return error == ERROR_SUCCESS;
}

static HANDLE WINAPI register_source(LPCWSTR server, LPCWSTR name)
{
    if (server || wcscmp(name, L"RelayLock") != 0)
        abort();
    enter();
    bool fails = ++log_.calls == log_.fail_at || log_.away != 0;
    if (!leave(fails ? (log_.away ? log_.away : RPC_S_SERVER_UNAVAILABLE) : ERROR_SUCCESS))
        return NULL;
    log_.sources++;
    return (HANDLE)(uintptr_t)(0x100 + ++log_.opened);
}

static BOOL WINAPI report_event_call(HANDLE source, WORD type, WORD category, DWORD id, PSID sid,
                                     WORD count, DWORD size, LPCWSTR *strings, LPVOID data)
{
    if (sid || size || data || count > REPORT_STRINGS_MAX)
        abort();
    enter();
    if (log_.gate)
        WaitForSingleObject(log_.gate, INFINITE);
    if (++log_.calls == log_.fail_at)
        return leave(RPC_S_CALL_FAILED);
    if (log_.away != 0)
        return leave(log_.away);
    if ((uintptr_t)source < log_.good_from)
        return leave(ERROR_INVALID_HANDLE);
    if (id == log_.refused_id)
        return leave(ERROR_INVALID_PARAMETER);
    if (log_.count == LOGGED_EVENTS_MAX)
        abort();
    struct logged_event *event = &log_.events[log_.count++];
    *event = (struct logged_event){.id = id, .type = type, .category = category, .count = count};
    if (count > 0) {
        lstrcpynW(event->first, strings[0], LOGGED_TEXT_MAX);
        lstrcpynW(event->last, strings[count - 1], LOGGED_TEXT_MAX);
    }
    return leave(ERROR_SUCCESS);
}

static BOOL WINAPI deregister_source(HANDLE source)
{
    (void)source;
    log_.sources--;
    return TRUE;
}

void report_fixture_put_log(void)
{
    if (real_calls.ReportEventW == NULL)
        real_calls = report_calls;
    report_calls.RegisterEventSourceW = register_source;
    report_calls.ReportEventW = report_event_call;
    report_calls.DeregisterEventSource = deregister_source;
}

int report_fixture_set_up(void **state)
{
    (void)state;
    report_fixture_put_log();
    log_.away = 0;
    report_close();
    memset(&log_, 0, sizeof(log_));
    report_to_console(false);
    report_calls = real_calls;
    report_fixture_put_log();
    return 0;
}

int report_fixture_tear_down(void **state)
{
    (void)state;
    log_.away = 0;
    report_close();
    return log_.sources == 0 ? 0 : -1;
}

void send_numbered(DWORD id, unsigned number)
{
    static struct report report;

    report_begin(&report, id);
    report_add_number(&report, number);
    report_send(&report);
}

void assert_text(const wchar_t *text, const wchar_t *expected)
{
    if (wcscmp(text, expected) != 0)
        fail_msg("\"%ls\" is not \"%ls\"", text, expected);
}
