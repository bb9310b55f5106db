/* What is missing in the log that is read: kept for verdicts behind it, and told once. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "log_reader_scene.h"

static bool is_missed(uint64_t first, uint64_t last, int64_t time, struct gap *gap)
{
    struct verdict verdict = {
        .limit = {.window = 600}, .first_record = first, .last_record = last, .last_time = time};
    return gap_list_within(&log_reader.gaps, &verdict, gap);
}

static void what_was_lost_is_kept_for_verdicts_behind_it(void **state)
{
    (void)state;
    struct gap gap;
    log_world.records = 10;
    log_world.time = 1000;
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_int_equal(log_reader_scene_read_all(), 10);
    log_world.change = (struct event_source_change){.first = 11, .last = 15};
    log_world.skip = 5;
    log_world.records = 20;
    log_world.time = 1100;
    assert_int_equal(log_reader_scene_read_all(), 5);
    assert_true(is_missed(16, 18, 1200, &gap));
    assert_int_equal(gap.first, 11);
    assert_int_equal(gap.last, 15);
    assert_false(is_missed(5, 10, 1000, &gap));
    assert_false(is_missed(16, 20, 1700, &gap));
    /* The log is read again: it is missing still. */
    log_reader_begin(&log_reader, &log_settings, 0);
    log_world.records = 10;
    assert_int_equal(log_reader_scene_read_all(), 10);
    assert_true(is_missed(16, 18, 1200, &gap));
    assert_int_equal(log_reader.seen.record, 20);
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
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_int_equal(log_reader_scene_read_all(), 5);
    log_world.change = (struct event_source_change){.first = 9, .last = 11};
    log_world.records = 14; /* 6 to 14, of which 9 to 11 must be passed for "lost" all the same */
    log_world.time = 2000;
    assert_int_equal(log_reader_next(&log_reader, events, &count), ERROR_SUCCESS);
    assert_true(is_missed(12, 14, 2000, &gap));
    assert_false(is_missed(6, 8, 2000, &gap));
}

static void a_clear_lies_before_the_first_number_that_goes_down(void **state)
{
    (void)state;
    struct gap gap;
    log_world.records = 10;
    log_world.time = 1000;
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_int_equal(log_reader_scene_read_all(), 10);
    log_world.change = (struct event_source_change){.cleared = true};
    log_reader.source->last_record = 0;
    log_world.records = 3;
    log_world.time = 1500;
    assert_int_equal(log_reader_scene_read_all(), 3);
    assert_true(is_missed(1, 3, 1500, &gap));
    assert_true(gap.cleared);
    assert_int_equal(gap.first, 11);
    assert_int_equal(log_reader.seen.record, 3);
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
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_int_equal(log_reader_scene_read_all(), 5);
    assert_true(is_missed(41, 45, 1000, &gap));
    assert_int_equal(gap.first, 1);
    assert_int_equal(gap.last, 40);
    assert_int_equal(recorder_count(MSG_RECORDS_MISSED), 0); /* nobody had read up to there */
    log_reader_begin(&log_reader, &log_settings, 0);
    log_world.skip = 40;
    assert_int_equal(log_reader_scene_read_all(), 5);
    assert_int_equal(log_reader.gaps.count, 1);
}

static void what_is_lost_is_missed_once(void **state)
{
    (void)state;
    log_world.records = 3;
    log_reader_begin(&log_reader, &log_settings, 0);
    log_world.change = (struct event_source_change){.first = 4, .last = 9};
    assert_int_equal(log_reader_scene_read_all(), 3);
    assert_int_equal(log_reader.seen.record, 9);
    assert_int_equal(log_reader.seen.time, 0);
    log_reader_begin(&log_reader, &log_settings, 0);
    assert_true(log_reader_open(&log_reader));
    assert_int_equal(log_world.opened_seen.record, 9);
    log_settings.event_id = 4; /* perhaps another log */
    static struct settings other;
    other = log_settings;
    other.event_id = 5;
    log_reader_begin(&log_reader, &other, 0);
    assert_true(log_reader_open(&log_reader));
    assert_int_equal(log_world.opened_seen.record, 0);
    assert_int_equal(log_reader.gaps.count, 0);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, log_reader_scene_set_up, log_reader_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_lost_is_kept_for_verdicts_behind_it),
        TEST(a_loss_lies_where_the_numbers_say),
        TEST(a_clear_lies_before_the_first_number_that_goes_down),
        TEST(a_log_that_is_short_of_the_window_is_a_gap),
        TEST(what_is_lost_is_missed_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
