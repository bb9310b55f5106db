/* RelayLock's own events: what they say, and the words of errors. The log is in memory. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "report_fixture.h"

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
    report_fixture_put_log();
    const struct report_calls calls = report_calls;
    report_calls.InitializeCriticalSectionAndSpinCount = no_memory;
    report_event(MSG_PAUSED, 0);
    assert_int_equal(log_.count, 0);
    report_calls.InitializeCriticalSectionAndSpinCount =
        calls.InitializeCriticalSectionAndSpinCount;
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

#define TEST(function)                                                                             \
    cmocka_unit_test_setup_teardown(function, report_fixture_set_up, report_fixture_tear_down)

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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
