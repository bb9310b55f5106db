/* The parts of a record at their bounds: names of every length, strings, SID and data up to the
 * very end, and records of which only the beginning is there.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/event_record.h"
#include "full_record.h"

enum { STRINGS_AT = 36, SID_SIZE_AT = 40, SID_AT = 44, DATA_SIZE_AT = 48, DATA_AT = 52 };
enum { COUNT_AT = 26, FIXED = 56, LONGEST = EVENT_RECORD_NAME_MAX };

static char16_t letters[LONGEST + 1];

static int make_letters(void **state)
{
    (void)state;
    for (size_t i = 0; i <= LONGEST; i++)
        letters[i] = (char16_t)(u'a' + i % 26);
    return 0;
}

/* The first size bytes of a record, in a block of exactly their size. */
static enum event_record_status decode_head(const uint8_t *bytes, size_t size)
{
    struct event_record record;
    uint8_t *piece = malloc(size + (size == 0));
    assert_non_null(piece);
    memcpy(piece, bytes, size);
    enum event_record_status status = event_record_decode_head(piece, size, &record);
    free(piece);
    return status;
}

static void names_of_every_length_are_read(void **state)
{
    static const size_t others[] = {0, 1, 2, 3, 4, LONGEST};
    (void)state;
    for (size_t length = 0; length <= LONGEST; length++) {
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
            const struct evt_entry entry = {.source = {letters, length},
                                            .computer = {letters, others[i]}};
            const struct evt_entry turned = {.source = entry.computer, .computer = entry.source};
            struct event_record record;
            size_t size;
            uint8_t *bytes = build_record(&entry, &size);
            assert_int_equal(event_record_decode(bytes, size, &record), EVENT_RECORD_OK);
            assert_true(text_equal(record.source, entry.source));
            assert_true(text_equal(record.computer, entry.computer));
            free(bytes);
            bytes = build_record(&turned, &size);
            assert_int_equal(event_record_decode(bytes, size, &record), EVENT_RECORD_OK);
            assert_true(text_equal(record.source, turned.source));
            assert_true(text_equal(record.computer, turned.computer));
            free(bytes);
        }
    }
}

static void a_computers_name_is_bounded(void **state)
{
    const struct evt_entry entry = {.source = {u"S", 1}, .computer = {letters, LONGEST + 1}};
    struct event_record record;
    size_t size;
    (void)state;
    uint8_t *bytes = build_record(&entry, &size);
    assert_int_equal(event_record_decode(bytes, size, &record), EVENT_RECORD_DAMAGED);
    free(bytes);
}

/* So many first bytes tell whether the names are right. */
static void the_longest_names_lie_in_the_head(void **state)
{
    struct evt_entry entry = {.source = {letters, LONGEST}, .computer = {letters, LONGEST}};
    size_t size;
    (void)state;
    entry.string_count = 1;
    entry.strings[0] = (struct text){letters, 50};
    uint8_t *bytes = build_record(&entry, &size);
    for (size_t cut = 0; cut < EVENT_RECORD_HEAD_MAX; cut++)
        assert_int_equal(decode_head(bytes, cut), EVENT_RECORD_SHORT);
    for (size_t cut = EVENT_RECORD_HEAD_MAX; cut <= size; cut++)
        assert_int_equal(decode_head(bytes, cut), EVENT_RECORD_OK);
    free(bytes);
    entry.computer.count++;
    bytes = build_record(&entry, &size);
    assert_int_equal(decode_head(bytes, EVENT_RECORD_HEAD_MAX - 1), EVENT_RECORD_SHORT);
    assert_int_equal(decode_head(bytes, EVENT_RECORD_HEAD_MAX), EVENT_RECORD_DAMAGED);
    assert_int_equal(decode_head(bytes, size), EVENT_RECORD_DAMAGED);
    free(bytes);
}

static void a_head_does_not_tell_of_the_end(void **state)
{
    size_t size;
    (void)state;
    uint8_t *bytes = build_record(&full_record, &size);
    evt_put_u32(bytes + size - 4, 0);
    assert_int_equal(decode_head(bytes, size), EVENT_RECORD_OK);
    evt_put_u32(bytes + 4, 0); /* but of the beginning */
    assert_int_equal(decode_head(bytes, size), EVENT_RECORD_DAMAGED);
    assert_int_equal(decode_head(bytes, FIXED), EVENT_RECORD_DAMAGED);
    assert_int_equal(decode_head(bytes, FIXED - 1), EVENT_RECORD_SHORT);
    free(bytes);
}

/* Names that do not end before the record's content does. */
static void a_head_that_is_all_of_its_record_is_not_short(void **state)
{
    const struct evt_entry empty = {.event_id = 1};
    size_t size;
    (void)state;
    uint8_t *bytes = build_record(&empty, &size);
    memset(bytes + FIXED + 2, 'x', 2);
    assert_int_equal(decode_head(bytes, size), EVENT_RECORD_DAMAGED);
    assert_int_equal(decode_head(bytes, size - 4), EVENT_RECORD_DAMAGED);
    assert_int_equal(decode_head(bytes, size - 5), EVENT_RECORD_SHORT);
    free(bytes);
}

static enum event_record_status with(const uint8_t *bytes, size_t size, size_t at, uint32_t offset,
                                     size_t size_at, uint32_t part_size)
{
    struct event_record record;
    uint8_t *copy = malloc(size);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    evt_put_u32(copy + at, offset);
    if (size_at == COUNT_AT)
        evt_put_u16(copy + size_at, (uint16_t)part_size);
    else
        evt_put_u32(copy + size_at, part_size);
    enum event_record_status status = event_record_decode(copy, size, &record);
    free(copy);
    return status;
}

static void sid_and_data_lie_between_the_names_and_the_end(void **state)
{
    static const size_t parts[][2] = {{SID_AT, SID_SIZE_AT}, {DATA_AT, DATA_SIZE_AT}};
    size_t size;
    uint8_t *bytes = build_record(&full_record, &size);
    uint32_t names = FIXED + 2 * (20 + 6), end = (uint32_t)size - 4;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        size_t at = parts[i][0], size_at = parts[i][1];
        assert_int_equal(with(bytes, size, at, names, size_at, 1), EVENT_RECORD_OK);
        assert_int_equal(with(bytes, size, at, names - 1, size_at, 1), EVENT_RECORD_DAMAGED);
        assert_int_equal(with(bytes, size, at, names, size_at, end - names), EVENT_RECORD_OK);
        assert_int_equal(with(bytes, size, at, names, size_at, end - names + 1),
                         EVENT_RECORD_DAMAGED);
        assert_int_equal(with(bytes, size, at, end - 1, size_at, 1), EVENT_RECORD_OK);
        assert_int_equal(with(bytes, size, at, end, size_at, 1), EVENT_RECORD_DAMAGED);
        assert_int_equal(with(bytes, size, at, end + 1, size_at, 0), EVENT_RECORD_OK);
    }
    free(bytes);
}

static void each_string_has_room_for_its_terminator(void **state)
{
    size_t size;
    uint8_t *bytes = build_record(&full_record, &size);
    uint32_t names = FIXED + 2 * (20 + 6), end = (uint32_t)size - 4;
    (void)state;
    assert_int_equal(with(bytes, size, STRINGS_AT, names, COUNT_AT, 4), EVENT_RECORD_OK);
    assert_int_equal(with(bytes, size, STRINGS_AT, names - 2, COUNT_AT, 4), EVENT_RECORD_DAMAGED);
    assert_int_equal(with(bytes, size, STRINGS_AT, end - 8, COUNT_AT, 4), EVENT_RECORD_OK);
    assert_int_equal(with(bytes, size, STRINGS_AT, end - 6, COUNT_AT, 4), EVENT_RECORD_DAMAGED);
    assert_int_equal(with(bytes, size, STRINGS_AT, end - 2, COUNT_AT, 1), EVENT_RECORD_OK);
    assert_int_equal(with(bytes, size, STRINGS_AT, end - 3, COUNT_AT, 1), EVENT_RECORD_DAMAGED);
    assert_int_equal(with(bytes, size, STRINGS_AT, end - 3, COUNT_AT, 0), EVENT_RECORD_OK);
    free(bytes);
}

static uint32_t parts_end(const struct evt_entry *entry)
{
    struct event_record record;
    size_t size;
    uint8_t *bytes = build_record(entry, &size);
    assert_int_equal(event_record_decode(bytes, size, &record), EVENT_RECORD_OK);
    free(bytes);
    return record.parts_end;
}

static void strings_and_sid_end_where_the_later_one_does(void **state)
{
    struct evt_entry entry = {.string_count = 2};
    const uint32_t names = FIXED + 4;
    size_t size;
    (void)state;
    assert_int_equal(parts_end(&entry), names + 4); /* their terminators at least */
    entry.sid = full_record_sid;
    entry.sid_size = sizeof full_record_sid;
    assert_int_equal(parts_end(&entry), names + 12 + 4);
    entry.string_count = 0;
    assert_int_equal(parts_end(&entry), names + 12);
    entry.sid_size = 0;
    assert_int_equal(parts_end(&entry), 0);
    /* The SID behind the strings. */
    entry = full_record;
    uint8_t *bytes = build_record(&entry, &size);
    struct event_record record;
    evt_put_u32(bytes + SID_AT, evt_get_u32(bytes + DATA_AT));
    evt_put_u32(bytes + SID_SIZE_AT, 3);
    assert_int_equal(event_record_decode(bytes, size, &record), EVENT_RECORD_OK);
    assert_int_equal(record.parts_end, evt_get_u32(bytes + DATA_AT) + 3);
    free(bytes);
}

static void strings_of_every_length_are_read_up_to_the_end(void **state)
{
    (void)state;
    for (size_t length = 0; length < 20; length++) {
        struct evt_entry entry = {.string_count = 2,
                                  .strings = {{letters, length}, {letters + 1, length + 1}}};
        struct event_record record;
        struct text string = {NULL, 0};
        size_t size;
        uint8_t *bytes = build_record(&entry, &size);
        assert_int_equal(event_record_decode(bytes, size, &record), EVENT_RECORD_OK);
        for (uint32_t i = 0; i < 2; i++) {
            assert_true(event_record_string(&record, i, &string));
            assert_true(text_equal(string, entry.strings[i]));
        }
        /* Where the record ends before the last one's terminator, it has none. */
        record.end = (const uint8_t *)(string.at + string.count);
        assert_false(event_record_string(&record, 1, &string));
        assert_true(event_record_string(&record, 0, &string));
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_every_length_are_read),
        cmocka_unit_test(a_computers_name_is_bounded),
        cmocka_unit_test(the_longest_names_lie_in_the_head),
        cmocka_unit_test(a_head_does_not_tell_of_the_end),
        cmocka_unit_test(a_head_that_is_all_of_its_record_is_not_short),
        cmocka_unit_test(sid_and_data_lie_between_the_names_and_the_end),
        cmocka_unit_test(each_string_has_room_for_its_terminator),
        cmocka_unit_test(strings_and_sid_end_where_the_later_one_does),
        cmocka_unit_test(strings_of_every_length_are_read_up_to_the_end),
    };
    return cmocka_run_group_tests(tests, make_letters, NULL);
}
