/* Who is forgotten when the guard is full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "core/history.h"
#include "guard_fixture.h"

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
        assert_int_equal(fixture_feed_fresh(&fixture, (int64_t)i * 599 / flood, i), GUARD_COUNTED);
    struct guard_counters counters = fixture_counters(&fixture);
    assert_int_equal(counters.accounts, 64);
    assert_int_equal(counters.lost, flood - 63);
    assert_int_equal(fixture_feed(&fixture, 599, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.count, 50);
    fixture_end(&fixture);
}

/* The sign-ins of a few that have many take the room of the many that have few, to the last. */
static void all_the_room_there_is_can_be_used(void **state)
{
    enum { LIMIT = 1000, ACCOUNTS = 64 };
    (void)state;
    struct fixture fixture;
    fixture_prepare(&fixture, u"1000/1m");
    fixture_start(&fixture);
    uint32_t chunks = ACCOUNTS * history_chunks_for(9) + 8 * history_chunks_for(LIMIT);
    assert_true(chunks / ACCOUNTS * HISTORY_CHUNK < LIMIT / 2);
    for (uint32_t i = 0; i < chunks * HISTORY_CHUNK; i++)
        assert_int_equal(fixture_feed_fresh(&fixture, 0, i % chunks % ACCOUNTS), GUARD_COUNTED);
    assert_int_equal(fixture_counters(&fixture).accounts, ACCOUNTS);
    assert_int_equal(fixture_counters(&fixture).lost, 0);
    assert_int_equal(fixture_feed_fresh(&fixture, 0, 0), GUARD_COUNTED);
    assert_int_equal(fixture_counters(&fixture).lost, 1);
    fixture_end(&fixture);
}

static void all_the_clients_there_is_room_for_can_be_held(void **state)
{
    enum { ACCOUNTS = 64, EACH = 64 };
    (void)state;
    struct fixture fixture;
    char16_t client[] = u"c ";
    fixture_prepare(&fixture, u"500/1m"); /* room for 3 clients in 2 accounts, and 8 times 500 */
    fixture_start(&fixture);
    for (uint32_t i = 0; i < ACCOUNTS * EACH; i++) {
        struct identity who = fixture_user(u"x", i % ACCOUNTS);
        client[1] = (char16_t)(0x4e00 + i / ACCOUNTS);
        fixture_feed_counted(&fixture, 1, 0, &who, client);
    }
    assert_int_equal(fixture_counters(&fixture).lost, 0);
    struct identity who = fixture_user(u"x", 0);
    fixture_feed_counted(&fixture, 1, 0, &who, u"one more");
    assert_int_equal(fixture_counters(&fixture).lost, 1);
    fixture_end(&fixture);
}

/* With 19 sign-ins of 3 clients 52 accounts leave room for 15 more; the evidence of each is its
 * own. */
static void what_is_held_side_by_side_stays_apart(void **state)
{
    enum { ACCOUNTS = 52, EACH = 19 };
    static const char16_t *const clients[] = {u"a", u"b", u"c"};
    (void)state;
    struct fixture fixture;
    uint64_t first[ACCOUNTS];
    fixture_prepare(&fixture, u"20/1m");
    fixture_start(&fixture);
    for (uint32_t i = 0; i < ACCOUNTS * EACH; i++) {
        struct identity who = fixture_user(u"x", i % ACCOUNTS);
        fixture_feed_counted(&fixture, 1, i / ACCOUNTS, &who, clients[i / ACCOUNTS % 3]);
        if (i < ACCOUNTS)
            first[i] = fixture.record;
    }
    struct identity last = fixture_user(u"y", ACCOUNTS);
    fixture_feed_counted(&fixture, 15, EACH, &last, u"d");
    for (uint32_t i = 0; i < ACCOUNTS; i++) {
        struct identity who = fixture_user(u"x", i);
        assert_int_equal(fixture_feed(&fixture, EACH, &who, u"a"), GUARD_VERDICT);
        const struct verdict *verdict = &fixture.verdict;
        assert_int_equal(verdict->first_record, first[i]);
        assert_int_equal(verdict->last_record, fixture.record);
        assert_int_equal(verdict->sign_ins, EACH + 1);
        assert_int_equal(verdict->clients, 3);
        for (uint32_t place = 0; place < 3; place++) {
            assert_int_equal(verdict->top[place].sign_ins, place == 0 ? 8 : 6);
            assert_true(text_equal(text_of(verdict->top[place].name), text_of(clients[place])));
        }
    }
    assert_int_equal(fixture_counters(&fixture).lost, 0);
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
        assert_int_equal(fixture_feed_fresh(&fixture, 0, i % 64), GUARD_COUNTED);
    assert_int_equal(fixture_feed_fresh(&fixture, 1, 100), GUARD_COUNTED);
    assert_int_equal(fixture_feed_fresh(&fixture, 1, 101), GUARD_COUNTED);
    /* 32 and 33 are gone and 0 and 34 are not: only those cross with 14 or 15 more. */
    static const struct {
        uint32_t who, more;
    } cases[] = {{0, 14}, {34, 15}, {33, 16}, {32, 16}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (uint32_t n = 1; n <= cases[i].more; n++)
            assert_int_equal(fixture_feed_fresh(&fixture, 2, cases[i].who),
                             n < cases[i].more ? GUARD_COUNTED : GUARD_VERDICT);
    fixture_end(&fixture);
}

static void forgetting_who_left_every_window_is_no_loss(void **state)
{
    /* Each is at half its limit, or far from it, but only for a minute. */
    static const char16_t *const limits[] = {u"2/1m", u"100/1m"};
    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct fixture fixture;
        fixture_prepare(&fixture, limits[i]);
        fixture_start(&fixture);
        for (uint32_t n = 0; n < 640; n++)
            assert_int_equal(fixture_feed_fresh(&fixture, n, n), GUARD_COUNTED);
        assert_int_equal(fixture_counters(&fixture).lost, 0);
        assert_int_equal(fixture_counters(&fixture).accounts, 64);
        fixture_end(&fixture);
    }
}

/* However near it was once, before all others, who signed in a moment ago but far less often. */
static void who_left_every_window_goes_before_whoever_is_farther(void **state)
{
    (void)state;
    for (uint32_t eighths = 1; eighths < GUARD_LEVELS; eighths++) {
        struct fixture fixture;
        struct identity bob = fixture_user(u"bob", 1), fresh = fixture_user(u"fresh", 2);
        fixture_prepare(&fixture, u"80/1m");
        fixture_start(&fixture);
        fixture_feed_counted(&fixture, 10 * eighths, 0, &bob, u"pc");
        for (uint32_t i = 0; i < 63; i++)
            assert_int_equal(fixture_feed_fresh(&fixture, 60, i), GUARD_COUNTED);
        fixture_feed_counted(&fixture, 1, 60, &fresh, u"pc");
        assert_int_equal(fixture_counters(&fixture).lost, 0);
        assert_false(guard_release(fixture.guard, &bob));
        fixture_end(&fixture);
    }
}

/* Whoever signed in last is not the longest silent one, in whichever way that was counted. */
static void who_signed_in_last_is_not_forgotten(void **state)
{
    enum { OTHERS = 63, MOST = 100 };
    (void)state;
    struct identity bob = fixture_user(u"bob", 1), fresh = fixture_user(u"fresh", 2);
    for (int64_t last = 1; last <= MOST; last++) {
        struct fixture fixture;
        fixture_prepare(&fixture, u"1000/1m");
        fixture_start(&fixture);
        for (int64_t second = 0; second < last; second++)
            fixture_feed_counted(&fixture, 1, second, &bob, u"pc");
        for (uint32_t i = 0; i < OTHERS; i++)
            assert_int_equal(fixture_feed_fresh(&fixture, last, i), GUARD_COUNTED);
        fixture_feed_counted(&fixture, 1, last, &bob, u"pc");
        uint64_t tenancy = fixture.place.tenancy;
        fixture_feed_counted(&fixture, 1, last, &fresh, u"pc"); /* instead of another one */
        fixture_feed_counted(&fixture, 1, last, &bob, u"pc");
        assert_int_equal(fixture.place.tenancy, tenancy);
        fixture_end(&fixture);
    }
}

/* An account at an eighth of its limit stays, one below gives way although it signed in last; in
 * whichever way that was counted. */
static void who_is_farther_from_its_limit_goes_first(void **state)
{
    enum { OTHERS = 63, LIMIT = 160, MOST = 50, PAUSE = 10 };
    (void)state;
    struct identity bob = fixture_user(u"bob", 1), fresh = fixture_user(u"fresh", 2);
    for (int64_t last = 1; last <= MOST; last++) {
        struct fixture fixture;
        fixture_prepare(&fixture, u"160/1m");
        fixture_start(&fixture);
        for (int64_t n = 0; n < last; n++)
            fixture_feed_counted(&fixture, 1, n * PAUSE, &bob, u"pc");
        for (uint32_t i = 0; i < OTHERS * LIMIT / 8; i++)
            assert_int_equal(fixture_feed_fresh(&fixture, last * PAUSE, i % OTHERS), GUARD_COUNTED);
        fixture_feed_counted(&fixture, 1, last * PAUSE, &bob, u"pc");
        uint64_t tenancy = fixture.place.tenancy;
        fixture_feed_counted(&fixture, 1, last * PAUSE, &fresh, u"pc");
        fixture_feed_counted(&fixture, 1, last * PAUSE, &bob, u"pc");
        assert_int_not_equal(fixture.place.tenancy, tenancy);
        fixture_end(&fixture);
    }
}

/* After a long time with one client, too; and when each signs in for a whole chunk. */
static void clients_that_left_every_window_take_no_room(void **state)
{
    enum { LONG = 6000, CLIENTS = 4000 };
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1);
    fixture_prepare(&fixture, u"100/1m");
    fixture_start(&fixture);
    for (int64_t second = 0; second < LONG; second += 2)
        fixture_feed_counted(&fixture, 1, second, &bob, u"pc");
    for (int64_t i = 0; i < CLIENTS; i++) {
        char16_t client[] = {u'c', (char16_t)(0x4e00 + i), 0};
        fixture_feed_counted(&fixture, 1, LONG + 2 * i, &bob, client);
    }
    assert_int_equal(fixture_counters(&fixture).lost, 0);
    fixture_end(&fixture);
    fixture_start(&fixture);
    for (int64_t i = 0; i < CLIENTS; i++) {
        char16_t client[] = {u'c', (char16_t)(0x4e00 + i), 0};
        fixture_feed_counted(&fixture, HISTORY_CHUNK / 2, 100 * i + 1, &bob, client);
        fixture_feed_counted(&fixture, HISTORY_CHUNK / 2, 100 * i + 100, &bob, client);
    }
    assert_int_equal(fixture_counters(&fixture).lost, 0);
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
            assert_int_equal(fixture_feed_fresh(&fixture, 0, 9), GUARD_EXEMPT);
        assert_int_equal(fixture_feed_fresh(&fixture, 0, 10 * i + 1), GUARD_COUNTED);
    }
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(fixture_feed_fresh(&fixture, 0, 10 * i + 9), GUARD_EXEMPT);
    assert_int_equal(fixture_counters(&fixture).lost, 0);
    assert_int_equal(fixture_counters(&fixture).accounts, 64);
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_short_of_a_limit_survives_a_flood_of_fresh_names),
        cmocka_unit_test(all_the_room_there_is_can_be_used),
        cmocka_unit_test(all_the_clients_there_is_room_for_can_be_held),
        cmocka_unit_test(what_is_held_side_by_side_stays_apart),
        cmocka_unit_test(the_farthest_goes_first_then_the_longest_silent),
        cmocka_unit_test(forgetting_who_left_every_window_is_no_loss),
        cmocka_unit_test(who_left_every_window_goes_before_whoever_is_farther),
        cmocka_unit_test(who_signed_in_last_is_not_forgotten),
        cmocka_unit_test(who_is_farther_from_its_limit_goes_first),
        cmocka_unit_test(clients_that_left_every_window_take_no_room),
        cmocka_unit_test(exempt_accounts_push_nobody_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
