/* Heads as SMTPSVC and other servers write them: what each field says, and no other. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "message_head_fixture.h"

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
        cmocka_unit_test(a_client_may_call_itself_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
