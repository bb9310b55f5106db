/* The modern reader alone: how it opens a log, what record numbers tell it, and what values of an
 * event it believes. What both readers do alike is in test_readers_agree.c and its like. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "reading_fixture.h"
#include "windows/modern_log.h"
#include "windows/system_library.h"

/* ---- opening --------------------------------------------------------------------------------- */

static void names_pass_through_the_query_whole(void **state)
{
    (void)state;
    fake_event_log.channel = L"Vendor & Sons-\"Mail\"/<Operational>";
    struct fake_event event = {
        .generated = ((uint64_t)T + 11644473600u) * 10000000u,
        .source = L"O'Brien <&> Sons",
        .computer = L"MAIL1",
        .event_id = 1708,
        .strings = {L"a", L"b", L"c"},
        .string_count = 3,
    };
    reading.options.channel = fake_event_log.channel;
    reading.options.provider = event.source;
    fake_event_log_add(&event);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_add(&event);
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 2);
}

static void a_name_that_cannot_be_asked_for_is_refused(void **state)
{
    (void)state;
    reading.options.provider = L"both ' and \"";
    assert_int_equal(log_reading_open(&reading), ERROR_INVALID_PARAMETER);
    assert_int_equal(fake_event_log_called(FAKE_EVT_SUBSCRIBE), 0);
}

static void an_unknown_channel_is_an_error(void **state)
{
    (void)state;
    reading.options.channel = L"Aplication";
    assert_int_equal(log_reading_open(&reading), ERROR_EVT_CHANNEL_NOT_FOUND);
    assert_string_equal(reading.failed_call, "EvtQuery");
    reading.options.resume = true;
    assert_int_equal(log_reading_open(&reading), ERROR_EVT_CHANNEL_NOT_FOUND);
    assert_string_equal(reading.failed_call, "EvtSubscribe");
}

static HMODULE WINAPI no_library(LPCWSTR path, HANDLE file, DWORD flags)
{
    (void)file, (void)flags;
    size_t count = wcslen(path);
    assert_true(count > 12 && wcscmp(path + count - 12, L"\\wevtapi.dll") == 0);
    SetLastError(ERROR_MOD_NOT_FOUND);
    return NULL;
}

static void a_windows_without_wevtapi_is_an_error(void **state)
{
    (void)state;
    const struct system_library_calls real = system_library_calls;
    system_library_calls.LoadLibraryExW = no_library;
    modern_log_calls.loaded = false;
    assert_int_equal(log_reading_open(&reading), ERROR_MOD_NOT_FOUND);
    assert_false(modern_log_calls.loaded);
    system_library_calls = real;
}

static void wevtapi_is_loaded_on_first_use(void **state)
{
    (void)state;
    /* With the log's calls taken away: what is found must be the library's. */
    const struct modern_log_calls fake = modern_log_calls;
    modern_log_calls.loaded = false;
    modern_log_calls.EvtSubscribe = NULL;
    modern_log_calls.EvtClose = NULL;
    fake_event_log_fail(FAKE_CREATE_EVENT, 1, ERROR_ACCESS_DENIED); /* go no further */
    assert_int_equal(log_reading_open(&reading), ERROR_ACCESS_DENIED);
    assert_true(modern_log_calls.loaded);
    assert_non_null(modern_log_calls.EvtSubscribe);
    assert_non_null(modern_log_calls.EvtClose);
    assert_true(modern_log_calls.EvtNext != fake.EvtNext);
    assert_true(modern_log_calls.HeapAlloc == fake.HeapAlloc);
    modern_log_calls = fake;
}

static void strictness_is_given_up_where_it_is_refused(void **state)
{
    (void)state;
    fake_event_log.oldest_strict_refused = true;
    log_sign_ins(40, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 40);
}

static void it_starts_behind_an_event_that_was_found_backwards(void **state)
{
    (void)state;
    fake_event_log.backward_refused = true;
    log_sign_ins(5, T - 1);
    log_sign_ins(5, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(reading.source->last_record, 5);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(6, 10);
}

/* ---- record numbers -------------------------------------------------------------------------- */

static void numbers_that_restart_mean_a_new_log(void **state)
{
    (void)state;
    log_sign_ins(50, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log.next_number = 1;
    log_sign_ins(10, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 60);
    assert_int_equal(reading.change_count, 1);
    assert_true(reading.changes[0].cleared);
    assert_int_equal(reading.source->last_record, 10);
}

static void a_bookmark_in_a_gap_neither_loses_nor_doubles(void **state)
{
    (void)state;
    log_sign_ins(10, T);
    fake_event_log.next_number = 20;
    log_sign_ins(11, T);
    reading.options.resume = true;
    reading.options.after_record = 15;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(20, 30);
    assert_int_equal(reading.change_count, 0);
}

static void an_edge_of_the_log_without_a_number_tells_nothing(void **state)
{
    struct fake_event odd = {
        .source = L"Other", .computer = L"MAIL1", .oddity = FAKE_RECORD_ID_TYPE};
    (void)state;
    fake_event_log_add(&odd);
    fake_event_log.next_number = 20;
    log_sign_ins(10, T);
    fake_event_log_add(&odd);
    reading.options.resume = true;
    reading.options.after_record = 15;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(20, 29);
    assert_int_equal(reading.change_count, 0);
}

static void record_numbers_may_have_64_bits(void **state)
{
    (void)state;
    fake_event_log.next_number = 0xffffffff0;
    log_sign_ins(100, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    while (log_reading_next(&reading) == ERROR_SUCCESS)
        assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_records(0xffffffff0, 0xffffffff0 + 99);
    assert_int_equal(reading.change_count, 0);
}

/* ---- values ---------------------------------------------------------------------------------- */

static void values_of_the_wrong_kind_are_malformed(void **state)
{
    static const enum fake_oddity oddities[] = {
        FAKE_NUMBER_FOR_STRING, FAKE_ANSI_FOR_STRING, FAKE_STRING_OUTSIDE,
        FAKE_STRING_UNENDED,    FAKE_ARRAY_TOO_LONG,  FAKE_RECORD_ID_TYPE,
        FAKE_TIME_TYPE,         FAKE_COMPUTER_TYPE,   FAKE_FEW_PROPERTIES};
    (void)state;
    log_sign_ins(1, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    for (size_t i = 0; i < sizeof oddities / sizeof *oddities; i++) {
        struct fake_event event = {
            .generated = ((uint64_t)T + 11644473600u) * 10000000u,
            .source = L"MSExchangeTransport",
            .computer = L"MAIL1",
            .event_id = 1708,
            .strings = {L"abc", L"LOGIN", L"bob"},
            .string_count = 3,
            .oddity = oddities[i],
        };
        uint64_t number = fake_event_log_add(&event);
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_int_equal(reading.count, 1 + i);
        assert_int_equal(reading.source->counters.malformed, i + 1);
        /* Without a number the event cannot be named. */
        bool numbered = oddities[i] != FAKE_RECORD_ID_TYPE;
        assert_int_equal(reading.source->counters.malformed_record, numbered ? number : 0);
        log_sign_ins(1, T); /* and the next one is read all the same */
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_int_equal(reading.count, 2 + i);
    }
}

static void odd_values_in_an_array_are_malformed(void **state)
{
    (void)state;
    fake_event_log.array_form = true;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    static const enum fake_oddity oddities[] = {FAKE_STRING_OUTSIDE, FAKE_STRING_UNENDED};
    for (size_t i = 0; i < sizeof oddities / sizeof *oddities; i++) {
        struct fake_event event = {
            .source = L"MSExchangeTransport",
            .computer = L"MAIL1",
            .event_id = 1708,
            .strings = {L"abc", L"LOGIN", L"bob"},
            .string_count = 3,
            .oddity = oddities[i],
        };
        fake_event_log_add(&event);
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_int_equal(reading.source->counters.malformed, i + 1);
    }
    assert_int_equal(reading.count, 0);
}

static void an_event_that_cannot_be_rendered_is_passed_over(void **state)
{
    static const DWORD errors[] = {ERROR_EVT_INVALID_EVENT_DATA, ERROR_INVALID_PARAMETER,
                                   0x7fff1234, FAKE_NO_ERROR};
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        log_sign_ins(3, T);
        assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
        reading.count = 0;
        fake_event_log_fail(FAKE_EVT_RENDER, i % 2 + 4, errors[i]); /* the second event's */
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_int_equal(reading.count, 2);
        assert_int_equal(reading.source->counters.malformed, 1);
    }
}

static void the_log_service_failing_in_a_render_loses_nothing(void **state)
{
    static const DWORD errors[] = {ERROR_INVALID_HANDLE, RPC_S_SERVER_UNAVAILABLE,
                                   RPC_S_CALL_FAILED, ERROR_NOT_ENOUGH_MEMORY};
    (void)state;
    log_sign_ins(40, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        fake_event_log_fail(FAKE_EVT_RENDER, 17, errors[i]);
        assert_int_equal(log_reading_next(&reading), errors[i]);
        assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    }
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 40);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, reading_begin_modern, reading_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_pass_through_the_query_whole),
        TEST(a_name_that_cannot_be_asked_for_is_refused),
        TEST(an_unknown_channel_is_an_error),
        TEST(a_windows_without_wevtapi_is_an_error),
        TEST(wevtapi_is_loaded_on_first_use),
        TEST(strictness_is_given_up_where_it_is_refused),
        TEST(it_starts_behind_an_event_that_was_found_backwards),
        TEST(numbers_that_restart_mean_a_new_log),
        TEST(a_bookmark_in_a_gap_neither_loses_nor_doubles),
        TEST(an_edge_of_the_log_without_a_number_tells_nothing),
        TEST(record_numbers_may_have_64_bits),
        TEST(values_of_the_wrong_kind_are_malformed),
        TEST(odd_values_in_an_array_are_malformed),
        TEST(an_event_that_cannot_be_rendered_is_passed_over),
        TEST(the_log_service_failing_in_a_render_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
