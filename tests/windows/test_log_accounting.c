/* What both readers know of a log beyond its events: what is missing from it, how far all was
 * looked at, how full it is. Each test runs once with each reader. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "fake_event_log.h"
#include "log_reading.h"
#include "windows/classic_log.h"
#include "windows/modern_log.h"

enum { T = 1262401445, POLLS = 30 };

static struct log_reading reading;
static bool modern;

static void begin(void **state)
{
    modern = strcmp(*state, "modern") == 0;
    fake_event_log_begin();
    log_reading_begin(&reading, modern ? modern_log_open : classic_log_open);
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
        fake_event_log_sign_in(time, L"pc", L"CONTOSO\\bob");
}

static void foreign(unsigned count, int64_t time)
{
    struct fake_event event = {.generated = ((uint64_t)time + 11644473600u) * 10000000u,
                               .source = L"Other",
                               .computer = L"MAIL1",
                               .event_id = 7};
    for (unsigned i = 0; i < count; i++)
        fake_event_log_add(&event);
}

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

static void what_is_there_still_is_not_missed(void **state)
{
    begin(state);
    sign_ins(20, T);
    open_behind(10, T);
    assert_int_equal(reading.change_count, 0);
    assert_int_equal(reading.count, 20);
    assert_int_equal(reading.source->short_of, 0);
}

static void what_was_overwritten_while_nobody_read_is_told_once(void **state)
{
    begin(state);
    fake_event_log.max_records = 10;
    sign_ins(40, T);
    open_behind(12, T);
    assert_lost(13, 30);
    assert_int_equal(reading.count, 10);
    sign_ins(1, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.change_count, 1);
}

static void a_single_record_is_missed_and_the_next_one_is_not(void **state)
{
    begin(state);
    fake_event_log.max_records = 10;
    sign_ins(40, T);
    open_behind(29, T);
    assert_lost(30, 30);
    log_reading_close(&reading);
    reading.change_count = 0;
    open_behind(30, T);
    assert_int_equal(reading.change_count, 0);
}

static void a_log_with_lower_numbers_was_cleared(void **state)
{
    begin(state);
    sign_ins(5, T);
    open_behind(6, T);
    assert_cleared();
    assert_int_equal(reading.count, 5);
}

static void a_log_found_empty_was_cleared(void **state)
{
    begin(state);
    open_behind(6, T);
    assert_cleared();
    assert_int_equal(reading.source->seen.record, 0);
}

static void a_log_that_has_grown_past_it_since_is_known_by_the_time(void **state)
{
    begin(state);
    sign_ins(20, T + 500);
    open_behind(10, T);
    assert_cleared();
    assert_int_equal(reading.count, 20);
}

static void a_second_more_or_less_is_the_same_time(void **state)
{
    begin(state);
    sign_ins(20, T);
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
    begin(state);
    fake_event_log.numbers_go_on = true;
    sign_ins(20, T);
    fake_event_log_clear();
    sign_ins(3, T);
    open_behind(15, T);
    assert_lost(16, 20);
}

/* The log service was away, and the log was cleared and written to meanwhile. */
static void resuming_in_another_log_reads_it_from_its_oldest(void **state)
{
    begin(state);
    sign_ins(10, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    reading.options.seen = reading.source->seen;
    assert_int_equal(reading.options.seen.record, 10);
    assert_true(reading.options.seen.time == T);
    fake_event_log_clear();
    sign_ins(30, T + 100);
    reading.count = 0;
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 30);
    assert_cleared();
}

static void resuming_tells_what_is_missing_once(void **state)
{
    begin(state);
    fake_event_log.max_records = 10;
    sign_ins(10, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    reading.options.seen = reading.source->seen;
    sign_ins(15, T + 100);
    reading.count = 0;
    assert_int_equal(log_reading_reopen(&reading), ERROR_SUCCESS);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 10);
    assert_lost(11, 15);
}

static void a_log_that_does_not_reach_back_is_short(void **state)
{
    begin(state);
    fake_event_log.max_records = 10;
    sign_ins(25, T);
    reading.options.since = T;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(reading.source->short_of, 15);
}

static void one_that_reaches_back_is_not(void **state)
{
    begin(state);
    fake_event_log.max_records = 10;
    sign_ins(25, T);
    reading.options.since = T + 1;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(reading.source->short_of, 0);
    log_reading_close(&reading);
    foreign(10, T); /* by events of others as well */
    reading.options.since = T + 3602;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(reading.source->short_of, 0);
}

static void a_whole_log_is_never_short(void **state)
{
    begin(state);
    sign_ins(5, T);
    reading.options.since = T - 1000;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    assert_int_equal(reading.source->short_of, 0);
}

/* So that the log going round by others' events is not taken for a loss. */
static void what_others_write_is_looked_at_too(void **state)
{
    begin(state);
    fake_event_log.max_records = 50;
    sign_ins(10, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (int i = 0; i < 10; i++) {
        foreign(20, T + 60);
        for (int poll = 0; poll < POLLS; poll++)
            assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    }
    assert_int_equal(reading.source->seen.record, 210);
    assert_true(reading.source->seen.time == T + 60);
    foreign(40, T + 70);
    struct event_place seen = reading.source->seen;
    log_reading_close(&reading);
    open_behind(seen.record, seen.time);
    assert_int_equal(reading.change_count, 0);
}

/* The log went round by others' events while its service was away: they had been looked at. */
static void resuming_misses_nothing_that_was_looked_at(void **state)
{
    begin(state);
    fake_event_log.max_records = 10;
    sign_ins(1, T);
    foreign(20, T + 1);
    reading.options.seen = (struct event_place){21, T + 1};
    reading.options.after_record = modern ? 1 : 21; /* the modern one reads sign-ins alone */
    reading.options.resume = true;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    foreign(5, T + 2);
    sign_ins(1, T + 3);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.change_count, 0);
    assert_int_equal(reading.count, 1);
}

/* What came in just before the question is looked at only when it was read. */
static void what_is_not_read_yet_is_not_looked_at(void **state)
{
    begin(state);
    sign_ins(1, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (int poll = 0; poll < POLLS; poll++) {
        while (log_reading_next(&reading) == ERROR_SUCCESS)
            continue;
        sign_ins(2 * EVENT_SOURCE_BATCH, T);
        for (int i = 0; i < poll % 15; i++)
            log_reading_next(&reading);
        log_reading_next(&reading);
        assert_int_equal(reading.source->seen.record, reading.source->last_record);
    }
    log_reading_drain(&reading);
    for (int quiet = 0; quiet < 15; quiet++) {
        for (int i = 0; i < quiet; i++)
            log_reading_next(&reading);
        sign_ins(2 * EVENT_SOURCE_BATCH, T);
        log_reading_next(&reading);
        assert_int_equal(reading.source->seen.record, reading.source->last_record);
        log_reading_drain(&reading);
    }
}

static void a_log_that_is_cleared_before_any_sign_in_came_is_told(void **state)
{
    begin(state);
    foreign(20, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (int poll = 0; poll < POLLS; poll++)
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.source->seen.record, 20);
    fake_event_log_clear();
    sign_ins(1, T);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_cleared();
    assert_int_equal(reading.count, 1);
}

/* Not looked at is what came in after the question. */
static void what_comes_between_is_not_passed_over(void **state)
{
    begin(state);
    sign_ins(1, T);
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
    for (int poll = 0; poll < 5 * POLLS; poll++) {
        assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
        assert_true(reading.source->seen.record >= reading.source->last_record);
        if (poll % 7 == 0)
            sign_ins(1, T);
        else
            foreign(1, T);
    }
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.change_count, 0);
    assert_int_equal(reading.count, 1 + (5 * POLLS + 6) / 7);
}

static void every_call_of_open_behind_a_record_may_fail(void **state)
{
    unsigned nth = 1;
    const char *failed;
    begin(state);
    sign_ins(20, T);
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

/* ---- how full it is -------------------------------------------------------------------------- */

static DWORD look(struct log_facts *facts)
{
    reading.failed_call = "untouched";
    return reading.source->methods->look(reading.source, facts, &reading.failed_call);
}

static void begin_with_file(void **state)
{
    begin(state);
    fake_event_log.file = L"%SystemRoot%\\system32\\config\\AppEvent.Evt";
    fake_event_log.size = 65536;
    fake_event_log.max_size = 524288;
    assert_int_equal(log_reading_open(&reading), ERROR_SUCCESS);
}

static void a_log_that_overwrites_is_told_with_its_sizes_and_oldest_event(void **state)
{
    struct log_facts facts = {0};
    begin_with_file(state);
    foreign(1, T - 100);
    sign_ins(3, T);
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_string_equal(reading.failed_call, "untouched");
    assert_int_equal(facts.size, 65536);
    assert_int_equal(facts.max_size, 524288);
    assert_int_equal(facts.retention, LOG_OVERWRITES);
    assert_false(facts.full);
    assert_false(facts.empty);
    assert_true(facts.oldest_time == T - 100);
    /* It goes on reading where it was. */
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 3);
}

static void an_empty_log_has_no_oldest_event(void **state)
{
    struct log_facts facts = {0};
    begin_with_file(state);
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_true(facts.empty);
}

static void a_log_that_keeps_its_events_gets_full(void **state)
{
    struct log_facts facts = {0};
    begin_with_file(state);
    fake_event_log.retention = MAXDWORD;
    fake_event_log.max_records = 3;
    sign_ins(2, T);
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_int_equal(facts.retention, LOG_KEEPS);
    assert_int_equal(facts.keeps_for, UINT32_MAX);
    assert_false(facts.full);
    sign_ins(1, T);
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_true(facts.full);
}

static void a_log_that_archives_does_not(void **state)
{
    struct log_facts facts = {0};
    begin_with_file(state);
    fake_event_log.retention = MAXDWORD;
    fake_event_log.archives = true;
    fake_event_log.max_records = 3;
    sign_ins(5, T);
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_int_equal(facts.retention, LOG_ARCHIVES);
    assert_false(facts.full);
}

/* Windows 2000 and Server 2003: so many seconds. What keeps for a second only overwrites, but with
 * AutoBackupLogFiles archives. */
static void a_classic_log_may_keep_for_a_time(void **state)
{
    struct log_facts facts = {0};
    begin_with_file(state);
    fake_event_log.retention = 604800;
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_int_equal(facts.retention, LOG_KEEPS);
    assert_int_equal(facts.keeps_for, modern ? UINT32_MAX : 604800);
    fake_event_log.archives = true;
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_int_equal(facts.retention, modern ? LOG_ARCHIVES : LOG_KEEPS);
    fake_event_log.retention = 1;
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_int_equal(facts.retention, LOG_ARCHIVES);
}

static void values_of_other_types_are_not_believed(void **state)
{
    struct log_facts facts = {.size = 7};
    begin_with_file(state);
    fake_event_log.odd_types = true;
    DWORD error = look(&facts);
    if (modern) {
        assert_int_equal(error, ERROR_INVALID_DATA);
        assert_string_equal(reading.failed_call, "EvtGetChannelConfigProperty");
        assert_int_equal(facts.size, 7);
    } else {
        assert_int_equal(error, ERROR_SUCCESS);
        assert_int_equal(facts.size, 0);
        assert_int_equal(facts.max_size, 0);
        assert_int_equal(facts.retention, LOG_OVERWRITES);
    }
}

static void only_a_file_on_a_drive_is_looked_at(void **state)
{
    static const wchar_t *const elsewhere[] = {L"\\\\server\\share\\log.evt",
                                               L"AppEvent.Evt",
                                               L"C:",
                                               L"ab\\log.evt",
                                               L"\\\\.\\pipe\\log",
                                               L""};
    struct log_facts facts;
    begin_with_file(state);
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere && !modern; i++) {
        fake_event_log.file = elsewhere[i];
        assert_int_equal(look(&facts), ERROR_SUCCESS);
        assert_int_equal(facts.size, 0);
        assert_int_equal(fake_event_log_called(FAKE_GET_FILE_ATTRIBUTES), 0);
    }
    wchar_t longest[2 * MAX_PATH] = L"C:\\";
    for (size_t i = 3; i < 2 * MAX_PATH - 1; i++)
        longest[i] = L'x';
    fake_event_log.file = longest;
    assert_int_equal(look(&facts), ERROR_SUCCESS);
    assert_int_equal(fake_event_log_called(FAKE_GET_FILE_ATTRIBUTES), 0);
    assert_int_equal(facts.max_size, 524288);
}

/* What is only nice to know may be missing; else the call that failed is named. */
static void every_call_of_look_may_fail(void **state)
{
    unsigned nth = 1;
    const char *failed;
    begin_with_file(state);
    sign_ins(3, T);
    do {
        struct log_facts facts = {.size = 7};
        fake_event_log_fail_any(nth++, ERROR_ACCESS_DENIED);
        DWORD error = look(&facts);
        failed = fake_event_log_failed();
        if (error != ERROR_SUCCESS) {
            assert_int_equal(error, strcmp(failed, "HeapAlloc") == 0 ? ERROR_NOT_ENOUGH_MEMORY
                                                                     : ERROR_ACCESS_DENIED);
            assert_string_equal(reading.failed_call, failed);
            assert_int_equal(facts.size, 7);
        } else if (failed != NULL && strcmp(failed, "EvtRender") != 0) {
            assert_false(modern);
        }
    } while (failed != NULL);
    assert_true(nth > 9);
    assert_int_equal(log_reading_drain(&reading), ERROR_NO_MORE_ITEMS);
    assert_int_equal(reading.count, 3);
}

static void a_stopped_service_says_so(void **state)
{
    struct log_facts facts;
    begin_with_file(state);
    fake_event_log_stop();
    assert_int_equal(look(&facts), RPC_S_SERVER_UNAVAILABLE);
}

#define WITH_BOTH(test)                                                                            \
    {"modern: " #test, test, NULL, end, "modern"},                                                 \
    {                                                                                              \
        "classic: " #test, test, NULL, end, "classic"                                              \
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
        WITH_BOTH(a_log_that_does_not_reach_back_is_short),
        WITH_BOTH(one_that_reaches_back_is_not),
        WITH_BOTH(a_whole_log_is_never_short),
        WITH_BOTH(what_others_write_is_looked_at_too),
        WITH_BOTH(a_log_that_is_cleared_before_any_sign_in_came_is_told),
        WITH_BOTH(what_comes_between_is_not_passed_over),
        WITH_BOTH(resuming_misses_nothing_that_was_looked_at),
        WITH_BOTH(what_is_not_read_yet_is_not_looked_at),
        WITH_BOTH(every_call_of_open_behind_a_record_may_fail),
        WITH_BOTH(a_log_that_overwrites_is_told_with_its_sizes_and_oldest_event),
        WITH_BOTH(an_empty_log_has_no_oldest_event),
        WITH_BOTH(a_log_that_keeps_its_events_gets_full),
        WITH_BOTH(a_log_that_archives_does_not),
        WITH_BOTH(a_classic_log_may_keep_for_a_time),
        WITH_BOTH(values_of_other_types_are_not_believed),
        WITH_BOTH(only_a_file_on_a_drive_is_looked_at),
        WITH_BOTH(every_call_of_look_may_fail),
        WITH_BOTH(a_stopped_service_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
