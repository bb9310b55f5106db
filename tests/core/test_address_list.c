/* Every address of a field, one after the other; and the depth of its comments and quotes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/address_list.h"

static char told[1024];

static void tell(const struct message_string *found)
{
    size_t used = strlen(told);
    snprintf(told + used, sizeof told - used, "%.*s|", found->count, found->at);
}

static void read_list(const char *field)
{
    struct address_list list;
    memset(&list, 0x01, sizeof list);
    address_list_init(&list);
    told[0] = '\0';
    for (const char *at = field; *at; at++) {
        if (address_list_feed(&list, *at))
            tell(&list.found);
    }
    if (address_list_end(&list))
        tell(&list.found);
    assert_false(address_list_end(&list)); /* once */
}

static void addresses_come_one_after_the_other(void **state)
{
    static const struct {
        const char *field, *told;
    } cases[] = {
        {"a@b.com, c@d.com", "a@b.com|c@d.com|"},
        {"a@b.com,c@d.com,", "a@b.com|c@d.com|"},
        {"<a>, B <c@d.com>, e@f.com (g)", "a|c@d.com|e@f.com|"},
        {"<>, a@b.com", "|a@b.com|"},
        {"a, b@c.com", "b@c.com|"},
        {"a b@c.com d, e@f.com", "b@c.com|e@f.com|"},
        {"a@b.com c@d.com", "a@b.com|"},
        {"a\tb@c.com\td", "b@c.com|"},
        {"x: a@b.com, c@d.com; e@f.com", "a@b.com|c@d.com|e@f.com|"},
        {"x:; y: a@b.com;", "a@b.com|"},
        {"<@x.com,@y.com:a@b.com>, c@d.com", "a@b.com|c@d.com|"},
        {"<a@b.com>: x, c@d.com", "a@b.com|c@d.com|"},
        {"<a@b.com>; c@d.com", "a@b.com|c@d.com|"},
        {"<a@b.com; c@d.com", "a@b.com|c@d.com|"},
        {"<a b@c.com>", "ab@c.com|"},
        {"<a@b.com c>", "a@b.comc|"},
        {"<\"a b\"@c.com>", "a b@c.com|"},
        {"\"a\"b\"c\"@d.com", "abc@d.com|"},
        {"\"a,b;c:d<e>(f\"@g.com, h@i.com", "a,b;c:d<e>(f@g.com|h@i.com|"},
        {"\"a\\\"b\\\\\"@c.com", "a\"b\\@c.com|"},
        {"(a, b@c.com) d@e.com", "d@e.com|"},
        {"((a) b@c.com) d@e.com", "d@e.com|"},
        {"(a (b) (c) d@e.com) f@g.com", "f@g.com|"},
        {"(a\\)b@c.com) d@e.com", "d@e.com|"},
        {"(a\\(b) d@e.com", "d@e.com|"},
        {"(\"a) b@c.com", "b@c.com|"},
        {"a@b.com)c, d@e.com", "a@b.com)c|d@e.com|"},
        {"a(x)@b.com", "a@b.com|"},
        {"a(\\x)@b.com", "a@b.com|"},
        {"(never ends, a@b.com", ""},
        {"\"never ends, a@b.com", "never ends, a@b.com|"},
        {"<a@b.com, c@d.com", "a@b.comc@d.com|"},
        {"<a@b.com> \"c\\\"d\" e, f@g.com", "a@b.com|f@g.com|"},
        {"<a@b.com> <c@d.com>, e@f.com", "c@d.com|e@f.com|"},
        {"> a@b.com", "a@b.com|"},
        {"A@B.COM", "a@b.com|"},
        {"@", "@|"},
        {"<a", "a|"},
        {"a", ""},
        {", ; ,", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_list(cases[i].field);
        assert_string_equal(told, cases[i].told);
    }
}

/* Of an address whose local part alone is too long, the domain is kept. */
static void the_domain_of_a_long_name_is_kept(void **state)
{
    char field[MESSAGE_STRING_MAX + 32];
    (void)state;
    memset(field, 'x', MESSAGE_STRING_MAX + 1);
    strcpy(field + MESSAGE_STRING_MAX + 1, "@b.com, c@d.com");
    read_list(field);
    assert_string_equal(told, "@b.com|c@d.com|");
    strcpy(field + MESSAGE_STRING_MAX - 6, "@b.com, c@d.com");
    read_list(field);
    field[MESSAGE_STRING_MAX] = '|';
    strcpy(field + MESSAGE_STRING_MAX + 1, "c@d.com|");
    assert_string_equal(told, field);
}

/* Whatever came before, in whatever state it left it. */
static void a_list_begins_anew(void **state)
{
    static const char *const before[] = {"\"a", "\"a\\", "(a", "<a@b.com", "<a@b.com>", "a@b.com "};
    static const char address[] = "c@d.com";
    struct address_list list = {.ended = false};
    (void)state;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        for (const char *at = before[i]; *at; at++)
            assert_false(address_list_feed(&list, *at));
        address_list_init(&list);
        for (const char *at = address; *at; at++)
            assert_false(address_list_feed(&list, *at));
        assert_true(address_list_end(&list));
        assert_true(message_string_is(&list.found, address));
        address_list_init(&list);
    }
}

/* However it ended, as a field that was left open does. */
static void a_field_may_follow_another(void **state)
{
    static const char *const before[] = {"\"a", "\"a\\", "(a", "a ((b", "<a@b.com", "<a@b.com>"};
    static const char address[] = "c@d.com";
    struct address_list list;
    (void)state;
    address_list_init(&list);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        for (const char *at = before[i]; *at; at++)
            assert_false(address_list_feed(&list, *at));
        address_list_end(&list);
        for (const char *at = address; *at; at++)
            assert_false(address_list_feed(&list, *at));
        assert_true(address_list_end(&list));
        assert_true(message_string_is(&list.found, address));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_come_one_after_the_other),
        cmocka_unit_test(a_list_begins_anew),
        cmocka_unit_test(a_field_may_follow_another),
        cmocka_unit_test(the_domain_of_a_long_name_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
