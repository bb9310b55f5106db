#include "reader_scene.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

struct scene scene;

static const char16_t *const computers[] = {u"MAIL1", u"MAIL2", u"mail3.contoso.com"};

static void make_log(struct log *log, bool damage)
{
    uint64_t number = script_below(4) == 0 ? UINT32_MAX - script_below(100) : script_below(5000);
    int64_t time = 1000000 + script_below(200);

    memset(log, 0, sizeof *log);
    log->count = 1 + script_below(RECORDS_MAX);
    for (size_t i = 0; i < log->count; i++) {
        time += script_below(3);
        if (script_below(60) == 0) {
            time -= script_below(400); /* the clock was set back */
        }
        log->records[i] = (struct scripted_record){.number = (uint32_t)(number + i),
                                                   .time = time,
                                                   .written = time + script_below(2),
                                                   .matched = script_below(4) > 0,
                                                   .damaged = damage && script_below(40) == 0};
        log->records[i].well_formed = log->records[i].matched && script_below(9) > 0;
    }
}

struct scripted *add_input(size_t log_index, size_t from, size_t count)
{
    struct log *log = &scene.logs[log_index];
    struct scripted *scripted = &scene.inputs[scene.input_count];

    *scripted = (struct scripted){.input = {.methods = &scripted_methods,
                                            .size = count,
                                            .every_number = true,
                                            .counted = script_below(4) > 0},
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

void begin_scene(size_t logs, bool damage)
{
    scripted_awake = scripted_awake_most = 0;
    scene.log_count = logs;
    scene.input_count = 0;
    scene.reader = replay_reader_create();
    assert_non_null(scene.reader);
    for (size_t i = 0; i < logs; i++) {
        make_log(&scene.logs[i], damage);
    }
}

void end_scene(void)
{
    struct replay_progress progress;

    assert_null(replay_reader_next(scene.reader));
    replay_reader_progress(scene.reader, &progress);
    assert_int_equal(progress.bytes, progress.bytes_total);
    assert_true(scripted_awake_most <= REPLAY_AWAKE_MAX);
    replay_reader_destroy(scene.reader);
    assert_int_equal(scripted_awake, 0);
    for (size_t i = 0; i < scene.input_count; i++) {
        assert_true(scene.inputs[i].closed);
    }
}

size_t log_of(const struct replay_record *record)
{
    size_t i = 0;

    while (!text_equal(text_of(computers[i]), record->computer)) {
        i++;
    }
    return i;
}

void save_in_pieces(size_t index, size_t pieces)
{
    size_t count = scene.logs[index].count, each = count / pieces + 1;
    size_t order[INPUTS_MAX] = {0};

    for (size_t i = 0; i < pieces; i++) {
        size_t other = script_below((uint32_t)i + 1);

        order[i] = order[other];
        order[other] = i;
    }
    for (size_t i = 0; i < pieces; i++) {
        size_t from = order[i] * each;
        size_t before = script_below(20) + 1;
        size_t to = from + each + script_below(20);

        from = from > before ? from - before : 0;
        to = to > count ? count : to;
        if (from < to) {
            add_input(index, from, to - from);
        }
    }
}

bool read_next(struct delivered *delivered)
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

void read_scene(void)
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
