/* The choice of the reader, and outages of the log. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "log_reader_scene.h"

static void auto_takes_the_modern_reader_where_it_is(void **state)
{
    (void)state;
    log_world.records = 70;
    log_reader_begin(&log_reader, &log_settings, 1234);
    assert_true(log_reader_open(&log_reader));
    assert_string_equal(log_reader.source->kind, "modern");
    assert_int_equal(log_world.opened_since, 1234);
    assert_int_equal(log_reader_scene_read_all(), 70);
    assert_int_equal(log_reader.last_record, 70);
    assert_int_equal(log_reader_wait(&log_reader), INFINITE);
}

static void auto_falls_back_when_there_is_no_wevtapi_and_says_so(void **state)
{
    (void)state;
    log_world.modern_error = ERROR_MOD_NOT_FOUND;
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_true(log_reader_open(&log_reader));
    assert_string_equal(log_reader.source->kind, "classic");
    assert_non_null(strstr(log_reader.why, "no wevtapi.dll"));
    assert_int_equal(log_reader_wait(&log_reader), 1000);
}

static void auto_falls_back_when_it_will_not_subscribe_and_names_call_and_code(void **state)
{
    (void)state;
    log_world.modern_error = ERROR_ACCESS_DENIED;
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_true(log_reader_open(&log_reader));
    assert_string_equal(log_reader.source->kind, "classic");
    assert_non_null(strstr(log_reader.why, "EvtSubscribe failed with error 5"));
}

/* Of a collector's channel the classic API knows nothing, which says nothing of what is wrong. */
static void when_neither_can_read_the_error_is_that_of_the_one_that_should(void **state)
{
    (void)state;
    log_world.modern_error = RPC_S_SERVER_UNAVAILABLE;
    log_world.classic_error = ERROR_FILE_NOT_FOUND;
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_false(log_reader_open(&log_reader));
    recorder_expect(MSG_LOG_LOST, 1, L"EvtSubscribe");
    assert_non_null(wcsstr(recorder_string(MSG_LOG_LOST, 2), L"1722"));

    log_world.modern_error = ERROR_MOD_NOT_FOUND;
    log_reader_begin(&log_reader, &log_settings, 0);
    struct event_source *source = NULL;
    char why[LOG_READER_WHY_SIZE];
    const char *call = "";
    DWORD refused;
    const struct event_source_options options = {.channel = log_settings.channel};
    assert_int_equal(log_reader_choose(READER_AUTO, &options, &source, why, &refused, &call),
                     ERROR_FILE_NOT_FOUND);
    assert_string_equal(call, "OpenEventLog");
    assert_int_equal(refused, ERROR_SUCCESS);
}

static void whoever_is_told_to_stop_tries_no_other(void **state)
{
    (void)state;
    struct event_source *source = NULL;
    char why[LOG_READER_WHY_SIZE];
    const char *call = "";
    DWORD refused = 1;
    const struct event_source_options options = {.channel = log_settings.channel};
    log_world.modern_error = ERROR_CANCELLED;
    assert_int_equal(log_reader_choose(READER_AUTO, &options, &source, why, &refused, &call),
                     ERROR_CANCELLED);
    assert_string_equal(call, "EvtSubscribe");
    assert_int_equal(refused, ERROR_SUCCESS);
    assert_null(source);
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_false(log_reader_open(&log_reader));
    assert_int_equal(recorder_count(MSG_LOG_LOST), 0);
}

/* Stopped while the second one is tried, for whatever the first one failed: that is no outage. */
static void whoever_is_told_to_stop_tells_of_no_outage(void **state)
{
    (void)state;
    log_world.modern_error = RPC_S_SERVER_UNAVAILABLE;
    log_world.classic_error = ERROR_CANCELLED;
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_false(log_reader_open(&log_reader));
    assert_int_equal(recorder_count(MSG_LOG_LOST), 0);
}

static void a_set_reader_is_the_only_one_tried(void **state)
{
    (void)state;
    log_settings.reader = READER_MODERN;
    log_world.modern_error = ERROR_MOD_NOT_FOUND;
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_false(log_reader_open(&log_reader));
    log_settings.reader = READER_CLASSIC;
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_true(log_reader_open(&log_reader));
    assert_string_equal(log_reader.source->kind, "classic");
}

static void an_outage_is_told_once_and_read_on_behind_the_last_record(void **state)
{
    (void)state;
    log_world.records = 10;
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_int_equal(log_reader_scene_read_all(), 10);
    log_world.next_error = RPC_S_SERVER_UNAVAILABLE;
    log_world.modern_error = log_world.classic_error = RPC_S_SERVER_UNAVAILABLE;
    assert_int_equal(log_reader_scene_read_all(), 0);
    assert_null(log_reader.source);
    for (int i = 0; i < 100; i++) {
        DWORD wait = log_reader_wait(&log_reader);
        assert_in_range(wait, 1, LOG_READER_PAUSE_MAX);
        log_world.tick += wait;
        assert_int_equal(log_reader_scene_read_all(), 0);
    }
    assert_int_equal(log_reader_wait(&log_reader), LOG_READER_PAUSE_MAX);
    assert_int_equal(recorder_count(MSG_LOG_LOST), 1);
    assert_int_equal(recorder_count(MSG_LOG_BACK), 0);
    log_world.next_error = log_world.modern_error = log_world.classic_error = 0;
    log_world.records = 15;
    assert_int_equal(log_reader_scene_read_all(), 0); /* the next try is not due */
    log_world.tick += log_reader_wait(&log_reader);
    assert_int_equal(log_reader_scene_read_all(), 5);
    assert_int_equal(log_world.opened_after, 10);
    assert_int_equal(recorder_count(MSG_LOG_BACK), 1);
    assert_int_equal(log_reader_count(&log_reader).matched, 15);
}

static void a_log_that_is_away_at_the_start_is_waited_for(void **state)
{
    (void)state;
    log_world.records = 3;
    log_world.modern_error = log_world.classic_error = ERROR_FILE_NOT_FOUND;
    log_reader_begin(&log_reader, &log_settings, 77);
    assert_int_equal(log_reader_scene_read_all(), 0);
    log_world.modern_error = 0;
    log_world.tick += log_reader_wait(&log_reader);
    assert_int_equal(log_reader_scene_read_all(), 3);
    assert_int_equal(log_world.opened_since, 77);
    assert_int_equal(log_world.opened_after, 0);
}

static void a_cleared_log_and_lost_records_are_told(void **state)
{
    (void)state;
    log_world.records = 3;
    log_world.change = (struct event_source_change){.cleared = true};
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_int_equal(log_reader_scene_read_all(), 3);
    assert_int_equal(recorder_count(MSG_LOG_CLEARED), 1);
    assert_int_equal(recorder_count(MSG_RECORDS_MISSED), 0);
    log_world.change = (struct event_source_change){.first = 4, .last = 9};
    assert_int_equal(log_reader_scene_read_all(), 0);
    assert_int_equal(recorder_count(MSG_RECORDS_MISSED), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_RECORDS_MISSED, 1), L"4"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_RECORDS_MISSED, 2), L"9"), 0);
}

static void beginning_afresh_reads_again_and_counts_only_once(void **state)
{
    (void)state;
    log_world.records = 8;
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_int_equal(log_reader_scene_read_all(), 8);
    log_reader_begin(&log_reader, &log_settings, 55);
    assert_int_equal(log_world.open, 0);
    assert_int_equal(log_reader_scene_read_all(), 8);
    assert_int_equal(log_world.opened_after, 0);
    assert_int_equal(log_world.opened_since, 55);
    assert_int_equal(log_reader_count(&log_reader).matched, 8);
    log_world.records = 10;
    assert_int_equal(log_reader_scene_read_all(), 2);
    assert_int_equal(log_reader_count(&log_reader).matched, 10);
}

static void a_log_that_opens_but_cannot_be_read_stays_away(void **state)
{
    (void)state;
    log_world.next_error = ERROR_EVENTLOG_FILE_CORRUPT;
    log_reader_begin(&log_reader, &log_settings, 0);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(log_reader_scene_read_all(), 0);
        log_world.tick += log_reader_wait(&log_reader);
    }
    assert_int_equal(log_reader_wait(&log_reader), 0);
    assert_int_equal(log_reader.pause, LOG_READER_PAUSE_MAX);
    assert_int_equal(recorder_count(MSG_LOG_LOST), 1);
    assert_int_equal(recorder_count(MSG_LOG_BACK), 0);
}

static void whether_it_is_read_and_how_full_it_is_can_be_asked(void **state)
{
    (void)state;
    struct log_facts facts = {0};
    const char *failed_call = NULL;
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_false(log_reader_is_reading(&log_reader));
    assert_int_equal(log_reader_look(&log_reader, &facts, &failed_call), ERROR_NOT_READY);
    assert_non_null(failed_call);
    assert_true(log_reader_open(&log_reader));
    assert_true(log_reader_is_reading(&log_reader));
    assert_int_equal(log_reader_look(&log_reader, &facts, &failed_call), ERROR_SUCCESS);
    assert_int_equal(facts.size, 5);
    log_world.look_error = ERROR_ACCESS_DENIED;
    assert_int_equal(log_reader_look(&log_reader, &facts, &failed_call), ERROR_ACCESS_DENIED);
    assert_string_equal(failed_call, "EvtOpenLog");
    log_world.next_error = RPC_S_SERVER_UNAVAILABLE;
    log_reader_scene_read_all();
    log_world.tick += log_reader_wait(&log_reader);
    assert_true(log_reader_open(&log_reader)); /* open, but not read yet */
    assert_false(log_reader_is_reading(&log_reader));
}

/* However long ago it was opened: GetTickCount wraps. */
static void one_that_was_closed_opens_at_once(void **state)
{
    (void)state;
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_true(log_reader_open(&log_reader));
    log_world.tick += 30u * 86400000u;
    log_reader_close(&log_reader);
    assert_int_equal(log_reader_wait(&log_reader), 0);
    assert_true(log_reader_open(&log_reader));
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, log_reader_scene_set_up, log_reader_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(auto_takes_the_modern_reader_where_it_is),
        TEST(one_that_was_closed_opens_at_once),
        TEST(auto_falls_back_when_there_is_no_wevtapi_and_says_so),
        TEST(auto_falls_back_when_it_will_not_subscribe_and_names_call_and_code),
        TEST(when_neither_can_read_the_error_is_that_of_the_one_that_should),
        TEST(whoever_is_told_to_stop_tries_no_other),
        TEST(whoever_is_told_to_stop_tells_of_no_outage),
        TEST(a_set_reader_is_the_only_one_tried),
        TEST(an_outage_is_told_once_and_read_on_behind_the_last_record),
        TEST(a_log_that_is_away_at_the_start_is_waited_for),
        TEST(a_cleared_log_and_lost_records_are_told),
        TEST(beginning_afresh_reads_again_and_counts_only_once),
        TEST(a_log_that_opens_but_cannot_be_read_stays_away),
        TEST(whether_it_is_read_and_how_full_it_is_can_be_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
