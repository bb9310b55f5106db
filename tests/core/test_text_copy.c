/* Texts copied, shown and turned into UTF-8 and back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

static void assert_text(struct text text, struct text expected)
{
    assert_int_equal(text.count, expected.count);
    assert_true(text_equal(text, expected));
}

static void test_copy_cuts_with_an_ellipsis(void **state)
{
    char16_t to[6];

    (void)state;
    assert_int_equal(text_copy(to, 6, TEXT_OF(u"abcde")), 5);
    assert_text(text_of(to), TEXT_OF(u"abcde"));
    assert_int_equal(text_copy(to, 6, TEXT_OF(u"abcdef")), 5);
    assert_text(text_of(to), TEXT_OF(u"abcd\u2026"));
    assert_int_equal(text_copy(to, 2, TEXT_OF(u"abcdef")), 1);
    assert_text(text_of(to), TEXT_OF(u"\u2026"));
    assert_int_equal(text_copy(to, 6, (struct text){NULL, 0}), 0);
    assert_int_equal(to[0], 0);
}

static void test_copy_never_halves_a_surrogate_pair(void **state)
{
    char16_t to[5];

    (void)state;
    /* The pair is U+1F600. */
    assert_int_equal(text_copy(to, 5, TEXT_OF(u"ab\xd83d\xde00")), 4);
    assert_int_equal(text_copy(to, 5, TEXT_OF(u"ab\xd83d\xde00z")), 3);
    assert_text(text_of(to), TEXT_OF(u"ab\u2026"));
    assert_int_equal(text_copy(to, 5, TEXT_OF(u"abc\xd83d\xde00")), 4);
    assert_text(text_of(to), TEXT_OF(u"abc\u2026"));
}

/* Controls, what turns or breaks a line, and halves of pairs; nothing else. */
static void test_every_unit_is_fit_or_not(void **state)
{
    static const char16_t unfit[][2] = {{0, 0x1f},        {0x7f, 0x9f},     {0x061c, 0x061c},
                                        {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069},
                                        {0xd800, 0xdfff}, {0xffff, 0}};
    size_t range = 0;

    (void)state;
    for (uint32_t unit = 0; unit <= 0xffff; unit++) {
        range += unit > unfit[range][1] && unfit[range][1] != 0;
        assert_int_equal(text_unit_unfit((char16_t)unit),
                         unit >= unfit[range][0] && unit <= unfit[range][1]);
    }
}

static void test_shown_copy_escapes_what_could_deceive(void **state)
{
    static const char16_t unfit[] = {0,      1,      u'\n',  0x1f,   u'%',   0x7f,   0x85,
                                     0x9f,   0x061c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a,
                                     0x202e, 0x2066, 0x2069, 0xd800, 0xdbff, 0xdc00, 0xdfff};
    static const char16_t digits[] = u"0123456789ABCDEF";
    char16_t to[32];

    (void)state;
    for (size_t i = 0; i < sizeof unfit / sizeof unfit[0]; i++) {
        char16_t text[3] = {u'a', unfit[i], u'b'};
        char16_t expected[] = u"a{U+____}b";

        for (int digit = 0; digit < 4; digit++) {
            expected[4 + digit] = digits[unfit[i] >> (12 - 4 * digit) & 15];
        }
        assert_int_equal(text_copy_shown(to, 32, (struct text){text, 3}), 10);
        assert_text(text_of(to), text_of(expected));
    }
    assert_int_equal(text_copy_shown(to, 32, TEXT_OF(u" ~\u00a0\u00e9\u2027\u202f\xd83d\xde00")),
                     8);
    assert_text(text_of(to), TEXT_OF(u" ~\u00a0\u00e9\u2027\u202f\xd83d\xde00"));
}

static void test_shown_copy_never_cuts_an_escape(void **state)
{
    char16_t to[12];

    (void)state;
    for (size_t capacity = 2; capacity <= 12; capacity++) {
        size_t count = text_copy_shown(to, capacity, TEXT_OF(u"ab\n"));

        assert_true(count < capacity);
        assert_int_equal(to[count], 0);
        if (capacity >= 11) {
            assert_text(text_of(to), TEXT_OF(u"ab{U+000A}"));
        } else if (capacity >= 4) {
            assert_text(text_of(to), TEXT_OF(u"ab\u2026"));
        }
    }
    /* What would find room behind it does not follow either. */
    assert_int_equal(text_copy_shown(to, 10, TEXT_OF(u"ab\ncd")), 3);
    assert_text(text_of(to), TEXT_OF(u"ab\u2026"));
}

static void test_utf8_of_every_length(void **state)
{
    char to[32];

    (void)state;
    assert_int_equal(text_to_utf8(to, sizeof to, TEXT_OF(u"a\u00e9\u20ac\xd83d\xde00")), 10);
    assert_string_equal(to, "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    assert_int_equal(text_to_utf8(to, sizeof to, TEXT_OF(u"\xd83dz\xde00")), 7);
    assert_string_equal(to, "\xef\xbf\xbdz\xef\xbf\xbd");
    assert_int_equal(text_to_utf8(to, sizeof to, TEXT_OF(u"\xd83d")), 3);
    assert_string_equal(to, "\xef\xbf\xbd");
    assert_int_equal(text_to_utf8(NULL, 0, TEXT_OF(u"\u20ac")), 3);
}

static void test_utf8_is_cut_at_whole_characters(void **state)
{
    static const char euro[] = "a\xe2\x82\xac", whole[] = "a\xe2\x82\xac\x62";
    static const char *const expected[] = {"", "a", "a", "a", euro, whole};
    char to[8];

    (void)state;
    for (size_t capacity = 1; capacity <= 6; capacity++) {
        memset(to, '!', sizeof to);
        assert_int_equal(text_to_utf8(to, capacity, TEXT_OF(u"a\u20acb")), 5);
        assert_string_equal(to, expected[capacity - 1]);
        assert_int_equal(to[capacity], '!');
    }
}

static void test_utf16_of_utf8_round_trips(void **state)
{
    char16_t units[4];
    char bytes[8];
    size_t count;

    (void)state;
    for (uint32_t character = 1; character <= 0x10ffff; character++) {
        char16_t pair[2] = {(char16_t)character, 0};
        size_t length = 1;

        if (character >= 0xd800 && character <= 0xdfff) {
            continue;
        }
        if (character >= 0x10000) {
            pair[0] = (char16_t)(0xd800 + ((character - 0x10000) >> 10));
            pair[1] = (char16_t)(0xdc00 + ((character - 0x10000) & 0x3ff));
            length = 2;
        }
        text_to_utf8(bytes, sizeof bytes, (struct text){pair, length});
        assert_true(text_from_utf8(units, 4, bytes, &count));
        assert_true(count == length && units[0] == pair[0] && units[length] == 0);
        assert_true(length == 1 || units[1] == pair[1]);
        if (character > 0x3000 && character % 7 != 0) {
            character += 5; /* a sample is enough there */
        }
    }
}

static void test_ill_formed_utf8_is_refused_untouched(void **state)
{
    static const char *const wrong[] = {
        "\x80",             /* continuation without a lead */
        "a\xc3",            /* cut short */
        "\xe2\x82",         /* cut short */
        "\xf0\x9f\x98",     /* cut short */
        "\xc3z",            /* lead without continuation */
        "\xc0\xaf",         /* overlong */
        "\xe0\x80\xaf",     /* overlong */
        "\xf0\x80\x80\xaf", /* overlong */
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* beyond U+10FFFF */
        "\xf8\x88\x80\x80\x80",
        "\xff",
    };
    char16_t to[8] = u"before";
    size_t count = 77;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(text_from_utf8(to, 8, wrong[i], &count));
        assert_text(text_of(to), TEXT_OF(u"before"));
        assert_int_equal(count, 77);
    }
}

static void test_utf8_that_does_not_fit_is_refused_untouched(void **state)
{
    char16_t to[4] = u"###";
    size_t count = 77;

    (void)state;
    assert_false(text_from_utf8(to, 3, "abc", &count));
    assert_false(text_from_utf8(to, 3, "a\xf0\x9f\x98\x80", &count));
    assert_false(text_from_utf8(to, 3, "a\xf0\x90\x80\x80", &count)); /* the first that takes two */
    assert_false(text_from_utf8(to, 0, "", &count));
    assert_text(text_of(to), TEXT_OF(u"###"));
    assert_int_equal(count, 77);
    assert_true(text_from_utf8(to, 4, "abc", NULL));
    assert_true(text_from_utf8(to, 1, "", &count));
    assert_int_equal(count, 0);
}

static void test_utf8_is_taken_character_by_character(void **state)
{
    static const struct {
        const char *utf8;
        size_t bytes, count;
        char16_t units[2];
    } cases[] = {
        {"ab", 1, 1, {u'a'}},
        {"\xc3\xb6\xc3", 2, 1, {0x00f6}},
        {"\xe2\x82\xac", 3, 1, {0x20ac}},
        {"\xf0\x9f\x98\x80\x80", 4, 2, {0xd83d, 0xde00}},
        {"\x80z", 1, 1, {0xfffd}},            /* continuation without a lead */
        {"\xe2\x82", 1, 1, {0xfffd}},         /* cut short */
        {"\xc3\"", 1, 1, {0xfffd}},           /* lead without continuation */
        {"\xc0\xaf", 1, 1, {0xfffd}},         /* overlong */
        {"\xed\xa0\x80", 1, 1, {0xfffd}},     /* a surrogate */
        {"\xf4\x90\x80\x80", 1, 1, {0xfffd}}, /* beyond U+10FFFF */
        {"\xff", 1, 1, {0xfffd}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char16_t units[2] = {0, 0};
        size_t count = 77;

        assert_int_equal(text_take_utf8(units, &count, cases[i].utf8), cases[i].bytes);
        assert_int_equal(count, cases[i].count);
        assert_int_equal(units[0], cases[i].units[0]);
        assert_int_equal(units[1], cases[i].units[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copy_cuts_with_an_ellipsis),
        cmocka_unit_test(test_copy_never_halves_a_surrogate_pair),
        cmocka_unit_test(test_every_unit_is_fit_or_not),
        cmocka_unit_test(test_shown_copy_escapes_what_could_deceive),
        cmocka_unit_test(test_shown_copy_never_cuts_an_escape),
        cmocka_unit_test(test_utf8_of_every_length),
        cmocka_unit_test(test_utf8_is_cut_at_whole_characters),
        cmocka_unit_test(test_utf16_of_utf8_round_trips),
        cmocka_unit_test(test_ill_formed_utf8_is_refused_untouched),
        cmocka_unit_test(test_utf8_that_does_not_fit_is_refused_untouched),
        cmocka_unit_test(test_utf8_is_taken_character_by_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
