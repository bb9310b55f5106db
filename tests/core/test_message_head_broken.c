/* Heads as somebody may have broken them: lines, names and values that are none, and bounds. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "message_head_fixture.h"

static void lines_end_in_any_way(void **state)
{
    static const char *const ends[] = {"\r\n", "\n", "\r", "\r\r\n"};
    char text[256];
    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *end = ends[i];
        snprintf(text, sizeof text,
                 "From: a@b.com%sX: y%sSubject: one%s two%sTo: c@d.com%s%sTo: e@f.com%s", end, end,
                 end, end, end, end, end);
        parse(text);
        assert_is(&head->subject, "one two");
        assert_true(head->ended);
        assert_int_equal(head->recipients, 1);
        assert_int_equal(head->fields, 4);
    }
}

static void the_last_lines_may_end_in_cr(void **state)
{
    (void)state;
    parse("From: a@b.com\rSubject: one\r");
    assert_is(&head->subject, "one");
    assert_false(head->ended);
    parse("From: a@b.com\nSubject: one\n\r");
    assert_true(head->ended);
    parse("From: a@b.com\rSubject: one\r\r");
    assert_is(&head->subject, "one");
    assert_true(head->ended);
}

static void what_is_no_field_is_passed_over(void **state)
{
    (void)state;
    parse("From someone Sat Jan  2 03:04:05 2010\n>From: x@y.com\nno colon here\n: no name\n"
          "Sub ject: no\nSubject : yes\nFrom: a@b.com\nB\x01d: x\n\n");
    assert_is(&head->subject, "yes");
    assert_is(message_head_sender(head), "a@b.com");
    parse("Sub\x7fject: no\nSubjects: no\nSubjec: no\nSubject\t : yes\n\n");
    assert_is(&head->subject, "yes");
    assert_int_equal(head->fields, 3);
    parse("List-Unsubscribe-and-what-else: no\nSubjectsubjectsubjectsubject: no\n\n");
    assert_false(head->list);
    assert_int_equal(head->subject.count, 0);
    assert_int_equal(head->fields, 2);
    parse("GIF89a\x01\x02\x03\x04");
    assert_int_equal(head->fields, 0);
    assert_false(head->ended);
    parse("");
    assert_int_equal(head->fields, 0);
}

static void a_name_has_a_letter_at_least(void **state)
{
    (void)state;
    parse(": no name\n\n");
    assert_int_equal(head->fields, 0);
    parse("X: y\n\n");
    assert_int_equal(head->fields, 1);
    parse("X : y\n\n");
    assert_int_equal(head->fields, 1);
    parse("!~: y\n\n"); /* any that can be printed */
    assert_int_equal(head->fields, 1);
}

/* Of a value so much is kept; what is more changes no other field. */
static void a_value_is_kept_up_to_its_bound(void **state)
{
    static const char date[] = "; 2 Jan 2010 03:04:05 +0000";
    (void)state;
    for (size_t length = MESSAGE_FIELD_MAX - 1; length <= MESSAGE_FIELD_MAX + 1; length++) {
        char value[MESSAGE_FIELD_MAX + 2], text[MESSAGE_FIELD_MAX + 128];
        memset(value, 'x', sizeof value);
        memcpy(value, "by h ", 5);
        memcpy(value + length - (sizeof date - 1), date, sizeof date);
        snprintf(text, sizeof text,
                 "Received: %s\nReturn-Path: <a@b.com>\nTo: c@d.com\nSubject: one\n\n", value);
        parse(text);
        assert_int_equal(head->dated, length <= MESSAGE_FIELD_MAX);
        assert_is(&head->return_path.address, "a@b.com");
        assert_is(&head->subject, "one");
        assert_int_equal(head->recipients, 1);
    }
}

static void so_is_what_is_folded_behind_it(void **state)
{
    (void)state;
    parse("To: a@b.com\nno colon here\n c@d.com\nSubject: one\n>\n two\nX: y\n z@z.com\n\n");
    assert_int_equal(head->recipients, 1);
    assert_is(&head->subject, "one");
    assert_int_equal(head->fields, 3);
    parse(" folded: at the start\nSubject: one\n\n");
    assert_is(&head->subject, "one");
    assert_int_equal(head->fields, 1);
}

static void a_head_may_end_anywhere(void **state)
{
    const char text[] = "From: a@b.com\r\nSubject: one\r\nX: y";
    (void)state;
    for (size_t size = 0; size < sizeof text - 1; size++) {
        feed_in_pieces(text, size, size + 1);
        assert_false(head->ended);
        if (size >= 13)
            assert_is(&head->from.address, "a@b.com");
    }
}

static void nuls_and_eight_bits_stay_what_they_are(void **state)
{
    const char text[] = "Subject: a\0b\xff\r\nFrom: \0a@b.com\r\nFr\0om: c@d.com\r\n\r\n";
    char16_t units[MESSAGE_STRING_MAX + 1];
    (void)state;
    parse_bytes(text, sizeof text - 1);
    assert_int_equal(head->subject.count, 4);
    assert_memory_equal(head->subject.at, "a\0b\xff", 4);
    assert_int_equal(head->from.address.count, 8);
    struct text shown = message_string_text(&head->subject, units);
    assert_true(text_equal(shown, TEXT_OF(u"a\0b\u00ff")));
    parse("Subject: a\tb \t\n\n");
    assert_is(&head->subject, "a b");
    parse("Subject: Caf\xc3\xa9\n\n");
    assert_true(text_equal(message_string_text(&head->subject, units), TEXT_OF(u"Caf\u00e9")));
}

static void a_line_of_ten_megabytes_is_cut(void **state)
{
    static char piece[65536];
    (void)state;
    memset(piece, 'x', sizeof piece);
    message_parser_init(&parser);
    assert_true(message_parser_feed(&parser, "Subject: ", 9));
    for (int i = 0; i < 160; i++)
        assert_true(message_parser_feed(&parser, piece, sizeof piece));
    assert_true(message_parser_feed(&parser, "\nFrom: ", 7));
    for (int i = 0; i < 160; i++)
        assert_true(message_parser_feed(&parser, piece, sizeof piece));
    assert_false(message_parser_feed(&parser, "@b.com\nTo: c@d.com\n\nbody", 24));
    message_parser_end(&parser);
    assert_int_equal(head->subject.count, MESSAGE_STRING_MAX);
    assert_true(head->subject.cut && head->from.address.cut);
    assert_is(&head->from.address, "@b.com");
    assert_int_equal(head->recipients, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_in_any_way),
        cmocka_unit_test(the_last_lines_may_end_in_cr),
        cmocka_unit_test(what_is_no_field_is_passed_over),
        cmocka_unit_test(a_name_has_a_letter_at_least),
        cmocka_unit_test(a_value_is_kept_up_to_its_bound),
        cmocka_unit_test(so_is_what_is_folded_behind_it),
        cmocka_unit_test(a_head_may_end_anywhere),
        cmocka_unit_test(nuls_and_eight_bits_stay_what_they_are),
        cmocka_unit_test(a_line_of_ten_megabytes_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
