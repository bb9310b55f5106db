#include "saved_log_fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t saved_log_window[SAVED_LOG_WINDOW_SIZE / 8];

struct walk walk_file(const uint8_t *file, size_t size)
{
    struct walk walk = {.in_order = true};
    struct event_record record;
    uint8_t *block = malloc(size + (size == 0));

    assert_non_null(block);
    memcpy(block, file, size);
    struct memory_file memory = {.bytes = block, .size = size};
    const struct saved_log_file source = memory_file(&memory);

    assert_true(saved_log_open(&walk.log, &source, saved_log_window));
    while (saved_log_next(&walk.log, &record)) {
        struct event_record again;

        /* A valid record is one that the decoder takes. */
        const uint8_t *start = record.end + 4 - record.size;

        assert_int_equal(event_record_decode(start, record.size, &again), EVENT_RECORD_OK);
        assert_int_equal(again.number, record.number);
        walk.in_order =
            walk.in_order && (walk.records == 0 || record.number == (uint32_t)(walk.last + 1));
        walk.first = walk.records == 0 ? record.number : walk.first;
        walk.last = record.number;
        walk.records++;
    }
    assert_false(saved_log_next(&walk.log, &record));
    assert_true(walk.log.skipped <= size);
    assert_true(walk.records <= size / EVENT_RECORD_MIN_SIZE + 1);
    walk.bytes_read = memory.bytes_read;
    walk.reads = memory.reads;
    free(block);
    return walk;
}

void add_sign_ins(struct evt_builder *builder, int count)
{
    for (int i = 0; i < count; i++) {
        evt_sign_in(builder, 1000000 + (uint32_t)i, TEXT_OF(u"client.example"),
                    TEXT_OF(u"CONTOSO\\bob"));
    }
}

void assert_whole(const struct evt_builder *builder)
{
    struct walk walk = walk_file(builder->file, builder->size);

    assert_true(walk.in_order);
    assert_int_equal(walk.records, builder->next_number - builder->oldest_number);
    if (walk.records > 0) {
        assert_int_equal(walk.first, builder->oldest_number);
    }
    assert_int_equal(walk.log.skipped, 0);
    assert_int_equal(walk.log.damaged, 0);
    assert_false(walk.log.incomplete);
}

uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    const size_t most = 64u << 20;
    uint8_t *bytes = malloc(most);

    if (file == NULL || bytes == NULL) {
        print_error("cannot open %s\n", path);
        free(bytes);
        bytes = NULL;
    } else {
        *size = fread(bytes, 1, most, file);
    }
    if (file != NULL) {
        fclose(file);
    }
    return bytes;
}
