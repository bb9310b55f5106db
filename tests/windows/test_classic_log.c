/* What is the classic reader's alone; what both do alike is in test_readers_agree.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "fake_event_log.h"
#include "log_reading.h"
#include "windows/classic_log.h"

enum { T = 1262401445 }; /* 2010-01-02T03:04:05Z */

static struct log_reading reading;

static int begin(void **state)
{
    (void)state;
    fake_event_log_begin();
    log_reading_begin(&reading, classic_log_open);
    return 0;
}

static int end(void **state)
{
    (void)state;
    log_reading_end(&reading);
    fake_event_log_end();
    return 0;
}

static void sign_ins(unsigned count, int64_t time)
{
    for (unsigned i = 0; i < count; i++)
        fake_event_log_sign_in(time, L"a.example", L"bob");
}

static uint64_t add(int64_t time, const wchar_t *source, enum fake_oddity oddity)
{
    struct fake_event event = {
        .generated = ((uint64_t)time + 11644473600u) * 10000000u,
        .source = source,
        .computer = L"MAIL1",
        .event_id = 0xc00006ac,
        .strings = {L"a.example", L"LOGIN", L"bob"},
        .string_count = 3,
        .oddity = oddity,
    };
    return fake_event_log_add(&event);
}

/* Exactly the records first to last, each once and in order. */
static void assert_records(uint64_t first, uint64_t last)
{
    assert_int_equal(reading.count, last - first + 1);
    for (size_t i = 0; i < reading.count; i++)
        assert_int_equal(reading.events[i].record, first + i);
}

/* ---- ReadEventLog, tampered with ------------------------------------------------------------- */

static BOOL(WINAPI *inner_read)(HANDLE, DWORD, DWORD, LPVOID, DWORD, DWORD *, DWORD *);
static HANDLE stuck_handle;

static BOOL WINAPI read_with_a_stuck_handle(HANDLE log, DWORD flags, DWORD number, LPVOID buffer,
                                            DWORD size, DWORD *used, DWORD *needed)
{
    if (stuck_handle == NULL)
        stuck_handle = log;
    if (stuck_handle == log) {
        SetLastError(ERROR_HANDLE_EOF);
        return FALSE;
    }
    return inner_read(log, flags, number, buffer, size, used, needed);
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

static BOOL WINAPI read_always_changed(HANDLE log, DWORD flags, DWORD number, LPVOID buffer,
                                       DWORD size, DWORD *used, DWORD *needed)
{
    (void)log, (void)flags, (void)number, (void)buffer, (void)size, (void)used, (void)needed;
    SetLastError(ERROR_EVENTLOG_FILE_CHANGED);
    return FALSE;
}

static void tamper(BOOL(WINAPI *read)(HANDLE, DWORD, DWORD, LPVOID, DWORD, DWORD *, DWORD *))
{
    inner_read = classic_log_calls.ReadEventLogW;
    classic_log_calls.ReadEventLogW = read;
}

/* ---- opening --------------------------------------------------------------------------------- */

static void an_unknown_log_is_not_taken_for_application(void **state)
{
    (void)state;
    reading.options.channel = L"Exchange";
    assert_int_equal(log_reading_open(&reading), ERROR_FILE_NOT_FOUND);
    assert_string_equal(reading.failed_call, "RegOpenKeyExW");
    assert_int_equal(fake_event_log_called(FAKE_OPEN_EVENT_LOG), 0);
}

static void a_registered_log_is_opened(void **state)
{
    (void)state;
    fake_event_log.channel = L"Exchange";
    reading.options.channel = L"Exchange";
    sign_ins(3, T);
    for (int denied = 0; denied < 2; denied++) {
        fake_event_log.key_denied = denied;
        assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_records(1, 3);
        reading.count = 0;
        log_reading_close(&reading);
    }
    fake_event_log_fail(FAKE_REG_OPEN_KEY, 1, ERROR_REGISTRY_IO_FAILED);
    assert_int_equal(log_reading_open(&reading), ERROR_REGISTRY_IO_FAILED);
}

static void names_that_no_classic_log_has_are_refused(void **state)
{
    (void)state;
    static wchar_t too_long[257];
    for (size_t i = 0; i < 256; i++)
        too_long[i] = L'a';
    const wchar_t *const bad[] = {L"", L"Vendor/Operational", L"..\\Application", too_long};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        reading.options.channel = bad[i];
        assert_int_equal(log_reading_open(&reading), ERROR_INVALID_PARAMETER);
    }
    reading.options.channel = L"Application";
    reading.options.provider = too_long;
    assert_int_equal(log_reading_open(&reading), ERROR_INVALID_PARAMETER);
    assert_int_equal(fake_event_log_called(FAKE_OPEN_EVENT_LOG), 0);
    assert_int_equal(fake_event_log_called(FAKE_REG_OPEN_KEY), 0);
}

static void a_foreign_record_out_of_order_does_not_hide_sign_ins(void **state)
{
    (void)state;
    sign_ins(10, T);
    add(T - 3600, L"Late", FAKE_SOUND);
    sign_ins(10, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 20);
}

static void the_search_for_the_start_ends_at_much_older_records(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 20000; i++)
        add(T - 3601, L"Old", FAKE_SOUND);
    sign_ins(10, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(fake_event_log_called(FAKE_READ_EVENT_LOG), 1);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(20001, 20010);
}

static void a_log_that_changes_during_the_search_is_searched_again(void **state)
{
    (void)state;
    sign_ins(5, T - 1);
    sign_ins(5, T);
    reading.options.since = T;
    fake_event_log_fail(FAKE_READ_EVENT_LOG, 1, ERROR_EVENTLOG_FILE_CHANGED);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(6, 10);
    log_reading_close(&reading);

    tamper(read_always_changed);
    assert_int_equal(log_reading_open(&reading), ERROR_EVENTLOG_FILE_CHANGED);
}

/* ---- places ---------------------------------------------------------------------------------- */

static void a_log_that_cannot_seek_is_read_through(void **state)
{
    (void)state;
    fake_event_log.seek_fails = true;
    sign_ins(500, T - 1);
    sign_ins(500, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(501, 1000);
    for (unsigned i = 0; i < 5; i++) {
        sign_ins(i, T);
        assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    }
    assert_records(501, 1010);
    assert_int_equal(reading.change_count, 0);
}

static void numbers_go_from_the_highest_to_0(void **state)
{
    (void)state;
    fake_event_log.next_number = 0xfffffff0;
    sign_ins(10, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (unsigned i = 0; i < 13; i++) {
        sign_ins(1, T);
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        if (reading.source->last_record != 0)
            assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    }
    assert_int_equal(reading.count, 23);
    for (size_t i = 0; i < reading.count; i++)
        assert_int_equal(reading.events[i].record, (uint32_t)(0xfffffff0u + i));
    assert_int_equal(reading.change_count, 0);
}

static void a_number_of_another_reader_is_known_by_its_low_bits(void **state)
{
    (void)state;
    fake_event_log.next_number = 0x700000001;
    sign_ins(10, T);
    reading.options.resume = true;
    reading.options.after_record = 0x700000004;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(5, 10);
    assert_int_equal(reading.change_count, 0);
}

static void a_log_that_changes_where_it_is_overwritten_tells_what_is_gone(void **state)
{
    (void)state;
    fake_event_log.max_records = 50;
    fake_event_log.overrun_changes = true;
    sign_ins(50, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    reading.count = 0;
    sign_ins(80, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(81, 130);
    assert_int_equal(reading.change_count, 1);
    assert_int_equal(reading.changes[0].first, 51);
    assert_int_equal(reading.changes[0].last, 80);
}

static void a_jump_in_the_numbers_is_told_once_each(void **state)
{
    (void)state;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    sign_ins(10, T);
    fake_event_log.next_number = 21;
    sign_ins(10, T);
    fake_event_log.next_number = 41;
    sign_ins(10, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 30);
    assert_int_equal(reading.change_count, 2);
    assert_int_equal(reading.changes[0].first, 11);
    assert_int_equal(reading.changes[0].last, 20);
    assert_int_equal(reading.changes[1].first, 31);
    assert_int_equal(reading.changes[1].last, 40);
    assert_int_equal(reading.source->last_record, 50);
}

static void a_handle_that_is_stuck_at_an_old_end_is_replaced(void **state)
{
    (void)state;
    sign_ins(10, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    sign_ins(10, T);
    stuck_handle = NULL;
    tamper(read_with_a_stuck_handle);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 20);
    assert_int_equal(reading.change_count, 0);
}

/* ---- records --------------------------------------------------------------------------------- */

static void sources_are_compared_with_letters_folded(void **state)
{
    (void)state;
    add(T, L"msexchangetransport", FAKE_SOUND);
    add(T, L"MSEXCHANGETRANSPORT", FAKE_SOUND);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 2);
}

static void a_damaged_record_is_counted_and_the_next_one_read(void **state)
{
    (void)state;
    sign_ins(4, T);
    add(T, L"MSExchangeTransport", FAKE_BAD_SIGNATURE);
    sign_ins(5, T);
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
    sign_ins(4, T);
    add(T, L"MSExchangeTransport", FAKE_BAD_LENGTH);
    sign_ins(5, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 4);
    assert_int_equal(reading.source->counters.malformed, 1);
    assert_int_equal(reading.source->counters.malformed_record, 5);
    sign_ins(5, T);
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
    sign_ins(10, T - 1);
    add(T, L"MSExchangeTransport", FAKE_BAD_SIGNATURE);
    sign_ins(10, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(12, 21);
}

/* A record of about count * 2 bytes more than usual. */
static void add_long(size_t count)
{
    static wchar_t text[61000];
    for (size_t i = 0; i < count; i++)
        text[i] = L'x';
    text[count] = 0;
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
        sign_ins(1, T);
        reading.count = 0;
        assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_int_equal(reading.count, 1);
        add_long(52000); /* nearly all that ReadEventLog can give */
        sign_ins(1, T);
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
    sign_ins(1, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    unsigned before = fake_event_log_called(FAKE_HEAP_ALLOC);
    sign_ins(5000, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 5001);
    assert_int_equal(fake_event_log_called(FAKE_HEAP_ALLOC), before);
}

static void answers_that_cannot_be_are_not_believed(void **state)
{
    (void)state;
    sign_ins(1, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    tamper(read_of_nothing);
    assert_int_equal(log_reading_next(&reading), ERROR_NO_MORE_ITEMS);
    classic_log_calls.ReadEventLogW = read_of_too_much;
    assert_int_equal(log_reading_next(&reading), ERROR_INVALID_DATA);
}

/* ---- being woken ----------------------------------------------------------------------------- */

static void the_reader_looks_every_second_where_notification_is_refused(void **state)
{
    (void)state;
    fake_event_log.notify_refused = true;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(reading.source->poll, 1000);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    sign_ins(2, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 2);
}

static DWORD WINAPI wait_for_wake(LPVOID wake)
{
    return WaitForSingleObject(wake, 10000);
}

static void a_pulse_wakes_who_waits(void **state)
{
    (void)state;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(reading.source->poll, 1000);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    WaitForSingleObject(reading.source->wake, 0); /* set at first: look */
    assert_int_equal(WaitForSingleObject(reading.source->wake, 0), WAIT_TIMEOUT);
    HANDLE thread = CreateThread(NULL, 0, wait_for_wake, reading.source->wake, 0, NULL);
    assert_non_null(thread);
    unsigned pulses = 0;
    while (WaitForSingleObject(thread, 20) == WAIT_TIMEOUT && pulses++ < 400)
        sign_ins(1, T);
    DWORD result = WAIT_TIMEOUT;
    GetExitCodeThread(thread, &result);
    CloseHandle(thread);
    assert_int_equal(result, WAIT_OBJECT_0);
}

static void notification_goes_on_after_a_clear(void **state)
{
    (void)state;
    sign_ins(3, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_clear();
    unsigned before = fake_event_log_called(FAKE_NOTIFY_CHANGE_EVENT_LOG);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(fake_event_log_called(FAKE_NOTIFY_CHANGE_EVENT_LOG), before + 1);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_unknown_log_is_not_taken_for_application),
        TEST(a_registered_log_is_opened),
        TEST(names_that_no_classic_log_has_are_refused),
        TEST(a_foreign_record_out_of_order_does_not_hide_sign_ins),
        TEST(the_search_for_the_start_ends_at_much_older_records),
        TEST(a_log_that_changes_during_the_search_is_searched_again),
        TEST(a_log_that_cannot_seek_is_read_through),
        TEST(numbers_go_from_the_highest_to_0),
        TEST(a_number_of_another_reader_is_known_by_its_low_bits),
        TEST(a_log_that_changes_where_it_is_overwritten_tells_what_is_gone),
        TEST(a_jump_in_the_numbers_is_told_once_each),
        TEST(a_handle_that_is_stuck_at_an_old_end_is_replaced),
        TEST(sources_are_compared_with_letters_folded),
        TEST(a_damaged_record_is_counted_and_the_next_one_read),
        TEST(what_cannot_be_read_behind_a_damaged_length_is_told),
        TEST(damage_does_not_stop_the_search_for_the_start),
        TEST(the_buffer_grows_to_what_a_record_needs),
        TEST(a_record_larger_than_any_buffer_is_an_error),
        TEST(nothing_is_allocated_once_the_buffer_is_large_enough),
        TEST(answers_that_cannot_be_are_not_believed),
        TEST(the_reader_looks_every_second_where_notification_is_refused),
        TEST(a_pulse_wakes_who_waits),
        TEST(notification_goes_on_after_a_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
