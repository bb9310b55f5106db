/* test_message_head.c: heads as they are and as somebody may have broken them, fed whole and in
 * pieces of every size.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "core/message_head.h"

enum { DESCRIPTION_MAX = 8192 };

static struct message_parser parser;
static const struct message_head *head = &parser.head;

static void assert_is(const struct message_string *string, const char *expected)
{
    if (!message_string_is(string, expected))
        fail_msg("\"%.*s\" instead of \"%s\"", string->count, string->at, expected);
}

/* Each piece in a block of exactly its size, so that the sanitizers see every step outside it. */
static bool feed_block(const char *bytes, size_t size)
{
    char *block = malloc(size);
    assert_non_null(block);
    memcpy(block, bytes, size);
    bool going = message_parser_feed(&parser, block, size);
    free(block);
    return going;
}

static void feed_in_pieces(const char *bytes, size_t size, size_t piece)
{
    bool going = true;
    message_parser_init(&parser);
    for (size_t at = 0; going && at < size; at += piece)
        going = feed_block(bytes + at, size - at < piece ? size - at : piece);
    message_parser_end(&parser);
}

/* All that a head says, one after the other. */
static size_t describe(const struct message_head *from, char to[DESCRIPTION_MAX])
{
    const struct message_string *const strings[] = {
        &from->from.address, &from->sender.address, &from->return_path.address,
        &from->subject,      &from->client,         &from->address,
        &from->host,         &from->failed};
    size_t used = (size_t)snprintf(to, DESCRIPTION_MAX, "%u %d %d %d %d %u %u %d %d %lld %d %d %d",
                                   from->fields, from->ended, from->from.there, from->sender.there,
                                   from->return_path.there, from->recipients, from->domain_count,
                                   from->received, from->dated, (long long)from->date, from->list,
                                   from->automatic, from->delivery_report);
    for (size_t i = 0; i < sizeof strings / sizeof *strings + from->domain_count; i++) {
        const struct message_string *string =
            i < from->domain_count ? &from->domains[i] : strings[i - from->domain_count];
        to[used++] = string->cut ? '!' : '|';
        memcpy(to + used, string->at, string->count);
        used += string->count;
    }
    return used;
}

/* However it is cut, it must come to the same. */
static void parse_bytes(const char *bytes, size_t size)
{
    static char whole[DESCRIPTION_MAX], pieces[DESCRIPTION_MAX];
    for (size_t piece = 1; piece < size && piece < 200; piece += piece < 20 ? 1 : 37) {
        feed_in_pieces(bytes, size, piece);
        size_t count = describe(&parser.head, pieces);
        feed_in_pieces(bytes, size, size + 1);
        assert_int_equal(describe(&parser.head, whole), count);
        assert_memory_equal(whole, pieces, count);
    }
    feed_in_pieces(bytes, size, size + 1);
}

static void parse(const char *text)
{
    parse_bytes(text, strlen(text));
}

/* ---- as SMTPSVC writes them ------------------------------------------------------------------ */

static void a_message_that_came_by_smtp(void **state)
{
    (void)state;
    parse("Received: from dsl-81-44 ([203.0.113.81]) by mail.contoso.com with Microsoft "
          "SMTPSVC(6.0.3790.4675);\r\n\t Thu, 6 Jun 2013 10:16:54 -0700\r\n"
          "Received: from evil ([1.2.3.4]) by other.example with ESMTP; Mon, 1 Jan 2001 00:00:00 "
          "+0000\r\n"
          "From: \"Watches, Inc. <a@b>\" <Sales@Fabrikam.COM>\r\n"
          "To: one@example.org,\r\n two@example.net, Three <three@EXAMPLE.org>\r\n"
          "Cc: four@example.com\r\n"
          "Subject: =?utf-8?Q?Caf=C3=A9?=\r\n and more\r\n"
          "Date: Fri, 7 Jun 2013 00:00:00 GMT\r\n"
          "\r\n"
          "To: five@example.com\r\n");
    assert_true(head->ended && head->received && head->dated);
    assert_is(&head->client, "dsl-81-44");
    assert_is(&head->address, "203.0.113.81");
    assert_is(&head->host, "mail.contoso.com");
    assert_int_equal(head->date, 1370539014);
    assert_is(&head->from.address, "sales@fabrikam.com");
    assert_int_equal(head->recipients, 4);
    assert_int_equal(head->domain_count, 3);
    assert_is(&head->domains[0], "example.org");
    assert_is(&head->domains[1], "example.net");
    assert_is(&head->domains[2], "example.com");
    assert_is(&head->subject, "=?utf-8?Q?Caf=C3=A9?= and more");
    assert_false(head->list || head->automatic || head->delivery_report);
    assert_is(message_head_sender(head), "sales@fabrikam.com");
    assert_int_equal(head->fields, 7);
}

static void a_delivery_report_says_who_failed(void **state)
{
    (void)state;
    parse("From: postmaster@contoso.com\r\nTo: x@example.org\r\n"
          "Date: Thu, 6 Jun 2013 10:16:51 -0700\r\n"
          "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"9B\"\r\n"
          "X-DSNContext: 335a7efd - 4480 - 00000001 - 80040546\r\n"
          "Subject: Delivery Status Notification (Failure)\r\n\r\n"
          "--9B\r\nContent-Type: text/plain\r\n\r\nFrom: liar@example.com\r\n\r\n"
          "--9B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;mail\r\n\r\n"
          "Final-Recipient: rfc822;Nobody@Contoso.com\r\nAction: failed\r\n\r\n"
          "Final-Recipient: rfc822;second@contoso.com\r\n");
    assert_true(head->delivery_report && !head->received);
    assert_is(&head->failed, "nobody@contoso.com");
    assert_is(&head->from.address, "postmaster@contoso.com");
    assert_int_equal(head->date, 1370539011);
    assert_int_equal(head->recipients, 1);
}

/* As the store makes it, and servers of others. */
static void a_report_says_so_in_any_of_its_ways(void **state)
{
    (void)state;
    parse("Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n");
    assert_true(head->delivery_report);
    parse("Content-Type: multipart/report; report-type=disposition-notification\n\n");
    assert_false(head->delivery_report);
    parse("Content-Type: text/plain; x=delivery-status\n\n");
    assert_false(head->delivery_report);
    parse("X-Failed-Recipients: a@b.com\n\n");
    assert_true(head->delivery_report);
    parse("X-DSNContext: 1\n\n");
    assert_true(head->delivery_report);
}

static void a_report_is_read_until_it_says_who_failed(void **state)
{
    static const char start[] = "X-DSNContext: 1\n\nReporting-MTA: dns;mail\n\n";
    static const char failed[] = "Final-Recipient: rfc822;a@b.com\n";
    (void)state;
    message_parser_init(&parser);
    assert_true(message_parser_feed(&parser, start, sizeof start - 1));
    assert_true(message_parser_feed(&parser, failed, sizeof failed - 1));
    assert_false(message_parser_feed(&parser, "\n", 1));
    assert_is(&head->failed, "a@b.com");

    /* However short it is; and not on, if the head has said it. */
    message_parser_init(&parser);
    assert_true(message_parser_feed(&parser, start, sizeof start - 1));
    assert_true(message_parser_feed(&parser, "Final-Recipient: <x>\n", 21));
    assert_false(message_parser_feed(&parser, "\n", 1));
    assert_is(&head->failed, "x");
    message_parser_init(&parser);
    assert_false(message_parser_feed(&parser, "X-Failed-Recipients: <x>\n\n", 26));
}

static void behind_the_end_nothing_is_read(void **state)
{
    (void)state;
    message_parser_init(&parser);
    assert_true(message_parser_feed(&parser, "From: a@b.com\n", 14));
    message_parser_end(&parser);
    assert_false(message_parser_feed(&parser, "Subject: one\n", 13));
    message_parser_end(&parser);
    assert_int_equal(head->subject.count, 0);
    assert_int_equal(head->fields, 1);
}

static void an_original_message_in_a_report_is_not_read(void **state)
{
    (void)state;
    parse("X-Failed-Recipients: a@contoso.com, b@contoso.com\r\n"
          "From: Mail Delivery System <Mailer-Daemon@contoso.com>\r\n\r\n"
          "Final-Recipient: rfc822; c@contoso.com\r\n");
    assert_true(head->delivery_report);
    assert_is(&head->failed, "a@contoso.com");

    /* A receipt is no report of a delivery. */
    parse("Content-Type: multipart/report; report-type=disposition-notification\r\n\r\n"
          "Final-Recipient: rfc822;a@b.com\r\n");
    assert_false(head->delivery_report);
    assert_is(&head->failed, "");
    parse("Content-Type: multipart/mixed; boundary=delivery-status\r\n\r\n"
          "Final-Recipient: rfc822;a@b.com\r\n");
    assert_false(head->delivery_report || head->automatic);
    /* A field of a report's body means nothing in a head. */
    parse("Final-Recipient: rfc822;a@b.com\r\nX-DSNContext: 1\r\n\r\n");
    assert_is(&head->failed, "");
}

static void a_message_from_the_pickup_folder(void **state)
{
    (void)state;
    parse("Received: from mail pickup service by SERVER01 with Microsoft SMTPSVC;\n"
          "\t Sat, 2 Jan 2010 03:04:05 +0000\nFrom: a@b.com\n\n");
    assert_is(&head->client, "mail pickup service");
    assert_is(&head->address, "");
    assert_is(&head->host, "server01");
    assert_int_equal(head->date, 1262401445);
}

static void senders_are_asked_in_order(void **state)
{
    (void)state;
    parse("From: a@b.com\r\nSender: List <l-bounces@b.com>\r\n\r\n");
    assert_is(message_head_sender(head), "l-bounces@b.com");
    parse("From: a@b.com\r\nReturn-Path: <>\r\nSender: c@b.com\r\n\r\n");
    assert_true(head->return_path.there);
    assert_is(message_head_sender(head), "");
    parse("Return-Path: <d@b.com>\r\nFrom: a@b.com\r\nSender: c@b.com\r\n\r\n");
    assert_is(message_head_sender(head), "d@b.com");
    assert_is(&head->failed, "");
    assert_int_equal(head->recipients, 0);
    parse("To: a@b.com\r\n\r\n");
    assert_null(message_head_sender(head));
    /* The first counts: whoever adds another one behind it does not change it. */
    parse("From: a@b.com\r\nFrom: c@d.com\r\nSubject: one\r\nSubject: two\r\n\r\n");
    assert_is(message_head_sender(head), "a@b.com");
    assert_is(&head->subject, "one");
}

/* Of several addresses in a field that should have one, too. */
static void the_first_of_several_senders_counts(void **state)
{
    (void)state;
    parse("From: a@b.com, c@d.com\r\nSender: e@f.com, g@h.com\r\n"
          "Return-Path: <i@j.com>, <k@l.com>\r\n\r\n");
    assert_is(&head->from.address, "a@b.com");
    assert_is(&head->sender.address, "e@f.com");
    assert_is(&head->return_path.address, "i@j.com");
    parse("X-Failed-Recipients: a@b.com\r\n c@d.com\r\n\r\n");
    assert_is(&head->failed, "a@b.com");
}

static void bulk_and_automatic_mail_says_so(void **state)
{
    (void)state;
    parse("List-Id: <x.b.com>\n\n");
    assert_true(head->list && !head->automatic);
    parse("List-Unsubscribe: <mailto:x>\n\n");
    assert_true(head->list);
    parse("Precedence: bulk\n\n");
    assert_true(head->list);
    parse("Auto-Submitted: auto-replied\n\n");
    assert_true(head->automatic && !head->list);
    parse("Auto-Submitted: no\n\n");
    assert_false(head->automatic);
    parse("Precedence: list\n\n");
    assert_true(head->list && !head->automatic);
    parse("Precedence: JUNK\n\n");
    assert_true(head->automatic && !head->list);
    parse("Precedence: first-class\n\n");
    assert_false(head->automatic || head->list);
    /* What one field says no other takes back. */
    parse("List-Id: <x.b.com>\nAuto-Submitted: auto-replied\nPrecedence: first-class\n\n");
    assert_true(head->automatic && head->list);
}

static void a_field_says_nothing_that_is_anothers(void **state)
{
    (void)state;
    parse("Received: 2 Jan 2010 03:04:05 +0000\n\n");
    assert_false(head->dated);
    parse("Date: multipart/report; delivery-status\n\n");
    assert_false(head->delivery_report || head->dated);
    parse("Auto-Submitted: no list, bulk or junk\n\n");
    assert_false(head->list || head->automatic);
    parse("Subject: multipart/report; delivery-status\nPrecedence: no\n\n");
    assert_false(head->received || head->delivery_report || head->automatic);
}

/* ---- addresses ------------------------------------------------------------------------------- */

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

static void a_list_begins_anew_whatever_came_before(void **state)
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
        assert_is(&list.found, address);
        address_list_init(&list);
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

/* ---- broken -----------------------------------------------------------------------------------
 */

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

static void a_client_may_call_itself_anything(void **state)
{
    (void)state;
    parse("Received: from [10.0.0.1] ([203.0.113.9]) by m.contoso.com with SMTP; x\n\n");
    assert_is(&head->client, "[10.0.0.1]");
    assert_is(&head->address, "203.0.113.9");
    parse("Received: from User by m.contoso.com; Sat, 2 Jan 2010 03:04:05 +0000\n\n");
    assert_is(&head->client, "User");
    assert_is(&head->host, "m.contoso.com");
    parse("Received: by m.contoso.com\n\n");
    assert_true(head->received && head->client.count == 0 && !head->dated);
    parse("Received: from\n\n");
    assert_true(head->received && head->client.count == 0);
    parse("Received: from a ([1.2.3\n\n");
    assert_is(&head->client, "a");
    assert_is(&head->address, "");
    parse("Received: from a ([1.2.3.4]) by m.contoso.com\n\n");
    assert_is(&head->address, "1.2.3.4");
    assert_is(&head->host, "m.contoso.com");
    parse("Received: from a by m.contoso.com with [5.6.7.8]\n\n");
    assert_is(&head->client, "a");
    assert_is(&head->address, "");
    parse("Received: from a ([10.0.0.1]) by b (c ([203.0.113.9] RDNS failed) by m.contoso.com with "
          "Microsoft SMTPSVC(6.0.3790.4675);\r\n\t Sat, 2 Jan 2010 03:04:05 +0000\n\n");
    assert_is(&head->client, "a ([10.0.0.1]) by b (c");
    assert_is(&head->address, "203.0.113.9");
    assert_is(&head->host, "m.contoso.com");
    parse("Received: from a by b ([203.0.113.9]) by m.contoso.com with SMTP; x\n\n");
    assert_is(&head->client, "a by b");
    assert_is(&head->address, "203.0.113.9");
    parse("Received: from a by m.contoso.com;; 2 Jan 2010 03:04:05 +0000\n\n");
    assert_int_equal(head->date, 1262401445);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_that_came_by_smtp),
        cmocka_unit_test(a_delivery_report_says_who_failed),
        cmocka_unit_test(a_report_says_so_in_any_of_its_ways),
        cmocka_unit_test(a_report_is_read_until_it_says_who_failed),
        cmocka_unit_test(behind_the_end_nothing_is_read),
        cmocka_unit_test(an_original_message_in_a_report_is_not_read),
        cmocka_unit_test(a_message_from_the_pickup_folder),
        cmocka_unit_test(senders_are_asked_in_order),
        cmocka_unit_test(the_first_of_several_senders_counts),
        cmocka_unit_test(bulk_and_automatic_mail_says_so),
        cmocka_unit_test(a_field_says_nothing_that_is_anothers),
        cmocka_unit_test(addresses_in_every_shape),
        cmocka_unit_test(a_list_begins_anew_whatever_came_before),
        cmocka_unit_test(recipients_of_every_field_are_counted),
        cmocka_unit_test(recipients_are_counted_beyond_the_domains_that_are_kept),
        cmocka_unit_test(lines_end_in_any_way),
        cmocka_unit_test(the_last_lines_may_end_in_cr),
        cmocka_unit_test(what_is_no_field_is_passed_over),
        cmocka_unit_test(a_name_has_a_letter_at_least),
        cmocka_unit_test(a_value_is_kept_up_to_its_bound),
        cmocka_unit_test(so_is_what_is_folded_behind_it),
        cmocka_unit_test(a_head_may_end_anywhere),
        cmocka_unit_test(nuls_and_eight_bits_stay_what_they_are),
        cmocka_unit_test(a_line_of_ten_megabytes_is_cut),
        cmocka_unit_test(a_client_may_call_itself_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
