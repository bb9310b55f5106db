#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "core/json.h"

static void assert_written(struct text text, const char *expected)
{
    char to[256];

    assert_int_equal(json_string(to, sizeof to, text), strlen(expected));
    assert_string_equal(to, expected);
}

static void test_plain_text_stays(void **state)
{
    (void)state;
    assert_written(TEXT_OF(u""), "\"\"");
    assert_written((struct text){NULL, 0}, "\"\"");
    assert_written(TEXT_OF(u"bob@contoso.com /'\x7f"), "\"bob@contoso.com /'\x7f\"");
    assert_written(TEXT_OF(u"b\u00f6b \u20ac \xd83d\xde00"),
                   "\"b\xc3\xb6\x62 \xe2\x82\xac \xf0\x9f\x98\x80\"");
}

static void test_quotes_backslashes_and_controls_are_escaped(void **state)
{
    (void)state;
    assert_written(TEXT_OF(u"CONTOSO\\bob"), "\"CONTOSO\\\\bob\"");
    assert_written(TEXT_OF(u"\"x\""), "\"\\\"x\\\"\"");
    assert_written(TEXT_OF(u"\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
    assert_written(TEXT_OF(u"\0\x01\x0b\x1f "), "\"\\u0000\\u0001\\u000b\\u001f \"");
}

static void test_lone_surrogates_are_replaced(void **state)
{
    (void)state;
    assert_written(TEXT_OF(u"a\xd83d"), "\"a\xef\xbf\xbd\"");
    assert_written(TEXT_OF(u"\xde00\\\xd83d\\\xde00"),
                   "\"\xef\xbf\xbd\\\\\xef\xbf\xbd\\\\\xef\xbf\xbd\"");
}

static void test_what_does_not_fit_is_empty(void **state)
{
    const struct text text = TEXT_OF(u"a\u20ac\n\"z");
    const char *whole = "\"a\xe2\x82\xac\\n\\\"z\"";
    char to[32];

    (void)state;
    for (size_t capacity = 1; capacity < 20; capacity++) {
        memset(to, '!', sizeof to);
        assert_int_equal(json_string(to, capacity, text), strlen(whole));
        assert_string_equal(to, capacity > strlen(whole) ? whole : "");
        for (size_t i = capacity; i < sizeof to; i++) {
            assert_int_equal(to[i], '!');
        }
    }
}

static void test_the_stated_room_always_suffices(void **state)
{
    char to[3 + 3 * JSON_BYTES_PER_UNIT];

    (void)state;
    for (uint32_t unit = 0; unit <= 0xffff; unit++) {
        char16_t units[] = {(char16_t)unit, (char16_t)unit, (char16_t)unit};

        assert_true(json_string(to, sizeof to, (struct text){units, 3}) < sizeof to);
        assert_int_equal(to[strlen(to) - 1], '"');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_text_stays),
        cmocka_unit_test(test_quotes_backslashes_and_controls_are_escaped),
        cmocka_unit_test(test_lone_surrogates_are_replaced),
        cmocka_unit_test(test_what_does_not_fit_is_empty),
        cmocka_unit_test(test_the_stated_room_always_suffices),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
