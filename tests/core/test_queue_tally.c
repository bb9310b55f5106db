/* test_queue_tally.c: what kind a message is, when it came; and which domains are ours. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "core/queue_tally.h"

enum { T = 1262401445 /* 2010-01-02T03:04:05Z */ };

#define FROM_CLIENT                                                                                \
    "Received: from c ([1.2.3.4]) by mail.contoso.com with SMTP; Sat, 2 Jan 2010 03:04:05 +0000\n"
#define FROM_INSIDE                                                                                \
    "Received: from c ([10.0.0.4]) by mail.contoso.com with SMTP; Sat, 2 Jan 2010 03:04:05 "       \
    "+0000\n"
#define REPORT "X-DSNContext: 1\nFrom: postmaster@contoso.com\n"

static struct message_parser parser;
static struct own_domains own;
static struct burst_list bursts;
static struct queue_tally tally;

static int start(void **state)
{
    (void)state;
    memset(&own, 0, sizeof own);
    memset(&bursts, 0, sizeof bursts);
    queue_tally_init(&tally);
    return 0;
}

static const struct message_head *parse(const char *text)
{
    message_parser_init(&parser);
    message_parser_feed(&parser, text, strlen(text));
    message_parser_end(&parser);
    return &parser.head;
}

static enum queue_kind add_at(const char *text, int64_t written)
{
    const struct queue_message message = {.head = parse(text), .size = 100, .written = written};
    return queue_tally_add(&tally, &own, &bursts, &message);
}

static enum queue_kind add(const char *text)
{
    return add_at(text, T);
}

static void kinds_of_messages(void **state)
{
    (void)state;
    assert_true(own_domains_name(&own, "contoso.com"));
    assert_int_equal(add(FROM_CLIENT "From: a@x.org\nTo: b@y.org\n\n"), QUEUE_RELAYED);
    assert_int_equal(add(FROM_CLIENT "From: a@x.org\nTo: b@contoso.com, c@y.org\n\n"),
                     QUEUE_RELAYED);
    assert_int_equal(add(FROM_CLIENT "From: a@x.org\nTo: b@contoso.com\n\n"), QUEUE_INCOMING);
    assert_int_equal(add(FROM_CLIENT "From: a@contoso.com\nTo: b@y.org\n\n"), QUEUE_OUTGOING);
    assert_int_equal(add(FROM_CLIENT "From: a@sub.contoso.com\nTo: b@y.org\n\n"), QUEUE_OUTGOING);
    assert_int_equal(add(FROM_CLIENT "From: a@notcontoso.com\nTo: b@y.org\n\n"), QUEUE_RELAYED);
    assert_int_equal(add(FROM_CLIENT "From: a@x.org\nTo: b@y.org\nPrecedence: list\n\n"),
                     QUEUE_LIST);
    assert_int_equal(add(FROM_CLIENT "From: a@x.org\nTo: undisclosed-recipients:;\n\n"),
                     QUEUE_UNCLEAR);
    assert_int_equal(add("From: a@x.org\nTo: b@y.org\n\n"), QUEUE_LIST); /* no client brought it */
    assert_int_equal(add("Received: from mail pickup service by mail.contoso.com with Microsoft "
                         "SMTPSVC; x\nFrom: a@x.org\nTo: b@y.org\n\n"),
                     QUEUE_LIST); /* nor this one */
    assert_int_equal(add(FROM_CLIENT "From: a@x.org\nTo: b@y.org\nAuto-Submitted: x\n\n"),
                     QUEUE_LIST);
    assert_int_equal(add(FROM_CLIENT "From: a@x.org\nTo: b@y.org\nX-DSNContext: 1\n\n"),
                     QUEUE_LIST);
    assert_int_equal(add("Received: from c ([x]) by mail.contoso.com with SMTP; x\n"
                         "From: a@x.org\nTo: b@y.org\n\n"),
                     QUEUE_RELAYED); /* whatever the address is */
    assert_int_equal(add(FROM_CLIENT "To: b@y.org\n\n"), QUEUE_UNCLEAR); /* from nobody */
    assert_int_equal(add("\x01\x02"), QUEUE_NO_HEAD);
    assert_int_equal(add("From: a@contoso.com\n\n"), QUEUE_OUTGOING); /* one field is a head */
    assert_int_equal(tally.kinds[QUEUE_RELAYED], 4);
    assert_int_equal(tally.messages, 16);
    assert_int_equal(tally.bytes, 1600);
}

static void kinds_of_reports(void **state)
{
    (void)state;
    assert_true(own_domains_name(&own, "contoso.com"));
    assert_int_equal(add(REPORT "To: a@x.org\n\nFinal-Recipient: rfc822;b@contoso.com\n"),
                     QUEUE_REPORT_BACKSCATTER);
    assert_int_equal(add(REPORT "To: a@x.org\n\nFinal-Recipient: rfc822;b@y.org\n"),
                     QUEUE_REPORT_RELAYED);
    assert_int_equal(add(REPORT "To: a@x.org\n\n"), QUEUE_REPORT_VAGUE);
    assert_int_equal(add(REPORT "To: a@contoso.com\n\nFinal-Recipient: rfc822;b@y.org\n"),
                     QUEUE_REPORT_OWN);
    /* One from another server, for somebody here; one of ours, by way of another server of ours. */
    assert_int_equal(add(FROM_CLIENT "X-DSNContext: 1\nFrom: postmaster@x.org\nTo: "
                                     "a@contoso.com\n\nFinal-Recipient: rfc822;b@x.org\n"),
                     QUEUE_INCOMING);
    assert_int_equal(
        add(FROM_INSIDE REPORT "To: a@x.org\n\nFinal-Recipient: rfc822;b@contoso.com\n"),
        QUEUE_REPORT_BACKSCATTER);
    /* What passes for one, by somebody who signed in from outside. */
    assert_int_equal(
        add(FROM_CLIENT REPORT "To: a@x.org\n\nFinal-Recipient: rfc822;b@contoso.com\n"),
        QUEUE_OUTGOING);
}

static void a_client_of_a_burst_goes_before_all(void **state)
{
    (void)state;
    assert_true(own_domains_name(&own, "contoso.com"));
    uint32_t bob = burst_list_add(&bursts, TEXT_OF(u"bob"), T, T);
    burst_list_add_client(&bursts, bob, TEXT_OF(u"C"));
    /* Even what passes for a report. */
    assert_int_equal(add(FROM_CLIENT REPORT "To: a@x.org\n\nFinal-Recipient: rfc822;"
                                            "b@contoso.com\n"),
                     QUEUE_BURST);
    assert_int_equal(add(REPORT "To: a@x.org\n\n"), QUEUE_REPORT_VAGUE);
    assert_int_equal(bursts.bursts[bob].messages, 1);
    assert_int_equal(bursts.clients[0].messages, 1);
}

static void without_own_domains_there_is_no_telling(void **state)
{
    (void)state;
    assert_int_equal(add(FROM_CLIENT "From: a@x.org\nTo: b@y.org\n\n"), QUEUE_UNCLEAR);
    assert_int_equal(add(REPORT "To: a@x.org\n\nFinal-Recipient: rfc822;b@contoso.com\n"),
                     QUEUE_REPORT_VAGUE);
}

static void own_domains_are_found(void **state)
{
    struct message_string domain;
    (void)state;
    own_domains_find(&own, parse(FROM_CLIENT "From: a@x.org\n\n"));
    own_domains_find(&own, parse("X-DSNContext: 1\nFrom: postmaster@fabrikam.com\n\n"));
    own_domains_find(&own, parse("From: a@liar.org\n\n"));
    own_domains_find(&own, parse(FROM_CLIENT "X-DSNContext: 1\nFrom: postmaster@liar.org\n\n"));
    assert_int_equal(own.count, 3);
    assert_int_equal(own.named, 0);
    assert_true(message_string_is(&own.names[0], "mail.contoso.com"));
    assert_true(message_string_is(&own.names[1], "contoso.com"));
    assert_true(message_string_is(&own.names[2], "fabrikam.com"));
    /* Subdomains only of those that were named: of "mail.co.uk" the rest is everybody's. */
    message_string_set(&domain, "www.contoso.com", 15, true);
    assert_false(own_domains_have(&own, &domain));
    own_domains_find(&own, parse("Received: from a by SERVER01 with SMTP; x\n\n"));
    assert_int_equal(own.count, 3);
    assert_false(own_domains_name(&own, "nodot"));
    assert_false(own_domains_name(&own, "a@b.com"));
    assert_false(own_domains_name(&own, ""));
}

static void assert_first(const struct frequent *names, const char *name, uint64_t count)
{
    struct frequent_row first;
    assert_int_equal(frequent_top(names, &first, 1), 1);
    assert_true(message_string_is(first.name, name));
    assert_int_equal(first.count, count);
}

static void what_is_counted_of_whom(void **state)
{
    (void)state;
    assert_true(own_domains_name(&own, "contoso.com"));
    add(FROM_CLIENT "From: a@x.org\nTo: b@y.org, c@z.org\nSubject: one\n\n");
    add(FROM_CLIENT "From: d@x.org\nTo: b@y.org, c@z.org\nSubject: one\n\n");
    assert_int_equal(tally.kinds[QUEUE_RELAYED], 2);
    assert_first(&tally.relayed_from, "x.org", 2);
    assert_first(&tally.relayed_to, "y.org", 2);
    assert_int_equal(tally.relayed_to.used, 1);
    assert_int_equal(tally.domains.used, 2);
    assert_first(&tally.clients, "c", 2);
    assert_first(&tally.subjects, "one", 2);
    assert_int_equal(tally.outgoing_senders.used, 0);
    for (int i = 0; i < 3; i++)
        add("From: e@contoso.com\nTo: f@x.org, g@y.org\nList-Id: <l>\n\n");
    assert_int_equal(tally.kinds[QUEUE_OUTGOING], 3);
    assert_int_equal(tally.outgoing_lists, 3);
    assert_first(&tally.outgoing_senders, "e@contoso.com", 3);
    assert_int_equal(tally.outgoing_domains.used, 2);
    assert_first(&tally.senders, "e@contoso.com", 3);
    add(REPORT "To: a@x.org\n\nFinal-Recipient: rfc822;b@w.org\n");
    assert_first(&tally.failed_domains, "w.org", 1);
    assert_int_equal(tally.clients.total, 2);
    /* Of a client without a name, the address. */
    for (int i = 0; i < 3; i++)
        add("Received: from  ([5.6.7.8]) by mail.contoso.com with SMTP; x\nFrom: a@x.org\n\n");
    assert_first(&tally.clients, "5.6.7.8", 3);
    assert_int_equal(tally.largest, 100);
    add(FROM_CLIENT "Return-Path: <>\nTo: b@y.org\n\n");
    assert_int_equal(tally.null_senders, 1);
    queue_tally_init(&tally);
    assert_int_equal(tally.messages + tally.bytes + tally.largest, 0);
    assert_int_equal(tally.null_senders + tally.outgoing_lists, 0);
    assert_int_equal(tally.clients.used + tally.domains.used + tally.senders.used, 0);
}

static void senders_that_are_nobody(void **state)
{
    static const struct {
        const char *text;
        uint64_t count;
    } cases[] = {
        {FROM_CLIENT "Return-Path: <>\nTo: b@contoso.com\n\n", 1},
        {FROM_CLIENT "To: b@contoso.com\n\n", 2},
        {FROM_CLIENT "From: postmaster@x.org\nTo: b@contoso.com\n\n", 3},
        {FROM_CLIENT "From: postmaster@\nTo: b@contoso.com\n\n", 4},
        {FROM_CLIENT "From: postmaste@x.org\nTo: b@contoso.com\n\n", 4},
        {FROM_CLIENT "From: postmasters@x.org\nTo: b@contoso.com\n\n", 4},
        {FROM_CLIENT "To: postmaster@contoso.com\nFrom: <postmaster>\n\n", 4},
        {FROM_CLIENT "From: xpostmaster@x.org\nTo: b@contoso.com\n\n", 4},
        {FROM_CLIENT "From: a@x.org\nTo: b@contoso.com\n\n", 4},
        {REPORT "To: a@contoso.com\n\n", 4}, /* ours */
        {FROM_CLIENT "X-DSNContext: 1\nReturn-Path: <>\nFrom: postmaster@x.org\n"
                     "To: b@contoso.com\n\n",
         4}, /* a report of another server */
        {"\x01", 4},
    };
    (void)state;
    assert_true(own_domains_name(&own, "contoso.com"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        add(cases[i].text);
        assert_int_equal(tally.null_senders, cases[i].count);
    }
}

/* Who signed in from outside, and does not say that it is a list. */
static void what_goes_out_and_was_brought_from_outside(void **state)
{
    static const struct {
        const char *text;
        uint64_t outside, lists;
    } cases[] = {
        {FROM_CLIENT "From: a@contoso.com\nTo: b@y.org\n\n", 1, 0},
        {FROM_INSIDE "From: a@contoso.com\nTo: b@y.org\n\n", 1, 0},
        {"From: a@contoso.com\nTo: b@y.org\n\n", 1, 0},
        {FROM_CLIENT "From: a@contoso.com\nTo: b@y.org\nPrecedence: bulk\n\n", 1, 1},
        {"Received: from mail pickup service by mail.contoso.com with Microsoft SMTPSVC; x\n"
         "From: a@contoso.com\nTo: b@y.org\n\n",
         1, 1},
        {FROM_CLIENT "From: a@x.org\nTo: b@y.org\n\n", 1, 1},
        {FROM_CLIENT "From: a@contoso.com\nTo: b@y.org\n\n", 2, 1},
        {"Received: from c ([x]) by mail.contoso.com with SMTP; x\n"
         "From: a@contoso.com\nTo: b@y.org\n\n",
         3, 1},
    };
    (void)state;
    assert_true(own_domains_name(&own, "contoso.com"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        add(cases[i].text);
        assert_int_equal(tally.outgoing_from_outside, cases[i].outside);
        assert_int_equal(tally.outgoing_lists, cases[i].lists);
    }
}

static void more_domains_than_fit_are_not_learnt(void **state)
{
    char name[32];
    (void)state;
    for (int i = 0; i < OWN_DOMAINS_MAX; i++) {
        snprintf(name, sizeof name, "d%d.com", i);
        assert_true(own_domains_name(&own, name));
    }
    assert_false(own_domains_name(&own, "more.com"));
    assert_true(own_domains_name(&own, "D0.com")); /* is there */
    own_domains_find(&own, parse(FROM_CLIENT "\n"));
    assert_int_equal(own.count, OWN_DOMAINS_MAX);
}

static void time_is_what_the_head_says_unless_it_lies(void **state)
{
    (void)state;
    add_at(FROM_CLIENT "From: a@x.org\n\n", T + 40 * 86400); /* a copy, made later */
    assert_int_equal(tally.newest, T);
    add_at("Date: Sat, 2 Jan 2010 04:04:05 +0000\nFrom: a@x.org\n\n", T);
    assert_int_equal(tally.newest, T + 3600);
    add_at("Date: Sat, 2 Jan 2038 04:04:05 +0000\nFrom: a@x.org\n\n", T - 7200);
    assert_int_equal(tally.oldest, T - 7200);
    assert_int_equal(tally.newest, T + 3600);
}

static void growth_is_by_the_newest(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++)
        add_at("From: a@x.org\n\n", T - 300 * 24 + 300 * (i % 24) + 300); /* two hours */
    assert_int_equal(queue_tally_last_hour(&tally) + queue_tally_hour_before(&tally), 100);
    assert_in_range(queue_tally_last_hour(&tally), 48, 52);
    add_at("From: a@x.org\n\n", T - 3 * 86400);
    assert_int_equal(queue_tally_last_day(&tally), 100);
    /* Two days later all of that is long ago. */
    add_at("From: a@x.org\n\n", T + 2 * 86400);
    assert_int_equal(queue_tally_last_day(&tally), 1);
    assert_int_equal(queue_tally_hour_before(&tally), 0);
    assert_int_equal(tally.oldest, T - 3 * 86400);
}

static void every_kind_has_a_word_of_its_own(void **state)
{
    (void)state;
    assert_string_equal(queue_kind_name(QUEUE_REPORT_BACKSCATTER), "backscatter");
    for (int i = 0; i < QUEUE_KINDS; i++) {
        for (int k = 0; k < i; k++)
            assert_string_not_equal(queue_kind_name((enum queue_kind)i),
                                    queue_kind_name((enum queue_kind)k));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(kinds_of_messages, start),
        cmocka_unit_test_setup(kinds_of_reports, start),
        cmocka_unit_test_setup(a_client_of_a_burst_goes_before_all, start),
        cmocka_unit_test_setup(without_own_domains_there_is_no_telling, start),
        cmocka_unit_test_setup(own_domains_are_found, start),
        cmocka_unit_test_setup(what_is_counted_of_whom, start),
        cmocka_unit_test_setup(senders_that_are_nobody, start),
        cmocka_unit_test_setup(what_goes_out_and_was_brought_from_outside, start),
        cmocka_unit_test_setup(more_domains_than_fit_are_not_learnt, start),
        cmocka_unit_test_setup(time_is_what_the_head_says_unless_it_lies, start),
        cmocka_unit_test_setup(growth_is_by_the_newest, start),
        cmocka_unit_test(every_kind_has_a_word_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
