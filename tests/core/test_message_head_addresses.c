/* Addresses in the fields of a head, in every shape, and how many there are. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "message_head_fixture.h"

static void addresses_in_every_shape(void **state)
{
    static const struct {
        const char *field, *address;
    } shapes[] = {
        {"a@b.com", "a@b.com"},
        {"<a@b.com>", "a@b.com"},
        {"A Name <a@b.com>", "a@b.com"},
        {"\"x@y.com\" <a@b.com>", "a@b.com"},
        {"\"a \\\" <c@d.com>\" <a@b.com>", "a@b.com"},
        {"x@y.com <a@b.com>", "a@b.com"},
        {"(c@d.com) a@b.com", "a@b.com"},
        {"a@b.com (A (nested) Name)", "a@b.com"},
        {"a@b.com trailing words", "a@b.com"},
        {"words a@b.com", "a@b.com"},
        {"<@x.com,@y.com:a@b.com>", "a@b.com"},
        {"\"quoted local\"@b.com", "quoted local@b.com"},
        {"group: a@b.com, c@d.com;", "a@b.com"},
        {"undisclosed-recipients:;", ""},
        {"<>", ""},
        {"", ""},
        {"no address", ""},
        {"<a@b.com", "a@b.com"},
        {">a@b.com", "a@b.com"},
        {"<a@b.com> <c@d.com>", "c@d.com"},
        {"<a@b.com> > c@d.com", "a@b.com"},
        {"<a@b.com> \"c@d.com\"", "a@b.com"},
        {"<a@b.com> \"c \\\" d\"", "a@b.com"},
        {"<a@b.com>: c", "a@b.com"},
        {"(a \\) c@d.com) a@b.com", "a@b.com"},
        {"a\\@b.com", "a\\@b.com"},
        {"\"a\\b\"@c.com", "ab@c.com"},
        {") a@b.com", "a@b.com"},
        {",,a@b.com", "a@b.com"},
        {"\xff\xfe <\xe9@b.com>", "\xe9@b.com"},
    };
    char text[256];
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        snprintf(text, sizeof text, "From: %s\r\n\r\n", shapes[i].field);
        parse(text);
        assert_true(head->from.there);
        assert_is(&head->from.address, shapes[i].address);
    }
}

static void recipients_of_every_field_are_counted(void **state)
{
    (void)state;
    parse("To: a@b.com\nTo: c@B.com, <postmaster>\nCc: d@e.com\nBcc: f@g.com\n\n");
    assert_int_equal(head->recipients, 4); /* who has no domain is none */
    assert_int_equal(head->domain_count, 3);
    assert_is(&head->domains[0], "b.com");
    assert_is(&head->domains[1], "e.com");
    assert_is(&head->domains[2], "g.com");
    parse("Cc: a@b.com\nBcc: c@d.com\nCc: e@f.com\nBcc: g@h.com\nCc: i@j.com\n\n");
    assert_int_equal(head->recipients, 5);
    parse("To: a@b.com, c@d.com, e@d.com, f@g.com, h@g.com, i@d.com, j@b.com\n\n");
    assert_int_equal(head->recipients, 7);
    assert_int_equal(head->domain_count, 3);
    assert_is(&head->failed, "");
}

static void recipients_are_counted_beyond_the_domains_that_are_kept(void **state)
{
    static char text[40000] = "To: ";
    size_t used = 4;
    (void)state;
    for (int i = 0; i < 1000; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "u%d@d%d.example,\r\n ", i, i);
    memcpy(text + used, "z@z.com\r\n\r\n", 12);
    feed_in_pieces(text, strlen(text), 8192);
    assert_int_equal(head->recipients, 1001);
    assert_int_equal(head->domain_count, MESSAGE_DOMAINS_MAX);
    assert_is(&head->domains[7], "d7.example");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_in_every_shape),
        cmocka_unit_test(recipients_of_every_field_are_counted),
        cmocka_unit_test(recipients_are_counted_beyond_the_domains_that_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
