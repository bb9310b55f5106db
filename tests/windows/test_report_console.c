/* RelayLock's own events in a console, or in the file or pipe that is in its place. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "report_fixture.h"

enum { OUTPUT_MAX = 1 << 16 };

static char output[OUTPUT_MAX];
static size_t output_size;
static unsigned console_writes;
static bool is_console, has_output;
static DWORD write_at_most;

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

static int set_up(void **state)
{
    report_fixture_set_up(state);
    output_size = console_writes = 0;
    output[0] = '\0';
    is_console = false;
    has_output = true;
    write_at_most = OUTPUT_MAX;
    report_calls.GetStdHandle = std_handle;
    report_calls.GetConsoleMode = console_mode;
    report_calls.WriteConsoleW = write_console;
    report_calls.WriteFile = write_file;
    report_calls.GetLocalTime = local_time;
    return 0;
}

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

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, report_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(console_shows_time_severity_and_message),
        TEST(console_is_off_unless_told),
        TEST(further_lines_are_indented_and_missing_strings_empty),
        TEST(files_get_utf8_and_consoles_utf16),
        TEST(output_may_be_slow_broken_or_absent),
        TEST(longest_event_fits_the_console),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
