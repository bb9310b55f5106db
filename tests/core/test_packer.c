#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "core/packer.h"

static void bytes_are_little_endian_without_padding(void **state)
{
    (void)state;
    static const uint8_t expected[] = {0x12, 0x78, 0x56, 0x34, 0x12, 1,    8,    7,    6,    5,
                                       4,    3,    2,    1,    0xfe, 0xff, 0xff, 0xff, 0xff, 0xff,
                                       0xff, 0xff, 2,    2,    0,    'h',  0,    0xac, 0x20, 9};
    uint8_t bytes[sizeof expected] = {0}, small = 0x12, nine = 9;
    uint32_t number = 0x12345678;
    uint64_t large = UINT64_C(0x0102030405060708);
    int64_t negative = -2;
    bool yes = true;
    char16_t text[3] = u"h\u20ac";
    struct packer packer = packer_to(bytes, sizeof bytes);
    pack_u8(&packer, &small);
    pack_u32(&packer, &number);
    pack_bool(&packer, &yes);
    pack_u64(&packer, &large);
    pack_signed(&packer, &negative, -2, -2);
    assert_int_equal(pack_enum(&packer, 2, 3), 2);
    pack_text(&packer, text, 3);
    pack_bytes(&packer, &nine, 1);
    assert_false(packer.failed);
    assert_int_equal(packer.at, sizeof expected);
    assert_memory_equal(bytes, expected, sizeof expected);
}

/* The room for what is unpacked need not hold one. */
static void a_bool_is_unpacked_over_anything(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {1, 0};
    union {
        uint8_t byte;
        bool value;
    } room = {.byte = 0x50};
    struct packer packer = packer_from(bytes, sizeof bytes);
    pack_bool(&packer, &room.value);
    assert_int_equal(room.byte, true);
    room.byte = 0x50;
    pack_bool(&packer, &room.value);
    assert_int_equal(room.byte, false);
    room.byte = 0x50;
    pack_bool(&packer, &room.value);
    assert_true(packer.failed);
    assert_int_equal(room.byte, 0x50);
}

static void counting_and_packing_agree(void **state)
{
    (void)state;
    uint8_t bytes[64];
    char16_t text[] = u"SMTPSVC";
    uint32_t number = 7;
    struct packer count = packer_counting(), packer = packer_to(bytes, sizeof bytes);
    struct packer *const both[] = {&count, &packer};
    for (int i = 0; i < 2; i++) {
        pack_text(both[i], text, 8);
        pack_number(both[i], &number, 0, 7);
        pack_enum(both[i], 0, 1);
        assert_false(both[i]->failed);
        assert_int_equal(both[i]->at, 2 + 14 + 4 + 1);
    }
}

/* A packer that has room for all but the last byte writes nothing of what does not fit. */
static void what_does_not_fit_fails_and_stays_failed(void **state)
{
    (void)state;
    uint8_t bytes[8] = {0}, small = 1;
    uint32_t number = UINT32_MAX;
    struct packer packer = packer_to(bytes, 7);
    pack_u32(&packer, &number);
    pack_u32(&packer, &number);
    assert_true(packer.failed);
    pack_u8(&packer, &small); /* would have fitted */
    assert_int_equal(packer.at, 4);
    assert_memory_equal(bytes, "\xff\xff\xff\xff\0\0\0\0", 8);
}

static void what_is_cut_short_leaves_the_value_as_it_was(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7};
    uint64_t large = 77;
    uint32_t number = 78;
    uint8_t pair[2] = {79, 80};
    struct packer packer = packer_from(bytes, sizeof bytes);
    pack_u64(&packer, &large);
    assert_true(packer.failed);
    pack_u32(&packer, &number);
    pack_bytes(&packer, pair, 2);
    assert_true(large == 77 && number == 78 && pair[0] == 79 && pair[1] == 80);
    packer = packer_from(NULL, 0);
    pack_number(&packer, &number, 0, UINT32_MAX);
    assert_true(packer.failed && number == 78);
}

static void bounds_hold_both_ways(void **state)
{
    (void)state;
    for (uint32_t value = 4; value <= 8; value++) {
        uint8_t bytes[8] = {(uint8_t)value};
        struct packer to = packer_to(bytes, sizeof bytes), from = packer_from(bytes, sizeof bytes);
        uint32_t number = value, read = 99;
        pack_number(&from, &read, 5, 7);
        pack_number(&to, &number, 5, 7);
        assert_int_equal(to.failed, value < 5 || value > 7);
        assert_int_equal(from.failed, to.failed);
        assert_int_equal(read, from.failed ? 99 : value);

        int64_t signed_number = -(int64_t)value, signed_read = 99;
        to = packer_to(bytes, sizeof bytes);
        pack_signed(&to, &signed_number, INT64_MIN, INT64_MAX);
        from = packer_from(bytes, sizeof bytes);
        pack_signed(&from, &signed_read, -7, -5);
        to = packer_to(bytes, sizeof bytes);
        pack_signed(&to, &signed_number, -7, -5);
        assert_int_equal(to.failed, value < 5 || value > 7);
        assert_int_equal(from.failed, to.failed);
        assert_int_equal(signed_read, from.failed ? 99 : signed_number);
    }
}

static void enums_and_switches_have_no_other_values(void **state)
{
    (void)state;
    for (unsigned value = 0; value < 256; value++) {
        uint8_t byte = (uint8_t)value;
        struct packer packer = packer_from(&byte, 1);
        assert_int_equal(pack_enum(&packer, 1, 3), value < 3 ? value : 1);
        assert_int_equal(packer.failed, value >= 3);
        bool flag = true;
        packer = packer_from(&byte, 1);
        pack_bool(&packer, &flag);
        assert_int_equal(flag, value != 0);
        assert_int_equal(packer.failed, value > 1);
    }
    uint8_t byte;
    struct packer packer = packer_to(&byte, 1);
    pack_enum(&packer, 256 + 1, 3);
    assert_true(packer.failed);
}

static void texts_are_bounded_and_may_be_any_units_but_0(void **state)
{
    (void)state;
    static const uint8_t lone[] = {2, 0, 0x00, 0xd8, 0x00, 0xdc + 1};
    static const uint8_t three[] = {3, 0, 'a', 0, 'b', 0, 'c', 0};
    static const uint8_t embedded[] = {2, 0, 0, 0, 'b', 0};
    static const uint8_t cut_by_0[] = {2, 0, 'a', 1, 0, 0};
    static const uint8_t endless[] = {0xff, 0xff, 'a', 0};
    static const struct {
        const uint8_t *bytes;
        size_t size;
        bool good;
    } cases[] = {{lone, 6, true},      {lone, 5, false},
                 {lone, 1, false},     {three, 8, false},
                 {embedded, 6, false}, {cut_by_0, 6, false},
                 {endless, 4, false},  {(const uint8_t *)"\0", 2, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char16_t text[3] = u"xy";
        struct packer packer = packer_from(cases[i].bytes, cases[i].size);
        pack_text(&packer, text, 3);
        assert_int_equal(packer.failed, !cases[i].good);
        if (!cases[i].good)
            assert_memory_equal(text, u"xy", sizeof text);
    }
    char16_t text[3] = u"xy";
    struct packer packer = packer_from(lone, sizeof lone);
    pack_text(&packer, text, 3);
    assert_true(text[0] == 0xd800 && text[1] == 0xdd00 && text[2] == 0);
    packer = packer_from((const uint8_t *)"\1\0z", 4); /* shorter than what was there */
    pack_text(&packer, text, 3);
    assert_true(!packer.failed && text[0] == u'z' && text[1] == 0);

    uint8_t bytes[16];
    char16_t unterminated[2] = {u'a', u'b'};
    packer = packer_to(bytes, sizeof bytes);
    pack_text(&packer, unterminated, 2);
    assert_true(packer.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_little_endian_without_padding),
        cmocka_unit_test(a_bool_is_unpacked_over_anything),
        cmocka_unit_test(counting_and_packing_agree),
        cmocka_unit_test(what_does_not_fit_fails_and_stays_failed),
        cmocka_unit_test(what_is_cut_short_leaves_the_value_as_it_was),
        cmocka_unit_test(bounds_hold_both_ways),
        cmocka_unit_test(enums_and_switches_have_no_other_values),
        cmocka_unit_test(texts_are_bounded_and_may_be_any_units_but_0),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
