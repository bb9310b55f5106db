/* test_queue_advice.c: what the verb queue tells to do, and about whom. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "app/queue_report.h"
#include "output.h"

enum { T = 1262401445 };

static struct queue_report report;
static char text[65536], path[OUTPUT_PATH_MAX];

static int start(void **state)
{
    (void)state;
    memset(&report, 0, sizeof report);
    queue_tally_init(&report.tally);
    output_path(path, "advice");
    return 0;
}

static int end(void **state)
{
    (void)state;
    return remove(path);
}

static void put(enum queue_kind kind, uint64_t count)
{
    report.tally.kinds[kind] += count;
    report.tally.messages += count;
}

/* An account that signed in too often, from clients of so many messages. */
static struct burst *put_burst(struct text account, uint64_t messages)
{
    uint32_t burst = burst_list_add(&report.bursts, account, T, T);
    report.bursts.bursts[burst].messages = messages;
    return &report.bursts.bursts[burst];
}

static void tell(uint64_t unread)
{
    queue_diagnosis_make(&report.diagnosis, &report.tally, &report.own, unread);
    FILE *file = fopen(path, "w+b");
    assert_non_null(file);
    queue_report_text(&report, file);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
}

static void assert_told(const char *expected)
{
    if (!strstr(text, expected))
        fail_msg("\"%s\" is missing in:\n%s", expected, text);
}

static void assert_not_told(const char *unexpected)
{
    if (strstr(text, unexpected))
        fail_msg("\"%s\" is in:\n%s", unexpected, text);
}

static void each_account_of_the_relay_is_named_with_its_domain(void **state)
{
    (void)state;
    put(QUEUE_BURST, 300);
    put_burst(TEXT_OF(u"CONTOSO\\bob"), 300);
    put_burst(TEXT_OF(u"FABRIKAM\\carol"), 300); /* by the same client */
    put_burst(TEXT_OF(u"CONTOSO\\dave"), 300)->locked = true;
    put_burst(TEXT_OF(u"eve@contoso.com"), 300);
    put_burst(TEXT_OF(u"CONTOSO\\"), 300);
    put_burst(TEXT_OF(u"my own\\"), 300);
    tell(0);
    assert_told(
        "  CONTOSO\\bob: on a computer of its domain; of an account of one computer, there and "
        "without /domain:\n  net user bob /active:no /domain\n");
    assert_told("  FABRIKAM\\carol: on a computer of its domain");
    assert_told("\n  net user carol /active:no /domain\n");
    assert_told("  CONTOSO\\dave: RelayLock holds this account locked; see: relaylock incidents\n");
    assert_not_told("net user dave");
    assert_told("  eve@contoso.com: disable the account that signs in so;");
    assert_not_told("net user eve");
    assert_told("  CONTOSO\\: disable the account that signs in so;");
    assert_told("  relaylock queue quarantine --account FABRIKAM\\carol\n");
    assert_told("  relaylock queue quarantine --account \"my own\\\\\"\n");
    assert_not_told("On the server whose queue");
}

static void who_is_there_by_chance_is_not_to_be_disabled(void **state)
{
    (void)state;
    assert_true(own_domains_name(&report.own, "contoso.com"));
    put(QUEUE_RELAYED, 500);
    put(QUEUE_BURST, 1);
    put_burst(TEXT_OF(u"CONTOSO\\shop"), 1);
    tell(0);
    assert_told("Authenticated relay: ");
    assert_told("       1  from clients of CONTOSO\\shop");
    assert_told("  relaylock queue --log FILE.evt\n");
    assert_not_told("net user");
    assert_not_told("quarantine --account");
    put(QUEUE_BURST, 400);
    put_burst(TEXT_OF(u"CONTOSO\\bob"), 400);
    tell(0);
    assert_told("net user bob");
    assert_not_told("net user shop");
    assert_not_told("--account CONTOSO\\shop");
}

static void for_a_queue_from_elsewhere_it_says_where(void **state)
{
    static const char *const logs[] = {"a log.evt", "b.evt"};
    (void)state;
    report.elsewhere = true;
    report.logs = logs;
    report.log_count = 2;
    put(QUEUE_BURST, 300);
    put(QUEUE_REPORT_BACKSCATTER, 300);
    put_burst(TEXT_OF(u"bob"), 300);
    tell(0);
    assert_told("Both: ");
    assert_told("  On the server whose queue this is:\n  net stop SMTPSVC\n");
    assert_told("  relaylock queue quarantine --account bob --log \"a log.evt\" --log b.evt\n");
    assert_told("  On the server whose queue this is:\n  Refuse what nobody here receives");
}

/* The domains are named already, or have nothing to do with it. */
static void nobody_is_sent_in_circles(void **state)
{
    (void)state;
    put(QUEUE_UNCLEAR, 100);
    tell(0);
    assert_told("relaylock queue --own-domain");
    assert_true(own_domains_name(&report.own, "contoso.com"));
    tell(0);
    assert_told("Can't tell: from and to whom most of the messages go is not clear.\n");
    assert_not_told("--own-domain");
    assert_told("  Look at the senders, clients and subjects below");
    assert_told("  relaylock queue --log FILE.evt\n");
    report.logs_read = true;
    put(QUEUE_OUTGOING, 500);
    report.tally.outgoing_from_outside = 500;
    tell(0);
    assert_told("Can't tell: many messages under names of your own were brought from outside");
    assert_not_told("--own-domain");
    assert_not_told("--log");
}

/* Of what cannot be read nobody says that all is well. */
static void what_was_not_seen_is_not_normal(void **state)
{
    (void)state;
    put(QUEUE_OUTGOING, 10);
    tell(UINT64_MAX);
    assert_told("Can't tell: most of it cannot be read.\n");
    assert_told("  Use an administrator's command prompt.\n");
    put(QUEUE_REPORT_BACKSCATTER, 100);
    tell(UINT64_MAX);
    assert_told("Non-delivery attack: ");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)
    const struct CMUnitTest tests[] = {
        TEST(each_account_of_the_relay_is_named_with_its_domain),
        TEST(who_is_there_by_chance_is_not_to_be_disabled),
        TEST(for_a_queue_from_elsewhere_it_says_where),
        TEST(nobody_is_sent_in_circles),
        TEST(what_was_not_seen_is_not_normal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
