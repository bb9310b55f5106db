/* What both readers do alike with a log that is reopened, stopped, cleared or overwritten while
 * they read it. Each test runs once with each reader. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "reading_fixture.h"

/* ---- reopened and stopped -------------------------------------------------------------------- */

static void a_reopened_source_goes_on_behind_its_last_record(void **state)
{
    reading_begin(state);
    log_numbered_sign_ins(1, 1000, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    while (reading.count < 1000) {
        assert_int_equal(log_reading_next(&reading), ERROR_SUCCESS);
        assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    }
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    log_numbered_sign_ins(1001, 5, T);
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 1005);
    assert_int_equal(reading.change_count, 0);
}

static void to_resume_behind_no_record_reads_all(void **state)
{
    reading_begin(state);
    log_numbered_sign_ins(1, 7, T);
    reading.options.resume = true;
    reading.options.since = T + 1000;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 7);
}

static void a_stopped_log_service_is_an_error_and_nothing_is_lost(void **state)
{
    reading_begin(state);
    log_numbered_sign_ins(1, 200, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_next(&reading), ERROR_SUCCESS);
    size_t before = reading.count;
    fake_event_log_stop();
    DWORD error = log_reading_drain(&reading);
    assert_true(error == RPC_S_SERVER_UNAVAILABLE || error == ERROR_INVALID_HANDLE);
    assert_true(reading.count >= before);
    reading.options.after_record = reading.source->last_record;
    reading.options.resume = true;
    log_numbered_sign_ins(201, 10, T + 1); /* a kernel log writes on */
    assert_int_equal(log_reading_reopen(&reading), RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(log_reading_open(&reading), RPC_S_SERVER_UNAVAILABLE);
    fake_event_log_start();
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 210);
    assert_int_equal(reading.change_count, 0);
}

static void a_handle_of_an_earlier_run_of_the_service_is_an_error(void **state)
{
    reading_begin(state);
    log_numbered_sign_ins(1, 10, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_stop();
    fake_event_log_start();
    assert_int_equal(log_reading_drain(&reading), ERROR_INVALID_HANDLE);
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    log_numbered_sign_ins(11, 1, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 11);
}

/* ---- cleared --------------------------------------------------------------------------------- */

static void a_log_cleared_in_mid_burst_is_read_on_from_its_oldest(void **state)
{
    reading_begin(state);
    fake_event_log.numbers_go_on = false;
    log_numbered_sign_ins(1, 100, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_clear();
    log_numbered_sign_ins(101, 70, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 170);
    assert_int_equal(reading.change_count, 1);
    assert_true(reading.changes[0].cleared);
    assert_int_equal(reading.source->last_record, 70);
    log_numbered_sign_ins(171, 50, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 220);
    assert_int_equal(reading.change_count, 1);
}

static void numbers_that_restart_tell_of_a_clear(void **state)
{
    reading_begin(state);
    fake_event_log.clears_in_silence = true;
    log_numbered_sign_ins(1, 100, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_clear();
    log_numbered_sign_ins(101, 70, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 170);
    assert_int_equal(reading.change_count, 1);
    assert_true(reading.changes[0].cleared);
    assert_int_equal(reading.source->last_record, 70);
}

static void a_cleared_log_whose_numbers_go_on_is_read_on(void **state)
{
    reading_begin(state);
    fake_event_log.numbers_go_on = true;
    log_numbered_sign_ins(1, 100, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    log_numbered_sign_ins(900, 20, T); /* 101 to 120, gone before they are read */
    fake_event_log_clear();
    log_numbered_sign_ins(101, 70, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 170);
    assert_int_equal(reading.change_count, 1);
    assert_int_equal(reading.changes[0].first, 101);
    assert_int_equal(reading.changes[0].last, 120);
}

static void a_clear_of_what_was_read_already_loses_nothing(void **state)
{
    reading_begin(state);
    fake_event_log.numbers_go_on = true;
    log_numbered_sign_ins(1, 100, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_clear();
    log_numbered_sign_ins(101, 10, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 110);
    for (size_t i = 0; i < reading.change_count; i++)
        assert_true(reading.changes[i].first == 0 && reading.changes[i].last == 0);
}

static void a_number_given_twice_tells_of_a_clear(void **state)
{
    reading_begin(state);
    fake_event_log.clears_in_silence = true;
    log_numbered_sign_ins(1, 1, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_clear();
    log_numbered_sign_ins(2, 1, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 2);
    assert_int_equal(reading.change_count, 1);
    assert_true(reading.changes[0].cleared);
}

static void a_log_cleared_while_nobody_read_it_is_read_from_its_oldest(void **state)
{
    reading_begin(state);
    log_numbered_sign_ins(1, 100, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_stop();
    fake_event_log_clear();
    log_numbered_sign_ins(101, 60, T);
    fake_event_log_start();
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 160);
    assert_int_equal(reading.change_count, 1);
    assert_true(reading.changes[0].cleared);
}

static void a_log_found_empty_was_cleared(void **state)
{
    reading_begin(state);
    log_numbered_sign_ins(1, 100, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    fake_event_log_clear();
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.change_count, 1);
    assert_true(reading.changes[0].cleared);
    log_numbered_sign_ins(101, 3, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 103);
    assert_int_equal(reading.change_count, 1);
}

/* ---- overwritten ----------------------------------------------------------------------------- */

static void a_single_overwritten_record_is_told(void **state)
{
    reading_begin(state);
    fake_event_log.max_records = 50;
    log_numbered_sign_ins(1, 50, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    log_numbered_sign_ins(51, 51, T); /* the log now has 52 to 101 */
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 100);
    assert_int_equal(reading.change_count, 1);
    assert_int_equal(reading.changes[0].first, 51);
    assert_int_equal(reading.changes[0].last, 51);
}

static void overwritten_records_are_told(void **state)
{
    reading_begin(state);
    fake_event_log.max_records = 50;
    log_numbered_sign_ins(1, 50, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 50);
    reading.count = 0;
    log_numbered_sign_ins(51, 80, T); /* the log now has 81 to 130 */
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(81, 50);
    assert_int_equal(reading.change_count, 1);
    assert_false(reading.changes[0].cleared);
    assert_int_equal(reading.changes[0].first, 51);
    assert_int_equal(reading.changes[0].last, 80);
}

static void records_overwritten_while_nobody_read_are_told(void **state)
{
    reading_begin(state);
    fake_event_log.max_records = 50;
    log_numbered_sign_ins(1, 50, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    log_numbered_sign_ins(51, 80, T);
    reading.count = 0;
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(81, 50);
    assert_int_equal(reading.change_count, 1);
    assert_int_equal(reading.changes[0].first, 51);
    assert_int_equal(reading.changes[0].last, 80);
}

static void nothing_is_told_when_just_the_last_record_was_overwritten(void **state)
{
    reading_begin(state);
    fake_event_log.max_records = 50;
    log_numbered_sign_ins(1, 50, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    log_numbered_sign_ins(51, 50, T); /* the log now has 51 to 100 */
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_seen(1, 100);
    assert_int_equal(reading.change_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOTH(a_reopened_source_goes_on_behind_its_last_record),
        WITH_BOTH(to_resume_behind_no_record_reads_all),
        WITH_BOTH(a_stopped_log_service_is_an_error_and_nothing_is_lost),
        WITH_BOTH(a_handle_of_an_earlier_run_of_the_service_is_an_error),
        WITH_BOTH(a_log_cleared_in_mid_burst_is_read_on_from_its_oldest),
        WITH_BOTH(numbers_that_restart_tell_of_a_clear),
        WITH_BOTH(a_cleared_log_whose_numbers_go_on_is_read_on),
        WITH_BOTH(a_clear_of_what_was_read_already_loses_nothing),
        WITH_BOTH(a_number_given_twice_tells_of_a_clear),
        WITH_BOTH(a_single_overwritten_record_is_told),
        WITH_BOTH(a_log_cleared_while_nobody_read_it_is_read_from_its_oldest),
        WITH_BOTH(a_log_found_empty_was_cleared),
        WITH_BOTH(overwritten_records_are_told),
        WITH_BOTH(records_overwritten_while_nobody_read_are_told),
        WITH_BOTH(nothing_is_told_when_just_the_last_record_was_overwritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
