/* What the guard decides of the queue, and once nothing else hinders it any more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "guard_fixture.h"

static void the_end_of_observing_brings_the_verdict_that_counts(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1);
    fixture_prepare(&fixture, u"3/1m");
    fixture_start(&fixture);
    guard_hinder(fixture.guard, FLAG_OBSERVE);
    fixture_feed_counted(&fixture, 2, 0, &bob, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_OBSERVE);
    fixture_feed_counted(&fixture, 2, 1, &bob, u"pc");
    guard_hinder(fixture.guard, FLAG_STORE);
    assert_int_equal(fixture_feed(&fixture, 1, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_STORE);
    guard_hinder(fixture.guard, FLAG_STORE); /* said again: nothing changes */
    fixture_feed_counted(&fixture, 1, 1, &bob, u"pc");
    guard_hinder(fixture.guard, FLAG_NOT);
    assert_int_equal(fixture_feed(&fixture, 2, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_NOT);
    assert_int_equal(fixture.verdict.count, 8);
    fixture_end(&fixture);
}

static void what_the_queue_does_not_bear_out_is_decided_anew_when_it_does(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1), carol = fixture_user(u"carol", 2);
    fixture_prepare(&fixture, u"3/1m, 5/10m");
    fixture_start(&fixture);
    guard_corroborate(fixture.guard, 600); /* the longer limit locks */
    for (int64_t second = 0; second < 240; second += 60)
        fixture_feed_counted(&fixture, 1, second, &carol, u"pc");
    assert_int_equal(fixture_feed(&fixture, 240, &carol, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_NOT);
    fixture_feed_counted(&fixture, 2, 240, &bob, u"pc");
    assert_int_equal(fixture_feed(&fixture, 240, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_QUEUE);
    guard_corroborate(fixture.guard, UINT32_MAX); /* fewer lock: nothing new for bob */
    guard_hinder(fixture.guard, FLAG_OBSERVE);
    guard_hinder(fixture.guard, FLAG_NOT);
    fixture_feed_counted(&fixture, 1, 240, &bob, u"pc");
    guard_corroborate(fixture.guard, 0);
    assert_int_equal(fixture_feed(&fixture, 241, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_NOT);
    assert_int_equal(fixture.verdict.limit.window, 60);
    assert_int_equal(fixture.verdict.count, 5);
    fixture_end(&fixture);
}

/* In the order of the settings, but those that the queue bears out before the others. */
static void a_limit_that_locks_counts_before_one_that_flags(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1), carol = fixture_user(u"carol", 2);
    fixture_prepare(&fixture, u"3/1m, 3/1h, 5/10m");
    fixture_start(&fixture);
    guard_corroborate(fixture.guard, 600);
    fixture_feed_counted(&fixture, 2, 0, &bob, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_NOT);
    assert_int_equal(fixture.verdict.limit.window, 3600);
    fixture_end(&fixture);

    fixture_prepare(&fixture, u"3/1m, 5/10m"); /* flagged by one, locked by the next */
    fixture_start(&fixture);
    guard_corroborate(fixture.guard, 600);
    fixture_feed_counted(&fixture, 2, 0, &carol, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &carol, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_QUEUE);
    fixture_feed_counted(&fixture, 1, 1, &carol, u"pc");
    assert_int_equal(fixture_feed(&fixture, 2, &carol, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_NOT);
    assert_int_equal(fixture.verdict.limit.window, 600);
    fixture_end(&fixture);
}

/* As when the queue is looked at because of the verdict. */
static void a_verdict_is_reconsidered_without_another_sign_in(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1), carol = fixture_user(u"carol", 2);
    struct relay_event event = {
        .record = 7, .time = FIXTURE_START, .client = TEXT_OF(u"pc"), .account = bob.name};
    struct verdict verdict;
    fixture_prepare(&fixture, u"1/1m");
    fixture.settings.max_locks_per_hour = 1;
    fixture_start(&fixture);
    guard_corroborate(fixture.guard, UINT32_MAX);
    assert_false(guard_reconsider(fixture.guard, &event, &bob, &verdict)); /* not known */
    assert_int_equal(guard_feed(fixture.guard, &event, &bob, &verdict), GUARD_VERDICT);
    assert_int_equal(verdict.flag, FLAG_QUEUE);
    guard_corroborate(fixture.guard, 61);
    assert_true(guard_reconsider(fixture.guard, &event, &bob, &verdict));
    assert_int_equal(verdict.flag, FLAG_QUEUE);
    assert_false(guard_reconsider(fixture.guard, &event, &bob, &verdict));
    guard_corroborate(fixture.guard, 60);
    memset(&verdict, 0, sizeof verdict);
    assert_true(guard_reconsider(fixture.guard, &event, &bob, &verdict));
    assert_int_equal(verdict.flag, FLAG_NOT);
    assert_int_equal(verdict.last_record, 7);
    assert_int_equal(verdict.count, 1);
    assert_int_equal(fixture_counters(&fixture).verdicts, 1);
    assert_int_equal(fixture_counters(&fixture).locks, 1);
    assert_false(guard_reconsider(fixture.guard, &event, &bob, &verdict)); /* it is locked */
    assert_int_equal(guard_feed(fixture.guard, &event, &bob, &verdict), GUARD_HELD);
    guard_corroborate(fixture.guard, UINT32_MAX);
    assert_int_equal(fixture_feed(&fixture, 1, &carol, u"pc"), GUARD_VERDICT);
    guard_corroborate(fixture.guard, 0);
    assert_true(guard_reconsider(fixture.guard, &event, &carol, &verdict));
    assert_int_equal(verdict.flag, FLAG_BUDGET); /* it is judged in full */
    fixture_end(&fixture);
}

static void what_left_the_window_is_not_reconsidered(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1);
    struct relay_event event = {.time = FIXTURE_START + 100, .account = bob.name};
    struct verdict verdict = {.last_record = 77};
    fixture_prepare(&fixture, u"3/1m");
    fixture_start(&fixture);
    guard_corroborate(fixture.guard, UINT32_MAX);
    fixture_feed_counted(&fixture, 2, 0, &bob, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_QUEUE);
    fixture_feed_counted(&fixture, 1, 100, &bob, u"pc");
    guard_corroborate(fixture.guard, 0);
    assert_false(guard_reconsider(fixture.guard, &event, &bob, &verdict));
    assert_int_equal(verdict.last_record, 77);
    assert_int_equal(fixture_counters(&fixture).verdicts, 1);
    assert_int_equal(fixture_counters(&fixture).locks, 0);
    fixture_end(&fixture);
}

/* Though by now there would be room for its lock, which its next sign-in brings. */
static void a_verdict_for_another_reason_is_not_reconsidered(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1), carol = fixture_user(u"carol", 2);
    struct identity dave = fixture_user(u"dave", 3);
    struct relay_event event = {.time = FIXTURE_START + 3601, .account = bob.name};
    struct verdict verdict;
    fixture_prepare(&fixture, u"2/2h");
    fixture.settings.max_locks_per_hour = 1;
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 1, 0, &carol, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &carol, u"pc"), GUARD_VERDICT);
    fixture_feed_counted(&fixture, 1, 1, &bob, u"pc");
    assert_int_equal(fixture_feed(&fixture, 1, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_BUDGET);
    fixture_feed_counted(&fixture, 1, 3601, &dave, u"pc");
    assert_int_equal(fixture_counters(&fixture).budget_left, 1);
    assert_false(guard_reconsider(fixture.guard, &event, &bob, &verdict));
    assert_int_equal(fixture_feed(&fixture, 3602, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_NOT);
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_end_of_observing_brings_the_verdict_that_counts),
        cmocka_unit_test(what_the_queue_does_not_bear_out_is_decided_anew_when_it_does),
        cmocka_unit_test(a_limit_that_locks_counts_before_one_that_flags),
        cmocka_unit_test(a_verdict_is_reconsidered_without_another_sign_in),
        cmocka_unit_test(what_left_the_window_is_not_reconsidered),
        cmocka_unit_test(a_verdict_for_another_reason_is_not_reconsidered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
