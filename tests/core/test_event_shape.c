#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/event_shape.h"
#include "evt_builder.h"
#include "full_record.h"

enum { RECORDS = 40, ROUNDS = 4000 };

static uint32_t seed = 1;

static uint32_t random_below(uint32_t bound)
{
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(seed >> 8) * bound >> 24);
}

/* Sources of which two have the event in common, and one with names too long for a shape. */
static struct evt_entry random_entry(void)
{
    static const uint8_t sid[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0}, data[] = {5, 0, 7};
    static const char16_t *const sources[] = {u"MSExchangeTransport", u"msexchangeTRANSPORT",
                                              u"Other", u""};
    static const char16_t *const names[] = {u"a", u"CONTOSO\\bob", u"", u"client.example"};
    static const uint32_t events[] = {1708, 0xc00006ac, 7002, 1700};
    static char16_t long_name[200];
    struct evt_entry entry = {.generated = random_below(1000),
                              .written = random_below(1000),
                              .event_id = events[random_below(4)],
                              .type = (uint16_t)random_below(2),
                              .source = text_of(sources[random_below(4)]),
                              .computer = text_of(u"MAIL1"),
                              .string_count = (uint16_t)random_below(5)};

    for (size_t i = 0; i < entry.string_count; i++) {
        entry.strings[i] = text_of(names[random_below(4)]);
    }
    if (random_below(8) == 0) {
        for (size_t i = 0; i < 199; i++) {
            long_name[i] = u'n';
        }
        entry.computer = text_of(long_name + random_below(199));
    }
    if (random_below(4) == 0) {
        entry.sid = sid;
        entry.sid_size = sizeof sid;
    }
    if (random_below(4) == 0) {
        entry.data = data;
        entry.data_size = sizeof data;
    }
    return entry;
}

static void assert_same_text(struct text one, struct text other)
{
    assert_ptr_equal(one.at, other.at);
    assert_int_equal(one.count, other.count);
}

static void assert_same(const struct event_record *one, const struct event_record *other)
{
    assert_int_equal(one->size, other->size);
    assert_int_equal(one->number, other->number);
    assert_int_equal(one->generated, other->generated);
    assert_int_equal(one->written, other->written);
    assert_int_equal(one->event_id, other->event_id);
    assert_int_equal(one->type, other->type);
    assert_int_equal(one->category, other->category);
    assert_int_equal(one->string_count, other->string_count);
    assert_same_text(one->source, other->source);
    assert_same_text(one->computer, other->computer);
    assert_ptr_equal(one->strings, other->strings);
    assert_int_equal(one->strings_size, other->strings_size);
    assert_int_equal(one->parts_end, other->parts_end);
    assert_ptr_equal(one->end, other->end);
}

/* Ends a record early, wherever its parts lie; returns its size. */
static size_t cut_short(uint8_t *bytes, size_t size)
{
    size_t cut =
        EVENT_RECORD_MIN_SIZE + 4 * random_below((uint32_t)(size - EVENT_RECORD_MIN_SIZE) / 4 + 1);

    evt_put_u32(bytes, (uint32_t)cut);
    evt_put_u32(bytes + cut - 4, (uint32_t)cut);
    return cut;
}

/* Records one behind the other, now and then with a byte that is another or cut short; in a block
 * of exactly their size, so that the sanitizers see every step outside it. */
static uint8_t *build(size_t *size)
{
    static uint8_t bytes[EVT_RECORD_MAX];
    struct evt_entry entry = random_entry();
    uint8_t *block = NULL;

    *size = 0;
    for (uint32_t i = 0; i < RECORDS; i++) {
        if (random_below(3) == 0) {
            entry = random_entry();
        }
        entry.generated++;
        size_t one = evt_record(&entry, i, bytes);

        if (random_below(40) == 0) {
            bytes[random_below((uint32_t)one)] ^= (uint8_t)(1u << random_below(8));
        }
        if (random_below(40) == 0) {
            one = cut_short(bytes, one);
        }
        block = realloc(block, *size + one);
        assert_non_null(block);
        memcpy(block + *size, bytes, one);
        *size += one;
    }
    return block;
}

/* Whatever came before: a record is told as the decoder tells it, and where it does not, neither is
 * it told by its shape. */
static void test_shapes_tell_what_the_decoder_tells(void **state)
{
    const struct event_record_filter filter = {.provider = TEXT_OF(u"MSExchangeTransport"),
                                               .event_id = 1708};
    struct event_shapes shapes;
    struct event_found found[8];
    uint32_t matched = 0, stopped = 0;

    (void)state;
    event_shapes_init(&shapes, &filter);
    for (int round = 0; round < ROUNDS; round++) {
        size_t size, at = 0, most = 1 + random_below(8), count;
        uint8_t *bytes = build(&size);
        struct event_record record;

        do {
            count = event_shapes_decode(&shapes, bytes + at, size - at, found, most);
            for (size_t i = 0; i < count; i++) {
                assert_int_equal(event_record_decode(bytes + at, size - at, &record),
                                 EVENT_RECORD_OK);
                assert_same(&found[i].record, &record);
                assert_int_equal(found[i].matches, event_record_matches(&record, &filter));
                matched += found[i].matches;
                at += record.size;
            }
        } while (count == most);
        if (at < size) {
            assert_int_not_equal(event_record_decode(bytes + at, size - at, &record),
                                 EVENT_RECORD_OK);
            stopped++;
        }
        free(bytes);
    }
    assert_true(matched > ROUNDS && stopped > ROUNDS / 20 && stopped < ROUNDS);
}

/* A kind is met once and known from then on. */
static void test_a_shape_is_remembered(void **state)
{
    const struct event_record_filter filter = {.provider = TEXT_OF(u"MSExchangeTransport"),
                                               .event_id = 1708};
    const struct evt_entry entry = {
        .event_id = 1708, .source = TEXT_OF(u"MSExchangeTransport"), .computer = TEXT_OF(u"MAIL1")};
    static const char16_t names[] = u"MSExchangeTransport\0MAIL1";
    static uint8_t bytes[EVT_RECORD_MAX];
    static struct event_shapes shapes;
    struct event_found found;
    uint32_t remembered = 0;

    (void)state;
    event_shapes_init(&shapes, &filter);
    size_t size = evt_record(&entry, 1, bytes);

    assert_int_equal(event_shapes_decode(&shapes, bytes, size, &found, 1), 1);
    for (size_t i = 0; i < EVENT_SHAPES; i++) {
        remembered += shapes.at[i].names_size == sizeof names && shapes.at[i].matches &&
                      memcmp(shapes.at[i].names, names, sizeof names) == 0;
    }
    assert_int_equal(remembered, 1);
}

/* Both the first record of a kind, which is decoded, and those that are told by its shape. */
static void test_other_computers_records_have_no_strings(void **state)
{
    struct event_record_filter filter = {.provider = TEXT_OF(u"MSExchangeTransport"),
                                         .event_id = 1708};
    static const struct text computers[] = {TEXT_OF(u"MAIL1"), TEXT_OF(u"PC7"), TEXT_OF(u"MAIL2")};
    struct evt_entry entry = full_record;
    struct event_shapes shapes;
    struct event_found found[3];
    struct relay_event event;

    (void)state;
    origin_rule_add(&filter.origins, computers[0]);
    origin_rule_add(&filter.origins, computers[2]);
    event_shapes_init(&shapes, &filter);
    entry.source = filter.provider;
    entry.event_id = filter.event_id;
    for (size_t i = 0; i < 3; i++) {
        uint8_t *bytes = malloc(3 * (size_t)EVT_RECORD_MAX);
        size_t size = 0;

        assert_non_null(bytes);
        entry.computer = computers[i];
        for (uint32_t k = 0; k < 3; k++) {
            size += evt_record(&entry, k, bytes + size);
        }
        assert_int_equal(event_shapes_decode(&shapes, bytes, size, found, 3), 3);
        for (size_t k = 0; k < 3; k++) {
            assert_true(found[k].matches);
            assert_int_equal(found[k].record.number, k);
            assert_int_equal(event_record_to_relay_event(&found[k].record, &event), i != 1);
            assert_int_equal(found[k].record.strings == found[k].record.end, i == 1);
            assert_int_equal(found[k].record.strings_size == 0, i == 1);
            assert_true(text_equal(found[k].record.computer, computers[i]));
        }
        free(bytes);
    }
}

/* Names as long as a shape may have; with longer ones nothing is remembered, nor what was before.
 */
static void test_longer_names_have_no_shape(void **state)
{
    enum { LONGEST = EVENT_SHAPE_NAMES_MAX / 2 - 2 };
    const struct event_record_filter filter = {.event_id = 1708};
    static char16_t letters[LONGEST + 1];
    static uint8_t bytes[EVT_RECORD_MAX];
    static struct event_shapes shapes;
    struct event_found found;

    (void)state;
    for (size_t i = 0; i <= LONGEST; i++) {
        letters[i] = u'n';
    }
    event_shapes_init(&shapes, &filter);
    for (size_t more = 0; more < 2; more++) {
        const struct evt_entry entry = {
            .event_id = 1708, .source = {letters, LONGEST - 5 + more}, .computer = {letters, 5}};
        size_t size = evt_record(&entry, 1, bytes);

        assert_int_equal(event_shapes_decode(&shapes, bytes, size, &found, 1), 1);
        assert_int_equal(found.record.source.count, LONGEST - 5 + more);
        assert_int_equal(shapes.at[1708 % EVENT_SHAPES].names_size,
                         more == 0 ? EVENT_SHAPE_NAMES_MAX : 0);
    }
}

/* All that a shape compares may be 0. */
static void test_without_a_shape_nothing_has_it(void **state)
{
    const struct event_record_filter filter = {.event_id = 1708};
    const struct evt_entry entry = {.source = TEXT_OF(u"S"), .computer = TEXT_OF(u"C")};
    static uint8_t bytes[EVT_RECORD_MAX];
    static struct event_shapes shapes;
    struct event_found found;
    size_t size = evt_record(&entry, 1, bytes);

    (void)state;
    evt_put_u32(bytes + 36, 0); /* where absent parts are */
    evt_put_u32(bytes + 44, 0);
    event_shapes_init(&shapes, &filter);
    assert_int_equal(event_shapes_decode(&shapes, bytes, size, &found, 1), 1);
    assert_true(text_equal(found.record.source, entry.source));
    assert_true(text_equal(found.record.computer, entry.computer));
}

/* A record that ends within its names is none, even if the length at its end reads as the end of
 * the computer's name. */
static void test_a_length_is_no_name(void **state)
{
    enum { NAMES = 2 * (2 + 4), WHOLE = 56 + NAMES + 4 };
    const struct event_record_filter filter = {.event_id = 1708};
    const char16_t name[] = {u'P', u'C', WHOLE - 4};
    const struct evt_entry entry = {.source = TEXT_OF(u"S"), .computer = {name, 3}};
    static uint8_t bytes[EVT_RECORD_MAX];
    static struct event_shapes shapes;
    struct event_found found;
    size_t size = evt_record(&entry, 1, bytes);

    (void)state;
    assert_int_equal(size, WHOLE);
    event_shapes_init(&shapes, &filter);
    assert_int_equal(event_shapes_decode(&shapes, bytes, size, &found, 1), 1);
    assert_true(text_equal(found.record.computer, entry.computer));
    evt_put_u32(bytes, WHOLE - 4);
    assert_int_equal(event_record_decode(bytes, size, &found.record), EVENT_RECORD_DAMAGED);
    assert_int_equal(event_shapes_decode(&shapes, bytes, size, &found, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes_tell_what_the_decoder_tells),
        cmocka_unit_test(test_a_shape_is_remembered),
        cmocka_unit_test(test_longer_names_have_no_shape),
        cmocka_unit_test(test_without_a_shape_nothing_has_it),
        cmocka_unit_test(test_a_length_is_no_name),
        cmocka_unit_test(test_other_computers_records_have_no_strings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
