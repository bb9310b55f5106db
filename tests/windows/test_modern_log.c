/* What is the modern reader's alone; what both do alike is in test_readers_agree.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "fake_event_log.h"
#include "log_reading.h"
#include "windows/modern_log.h"
#include "windows/system_library.h"

enum { T = 1262401445 }; /* 2010-01-02T03:04:05Z */

static struct log_reading reading;

static int begin(void **state)
{
    (void)state;
    fake_event_log_begin();
    log_reading_begin(&reading, modern_log_open);
    return 0;
}

static int end(void **state)
{
    (void)state;
    log_reading_end(&reading);
    fake_event_log_end();
    return 0;
}

static void sign_ins(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        fake_event_log_sign_in(T, L"a.example", L"bob");
}

/* Exactly the records first to last, each once and in order. */
static void assert_records(uint64_t first, uint64_t last)
{
    assert_int_equal(reading.count, last - first + 1);
    for (size_t i = 0; i < reading.count; i++)
        assert_int_equal(reading.events[i].record, first + i);
}

static bool is_set(HANDLE event)
{
    return WaitForSingleObject(event, 0) == WAIT_OBJECT_0;
}

/* ---- EvtNext, tampered with ------------------------------------------------------------------ */

static BOOL(WINAPI *inner_next)(EVT_HANDLE, DWORD, EVT_HANDLE *, DWORD, DWORD, PDWORD);
static DWORD most_asked;
static DWORD longest_wait;

static BOOL WINAPI next_with_late_event(EVT_HANDLE result, DWORD size, EVT_HANDLE *events,
                                        DWORD timeout, DWORD flags, PDWORD count)
{
    BOOL found = inner_next(result, size, events, timeout, flags, count);
    DWORD error = GetLastError();
    if (!found)
        sign_ins(1);
    SetLastError(error);
    return found;
}

static BOOL WINAPI next_that_is_watched(EVT_HANDLE result, DWORD size, EVT_HANDLE *events,
                                        DWORD timeout, DWORD flags, PDWORD count)
{
    most_asked = size;
    longest_wait = timeout > longest_wait ? timeout : longest_wait;
    return inner_next(result, size, events, timeout, flags, count);
}

static BOOL WINAPI next_without_any(EVT_HANDLE result, DWORD size, EVT_HANDLE *events,
                                    DWORD timeout, DWORD flags, PDWORD count)
{
    (void)result, (void)size, (void)events, (void)timeout, (void)flags;
    *count = 0;
    return TRUE;
}

static BOOL WINAPI next_with_too_many(EVT_HANDLE result, DWORD size, EVT_HANDLE *events,
                                      DWORD timeout, DWORD flags, PDWORD count)
{
    (void)result, (void)events, (void)timeout, (void)flags;
    *count = size + 1;
    return TRUE;
}

static void tamper(BOOL(WINAPI *next)(EVT_HANDLE, DWORD, EVT_HANDLE *, DWORD, DWORD, PDWORD))
{
    inner_next = modern_log_calls.EvtNext;
    modern_log_calls.EvtNext = next;
}

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
    sign_ins(40);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 40);
}

/* ---- the signal ------------------------------------------------------------------------------ */

static void the_signal_is_set_by_sign_ins_alone(void **state)
{
    (void)state;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_true(is_set(reading.source->wake)); /* there may be something: look */
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_false(is_set(reading.source->wake));
    struct fake_event foreign = {
        .source = L"Other", .computer = L"MAIL1", .event_id = 1708, .string_count = 0};
    fake_event_log_add(&foreign);
    assert_false(is_set(reading.source->wake));
    sign_ins(1);
    assert_true(is_set(reading.source->wake));
    assert_true(is_set(reading.source->wake)); /* manual-reset: until it is looked */
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_false(is_set(reading.source->wake));
}

static void an_event_that_comes_just_after_the_look_is_signalled(void **state)
{
    (void)state;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    tamper(next_with_late_event);
    assert_int_equal(log_reading_next(&reading), ERROR_NO_MORE_ITEMS);
    assert_true(is_set(reading.source->wake));
    modern_log_calls.EvtNext = inner_next;
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 1);
}

static void a_slow_log_service_is_looked_at_again(void **state)
{
    (void)state;
    sign_ins(1);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    fake_event_log_fail(FAKE_EVT_NEXT, 1, ERROR_TIMEOUT);
    assert_int_equal(log_reading_next(&reading), ERROR_NO_MORE_ITEMS);
    assert_true(is_set(reading.source->wake));
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 1);
}

/* ---- batches --------------------------------------------------------------------------------- */

static void a_batch_that_is_too_large_is_halved_and_nothing_is_lost(void **state)
{
    (void)state;
    for (DWORD most = 1; most <= EVENT_SOURCE_BATCH; most++) {
        fake_event_log.rpc_batch_max = most;
        sign_ins(100);
        assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_records(1, most * 100);
        assert_int_equal(reading.change_count, 0);
    }
}

static void a_halved_batch_grows_again(void **state)
{
    (void)state;
    fake_event_log.rpc_batch_max = 3;
    sign_ins(20);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    tamper(next_that_is_watched);
    assert_int_equal(log_reading_next(&reading), ERROR_SUCCESS);
    assert_int_equal(most_asked, 3);
    assert_int_equal(reading.count, 3);
    fake_event_log.rpc_batch_max = 0;
    sign_ins(1000);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(most_asked, EVENT_SOURCE_BATCH);
    assert_records(1, 1020);
    assert_true(longest_wait <= 100);
}

static void a_single_event_that_is_too_large_is_an_error(void **state)
{
    (void)state;
    sign_ins(20);
    fake_event_log.rpc_batch_max = 1;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    fake_event_log_fail(FAKE_EVT_NEXT, 5, RPC_S_INVALID_BOUND); /* behind 30, 15, 7 and 3 */
    assert_int_equal(log_reading_next(&reading), RPC_S_INVALID_BOUND);
    assert_string_equal(fake_event_log_failed(), "EvtNext");
}

static void answers_that_cannot_be_are_not_believed(void **state)
{
    (void)state;
    sign_ins(1);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    tamper(next_without_any);
    assert_int_equal(log_reading_next(&reading), ERROR_NO_MORE_ITEMS);
    modern_log_calls.EvtNext = next_with_too_many;
    assert_int_equal(log_reading_next(&reading), ERROR_INVALID_DATA);
    modern_log_calls.EvtNext = inner_next;
}

static void nothing_is_allocated_once_buffers_are_large_enough(void **state)
{
    (void)state;
    sign_ins(100);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    unsigned before = fake_event_log_called(FAKE_HEAP_ALLOC);
    sign_ins(5000);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 5100);
    assert_int_equal(fake_event_log_called(FAKE_HEAP_ALLOC), before);
}

/* ---- stale results --------------------------------------------------------------------------- */

static void a_stale_result_is_renewed_behind_the_last_event(void **state)
{
    static const DWORD errors[] = {ERROR_EVT_QUERY_RESULT_STALE,
                                   ERROR_EVT_QUERY_RESULT_INVALID_POSITION};
    (void)state;
    sign_ins(100);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (unsigned i = 0; i < 4; i++) {
        fake_event_log_fail(FAKE_EVT_NEXT, 1, errors[i % 2]);
        assert_int_equal(log_reading_next(&reading), ERROR_SUCCESS);
    }
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 100);
    assert_int_equal(reading.change_count, 0);
    assert_int_equal(fake_event_log_called(FAKE_EVT_SUBSCRIBE), 5);
}

static BOOL WINAPI next_always_stale(EVT_HANDLE result, DWORD size, EVT_HANDLE *events,
                                     DWORD timeout, DWORD flags, PDWORD count)
{
    (void)result, (void)size, (void)events, (void)timeout, (void)flags, (void)count;
    SetLastError(ERROR_EVT_QUERY_RESULT_STALE);
    return FALSE;
}

static void a_result_that_stays_stale_is_an_error(void **state)
{
    (void)state;
    sign_ins(1);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    tamper(next_always_stale);
    assert_int_equal(log_reading_next(&reading), ERROR_EVT_QUERY_RESULT_STALE);
    assert_int_equal(fake_event_log_called(FAKE_EVT_SUBSCRIBE), 2);
    modern_log_calls.EvtNext = inner_next;
}

static void to_find_nothing_is_said_in_more_than_one_way(void **state)
{
    (void)state;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    fake_event_log_fail(FAKE_EVT_NEXT, 1, ERROR_INVALID_OPERATION);
    assert_int_equal(log_reading_next(&reading), ERROR_NO_MORE_ITEMS);
}

static void numbers_that_restart_mean_a_new_log(void **state)
{
    (void)state;
    sign_ins(50);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log.next_number = 1;
    sign_ins(10);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 60);
    assert_int_equal(reading.change_count, 1);
    assert_true(reading.changes[0].cleared);
    assert_int_equal(reading.source->last_record, 10);
}

static void a_bookmark_in_a_gap_neither_loses_nor_doubles(void **state)
{
    (void)state;
    sign_ins(10);
    fake_event_log.next_number = 20;
    sign_ins(11);
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
    sign_ins(10);
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
    sign_ins(100);
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
    sign_ins(1);
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
        bool numbered = oddities[i] != FAKE_RECORD_ID_TYPE && oddities[i] != FAKE_FEW_PROPERTIES;
        assert_int_equal(reading.source->counters.malformed_record, numbered ? number : 0);
        sign_ins(1); /* and the next one is read all the same */
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
        sign_ins(3);
        assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
        reading.count = 0;
        fake_event_log_fail(FAKE_EVT_RENDER, i % 2 + 3, errors[i]); /* the second event's */
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
    sign_ins(40);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        fake_event_log_fail(FAKE_EVT_RENDER, 17, errors[i]);
        assert_int_equal(log_reading_next(&reading), errors[i]);
        assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    }
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 40);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_pass_through_the_query_whole),
        TEST(a_name_that_cannot_be_asked_for_is_refused),
        TEST(an_unknown_channel_is_an_error),
        TEST(a_windows_without_wevtapi_is_an_error),
        TEST(wevtapi_is_loaded_on_first_use),
        TEST(strictness_is_given_up_where_it_is_refused),
        TEST(the_signal_is_set_by_sign_ins_alone),
        TEST(an_event_that_comes_just_after_the_look_is_signalled),
        TEST(a_slow_log_service_is_looked_at_again),
        TEST(a_batch_that_is_too_large_is_halved_and_nothing_is_lost),
        TEST(a_halved_batch_grows_again),
        TEST(a_single_event_that_is_too_large_is_an_error),
        TEST(answers_that_cannot_be_are_not_believed),
        TEST(nothing_is_allocated_once_buffers_are_large_enough),
        TEST(a_stale_result_is_renewed_behind_the_last_event),
        TEST(a_result_that_stays_stale_is_an_error),
        TEST(to_find_nothing_is_said_in_more_than_one_way),
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
