/* Also a program for compare_evtexport.sh:
 *     test_saved_log list FILE               a line for each record, of all that it says
 *     test_saved_log write FILE KIND NUMBER  a log made by evt_builder (write_log)
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/event_time.h"
#include "core/saved_log.h"
#include "evt_builder.h"
#include "memory_file.h"

enum { RING = 8192 };

static uint64_t window[SAVED_LOG_WINDOW_SIZE / 8];

/* What a walk found. The file is read from a block of exactly its size. */
struct walk {
    uint32_t records, first, last;
    bool in_order;
    struct saved_log log;
    uint64_t bytes_read, reads;
};

static struct walk walk_file(const uint8_t *file, size_t size)
{
    struct walk walk = {.in_order = true};
    struct event_record record;
    uint8_t *block = malloc(size + (size == 0));

    assert_non_null(block);
    memcpy(block, file, size);
    struct memory_file memory = {.bytes = block, .size = size};
    const struct saved_log_file source = memory_file(&memory);

    assert_true(saved_log_open(&walk.log, &source, window));
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

static void add_sign_ins(struct evt_builder *builder, int count)
{
    for (int i = 0; i < count; i++) {
        evt_sign_in(builder, 1000000 + (uint32_t)i, TEXT_OF(u"client.example"),
                    TEXT_OF(u"CONTOSO\\bob"));
    }
}

static void assert_whole(const struct evt_builder *builder)
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

/* ---- whole logs ----------------------------------------------------------------------------- */

static void test_empty_log(void **state)
{
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    assert_whole(&builder);
    evt_close(&builder, false);
    assert_whole(&builder);
    evt_free(&builder);
}

static void test_log_that_never_wrapped(void **state)
{
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    add_sign_ins(&builder, 20);
    assert_false(builder.wrapped);
    assert_whole(&builder);
    evt_close(&builder, true);
    assert_whole(&builder);
    evt_close(&builder, false);
    assert_whole(&builder);
    evt_free(&builder);
}

/* The ring starts at every word in turn, so that the file's end falls on every word of a record,
 * of the end-of-file record, and where only filler fits. */
static void test_wrapped_at_every_offset(void **state)
{
    struct evt_builder builder;

    (void)state;
    for (size_t start = RING - 600; start < RING; start += 4) {
        for (int count = 1; count <= 5; count++) {
            evt_open(&builder, RING, start, 77);
            add_sign_ins(&builder, count);
            assert_whole(&builder);
            evt_close(&builder, count % 2 == 0);
            assert_whole(&builder);
            evt_free(&builder);
        }
    }
}

static void test_overwritten_many_times(void **state)
{
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    for (int i = 0; i < 500; i++) {
        static const char16_t name[] = u"a client of some length to vary the sizes of records";

        evt_sign_in(&builder, (uint32_t)i, (struct text){name, (size_t)(i * 7) % 52},
                    TEXT_OF(u"bob"));
        if (i % 50 == 25) {
            evt_close(&builder, false); /* the header is stale from the next record on */
        }
        evt_put_u32(builder.file + 36, builder.wrapped ? 3 : 1);
        assert_whole(&builder);
    }
    assert_true(builder.wrapped);
    evt_free(&builder);
}

static void test_stale_header_that_claims_to_be_clean(void **state)
{
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    add_sign_ins(&builder, 10);
    evt_close(&builder, false);
    add_sign_ins(&builder, 100);
    assert_whole(&builder);
    evt_free(&builder);
}

static void test_header_fields_do_not_matter(void **state)
{
    struct evt_builder builder;

    (void)state;
    for (size_t start = EVT_HEADER_SIZE; start < RING; start += RING / 2) {
        evt_open(&builder, RING, start, 1);
        add_sign_ins(&builder, 30);
        evt_close(&builder, false);
        for (size_t field = 8; field < EVT_HEADER_SIZE; field += 4) {
            static const uint32_t values[] = {0, 1, 47, 52, RING - 4, RING, 0x7fffffff, UINT32_MAX};

            for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
                uint32_t before = evt_get_u32(builder.file + field);

                evt_put_u32(builder.file + field, values[i]);
                assert_whole(&builder);
                evt_put_u32(builder.file + field, before);
            }
        }
        memset(builder.file + 8, 0xff, EVT_HEADER_SIZE - 8);
        assert_whole(&builder);
        evt_free(&builder);
    }
}

static void test_record_numbers_that_overflow(void **state)
{
    struct evt_builder builder;
    struct walk walk;

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, UINT32_MAX - 5);
    add_sign_ins(&builder, 12);
    assert_whole(&builder);
    /* Also where numbers alone tell the order. */
    memset(builder.file + builder.end, 0, EVT_END_SIZE);
    walk = walk_file(builder.file, builder.size);
    assert_int_equal(walk.records, 12);
    assert_true(walk.in_order);
    evt_free(&builder);
}

static void test_end_of_file_record_in_a_records_data_is_not_believed(void **state)
{
    struct evt_builder builder;
    uint8_t fake[3 * EVT_END_SIZE];

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    for (size_t i = 0; i < sizeof fake; i += 4) {
        static const uint32_t words[] = {40,   0x11111111, 0x22222222, 0x33333333, 0x44444444,
                                         0x30, 0x300,      5,          1,          40};

        evt_put_u32(fake + i, words[i / 4 % 10]);
    }
    struct evt_entry entry = {
        .source = TEXT_OF(u"S"), .computer = TEXT_OF(u"C"), .data = fake, .data_size = sizeof fake};

    for (int i = 0; i < 100; i++) {
        evt_add(&builder, &entry);
        evt_put_u32(builder.file + 36, 1);
        assert_whole(&builder);
    }
    evt_free(&builder);
}

/* ---- damage --------------------------------------------------------------------------------- */

static void test_damaged_record_is_passed_over(void **state)
{
    struct evt_builder builder;

    (void)state;
    for (size_t start = EVT_HEADER_SIZE; start < RING; start += RING - 1048) {
        evt_open(&builder, RING, start, 1);
        add_sign_ins(&builder, 20);
        evt_close(&builder, false);
        size_t size = evt_get_u32(builder.file + builder.oldest);

        for (int broken = 0; broken < 20; broken++) {
            size_t at = builder.oldest + (size_t)broken * size;

            at = at >= RING ? at - RING + EVT_HEADER_SIZE : at;
            if (at + 8 >= RING) {
                continue; /* the signature lies across the end: test_every_truncation's business */
            }
            uint32_t before = evt_get_u32(builder.file + at + 4);

            evt_put_u32(builder.file + at + 4, 0);
            struct walk walk = walk_file(builder.file, builder.size);

            evt_put_u32(builder.file + at + 4, before);
            assert_int_equal(walk.records, 19);
            assert_int_equal(walk.log.damaged, 1);
            assert_int_equal(walk.log.skipped, size);
            assert_int_equal(walk.log.damaged_at, at);
            assert_int_equal(walk.first, broken == 0 ? 2 : 1);
            assert_int_equal(walk.last, broken == 19 ? 19 : 20);
        }
        evt_free(&builder);
    }
}

static void test_two_places_of_damage_are_two(void **state)
{
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    add_sign_ins(&builder, 20);
    size_t size = evt_get_u32(builder.file + builder.oldest);

    memset(builder.file + builder.oldest + 3 * size, 0xee, 2 * size);
    memset(builder.file + builder.oldest + 9 * size + 8, 0xee, size - 8);
    struct walk walk = walk_file(builder.file, builder.size);

    assert_int_equal(walk.records, 17);
    assert_int_equal(walk.log.damaged, 2);
    assert_int_equal(walk.log.skipped, 3 * size);
    assert_int_equal(walk.log.damaged_at, builder.oldest + 3 * size);
    evt_free(&builder);
}

static void test_without_an_end_of_file_record_numbers_give_the_order(void **state)
{
    struct evt_builder builder;

    (void)state;
    for (int count = 1; count < 200; count++) {
        evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
        add_sign_ins(&builder, count);
        evt_close(&builder, true);
        for (size_t i = 0; i < EVT_END_SIZE && builder.end + i < RING; i++) {
            builder.file[builder.end + i] = 0;
        }
        struct walk walk = walk_file(builder.file, builder.size);

        assert_true(walk.in_order);
        assert_int_equal(walk.records, builder.next_number - builder.oldest_number);
        assert_int_equal(walk.first, builder.oldest_number);
        assert_true(walk.log.incomplete);
        evt_free(&builder);
    }
}

static void test_end_of_file_record_with_a_wrong_beginning(void **state)
{
    struct evt_builder builder;
    static const uint32_t wrong[] = {0, 44, 49, RING, 0xfffffffc, EVT_HEADER_SIZE + 300};

    (void)state;
    for (int count = 5; count < 100; count += 31) {
        evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
        add_sign_ins(&builder, count);
        for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
            evt_put_u32(builder.file + builder.end + 20, wrong[i]);
            struct walk walk = walk_file(builder.file, builder.size);

            assert_true(walk.in_order);
            assert_int_equal(walk.records, builder.next_number - builder.oldest_number);
            assert_true(walk.log.incomplete);
        }
        evt_free(&builder);
    }
}

/* Cut anywhere: no loop, no step outside the block, only records that were there, in order, and
 * never silence about what is missing. */
static void test_every_truncation(void **state)
{
    struct evt_builder builder;

    (void)state;
    for (int count = 12; count <= 60; count += 48) {
        evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
        add_sign_ins(&builder, count);
        evt_close(&builder, false);
        size_t needed = builder.wrapped ? RING : builder.end + EVT_END_SIZE;

        for (size_t size = EVT_HEADER_SIZE; size < RING; size++) {
            struct walk walk = walk_file(builder.file, size);

            assert_true(walk.records <= builder.next_number - builder.oldest_number);
            assert_true(walk.records == 0 ||
                        (walk.first >= builder.oldest_number && walk.last < builder.next_number));
            assert_true(walk.in_order || walk.log.damaged > 0 || walk.log.incomplete);
            if (walk.records < builder.next_number - builder.oldest_number) {
                assert_true(size < needed);
                assert_true(walk.log.incomplete || walk.log.damaged > 0);
            }
        }
        evt_free(&builder);
    }
}

static void test_random_damage_never_loops(void **state)
{
    struct evt_builder builder;
    uint8_t *copy = malloc(RING);
    uint32_t random = 99;

    (void)state;
    assert_non_null(copy);
    evt_open(&builder, RING, EVT_HEADER_SIZE + 1000, 1);
    add_sign_ins(&builder, 70);
    evt_close(&builder, true);
    for (int round = 0; round < 3000; round++) {
        memcpy(copy, builder.file, RING);
        for (int flips = 1 + round % 40; flips > 0; flips--) {
            random = random * 1664525 + 1013904223;
            size_t at = 8 + (random >> 8) % (RING - 8);

            copy[at] = flips % 3 == 0 ? (uint8_t)(random >> 24)
                                      : (uint8_t)(copy[at] ^ 1u << (random >> 29));
        }
        walk_file(copy, RING); /* holds what it found against the decoder */
    }
    free(copy);
    evt_free(&builder);
}

static void test_claims_beyond_the_bound_are_damage(void **state)
{
    const size_t size = EVT_HEADER_SIZE + SAVED_LOG_RECORD_MAX + 4 + EVT_END_SIZE;
    struct evt_builder builder;

    (void)state;
    for (uint32_t more = 0; more <= 4; more += 4) {
        uint32_t claim = SAVED_LOG_RECORD_MAX + more;

        evt_open(&builder, size, EVT_HEADER_SIZE, 1);
        add_sign_ins(&builder, 1);
        evt_put_u32(builder.file + EVT_HEADER_SIZE, claim);
        evt_put_u32(builder.file + EVT_HEADER_SIZE + claim - 4, claim);
        memset(builder.file + builder.end, 0, EVT_END_SIZE);
        struct walk walk = walk_file(builder.file, size);

        assert_int_equal(walk.records, more == 0);
        assert_true(walk.log.damaged > 0); /* the words behind it, or all */
        evt_free(&builder);
    }
}

/* A file of 1 MB that claims a record of nearly the greatest size on every 8 bytes of its last
 * part, across its end and within it: none is worth more than a look at its length. */
static void test_false_claims_are_not_read(void **state)
{
    enum { SIZE = 1 << 20, END = 0x50000, BEGIN = 0x60000, CLAIM = 0x3fffc };

    (void)state;
    for (int trailing = 0; trailing <= 1; trailing++) {
        struct evt_builder builder;

        evt_open(&builder, SIZE, END, 1);
        evt_close(&builder, false);
        evt_put_u32(builder.file + END + 20, BEGIN); /* of the oldest record */
        for (size_t at = END + EVT_END_SIZE; at < SIZE; at += 8) {
            evt_put_u32(builder.file + at, CLAIM);
            evt_put_u32(builder.file + at + 4, EVENT_RECORD_SIGNATURE);
        }
        for (size_t at = EVT_HEADER_SIZE; at < END; at += 4) {
            evt_put_u32(builder.file + at, trailing ? CLAIM : 0);
        }
        struct walk walk = walk_file(builder.file, SIZE);

        assert_int_equal(walk.records, 0);
        assert_int_equal(walk.log.damaged, 1);
        assert_int_equal(walk.log.damaged_at, BEGIN);
        assert_int_equal(walk.log.skipped, SIZE - BEGIN + END - EVT_HEADER_SIZE);
        /* The search for the first record, and the walk: each reads all once, and some windows'
         * ends twice. */
        assert_true(walk.bytes_read < 3 * SIZE);
        evt_free(&builder);
    }
}

/* As above, but what the decoder looks at is right: only the length at the end is not. */
static void test_false_claims_that_look_right_cost_a_word_each(void **state)
{
    enum { SIZE = 1 << 20, CLAIM = 0x3fff0, EACH = 64 };
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, SIZE, EVT_HEADER_SIZE, 1);
    evt_close(&builder, true);
    memset(builder.file + EVT_HEADER_SIZE, 0, SIZE - EVT_HEADER_SIZE);
    for (size_t at = EVT_HEADER_SIZE; at + EACH <= SIZE; at += EACH) {
        evt_put_u32(builder.file + at, CLAIM);
        evt_put_u32(builder.file + at + 4, EVENT_RECORD_SIGNATURE);
    }
    struct walk walk = walk_file(builder.file, SIZE);

    assert_int_equal(walk.records, 0);
    assert_int_equal(walk.log.skipped, SIZE - EVT_HEADER_SIZE);
    assert_true(walk.bytes_read < 3 * SIZE);
    assert_true(walk.reads < 2 * SIZE / EACH + 64);
    evt_free(&builder);
}

/* ---- windows -------------------------------------------------------------------------------- */

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

    assert_true(saved_log_open(&log, &file, window));
    while (saved_log_next(&log, &record)) {
        assert_int_equal(record.number, builder.oldest_number + number++);
        if (number % 7 == 0) {
            saved_log_take_window(&log);
            saved_log_give_window(&log, number % 2 == 0 ? window : other);
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
    const struct event_record *record;
    struct saved_log log;
    uint32_t number, beside = 0, alikes = 0;
    bool alike;

    (void)state;
    build_long_log(&builder, 3 * SAVED_LOG_WINDOW_SIZE);
    number = builder.oldest_number;
    struct memory_file memory = {.bytes = builder.file, .size = builder.size};
    const struct saved_log_file file = memory_file(&memory);
    struct saved_log_kinds kinds;

    assert_true(saved_log_open(&log, &file, window));
    while (saved_log_next(&log, &first)) {
        assert_int_equal(first.number, number++);
        memset(&kinds, 0, sizeof kinds);
        while ((record = saved_log_next_beside(&log, &kinds, &alike)) != NULL) {
            assert_int_equal(record->number, number++);
            assert_ptr_equal(record, &kinds.last[saved_log_kind(record->event_id)]);
            assert_true(text_equal(first.source, TEXT_OF(u"Source")));
            assert_true(text_equal(record->computer, TEXT_OF(u"MAIL1")));
            beside++;
            alikes += alike;
        }
    }
    assert_int_equal(number, builder.next_number);
    assert_true(beside > 50 && alikes > 40);
    assert_null(saved_log_next_beside(&log, &kinds, &alike));
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

            if (!saved_log_open(&log, &file, window)) {
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

static void test_what_was_passed_over_is_told_with_the_next_record(void **state)
{
    struct evt_builder builder;
    struct event_record record;
    struct saved_log log;

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    add_sign_ins(&builder, 6);
    size_t size = evt_get_u32(builder.file + builder.oldest);

    memset(builder.file + EVT_HEADER_SIZE + size, 0xee, 2 * size);
    memset(builder.file + EVT_HEADER_SIZE + 5 * size, 0xee, size);
    struct memory_file memory = {.bytes = builder.file, .size = builder.size};
    const struct saved_log_file file = memory_file(&memory);
    static const struct {
        uint32_t number;
        uint64_t passed, passed_at;
    } expected[] = {{1, 0, 0}, {4, 2, 1}, {5, 0, 0}, {0, 1, 5}};

    assert_true(saved_log_open(&log, &file, window));
    assert_true(log.counted);
    assert_int_equal(log.next_number, 7);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_int_equal(saved_log_next(&log, &record), expected[i].number != 0);
        assert_true(expected[i].number == 0 || record.number == expected[i].number);
        assert_int_equal(log.passed, expected[i].passed * size);
        if (log.passed > 0) {
            assert_int_equal(log.passed_at, EVT_HEADER_SIZE + expected[i].passed_at * size);
        }
    }
    evt_free(&builder);
}

static void test_what_is_no_event_log_is_refused(void **state)
{
    struct saved_log log, before;
    struct evt_builder builder;

    (void)state;
    memset(&log, 0x5a, sizeof log);
    before = log;
    struct memory_file memory;
    struct saved_log_file file;

    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    for (size_t size = 0; size < EVT_HEADER_SIZE; size++) {
        memory = (struct memory_file){.bytes = builder.file, .size = size};
        file = memory_file(&memory);
        assert_false(saved_log_open(&log, &file, window));
    }
    memory = (struct memory_file){.bytes = builder.file, .size = RING};
    file = memory_file(&memory);
    evt_put_u32(builder.file, 52);
    assert_false(saved_log_open(&log, &file, window));
    evt_put_u32(builder.file, EVT_HEADER_SIZE);
    evt_put_u32(builder.file + 4, 0x666c4500); /* as an .evtx begins, nearly */
    assert_false(saved_log_open(&log, &file, window));
    assert_memory_equal(&log, &before, sizeof log);
    evt_free(&builder);
}

/* ---- a real log ----------------------------------------------------------------------------- */

/* The file's bytes, to be freed; null with a message when it can't be read. */
static uint8_t *read_file(const char *path, size_t *size)
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

static void test_real_log_reads_as_libevt_does(void **state)
{
    const char *folder = getenv("RELAYLOCK_TEST_DATA");
    char path[4096];
    size_t size;

    (void)state;
    snprintf(path, sizeof path, "%s/SysEvent.Evt", folder != NULL ? folder : "tests/data");
    uint8_t *bytes = read_file(path, &size);

    assert_non_null(bytes);
    struct walk walk = walk_file(bytes, size);

    assert_int_equal(walk.records, 6063);
    assert_int_equal(walk.first, 1392);
    assert_int_equal(walk.last, 7454);
    assert_true(walk.in_order);
    assert_int_equal(walk.log.skipped, 0);
    assert_int_equal(walk.log.damaged, 0);
    assert_false(walk.log.incomplete);
    free(bytes);
}

/* ---- for compare_evtexport.sh --------------------------------------------------------------- */

/* A text in one line: control characters as '~'. */
static void print_text(struct text text)
{
    static char utf8[4 * EVT_RECORD_MAX];

    text_to_utf8(utf8, sizeof utf8, text);
    for (char *at = utf8; *at != '\0'; at++) {
        putchar((unsigned char)*at < ' ' ? '~' : *at);
    }
}

/* S-1-... (learn.microsoft.com sid-components), or nothing. */
static void print_sid(const struct event_record *record)
{
    const uint8_t *start = record->end + 4 - record->size;
    uint32_t size = evt_get_u32(start + 40);
    const uint8_t *sid = start + evt_get_u32(start + 44);

    if (size < 8) {
        return;
    }
    printf("S-%d-%d", sid[0], sid[7]); /* the other bytes of an authority are 0 in practice */
    for (uint32_t i = 0; i < sid[1] && 8 + 4 * i + 4 <= size; i++) {
        printf("-%" PRIu32, evt_get_u32(sid + 8 + 4 * i));
    }
}

static void list_record(const struct event_record *record)
{
    char generated[EVENT_TIME_TEXT_SIZE], written[EVENT_TIME_TEXT_SIZE];
    struct text string;

    event_time_to_text(record->generated, generated);
    event_time_to_text(record->written, written);
    printf("%" PRIu32 "|%s|%s|0x%08" PRIx32 "|%d|%d|%d|", record->number, generated, written,
           record->event_id, record->type, record->category, record->string_count);
    print_text(record->source);
    putchar('|');
    print_text(record->computer);
    putchar('|');
    print_sid(record);
    for (uint32_t i = 0; event_record_string(record, i, &string); i++) {
        putchar('|');
        print_text(string);
    }
    putchar('\n');
}

static int list_records(const char *path)
{
    size_t size;
    uint8_t *bytes = read_file(path, &size);
    struct saved_log log;
    struct event_record record;
    struct memory_file memory = {.bytes = bytes, .size = size};
    const struct saved_log_file file = memory_file(&memory);

    if (bytes == NULL || !saved_log_open(&log, &file, window)) {
        free(bytes);
        return 1;
    }
    while (saved_log_next(&log, &record)) {
        list_record(&record);
    }
    free(bytes);
    return 0;
}

/* Records of all shapes: with and without a SID, data, strings. */
static void add_variety(struct evt_builder *builder, uint32_t count, uint32_t seed)
{
    static const uint8_t sid[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0};
    static const struct text words[] = {TEXT_OF(u"one"),           TEXT_OF(u"two words"),
                                        TEXT_OF(u"\u00e9t\u00e9"), TEXT_OF(u"CONTOSO\\bob"),
                                        TEXT_OF(u"pc.example"),    TEXT_OF(u"x")};

    for (uint32_t i = 0; i < count; i++) {
        seed = seed * 1664525 + 1013904223;
        struct evt_entry entry = {.generated = 1300000000 + 60 * i,
                                  .written = 1300000000 + 60 * i + seed % 3,
                                  .event_id = (seed >> 9) & 0xc000ffff,
                                  .type = (uint16_t)(1u << (seed >> 5) % 5),
                                  .category = (uint16_t)(seed >> 11),
                                  .source = words[(seed >> 13) % 6],
                                  .computer = TEXT_OF(u"MAIL1"),
                                  .string_count = (uint16_t)((seed >> 17) % 5)};

        for (uint16_t k = 0; k < entry.string_count; k++) {
            entry.strings[k] = words[(seed >> k) % 6];
        }
        if (entry.string_count > 0 && (seed >> 21) % 3 == 0) { /* else evtexport stops there */
            entry.sid = sid;
            entry.sid_size = sizeof sid;
        }
        if ((seed >> 23) % 3 == 0) {
            entry.data = sid;
            entry.data_size = seed % sizeof sid;
        }
        evt_add(builder, &entry);
    }
}

/* A log that goes round once, so that a record lies across the file's end; `number` moves that end
 * on by a word at a time, from 56 bytes behind the record's beginning (before that there would be
 * filler, where evtexport stops reading) to 4 before its end. */
static void build_split(struct evt_builder *builder, uint32_t number)
{
    enum { SMALL = 4096, BEFORE = 3, COUNT = 12, LEAST = EVENT_RECORD_FIXED_SIZE };
    struct evt_builder measured;
    size_t place = EVT_HEADER_SIZE, size;

    evt_open(&measured, SMALL, EVT_HEADER_SIZE, 1);
    add_variety(&measured, COUNT, number);
    for (int i = 0; i < BEFORE; i++) {
        place += evt_get_u32(measured.file + place);
    }
    size = evt_get_u32(measured.file + place);
    evt_free(&measured);
    size_t behind = LEAST + 4 * (number % ((size - LEAST) / 4));

    evt_open(builder, SMALL, SMALL - (place - EVT_HEADER_SIZE) - behind, 1 + number);
    add_variety(builder, COUNT, number);
}

/* A small log of one kind, number `number`:
 *   fresh     of so many records, never wrapped
 *   split     wrapped (build_split)
 *   dirty     the same, and its header stale
 *   torn      of 20 records, cut off so many words into the sixth, but before its
 *             names: of what it has of those, evtexport makes up a record
 *   endless   of 20 records, without an end-of-file record
 *   holed     of 20 records, one overwritten, not the last (behind which there is none) */
static int write_log(const char *path, const char *kind, const char *number)
{
    static const char *const kinds[] = {"fresh", "split", "dirty", "torn", "endless", "holed"};
    enum { FRESH, SPLIT, DIRTY, TORN, ENDLESS, HOLED, KINDS };
    struct evt_builder builder;
    uint32_t which = (uint32_t)atoi(number);
    size_t is = 0, at = EVT_HEADER_SIZE;
    FILE *file = fopen(path, "wb");

    while (is < KINDS && strcmp(kind, kinds[is]) != 0) {
        is++;
    }
    if (file == NULL || is == KINDS) {
        return 1;
    }
    if (is == SPLIT || is == DIRTY) {
        build_split(&builder, which);
    } else {
        evt_open(&builder, 2 * RING, EVT_HEADER_SIZE, 1);
        add_variety(&builder, is == FRESH ? which : 20, which);
    }
    evt_close(&builder, is == DIRTY);
    size_t size = builder.size;

    for (uint32_t i = 0; is >= TORN && i < (is == HOLED ? which % 19 : 5); i++) {
        at += evt_get_u32(builder.file + at);
    }
    if (is == TORN) {
        size = at + 4 * (which % (EVENT_RECORD_FIXED_SIZE / 4));
    } else if (is == ENDLESS) {
        memset(builder.file + builder.end, 0, EVT_END_SIZE);
    } else if (is == HOLED) {
        memset(builder.file + at, 0xee, evt_get_u32(builder.file + at));
    }
    bool written = fwrite(builder.file, 1, size, file) == size;

    evt_free(&builder);
    return fclose(file) == 0 && written ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty_log),
        cmocka_unit_test(test_log_that_never_wrapped),
        cmocka_unit_test(test_wrapped_at_every_offset),
        cmocka_unit_test(test_overwritten_many_times),
        cmocka_unit_test(test_stale_header_that_claims_to_be_clean),
        cmocka_unit_test(test_header_fields_do_not_matter),
        cmocka_unit_test(test_record_numbers_that_overflow),
        cmocka_unit_test(test_end_of_file_record_in_a_records_data_is_not_believed),
        cmocka_unit_test(test_damaged_record_is_passed_over),
        cmocka_unit_test(test_two_places_of_damage_are_two),
        cmocka_unit_test(test_without_an_end_of_file_record_numbers_give_the_order),
        cmocka_unit_test(test_end_of_file_record_with_a_wrong_beginning),
        cmocka_unit_test(test_every_truncation),
        cmocka_unit_test(test_random_damage_never_loops),
        cmocka_unit_test(test_claims_beyond_the_bound_are_damage),
        cmocka_unit_test(test_false_claims_are_not_read),
        cmocka_unit_test(test_false_claims_that_look_right_cost_a_word_each),
        cmocka_unit_test(test_logs_longer_than_a_window),
        cmocka_unit_test(test_a_window_taken_away_is_given_back),
        cmocka_unit_test(test_records_beside_each_other),
        cmocka_unit_test(test_a_file_that_cannot_be_read),
        cmocka_unit_test(test_what_was_passed_over_is_told_with_the_next_record),
        cmocka_unit_test(test_what_is_no_event_log_is_refused),
        cmocka_unit_test(test_real_log_reads_as_libevt_does),
    };

    if (argc == 3 && strcmp(argv[1], "list") == 0) {
        return list_records(argv[2]);
    }
    if (argc == 5 && strcmp(argv[1], "write") == 0) {
        return write_log(argv[2], argv[3], argv[4]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
