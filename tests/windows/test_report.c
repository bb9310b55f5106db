/* test_report.c: RelayLock's own events on their way into the log, which here is in memory. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "windows/report.h"

enum { EVENTS_MAX = 2048, SHORT_MAX = 160, OUTPUT_MAX = 1 << 16 };

struct event {
    DWORD id;
    WORD type, category, count;
    wchar_t first[SHORT_MAX], last[SHORT_MAX];
};

/* An event log that can be away, refuse events, and lose its handles. */
static struct {
    struct event events[EVENTS_MAX];
    size_t count;
    DWORD away;       /* the error it gives while it is away; 0: it is there */
    DWORD refused_id; /* an event that it never takes */
    unsigned sources, opened, calls, fail_at;
    uintptr_t good_from; /* handles below it went bad */
    LONG volatile inside;
} log_;

static char output[OUTPUT_MAX];
static size_t output_size;
static unsigned console_writes;
static bool is_console, has_output;
static DWORD write_at_most;
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
    if (++log_.calls == log_.fail_at)
        return leave(RPC_S_CALL_FAILED);
    if (log_.away != 0)
        return leave(log_.away);
    if ((uintptr_t)source < log_.good_from)
        return leave(ERROR_INVALID_HANDLE);
    if (id == log_.refused_id)
        return leave(ERROR_INVALID_PARAMETER);
    if (log_.count == EVENTS_MAX)
        abort();
    struct event *event = &log_.events[log_.count++];
    *event = (struct event){.id = id, .type = type, .category = category, .count = count};
    if (count > 0) {
        lstrcpynW(event->first, strings[0], SHORT_MAX);
        lstrcpynW(event->last, strings[count - 1], SHORT_MAX);
    }
    return leave(ERROR_SUCCESS);
}

static BOOL WINAPI deregister_source(HANDLE source)
{
    (void)source;
    log_.sources--;
    return TRUE;
}

static HANDLE WINAPI std_handle(DWORD which)
{
    assert_int_equal(which, STD_OUTPUT_HANDLE);
    return has_output ? (HANDLE)(uintptr_t)0x77 : NULL;
}

static BOOL WINAPI console_mode(HANDLE handle, LPDWORD mode)
{
    (void)handle;
    *mode = 3;
    return is_console;
}

static BOOL WINAPI write_console(HANDLE handle, const VOID *text, DWORD count, LPDWORD written,
                                 LPVOID reserved)
{
    (void)handle, (void)reserved;
    console_writes++;
    output_size = text_to_utf8(output, sizeof(output), (struct text){text, count});
    *written = count;
    return TRUE;
}

static BOOL WINAPI write_file(HANDLE handle, LPCVOID data, DWORD size, LPDWORD written,
                              LPOVERLAPPED overlapped)
{
    (void)handle, (void)overlapped;
    *written = size < write_at_most ? size : write_at_most;
    memcpy(output + output_size, data, *written);
    output_size += *written;
    output[output_size] = '\0';
    return write_at_most != 0;
}

static VOID WINAPI local_time(LPSYSTEMTIME time)
{
    *time =
        (SYSTEMTIME){.wYear = 2010, .wMonth = 1, .wDay = 2, .wHour = 3, .wMinute = 4, .wSecond = 5};
}

static int reset(void **state)
{
    (void)state;
    log_.away = 0;
    report_close();
    memset(&log_, 0, sizeof(log_));
    output_size = console_writes = 0;
    output[0] = '\0';
    is_console = false;
    has_output = true;
    write_at_most = OUTPUT_MAX;
    report_to_console(false);
    report_calls = real_calls;
    report_calls.RegisterEventSourceW = register_source;
    report_calls.ReportEventW = report_event_call;
    report_calls.DeregisterEventSource = deregister_source;
    report_calls.GetStdHandle = std_handle;
    report_calls.GetConsoleMode = console_mode;
    report_calls.WriteConsoleW = write_console;
    report_calls.WriteFile = write_file;
    report_calls.GetLocalTime = local_time;
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    log_.away = 0;
    report_close();
    return log_.sources == 0 ? 0 : -1;
}

static void send_numbered(DWORD id, unsigned number)
{
    static struct report report;

    report_begin(&report, id);
    report_add_number(&report, number);
    report_send(&report);
}

static void assert_text(const wchar_t *text, const wchar_t *expected)
{
    if (wcscmp(text, expected) != 0)
        fail_msg("\"%ls\" is not \"%ls\"", text, expected);
}

static BOOL WINAPI no_memory(LPCRITICAL_SECTION section, DWORD spins)
{
    (void)section, (void)spins;
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return FALSE;
}

/* Must be the first: the lock is made only once. */
static void event_before_there_is_a_lock_is_counted(void **state)
{
    (void)state;
    real_calls = report_calls;
    report_calls.RegisterEventSourceW = register_source;
    report_calls.ReportEventW = report_event_call;
    report_calls.DeregisterEventSource = deregister_source;
    report_calls.InitializeCriticalSectionAndSpinCount = no_memory;
    report_event(MSG_PAUSED, 0);
    assert_int_equal(log_.count, 0);
    report_calls.InitializeCriticalSectionAndSpinCount =
        real_calls.InitializeCriticalSectionAndSpinCount;
    report_event(MSG_CONTINUED, 0);
    assert_int_equal(log_.count, 2);
    assert_int_equal(log_.events[0].id, MSG_EVENTS_DROPPED);
    assert_text(log_.events[0].first, L"1");
    assert_int_equal(log_.events[1].id, MSG_CONTINUED);
}

static void type_and_category_follow_from_the_id(void **state)
{
    static const struct {
        DWORD id;
        WORD type, category;
    } expected[] = {{MSG_PAUSED, EVENTLOG_INFORMATION_TYPE, CATEGORY_SERVICE},
                    {MSG_FAILED, EVENTLOG_ERROR_TYPE, CATEGORY_SERVICE},
                    {MSG_SETTING_DEFAULTED, EVENTLOG_WARNING_TYPE, CATEGORY_SETTINGS},
                    {MSG_LOG_LOST, EVENTLOG_WARNING_TYPE, CATEGORY_READING},
                    {MSG_BUDGET_SPENT, EVENTLOG_ERROR_TYPE, CATEGORY_DETECTION},
                    {MSG_SMTP_RESTARTED, EVENTLOG_INFORMATION_TYPE, CATEGORY_RESPONSE}};
    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(expected); i++) {
        report_event(expected[i].id, 0);
        assert_int_equal(log_.events[i].id, expected[i].id);
        assert_int_equal(log_.events[i].type, expected[i].type);
        assert_int_equal(log_.events[i].category, expected[i].category);
    }
    assert_int_equal(log_.opened, 1); /* the source is opened once */
}

static void strings_are_sanitised(void **state)
{
    (void)state;
    report_event(MSG_LOG_LOST, 2, u"a%1\nb", u"\u202eevil");
    assert_text(log_.events[0].first, L"a{U+0025}1{U+000A}b");
    assert_text(log_.events[0].last, L"{U+202E}evil");
}

static void strings_are_built_from_anything(void **state)
{
    static struct report report;
    static char long_text[5000];
    (void)state;
    memset(long_text, 'x', sizeof(long_text) - 1);
    report_begin(&report, MSG_STATUS);
    report_add(&report, TEXT_OF(u"text"));
    report_add_number(&report, 0);
    report_add_number(&report, UINT64_MAX);
    report_add_format(&report, "%d of %s", 3, "five");
    report_add_format(&report, "%s", long_text);
    assert_text(report.strings[0].text, L"text");
    assert_text(report.strings[1].text, L"0");
    assert_text(report.strings[2].text, L"18446744073709551615");
    assert_text(report.strings[3].text, L"3 of five");
    assert_int_equal(report.strings[4].count, REPORT_STRING_MAX - 1);
    assert_int_equal(report.strings[4].text[REPORT_STRING_MAX - 2], 0x2026);
    for (unsigned i = 0; i < 20; i++)
        report_add_number(&report, i);
    assert_int_equal(report.count, REPORT_STRINGS_MAX);
    assert_text(report.strings[REPORT_STRINGS_MAX - 1].text, L"6");
}

/* ---- the words of errors -------------------------------------------------------------------- */

static const wchar_t *words;
static DWORD words_count, words_flags;
static LPCVOID words_source;
static unsigned libraries;
static UINT directory_length;
static bool library_missing;

static DWORD WINAPI give_words(DWORD flags, LPCVOID source, DWORD id, DWORD language, LPWSTR to,
                               DWORD capacity, va_list *arguments)
{
    (void)id, (void)language, (void)arguments;
    words_flags = flags;
    words_source = source;
    lstrcpynW(to, words, (int)capacity);
    return words_count ? words_count : (DWORD)wcslen(words);
}

static UINT WINAPI give_directory(LPWSTR to, UINT capacity)
{
    (void)capacity;
    wcscpy(to, L"X:\\sys");
    return directory_length;
}

static HMODULE WINAPI load_library(LPCWSTR path, HANDLE file, DWORD flags)
{
    assert_text(path, L"X:\\sys\\netmsg.dll");
    assert_null(file);
    assert_int_equal(flags, LOAD_LIBRARY_AS_DATAFILE);
    if (library_missing)
        return NULL;
    libraries++;
    return (HMODULE)(uintptr_t)0x123;
}

static BOOL WINAPI free_library(HMODULE module)
{
    assert_int_equal((uintptr_t)module, 0x123);
    libraries--;
    return TRUE;
}

static const wchar_t *error_text(DWORD error)
{
    static struct report report;

    report_calls.FormatMessageW = give_words;
    report_calls.GetSystemDirectoryW = give_directory;
    report_calls.LoadLibraryExW = load_library;
    report_calls.FreeLibrary = free_library;
    report_begin(&report, MSG_FAILED);
    report_add_error(&report, error);
    assert_int_equal(libraries, 0);
    assert_int_equal(report.count, 1);
    return report.strings[0].text;
}

static void errors_have_words(void **state)
{
    (void)state;
    words_count = 0;
    words = L"Access is denied. ";
    assert_text(error_text(5), L"5 (Access is denied.)");
    assert_true(words_flags & FORMAT_MESSAGE_FROM_SYSTEM);
    assert_true(words_flags & FORMAT_MESSAGE_IGNORE_INSERTS);
    words = L"%1 is not a valid\r\nprogram";
    assert_text(error_text(193), L"193 ({U+0025}1 is not a valid{U+000D}{U+000A}program)");
}

static void errors_without_words_are_numbers(void **state)
{
    (void)state;
    words_count = 0;
    words = L"";
    assert_text(error_text(0xFFFFFFFF), L"4294967295");
    words = L" \t ";
    assert_text(error_text(317), L"317");
    words = L"lies";
    words_count = 100000;
    assert_text(error_text(317), L"317");
}

static void network_errors_have_words_of_their_own(void **state)
{
    (void)state;
    words_count = 0;
    words = L"The user name could not be found.";
    directory_length = 6;
    library_missing = false;
    assert_text(error_text(2221), L"2221 (The user name could not be found.)");
    assert_true(words_flags & FORMAT_MESSAGE_FROM_HMODULE);
    assert_int_equal((uintptr_t)words_source, 0x123);
    words = L"";
    assert_text(error_text(2221), L"2221");
    words = L"x";
    library_missing = true;
    assert_text(error_text(2221), L"2221");
    library_missing = false;
    directory_length = 0;
    assert_text(error_text(2221), L"2221");
    directory_length = MAX_PATH + 1;
    assert_text(error_text(2221), L"2221");
}

static void this_system_knows_error_5(void **state)
{
    static struct report report;
    (void)state;
    report_begin(&report, MSG_FAILED);
    report_add_error(&report, ERROR_ACCESS_DENIED);
    assert_int_equal(wcsncmp(report.strings[0].text, L"5 (", 3), 0);
    assert_true(report.strings[0].count > 6);
    assert_int_equal(report.strings[0].text[report.strings[0].count - 1], L')');
    assert_int_not_equal(report.strings[0].text[report.strings[0].count - 2], L' ');
}

/* ---- a log that is away --------------------------------------------------------------------- */

static void kept_events_are_written_in_order_once_the_log_is_back(void **state)
{
    (void)state;
    log_.away = RPC_S_SERVER_UNAVAILABLE;
    for (unsigned i = 0; i < 5; i++)
        send_numbered(MSG_MALFORMED, i);
    report_flush();
    assert_int_equal(log_.count, 0);
    log_.away = 0;
    send_numbered(MSG_MALFORMED, 5);
    assert_int_equal(log_.count, 6);
    for (unsigned i = 0; i < 6; i++)
        assert_int_equal(log_.events[i].first[0], L'0' + i);
    report_flush();
    assert_int_equal(log_.count, 6);
}

static void flush_alone_writes_what_was_kept(void **state)
{
    (void)state;
    log_.away = ERROR_LOG_FILE_FULL;
    send_numbered(MSG_MALFORMED, 1);
    log_.away = 0;
    report_flush();
    assert_int_equal(log_.count, 1);
}

static void dropped_events_are_counted_and_told(void **state)
{
    (void)state;
    log_.away = RPC_S_SERVER_UNAVAILABLE;
    for (unsigned i = 0; i < REPORT_KEPT_MAX + 8; i++)
        send_numbered(MSG_MALFORMED, i);
    log_.away = 0;
    report_flush();
    assert_int_equal(log_.count, REPORT_KEPT_MAX + 1);
    assert_text(log_.events[0].first, L"8"); /* the oldest went */
    assert_text(log_.events[REPORT_KEPT_MAX - 1].first, L"39");
    assert_int_equal(log_.events[REPORT_KEPT_MAX].id, MSG_EVENTS_DROPPED);
    assert_text(log_.events[REPORT_KEPT_MAX].first, L"8");
    send_numbered(MSG_MALFORMED, 1);
    assert_int_equal(log_.count, REPORT_KEPT_MAX + 2); /* told once */
}

static void dropped_events_are_told_later_if_not_now(void **state)
{
    (void)state;
    log_.away = RPC_S_SERVER_UNAVAILABLE;
    for (unsigned i = 0; i < REPORT_KEPT_MAX + 8; i++)
        send_numbered(MSG_MALFORMED, i);
    log_.away = 0;
    log_.refused_id = MSG_EVENTS_DROPPED;
    report_flush();
    assert_int_equal(log_.count, REPORT_KEPT_MAX);
    log_.refused_id = 0;
    report_flush();
    assert_text(log_.events[REPORT_KEPT_MAX].first, L"8");
}

static void handle_that_went_bad_is_replaced(void **state)
{
    (void)state;
    send_numbered(MSG_MALFORMED, 1);
    log_.good_from = 0x100 + log_.opened + 1;
    send_numbered(MSG_MALFORMED, 2);
    assert_int_equal(log_.count, 2);
    assert_int_equal(log_.sources, 1);
    assert_int_equal(log_.opened, 2);
}

static void event_that_is_refused_does_not_block_the_others(void **state)
{
    (void)state;
    log_.refused_id = MSG_MALFORMED;
    send_numbered(MSG_MALFORMED, 1);
    send_numbered(MSG_ACCOUNTS_LOST, 2);
    assert_int_equal(log_.count, 2);
    assert_int_equal(log_.events[0].id, MSG_EVENTS_DROPPED);
    assert_int_equal(log_.events[1].id, MSG_ACCOUNTS_LOST);

    log_.away = RPC_S_SERVER_UNAVAILABLE;
    send_numbered(MSG_MALFORMED, 1);
    send_numbered(MSG_ACCOUNTS_LOST, 3);
    log_.away = 0;
    report_flush();
    assert_int_equal(log_.count, 4);
    assert_int_equal(log_.events[2].id, MSG_ACCOUNTS_LOST);
    assert_int_equal(log_.events[3].id, MSG_EVENTS_DROPPED);
}

static void long_strings_are_cut_to_be_kept_but_all_are_there(void **state)
{
    static struct report report;
    static char16_t long_text[REPORT_STRING_MAX];
    (void)state;
    for (size_t i = 0; i < REPORT_STRING_MAX; i++)
        long_text[i] = u'y';
    report_begin(&report, MSG_CROSSED);
    report_add(&report, TEXT_OF(u"first"));
    for (unsigned i = 1; i < REPORT_STRINGS_MAX; i++)
        report_add(&report, (struct text){long_text, REPORT_STRING_MAX});
    log_.away = RPC_S_SERVER_UNAVAILABLE;
    report_send(&report);
    log_.away = 0;
    report_flush();
    assert_int_equal(log_.count, 1);
    assert_int_equal(log_.events[0].count, REPORT_STRINGS_MAX);
    assert_text(log_.events[0].first, L"first");
    assert_text(log_.events[0].last, L"\u2026");
}

/* Whatever call fails once, each event is written once, in its turn. */
static void any_call_may_fail(void **state)
{
    unsigned calls = 0;

    (void)state;
    for (unsigned n = 1; n <= 12; n++) {
        reset(NULL);
        log_.fail_at = n;
        for (unsigned i = 0; i < 4; i++)
            send_numbered(MSG_MALFORMED, i);
        report_flush();
        calls = log_.calls;
        assert_int_equal(log_.count, 4);
        for (unsigned i = 0; i < 4; i++)
            assert_int_equal(log_.events[i].first[0], L'0' + i);
        report_close();
        assert_int_equal(log_.sources, 0);
    }
    assert_in_range(calls, 5, 11); /* so that the last rounds failed none */
}

/* ---- threads -------------------------------------------------------------------------------- */

enum { THREADS = 4, EVENTS_EACH = 200 };

static DWORD WINAPI send_many(LPVOID unused)
{
    struct report report;

    (void)unused;
    for (unsigned i = 0; i < EVENTS_EACH; i++) {
        report_begin(&report, MSG_MALFORMED);
        report_add_number(&report, i);
        report_send(&report);
    }
    return 0;
}

static void threads_lose_no_event(void **state)
{
    HANDLE threads[THREADS];
    size_t written = 0, dropped = 0;

    (void)state;
    for (unsigned i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, send_many, NULL, 0, NULL);
    for (unsigned i = 0; i < 20; i++) {
        InterlockedExchange((LONG volatile *)&log_.away, i % 2 ? RPC_S_SERVER_UNAVAILABLE : 0);
        Sleep(1);
    }
    InterlockedExchange((LONG volatile *)&log_.away, 0);
    WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE);
    for (unsigned i = 0; i < THREADS; i++)
        CloseHandle(threads[i]);
    report_flush();
    for (size_t i = 0; i < log_.count; i++) {
        if (log_.events[i].id == MSG_EVENTS_DROPPED)
            dropped += (size_t)_wtoi(log_.events[i].first);
        else
            written++;
    }
    assert_int_equal(written + dropped, THREADS * EVENTS_EACH);
}

/* ---- the console ---------------------------------------------------------------------------- */

static void console_shows_time_severity_and_message(void **state)
{
    (void)state;
    report_to_console(true);
    report_event(MSG_LOG_LOST, 4, u"Application", u"ReadEventLog", u"1500", u"17");
    assert_string_equal(
        output, "2010-01-02 03:04:05 warning 300: The log \"Application\" cannot be read at "
                "the moment: ReadEventLog failed with error 1500. RelayLock keeps trying "
                "and goes on behind record 17.\r\n");
    assert_int_equal(log_.count, 1);
    assert_int_equal(console_writes, 0);
}

static void console_is_off_unless_told(void **state)
{
    (void)state;
    report_event(MSG_PAUSED, 0);
    assert_int_equal(output_size, 0);
}

static void further_lines_are_indented_and_missing_strings_empty(void **state)
{
    (void)state;
    report_to_console(true);
    report_event(MSG_SETTINGS_READ, 1, u"50/10m");
    assert_string_equal(output, "2010-01-02 03:04:05 information 200: The settings were read again "
                                "and are in force.\r\n    Limits: 50/10m. Action: . Locks an hour "
                                "at most: .\r\n");
}

static void files_get_utf8_and_consoles_utf16(void **state)
{
    static const char expected[] = "\xC3\xA9\xE2\x82\xAC";
    (void)state;
    report_to_console(true);
    report_event(MSG_SMTP_NOT_RUNNING, 1, u"\u00e9\u20ac");
    assert_non_null(strstr(output, expected));
    assert_int_equal(console_writes, 0);
    output_size = 0;
    is_console = true;
    report_event(MSG_SMTP_NOT_RUNNING, 1, u"\u00e9\u20ac");
    assert_int_equal(console_writes, 1);
    assert_non_null(strstr(output, expected));
}

static void output_may_be_slow_broken_or_absent(void **state)
{
    (void)state;
    report_to_console(true);
    write_at_most = 7;
    report_event(MSG_PAUSED, 0);
    assert_non_null(strstr(output, "sc continue RelayLock\r\n"));
    write_at_most = 0;
    report_event(MSG_PAUSED, 0);
    has_output = false;
    report_event(MSG_PAUSED, 0);
    assert_int_equal(log_.count, 3);
}

static void longest_event_fits_the_console(void **state)
{
    static struct report report;
    static char16_t long_text[REPORT_STRING_MAX];
    (void)state;
    for (size_t i = 0; i < REPORT_STRING_MAX; i++)
        long_text[i] = u'\u20ac';
    report_to_console(true);
    report_begin(&report, MSG_CROSSED);
    for (unsigned i = 0; i < REPORT_STRINGS_MAX; i++)
        report_add(&report, (struct text){long_text, REPORT_STRING_MAX});
    report_send(&report);
    assert_in_range(output_size, 10 * 3 * (REPORT_STRING_MAX - 1), OUTPUT_MAX - 1);
    /* to its very end: the sentence on a gap, cut as every string is */
    assert_non_null(strstr(output, "\xe2\x80\xa6\r\n"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, reset, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(event_before_there_is_a_lock_is_counted),
        TEST(type_and_category_follow_from_the_id),
        TEST(strings_are_sanitised),
        TEST(strings_are_built_from_anything),
        TEST(errors_have_words),
        TEST(errors_without_words_are_numbers),
        TEST(network_errors_have_words_of_their_own),
        TEST(this_system_knows_error_5),
        TEST(kept_events_are_written_in_order_once_the_log_is_back),
        TEST(flush_alone_writes_what_was_kept),
        TEST(dropped_events_are_counted_and_told),
        TEST(dropped_events_are_told_later_if_not_now),
        TEST(handle_that_went_bad_is_replaced),
        TEST(event_that_is_refused_does_not_block_the_others),
        TEST(long_strings_are_cut_to_be_kept_but_all_are_there),
        TEST(any_call_may_fail),
        TEST(threads_lose_no_event),
        TEST(console_shows_time_severity_and_message),
        TEST(console_is_off_unless_told),
        TEST(further_lines_are_indented_and_missing_strings_empty),
        TEST(files_get_utf8_and_consoles_utf16),
        TEST(output_may_be_slow_broken_or_absent),
        TEST(longest_event_fits_the_console),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
