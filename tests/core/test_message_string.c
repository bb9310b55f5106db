/* Short pieces of messages: what is kept of them, at their bound; as text, and by their domain. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/message_string.h"

static struct message_string string_of(const char *text)
{
    struct message_string string;
    message_string_set(&string, text, strlen(text), false);
    return string;
}

static void letters_are_made_small_when_that_is_asked_for(void **state)
{
    struct message_string string;
    (void)state;
    message_string_set(&string, "AZaz@[`{\xc9", 9, true);
    assert_true(message_string_is(&string, "azaz@[`{\xc9"));
    message_string_set(&string, "AZaz", 4, false);
    assert_true(message_string_is(&string, "AZaz"));
}

static void what_is_beyond_the_bound_is_lost_and_said_to_be(void **state)
{
    char bytes[MESSAGE_STRING_MAX + 1];
    struct message_string string = string_of("before");
    (void)state;
    memset(bytes, 'x', sizeof bytes);
    message_string_set(&string, bytes, MESSAGE_STRING_MAX, false);
    assert_int_equal(string.count, MESSAGE_STRING_MAX);
    assert_false(string.cut);
    message_string_set(&string, bytes, MESSAGE_STRING_MAX + 1, false);
    assert_int_equal(string.count, MESSAGE_STRING_MAX);
    assert_true(string.cut);
    message_string_set(&string, "a", 1, false);
    assert_true(message_string_is(&string, "a"));
    assert_false(string.cut);
}

static void strings_are_equal_in_all_their_bytes(void **state)
{
    const struct message_string abc = string_of("abc"), again = string_of("abc"),
                                ab = string_of("ab"), abd = string_of("abd"),
                                bbc = string_of("bbc"), empty = string_of("");
    (void)state;
    assert_true(message_string_equal(&abc, &again));
    assert_true(message_string_equal(&empty, &empty));
    assert_false(message_string_equal(&abc, &ab) || message_string_equal(&ab, &abc));
    assert_false(message_string_equal(&abc, &abd) || message_string_equal(&abc, &bbc));
    assert_false(message_string_equal(&abc, &empty) || message_string_equal(&empty, &abc));
    assert_true(message_string_is(&abc, "abc") && message_string_is(&empty, ""));
    assert_false(message_string_is(&abc, "ab") || message_string_is(&ab, "abc"));
    assert_false(message_string_is(&abc, "abd") || message_string_is(&abc, "bbc"));
    assert_false(message_string_is(&abc, "Abc") || message_string_is(&empty, "a"));
}

static void the_domain_follows_the_last_at(void **state)
{
    static const struct {
        const char *address, *domain;
    } cases[] = {{"a@b.com", "b.com"},
                 {"A@B.Com", "b.com"},
                 {"a@b@c.org", "c.org"},
                 {"@b.com", "b.com"},
                 {"a@", ""},
                 {"@", ""},
                 {"b.com", ""},
                 {"", ""},
                 {"a@b", "b"},
                 {"@@", ""},
                 {"\"x@y\"@z.net", "z.net"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct message_string address = string_of(cases[i].address);
        struct message_string domain = string_of("what.was.there");
        message_string_domain(&address, &domain);
        assert_true(message_string_is(&domain, cases[i].domain));
    }
}

static void assert_text(const struct message_string *string, struct text expected)
{
    char16_t units[MESSAGE_STRING_MAX + 1];
    memset(units, 0x5a, sizeof units);
    struct text shown = message_string_text(string, units);
    assert_ptr_equal(shown.at, units);
    assert_true(text_equal(shown, expected));
}

static void text_is_utf8_or_else_latin_1(void **state)
{
    struct message_string string = string_of("");
    (void)state;
    assert_text(&string, TEXT_OF(u""));
    string = string_of("Caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
    assert_text(&string, TEXT_OF(u"Caf\u00e9 \u20ac \xd83d\xde00"));
    string = string_of("Caf\xe9");
    assert_text(&string, TEXT_OF(u"Caf\u00e9"));
    string = string_of("\xc3\xa9\xff");
    assert_text(&string, TEXT_OF(u"\u00c3\u00a9\u00ff"));
    string = string_of("\xc3");
    assert_text(&string, TEXT_OF(u"\u00c3"));
    message_string_set(&string, "\xc3\xa9\0z", 4, false); /* with a NUL */
    assert_text(&string, TEXT_OF(u"\u00c3\u00a9\0z"));
    message_string_set(&string, "\0", 1, false);
    assert_text(&string, TEXT_OF(u"\0"));
    message_string_set(&string, "a\0", 2, false);
    assert_text(&string, TEXT_OF(u"a\0"));
}

static void the_longest_has_room_as_text(void **state)
{
    struct message_string string;
    char16_t units[MESSAGE_STRING_MAX];
    char bytes[MESSAGE_STRING_MAX];
    (void)state;
    for (size_t i = 0; i < MESSAGE_STRING_MAX; i++)
        units[i] = u'x';
    memset(bytes, 'x', sizeof bytes);
    message_string_set(&string, bytes, sizeof bytes, false);
    assert_text(&string, (struct text){units, MESSAGE_STRING_MAX});
    memcpy(bytes, "\xc3\xa9", 2);
    units[0] = u'\u00e9';
    message_string_set(&string, bytes, sizeof bytes, false);
    assert_text(&string, (struct text){units, MESSAGE_STRING_MAX - 1});
    memset(bytes, 'x', sizeof bytes);
    units[0] = u'x';
    units[MESSAGE_STRING_MAX - 1] = u'\u00ff';
    bytes[MESSAGE_STRING_MAX - 1] = '\xff';
    message_string_set(&string, bytes, sizeof bytes, false);
    assert_text(&string, (struct text){units, MESSAGE_STRING_MAX});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_are_made_small_when_that_is_asked_for),
        cmocka_unit_test(what_is_beyond_the_bound_is_lost_and_said_to_be),
        cmocka_unit_test(strings_are_equal_in_all_their_bytes),
        cmocka_unit_test(the_domain_follows_the_last_at),
        cmocka_unit_test(text_is_utf8_or_else_latin_1),
        cmocka_unit_test(the_longest_has_room_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
