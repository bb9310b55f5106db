/* What a guard of new settings takes over from the one before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "guard_fixture.h"

static struct fixture older, newer;

static void start_both(const char16_t *before, const char16_t *after)
{
    fixture_prepare(&older, before);
    fixture_prepare(&newer, after);
    fixture_start(&older);
}

static void take_over(void)
{
    size_t size = guard_size(&newer.settings);
    newer.memory = calloc(1, size);
    assert_non_null(newer.memory);
    newer.guard = guard_init(newer.memory, size, &newer.settings, &(struct hash_key){3, 4});
    assert_non_null(newer.guard);
    guard_inherit(newer.guard, older.guard);
    fixture_end(&older);
}

static void locks_are_taken_over_and_counts_are_not(void **state)
{
    (void)state;
    struct identity bob = fixture_user(u"CONTOSO\\bob", 1), alice = fixture_user(u"alice", 2);
    struct identity mail = fixture_user(u"MAIL01$", 3), dave = fixture_unresolved(u"dave");
    mail.kind = IDENTITY_MACHINE;
    dave.kind = IDENTITY_ASSUMED;
    start_both(u"2/1m", u"2/1m");
    for (int i = 0; i < 2; i++) {
        fixture_feed(&older, 0, &bob, u"pc");
        fixture_feed(&older, 0, &mail, u"pc");
        fixture_feed(&older, 0, &dave, u"pc");
    }
    fixture_feed(&older, 0, &alice, u"pc");
    take_over();

    struct identity shouting = fixture_unresolved(u"DAVE");
    assert_int_equal(fixture_feed(&newer, 1, &bob, u"pc"), GUARD_HELD);
    assert_int_equal(fixture_feed(&newer, 1, &shouting, u"pc"), GUARD_HELD);
    fixture_feed_counted(&newer, 1, 1, &alice, u"pc");
    fixture_feed_counted(&newer, 1, 1, &mail, u"pc");
    assert_int_equal(fixture_feed(&newer, 1, &mail, u"pc"), GUARD_VERDICT);
    assert_true(guard_release(newer.guard, &bob));
    fixture_feed_counted(&newer, 1, 1, &bob, u"pc");
    fixture_end(&newer);
}

/* Where MaxAccounts was made smaller than the number of those that are locked. */
static void what_finds_no_room_is_a_loss(void **state)
{
    enum { LOCKED = GUARD_ACCOUNTS_MIN + 3 };
    uint32_t held = 0;
    (void)state;
    start_both(u"2/1m", u"2/1m");
    fixture_end(&older);
    older.settings.max_accounts = LOCKED;
    fixture_start(&older);
    for (uint32_t i = 0; i < LOCKED; i++) {
        struct identity who = fixture_user(u"x", i);
        assert_true(guard_hold(older.guard, &who));
    }
    take_over();
    assert_int_equal(fixture_counters(&newer).lost, LOCKED - GUARD_ACCOUNTS_MIN);
    assert_int_equal(fixture_counters(&newer).accounts, GUARD_ACCOUNTS_MIN);
    for (uint32_t i = 0; i < LOCKED; i++) {
        struct identity who = fixture_user(u"x", i);
        held += fixture_feed(&newer, 0, &who, u"pc") == GUARD_HELD;
    }
    assert_int_equal(held, GUARD_ACCOUNTS_MIN);
    fixture_end(&newer);
}

static void locks_of_another_process_are_charged_in_order_of_time(void **state)
{
    (void)state;
    struct identity who[4];
    for (uint32_t i = 0; i < 4; i++)
        who[i] = fixture_user(u"x", i);
    start_both(u"1/1m", u"1/1m");
    newer.settings.max_locks_per_hour = 2;
    fixture_end(&newer);
    fixture_start(&newer);
    guard_charge(newer.guard, FIXTURE_START + 1800);
    guard_charge(newer.guard, FIXTURE_START + 100);
    fixture_feed(&newer, 1801, &who[0], u"pc");
    assert_int_equal(newer.verdict.flag, FLAG_BUDGET);
    fixture_feed(&newer, 3700, &who[1], u"pc");
    assert_int_equal(newer.verdict.flag, FLAG_NOT);
    fixture_feed(&newer, 3701, &who[2], u"pc");
    assert_int_equal(newer.verdict.flag, FLAG_BUDGET);
    fixture_feed(&newer, 5400, &who[3], u"pc");
    assert_int_equal(newer.verdict.flag, FLAG_NOT);
    for (int i = 0; i < 2 * GUARD_LOCKS_MAX; i++)
        guard_charge(newer.guard, FIXTURE_START + 5401);
    assert_int_equal(fixture_counters(&newer).budget_left, 0);
    fixture_end(&older);
    fixture_end(&newer);
}

static void the_budget_goes_on_from_where_it_was(void **state)
{
    (void)state;
    struct identity who[6];
    for (uint32_t i = 0; i < 6; i++)
        who[i] = fixture_user(u"x", i);
    start_both(u"1/1m", u"1/1m");
    older.settings.max_locks_per_hour = newer.settings.max_locks_per_hour = 2;
    fixture_end(&older);
    fixture_start(&older);
    fixture_feed(&older, 0, &who[0], u"pc");
    fixture_feed(&older, 3600, &who[1], u"pc");
    fixture_feed(&older, 3601, &who[2], u"pc");
    fixture_feed(&older, 3602, &who[3], u"pc");
    assert_int_equal(older.verdict.flag, FLAG_BUDGET);
    assert_true(older.verdict.budget_spent);
    take_over();
    assert_int_equal(fixture_feed(&newer, 3603, &who[4], u"pc"), GUARD_VERDICT);
    assert_int_equal(newer.verdict.flag, FLAG_BUDGET);
    assert_false(newer.verdict.budget_spent); /* that was told already */
    assert_int_equal(fixture_feed(&newer, 7200, &who[5], u"pc"), GUARD_VERDICT);
    assert_int_equal(newer.verdict.flag, FLAG_NOT);
    fixture_end(&newer);
}

static void observing_is_taken_over(void **state)
{
    (void)state;
    struct identity bob = fixture_user(u"bob", 1);
    start_both(u"1/1m", u"1/1m");
    guard_hinder(older.guard, FLAG_OBSERVE);
    take_over();
    assert_int_equal(fixture_feed(&newer, 0, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(newer.verdict.flag, FLAG_OBSERVE);
    fixture_end(&newer);
}

static void what_the_queue_bears_out_is_taken_over(void **state)
{
    (void)state;
    struct identity bob = fixture_user(u"bob", 1);
    start_both(u"1/1m", u"1/1m");
    guard_corroborate(older.guard, 61);
    take_over();
    assert_int_equal(fixture_feed(&newer, 0, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(newer.verdict.flag, FLAG_QUEUE);
    fixture_end(&newer);
}

/* The service reads the log again from a longest window back: old times are no clock step, and the
 * locks of after that are not forgotten over it. */
static void the_log_may_be_read_again_from_before(void **state)
{
    (void)state;
    struct identity bob = fixture_user(u"bob", 1), alice = fixture_user(u"alice", 2);
    start_both(u"3/1h", u"2/1h");
    newer.settings.max_locks_per_hour = 1;
    fixture_feed_counted(&older, 1, 0, &alice, u"pc");
    for (int i = 0; i < 3; i++)
        fixture_feed(&older, 3000, &bob, u"pc");
    assert_int_equal(older.verdict.flag, FLAG_NOT);
    take_over();
    fixture_feed_counted(&newer, 1, 0, &alice, u"pc");
    for (int i = 0; i < 3; i++)
        assert_int_equal(fixture_feed(&newer, 3000, &bob, u"pc"), GUARD_HELD);
    assert_int_equal(fixture_counters(&newer).clock_steps, 0);
    assert_int_equal(fixture_feed(&newer, 3001, &alice, u"pc"), GUARD_VERDICT);
    assert_int_equal(newer.verdict.flag, FLAG_BUDGET);
    fixture_end(&newer);
}

static void locks_of_more_than_an_hour_ago_stay_behind(void **state)
{
    (void)state;
    struct identity bob = fixture_user(u"bob", 1), alice = fixture_user(u"alice", 2);
    start_both(u"1/1m", u"2/1m");
    fixture_feed(&older, 0, &bob, u"pc");
    fixture_feed(&older, 3599, &bob, u"pc");
    assert_int_equal(fixture_counters(&older).budget_left, 4);
    fixture_feed(&older, 3600, &bob, u"pc");
    take_over();
    fixture_feed_counted(&newer, 1, 100, &alice, u"pc");
    assert_int_equal(fixture_counters(&newer).budget_left, 5);
    fixture_end(&newer);
}

static void new_exemptions_apply_to_the_locked_too(void **state)
{
    (void)state;
    static const struct text exempt[] = {TEXT_OF(u"bob")};
    struct identity bob = fixture_user(u"CONTOSO\\bob", 1);
    start_both(u"1/1m", u"1/1m");
    newer.settings.exempt = exempt;
    newer.settings.exempt_count = 1;
    assert_int_equal(fixture_feed(&older, 0, &bob, u"pc"), GUARD_VERDICT);
    take_over();
    assert_int_equal(fixture_feed(&newer, 0, &bob, u"pc"), GUARD_EXEMPT);
    /* The lock is kept all the same, and is there again without the exemption. */
    older = newer;
    fixture_prepare(&newer, u"1/1m");
    take_over();
    assert_int_equal(fixture_feed(&newer, 0, &bob, u"pc"), GUARD_HELD);
    fixture_end(&newer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locks_are_taken_over_and_counts_are_not),
        cmocka_unit_test(what_finds_no_room_is_a_loss),
        cmocka_unit_test(locks_of_another_process_are_charged_in_order_of_time),
        cmocka_unit_test(the_budget_goes_on_from_where_it_was),
        cmocka_unit_test(observing_is_taken_over),
        cmocka_unit_test(what_the_queue_bears_out_is_taken_over),
        cmocka_unit_test(the_log_may_be_read_again_from_before),
        cmocka_unit_test(locks_of_more_than_an_hour_ago_stay_behind),
        cmocka_unit_test(new_exemptions_apply_to_the_locked_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
