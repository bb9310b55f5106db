/* Logs that are damaged, torn or made up: what is left is read, what is not is said. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "saved_log_fixture.h"

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

/* Nor is there a record: nothing is passed over, but something is missing. */
static void test_end_of_file_record_alone_with_a_wrong_beginning(void **state)
{
    struct evt_builder builder;

    (void)state;
    for (size_t start = EVT_HEADER_SIZE; start < RING; start += RING / 4) {
        evt_open(&builder, RING, start, 1);
        evt_put_u32(builder.file + builder.end + 20, UINT32_MAX);
        struct walk walk = walk_file(builder.file, builder.size);

        assert_int_equal(walk.records, 0);
        assert_int_equal(walk.log.skipped, 0);
        assert_true(walk.log.incomplete);
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

    assert_true(saved_log_open(&log, &file, saved_log_window));
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

/* Filler is followed by a record behind the header. Where the log ends instead, it stands for one
 * that is not there. */
static void test_filler_with_nothing_behind_it_is_damage(void **state)
{
    enum { FILLER = 0x27, LEFT = 44 };
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    add_sign_ins(&builder, 1);
    size_t start = RING - LEFT - 3 * (builder.end - EVT_HEADER_SIZE);

    evt_free(&builder);
    evt_open(&builder, RING, start, 1);
    add_sign_ins(&builder, 3);
    assert_int_equal(builder.end, RING - LEFT);
    memcpy(builder.file + EVT_HEADER_SIZE, builder.file + builder.end, EVT_END_SIZE);
    evt_put_u32(builder.file + EVT_HEADER_SIZE + 24, EVT_HEADER_SIZE); /* where it lies */
    for (size_t at = builder.end; at < RING; at += 4) {
        evt_put_u32(builder.file + at, FILLER);
    }
    builder.end = EVT_HEADER_SIZE;
    evt_close(&builder, false);
    struct walk walk = walk_file(builder.file, builder.size);

    assert_int_equal(walk.records, 3);
    assert_int_equal(walk.log.damaged, 1);
    assert_int_equal(walk.log.damaged_at, RING - LEFT);
    assert_int_equal(walk.log.skipped, LEFT);
    /* With a record there it is none. */
    add_sign_ins(&builder, 1);
    evt_close(&builder, false);
    walk = walk_file(builder.file, builder.size);
    assert_int_equal(walk.records, 4);
    assert_int_equal(walk.log.damaged, 0);
    /* Nor when the one before it is damaged. */
    evt_put_u32(builder.file + start + 2 * (RING - LEFT - start) / 3 + 4, 0);
    walk = walk_file(builder.file, builder.size);
    assert_int_equal(walk.records, 3);
    assert_int_equal(walk.log.damaged, 1);
    assert_int_equal(walk.log.skipped, (RING - LEFT - start) / 3);
    evt_free(&builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damaged_record_is_passed_over),
        cmocka_unit_test(test_two_places_of_damage_are_two),
        cmocka_unit_test(test_without_an_end_of_file_record_numbers_give_the_order),
        cmocka_unit_test(test_end_of_file_record_with_a_wrong_beginning),
        cmocka_unit_test(test_end_of_file_record_alone_with_a_wrong_beginning),
        cmocka_unit_test(test_every_truncation),
        cmocka_unit_test(test_random_damage_never_loops),
        cmocka_unit_test(test_claims_beyond_the_bound_are_damage),
        cmocka_unit_test(test_false_claims_are_not_read),
        cmocka_unit_test(test_false_claims_that_look_right_cost_a_word_each),
        cmocka_unit_test(test_filler_with_nothing_behind_it_is_damage),
        cmocka_unit_test(test_what_was_passed_over_is_told_with_the_next_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
