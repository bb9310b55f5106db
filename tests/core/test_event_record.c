/* Records decoded, whole and damaged. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/event_record.h"
#include "full_record.h"

enum { FIXED = 56 };

static enum event_record_status decode(const uint8_t *bytes, size_t size)
{
    struct event_record record, before;

    memset(&record, 0x5a, sizeof record);
    before = record;
    enum event_record_status status = event_record_decode(bytes, size, &record);

    if (status != EVENT_RECORD_OK) {
        assert_memory_equal(&record, &before, sizeof record);
    }
    return status;
}

static void test_decodes_every_field(void **state)
{
    size_t size;
    uint8_t *bytes = build_record(&full_record, &size);
    struct event_record record;
    struct text string;

    (void)state;
    assert_int_equal(event_record_decode(bytes, size, &record), EVENT_RECORD_OK);
    assert_int_equal(record.size, size);
    assert_int_equal(record.number, 42);
    assert_int_equal(record.generated, 1262401445);
    assert_int_equal(record.written, 1262401446);
    assert_true(record.event_id == 0xc00006ac);
    assert_int_equal(record.type, 4);
    assert_int_equal(record.category, 7);
    assert_int_equal(record.string_count, 4);
    assert_true(text_equal(record.source, TEXT_OF(u"MSExchangeTransport")));
    assert_true(text_equal(record.computer, TEXT_OF(u"MAIL1")));
    for (uint32_t i = 0; i < 4; i++) {
        assert_true(event_record_string(&record, i, &string));
        assert_true(text_equal(string, full_record.strings[i]));
    }
    assert_false(event_record_string(&record, 4, &string));
    assert_false(event_record_string(&record, UINT32_MAX, &string));
    assert_true(text_equal(string, full_record.strings[3]));
    free(bytes);
}

static void test_smallest_record(void **state)
{
    const struct evt_entry empty = {.event_id = 1};
    size_t size;
    uint8_t *bytes = build_record(&empty, &size);
    struct event_record record;
    struct text string;

    (void)state;
    assert_int_equal(size, EVENT_RECORD_MIN_SIZE);
    assert_int_equal(event_record_decode(bytes, size, &record), EVENT_RECORD_OK);
    assert_int_equal(record.source.count, 0);
    assert_int_equal(record.computer.count, 0);
    assert_false(event_record_string(&record, 0, &string));
    free(bytes);
}

static void test_any_shorter_piece_is_short(void **state)
{
    size_t size;
    uint8_t *bytes = build_record(&full_record, &size);

    (void)state;
    for (size_t cut = 0; cut < size; cut++) {
        uint8_t *piece = malloc(cut + (cut == 0));

        assert_non_null(piece);
        memcpy(piece, bytes, cut);
        assert_int_equal(decode(piece, cut), EVENT_RECORD_SHORT);
        free(piece);
    }
    free(bytes);
}

static void test_bytes_behind_the_record_do_not_matter(void **state)
{
    static uint8_t bytes[EVT_RECORD_MAX];
    size_t size = evt_record(&full_record, 42, bytes);

    (void)state;
    memset(bytes + size, 0xff, 64);
    assert_int_equal(decode(bytes, size + 64), EVENT_RECORD_OK);
}

struct poke {
    size_t at;
    uint32_t value;
};

static void test_contradictions_are_damage(void **state)
{
    size_t size;
    uint8_t *bytes = build_record(&full_record, &size);
    uint32_t end = (uint32_t)size - 4;
    uint32_t names = FIXED + 2 * (20 + 6);
    const struct poke pokes[] = {
        {4, 0x4c664c65}, /* signature */
        {0, 0},          /* sizes below the smallest, not of whole words, unlike the trailing */
        {0, 60},         {0, end + 3},     {0, end},      {end, end},
        {36, names - 4}, /* strings among the names, at and behind the end, at an odd offset */
        {36, 0},         {36, end},        {36, end - 4}, {36, 0xfffffffe},
        {36, names + 1}, {44, names - 4}, /* SID likewise; then its size */
        {44, end},       {44, UINT32_MAX}, {40, end},     {40, UINT32_MAX},
        {52, names - 4}, /* data likewise */
        {52, end},       {52, UINT32_MAX}, {48, end},     {48, UINT32_MAX},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pokes / sizeof pokes[0]; i++) {
        uint32_t before = evt_get_u32(bytes + pokes[i].at);

        assert_int_equal(decode(bytes, size), EVENT_RECORD_OK);
        evt_put_u32(bytes + pokes[i].at, pokes[i].value);
        assert_int_equal(decode(bytes, size), EVENT_RECORD_DAMAGED);
        evt_put_u32(bytes + pokes[i].at, before);
    }
    free(bytes);
}

static void test_more_strings_than_fit_are_damage(void **state)
{
    size_t size;
    uint8_t *bytes = build_record(&full_record, &size);

    (void)state;
    evt_put_u16(bytes + 26, UINT16_MAX);
    assert_int_equal(decode(bytes, size), EVENT_RECORD_DAMAGED);
    free(bytes);
}

static void test_absent_parts_may_have_any_offset(void **state)
{
    const struct evt_entry bare = {.source = TEXT_OF(u"S"), .computer = TEXT_OF(u"C")};
    size_t size;
    uint8_t *bytes = build_record(&bare, &size);

    (void)state;
    evt_put_u32(bytes + 36, UINT32_MAX);
    evt_put_u32(bytes + 44, UINT32_MAX);
    evt_put_u32(bytes + 52, UINT32_MAX);
    assert_int_equal(decode(bytes, size), EVENT_RECORD_OK);
    free(bytes);
}

static void test_unterminated_names_are_damage(void **state)
{
    const struct evt_entry empty = {.event_id = 1};
    size_t size;
    uint8_t *bytes = build_record(&empty, &size);

    (void)state;
    evt_put_u16(bytes + FIXED + 2, u'C'); /* the computer name's terminator */
    assert_int_equal(decode(bytes, size), EVENT_RECORD_DAMAGED);
    evt_put_u16(bytes + FIXED, u'S'); /* the source's */
    assert_int_equal(decode(bytes, size), EVENT_RECORD_DAMAGED);
    free(bytes);
}

static void test_names_are_bounded(void **state)
{
    static char16_t name[EVENT_RECORD_NAME_MAX + 1];
    struct evt_entry entry = {.computer = TEXT_OF(u"C")};
    size_t size;
    uint8_t *bytes;

    (void)state;
    for (size_t i = 0; i <= EVENT_RECORD_NAME_MAX; i++) {
        name[i] = u'n';
    }
    entry.source = (struct text){name, EVENT_RECORD_NAME_MAX};
    bytes = build_record(&entry, &size);
    assert_int_equal(decode(bytes, size), EVENT_RECORD_OK);
    free(bytes);
    entry.source.count++;
    bytes = build_record(&entry, &size);
    assert_int_equal(decode(bytes, size), EVENT_RECORD_DAMAGED);
    free(bytes);
}

static void test_unterminated_strings_are_not_handed_out(void **state)
{
    struct evt_entry entry = {.strings = {TEXT_OF(u"one"), TEXT_OF(u"two")}, .string_count = 2};
    size_t size;
    uint8_t *bytes = build_record(&entry, &size);
    struct event_record record;
    struct text string = {NULL, 7};

    (void)state;
    /* "one", 0, "two", 0: overwrite the last terminator. */
    assert_int_equal(evt_get_u32(bytes + size - 8), 'o');
    evt_put_u32(bytes + size - 8, 0x00780078);
    assert_int_equal(event_record_decode(bytes, size, &record), EVENT_RECORD_OK);
    assert_false(event_record_string(&record, 1, &string));
    assert_int_equal(string.count, 7);
    assert_true(event_record_string(&record, 0, &string));
    assert_true(text_equal(string, TEXT_OF(u"one")));
    free(bytes);
}

/* Whatever bytes change, nothing outside the block is read, and what is decoded keeps its word. */
static void test_random_damage_stays_inside(void **state)
{
    size_t size;
    uint8_t *bytes = build_record(&full_record, &size);
    uint8_t *copy = malloc(size);
    uint32_t random = 12345;

    (void)state;
    assert_non_null(copy);
    for (int round = 0; round < 100000; round++) {
        struct event_record record;
        struct relay_event event;
        struct text string;

        memcpy(copy, bytes, size);
        for (int flips = round % 5; flips >= 0; flips--) {
            random = random * 1664525 + 1013904223;
            copy[(random >> 8) % size] = (uint8_t)(random >> 24);
        }
        if (event_record_decode(copy, size, &record) != EVENT_RECORD_OK) {
            continue;
        }
        assert_int_equal(record.size, size);
        for (uint32_t i = 0; i < 6; i++) {
            if (event_record_string(&record, i, &string) && string.count > 0) {
                assert_true((const uint8_t *)(string.at + string.count) < record.end);
            }
        }
        event_record_to_relay_event(&record, &event);
    }
    free(copy);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decodes_every_field),
        cmocka_unit_test(test_smallest_record),
        cmocka_unit_test(test_any_shorter_piece_is_short),
        cmocka_unit_test(test_bytes_behind_the_record_do_not_matter),
        cmocka_unit_test(test_contradictions_are_damage),
        cmocka_unit_test(test_more_strings_than_fit_are_damage),
        cmocka_unit_test(test_absent_parts_may_have_any_offset),
        cmocka_unit_test(test_unterminated_names_are_damage),
        cmocka_unit_test(test_names_are_bounded),
        cmocka_unit_test(test_unterminated_strings_are_not_handed_out),
        cmocka_unit_test(test_random_damage_stays_inside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
