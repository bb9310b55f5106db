/* test_queue_diagnosis.c: verdicts and doubts by their figures, at and beside their bounds. What
 * whole queues come to is test_queue_matrix.c's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include "core/queue_diagnosis.h"

static struct queue_tally tally;
static struct own_domains own;
static struct burst_list bursts;
static struct queue_diagnosis diagnosis;

static int start(void **state)
{
    (void)state;
    queue_tally_init(&tally);
    memset(&own, 0, sizeof own);
    memset(&bursts, 0, sizeof bursts);
    return 0;
}

static void put(enum queue_kind kind, uint64_t count)
{
    tally.kinds[kind] += count;
    tally.messages += count;
}

static void put_names(struct frequent *to, const char *format, uint32_t different, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct message_string string;
        char name[64];
        snprintf(name, sizeof name, format, i % different);
        message_string_set(&string, name, strlen(name), false);
        frequent_add(to, &string);
    }
}

static void assert_verdict(enum queue_verdict verdict, enum queue_doubt doubt)
{
    queue_diagnosis_make(&diagnosis, &tally, &own, 0);
    assert_int_equal(diagnosis.verdict, verdict);
    assert_int_equal(diagnosis.doubt, doubt);
}

static void nothing_is_normal(void **state)
{
    (void)state;
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
    queue_diagnosis_make(&diagnosis, &tally, &own, 1);
    assert_int_equal(diagnosis.doubt, QUEUE_DOUBT_UNREADABLE);
}

static void backscatter_at_its_bounds(void **state)
{
    (void)state;
    put(QUEUE_OUTGOING, 196);
    put(QUEUE_REPORT_BACKSCATTER, 49);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE); /* 49 are too few */
    put(QUEUE_REPORT_BACKSCATTER, 1);
    assert_verdict(QUEUE_VERDICT_NON_DELIVERY, QUEUE_DOUBT_NONE);
    assert_int_equal(diagnosis.backscatter, 50);
    put(QUEUE_OUTGOING, 5);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE); /* 50 of 251 */
    put(QUEUE_REPORT_VAGUE, 2);                             /* those count as well */
    assert_verdict(QUEUE_VERDICT_NON_DELIVERY, QUEUE_DOUBT_NONE);
}

static void a_relay_by_its_burst(void **state)
{
    (void)state;
    put(QUEUE_OUTGOING, 380);
    put(QUEUE_BURST, 19);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
    put(QUEUE_BURST, 1);
    assert_verdict(QUEUE_VERDICT_RELAY, QUEUE_DOUBT_NONE);
    assert_true(diagnosis.by_burst && !diagnosis.by_relayed && !diagnosis.by_reports);
    assert_int_equal(diagnosis.relayed, 20);
    put(QUEUE_OUTGOING, 1);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE); /* 20 of 401 */
    /* Reports that do not say whom they are about are then the relay's. */
    put(QUEUE_BURST, 300);
    put(QUEUE_REPORT_VAGUE, 300);
    assert_verdict(QUEUE_VERDICT_RELAY, QUEUE_DOUBT_NONE);
    /* Each attack is measured without the other. */
    put(QUEUE_REPORT_BACKSCATTER, 180);
    assert_verdict(QUEUE_VERDICT_BOTH, QUEUE_DOUBT_NONE);
}

static void from_outside_to_outside(void **state)
{
    (void)state;
    put(QUEUE_RELAYED, 100);
    put_names(&tally.relayed_from, "%u.org", 1, 100);
    put_names(&tally.relayed_to, "%u.org", 50, 100);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_RELAYED);
    put(QUEUE_REPORT_BACKSCATTER, 100);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_RELAYED); /* not: a non-delivery attack */
    assert_int_equal(diagnosis.backscatter, 100);
    assert_true(own_domains_name(&own, "contoso.com"));
    assert_verdict(QUEUE_VERDICT_BOTH, QUEUE_DOUBT_NONE);
    own.named = 0;
    put_names(&tally.relayed_from, "x%u.org", 100, 100);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_RELAYED); /* half are of one domain */
    put_names(&tally.relayed_from, "x%u.org", 100, 100);
    assert_verdict(QUEUE_VERDICT_BOTH, QUEUE_DOUBT_NONE);
}

static void reports_about_recipients_outside(void **state)
{
    (void)state;
    put(QUEUE_REPORT_RELAYED, 60);
    put_names(&tally.failed_domains, "%u.org", 2, 60);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_REPORTS);
    assert_true(own_domains_name(&own, "contoso.com"));
    assert_verdict(QUEUE_VERDICT_RELAY, QUEUE_DOUBT_NONE);
    own.named = 0;
    put_names(&tally.failed_domains, "x%u.org", 80, 80);
    assert_verdict(QUEUE_VERDICT_RELAY, QUEUE_DOUBT_NONE);
    assert_true(diagnosis.by_reports && !diagnosis.by_burst);
}

static void what_is_not_clear(void **state)
{
    (void)state;
    put(QUEUE_UNCLEAR, 50);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_OWN_DOMAINS);
    put(QUEUE_OUTGOING, 201);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE); /* 50 of 251 */
    put(QUEUE_LIST, 1);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_OWN_DOMAINS);
    put(QUEUE_NO_HEAD, 253);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_NO_HEADS);
    queue_diagnosis_make(&diagnosis, &tally, &own, tally.messages + 1);
    assert_int_equal(diagnosis.doubt, QUEUE_DOUBT_UNREADABLE);
}

static void one_sender_to_the_world(void **state)
{
    (void)state;
    put(QUEUE_OUTGOING, 300);
    put_names(&tally.outgoing_senders, "news@contoso.com", 1, 200);
    put_names(&tally.outgoing_senders, "%u@contoso.com", 100, 100);
    put_names(&tally.outgoing_domains, "%u.org", 49, 300);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
    put_names(&tally.outgoing_domains, "x.org", 1, 1);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_BULK);
    tally.outgoing_lists = 150; /* it says so itself */
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
}

static void every_verdict_has_its_word(void **state)
{
    (void)state;
    for (int i = 0; i <= QUEUE_VERDICT_UNKNOWN; i++)
        assert_non_null(queue_verdict_name((enum queue_verdict)i));
    assert_null(queue_doubt_name(QUEUE_DOUBT_NONE));
    for (int i = 1; i <= QUEUE_DOUBT_INCOMING; i++)
        assert_non_null(queue_doubt_name((enum queue_doubt)i));
}

/* Whoever has signed in from outside writes what sender he likes. */
static void under_names_of_our_own(void **state)
{
    (void)state;
    put(QUEUE_OUTGOING, 250);
    tally.outgoing_from_outside = 49;
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
    tally.outgoing_from_outside = 50;
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_OWN_NAMES);
    put(QUEUE_OUTGOING, 1);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE); /* 50 of 251 */
    put(QUEUE_REPORT_OWN, 62);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE); /* 62 of 313 */
    put(QUEUE_REPORT_OWN, 1);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_OWN_NAMES);
    put(QUEUE_REPORT_BACKSCATTER, 100);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_OWN_NAMES); /* not: a non-delivery attack */
    assert_int_equal(diagnosis.backscatter, 100);
}

static void what_seems_to_be_for_people_here(void **state)
{
    (void)state;
    put(QUEUE_INCOMING, 49);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
    put(QUEUE_INCOMING, 1);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_INCOMING);
    put(QUEUE_OUTGOING, 51);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
}

/* An account that signs in often and has a message there by chance is nobody's to disable. */
static void who_is_accused(void **state)
{
    (void)state;
    uint32_t bob = burst_list_add(&bursts, TEXT_OF(u"bob"), 0, 0);
    uint32_t shop = burst_list_add(&bursts, TEXT_OF(u"shop"), 0, 0);
    bursts.bursts[shop].messages = 1;
    put(QUEUE_BURST, 1);
    put(QUEUE_RELAYED, 500);
    assert_true(own_domains_name(&own, "contoso.com"));
    assert_verdict(QUEUE_VERDICT_RELAY, QUEUE_DOUBT_NONE);
    assert_false(queue_diagnosis_accuses(&diagnosis, &bursts, shop));
    bursts.bursts[bob].messages = 191;
    put(QUEUE_BURST, 191);
    assert_verdict(QUEUE_VERDICT_RELAY, QUEUE_DOUBT_NONE);
    assert_true(queue_diagnosis_accuses(&diagnosis, &bursts, bob));
    bursts.bursts[shop].messages = 19; /* not a tenth of the other's */
    assert_false(queue_diagnosis_accuses(&diagnosis, &bursts, shop));
    bursts.bursts[bob].messages = 190;
    assert_true(queue_diagnosis_accuses(&diagnosis, &bursts, shop));
    bursts.bursts[bob].messages = 1000;
    bursts.bursts[shop].messages = 20;
    assert_true(queue_diagnosis_accuses(&diagnosis, &bursts, shop));
    bursts.bursts[shop].messages = 0;
    assert_false(queue_diagnosis_accuses(&diagnosis, &bursts, shop));
    bursts.bursts[bob].messages = 0;
    assert_false(queue_diagnosis_accuses(&diagnosis, &bursts, shop));
    bursts.bursts[shop].messages = 1;
    bursts.bursts[bob].messages = 10;
    bursts.bursts[bursts.count].messages = 1000; /* nobody's */
    assert_true(queue_diagnosis_accuses(&diagnosis, &bursts, shop));
    bursts.bursts[bob].messages = 11;
    assert_false(queue_diagnosis_accuses(&diagnosis, &bursts, shop));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_is_normal, start),
        cmocka_unit_test_setup(backscatter_at_its_bounds, start),
        cmocka_unit_test_setup(a_relay_by_its_burst, start),
        cmocka_unit_test_setup(from_outside_to_outside, start),
        cmocka_unit_test_setup(reports_about_recipients_outside, start),
        cmocka_unit_test_setup(what_is_not_clear, start),
        cmocka_unit_test_setup(one_sender_to_the_world, start),
        cmocka_unit_test_setup(under_names_of_our_own, start),
        cmocka_unit_test_setup(what_seems_to_be_for_people_here, start),
        cmocka_unit_test_setup(who_is_accused, start),
        cmocka_unit_test_setup(every_verdict_has_its_word, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
