/* The choice of the reader and its outages, on two sources that keep state: a log with records that
 * can be there or away, and a modern API that may be missing or refuse. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/log_reader.h"
#include "report_recorder.h"

static struct {
    DWORD modern_error, classic_error; /* of opening */
    DWORD next_error;                  /* of reading; then the log is away */
    uint64_t records;                  /* 1 .. records exist, all of them sign-ins */
    int open;                          /* sources open now */
    uint64_t opened_after;             /* position of the last open; 0: from since */
    int64_t opened_since;
    struct event_source_change change; /* of the next batch */
    DWORD tick;
} log_world;

static DWORD next(struct event_source *source, struct relay_event *events, size_t *count,
                  struct event_source_change *change)
{
    *change = log_world.change;
    log_world.change = (struct event_source_change){0};
    *count = 0;
    if (log_world.next_error)
        return log_world.next_error;
    while (*count < EVENT_SOURCE_BATCH && source->last_record < log_world.records) {
        events[(*count)++] = (struct relay_event){.record = ++source->last_record};
        source->counters.matched++;
    }
    return *count ? ERROR_SUCCESS : ERROR_NO_MORE_ITEMS;
}

static void close_source(struct event_source *source)
{
    log_world.open--;
    free(source);
}

static const struct event_source_methods methods = {next, close_source};

static DWORD open_source(const char *kind, DWORD error, const struct event_source_options *options,
                         struct event_source **source, const char **failed_call)
{
    if (error) {
        *failed_call = kind[0] == 'm' ? "EvtSubscribe" : "OpenEventLog";
        return error;
    }
    *source = calloc(1, sizeof **source);
    (*source)->kind = kind;
    (*source)->poll = kind[0] == 'm' ? INFINITE : 1000;
    (*source)->methods = &methods;
    (*source)->last_record = options->resume ? options->after_record : 0;
    log_world.opened_after = options->resume ? options->after_record : 0;
    log_world.opened_since = options->since;
    log_world.open++;
    return ERROR_SUCCESS;
}

static DWORD open_modern(const struct event_source_options *options, struct event_source **source,
                         const char **failed_call)
{
    return open_source("modern", log_world.modern_error, options, source, failed_call);
}

static DWORD open_classic(const struct event_source_options *options, struct event_source **source,
                          const char **failed_call)
{
    return open_source("classic", log_world.classic_error, options, source, failed_call);
}

static DWORD WINAPI fake_tick(void)
{
    return log_world.tick;
}

static struct settings settings;
static struct log_reader reader;

static int set_up(void **state)
{
    (void)state;
    memset(&log_world, 0, sizeof log_world);
    memset(&reader, 0, sizeof reader);
    log_world.tick = 0xfffff000; /* wraps during the tests */
    log_reader_calls = (struct log_reader_calls){open_modern, open_classic, fake_tick};
    settings_defaults(&settings);
    recorder_start();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    log_reader_close(&reader);
    return log_world.open;
}

static size_t read_all(void)
{
    struct relay_event events[EVENT_SOURCE_BATCH];
    size_t count, total = 0;
    while (log_reader_next(&reader, events, &count) == ERROR_SUCCESS)
        total += count;
    return total;
}

static void auto_takes_the_modern_reader_where_it_is(void **state)
{
    (void)state;
    log_world.records = 70;
    log_reader_begin(&reader, &settings, 1234);
    assert_true(log_reader_open(&reader));
    assert_string_equal(reader.source->kind, "modern");
    assert_int_equal(log_world.opened_since, 1234);
    assert_int_equal(read_all(), 70);
    assert_int_equal(reader.last_record, 70);
    assert_int_equal(log_reader_wait(&reader), INFINITE);
}

static void auto_falls_back_when_there_is_no_wevtapi_and_says_so(void **state)
{
    (void)state;
    log_world.modern_error = ERROR_MOD_NOT_FOUND;
    log_reader_begin(&reader, &settings, 0);
    assert_true(log_reader_open(&reader));
    assert_string_equal(reader.source->kind, "classic");
    assert_non_null(strstr(reader.why, "no wevtapi.dll"));
    assert_int_equal(log_reader_wait(&reader), 1000);
}

static void auto_falls_back_when_it_will_not_subscribe_and_names_call_and_code(void **state)
{
    (void)state;
    log_world.modern_error = ERROR_ACCESS_DENIED;
    log_reader_begin(&reader, &settings, 0);
    assert_true(log_reader_open(&reader));
    assert_string_equal(reader.source->kind, "classic");
    assert_non_null(strstr(reader.why, "EvtSubscribe failed with error 5"));
}

static void a_set_reader_is_the_only_one_tried(void **state)
{
    (void)state;
    settings.reader = READER_MODERN;
    log_world.modern_error = ERROR_MOD_NOT_FOUND;
    log_reader_begin(&reader, &settings, 0);
    assert_false(log_reader_open(&reader));
    settings.reader = READER_CLASSIC;
    log_reader_begin(&reader, &settings, 0);
    assert_true(log_reader_open(&reader));
    assert_string_equal(reader.source->kind, "classic");
}

static void an_outage_is_told_once_and_read_on_behind_the_last_record(void **state)
{
    (void)state;
    log_world.records = 10;
    log_reader_begin(&reader, &settings, 0);
    assert_int_equal(read_all(), 10);
    log_world.next_error = RPC_S_SERVER_UNAVAILABLE;
    log_world.modern_error = log_world.classic_error = RPC_S_SERVER_UNAVAILABLE;
    assert_int_equal(read_all(), 0);
    assert_null(reader.source);
    for (int i = 0; i < 100; i++) {
        DWORD wait = log_reader_wait(&reader);
        assert_in_range(wait, 1, LOG_READER_PAUSE_MAX);
        log_world.tick += wait;
        assert_int_equal(read_all(), 0);
    }
    assert_int_equal(log_reader_wait(&reader), LOG_READER_PAUSE_MAX);
    assert_int_equal(recorder_count(MSG_LOG_LOST), 1);
    assert_int_equal(recorder_count(MSG_LOG_BACK), 0);
    log_world.next_error = log_world.modern_error = log_world.classic_error = 0;
    log_world.records = 15;
    assert_int_equal(read_all(), 0); /* the next try is not due */
    log_world.tick += log_reader_wait(&reader);
    assert_int_equal(read_all(), 5);
    assert_int_equal(log_world.opened_after, 10);
    assert_int_equal(recorder_count(MSG_LOG_BACK), 1);
    assert_int_equal(log_reader_count(&reader).matched, 15);
}

static void a_log_that_is_away_at_the_start_is_waited_for(void **state)
{
    (void)state;
    log_world.records = 3;
    log_world.modern_error = log_world.classic_error = ERROR_FILE_NOT_FOUND;
    log_reader_begin(&reader, &settings, 77);
    assert_int_equal(read_all(), 0);
    log_world.modern_error = 0;
    log_world.tick += log_reader_wait(&reader);
    assert_int_equal(read_all(), 3);
    assert_int_equal(log_world.opened_since, 77);
    assert_int_equal(log_world.opened_after, 0);
}

static void a_cleared_log_and_lost_records_are_told(void **state)
{
    (void)state;
    log_world.records = 3;
    log_world.change = (struct event_source_change){.cleared = true};
    log_reader_begin(&reader, &settings, 0);
    assert_int_equal(read_all(), 3);
    assert_int_equal(recorder_count(MSG_LOG_CLEARED), 1);
    assert_int_equal(recorder_count(MSG_RECORDS_MISSED), 0);
    log_world.change = (struct event_source_change){.first = 4, .last = 9};
    assert_int_equal(read_all(), 0);
    assert_int_equal(recorder_count(MSG_RECORDS_MISSED), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_RECORDS_MISSED, 1), L"4"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_RECORDS_MISSED, 2), L"9"), 0);
}

static void beginning_afresh_reads_again_and_counts_only_once(void **state)
{
    (void)state;
    log_world.records = 8;
    log_reader_begin(&reader, &settings, 0);
    assert_int_equal(read_all(), 8);
    log_reader_begin(&reader, &settings, 55);
    assert_int_equal(log_world.open, 0);
    assert_int_equal(read_all(), 8);
    assert_int_equal(log_world.opened_after, 0);
    assert_int_equal(log_world.opened_since, 55);
    assert_int_equal(log_reader_count(&reader).matched, 8);
    log_world.records = 10;
    assert_int_equal(read_all(), 2);
    assert_int_equal(log_reader_count(&reader).matched, 10);
}

static void a_log_that_opens_but_cannot_be_read_stays_away(void **state)
{
    (void)state;
    log_world.next_error = ERROR_EVENTLOG_FILE_CORRUPT;
    log_reader_begin(&reader, &settings, 0);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(read_all(), 0);
        log_world.tick += log_reader_wait(&reader);
    }
    assert_int_equal(log_reader_wait(&reader), 0);
    assert_int_equal(reader.pause, LOG_READER_PAUSE_MAX);
    assert_int_equal(recorder_count(MSG_LOG_LOST), 1);
    assert_int_equal(recorder_count(MSG_LOG_BACK), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(auto_takes_the_modern_reader_where_it_is),
        TEST(auto_falls_back_when_there_is_no_wevtapi_and_says_so),
        TEST(auto_falls_back_when_it_will_not_subscribe_and_names_call_and_code),
        TEST(a_set_reader_is_the_only_one_tried),
        TEST(an_outage_is_told_once_and_read_on_behind_the_last_record),
        TEST(a_log_that_is_away_at_the_start_is_waited_for),
        TEST(a_cleared_log_and_lost_records_are_told),
        TEST(beginning_afresh_reads_again_and_counts_only_once),
        TEST(a_log_that_opens_but_cannot_be_read_stays_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
