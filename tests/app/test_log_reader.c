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
    struct event_place opened_seen;    /* of the last open */
    const struct origin_rule *opened_origins;
    uint64_t short_of; /* of the next open */
    uint64_t skip;     /* records that come next are gone */
    int64_t time;      /* of the next record */
    DWORD look_error;
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
    source->last_record += log_world.skip;
    log_world.skip = 0;
    while (*count < EVENT_SOURCE_BATCH && source->last_record < log_world.records) {
        events[(*count)++] =
            (struct relay_event){.record = ++source->last_record, .time = log_world.time};
        source->counters.matched++;
    }
    source->seen = (struct event_place){source->last_record, log_world.time};
    return *count ? ERROR_SUCCESS : ERROR_NO_MORE_ITEMS;
}

static void close_source(struct event_source *source)
{
    log_world.open--;
    free(source);
}

static DWORD look(struct event_source *source, struct log_facts *facts, const char **failed_call)
{
    (void)source;
    if (log_world.look_error) {
        *failed_call = "EvtOpenLog";
        return log_world.look_error;
    }
    *facts = (struct log_facts){.size = 5};
    return ERROR_SUCCESS;
}

static const struct event_source_methods methods = {next, look, NULL, close_source};

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
    log_world.opened_seen = options->seen;
    log_world.opened_origins = options->origins;
    (*source)->short_of = log_world.short_of;
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

/* ---- what is missing ------------------------------------------------------------------------- */

static bool is_missed(uint64_t first, uint64_t last, int64_t time, struct gap *gap)
{
    struct verdict verdict = {
        .limit = {.window = 600}, .first_record = first, .last_record = last, .last_time = time};
    return gap_list_within(&reader.gaps, &verdict, gap);
}

static void what_was_lost_is_kept_for_verdicts_behind_it(void **state)
{
    (void)state;
    struct gap gap;
    log_world.records = 10;
    log_world.time = 1000;
    log_reader_begin(&reader, &settings, 0);
    assert_int_equal(read_all(), 10);
    log_world.change = (struct event_source_change){.first = 11, .last = 15};
    log_world.skip = 5;
    log_world.records = 20;
    log_world.time = 1100;
    assert_int_equal(read_all(), 5);
    assert_true(is_missed(16, 18, 1200, &gap));
    assert_int_equal(gap.first, 11);
    assert_int_equal(gap.last, 15);
    assert_false(is_missed(5, 10, 1000, &gap));
    assert_false(is_missed(16, 20, 1700, &gap));
    log_reader_begin(&reader, &settings, 0); /* the log is read again: it is missing still */
    log_world.records = 10;
    assert_int_equal(read_all(), 10);
    assert_true(is_missed(16, 18, 1200, &gap));
    assert_int_equal(reader.seen.record, 20);
}

/* One batch with the loss in its midst. */
static void a_loss_lies_where_the_numbers_say(void **state)
{
    (void)state;
    struct gap gap;
    struct relay_event events[EVENT_SOURCE_BATCH];
    size_t count;
    log_world.records = 5;
    log_world.time = 1000;
    log_reader_begin(&reader, &settings, 0);
    assert_int_equal(read_all(), 5);
    log_world.change = (struct event_source_change){.first = 9, .last = 11};
    log_world.records = 14; /* 6 to 14, of which 9 to 11 must be passed for "lost" all the same */
    log_world.time = 2000;
    assert_int_equal(log_reader_next(&reader, events, &count), ERROR_SUCCESS);
    assert_true(is_missed(12, 14, 2000, &gap));
    assert_false(is_missed(6, 8, 2000, &gap));
}

static void a_clear_lies_before_the_first_number_that_goes_down(void **state)
{
    (void)state;
    struct gap gap;
    log_world.records = 10;
    log_world.time = 1000;
    log_reader_begin(&reader, &settings, 0);
    assert_int_equal(read_all(), 10);
    log_world.change = (struct event_source_change){.cleared = true};
    reader.source->last_record = 0;
    log_world.records = 3;
    log_world.time = 1500;
    assert_int_equal(read_all(), 3);
    assert_true(is_missed(1, 3, 1500, &gap));
    assert_true(gap.cleared);
    assert_int_equal(gap.first, 11);
    assert_int_equal(reader.seen.record, 3);
    assert_false(is_missed(1, 3, 2100, &gap));
}

static void a_log_that_is_short_of_the_window_is_a_gap(void **state)
{
    (void)state;
    struct gap gap;
    log_world.short_of = 40;
    log_world.skip = 40;
    log_world.records = 45;
    log_world.time = 1000;
    log_reader_begin(&reader, &settings, 0);
    assert_int_equal(read_all(), 5);
    assert_true(is_missed(41, 45, 1000, &gap));
    assert_int_equal(gap.first, 1);
    assert_int_equal(gap.last, 40);
    assert_int_equal(recorder_count(MSG_RECORDS_MISSED), 0); /* nobody had read up to there */
    log_reader_begin(&reader, &settings, 0);
    log_world.skip = 40;
    assert_int_equal(read_all(), 5);
    assert_int_equal(reader.gaps.count, 1);
}

static struct position_record position_of(const char16_t *channel, uint64_t record, int64_t time)
{
    struct position_record position = {.record = record, .time = time};
    text_copy(position.channel, SETTING_TEXT_MAX, text_of(channel));
    return position;
}

static void after_a_restart_it_reads_from_a_window_before_it_was_stopped(void **state)
{
    (void)state;
    const int64_t now = 1262304000, window = settings_longest_window(&settings);
    static const struct {
        int64_t down, back; /* seconds */
    } cases[] = {{0, 0}, {500, 500}, {86400, 86400}, {86401, 86400}, {9999999, 86400}, {-500, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct position_record position = position_of(u"APPLICATION", 7, now - cases[i].down);
        log_reader_begin(&reader, &settings, now - window + 1);
        log_reader_recall(&reader, &position);
        assert_true(log_reader_open(&reader));
        assert_int_equal(log_world.opened_since, now - cases[i].back - window + 1);
        assert_int_equal(log_world.opened_seen.record, 7);
        assert_true(log_world.opened_seen.time == position.time);
    }
}

static void begin_at(int64_t since)
{
    log_reader_begin(&reader, &settings, since);
    assert_true(log_reader_open(&reader));
}

static void reading_afresh_goes_back_as_far_until_nothing_comes_late(void **state)
{
    (void)state;
    const int64_t now = 1262304000, start = now - settings_longest_window(&settings) + 1;
    struct position_record position = position_of(u"Application", 7, now - 3600);
    log_world.records = 2 * EVENT_SOURCE_BATCH;
    begin_at(start);
    log_reader_recall(&reader, &position);
    struct relay_event events[EVENT_SOURCE_BATCH];
    size_t count;
    assert_int_equal(log_reader_next(&reader, events, &count), ERROR_SUCCESS);
    log_world.tick += LOG_READER_RECALL_KEPT; /* all that time was not enough to read it */
    begin_at(start + 600);
    assert_int_equal(log_world.opened_since, start - 3600);
    log_world.tick -= 1;
    read_all();
    begin_at(start + 600); /* a name was found late */
    assert_int_equal(log_world.opened_since, start - 3600);
    log_world.tick += 1;
    read_all();
    begin_at(start + 600);
    assert_int_equal(log_world.opened_since, start + 600);
}

static void another_log_is_not_read_from_where_the_first_one_was(void **state)
{
    (void)state;
    static struct settings other;
    struct position_record position = position_of(u"Application", 7, 1000);
    begin_at(5000);
    log_reader_recall(&reader, &position);
    begin_at(9000);
    assert_true(log_world.opened_since < 5000);
    other = settings;
    other.event_id++;
    log_reader_begin(&reader, &other, 9000);
    assert_true(log_reader_open(&reader));
    assert_int_equal(log_world.opened_since, 9000);
}

static void a_position_of_another_log_is_none(void **state)
{
    (void)state;
    struct position_record position = position_of(u"ForwardedEvents", 7, 100);
    log_reader_begin(&reader, &settings, 5000);
    log_reader_recall(&reader, &position);
    position = position_of(u"Application", 0, 100);
    log_reader_recall(&reader, &position);
    assert_true(log_reader_open(&reader));
    assert_int_equal(log_world.opened_since, 5000);
    assert_int_equal(log_world.opened_seen.record, 0);
}

static void what_an_earlier_process_had_read_is_not_counted_as_fresh(void **state)
{
    (void)state;
    struct position_record position = position_of(u"Application", 60, 100);
    log_world.records = 60;
    log_reader_begin(&reader, &settings, 5000);
    log_reader_recall(&reader, &position);
    assert_int_equal(read_all(), 60);
    assert_int_equal(log_reader_count(&reader).matched, 60);
    assert_int_equal(log_reader_count_fresh(&reader).matched, 0);
    log_world.records = 64;
    assert_int_equal(read_all(), 4);
    assert_int_equal(log_reader_count_fresh(&reader).matched, 4);
    log_reader_begin(&reader, &settings, 5000); /* read once more */
    assert_int_equal(read_all(), 64);
    assert_int_equal(log_reader_count_fresh(&reader).matched, 4);
}

static void what_is_lost_is_missed_once(void **state)
{
    (void)state;
    log_world.records = 3;
    log_reader_begin(&reader, &settings, 0);
    log_world.change = (struct event_source_change){.first = 4, .last = 9};
    assert_int_equal(read_all(), 3);
    assert_int_equal(reader.seen.record, 9);
    assert_int_equal(reader.seen.time, 0);
    log_reader_begin(&reader, &settings, 0);
    assert_true(log_reader_open(&reader));
    assert_int_equal(log_world.opened_seen.record, 9);
    settings.event_id = 4; /* perhaps another log */
    static struct settings other;
    other = settings;
    other.event_id = 5;
    log_reader_begin(&reader, &other, 0);
    assert_true(log_reader_open(&reader));
    assert_int_equal(log_world.opened_seen.record, 0);
    assert_int_equal(reader.gaps.count, 0);
}

static void whether_it_is_read_and_how_full_it_is_can_be_asked(void **state)
{
    (void)state;
    struct log_facts facts = {0};
    const char *failed_call = NULL;
    log_reader_begin(&reader, &settings, 0);
    assert_false(log_reader_is_reading(&reader));
    assert_int_equal(log_reader_look(&reader, &facts, &failed_call), ERROR_NOT_READY);
    assert_non_null(failed_call);
    assert_true(log_reader_open(&reader));
    assert_true(log_reader_is_reading(&reader));
    assert_int_equal(log_reader_look(&reader, &facts, &failed_call), ERROR_SUCCESS);
    assert_int_equal(facts.size, 5);
    log_world.look_error = ERROR_ACCESS_DENIED;
    assert_int_equal(log_reader_look(&reader, &facts, &failed_call), ERROR_ACCESS_DENIED);
    assert_string_equal(failed_call, "EvtOpenLog");
    log_world.next_error = RPC_S_SERVER_UNAVAILABLE;
    read_all();
    log_world.tick += log_reader_wait(&reader);
    assert_true(log_reader_open(&reader)); /* open, but not read yet */
    assert_false(log_reader_is_reading(&reader));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static BOOL WINAPI name_of_computer(COMPUTER_NAME_FORMAT format, LPWSTR name, LPDWORD size)
{
    (void)format;
    wcscpy(name, L"MAIL1");
    *size = 5;
    return TRUE;
}

static void records_of_other_computers_do_not_count(void **state)
{
    (void)state;
    own_names_calls.GetComputerNameExW = name_of_computer;
    begin_at(0);
    assert_false(origin_counts(log_world.opened_origins, TEXT_OF(u"PC7")));
    assert_true(origin_counts(log_world.opened_origins, TEXT_OF(u"mail1.contoso.com")));
    assert_true(settings_set(&settings, setting_find(TEXT_OF(u"Computers")), TEXT_OF(u"PC7")));
    begin_at(0);
    assert_true(origin_counts(log_world.opened_origins, TEXT_OF(u"PC7")));
    assert_true(settings_set(&settings, setting_find(TEXT_OF(u"Computers")), TEXT_OF(u"")));
    text_copy(settings.channel, SETTING_TEXT_MAX, TEXT_OF(u"ForwardedEvents"));
    begin_at(0);
    assert_true(origin_counts(log_world.opened_origins, TEXT_OF(u"PC7")));
    own_names_calls.GetComputerNameExW = GetComputerNameExW;
}

static BOOL WINAPI no_name(COMPUTER_NAME_FORMAT format, LPWSTR name, LPDWORD size)
{
    (void)format, (void)name, (void)size;
    return FALSE;
}

static void without_a_name_of_its_own_all_count(void **state)
{
    (void)state;
    own_names_calls.GetComputerNameExW = no_name;
    begin_at(0);
    assert_true(origin_counts(log_world.opened_origins, TEXT_OF(u"PC7")));
    own_names_calls.GetComputerNameExW = GetComputerNameExW;
}

/* Over all sources, and none that is read a second time. */
static void those_of_other_computers_are_counted_once(void **state)
{
    (void)state;
    log_world.records = 3;
    begin_at(0);
    read_all();
    for (uint64_t i = 0; i < 11; i++)
        reader.source->counters
            .foreign_records[reader.source->counters.foreign++ % EVENT_SOURCE_FOREIGN] = 100 + i;
    wcscpy(reader.source->counters.foreign_computer, L"PC7");
    begin_at(0); /* another source */
    reader.source->counters.foreign = 1;
    reader.source->counters.foreign_records[0] = 200;
    wcscpy(reader.source->counters.foreign_computer, L"PC8");
    struct event_source_counters all = log_reader_count(&reader);
    assert_int_equal(all.foreign, 12);
    assert_int_equal(all.foreign_records[11 % EVENT_SOURCE_FOREIGN], 200);
    assert_int_equal(all.foreign_records[10 % EVENT_SOURCE_FOREIGN], 110);
    assert_int_equal(all.foreign_records[4], 104);
    assert_int_equal(wcscmp(all.foreign_computer, L"PC8"), 0);
}

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
        TEST(what_was_lost_is_kept_for_verdicts_behind_it),
        TEST(a_loss_lies_where_the_numbers_say),
        TEST(a_clear_lies_before_the_first_number_that_goes_down),
        TEST(a_log_that_is_short_of_the_window_is_a_gap),
        TEST(after_a_restart_it_reads_from_a_window_before_it_was_stopped),
        TEST(reading_afresh_goes_back_as_far_until_nothing_comes_late),
        TEST(another_log_is_not_read_from_where_the_first_one_was),
        TEST(a_position_of_another_log_is_none),
        TEST(what_an_earlier_process_had_read_is_not_counted_as_fresh),
        TEST(what_is_lost_is_missed_once),
        TEST(whether_it_is_read_and_how_full_it_is_can_be_asked),
        cmocka_unit_test_setup_teardown(records_of_other_computers_do_not_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_name_of_its_own_all_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(those_of_other_computers_are_counted_once, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
