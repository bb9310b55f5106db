#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

static const struct hash_key published_key = {0x0706050403020100, 0x0f0e0d0c0b0a0908};

static void assert_text(struct text text, struct text expected)
{
    assert_int_equal(text.count, expected.count);
    assert_true(text_equal(text, expected));
}

static void test_view_spans_the_whole_string(void **state)
{
    (void)state;
    assert_int_equal(text_of(u"").count, 0);
    assert_int_equal(text_of(u"abc").count, 3);
    assert_int_equal(TEXT_OF(u"abc").count, 3);
}

static void test_slice_is_clamped_to_the_text(void **state)
{
    struct text whole = TEXT_OF(u"CONTOSO\\bob");

    (void)state;
    assert_text(text_slice(whole, 0, 7), TEXT_OF(u"CONTOSO"));
    assert_text(text_slice(whole, 8, SIZE_MAX), TEXT_OF(u"bob"));
    assert_int_equal(text_slice(whole, 11, 5).count, 0);
    assert_int_equal(text_slice(whole, SIZE_MAX, SIZE_MAX).count, 0);
    assert_int_equal(text_slice((struct text){NULL, 0}, 3, 3).count, 0);
}

static void test_trim_takes_blanks_from_the_ends_only(void **state)
{
    (void)state;
    assert_text(text_trim(TEXT_OF(u" \t a b\t ")), TEXT_OF(u"a b"));
    assert_text(text_trim(TEXT_OF(u"ab")), TEXT_OF(u"ab"));
    assert_int_equal(text_trim(TEXT_OF(u" \t ")).count, 0);
    assert_int_equal(text_trim((struct text){NULL, 0}).count, 0);
}

static void test_folding_maps_lower_to_upper_case(void **state)
{
    static const char16_t pairs[][2] = {
        {u'a', u'A'},     {u'z', u'Z'},     {0x00e0, 0x00c0}, {0x00f6, 0x00d6}, {0x00fe, 0x00de},
        {0x00ff, 0x0178}, {0x0101, 0x0100}, {0x0137, 0x0136}, {0x013a, 0x0139}, {0x0148, 0x0147},
        {0x014b, 0x014a}, {0x0177, 0x0176}, {0x017a, 0x0179}, {0x017e, 0x017d}, {0x03ac, 0x0386},
        {0x03ad, 0x0388}, {0x03af, 0x038a}, {0x03b1, 0x0391}, {0x03c1, 0x03a1}, {0x03c2, 0x03a3},
        {0x03c3, 0x03a3}, {0x03cb, 0x03ab}, {0x03cc, 0x038c}, {0x03cd, 0x038e}, {0x03ce, 0x038f},
        {0x0430, 0x0410}, {0x044f, 0x042f}, {0x0450, 0x0400}, {0x045f, 0x040f}, {0x0461, 0x0460},
        {0x0481, 0x0480}, {0x048b, 0x048a}, {0x04bf, 0x04be}, {0x04c2, 0x04c1}, {0x04ce, 0x04cd},
        {0x04cf, 0x04c0}, {0x04d1, 0x04d0}, {0x04ff, 0x04fe},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        assert_int_equal(text_fold_unit(pairs[i][0]), pairs[i][1]);
    }
}

static void test_folding_leaves_the_rest_alone(void **state)
{
    /* Neighbours of the runs; letters whose Unicode capital Windows does not take for equal;
     * capitals with no small letter among the units; surrogates. */
    static const char16_t alone[] = {u'@',   u'[',   u'`',   u'{',   0x00b5, 0x00d7, 0x00df,
                                     0x00f7, 0x0130, 0x0131, 0x0138, 0x0149, 0x017f, 0x0178,
                                     0x0390, 0x03b0, 0x03cf, 0x0482, 0x04c0, 0x0500, 0x0501,
                                     0x1e01, 0xd800, 0xdfff, 0xff41, 0xffff};

    (void)state;
    for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++) {
        assert_int_equal(text_fold_unit(alone[i]), alone[i]);
    }
}

static void test_folding_twice_changes_nothing_more(void **state)
{
    (void)state;
    for (uint32_t unit = 0; unit <= 0xffff; unit++) {
        char16_t once = text_fold_unit((char16_t)unit);

        assert_int_equal(text_fold_unit(once), once);
    }
}

static void test_equality_with_and_without_folding(void **state)
{
    (void)state;
    assert_true(text_equal_fold(TEXT_OF(u"Contoso\\B\u00f6b"), TEXT_OF(u"CONTOSO\\b\u00d6B")));
    assert_false(text_equal(TEXT_OF(u"bob"), TEXT_OF(u"BOB")));
    assert_false(text_equal_fold(TEXT_OF(u"bob"), TEXT_OF(u"bobb")));
    assert_false(text_equal_fold(TEXT_OF(u"bob"), TEXT_OF(u"rob")));
    assert_true(text_equal((struct text){NULL, 0}, TEXT_OF(u"")));
    assert_true(text_equal_fold((struct text){NULL, 0}, TEXT_OF(u"")));
}

static void test_hash_agrees_with_the_published_vectors(void **state)
{
    /* Aumasson and Bernstein's reference vectors: the input is 00, 01, 02 ... of the index's
     * length, the key 00 to 0f. */
    static const struct {
        size_t size;
        uint64_t hash;
    } vectors[] = {
        {0, 0x726fdb47dd0e0e31},  {1, 0x74f839c593dc67fd},  {2, 0x0d6c8009d9a94f5a},
        {3, 0x85676696d7fb7e2d},  {7, 0xab0200f58b01d137},  {8, 0x93f5f5799a932462},
        {15, 0xa129ca6149be45e5}, {63, 0x958a324ceb064572},
    };
    uint8_t input[64];

    (void)state;
    for (size_t i = 0; i < sizeof input; i++) {
        input[i] = (uint8_t)i;
    }
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        assert_true(hash_bytes(input, vectors[i].size, &published_key) == vectors[i].hash);
    }
}

static void test_folded_hash_is_the_hash_of_the_folded_units(void **state)
{
    char16_t units[70], folded[70];
    uint8_t bytes[140];
    uint32_t random = 1;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        size_t count = (size_t)round % 70;

        for (size_t i = 0; i < count; i++) {
            random = random * 1664525 + 1013904223;
            /* Mostly ASCII, some letters of other scripts, some anything. */
            units[i] = (char16_t)(round % 3 == 0   ? random >> 25
                                  : round % 3 == 1 ? random >> 21
                                                   : random >> 16);
            folded[i] = text_fold_unit(units[i]);
            bytes[2 * i] = (uint8_t)folded[i];
            bytes[2 * i + 1] = (uint8_t)(folded[i] >> 8);
        }
        uint64_t hash = text_hash_fold((struct text){units, count}, &published_key);

        assert_true(hash == hash_bytes(bytes, 2 * count, &published_key));
        assert_true(hash == text_hash_fold((struct text){folded, count}, &published_key));
    }
}

static void test_hash_depends_on_the_whole_key(void **state)
{
    struct hash_key low = published_key, high = published_key;
    struct text name = TEXT_OF(u"CONTOSO\\bob");

    (void)state;
    low.low ^= 1;
    high.high ^= (uint64_t)1 << 63;
    assert_true(text_hash_fold(name, &low) != text_hash_fold(name, &published_key));
    assert_true(text_hash_fold(name, &high) != text_hash_fold(name, &published_key));
}

static void test_wildcards(void **state)
{
    static const struct {
        const char16_t *pattern, *name;
        bool match;
    } cases[] = {
        {u"", u"", true},
        {u"", u"a", false},
        {u"*", u"", true},
        {u"**", u"abc", true},
        {u"?", u"", false},
        {u"?", u"a", true},
        {u"svc-*", u"SVC-backup", true},
        {u"svc-*", u"svc", false},
        {u"*scan*", u"the-SCANner", true},
        {u"*ab?d", u"ababcd", true},
        {u"a*b*c", u"aXbYbZc", true},
        {u"a*b*c", u"aXbYbZ", false},
        {u"*aab", u"aaaaab", true},
        {u"contoso\\*", u"CONTOSO\\bob", true},
        {u"contoso\\*", u"FABRIKAM\\bob", false},
        {u"b\u00d6b", u"B\u00f6B", true},
        {u"bob?", u"bob", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(text_matches(text_of(cases[i].pattern), text_of(cases[i].name)),
                         cases[i].match);
    }
    /* What lies behind a pattern is no part of it. */
    assert_false(text_matches((struct text){u"bo*", 2}, TEXT_OF(u"bob")));
    assert_true(text_matches((struct text){u"bo*", 2}, TEXT_OF(u"bo")));
}

static void test_find_gives_the_first_and_the_last(void **state)
{
    struct text text = TEXT_OF(u"a@b@c");

    (void)state;
    assert_int_equal(text_find(text, u'@'), 1);
    assert_int_equal(text_find_last(text, u'@'), 3);
    assert_true(text_find(text, u'\\') == SIZE_MAX);
    assert_true(text_find_last(text, u'\\') == SIZE_MAX);
    assert_int_equal(text_find_last(text, u'a'), 0);
}

static void test_numbers(void **state)
{
    static const char16_t *const wrong[] = {
        u"",     u" 1",         u"1 ",  u"-1",     u"+1",
        u"0x10", u"4294967296", u"1.0", u"\uff11", u"99999999999999999999999999999999999999"};
    uint32_t value = 7;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(text_to_number(text_of(wrong[i]), &value));
        assert_int_equal(value, 7);
    }
    assert_true(text_to_number(TEXT_OF(u"0"), &value));
    assert_int_equal(value, 0);
    assert_true(text_to_number(TEXT_OF(u"4294967295"), &value));
    assert_true(value == UINT32_MAX);
    assert_true(text_to_number(TEXT_OF(u"0050"), &value));
    assert_int_equal(value, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view_spans_the_whole_string),
        cmocka_unit_test(test_slice_is_clamped_to_the_text),
        cmocka_unit_test(test_trim_takes_blanks_from_the_ends_only),
        cmocka_unit_test(test_folding_maps_lower_to_upper_case),
        cmocka_unit_test(test_folding_leaves_the_rest_alone),
        cmocka_unit_test(test_folding_twice_changes_nothing_more),
        cmocka_unit_test(test_equality_with_and_without_folding),
        cmocka_unit_test(test_hash_agrees_with_the_published_vectors),
        cmocka_unit_test(test_folded_hash_is_the_hash_of_the_folded_units),
        cmocka_unit_test(test_hash_depends_on_the_whole_key),
        cmocka_unit_test(test_wildcards),
        cmocka_unit_test(test_find_gives_the_first_and_the_last),
        cmocka_unit_test(test_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
