/* Logs that are whole, however they wrapped and whatever their headers say; and what is no log.
 *
 * Also a program for compare_evtexport.sh (evt_listing.h):
 *     test_saved_log list FILE
 *     test_saved_log write FILE KIND NUMBER
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evt_listing.h"
#include "saved_log_fixture.h"

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

/* What its window holds is read to see that the oldest record is there, and once more to walk. */
static void test_a_short_log_is_not_read_more_than_twice(void **state)
{
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    add_sign_ins(&builder, 20);
    evt_close(&builder, false);
    struct walk walk = walk_file(builder.file, builder.size);

    assert_int_equal(walk.records, 20);
    assert_true(walk.bytes_read < 2 * builder.end + 3 * EVT_END_SIZE);
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

/* A clean header that leads to where a record's data says that it is there, but is no end-of-file
 * record. */
static void test_a_place_that_only_says_where_it_is_is_not_believed(void **state)
{
    static const uint8_t data[EVT_END_SIZE] = {0xda, 0x7a};
    const struct evt_entry entry = {
        .source = TEXT_OF(u"S"), .computer = TEXT_OF(u"C"), .data = data, .data_size = sizeof data};
    struct evt_builder builder;
    size_t at = EVT_HEADER_SIZE;

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    evt_add(&builder, &entry);
    add_sign_ins(&builder, 10);
    evt_close(&builder, false);
    while (memcmp(builder.file + at, data, sizeof data) != 0) {
        at += 4;
    }
    evt_put_u32(builder.file + at + 24, (uint32_t)at);
    evt_put_u32(builder.file + 20, (uint32_t)at);
    assert_whole(&builder);
    /* Nor when it says how long it is as well, at either end. */
    evt_put_u32(builder.file + at + 36, EVT_END_SIZE);
    assert_whole(&builder);
    evt_put_u32(builder.file + at, EVT_END_SIZE);
    assert_whole(&builder);
    evt_free(&builder);
}

/* Of two end-of-file records that both lie where they say, the first is where the log ends. */
static void test_what_lies_behind_the_end_is_not_looked_at(void **state)
{
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    add_sign_ins(&builder, 10);
    evt_close(&builder, true); /* so that the end is searched for */
    uint8_t *other = builder.file + builder.end + (size_t)8 * EVT_END_SIZE;

    memcpy(other, builder.file + builder.end, EVT_END_SIZE);
    evt_put_u32(other + 24, (uint32_t)(other - builder.file));
    assert_whole(&builder);
    evt_free(&builder);
}

/* An end-of-file record that gives the oldest number, and another record's place. */
static void test_a_place_of_another_number_is_not_where_the_log_begins(void **state)
{
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    add_sign_ins(&builder, 10);
    evt_close(&builder, false);
    uint32_t second = EVT_HEADER_SIZE + evt_get_u32(builder.file + EVT_HEADER_SIZE);

    evt_put_u32(builder.file + builder.end + 20, second);
    struct walk walk = walk_file(builder.file, builder.size);

    assert_int_equal(walk.records, 10);
    assert_int_equal(walk.first, 1);
    assert_true(walk.log.incomplete);
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
        assert_false(saved_log_open(&log, &file, saved_log_window));
    }
    memory = (struct memory_file){.bytes = builder.file, .size = RING};
    file = memory_file(&memory);
    evt_put_u32(builder.file, 52);
    assert_false(saved_log_open(&log, &file, saved_log_window));
    evt_put_u32(builder.file, EVT_HEADER_SIZE);
    evt_put_u32(builder.file + 4, 0x666c4500); /* as an .evtx begins, nearly */
    assert_false(saved_log_open(&log, &file, saved_log_window));
    assert_memory_equal(&log, &before, sizeof log);
    evt_free(&builder);
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

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty_log),
        cmocka_unit_test(test_log_that_never_wrapped),
        cmocka_unit_test(test_a_short_log_is_not_read_more_than_twice),
        cmocka_unit_test(test_wrapped_at_every_offset),
        cmocka_unit_test(test_overwritten_many_times),
        cmocka_unit_test(test_stale_header_that_claims_to_be_clean),
        cmocka_unit_test(test_header_fields_do_not_matter),
        cmocka_unit_test(test_record_numbers_that_overflow),
        cmocka_unit_test(test_end_of_file_record_in_a_records_data_is_not_believed),
        cmocka_unit_test(test_a_place_that_only_says_where_it_is_is_not_believed),
        cmocka_unit_test(test_what_lies_behind_the_end_is_not_looked_at),
        cmocka_unit_test(test_a_place_of_another_number_is_not_where_the_log_begins),
        cmocka_unit_test(test_what_is_no_event_log_is_refused),
        cmocka_unit_test(test_real_log_reads_as_libevt_does),
    };

    return argc > 1 ? evt_listing(argc, argv) : cmocka_run_group_tests(tests, NULL, NULL);
}
