/* After a restart of the service: from where the log is read, and what counts as fresh. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "log_reader_scene.h"

static struct position_record position_of(const char16_t *channel, uint64_t record, int64_t time)
{
    struct position_record position = {.record = record, .time = time};
    text_copy(position.channel, SETTING_TEXT_MAX, text_of(channel));
    return position;
}

static void after_a_restart_it_reads_from_a_window_before_it_was_stopped(void **state)
{
    (void)state;
    const int64_t now = 1262304000, window = settings_longest_window(&log_settings);
    static const struct {
        int64_t down, back; /* seconds */
    } cases[] = {{0, 0}, {500, 500}, {86400, 86400}, {86401, 86400}, {9999999, 86400}, {-500, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct position_record position = position_of(u"APPLICATION", 7, now - cases[i].down);
        log_reader_begin(&log_reader, &log_settings, now - window + 1);
        log_reader_recall(&log_reader, &position);
        assert_true(log_reader_open(&log_reader));
        assert_int_equal(log_world.opened_since, now - cases[i].back - window + 1);
        assert_int_equal(log_world.opened_seen.record, 7);
        assert_true(log_world.opened_seen.time == position.time);
    }
}

static void reading_afresh_goes_back_as_far_until_nothing_comes_late(void **state)
{
    (void)state;
    const int64_t now = 1262304000, start = now - settings_longest_window(&log_settings) + 1;
    struct position_record position = position_of(u"Application", 7, now - 3600);
    log_world.records = 2 * EVENT_SOURCE_BATCH;
    log_reader_scene_begin_at(start);
    log_reader_recall(&log_reader, &position);
    struct relay_event events[EVENT_SOURCE_BATCH];
    size_t count;
    assert_int_equal(log_reader_next(&log_reader, events, &count), ERROR_SUCCESS);
    log_world.tick += LOG_READER_RECALL_KEPT; /* all that time was not enough to read it */
    log_reader_scene_begin_at(start + 600);
    assert_int_equal(log_world.opened_since, start - 3600);
    log_world.tick -= 1;
    log_reader_scene_read_all();
    log_reader_scene_begin_at(start + 600); /* a name was found late */
    assert_int_equal(log_world.opened_since, start - 3600);
    log_world.tick += 1;
    log_reader_scene_read_all();
    log_reader_scene_begin_at(start + 600);
    assert_int_equal(log_world.opened_since, start + 600);
}

static void another_log_is_not_read_from_where_the_first_one_was(void **state)
{
    (void)state;
    static struct settings other;
    struct position_record position = position_of(u"Application", 7, 1000);
    log_reader_scene_begin_at(5000);
    log_reader_recall(&log_reader, &position);
    log_reader_scene_begin_at(9000);
    assert_true(log_world.opened_since < 5000);
    other = log_settings;
    other.event_id++;
    log_reader_begin(&log_reader, &other, 9000);
    assert_true(log_reader_open(&log_reader));
    assert_int_equal(log_world.opened_since, 9000);
}

static void a_position_of_another_log_is_none(void **state)
{
    (void)state;
    struct position_record position = position_of(u"ForwardedEvents", 7, 100);
    log_reader_begin(&log_reader, &log_settings, 5000);
    log_reader_recall(&log_reader, &position);
    position = position_of(u"Application", 0, 100);
    log_reader_recall(&log_reader, &position);
    assert_true(log_reader_open(&log_reader));
    assert_int_equal(log_world.opened_since, 5000);
    assert_int_equal(log_world.opened_seen.record, 0);
}

static void what_an_earlier_process_had_read_is_not_counted_as_fresh(void **state)
{
    (void)state;
    struct position_record position = position_of(u"Application", 60, 100);
    log_world.records = 60;
    log_reader_begin(&log_reader, &log_settings, 5000);
    log_reader_recall(&log_reader, &position);
    assert_int_equal(log_reader_scene_read_all(), 60);
    assert_int_equal(log_reader_count(&log_reader).matched, 60);
    assert_int_equal(log_reader_count_fresh(&log_reader).matched, 0);
    log_world.records = 64;
    assert_int_equal(log_reader_scene_read_all(), 4);
    assert_int_equal(log_reader_count_fresh(&log_reader).matched, 4);
    log_reader_begin(&log_reader, &log_settings, 5000); /* read once more */
    assert_int_equal(log_reader_scene_read_all(), 64);
    assert_int_equal(log_reader_count_fresh(&log_reader).matched, 4);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, log_reader_scene_set_up, log_reader_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(after_a_restart_it_reads_from_a_window_before_it_was_stopped),
        TEST(reading_afresh_goes_back_as_far_until_nothing_comes_late),
        TEST(another_log_is_not_read_from_where_the_first_one_was),
        TEST(a_position_of_another_log_is_none),
        TEST(what_an_earlier_process_had_read_is_not_counted_as_fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
