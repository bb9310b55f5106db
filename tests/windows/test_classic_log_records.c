/* The classic reader alone: records that are damaged or large, and answers of ReadEventLog that
 * cannot be. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "reading_fixture.h"
#include "windows/classic_log.h"

static void sources_are_compared_with_letters_folded(void **state)
{
    (void)state;
    log_event(T, L"msexchangetransport", FAKE_SOUND);
    log_event(T, L"MSEXCHANGETRANSPORT", FAKE_SOUND);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 2);
}

static void a_damaged_record_is_counted_and_the_next_one_read(void **state)
{
    (void)state;
    log_sign_ins(4, T);
    log_event(T, L"MSExchangeTransport", FAKE_BAD_SIGNATURE);
    log_sign_ins(5, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 9);
    assert_int_equal(reading.events[4].record, 6);
    assert_int_equal(reading.source->counters.matched, 10);
    assert_int_equal(reading.source->counters.malformed, 1);
    assert_int_equal(reading.source->counters.malformed_record, 5);
    assert_int_equal(reading.change_count, 0);
}

static void what_cannot_be_read_behind_a_damaged_length_is_told(void **state)
{
    (void)state;
    log_sign_ins(4, T);
    log_event(T, L"MSExchangeTransport", FAKE_BAD_LENGTH);
    log_sign_ins(5, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 4);
    assert_int_equal(reading.source->counters.malformed, 1);
    assert_int_equal(reading.source->counters.malformed_record, 5);
    log_sign_ins(5, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 9);
    assert_int_equal(reading.events[4].record, 11);
    assert_int_equal(reading.change_count, 1);
    assert_int_equal(reading.changes[0].first, 6);
    assert_int_equal(reading.changes[0].last, 10);
}

static void damage_does_not_stop_the_search_for_the_start(void **state)
{
    (void)state;
    log_sign_ins(10, T - 1);
    log_event(T, L"MSExchangeTransport", FAKE_BAD_SIGNATURE);
    log_sign_ins(10, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(12, 21);
}

/* A record of about count * 2 bytes more than usual. */
static void add_long(size_t count)
{
    static wchar_t text[61000];
    long_text(text, count);
    struct fake_event event = {
        .generated = ((uint64_t)T + 11644473600u) * 10000000u,
        .source = L"Chatty",
        .computer = L"MAIL1",
        .strings = {text, text, text, text, text},
        .string_count = 5,
    };
    fake_event_log_add(&event);
}

static void the_buffer_grows_to_what_a_record_needs(void **state)
{
    (void)state;
    for (int contradicts = 0; contradicts < 2; contradicts++) {
        fake_event_log.needs_too_small = contradicts;
        add_long(30000);
        log_sign_ins(1, T);
        reading.count = 0;
        assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_int_equal(reading.count, 1);
        add_long(52000); /* nearly all that ReadEventLog can give */
        log_sign_ins(1, T);
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_int_equal(reading.count, 2);
    }
    assert_int_equal(reading.change_count, 0);
}

static void a_record_larger_than_any_buffer_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    add_long(60000);
    assert_int_equal(log_reading_drain(&reading), ERROR_INSUFFICIENT_BUFFER);
    fake_event_log.needs_too_small = true;
    assert_int_equal(log_reading_drain(&reading), ERROR_INSUFFICIENT_BUFFER);
}

static void nothing_is_allocated_once_the_buffer_is_large_enough(void **state)
{
    (void)state;
    log_sign_ins(1, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    unsigned before = fake_event_log_called(FAKE_HEAP_ALLOC);
    log_sign_ins(5000, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 5001);
    assert_int_equal(fake_event_log_called(FAKE_HEAP_ALLOC), before);
}

static BOOL WINAPI read_of_nothing(HANDLE log, DWORD flags, DWORD number, LPVOID buffer, DWORD size,
                                   DWORD *used, DWORD *needed)
{
    (void)log, (void)flags, (void)number, (void)buffer, (void)size, (void)needed;
    *used = 0;
    return TRUE;
}

static BOOL WINAPI read_of_too_much(HANDLE log, DWORD flags, DWORD number, LPVOID buffer,
                                    DWORD size, DWORD *used, DWORD *needed)
{
    (void)log, (void)flags, (void)number, (void)buffer, (void)needed;
    *used = size + 1;
    return TRUE;
}

static void answers_that_cannot_be_are_not_believed(void **state)
{
    (void)state;
    log_sign_ins(1, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    classic_log_calls.ReadEventLogW = read_of_nothing;
    assert_int_equal(log_reading_next(&reading), ERROR_NO_MORE_ITEMS);
    classic_log_calls.ReadEventLogW = read_of_too_much;
    assert_int_equal(log_reading_next(&reading), ERROR_INVALID_DATA);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, reading_begin_classic, reading_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sources_are_compared_with_letters_folded),
        TEST(a_damaged_record_is_counted_and_the_next_one_read),
        TEST(what_cannot_be_read_behind_a_damaged_length_is_told),
        TEST(damage_does_not_stop_the_search_for_the_start),
        TEST(the_buffer_grows_to_what_a_record_needs),
        TEST(a_record_larger_than_any_buffer_is_an_error),
        TEST(nothing_is_allocated_once_the_buffer_is_large_enough),
        TEST(answers_that_cannot_be_are_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
