/* What the first Received line says, as this server writes it; and which addresses are inside. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/message_received.h"

static struct message_head head;

/* In a block of exactly its size, so that valgrind and the sanitizers see every step outside. */
static void read_line(const char *value)
{
    size_t count = strlen(value);
    char *block = malloc(count + (count == 0));
    assert_non_null(block);
    memcpy(block, value, count);
    memset(&head, 0, sizeof head);
    message_received_read(&head, block, count);
    assert_true(head.received);
    free(block);
}

static void assert_is(const struct message_string *string, const char *expected)
{
    if (!message_string_is(string, expected))
        fail_msg("\"%.*s\" instead of \"%s\"", string->count, string->at, expected);
}

static void who_brought_it_and_who_received_it(void **state)
{
    static const struct {
        const char *value, *client, *address, *host;
    } cases[] = {
        {"", "", "", ""},
        {"from ", "", "", ""},
        {"from a", "a", "", ""},
        {"FROM A", "A", "", ""},
        {"fromage", "", "", ""},
        {"from A by HOST", "A", "", "host"},
        {"from a BY host;", "a", "", "host"},
        {"from a by h", "a", "", "h"},
        {"from a by ", "a", "", ""},
        {"from a by  x", "a", "", ""},
        {"from a by h\tx", "a", "", "h"},
        {"from a by h with SMTP", "a", "", "h"},
        {"from a by ;x", "a", "", ""},
        {" by host x", "", "", "host"},
        {"from  by host", "", "", "host"},
        {"from  by  by host", "", "", ""},
        {"from a ([1.2.3.4]) by h", "a", "1.2.3.4", "h"},
        {"from a ([FE80::1]) by h", "a", "fe80::1", "h"},
        {"from a ([])", "a", "", ""},
        {"from a ([x])", "a", "x", ""},
        {"from a (x [1.2.3.4] y) by h", "a", "1.2.3.4", "h"},
        {"from  ([1.2.3.4]) by h", "", "1.2.3.4", "h"},
        {"from [9.9.9.9] by h", "[9.9.9.9]", "", "h"},
        {"from a ([1.2.3.4", "a", "", ""},
        {"from a ([1.2.3.4)] by h", "a", "1.2.3.4)", "h"},
        {"from a (b) ([1.2.3.4]) by h", "a (b)", "1.2.3.4", "h"},
        {"from a ([5.5.5.5]) (x) by h", "a ([5.5.5.5])", "", "h"},
        {"from a ([1.2.3.4]) by h (x [6.6.6.6]) by y", "a ([1.2.3.4]) by h", "6.6.6.6", "y"},
        {"from a by h ([1.2.3.4])", "a", "", "h"},
        {"from a by h (x) by y", "a by h", "", "y"},
        {"by h", "", "", ""},
        {"([1.2.3.4]) by h", "", "", "h"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_line(cases[i].value);
        assert_is(&head.client, cases[i].client);
        assert_is(&head.address, cases[i].address);
        assert_is(&head.host, cases[i].host);
        assert_false(head.dated);
    }
}

static void the_date_follows_the_last_semicolon(void **state)
{
    (void)state;
    read_line("from a by h; 2 Jan 2010 03:04:05 +0000");
    assert_true(head.dated);
    assert_int_equal(head.date, 1262401445);
    read_line("from a; 1 Jan 2001 00:00:00 +0000; 2 Jan 2010 03:04:05 +0000");
    assert_true(head.dated);
    assert_int_equal(head.date, 1262401445);
    read_line(";2 Jan 2010 03:04:05 +0000");
    assert_true(head.dated);
    assert_int_equal(head.date, 1262401445);
    read_line("2 Jan 2010 03:04:05 +0000"); /* a date, but not its place */
    assert_false(head.dated);
    read_line("12 Jan 2010 03:04:05 +0000");
    assert_false(head.dated);
    memset(&head, 0, sizeof head);
    message_received_read(&head, "by h; 2 Jan 2010 03:04:059", 25); /* more follows the line */
    assert_true(head.dated);
    assert_int_equal(head.date, 1262401445);
    read_line("from a; 2 Jan 2010 03:04:05 +0000;");
    assert_false(head.dated);
    assert_int_equal(head.date, 0);
}

static bool is_inside(const char *text)
{
    struct message_string address;
    message_string_set(&address, "999999999999999999999", 21, false); /* what lies behind */
    message_string_set(&address, text, strlen(text), false);
    return message_received_is_inside(&address);
}

static void addresses_that_nobody_outside_can_have(void **state)
{
    static const char *const inside[] = {"10.0.0.0",    "10.255.255.255", "127.0.0.1",
                                         "172.16.0.0",  "172.31.255.255", "192.168.0.0",
                                         "169.254.0.0", "010.000.009.255"};
    static const char *const outside[] = {"",
                                          "1",
                                          "10",
                                          "10.0",
                                          "10.0.0",
                                          "10.0.0.",
                                          "10.0.0.0.",
                                          "10.0.0.0.0",
                                          "10.0.0.256",
                                          "10.256.0.0",
                                          "10.0.0.0 ",
                                          "10.0.0.0x",
                                          "10.0.0.:",
                                          "10.0.0./",
                                          "10/0.0.0",
                                          "10.0.0.1000",
                                          "10.0.0.0000",
                                          "10..0.0",
                                          "9.0.0.0",
                                          "11.0.0.0",
                                          "126.0.0.0",
                                          "128.0.0.0",
                                          "172.15.0.0",
                                          "172.32.0.0",
                                          "171.16.0.0",
                                          "173.16.0.0",
                                          "192.167.0.0",
                                          "192.169.0.0",
                                          "191.168.0.0",
                                          "193.168.0.0",
                                          "169.253.0.0",
                                          "169.255.0.0",
                                          "168.254.0.0",
                                          "170.254.0.0",
                                          "266.0.0.0",
                                          "256.10.0.0"};
    (void)state;
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        if (!is_inside(inside[i]))
            fail_msg("%s is inside", inside[i]);
    }
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        if (is_inside(outside[i]))
            fail_msg("%s is not inside", outside[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_brought_it_and_who_received_it),
        cmocka_unit_test(the_date_follows_the_last_semicolon),
        cmocka_unit_test(addresses_that_nobody_outside_can_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
