/* The reader against what the logs really were: logs with clock steps and repeated seconds, each
 * saved several times, as inputs that check what they are asked. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "reader_scene.h"

static void test_overlapping_saves_are_one_log(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        script_random = seed * 77 + 1;
        begin_scene(1, seed % 4 == 0);
        save_in_pieces(0, 1 + script_below(12));
        read_scene();
        end_scene();
    }
}

static void test_several_logs_each_in_its_own_order(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        script_random = seed * 99 + 5;
        begin_scene(3, seed % 4 == 0);
        for (size_t i = 0; i < 3; i++) {
            save_in_pieces(i, 1 + script_below(13));
        }
        read_scene();
        end_scene();
    }
}

/* Two logs without clock steps come out as if sorted by time. */
static void test_logs_are_merged_by_time(void **state)
{
    struct delivered delivered = {0};
    int64_t last = 0;

    (void)state;
    script_random = 3;
    begin_scene(2, false);
    for (size_t i = 0; i < 2; i++) {
        struct log *log = &scene.logs[i];

        for (size_t r = 0; r < log->count; r++) {
            log->records[r].time = 1000 + (int64_t)(r * (i + 1) / 3);
        }
        add_input(i, 0, log->count);
    }
    assert_true(replay_reader_start(scene.reader));
    size_t of_first = 0;

    while (read_next(&delivered)) {
        bool first = log_of(delivered.record) == 0;

        assert_true(delivered.record->time >= last);
        /* Of equally old ones, that of the log that began first. */
        if (!first && of_first < scene.logs[0].count) {
            assert_true(scene.logs[0].records[of_first].time > delivered.record->time);
        }
        of_first += first;
        last = delivered.record->time;
    }
    end_scene();
}

/* A log that was cleared has the numbers of the old one again: two logs. */
static void test_a_cleared_log_is_another(void **state)
{
    struct delivered delivered = {0};
    uint64_t records = 0;

    (void)state;
    script_random = 8;
    begin_scene(1, false);
    struct log *log = &scene.logs[0];

    log->count = 200;
    for (size_t i = 0; i < 200; i++) {
        log->records[i] = (struct scripted_record){
            .number = 1 + i % 100, .time = 1000 + (int64_t)i, .written = 1};
    }
    add_input(0, 0, 100);
    add_input(0, 130, 70);
    add_input(0, 100, 80);
    assert_true(replay_reader_start(scene.reader));
    while (read_next(&delivered)) {
        if (!delivered.stretch->repeated) {
            assert_int_equal(delivered.record->time, 1000 + (int64_t)records);
            assert_false(delivered.has_gap);
            records++;
        }
    }
    assert_int_equal(records, 200);
    end_scene();
}

static void test_gaps_are_told(void **state)
{
    /* What is missing: numbers within the log, numbers between two files of it, damage in the
     * middle and at the end. */
    static const struct replay_gap expected[] = {
        {REPLAY_GAP_NUMBERS, 0, 20, 24, 0, 0, 1019, 1025},
        {REPLAY_GAP_DAMAGE, 0, 30, 31, 1025, 200, 1029, 1032},
        {REPLAY_GAP_DAMAGE, 0, 1, 0, 1044, 100, 1048, 1048},
        {REPLAY_GAP_NUMBERS, 1, 49, 59, 0, 0, 1048, 1060},
    };
    struct delivered delivered = {0};
    size_t gaps = 0;

    (void)state;
    script_random = 9;
    begin_scene(1, false);
    struct log *log = &scene.logs[0];

    log->count = 100;
    for (size_t i = 0; i < 100; i++) {
        size_t number = i < 20 ? i : i + 5; /* five are missing */

        log->records[i] =
            (struct scripted_record){.number = number,
                                     .time = 1000 + (int64_t)number,
                                     .matched = true,
                                     .damaged = number == 30 || number == 31 || number == 49};
    }
    add_input(0, 0, 45); /* numbers up to 49 */
    add_input(0, 55, 20);
    assert_true(replay_reader_start(scene.reader));
    while (read_next(&delivered)) {
        if (!delivered.has_gap) {
            assert_non_null(delivered.record);
            continue;
        }
        assert_true(gaps < sizeof expected / sizeof expected[0]);
        const struct replay_gap *gap = &expected[gaps++];

        assert_int_equal(delivered.stretch->gap.kind, gap->kind);
        assert_int_equal(delivered.stretch->gap.file, gap->file);
        assert_int_equal(delivered.stretch->gap.first, gap->first);
        assert_int_equal(delivered.stretch->gap.last, gap->last);
        assert_int_equal(delivered.stretch->gap.offset, gap->offset);
        assert_int_equal(delivered.stretch->gap.bytes, gap->bytes);
        assert_int_equal(delivered.stretch->gap.before, gap->before);
        assert_int_equal(delivered.stretch->gap.after, gap->after);
        assert_int_equal(delivered.record == NULL, gap->offset == 1044);
    }
    assert_int_equal(gaps, 4);
    end_scene();
}

static void test_a_file_that_holds_nothing_but_damage(void **state)
{
    (void)state;
    script_random = 10;
    begin_scene(1, false);
    scene.logs[0].count = 2;
    scene.logs[0].records[0].damaged = scene.logs[0].records[1].damaged = true;
    add_input(0, 0, 2);
    assert_true(replay_reader_start(scene.reader));
    const struct replay_stretch *stretch = replay_reader_next(scene.reader);

    assert_non_null(stretch);
    assert_int_equal(stretch->count, 0);
    assert_true(stretch->has_gap);
    assert_int_equal(stretch->gap.bytes, 200);
    end_scene();
}

/* A file that cannot be read any more ends there; the others go on. */
static void test_inputs_that_fail(void **state)
{
    struct delivered delivered = {0};
    char text[REPLAY_ERROR_SIZE];

    (void)state;
    for (size_t fails_at = 0; fails_at <= 50; fails_at += 5) {
        size_t from_first = 0, from_other = 0;

        script_random = fails_at + 1;
        begin_scene(2, false);
        for (size_t i = 0; i < 2; i++) {
            struct log *log = &scene.logs[i];

            log->count = 50;
            for (size_t r = 0; r < log->count; r++) {
                log->records[r] = (struct scripted_record){.number = r, .time = 1000 + (int64_t)r};
            }
            add_input(i, 0, log->count);
        }
        scene.inputs[0].fails_at = fails_at;
        assert_true(replay_reader_start(scene.reader));
        while (read_next(&delivered)) {
            *(log_of(delivered.record) == 0 ? &from_first : &from_other) += 1;
        }
        assert_int_equal(from_first, fails_at);
        assert_int_equal(from_other, 50);
        size_t remarks = replay_reader_remark(scene.reader, 0, 0, text);

        remarks += replay_reader_remark(scene.reader, 1, 0, text);
        assert_int_equal(remarks, 1);
        assert_false(replay_reader_remark(scene.reader, 0, 1, text));
        replay_reader_destroy(scene.reader);
        assert_int_equal(scripted_awake, 0);
    }
}

/* More logs at the same time than may be awake. */
static void test_more_logs_than_may_be_awake(void **state)
{
    struct delivered delivered = {0};
    uint64_t records = 0;
    int64_t last = 0;

    (void)state;
    script_random = 4;
    begin_scene(1, false);
    struct log *log = &scene.logs[0];

    log->count = RECORDS_MAX;
    for (size_t i = 0; i < RECORDS_MAX; i++) {
        /* Each input has ten records of its own numbers, and all are at it at the same time. */
        log->records[i] = (struct scripted_record){.number = 100 * (i / 10) + i % 10,
                                                   .time = 1000 + 10 * (int64_t)(i % 10)};
    }
    for (size_t i = 0; i < RECORDS_MAX / 10; i++) {
        add_input(0, i * 10, 10);
    }
    assert_true(scene.input_count > REPLAY_AWAKE_MAX);
    assert_true(replay_reader_start(scene.reader));
    while (read_next(&delivered)) {
        assert_true(delivered.record->time >= last);
        last = delivered.record->time;
        records++;
    }
    assert_int_equal(records, RECORDS_MAX);
    end_scene();
}

static void test_there_is_room_for_so_many_inputs(void **state)
{
    static struct scripted empty[REPLAY_INPUTS_MAX + 1];
    struct replay_reader *reader = replay_reader_create();

    (void)state;
    for (size_t i = 0; i <= REPLAY_INPUTS_MAX; i++) {
        empty[i] = (struct scripted){.input = {.methods = &scripted_methods}, .fails_at = SIZE_MAX};
        assert_int_equal(replay_reader_add(reader, &empty[i].input, "path"), i < REPLAY_INPUTS_MAX);
    }
    assert_true(replay_reader_start(reader));
    assert_null(replay_reader_next(reader));
    assert_int_equal(replay_reader_file_count(reader), REPLAY_INPUTS_MAX);
    replay_reader_destroy(reader);
    replay_reader_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overlapping_saves_are_one_log),
        cmocka_unit_test(test_several_logs_each_in_its_own_order),
        cmocka_unit_test(test_logs_are_merged_by_time),
        cmocka_unit_test(test_a_cleared_log_is_another),
        cmocka_unit_test(test_gaps_are_told),
        cmocka_unit_test(test_a_file_that_holds_nothing_but_damage),
        cmocka_unit_test(test_inputs_that_fail),
        cmocka_unit_test(test_more_logs_than_may_be_awake),
        cmocka_unit_test(test_there_is_room_for_so_many_inputs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
