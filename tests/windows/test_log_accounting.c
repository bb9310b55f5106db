/* What both readers know of a log beyond its events: what is missing from it, and how far all was
 * looked at. Each test runs once with each reader. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "reading_fixture.h"

enum { POLLS = 30 };

/* Opens as after a restart of the service, which had read up to a record. */
static void open_behind(uint64_t record, int64_t time)
{
    reading.options.seen = (struct event_place){record, time};
    reading.options.since = T - 3600;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
}

static void assert_lost(uint64_t first, uint64_t last)
{
    assert_int_equal(reading.change_count, 1);
    assert_false(reading.changes[0].cleared);
    assert_int_equal(reading.changes[0].first, first);
    assert_int_equal(reading.changes[0].last, last);
}

static void assert_cleared(void)
{
    assert_int_equal(reading.change_count, 1);
    assert_true(reading.changes[0].cleared);
    assert_int_equal(reading.changes[0].last, 0);
}

/* ---- what is missing ------------------------------------------------------------------------- */

static void what_is_there_still_is_not_missed(void **state)
{
    reading_begin(state);
    log_sign_ins(20, T);
    open_behind(10, T);
    assert_int_equal(reading.change_count, 0);
    assert_int_equal(reading.count, 20);
    assert_int_equal(reading.source->short_of, 0);
}

static void what_was_overwritten_while_nobody_read_is_told_once(void **state)
{
    reading_begin(state);
    fake_event_log.max_records = 10;
    log_sign_ins(40, T);
    open_behind(12, T);
    assert_lost(13, 30);
    assert_int_equal(reading.count, 10);
    log_sign_ins(1, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.change_count, 1);
}

static void a_single_record_is_missed_and_the_next_one_is_not(void **state)
{
    reading_begin(state);
    fake_event_log.max_records = 10;
    log_sign_ins(40, T);
    open_behind(29, T);
    assert_lost(30, 30);
    log_reading_close(&reading);
    reading.change_count = 0;
    open_behind(30, T);
    assert_int_equal(reading.change_count, 0);
}

static void a_log_with_lower_numbers_was_cleared(void **state)
{
    reading_begin(state);
    log_sign_ins(5, T);
    open_behind(6, T);
    assert_cleared();
    assert_int_equal(reading.count, 5);
}

static void a_log_found_empty_was_cleared(void **state)
{
    reading_begin(state);
    open_behind(6, T);
    assert_cleared();
    assert_int_equal(reading.source->seen.record, 0);
}

static void a_log_that_has_grown_past_it_since_is_known_by_the_time(void **state)
{
    reading_begin(state);
    log_sign_ins(20, T + 500);
    open_behind(10, T);
    assert_cleared();
    assert_int_equal(reading.count, 20);
}

static void a_second_more_or_less_is_the_same_time(void **state)
{
    reading_begin(state);
    log_sign_ins(20, T);
    for (int64_t off = -2; off <= 2; off++) {
        reading.change_count = 0;
        open_behind(10, T + off);
        assert_int_equal(reading.change_count, off == -2 || off == 2);
        log_reading_close(&reading);
    }
    reading.change_count = 0;
    open_behind(10, 0); /* not known */
    assert_int_equal(reading.change_count, 0);
    log_reading_close(&reading);
    open_behind(10, INT64_MIN);
    assert_cleared();
}

static void numbers_that_went_on_through_a_clear_tell_what_is_lost(void **state)
{
    reading_begin(state);
    fake_event_log.numbers_go_on = true;
    log_sign_ins(20, T);
    fake_event_log_clear();
    log_sign_ins(3, T);
    open_behind(15, T);
    assert_lost(16, 20);
}

/* The log service was away, and the log was cleared and written to meanwhile. */
static void resuming_in_another_log_reads_it_from_its_oldest(void **state)
{
    reading_begin(state);
    log_sign_ins(10, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    reading.options.seen = reading.source->seen;
    assert_int_equal(reading.options.seen.record, 10);
    assert_true(reading.options.seen.time == T);
    fake_event_log_clear();
    log_sign_ins(30, T + 100);
    reading.count = 0;
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 30);
    assert_cleared();
}

static void resuming_tells_what_is_missing_once(void **state)
{
    reading_begin(state);
    fake_event_log.max_records = 10;
    log_sign_ins(10, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    reading.options.seen = reading.source->seen;
    log_sign_ins(15, T + 100);
    reading.count = 0;
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 10);
    assert_lost(11, 15);
}

static void every_call_of_open_behind_a_record_may_fail(void **state)
{
    unsigned nth = 1;
    const char *failed;
    reading_begin(state);
    log_sign_ins(20, T);
    reading.options.seen = (struct event_place){10, T};
    reading.options.since = T - 3600;
    do {
        fake_event_log_fail_any(nth++, RPC_S_CALL_FAILED);
        DWORD error = log_reading_open(&reading);
        failed = fake_event_log_failed();
        if (error != ERROR_SUCCESS) {
            assert_int_equal(error, strcmp(failed, "HeapAlloc") == 0 ? ERROR_NOT_ENOUGH_MEMORY
                                                                     : RPC_S_CALL_FAILED);
            assert_string_equal(reading.failed_call, failed);
            continue;
        }
        reading.count = 0;
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_int_equal(reading.count, 20);
        assert_int_equal(reading.change_count, 0); /* in doubt nothing was cleared */
        log_reading_close(&reading);
    } while (failed != NULL);
    assert_true(nth > 8);
}

/* ---- how far all was looked at --------------------------------------------------------------- */

/* So that the log going round by others' events is not taken for a loss. */
static void what_others_write_is_looked_at_too(void **state)
{
    reading_begin(state);
    fake_event_log.max_records = 50;
    log_sign_ins(10, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (int i = 0; i < 10; i++) {
        log_foreign(20, T + 60);
        for (int poll = 0; poll < POLLS; poll++)
            assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    }
    assert_int_equal(reading.source->seen.record, 210);
    assert_true(reading.source->seen.time == T + 60);
    log_foreign(40, T + 70);
    struct event_place seen = reading.source->seen;
    log_reading_close(&reading);
    open_behind(seen.record, seen.time);
    assert_int_equal(reading.change_count, 0);
}

/* The log went round by others' events while its service was away: they had been looked at. */
static void resuming_misses_nothing_that_was_looked_at(void **state)
{
    reading_begin(state);
    fake_event_log.max_records = 10;
    log_sign_ins(1, T);
    log_foreign(20, T + 1);
    reading.options.seen = (struct event_place){21, T + 1};
    /* the modern one reads sign-ins alone */
    reading.options.after_record = reading_with_modern(state) ? 1 : 21;
    reading.options.resume = true;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    log_foreign(5, T + 2);
    log_sign_ins(1, T + 3);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.change_count, 0);
    assert_int_equal(reading.count, 1);
}

/* What came in just before the question is looked at only when it was read. */
static void what_is_not_read_yet_is_not_looked_at(void **state)
{
    reading_begin(state);
    log_sign_ins(1, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (int poll = 0; poll < POLLS; poll++) {
        while (log_reading_next(&reading) == ERROR_SUCCESS)
            continue;
        log_sign_ins(2 * EVENT_SOURCE_BATCH, T);
        for (int i = 0; i < poll % 15; i++)
            log_reading_next(&reading);
        log_reading_next(&reading);
        assert_int_equal(reading.source->seen.record, reading.source->last_record);
    }
    log_reading_drain(&reading);
    for (int quiet = 0; quiet < 15; quiet++) {
        for (int i = 0; i < quiet; i++)
            log_reading_next(&reading);
        log_sign_ins(2 * EVENT_SOURCE_BATCH, T);
        log_reading_next(&reading);
        assert_int_equal(reading.source->seen.record, reading.source->last_record);
        log_reading_drain(&reading);
    }
}

static void a_log_that_is_cleared_before_any_sign_in_came_is_told(void **state)
{
    reading_begin(state);
    log_foreign(20, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (int poll = 0; poll < POLLS; poll++)
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.source->seen.record, 20);
    fake_event_log_clear();
    log_sign_ins(1, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_cleared();
    assert_int_equal(reading.count, 1);
}

/* Not looked at is what came in after the question. */
static void what_comes_between_is_not_passed_over(void **state)
{
    reading_begin(state);
    log_sign_ins(1, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (int poll = 0; poll < 5 * POLLS; poll++) {
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_true(reading.source->seen.record >= reading.source->last_record);
        if (poll % 7 == 0)
            log_sign_ins(1, T);
        else
            log_foreign(1, T);
    }
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.change_count, 0);
    assert_int_equal(reading.count, 1 + (5 * POLLS + 6) / 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOTH(what_is_there_still_is_not_missed),
        WITH_BOTH(what_was_overwritten_while_nobody_read_is_told_once),
        WITH_BOTH(a_single_record_is_missed_and_the_next_one_is_not),
        WITH_BOTH(a_log_with_lower_numbers_was_cleared),
        WITH_BOTH(a_log_found_empty_was_cleared),
        WITH_BOTH(a_log_that_has_grown_past_it_since_is_known_by_the_time),
        WITH_BOTH(a_second_more_or_less_is_the_same_time),
        WITH_BOTH(numbers_that_went_on_through_a_clear_tell_what_is_lost),
        WITH_BOTH(resuming_in_another_log_reads_it_from_its_oldest),
        WITH_BOTH(resuming_tells_what_is_missing_once),
        WITH_BOTH(what_others_write_is_looked_at_too),
        WITH_BOTH(a_log_that_is_cleared_before_any_sign_in_came_is_told),
        WITH_BOTH(what_comes_between_is_not_passed_over),
        WITH_BOTH(resuming_misses_nothing_that_was_looked_at),
        WITH_BOTH(what_is_not_read_yet_is_not_looked_at),
        WITH_BOTH(every_call_of_open_behind_a_record_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
