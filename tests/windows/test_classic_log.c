/* The classic reader alone: how it opens a log, finds its place in it, and is woken. What both
 * readers do alike is in test_readers_agree.c and its like. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "reading_fixture.h"
#include "windows/classic_log.h"

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
    log_sign_ins(3, T);
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
    log_sign_ins(10, T);
    log_event(T - 3600, L"Late", FAKE_SOUND);
    log_sign_ins(10, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 20);
}

static void the_search_for_the_start_ends_at_much_older_records(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 20000; i++)
        log_event(T - 3601, L"Old", FAKE_SOUND);
    log_sign_ins(10, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(fake_event_log_called(FAKE_READ_EVENT_LOG), 1);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(20001, 20010);
}

static void a_log_that_changes_during_the_search_is_searched_again(void **state)
{
    (void)state;
    log_sign_ins(5, T - 1);
    log_sign_ins(5, T);
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
    log_sign_ins(500, T - 1);
    log_sign_ins(500, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(501, 1000);
    for (unsigned i = 0; i < 5; i++) {
        log_sign_ins(i, T);
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
    log_sign_ins(10, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (unsigned i = 0; i < 13; i++) {
        log_sign_ins(1, T);
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
    log_sign_ins(10, T);
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
    log_sign_ins(50, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    reading.count = 0;
    log_sign_ins(80, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(81, 130);
    assert_int_equal(reading.change_count, 1);
    assert_int_equal(reading.changes[0].first, 51);
    assert_int_equal(reading.changes[0].last, 80);
}

/* As whatever it is that changed: what was read is not read, and counted, twice. */
static void a_change_that_leaves_the_last_record_where_it_was_is_no_clear(void **state)
{
    (void)state;
    log_numbered_sign_ins(1, 40, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    log_numbered_sign_ins(41, 5, T + 1);
    fake_event_log_fail(FAKE_READ_EVENT_LOG, 1, ERROR_EVENTLOG_FILE_CHANGED);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 45);
    assert_int_equal(reading.change_count, 0);

    /* One that cannot be looked at any more is gone. */
    fake_event_log_clear();
    log_numbered_sign_ins(46, 5, T + 2);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 50);
    assert_int_equal(reading.change_count, 1);
    assert_true(reading.changes[0].cleared);
}

static void a_jump_in_the_numbers_is_told_once_each(void **state)
{
    (void)state;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    log_sign_ins(10, T);
    fake_event_log.next_number = 21;
    log_sign_ins(10, T);
    fake_event_log.next_number = 41;
    log_sign_ins(10, T);
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
    log_sign_ins(10, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    log_sign_ins(10, T);
    stuck_handle = NULL;
    tamper(read_with_a_stuck_handle);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_records(1, 20);
    assert_int_equal(reading.change_count, 0);
}

/* ---- being woken ----------------------------------------------------------------------------- */

static void the_reader_looks_every_second_where_notification_is_refused(void **state)
{
    (void)state;
    fake_event_log.notify_refused = true;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(reading.source->poll, 1000);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    log_sign_ins(2, T);
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
        log_sign_ins(1, T);
    DWORD result = WAIT_TIMEOUT;
    GetExitCodeThread(thread, &result);
    CloseHandle(thread);
    assert_int_equal(result, WAIT_OBJECT_0);
}

static void notification_goes_on_after_a_clear(void **state)
{
    (void)state;
    log_sign_ins(3, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_clear();
    unsigned before = fake_event_log_called(FAKE_NOTIFY_CHANGE_EVENT_LOG);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_true(fake_event_log_called(FAKE_NOTIFY_CHANGE_EVENT_LOG) > before);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, reading_begin_classic, reading_end)

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
        TEST(a_change_that_leaves_the_last_record_where_it_was_is_no_clear),
        TEST(a_jump_in_the_numbers_is_told_once_each),
        TEST(a_handle_that_is_stuck_at_an_old_end_is_replaced),
        TEST(the_reader_looks_every_second_where_notification_is_refused),
        TEST(a_pulse_wakes_who_waits),
        TEST(notification_goes_on_after_a_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
