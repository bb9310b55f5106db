/* The classic reader, told to stop while it searches a log that is large. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "reading_fixture.h"
#include "windows/classic_log.h"

enum { RECORDS = 10000 /* several blocks of them */ };

static BOOL(WINAPI *inner_read)(HANDLE, DWORD, DWORD, LPVOID, DWORD, DWORD *, DWORD *);
static unsigned reads, stop_at; /* the stop comes in the nth of the reads; 0: never */

static BOOL WINAPI read_while_it_is_stopped(HANDLE log, DWORD flags, DWORD number, LPVOID buffer,
                                            DWORD size, DWORD *used, DWORD *needed)
{
    if (++reads == stop_at)
        SetEvent(reading.options.stop);
    return inner_read(log, flags, number, buffer, size, used, needed);
}

static int set_up(void **state)
{
    reading_begin_classic(state);
    inner_read = classic_log_calls.ReadEventLogW;
    classic_log_calls.ReadEventLogW = read_while_it_is_stopped;
    reads = stop_at = 0;
    reading.options.since = T;
    reading.options.stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    log_foreign(RECORDS, T);
    return 0;
}

static int tear_down(void **state)
{
    log_reading_close(&reading);
    CloseHandle(reading.options.stop);
    return reading_end(state);
}

static void a_search_for_the_start_is_given_up_between_two_blocks(void **state)
{
    (void)state;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_true(reads > 5);
    log_reading_close(&reading);
    for (stop_at = 1; stop_at < 5; stop_at++) {
        reads = 0;
        ResetEvent(reading.options.stop);
        assert_int_equal(log_reading_open(&reading), ERROR_CANCELLED);
        assert_string_equal(reading.failed_call, "ReadEventLogW");
        assert_int_equal(reads, stop_at);
    }
}

static void a_log_that_changes_is_not_searched_again(void **state)
{
    (void)state;
    stop_at = 1;
    fake_event_log_fail(FAKE_READ_EVENT_LOG, 1, ERROR_EVENTLOG_FILE_CHANGED);
    assert_int_equal(log_reading_open(&reading), ERROR_CANCELLED);
    assert_int_equal(reads, 1);
}

/* Cleared, so that what was seen of it does not say where to begin. */
static void a_search_after_a_clear_is_given_up(void **state)
{
    (void)state;
    reading.options.seen = (struct event_place){RECORDS + 1, T};
    stop_at = 3;
    assert_int_equal(log_reading_open(&reading), ERROR_CANCELLED);
    assert_int_equal(reads, 3);
}

static void a_search_for_the_newest_sign_in_is_given_up(void **state)
{
    (void)state;
    struct event_place any = {7, 7}, matching = {7, 7};
    const char *call = "";
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    reads = 0;
    stop_at = 2;
    assert_int_equal(reading.source->methods->newest(reading.source, L"MSExchangeTransport", 1708,
                                                     &any, &matching, &call),
                     ERROR_CANCELLED);
    assert_string_equal(call, "ReadEventLogW");
    assert_int_equal(reads, 2);
    assert_int_equal(any.record, 7);
    assert_int_equal(matching.record, 7);
}

/* What is read forwards comes block by block anyway. */
static void reading_goes_on(void **state)
{
    (void)state;
    log_sign_ins(3, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    SetEvent(reading.options.stop);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_search_for_the_start_is_given_up_between_two_blocks),
        TEST(a_log_that_changes_is_not_searched_again),
        TEST(a_search_after_a_clear_is_given_up),
        TEST(a_search_for_the_newest_sign_in_is_given_up),
        TEST(reading_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
