#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "core/csv.h"

static void assert_cell(struct text text, const char *expected)
{
    char to[256];

    assert_int_equal(csv_cell(to, sizeof to, text), strlen(expected));
    assert_string_equal(to, expected);
}

static void test_plain_text_stays(void **state)
{
    (void)state;
    assert_cell(TEXT_OF(u""), "");
    assert_cell(TEXT_OF(u"CONTOSO\\bob"), "CONTOSO\\bob");
    assert_cell(TEXT_OF(u"b\u00f6b \xd83d\xde00"), "b\xc3\xb6\x62 \xf0\x9f\x98\x80");
}

static void test_separators_quotes_and_spaces_at_the_ends_are_quoted(void **state)
{
    (void)state;
    assert_cell(TEXT_OF(u"a,b"), "\"a,b\"");
    assert_cell(TEXT_OF(u"a\"b"), "\"a\"\"b\"");
    assert_cell(TEXT_OF(u"\"\""), "\"\"\"\"\"\"");
    assert_cell(TEXT_OF(u" a"), "\" a\"");
    assert_cell(TEXT_OF(u"a "), "\"a \"");
    assert_cell(TEXT_OF(u" "), "\" \"");
    assert_cell(TEXT_OF(u"a b"), "a b");
    /* What stands around the text does not count. */
    assert_cell(text_slice(TEXT_OF(u" b "), 1, 0), "");
    assert_cell(text_slice(TEXT_OF(u"a\""), 0, 1), "a");
    assert_cell(TEXT_OF(u"\xd83d\xde00\"x"), "\"\xf0\x9f\x98\x80\"\"x\"");
    assert_cell(TEXT_OF(u"\xd83d\"x"), "\"{U+D83D}\"\"x\""); /* half a pair hides no quote */
}

static void test_formulas_are_disarmed(void **state)
{
    (void)state;
    assert_cell(TEXT_OF(u"=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
    assert_cell(TEXT_OF(u"+1"), "'+1");
    assert_cell(TEXT_OF(u"-1"), "'-1");
    assert_cell(TEXT_OF(u"@SUM(A1,B1)"), "\"'@SUM(A1,B1)\"");
    assert_cell(TEXT_OF(u"\uff1d1"), "'\xef\xbc\x9d"
                                     "1");
    assert_cell(TEXT_OF(u"\uff0b"), "'\xef\xbc\x8b");
    assert_cell(TEXT_OF(u"\uff0d"), "'\xef\xbc\x8d");
    assert_cell(TEXT_OF(u"\uff20"), "'\xef\xbc\xa0");
    assert_cell(TEXT_OF(u"a=1"), "a=1");
    assert_cell(text_slice(TEXT_OF(u"=1"), 0, 0), ""); /* what is behind the end does not count */
}

static void test_what_is_not_fit_is_shown(void **state)
{
    (void)state;
    assert_cell(TEXT_OF(u"\t=1"), "{U+0009}=1");
    assert_cell(TEXT_OF(u"a\r\nb"), "a{U+000D}{U+000A}b");
    assert_cell(TEXT_OF(u"a\x202e\xd800"), "a{U+202E}{U+D800}");
}

static void test_what_does_not_fit_is_empty(void **state)
{
    char to[16];

    (void)state;
    assert_int_equal(csv_cell(to, 6, TEXT_OF(u"a,\u20ac")), 7);
    assert_string_equal(to, "");
    assert_int_equal(csv_cell(to, 7, TEXT_OF(u"a,\u20ac")), 7);
    assert_string_equal(to, "");
    assert_int_equal(csv_cell(to, 8, TEXT_OF(u"a,\u20ac")), 7);
    assert_string_equal(to, "\"a,\xe2\x82\xac\"");
    assert_int_equal(csv_cell(to, 1, TEXT_OF(u"")), 0);
    assert_string_equal(to, "");
}

/* What the header promises to suffice. */
static void test_the_longest_fits_what_is_promised(void **state)
{
    char16_t units[64];
    char to[4 + CSV_BYTES_PER_UNIT * 64];

    (void)state;
    units[0] = u'=';
    for (size_t i = 1; i < 64; i++) {
        units[i] = i == 1 ? u',' : 0x202e;
    }
    assert_true(csv_cell(to, sizeof to, (struct text){units, 64}) < sizeof to);
    assert_true(to[0] == '"');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_text_stays),
        cmocka_unit_test(test_separators_quotes_and_spaces_at_the_ends_are_quoted),
        cmocka_unit_test(test_formulas_are_disarmed),
        cmocka_unit_test(test_what_is_not_fit_is_shown),
        cmocka_unit_test(test_what_does_not_fit_is_empty),
        cmocka_unit_test(test_the_longest_fits_what_is_promised),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
