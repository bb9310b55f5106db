/* Saved logs in which bytes were put in or lost, so that all that follows lies elsewhere; headers
 * too. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "saved_log_fixture.h"

static const size_t odd_counts[] = {1, 2, 3, 4, 5, 48, 776, 777};
enum { ODD_COUNTS = sizeof odd_counts / sizeof odd_counts[0] };

/* A walk through the file with bytes of one value put in at an offset. */
static struct walk walk_with(const struct evt_builder *builder, size_t offset, size_t count,
                             uint8_t value)
{
    uint8_t *file = malloc(builder->size + count);

    assert_non_null(file);
    memcpy(file, builder->file, offset);
    memset(file + offset, value, count);
    memcpy(file + offset + count, builder->file + offset, builder->size - offset);
    struct walk walk = walk_file(file, builder->size + count);

    free(file);
    return walk;
}

/* A walk through the file without some of its bytes. */
static struct walk walk_without(const struct evt_builder *builder, size_t offset, size_t count)
{
    uint8_t *file = malloc(builder->size);

    assert_non_null(file);
    memcpy(file, builder->file, offset);
    memcpy(file + offset, builder->file + offset + count, builder->size - offset - count);
    struct walk walk = walk_file(file, builder->size - count);

    free(file);
    return walk;
}

static void test_records_behind_bytes_put_in_are_found(void **state)
{
    static const uint8_t values[] = {0, 0x11, 0x28, 0xee, 'L'};
    struct evt_builder builder;

    (void)state;
    for (size_t start = EVT_HEADER_SIZE; start < RING; start += RING - 1048) {
        evt_open(&builder, RING, start, 1);
        add_sign_ins(&builder, 20);
        evt_close(&builder, start != EVT_HEADER_SIZE);
        size_t size = evt_get_u32(builder.file + builder.oldest);

        for (size_t i = 0; i < ODD_COUNTS * sizeof values; i++) {
            size_t count = odd_counts[i / sizeof values];
            uint8_t value = values[i % sizeof values];
            struct walk walk = walk_with(&builder, builder.oldest + 2 * size, count, value);

            assert_int_equal(walk.records, 20);
            assert_true(walk.in_order);
            assert_int_equal(walk.log.skipped, count);
            assert_int_equal(walk.log.damaged, 1);
            assert_int_equal(walk.log.damaged_at, builder.oldest + 2 * size);
            walk = walk_with(&builder, builder.oldest + 2 * size + size / 2 + 1, count, value);
            assert_int_equal(walk.records, 19);
            assert_int_equal(walk.log.skipped, size + count);
            assert_int_equal(walk.log.damaged_at, builder.oldest + 2 * size);
        }
        evt_free(&builder);
    }
}

static void test_records_behind_lost_bytes_are_found(void **state)
{
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    add_sign_ins(&builder, 30);
    evt_close(&builder, false);
    size_t size = evt_get_u32(builder.file + builder.oldest);

    for (size_t lost = 1; lost < size; lost++) {
        struct walk walk = walk_without(&builder, builder.oldest + 5 * size, lost);

        assert_int_equal(walk.records, 29);
        assert_int_equal(walk.log.skipped, size - lost);
        assert_int_equal(walk.log.damaged, 1);
        assert_int_equal(walk.log.damaged_at, builder.oldest + 5 * size);
    }
    evt_free(&builder);
}

/* So many records that the window moves over them, most at an odd place of the file. */
static void test_a_shifted_log_of_many_windows_is_read_whole(void **state)
{
    enum { RECORDS = 5000, SIZE = 1 << 20 };
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, SIZE, EVT_HEADER_SIZE, 1);
    add_sign_ins(&builder, RECORDS);
    evt_close(&builder, false);
    assert_false(builder.wrapped);
    size_t size = evt_get_u32(builder.file + builder.oldest);

    for (size_t i = 0; i < ODD_COUNTS; i++) {
        struct walk walk = walk_with(&builder, builder.oldest + 2500 * size, odd_counts[i], 0xee);

        assert_int_equal(walk.records, RECORDS);
        assert_true(walk.in_order);
        assert_int_equal(walk.log.skipped, odd_counts[i]);
        assert_true(walk.bytes_read < 3 * SIZE); /* the search for the end, and the walk */
    }
    evt_free(&builder);
}

/* After each record another one is at an odd address: nothing is read anew for it. */
static void test_a_byte_behind_every_record_costs_no_reading(void **state)
{
    enum { RECORDS = 3000 };
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, 1 << 20, EVT_HEADER_SIZE, 1);
    add_sign_ins(&builder, RECORDS);
    evt_close(&builder, false);
    size_t each = evt_get_u32(builder.file + builder.oldest);
    size_t size = EVT_HEADER_SIZE + RECORDS * (each + 1);
    uint8_t *file = calloc(1, size);

    assert_non_null(file);
    memcpy(file, builder.file, EVT_HEADER_SIZE);
    for (size_t i = 0; i < RECORDS; i++) {
        memcpy(file + EVT_HEADER_SIZE + i * (each + 1), builder.file + builder.oldest + i * each,
               each);
    }
    struct walk walk = walk_file(file, size);

    assert_int_equal(walk.records, RECORDS);
    assert_true(walk.in_order);
    assert_int_equal(walk.log.skipped, RECORDS);
    assert_int_equal(walk.log.damaged, RECORDS);
    assert_true(walk.bytes_read < 3 * size);
    free(file);
    evt_free(&builder);
}

static void test_a_damaged_header_is_passed_over(void **state)
{
    struct evt_builder builder;

    (void)state;
    for (size_t start = EVT_HEADER_SIZE; start < RING; start += RING - 1048) {
        evt_open(&builder, RING, start, 1);
        add_sign_ins(&builder, 20);
        evt_close(&builder, false);
        for (size_t size = 1; size <= EVT_HEADER_SIZE; size++) {
            memset(builder.file, 0, size);
            struct walk walk = walk_file(builder.file, builder.size);

            assert_int_equal(walk.records, 20); /* also the one across the end */
            assert_true(walk.in_order);
            assert_int_equal(walk.log.skipped, EVT_HEADER_SIZE);
            assert_int_equal(walk.log.damaged, 1);
            assert_int_equal(walk.log.damaged_at, 0);
            assert_false(walk.log.incomplete);
        }
        evt_free(&builder);
    }
}

static void test_a_file_without_its_first_bytes_is_read(void **state)
{
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    add_sign_ins(&builder, 20);
    evt_close(&builder, false);
    for (size_t lost = 1; lost <= EVT_HEADER_SIZE + 1; lost++) {
        struct walk walk = walk_without(&builder, 0, lost);

        assert_int_equal(walk.records, lost <= EVT_HEADER_SIZE ? 20 : 19);
        assert_true(walk.in_order);
        assert_true(walk.log.damaged > 0 || walk.log.incomplete);
        if (lost <= EVT_HEADER_SIZE) {
            assert_int_equal(walk.log.skipped, EVT_HEADER_SIZE - lost);
            assert_int_equal(walk.log.damaged, lost < EVT_HEADER_SIZE);
        }
    }
    evt_free(&builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records_behind_bytes_put_in_are_found),
        cmocka_unit_test(test_records_behind_lost_bytes_are_found),
        cmocka_unit_test(test_a_shifted_log_of_many_windows_is_read_whole),
        cmocka_unit_test(test_a_byte_behind_every_record_costs_no_reading),
        cmocka_unit_test(test_a_damaged_header_is_passed_over),
        cmocka_unit_test(test_a_file_without_its_first_bytes_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
