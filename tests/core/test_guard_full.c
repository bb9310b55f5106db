/* A guard that is full of what may not be forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "core/history.h"
#include "guard_fixture.h"

static void at_half_a_limit_nobody_is_forgotten_for_a_fresh_name(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_prepare(&fixture, u"10/1m");
    fixture_start(&fixture);
    for (uint32_t i = 0; i < 64 * 5; i++)
        assert_int_equal(fixture_feed_fresh(&fixture, 0, i % 64), GUARD_COUNTED);
    for (uint32_t i = 64; i < 100; i++)
        assert_int_equal(fixture_feed_fresh(&fixture, 1, i), GUARD_LOST);
    assert_int_equal(fixture_counters(&fixture).lost, 36);
    for (uint32_t i = 0; i < 64; i++)
        for (int n = 0; n < 5; n++)
            assert_int_equal(fixture_feed_fresh(&fixture, 2, i),
                             n < 4 ? GUARD_COUNTED : GUARD_VERDICT);
    fixture_end(&fixture);
}

/* Nine accounts near their limit have all the room for sign-ins: none is forgotten for a fresh
 * one, which is lost. */
static void where_all_are_near_a_fresh_one_finds_no_room(void **state)
{
    enum { LIMIT = 1400, FULL = 8 };
    (void)state;
    struct fixture fixture;
    struct identity ninth = fixture_user(u"ninth", 9), fresh = fixture_user(u"fresh", 10);
    fixture_prepare(&fixture, u"1400/1m");
    fixture_start(&fixture);
    uint32_t chunks = 64 * history_chunks_for(9) + FULL * history_chunks_for(LIMIT);
    for (uint32_t i = 0; i < FULL; i++) {
        struct identity who = fixture_user(u"full", i);
        fixture_feed_counted(&fixture, LIMIT - 1, 0, &who, u"pc");
    }
    uint32_t left = (chunks - FULL * LIMIT / HISTORY_CHUNK) * HISTORY_CHUNK;
    assert_in_range(left, LIMIT / 2, LIMIT - 1);
    fixture_feed_counted(&fixture, left, 0, &ninth, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &fresh, u"pc"), GUARD_LOST);
    assert_int_equal(fixture_counters(&fixture).lost, 1);
    assert_int_equal(fixture_counters(&fixture).accounts, FULL + 1);
    /* One of them that crosses gives up its room. */
    struct identity first = fixture_user(u"full", 0);
    assert_int_equal(fixture_feed(&fixture, 0, &first, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture_feed(&fixture, 0, &fresh, u"pc"), GUARD_COUNTED);
    fixture_end(&fixture);
}

/* Ten accounts near their limit, all with ever new names, have all the room for client names. */
static void where_all_are_near_a_fresh_client_finds_no_room(void **state)
{
    enum { LIMIT = 500, CLIENTS = 64 * 3 / 2 + 8 * LIMIT, NEAR = 10 };
    (void)state;
    struct fixture fixture;
    struct identity fresh = fixture_user(u"fresh", NEAR);
    fixture_prepare(&fixture, u"500/1m");
    fixture_start(&fixture);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        struct identity who = fixture_user(u"near", i % NEAR);
        const char16_t client[] = {u'c', (char16_t)(0x4e00 + i), 0};
        fixture_feed_counted(&fixture, 1, 0, &who, client);
    }
    assert_int_equal(fixture_counters(&fixture).lost, 0);
    assert_int_equal(fixture_feed(&fixture, 0, &fresh, u"pc"), GUARD_LOST);
    assert_int_equal(fixture_counters(&fixture).lost, 1);
    /* None of the others has lost anything. */
    struct identity first = fixture_user(u"near", 0);
    fixture_feed_counted(&fixture, LIMIT - CLIENTS / NEAR - 2, 0, &first, u"c\x4e00");
    assert_int_equal(fixture_feed(&fixture, 0, &first, u"c\x4e00"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.clients, CLIENTS / NEAR + 1);
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
        assert_int_equal(fixture_feed_fresh(&fixture, i / 170, i), GUARD_COUNTED);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_half_a_limit_nobody_is_forgotten_for_a_fresh_name),
        cmocka_unit_test(where_all_are_near_a_fresh_one_finds_no_room),
        cmocka_unit_test(where_all_are_near_a_fresh_client_finds_no_room),
        cmocka_unit_test(the_locked_and_the_flagged_are_not_forgotten),
        cmocka_unit_test(a_guard_full_of_locked_accounts_takes_no_other),
        cmocka_unit_test(short_of_sign_ins_or_clients_the_nearest_still_crosses),
        cmocka_unit_test(of_equals_some_give_way_so_that_others_cross),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
