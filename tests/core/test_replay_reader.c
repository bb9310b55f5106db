/* The reader against what the logs really were: logs with clock steps and repeated seconds, each
 * saved several times, as inputs that check what they are asked. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "app/replay_reader.h"

enum { RECORDS_MAX = 400, INPUTS_MAX = 40 };

struct truth { /* a record as it was written */
    uint64_t number;
    int64_t time, written;
    bool matched, well_formed;
    bool damaged; /* in every save */
};

static uint64_t random_state;

static uint32_t random_below(uint32_t bound)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) % bound);
}

static const char16_t *const computers[] = {u"MAIL1", u"MAIL2", u"mail3.contoso.com"};

/* A save of a stretch of a log. */
struct scripted {
    struct replay_input input;
    const struct truth *records;
    size_t count, at;
    struct text computer;
    size_t given_from; /* at, before what came last was given */
    bool awake, closed;
    size_t fails_at; /* cannot be read from here on; SIZE_MAX: can be */
};

static size_t awake_now, awake_most;

static void give(const struct scripted *scripted, size_t index, struct replay_record *record)
{
    const struct truth *truth = &scripted->records[index];

    *record = (struct replay_record){.number = truth->number,
                                     .time = truth->time,
                                     .written = truth->written,
                                     .computer = scripted->computer,
                                     .matched = truth->matched,
                                     .well_formed = truth->well_formed};
}

/* Steps over what is damaged. Returns the bytes that this is; *passed_at is where they begin. */
static uint64_t pass_over(struct scripted *scripted, uint64_t *passed_at)
{
    uint64_t passed = 0;

    for (; scripted->at < scripted->count && scripted->records[scripted->at].damaged;
         scripted->at++) {
        *passed_at = passed == 0 ? 1000 + scripted->at : *passed_at;
        passed += 100;
    }
    return passed;
}

static size_t scripted_next(struct replay_input *input, struct replay_record *records, size_t most)
{
    struct scripted *scripted = (struct scripted *)input;
    size_t count = 0, wanted = 1 + random_below((uint32_t)most);

    assert_true(scripted->awake);
    scripted->given_from = scripted->at;
    while (count < wanted) {
        uint64_t passed_at = 0, passed = pass_over(scripted, &passed_at);

        if (scripted->at >= scripted->count || scripted->at >= scripted->fails_at) {
            if (count == 0) {
                records[0].passed = passed;
                records[0].passed_at = passed_at;
                scripted->given_from = scripted->at;
            } else {
                scripted->at -= passed / 100; /* to be told at the end */
            }
            break;
        }
        give(scripted, scripted->at++, &records[count]);
        records[count].passed = passed;
        records[count++].passed_at = passed_at;
    }
    return count;
}

static void scripted_rest(struct replay_input *input, size_t taken)
{
    struct scripted *scripted = (struct scripted *)input;
    uint64_t passed_at;

    assert_true(scripted->awake);
    scripted->awake = false;
    awake_now--;
    scripted->at = scripted->given_from;
    for (size_t i = 0; i < taken; i++) {
        pass_over(scripted, &passed_at);
        scripted->at++;
    }
}

static bool scripted_wake(struct replay_input *input)
{
    struct scripted *scripted = (struct scripted *)input;

    assert_false(scripted->awake);
    if (scripted->at > scripted->fails_at) {
        return false;
    }
    scripted->awake = true;
    awake_now++;
    awake_most = awake_now > awake_most ? awake_now : awake_most;
    return true;
}

static bool scripted_find(struct replay_input *input, uint64_t number, struct replay_key *key)
{
    struct scripted *scripted = (struct scripted *)input;
    struct replay_record record;

    assert_false(scripted->awake);
    for (size_t i = 0; i < scripted->count && i < scripted->fails_at; i++) {
        if (!scripted->records[i].damaged &&
            (int32_t)(uint32_t)(scripted->records[i].number - number) >= 0) {
            give(scripted, i, &record);
            *key = replay_key_of(&record);
            return true;
        }
    }
    return false;
}

static bool scripted_remark(const struct replay_input *input, size_t index,
                            char text[REPLAY_ERROR_SIZE])
{
    const struct scripted *scripted = (const struct scripted *)input;

    if (index == 0 && scripted->fails_at != SIZE_MAX) {
        strcpy(text, "cannot be read");
        return true;
    }
    return false;
}

static uint64_t scripted_position(const struct replay_input *input)
{
    return ((const struct scripted *)input)->at;
}

static void scripted_close(struct replay_input *input)
{
    struct scripted *scripted = (struct scripted *)input;

    assert_false(scripted->awake);
    assert_false(scripted->closed);
    scripted->closed = true;
}

static const struct replay_input_methods scripted_methods = {
    .next = scripted_next,
    .rest = scripted_rest,
    .wake = scripted_wake,
    .find = scripted_find,
    .remark = scripted_remark,
    .position = scripted_position,
    .close = scripted_close,
};

/* ---- scenes --------------------------------------------------------------------------------- */

struct log {
    struct truth records[RECORDS_MAX];
    size_t count;
    bool saved[RECORDS_MAX]; /* in one save at least */
    size_t delivered;        /* next that should come */
};

static struct scene {
    struct log logs[3];
    size_t log_count;
    struct scripted inputs[INPUTS_MAX];
    size_t log_of[INPUTS_MAX]; /* by input */
    size_t input_count;
    struct replay_reader *reader;
} scene;

static void make_log(struct log *log, bool damage)
{
    uint64_t number = random_below(4) == 0 ? UINT32_MAX - random_below(100) : random_below(5000);
    int64_t time = 1000000 + random_below(200);

    memset(log, 0, sizeof *log);
    log->count = 1 + random_below(RECORDS_MAX);
    for (size_t i = 0; i < log->count; i++) {
        time += random_below(3);
        if (random_below(60) == 0) {
            time -= random_below(400); /* the clock was set back */
        }
        log->records[i] = (struct truth){.number = (uint32_t)(number + i),
                                         .time = time,
                                         .written = time + random_below(2),
                                         .matched = random_below(4) > 0,
                                         .damaged = damage && random_below(40) == 0};
        log->records[i].well_formed = log->records[i].matched && random_below(9) > 0;
    }
}

static struct scripted *add_input(size_t log_index, size_t from, size_t count)
{
    struct log *log = &scene.logs[log_index];
    struct scripted *scripted = &scene.inputs[scene.input_count];

    *scripted = (struct scripted){.input = {.methods = &scripted_methods,
                                            .size = count,
                                            .every_number = true,
                                            .counted = random_below(4) > 0},
                                  .records = log->records + from,
                                  .count = count,
                                  .computer = text_of(computers[log_index]),
                                  .fails_at = SIZE_MAX};
    scripted->input.next_number = (uint32_t)(log->records[from].number + count);
    for (size_t i = from; i < from + count; i++) {
        log->saved[i] = true;
    }
    assert_true(replay_reader_add(scene.reader, &scripted->input, "path"));
    scene.log_of[scene.input_count++] = log_index;
    return scripted;
}

static void begin_scene(size_t logs, bool damage)
{
    awake_now = awake_most = 0;
    scene.log_count = logs;
    scene.input_count = 0;
    scene.reader = replay_reader_create();
    assert_non_null(scene.reader);
    for (size_t i = 0; i < logs; i++) {
        make_log(&scene.logs[i], damage);
    }
}

static void end_scene(void)
{
    struct replay_progress progress;

    assert_null(replay_reader_next(scene.reader));
    replay_reader_progress(scene.reader, &progress);
    assert_int_equal(progress.bytes, progress.bytes_total);
    assert_true(awake_most <= REPLAY_AWAKE_MAX);
    replay_reader_destroy(scene.reader);
    assert_int_equal(awake_now, 0);
    for (size_t i = 0; i < scene.input_count; i++) {
        assert_true(scene.inputs[i].closed);
    }
}

/* The log that a record was delivered from, by its computer. */
static size_t log_of(const struct replay_record *record)
{
    size_t i = 0;

    while (!text_equal(text_of(computers[i]), record->computer)) {
        i++;
    }
    return i;
}

/* Overlapping saves that cover all of a log, in any order. */
static void save_in_pieces(size_t index, size_t pieces)
{
    size_t count = scene.logs[index].count, each = count / pieces + 1;
    size_t order[INPUTS_MAX];

    for (size_t i = 0; i < pieces; i++) {
        size_t other = random_below((uint32_t)i + 1);

        order[i] = order[other];
        order[other] = i;
    }
    for (size_t i = 0; i < pieces; i++) {
        size_t from = order[i] * each;
        size_t before = random_below(20) + 1;
        size_t to = from + each + random_below(20);

        from = from > before ? from - before : 0;
        to = to > count ? count : to;
        if (from < to) {
            add_input(index, from, to - from);
        }
    }
}

/* One record at a time, as the tests look at them; a gap at a file's end has no record. */
struct delivered {
    const struct replay_record *record;
    const struct replay_stretch *stretch;
    bool has_gap;
};

static bool read_next(struct delivered *delivered)
{
    static size_t index;

    if (delivered->stretch != NULL && ++index < delivered->stretch->count) {
        delivered->record++;
        delivered->has_gap = false;
        return true;
    }
    index = 0;
    delivered->stretch = replay_reader_next(scene.reader);
    if (delivered->stretch == NULL) {
        return false;
    }
    delivered->record = delivered->stretch->count > 0 ? delivered->stretch->records : NULL;
    delivered->has_gap = delivered->stretch->has_gap;
    return true;
}

/* Reads all: every record of every log exactly once, in the order in which it was written. */
static void read_scene(void)
{
    struct delivered delivered = {0};
    uint64_t all = 0, in_files = 0;

    assert_true(replay_reader_start(scene.reader));
    for (size_t i = 0; i < scene.log_count; i++) {
        scene.logs[i].delivered = 0;
    }
    while (read_next(&delivered)) {
        const struct replay_record *record = delivered.record;

        if (record == NULL) {
            continue;
        }
        all++;
        if (delivered.stretch->repeated) {
            continue;
        }
        struct log *log = &scene.logs[log_of(record)];

        while (log->records[log->delivered].damaged || !log->saved[log->delivered]) {
            log->delivered++;
        }
        assert_true(log->delivered < log->count);
        assert_int_equal(record->number, log->records[log->delivered].number);
        assert_int_equal(record->time, log->records[log->delivered].time);
        assert_int_equal(record->matched, log->records[log->delivered].matched);
        log->delivered++;
    }
    for (size_t i = 0; i < scene.log_count; i++) {
        struct log *log = &scene.logs[i];

        for (; log->delivered < log->count; log->delivered++) {
            assert_true(log->records[log->delivered].damaged || !log->saved[log->delivered]);
        }
    }
    for (size_t i = 0; i < replay_reader_file_count(scene.reader); i++) {
        in_files += replay_reader_files(scene.reader)[i].records;
    }
    assert_int_equal(in_files, all);
}

static void test_overlapping_saves_are_one_log(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        random_state = seed * 77 + 1;
        begin_scene(1, seed % 4 == 0);
        save_in_pieces(0, 1 + random_below(12));
        read_scene();
        end_scene();
    }
}

static void test_several_logs_each_in_its_own_order(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        random_state = seed * 99 + 5;
        begin_scene(3, seed % 4 == 0);
        for (size_t i = 0; i < 3; i++) {
            save_in_pieces(i, 1 + random_below(13));
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
    random_state = 3;
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
    random_state = 8;
    begin_scene(1, false);
    struct log *log = &scene.logs[0];

    log->count = 200;
    for (size_t i = 0; i < 200; i++) {
        log->records[i] =
            (struct truth){.number = 1 + i % 100, .time = 1000 + (int64_t)i, .written = 1};
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
    random_state = 9;
    begin_scene(1, false);
    struct log *log = &scene.logs[0];

    log->count = 100;
    for (size_t i = 0; i < 100; i++) {
        size_t number = i < 20 ? i : i + 5; /* five are missing */

        log->records[i] = (struct truth){.number = number,
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
    random_state = 10;
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

        random_state = fails_at + 1;
        begin_scene(2, false);
        for (size_t i = 0; i < 2; i++) {
            struct log *log = &scene.logs[i];

            log->count = 50;
            for (size_t r = 0; r < log->count; r++) {
                log->records[r] = (struct truth){.number = r, .time = 1000 + (int64_t)r};
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
        assert_int_equal(awake_now, 0);
    }
}

/* More logs at the same time than may be awake. */
static void test_more_logs_than_may_be_awake(void **state)
{
    struct delivered delivered = {0};
    uint64_t records = 0;
    int64_t last = 0;

    (void)state;
    random_state = 4;
    begin_scene(1, false);
    struct log *log = &scene.logs[0];

    log->count = RECORDS_MAX;
    for (size_t i = 0; i < RECORDS_MAX; i++) {
        /* Each input has ten records of its own numbers, and all are at it at the same time. */
        log->records[i] = (struct truth){.number = 100 * (i / 10) + i % 10,
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
