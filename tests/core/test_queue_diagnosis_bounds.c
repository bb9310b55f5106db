/* Verdicts and doubts of a queue at their very bounds: where each share and each least begins, what
 * each attack is measured against, and which doubt goes before which.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/queue_diagnosis.h"

static struct queue_tally tally;
static struct own_domains own;
static struct queue_diagnosis diagnosis;

static int start(void **state)
{
    (void)state;
    queue_tally_init(&tally);
    memset(&own, 0, sizeof own);
    return 0;
}

static void put(enum queue_kind kind, uint64_t count)
{
    tally.kinds[kind] += count;
    tally.messages += count;
}

static void put_names(struct frequent *to, uint32_t different, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct message_string string;
        char name[32];
        snprintf(name, sizeof name, "%u.org", i % different);
        message_string_set(&string, name, strlen(name), false);
        frequent_add(to, &string);
    }
}

static void assert_with(uint64_t unread, enum queue_verdict verdict, enum queue_doubt doubt)
{
    queue_diagnosis_make(&diagnosis, &tally, &own, unread);
    assert_int_equal(diagnosis.verdict, verdict);
    assert_int_equal(diagnosis.doubt, doubt);
}

static void assert_verdict(enum queue_verdict verdict, enum queue_doubt doubt)
{
    assert_with(0, verdict, doubt);
}

static void most_of_the_files_is_more_than_half(void **state)
{
    (void)state;
    put(QUEUE_OUTGOING, 10);
    assert_with(10, QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
    assert_with(11, QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_UNREADABLE);
    assert_with(UINT64_MAX, QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_UNREADABLE);
    put(QUEUE_NO_HEAD, 10);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
    put(QUEUE_NO_HEAD, 1);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_NO_HEADS);
}

static void reports_are_not_what_a_relay_is_measured_against(void **state)
{
    static const enum queue_kind kinds[] = {QUEUE_RELAYED, QUEUE_REPORT_RELAYED};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        start(NULL);
        assert_true(own_domains_name(&own, "contoso.com"));
        put(QUEUE_REPORT_BACKSCATTER, 1000);
        put(QUEUE_REPORT_VAGUE, 1000);
        put(QUEUE_OUTGOING, 200);
        put(kinds[i], 49);
        assert_verdict(QUEUE_VERDICT_NON_DELIVERY, QUEUE_DOUBT_NONE);
        assert_int_equal(diagnosis.relayed, 0);
        put(kinds[i], 1);
        assert_verdict(QUEUE_VERDICT_BOTH, QUEUE_DOUBT_NONE);
        assert_int_equal(diagnosis.relayed, 50);
        assert_int_equal(diagnosis.by_relayed, i == 0);
        assert_int_equal(diagnosis.by_reports, i == 1);
        put(QUEUE_OUTGOING, 1); /* 50 of 251 */
        assert_verdict(QUEUE_VERDICT_NON_DELIVERY, QUEUE_DOUBT_NONE);
    }
}

static void a_relay_is_not_what_reports_are_measured_against(void **state)
{
    (void)state;
    assert_true(own_domains_name(&own, "contoso.com"));
    put(QUEUE_RELAYED, 100);
    put(QUEUE_REPORT_RELAYED, 90);
    put(QUEUE_BURST, 30);
    put(QUEUE_OUTGOING, 200);
    put(QUEUE_REPORT_BACKSCATTER, 50);
    assert_verdict(QUEUE_VERDICT_BOTH, QUEUE_DOUBT_NONE);
    assert_true(diagnosis.by_burst && diagnosis.by_relayed && diagnosis.by_reports);
    assert_int_equal(diagnosis.relayed, 220);
    assert_int_equal(diagnosis.backscatter, 50);
    put(QUEUE_OUTGOING, 1); /* 50 of 251 */
    assert_verdict(QUEUE_VERDICT_RELAY, QUEUE_DOUBT_NONE);
    assert_int_equal(diagnosis.backscatter, 0);
}

static void many_domains_on_both_sides_convince(void **state)
{
    (void)state;
    put(QUEUE_RELAYED, 160);
    put_names(&tally.relayed_from, 7, 140);
    put_names(&tally.relayed_to, 8, 160);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_RELAYED);
    start(NULL);
    put(QUEUE_RELAYED, 160);
    put_names(&tally.relayed_from, 8, 160);
    put_names(&tally.relayed_to, 7, 140);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_RELAYED);
    start(NULL);
    put(QUEUE_RELAYED, 160);
    put_names(&tally.relayed_from, 8, 160);
    put_names(&tally.relayed_to, 8, 160);
    assert_verdict(QUEUE_VERDICT_RELAY, QUEUE_DOUBT_NONE);
    start(NULL);
    put(QUEUE_REPORT_RELAYED, 160);
    put_names(&tally.failed_domains, 7, 140);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_REPORTS);
    start(NULL);
    put(QUEUE_REPORT_RELAYED, 160);
    put_names(&tally.failed_domains, 8, 160);
    assert_verdict(QUEUE_VERDICT_RELAY, QUEUE_DOUBT_NONE);
}

static void bulk_begins_at_two_hundred_by_one_sender(void **state)
{
    (void)state;
    put(QUEUE_OUTGOING, 199);
    put_names(&tally.outgoing_senders, 1, 199);
    put_names(&tally.outgoing_domains, 50, 199);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
    put(QUEUE_OUTGOING, 1); /* by another one */
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
    put_names(&tally.outgoing_senders, 1, 1);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_BULK);
    put(QUEUE_OUTGOING, 200); /* half */
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_BULK);
    tally.outgoing_lists = 199;
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_BULK);
    tally.outgoing_lists = 200;
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
    tally.outgoing_lists = 0;
    put(QUEUE_OUTGOING, 1);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
}

/* Of more senders than there is room for, a count may be too high by its error. */
static void a_sender_of_whom_nothing_is_certain_is_no_bulk(void **state)
{
    (void)state;
    put(QUEUE_OUTGOING, 400);
    put_names(&tally.outgoing_domains, 50, 50);
    put_names(&tally.outgoing_senders, 1, 220);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_BULK);
    tally.outgoing_senders.errors[0] = 20;
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_BULK);
    tally.outgoing_senders.errors[0] = 21;
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
}

static void without_senders_nothing_is_bulk(void **state)
{
    (void)state;
    put(QUEUE_OUTGOING, 200);
    put_names(&tally.outgoing_domains, 50, 200);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
}

static void half_for_people_here_is_much(void **state)
{
    (void)state;
    put(QUEUE_INCOMING, 50);
    put(QUEUE_OUTGOING, 50);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_INCOMING);
    put(QUEUE_OUTGOING, 1);
    assert_verdict(QUEUE_VERDICT_NORMAL, QUEUE_DOUBT_NONE);
}

/* What shows a non-delivery attack shows it whatever else there is no telling of ... */
static void doubts_that_an_attack_outdoes(void **state)
{
    (void)state;
    put(QUEUE_REPORT_BACKSCATTER, 100);
    assert_with(101, QUEUE_VERDICT_NON_DELIVERY, QUEUE_DOUBT_NONE);
    put(QUEUE_NO_HEAD, 300);
    assert_verdict(QUEUE_VERDICT_NON_DELIVERY, QUEUE_DOUBT_NONE);
    start(NULL);
    put(QUEUE_REPORT_BACKSCATTER, 100);
    put(QUEUE_LIST, 100);
    assert_verdict(QUEUE_VERDICT_NON_DELIVERY, QUEUE_DOUBT_NONE);
}

/* ... but for what may be a relay. */
static void doubts_that_outdo_an_attack(void **state)
{
    (void)state;
    put(QUEUE_REPORT_BACKSCATTER, 100);
    put(QUEUE_REPORT_RELAYED, 100);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_REPORTS);
    assert_int_equal(diagnosis.backscatter, 100);
    assert_int_equal(diagnosis.relayed, 0);
    assert_with(201, QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_UNREADABLE);
}

static void the_first_of_several_doubts_counts(void **state)
{
    (void)state;
    put(QUEUE_INCOMING, 400);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_INCOMING);
    put(QUEUE_OUTGOING, 200);
    tally.outgoing_from_outside = 200;
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_OWN_NAMES);
    put_names(&tally.outgoing_senders, 1, 200);
    put_names(&tally.outgoing_domains, 50, 200);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_BULK);
    put(QUEUE_UNCLEAR, 400);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_OWN_DOMAINS);
    put(QUEUE_REPORT_RELAYED, 400);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_REPORTS);
    put(QUEUE_RELAYED, 400);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_RELAYED);
    put(QUEUE_NO_HEAD, 4000);
    assert_verdict(QUEUE_VERDICT_UNKNOWN, QUEUE_DOUBT_NO_HEADS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(most_of_the_files_is_more_than_half, start),
        cmocka_unit_test_setup(reports_are_not_what_a_relay_is_measured_against, start),
        cmocka_unit_test_setup(a_relay_is_not_what_reports_are_measured_against, start),
        cmocka_unit_test_setup(many_domains_on_both_sides_convince, start),
        cmocka_unit_test_setup(bulk_begins_at_two_hundred_by_one_sender, start),
        cmocka_unit_test_setup(a_sender_of_whom_nothing_is_certain_is_no_bulk, start),
        cmocka_unit_test_setup(without_senders_nothing_is_bulk, start),
        cmocka_unit_test_setup(half_for_people_here_is_much, start),
        cmocka_unit_test_setup(doubts_that_an_attack_outdoes, start),
        cmocka_unit_test_setup(doubts_that_outdo_an_attack, start),
        cmocka_unit_test_setup(the_first_of_several_doubts_counts, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
