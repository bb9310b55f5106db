/* The modern reader alone: the result that it reads from, which signals, comes in batches and goes
 * stale. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "reading_fixture.h"
#include "windows/modern_log.h"

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
        log_sign_ins(1, T);
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
    log_sign_ins(1, T);
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
    log_sign_ins(1, T);
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
        log_sign_ins(100, T);
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
    log_sign_ins(20, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    tamper(next_that_is_watched);
    assert_int_equal(log_reading_next(&reading), ERROR_SUCCESS);
    assert_int_equal(most_asked, 3);
    assert_int_equal(reading.count, 3);
    fake_event_log.rpc_batch_max = 0;
    log_sign_ins(1000, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(most_asked, EVENT_SOURCE_BATCH);
    assert_records(1, 1020);
    assert_true(longest_wait <= 100);
}

static void a_single_event_that_is_too_large_is_an_error(void **state)
{
    (void)state;
    log_sign_ins(20, T);
    fake_event_log.rpc_batch_max = 1;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    fake_event_log_fail(FAKE_EVT_NEXT, 5, RPC_S_INVALID_BOUND); /* behind 30, 15, 7 and 3 */
    assert_int_equal(log_reading_next(&reading), RPC_S_INVALID_BOUND);
    assert_string_equal(fake_event_log_failed(), "EvtNext");
}

static void answers_that_cannot_be_are_not_believed(void **state)
{
    (void)state;
    log_sign_ins(1, T);
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
    log_sign_ins(100, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    unsigned before = fake_event_log_called(FAKE_HEAP_ALLOC);
    log_sign_ins(5000, T);
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
    log_sign_ins(100, T);
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
    log_sign_ins(1, T);
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

#define TEST(test) cmocka_unit_test_setup_teardown(test, reading_begin_modern, reading_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
