/* Logs longer than the window through which they are read, which may be lent to others meanwhile.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "saved_log_fixture.h"

/* A log of several windows whose records have all sizes, some nearly as long as a window; where
 * they lie to the windows' ends changes with the start. */
static void build_long_log(struct evt_builder *builder, size_t start)
{
    static uint8_t data[EVT_RECORD_MAX];
    uint32_t random = (uint32_t)start;
    struct evt_entry entry = {
        .source = TEXT_OF(u"Source"), .computer = TEXT_OF(u"MAIL1"), .data = data};

    evt_open(builder, 4 * SAVED_LOG_WINDOW_SIZE, start, 1);
    for (int i = 0; i < 400; i++) {
        random = random * 1664525 + 1013904223;
        entry.data_size = i % 40 == 0 ? 50000 + (random >> 20) : (random >> 8) % 3000;
        entry.generated = (uint32_t)i;
        evt_add(builder, &entry);
    }
    evt_close(builder, false);
}

static void test_logs_longer_than_a_window(void **state)
{
    struct evt_builder builder;

    (void)state;
    for (size_t start = EVT_HEADER_SIZE; start < 2 * SAVED_LOG_WINDOW_SIZE; start += 30044) {
        build_long_log(&builder, start);
        assert_whole(&builder);
        struct walk walk = walk_file(builder.file, builder.size);

        /* A clean log is read once, but for the ends of windows. */
        assert_true(walk.bytes_read < builder.size + builder.size / 2);
        evt_close(&builder, true);
        assert_whole(&builder);
        evt_free(&builder);
    }
}

static void test_a_window_taken_away_is_given_back(void **state)
{
    static uint64_t other[SAVED_LOG_WINDOW_SIZE / 8];
    struct evt_builder builder;
    struct event_record record;
    struct saved_log log;
    uint32_t number = 0;

    (void)state;
    build_long_log(&builder, 3 * SAVED_LOG_WINDOW_SIZE);
    struct memory_file memory = {.bytes = builder.file, .size = builder.size};
    const struct saved_log_file file = memory_file(&memory);

    assert_true(saved_log_open(&log, &file, saved_log_window));
    while (saved_log_next(&log, &record)) {
        assert_int_equal(record.number, builder.oldest_number + number++);
        if (number % 7 == 0) {
            saved_log_take_window(&log);
            saved_log_give_window(&log, number % 2 == 0 ? saved_log_window : other);
        }
    }
    assert_int_equal(number, builder.next_number - builder.oldest_number);
    assert_int_equal(log.damaged, 0);
    assert_false(log.incomplete);
    evt_free(&builder);
}

/* What can be had beside the record before is what comes next, and all before it still holds. */
static void test_records_beside_each_other(void **state)
{
    struct evt_builder builder;
    struct event_record first;
    struct event_found found[7];
    struct saved_log log;
    uint32_t number, beside = 0;
    size_t count;

    (void)state;
    build_long_log(&builder, 3 * SAVED_LOG_WINDOW_SIZE);
    number = builder.oldest_number;
    struct memory_file memory = {.bytes = builder.file, .size = builder.size};
    const struct saved_log_file file = memory_file(&memory);
    struct event_shapes shapes;

    event_shapes_init(
        &shapes, &(struct event_record_filter){.provider = TEXT_OF(u"Other"), .event_id = 1708});
    assert_true(saved_log_open(&log, &file, saved_log_window));
    while (saved_log_next(&log, &first)) {
        assert_int_equal(first.number, number++);
        while ((count = saved_log_next_beside(&log, &shapes, found, 7)) > 0) {
            for (size_t i = 0; i < count; i++) {
                assert_int_equal(found[i].record.number, number++);
                assert_true(text_equal(found[i].record.computer, TEXT_OF(u"MAIL1")));
                assert_false(found[i].matches);
            }
            assert_true(text_equal(first.source, TEXT_OF(u"Source")));
            assert_int_equal(log.passed, 0);
            beside += (uint32_t)count;
        }
    }
    assert_int_equal(number, builder.next_number);
    /* All but the first, and those that a window ends in. */
    assert_in_range(beside, builder.next_number - builder.oldest_number - 8,
                    builder.next_number - builder.oldest_number - 1);
    assert_int_equal(saved_log_next_beside(&log, &shapes, found, 7), 0);
    /* Nothing is beside it when the window is gone. */
    assert_true(saved_log_open(&log, &file, saved_log_window));
    assert_true(saved_log_next(&log, &first));
    saved_log_take_window(&log);
    assert_int_equal(saved_log_next_beside(&log, &shapes, found, 7), 0);
    saved_log_give_window(&log, saved_log_window);
    assert_int_equal(saved_log_next_beside(&log, &shapes, found, 7), 0);
    assert_true(saved_log_next(&log, &first));
    assert_int_equal(first.number, builder.oldest_number + 1);
    evt_free(&builder);
}

/* By however many they are taken: between two calls, and within one. */
static void test_a_number_that_is_missing_is_noticed_beside(void **state)
{
    enum { RECORDS = 6, GAP_AT = 4, NUMBER_AT = 8 };
    struct evt_builder builder;
    struct event_record first;
    struct event_found found[RECORDS];

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    add_sign_ins(&builder, RECORDS);
    const size_t size = evt_get_u32(builder.file + EVT_HEADER_SIZE);

    for (uint32_t gap = 0; gap <= 1; gap++) {
        for (uint32_t i = GAP_AT; i < RECORDS; i++) {
            evt_put_u32(builder.file + EVT_HEADER_SIZE + i * size + NUMBER_AT, 1 + i + gap);
        }
        for (size_t most = 1; most < RECORDS; most++) {
            struct memory_file memory = {.bytes = builder.file, .size = builder.size};
            const struct saved_log_file file = memory_file(&memory);
            struct event_shapes shapes;
            struct saved_log log;
            size_t count, all = 1;

            event_shapes_init(&shapes, &(struct event_record_filter){.provider = TEXT_OF(u"Other"),
                                                                     .event_id = 1708});
            assert_true(saved_log_open(&log, &file, saved_log_window));
            assert_true(saved_log_next(&log, &first));
            while ((count = saved_log_next_beside(&log, &shapes, found, most)) > 0) {
                all += count;
            }
            assert_int_equal(all, RECORDS);
            assert_int_equal(log.incomplete, gap);
            assert_int_equal(log.expected, RECORDS + 1 + gap);
        }
    }
    evt_free(&builder);
}

/* Whichever read fails: the walk ends, says so, and what came before was right. */
static void test_a_file_that_cannot_be_read(void **state)
{
    struct evt_builder builder;

    (void)state;
    build_long_log(&builder, 3 * SAVED_LOG_WINDOW_SIZE);
    for (int dirty = 0; dirty <= 1; dirty++) {
        evt_close(&builder, dirty);
        for (uint64_t fails_at = 1;; fails_at++) {
            struct memory_file memory = {
                .bytes = builder.file, .size = builder.size, .fails_at = fails_at};
            const struct saved_log_file file = memory_file(&memory);
            struct saved_log log;
            struct event_record record;
            uint32_t number = builder.oldest_number;

            if (!saved_log_open(&log, &file, saved_log_window)) {
                continue;
            }
            while (saved_log_next(&log, &record)) {
                assert_int_equal(record.number, number++);
            }
            assert_int_equal(log.failed, number != builder.next_number);
            assert_int_equal(log.damaged, 0);
            if (!log.failed) {
                assert_true(fails_at > 5);
                break;
            }
        }
    }
    evt_free(&builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_logs_longer_than_a_window),
        cmocka_unit_test(test_a_window_taken_away_is_given_back),
        cmocka_unit_test(test_records_beside_each_other),
        cmocka_unit_test(test_a_number_that_is_missing_is_noticed_beside),
        cmocka_unit_test(test_a_file_that_cannot_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
