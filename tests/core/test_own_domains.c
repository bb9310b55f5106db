/* test_own_domains.c: which domains are ours: those that are named, and what the queue shows. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "core/own_domains.h"

static struct own_domains own;
static struct message_head head;

static int start(void **state)
{
    (void)state;
    memset(&own, 0, sizeof own);
    memset(&head, 0, sizeof head);
    return 0;
}

static struct message_string string_of(const char *text)
{
    struct message_string string;
    message_string_set(&string, text, strlen(text), false);
    return string;
}

static bool have(const char *domain)
{
    const struct message_string string = string_of(domain);
    return own_domains_have(&own, &string);
}

static void find_host(const char *host)
{
    const struct message_string string = string_of(host);
    own_domains_find_host(&own, &string);
}

static void what_is_named_is_ours_with_all_below_it(void **state)
{
    (void)state;
    assert_true(own_domains_name(&own, "Contoso.COM"));
    assert_true(own_domains_name(&own, "fabrikam.example"));
    assert_true(own_domains_name(&own, "contoso.com")); /* again */
    assert_int_equal(own.named, 2);
    assert_true(have("contoso.com") && have("mail.contoso.com") && have("a.b.fabrikam.example"));
    assert_false(have("notcontoso.com") || have("com") || have("") || have("contoso.org"));
    assert_false(have("contoso.com.example") || have("mail.contoso.org"));
    find_host("mail.example.org"); /* found, so nothing below it is */
    assert_true(have("mail.example.org"));
    assert_false(have("a.mail.example.org"));
}

static void what_is_no_domain_is_refused(void **state)
{
    static const char *const none[] = {"",        "com",        ".com",   "contoso.", ".",
                                       "a@b.com", "[10.0.0.1]", "mail@x", "[a.b"};
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (own_domains_name(&own, none[i]))
            fail_msg("\"%s\" was taken", none[i]);
        find_host(none[i]);
        assert_int_equal(own.count, 0);
    }
    assert_true(own_domains_name(&own, "a.b"));
}

static void a_name_that_is_too_long_is_refused(void **state)
{
    char name[MESSAGE_STRING_MAX + 2];
    (void)state;
    memset(name, 'x', sizeof name);
    name[1] = '.';
    name[MESSAGE_STRING_MAX + 1] = 0;
    assert_false(own_domains_name(&own, name));
    assert_int_equal(own.count, 0);
    name[MESSAGE_STRING_MAX] = 0;
    assert_true(own_domains_name(&own, name));
}

static void a_host_shows_its_domain(void **state)
{
    (void)state;
    find_host("mail.contoso.com");
    assert_true(have("mail.contoso.com") && have("contoso.com"));
    assert_false(have("com") || have("other.contoso.com"));
    assert_int_equal(own.count, 2);
    assert_int_equal(own.named, 0);
    find_host("contoso.com"); /* com is no domain of ours */
    find_host("fabrikam.example");
    assert_int_equal(own.count, 3);
    assert_false(have("example"));
    find_host("mail.x.org");
    assert_true(have("x.org"));
    find_host("y.com.");
    assert_int_equal(own.count, 6);
    assert_false(have("com.") || have("com"));
}

static void there_is_room_for_so_many(void **state)
{
    char name[32];
    (void)state;
    for (int i = 0; i <= OWN_DOMAINS_MAX; i++) {
        snprintf(name, sizeof name, "d%d.example", i);
        assert_int_equal(own_domains_name(&own, name), i < OWN_DOMAINS_MAX);
    }
    assert_int_equal(own.count, OWN_DOMAINS_MAX);
    assert_true(own_domains_name(&own, "d0.example")); /* is there */
    find_host("mail.contoso.com");
    assert_int_equal(own.count, OWN_DOMAINS_MAX);
    assert_false(have("mail.contoso.com"));
}

/* Of what came by SMTP, who received it; of a report that came from nowhere, who sent it. */
static void a_message_shows_who_wrote_it_here(void **state)
{
    (void)state;
    head.host = string_of("mail.contoso.com");
    head.from.address = string_of("postmaster@fabrikam.example");
    own_domains_find(&own, &head);
    assert_int_equal(own.count, 0);
    head.delivery_report = true;
    own_domains_find(&own, &head);
    assert_int_equal(own.count, 1);
    assert_true(have("fabrikam.example"));
    head.received = true;
    head.from.address = string_of("x@evil.example");
    own_domains_find(&own, &head);
    assert_true(have("mail.contoso.com") && have("contoso.com"));
    assert_false(have("evil.example"));
    head.received = false;
    head.from.address = string_of("postmaster@localhost");
    own_domains_find(&own, &head);
    assert_int_equal(own.count, 3);
}

static void a_report_is_ours_or_somebody_elses(void **state)
{
    (void)state;
    head.from.address = string_of("postmaster@contoso.com");
    assert_false(own_domains_made_report(&own, &head));
    head.delivery_report = true;
    assert_true(own_domains_made_report(&own, &head));
    head.received = true;
    assert_false(own_domains_made_report(&own, &head));
    assert_true(own_domains_name(&own, "contoso.com"));
    head.address = string_of("192.168.1.2");
    assert_true(own_domains_made_report(&own, &head));
    head.from.address = string_of("postmaster@x.example");
    assert_false(own_domains_made_report(&own, &head));
}

/* Only an address that nobody outside can have speaks for another server of ours. */
static void a_report_brought_from_outside_is_not_ours(void **state)
{
    static const char *const inside[] = {"10.0.0.0",        "10.255.255.255", "127.0.0.1",
                                         "172.16.0.1",      "172.31.255.255", "192.168.0.1",
                                         "192.168.255.255", "169.254.1.1"};
    static const char *const outside[] = {"",
                                          "9.255.255.255",
                                          "11.0.0.1",
                                          "126.1.1.1",
                                          "128.0.0.1",
                                          "172.15.0.1",
                                          "172.32.0.1",
                                          "192.167.0.1",
                                          "192.169.0.1",
                                          "191.168.1.1",
                                          "193.168.1.1",
                                          "169.253.1.1",
                                          "169.255.1.1",
                                          "168.254.1.1",
                                          "170.254.1.1",
                                          "171.16.0.1",
                                          "173.16.0.1",
                                          "10.0.0",
                                          "10.0.0.",
                                          "10.0.0.1.2",
                                          "10.0.0.1 ",
                                          "10.0.0.256",
                                          "10.0.0.0001",
                                          "10..0.1",
                                          "010.0.0.x",
                                          ".10.0.0.1",
                                          "10.0.0.1.",
                                          "1010.0.0.1",
                                          "::1",
                                          "fe80::1",
                                          "10.0.0.1x",
                                          "192.168",
                                          "localhost",
                                          "203.0.113.81",
                                          "-10.0.0.1",
                                          "10,0,0,1"};
    (void)state;
    assert_true(own_domains_name(&own, "contoso.com"));
    head.from.address = string_of("postmaster@contoso.com");
    head.received = head.delivery_report = true;
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        head.address = string_of(inside[i]);
        assert_true(own_domains_made_report(&own, &head));
    }
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        head.address = string_of(outside[i]);
        assert_false(own_domains_made_report(&own, &head));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_named_is_ours_with_all_below_it, start),
        cmocka_unit_test_setup(what_is_no_domain_is_refused, start),
        cmocka_unit_test_setup(a_name_that_is_too_long_is_refused, start),
        cmocka_unit_test_setup(a_host_shows_its_domain, start),
        cmocka_unit_test_setup(there_is_room_for_so_many, start),
        cmocka_unit_test_setup(a_message_shows_who_wrote_it_here, start),
        cmocka_unit_test_setup(a_report_is_ours_or_somebody_elses, start),
        cmocka_unit_test_setup(a_report_brought_from_outside_is_not_ours, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
