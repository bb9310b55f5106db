#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/html.h"

static void assert_written(struct text text, const char *expected)
{
    char to[256];

    assert_int_equal(html_text(to, sizeof to, text), strlen(expected));
    assert_string_equal(to, expected);
}

static void test_plain_text_stays(void **state)
{
    (void)state;
    assert_written(TEXT_OF(u""), "");
    assert_written((struct text){NULL, 0}, "");
    assert_written(TEXT_OF(u"CONTOSO\\bob@contoso.com 100% /;=#`"),
                   "CONTOSO\\bob@contoso.com 100% /;=#`");
    assert_written(TEXT_OF(u"b\u00f6b \u20ac \xd83d\xde00"),
                   "b\xc3\xb6\x62 \xe2\x82\xac \xf0\x9f\x98\x80");
}

static void test_markup_is_text(void **state)
{
    (void)state;
    assert_written(TEXT_OF(u"<script>alert('x')</script>"),
                   "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    assert_written(TEXT_OF(u"\" onload=\"x"), "&quot; onload=&quot;x");
    assert_written(TEXT_OF(u"]]>-->&amp;"), "]]&gt;--&gt;&amp;amp;");
}

static void test_what_hides_is_shown(void **state)
{
    (void)state;
    assert_written(TEXT_OF(u"\x01\t\n\r\x1f\x7f\x85\x9f"),
                   "{U+0001}{U+0009}{U+000A}{U+000D}{U+001F}{U+007F}{U+0085}{U+009F}");
    assert_written(TEXT_OF(u"a\u202eb\u2066c\u200fd\u061c\u2028"),
                   "a{U+202E}b{U+2066}c{U+200F}d{U+061C}{U+2028}");
    assert_written(TEXT_OF(u"ad\u00admin\u200b\u200d\u2060\ufeff\u3164"),
                   "ad{U+00AD}min{U+200B}{U+200D}{U+2060}{U+FEFF}{U+3164}");
    /* Their neighbours are letters and signs as any other. */
    assert_written(TEXT_OF(u"\u00a0\u00ac\u00ae\u2010\u3163\ufdf0\ufffc\ufffd"),
                   "\xc2\xa0\xc2\xac\xc2\xae\xe2\x80\x90\xe3\x85\xa3\xef\xb7\xb0\xef\xbf\xbc"
                   "\xef\xbf\xbd");
}

/* The first and the last of each run of units that show nothing, and their neighbours. */
static void test_where_hiding_begins_and_ends(void **state)
{
    static const struct {
        char16_t first, last;
    } runs[] = {{0x00ad, 0x00ad}, {0x115f, 0x1160}, {0x180e, 0x180e}, {0x200b, 0x200f},
                {0x2060, 0x206f}, {0x3164, 0x3164}, {0xfdd0, 0xfdef}, {0xfeff, 0xfeff},
                {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0xfffe, 0xffff}};
    char to[32];

    (void)state;
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        const char16_t units[] = {(char16_t)(runs[i].first - 1), runs[i].first, runs[i].last,
                                  (char16_t)(runs[i].last + 1)};

        for (size_t n = 0; n < (runs[i].last == 0xffff ? 3 : 4); n++) {
            html_text(to, sizeof to, (struct text){&units[n], 1});
            assert_int_equal(strncmp(to, "{U+", 3) == 0, n == 1 || n == 2);
        }
    }
}

static void test_what_xml_has_no_place_for_is_shown(void **state)
{
    (void)state;
    assert_written(TEXT_OF(u"\0\xfffe\xffff\xfdd0"), "{U+0000}{U+FFFE}{U+FFFF}{U+FDD0}");
    assert_written(TEXT_OF(u"a\xd83d"), "a{U+D83D}");
    assert_written(TEXT_OF(u"\xde00\xd83d<\xd83d\xd83d\xde00"),
                   "{U+DE00}{U+D83D}&lt;{U+D83D}\xf0\x9f\x98\x80");
}

/* The first and the last of each half, and their neighbours, before and behind others. */
static void test_where_pairs_begin_and_end(void **state)
{
    static const char16_t firsts[] = {0xd7ff, 0xd800, 0xdbff, 0xdc00};
    static const char16_t seconds[] = {0xdbff, 0xdc00, 0xdfff, 0xe000};
    char to[64];

    (void)state;
    for (size_t i = 0; i < 16; i++) {
        const char16_t units[] = {0xe000, firsts[i / 4], seconds[i % 4], 0xe000};
        bool is_high = units[1] >= 0xd800 && units[1] <= 0xdbff;
        bool is_low = units[2] >= 0xdc00 && units[2] <= 0xdfff;
        int lone = is_high && is_low ? 0 : (units[1] >= 0xd800) + (units[2] < 0xe000);
        int shown = 0;

        html_text(to, sizeof to, (struct text){units, 4});
        for (const char *at = to; (at = strstr(at, "{U+")) != NULL; at++) {
            shown++;
        }
        assert_int_equal(shown, lone);
        /* What lies behind a text's end is no half of its last unit. */
        html_text(to, sizeof to, (struct text){units + 1, 1});
        assert_int_equal(strncmp(to, "{U+", 3) == 0, units[1] >= 0xd800);
    }
}

static void test_what_does_not_fit_is_empty(void **state)
{
    const struct text text = TEXT_OF(u"a\u20ac<z\n");
    const char *whole = "a\xe2\x82\xac&lt;z{U+000A}";
    char to[32];

    (void)state;
    for (size_t capacity = 1; capacity <= sizeof to; capacity++) {
        memset(to, 'x', sizeof to);
        assert_int_equal(html_text(to, capacity, text), strlen(whole));
        assert_string_equal(to, capacity > strlen(whole) ? whole : "");
        for (size_t i = capacity; i < sizeof to; i++) {
            assert_int_equal(to[i], 'x');
        }
    }
}

static void test_no_unit_needs_more_than_is_said(void **state)
{
    char to[1 + HTML_BYTES_PER_UNIT];

    (void)state;
    for (uint32_t i = 0; i <= 0xffff; i++) {
        const char16_t unit = (char16_t)i;

        assert_in_range(html_text(to, sizeof to, (struct text){&unit, 1}), 1, HTML_BYTES_PER_UNIT);
        assert_null(strpbrk(to, "<>\"'"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_text_stays),
        cmocka_unit_test(test_markup_is_text),
        cmocka_unit_test(test_what_hides_is_shown),
        cmocka_unit_test(test_where_hiding_begins_and_ends),
        cmocka_unit_test(test_what_xml_has_no_place_for_is_shown),
        cmocka_unit_test(test_where_pairs_begin_and_end),
        cmocka_unit_test(test_what_does_not_fit_is_empty),
        cmocka_unit_test(test_no_unit_needs_more_than_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
