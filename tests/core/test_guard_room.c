/* Who is forgotten when the guard is full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "guard_fixture.h"

/* An account with no SID and a name of its own. */
static enum guard_outcome feed_fresh(struct fixture *fixture, int64_t seconds, uint32_t number)
{
    char16_t name[12] = u"n";
    size_t used = 1;
    do
        name[used++] = (char16_t)(u'0' + number % 10);
    while ((number /= 10) > 0);
    name[used] = 0;
    struct identity identity = fixture_unresolved(name);
    return fixture_feed(fixture, seconds, &identity, name);
}

static unsigned long flood_size(void)
{
    /* A hundred fresh names for each history that is asked for (test_guard_histories.c). */
    const char *asked = getenv("RELAYLOCK_HISTORIES");
    return asked ? strtoul(asked, NULL, 10) * 100 : 1000000;
}

static void one_short_of_a_limit_survives_a_flood_of_fresh_names(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"CONTOSO\\bob", 1);
    uint32_t flood = (uint32_t)flood_size();
    fixture_prepare(&fixture, u"50/10m,200/1h,clients:8/10m");
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 49, 0, &bob, u"pc");
    for (uint32_t i = 0; i < flood; i++)
        assert_int_equal(feed_fresh(&fixture, (int64_t)i * 599 / flood, i), GUARD_COUNTED);
    struct guard_counters counters = fixture_counters(&fixture);
    assert_int_equal(counters.accounts, 64);
    assert_int_equal(counters.lost, flood - 63);
    assert_int_equal(fixture_feed(&fixture, 599, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.count, 50);
    fixture_end(&fixture);
}

static void at_half_a_limit_nobody_is_forgotten_for_a_fresh_name(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_prepare(&fixture, u"10/1m");
    fixture_start(&fixture);
    for (uint32_t i = 0; i < 64 * 5; i++)
        assert_int_equal(feed_fresh(&fixture, 0, i % 64), GUARD_COUNTED);
    for (uint32_t i = 64; i < 100; i++)
        assert_int_equal(feed_fresh(&fixture, 1, i), GUARD_LOST);
    assert_int_equal(fixture_counters(&fixture).lost, 36);
    for (uint32_t i = 0; i < 64; i++)
        for (int n = 0; n < 5; n++)
            assert_int_equal(feed_fresh(&fixture, 2, i), n < 4 ? GUARD_COUNTED : GUARD_VERDICT);
    fixture_end(&fixture);
}

static void the_farthest_goes_first_then_the_longest_silent(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_prepare(&fixture, u"16/1m");
    fixture_start(&fixture);
    /* 0 to 31 have two sign-ins, the others one, of these 32 the oldest. */
    for (uint32_t i = 0; i < 64 + 32; i++)
        assert_int_equal(feed_fresh(&fixture, 0, i % 64), GUARD_COUNTED);
    assert_int_equal(feed_fresh(&fixture, 1, 100), GUARD_COUNTED);
    assert_int_equal(feed_fresh(&fixture, 1, 101), GUARD_COUNTED);
    /* 32 and 33 are gone and 0 and 34 are not: only those cross with 14 or 15 more. */
    static const struct {
        uint32_t who, more;
    } cases[] = {{0, 14}, {34, 15}, {33, 16}, {32, 16}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (uint32_t n = 1; n <= cases[i].more; n++)
            assert_int_equal(feed_fresh(&fixture, 2, cases[i].who),
                             n < cases[i].more ? GUARD_COUNTED : GUARD_VERDICT);
    fixture_end(&fixture);
}

static void forgetting_who_left_every_window_is_no_loss(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_prepare(&fixture, u"2/1m");
    fixture_start(&fixture);
    /* Each is at half its limit, but only for a minute. */
    for (uint32_t i = 0; i < 640; i++)
        assert_int_equal(feed_fresh(&fixture, i, i), GUARD_COUNTED);
    assert_int_equal(fixture_counters(&fixture).lost, 0);
    assert_int_equal(fixture_counters(&fixture).accounts, 64);
    fixture_end(&fixture);
}

static void the_locked_and_the_flagged_are_not_forgotten(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1), mail = fixture_user(u"MAIL01$", 2);
    mail.kind = IDENTITY_MACHINE;
    fixture_prepare(&fixture, u"20/1m");
    fixture_start(&fixture);
    assert_true(guard_hold(fixture.guard, &bob));
    fixture_feed_counted(&fixture, 19, 0, &mail, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &mail, u"pc"), GUARD_VERDICT);
    for (uint32_t i = 0; i < 10000; i++)
        assert_int_equal(feed_fresh(&fixture, i / 170, i), GUARD_COUNTED);
    assert_int_equal(fixture_feed(&fixture, 59, &bob, u"pc"), GUARD_HELD);
    fixture_feed_counted(&fixture, 30, 59, &mail, u"pc");
    assert_int_equal(fixture_feed(&fixture, 60, &mail, u"pc"), GUARD_VERDICT);
    fixture_end(&fixture);
}

static void a_guard_full_of_locked_accounts_takes_no_other(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity who;
    fixture_prepare(&fixture, u"2/1m");
    fixture_start(&fixture);
    for (uint32_t i = 0; i <= 64; i++) {
        who = fixture_user(u"x", i);
        assert_int_equal(guard_hold(fixture.guard, &who), i < 64);
    }
    assert_int_equal(fixture_feed(&fixture, 0, &who, u"pc"), GUARD_LOST);
    who = fixture_user(u"x", 7);
    assert_true(guard_release(fixture.guard, &who));
    assert_int_equal(fixture_feed(&fixture, 0, &who, u"pc"), GUARD_COUNTED);
    fixture_end(&fixture);
}

/* 30 accounts that sign in with ever new client names, more of both than there is room for, and one
 * that does so at twice the pace. */
static void short_of_sign_ins_or_clients_the_nearest_still_crosses(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 64);
    fixture_prepare(&fixture, u"1000/1h");
    fixture_start(&fixture);
    uint32_t name = 0;
    for (int n = 1; n < 1000; n++) {
        char16_t client[3] = {(char16_t)(0x4e00 + n), 0};
        assert_int_equal(fixture_feed(&fixture, n, &bob, client), GUARD_COUNTED);
        for (uint32_t i = 0; i < 30 && n % 2; i++) {
            struct identity other = fixture_user(u"x", i);
            client[1] = (char16_t)(1 + name++ % 60000);
            fixture_feed(&fixture, n, &other, client);
        }
    }
    assert_true(fixture_counters(&fixture).lost > 0);
    assert_int_equal(fixture_feed(&fixture, 1000, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.count, 1000);
    assert_int_equal(fixture.verdict.clients, 1000);
    fixture_end(&fixture);
}

/* 16 accounts at the same pace, together beyond what there is room for, and a flagged one. */
static void of_equals_some_give_way_so_that_others_cross(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity mail = fixture_user(u"MAIL01$", 99);
    uint32_t crossed = 0;
    mail.kind = IDENTITY_MACHINE;
    fixture_prepare(&fixture, u"1000/1h");
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 999, 0, &mail, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &mail, u"pc"), GUARD_VERDICT);
    for (int n = 0; n < 1500; n++) {
        for (uint32_t i = 0; i < 16; i++) {
            struct identity who = fixture_user(u"x", i);
            crossed += fixture_feed(&fixture, 1, &who, u"pc") == GUARD_VERDICT;
        }
    }
    assert_true(crossed >= 5 && crossed < 16);
    assert_true(fixture_counters(&fixture).lost > 0);
    assert_true(guard_release(fixture.guard, &mail)); /* was not forgotten */
    fixture_end(&fixture);
}

static void exempt_accounts_push_nobody_out(void **state)
{
    (void)state;
    struct fixture fixture;
    const struct text exempt[] = {TEXT_OF(u"n9*")};
    fixture_prepare(&fixture, u"100/1m");
    fixture.settings.exempt = exempt;
    fixture.settings.exempt_count = 1;
    fixture_start(&fixture);
    /* The 64th to be counted takes the place of the exempt one. */
    for (uint32_t i = 0; i < 64; i++) {
        if (i == 10)
            assert_int_equal(feed_fresh(&fixture, 0, 9), GUARD_EXEMPT);
        assert_int_equal(feed_fresh(&fixture, 0, 10 * i + 1), GUARD_COUNTED);
    }
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(feed_fresh(&fixture, 0, 10 * i + 9), GUARD_EXEMPT);
    assert_int_equal(fixture_counters(&fixture).lost, 0);
    assert_int_equal(fixture_counters(&fixture).accounts, 64);
    fixture_end(&fixture);
}

static void memory_is_bounded_and_in_proportion(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_prepare(&fixture, u"50/10m,200/1h,clients:8/10m");
    struct guard_settings *settings = &fixture.settings;
    settings->max_accounts = 65536;
    size_t size = guard_size(settings);
    assert_true(size > 0 && size < 64000000);
    settings->max_accounts = 32768;
    assert_true(guard_size(settings) > size / 2 - 1000 && guard_size(settings) < size * 11 / 20);
    settings->max_accounts = GUARD_ACCOUNTS_MAX;
    assert_true(guard_size(settings) > size * 15 && guard_size(settings) < size * 17);

    uint64_t small[64] = {0};
    assert_null(guard_init(small, sizeof small, settings, &(struct hash_key){1, 2}));
}

static void settings_out_of_range_get_no_guard(void **state)
{
    (void)state;
    struct fixture fixture;
    struct guard_override wrong = {.account = TEXT_OF(u"bob")};
    const struct guard_settings *good = &fixture.settings;
    fixture_prepare(&fixture, u"50/10m");
    struct guard_settings bad[6] = {*good, *good, *good, *good, *good, *good};
    struct limit_set none = {.count = 0},
                     too_long = {.limits = {{LIMIT_SIGN_INS, 1, 604801}}, .count = 1};
    bad[0].max_accounts = GUARD_ACCOUNTS_MIN - 1;
    bad[1].max_accounts = GUARD_ACCOUNTS_MAX + 1;
    bad[2].max_locks_per_hour = GUARD_LOCKS_MAX + 1;
    bad[3].limits = &none;
    bad[4].limits = &too_long;
    bad[5].overrides = &wrong;
    bad[5].override_count = 1;
    assert_true(guard_size(good) > 0);
    for (int i = 0; i < 6; i++)
        assert_int_equal(guard_size(&bad[i]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_short_of_a_limit_survives_a_flood_of_fresh_names),
        cmocka_unit_test(at_half_a_limit_nobody_is_forgotten_for_a_fresh_name),
        cmocka_unit_test(the_farthest_goes_first_then_the_longest_silent),
        cmocka_unit_test(forgetting_who_left_every_window_is_no_loss),
        cmocka_unit_test(the_locked_and_the_flagged_are_not_forgotten),
        cmocka_unit_test(a_guard_full_of_locked_accounts_takes_no_other),
        cmocka_unit_test(short_of_sign_ins_or_clients_the_nearest_still_crosses),
        cmocka_unit_test(of_equals_some_give_way_so_that_others_cross),
        cmocka_unit_test(exempt_accounts_push_nobody_out),
        cmocka_unit_test(memory_is_bounded_and_in_proportion),
        cmocka_unit_test(settings_out_of_range_get_no_guard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
