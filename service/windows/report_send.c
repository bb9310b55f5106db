/* report_send.c: see report.h. Events on their way into the log and onto the console. */
#include "report.h"
#include <stdio.h>
#include <string.h>
#include "console.h"

/* An event that waits for the log, its strings terminated and one behind the other. */
struct kept {
    DWORD id;
    size_t count;
    char16_t text[REPORT_KEPT_TEXT_MAX];
};

enum { LINE_MAX = REPORT_STRINGS_MAX * REPORT_STRING_MAX + 2048 };

enum lock_state { LOCK_NONE, LOCK_BEING_MADE, LOCK_READY };

/* All below it, but for what is atomic, is the lock's. */
static LONG volatile lock_state = LOCK_NONE;
static CRITICAL_SECTION lock;
static LONG volatile dropped;
static LONG volatile console_on;
static LONG volatile hurried;
static LONG volatile hanging; /* while hurried: whoever has the lock */
static HANDLE source;
static struct kept kept[REPORT_KEPT_MAX]; /* a ring */
static size_t kept_first, kept_count;
static char16_t line[LINE_MAX];
static char line_utf8[3 * LINE_MAX];

void report_to_console(bool on)
{
    InterlockedExchange(&console_on, on);
}

void report_hurry(bool on)
{
    InterlockedExchange(&hurried, on);
}

/* ---- the log -------------------------------------------------------------------------------- */

static bool enter_lock(void)
{
    enum { STEP = 10 /* ms */ };
    if (!hurried) {
        EnterCriticalSection(&lock);
        return true;
    }
    DWORD waited = 0;
    for (; !TryEnterCriticalSection(&lock); waited += STEP) {
        if (hanging || waited >= REPORT_HURRY) {
            InterlockedExchange(&hanging, true);
            return false;
        }
        Sleep(STEP);
    }
    InterlockedExchange(&hanging, false);
    return true;
}

/* The lock is made by whoever comes first, so that there is no order of calls to keep to. */
static bool take_lock(void)
{
    for (;;) {
        LONG was = InterlockedCompareExchange(&lock_state, LOCK_BEING_MADE, LOCK_NONE);
        if (was == LOCK_READY)
            break;
        if (was == LOCK_BEING_MADE) {
            Sleep(0);
            continue;
        }
        bool made = report_calls.InitializeCriticalSectionAndSpinCount(&lock, 0);
        InterlockedExchange(&lock_state, made ? LOCK_READY : LOCK_NONE);
        if (!made)
            return false;
    }
    return enter_lock();
}

static void close_source(void)
{
    if (source)
        report_calls.DeregisterEventSource(source);
    source = NULL;
}

static DWORD write_once(DWORD id, size_t count, const wchar_t **strings)
{
    static const WORD types[4] = {EVENTLOG_INFORMATION_TYPE, EVENTLOG_INFORMATION_TYPE,
                                  EVENTLOG_WARNING_TYPE, EVENTLOG_ERROR_TYPE};
    WORD category = (WORD)((id & 0xFFFF) / 100);

    if (!source)
        source = report_calls.RegisterEventSourceW(NULL, L"RelayLock");
    if (!source)
        return GetLastError();
    if (report_calls.ReportEventW(source, types[id >> 30], category, id, NULL, (WORD)count, 0,
                                  strings, NULL))
        return ERROR_SUCCESS;
    return GetLastError();
}

/* A handle goes bad with the log service that gave it: then once more with a new one. */
static DWORD write_event(DWORD id, size_t count, const wchar_t **strings)
{
    bool fresh = !source;
    DWORD error = write_once(id, count, strings);

    if (error != ERROR_SUCCESS) {
        close_source();
        if (!fresh)
            error = write_once(id, count, strings);
        if (error != ERROR_SUCCESS)
            close_source();
    }
    return error;
}

/* Whether the log refuses this event and would do so for ever. */
static bool is_hopeless(DWORD error)
{
    return error == ERROR_INVALID_PARAMETER || error == RPC_X_BAD_STUB_DATA ||
           error == ERROR_INVALID_USER_BUFFER;
}

static bool tell_dropped(void)
{
    LONG count = InterlockedExchange(&dropped, 0);
    struct report report; /* its first string alone is used */

    if (count == 0)
        return true;
    report_begin(&report, MSG_EVENTS_DROPPED);
    report_add_number(&report, (uint64_t)count);
    const wchar_t *strings[1] = {report.strings[0].text};
    if (write_event(report.id, 1, strings) == ERROR_SUCCESS)
        return true;
    InterlockedExchangeAdd(&dropped, count);
    return false;
}

static bool flush_kept(void)
{
    while (kept_count != 0) {
        struct kept *first = &kept[kept_first];
        const wchar_t *strings[REPORT_STRINGS_MAX];
        const char16_t *at = first->text;
        for (size_t i = 0; i < first->count; i++) {
            strings[i] = at;
            at += wcslen(at) + 1;
        }
        DWORD error = write_event(first->id, first->count, strings);
        if (error != ERROR_SUCCESS && !is_hopeless(error))
            return false;
        if (error != ERROR_SUCCESS)
            InterlockedIncrement(&dropped);
        kept_first = (kept_first + 1) % REPORT_KEPT_MAX;
        kept_count--;
    }
    return tell_dropped();
}

static void keep(const struct report *report)
{
    if (kept_count == REPORT_KEPT_MAX) {
        kept_first = (kept_first + 1) % REPORT_KEPT_MAX;
        kept_count--;
        InterlockedIncrement(&dropped);
    }
    struct kept *last = &kept[(kept_first + kept_count++) % REPORT_KEPT_MAX];
    size_t used = 0;
    last->id = report->id;
    last->count = report->count;
    for (size_t i = 0; i < report->count; i++) {
        /* two units for each string to come: text_copy asks for that many */
        size_t room = REPORT_KEPT_TEXT_MAX - used - 2 * (report->count - 1 - i);
        const struct report_string *string = &report->strings[i];
        used += text_copy(last->text + used, room, (struct text){string->text, string->count}) + 1;
    }
}

/* ---- the console ---------------------------------------------------------------------------- */

/* The event as lines: time, severity, id, message; further lines of the message are indented. */
static size_t format_line(const struct report *report)
{
    static const char *const severities[4] = {"success", "information", "warning", "error"};
    static char16_t message[LINE_MAX];
    char16_t none[1] = {0};
    DWORD_PTR arguments[REPORT_STRINGS_MAX];
    SYSTEMTIME now;
    char start[64];
    size_t used = 0;

    for (size_t i = 0; i < REPORT_STRINGS_MAX; i++)
        arguments[i] = (DWORD_PTR)(i < report->count ? report->strings[i].text : none);
    report_calls.GetLocalTime(&now);
    snprintf(start, sizeof(start), "%04u-%02u-%02u %02u:%02u:%02u %s %u: ", now.wYear, now.wMonth,
             now.wDay, now.wHour, now.wMinute, now.wSecond, severities[report->id >> 30],
             (unsigned)(report->id & 0xFFFF));
    for (const char *at = start; *at != '\0'; at++)
        line[used++] = (unsigned char)*at;
    DWORD count = report_calls.FormatMessageW(
        FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_ARGUMENT_ARRAY, GetModuleHandleW(NULL),
        report->id, 0, message, LINE_MAX, (va_list *)arguments);
    while (count > 0 && (message[count - 1] == u'\n' || message[count - 1] == u'\r'))
        count--;
    for (size_t i = 0; i < count && used < LINE_MAX - 8; i++) {
        if (message[i] == u'\r')
            continue;
        if (message[i] == u'\n')
            line[used++] = u'\r';
        line[used++] = message[i];
        for (size_t indent = 0; message[i] == u'\n' && indent < 4; indent++)
            line[used++] = u' ';
    }
    line[used++] = u'\r';
    line[used++] = u'\n';
    return used;
}

static void print(const struct report *report)
{
    HANDLE output = report_calls.GetStdHandle(STD_OUTPUT_HANDLE);
    size_t count = format_line(report), size;
    DWORD mode, written;

    if (!output || output == INVALID_HANDLE_VALUE)
        return;
    if (report_calls.GetConsoleMode(output, &mode)) {
        console_write(report_calls.WriteConsoleW, output, (struct text){line, count});
        return;
    }
    size = text_to_utf8(line_utf8, sizeof(line_utf8), (struct text){line, count});
    for (size_t at = 0; at < size; at += written)
        if (!report_calls.WriteFile(output, line_utf8 + at, (DWORD)(size - at), &written, NULL) ||
            written == 0)
            return;
}

/* ---- the calls ------------------------------------------------------------------------------ */

void report_send(const struct report *report)
{
    const wchar_t *strings[REPORT_STRINGS_MAX];

    if (!take_lock()) {
        InterlockedIncrement(&dropped);
        return;
    }
    for (size_t i = 0; i < report->count; i++)
        strings[i] = report->strings[i].text;
    if (!flush_kept()) {
        keep(report);
    } else {
        DWORD error = write_event(report->id, report->count, strings);
        if (is_hopeless(error))
            InterlockedIncrement(&dropped);
        else if (error != ERROR_SUCCESS)
            keep(report);
    }
    if (console_on)
        print(report);
    LeaveCriticalSection(&lock);
}

void report_flush(void)
{
    if (!take_lock())
        return;
    flush_kept();
    LeaveCriticalSection(&lock);
}

void report_close(void)
{
    if (!take_lock())
        return;
    flush_kept();
    close_source();
    LeaveCriticalSection(&lock);
}

void report_event(DWORD id, size_t count, ...)
{
    struct report report;
    va_list arguments;

    report_begin(&report, id);
    va_start(arguments, count);
    for (size_t i = 0; i < count; i++)
        report_add(&report, text_of(va_arg(arguments, const char16_t *)));
    va_end(arguments);
    report_send(&report);
}
