/* Who is forgotten when the guard is full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "core/history.h"
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
        assert_int_equal(feed_fresh(&fixture, 0, i % chunks % ACCOUNTS), GUARD_COUNTED);
    assert_int_equal(fixture_counters(&fixture).accounts, ACCOUNTS);
    assert_int_equal(fixture_counters(&fixture).lost, 0);
    assert_int_equal(feed_fresh(&fixture, 0, 0), GUARD_COUNTED);
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
    /* Each is at half its limit, or far from it, but only for a minute. */
    static const char16_t *const limits[] = {u"2/1m", u"100/1m"};
    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct fixture fixture;
        fixture_prepare(&fixture, limits[i]);
        fixture_start(&fixture);
        for (uint32_t n = 0; n < 640; n++)
            assert_int_equal(feed_fresh(&fixture, n, n), GUARD_COUNTED);
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
            assert_int_equal(feed_fresh(&fixture, 60, i), GUARD_COUNTED);
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
            assert_int_equal(feed_fresh(&fixture, last, i), GUARD_COUNTED);
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
            assert_int_equal(feed_fresh(&fixture, last * PAUSE, i % OTHERS), GUARD_COUNTED);
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
    assert_true(size > 0 && size < 67000000);
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

static bool takes_limit(uint32_t count, uint32_t window)
{
    struct fixture fixture;
    fixture_prepare(&fixture, u"50/10m");
    fixture.limits.limits[0] = (struct limit){LIMIT_SIGN_INS, count, window};
    return guard_size(&fixture.settings) > 0;
}

static void every_bound_is_itself_in_range(void **state)
{
    (void)state;
    static struct text exempt[GUARD_EXEMPT_MAX + 1];
    static struct guard_override overrides[GUARD_OVERRIDES_MAX + 1];
    struct fixture fixture;
    struct guard_settings *settings = &fixture.settings;
    assert_true(takes_limit(1, 1) && takes_limit(LIMIT_COUNT_MAX, LIMIT_WINDOW_MAX));
    assert_false(takes_limit(0, 1) || takes_limit(LIMIT_COUNT_MAX + 1, 1));
    assert_false(takes_limit(1, 0) || takes_limit(1, LIMIT_WINDOW_MAX + 1));
    fixture_prepare(&fixture, u"50/10m");
    settings->max_accounts = GUARD_ACCOUNTS_MIN;
    settings->max_locks_per_hour = GUARD_LOCKS_MAX;
    assert_true(guard_size(settings) > 0);
    settings->max_accounts = GUARD_ACCOUNTS_MAX;
    assert_true(guard_size(settings) > 0);
    settings->exempt = exempt;
    settings->exempt_count = GUARD_EXEMPT_MAX + 1;
    assert_int_equal(guard_size(settings), 0);
    settings->exempt_count = GUARD_EXEMPT_MAX;
    assert_true(guard_size(settings) > 0);
    for (int i = 0; i <= GUARD_OVERRIDES_MAX; i++)
        overrides[i].limits = fixture.limits;
    settings->overrides = overrides;
    settings->override_count = GUARD_OVERRIDES_MAX + 1;
    assert_int_equal(guard_size(settings), 0);
    settings->override_count = GUARD_OVERRIDES_MAX;
    assert_true(guard_size(settings) > 0);
    overrides[GUARD_OVERRIDES_MAX - 1].limits.count = LIMIT_SET_MAX + 1;
    assert_int_equal(guard_size(settings), 0);
    for (int i = 0; i < LIMIT_SET_MAX; i++)
        overrides[0].limits.limits[i] = fixture.limits.limits[0];
    overrides[0].limits.count = LIMIT_SET_MAX;
    settings->override_count = 1;
    assert_true(guard_size(settings) > 0);
}

static void a_guard_needs_all_its_memory(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_prepare(&fixture, u"50/10m");
    fixture_start(&fixture);
    size_t size = guard_size(&fixture.settings);
    assert_null(guard_init(fixture.memory, size - 1, &fixture.settings, &(struct hash_key){1, 2}));
    fixture.settings.max_accounts = 0;
    assert_null(guard_init(fixture.memory, size, &fixture.settings, &(struct hash_key){1, 2}));
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_short_of_a_limit_survives_a_flood_of_fresh_names),
        cmocka_unit_test(at_half_a_limit_nobody_is_forgotten_for_a_fresh_name),
        cmocka_unit_test(all_the_room_there_is_can_be_used),
        cmocka_unit_test(all_the_clients_there_is_room_for_can_be_held),
        cmocka_unit_test(what_is_held_side_by_side_stays_apart),
        cmocka_unit_test(where_all_are_near_a_fresh_one_finds_no_room),
        cmocka_unit_test(where_all_are_near_a_fresh_client_finds_no_room),
        cmocka_unit_test(the_farthest_goes_first_then_the_longest_silent),
        cmocka_unit_test(forgetting_who_left_every_window_is_no_loss),
        cmocka_unit_test(who_left_every_window_goes_before_whoever_is_farther),
        cmocka_unit_test(who_signed_in_last_is_not_forgotten),
        cmocka_unit_test(who_is_farther_from_its_limit_goes_first),
        cmocka_unit_test(clients_that_left_every_window_take_no_room),
        cmocka_unit_test(the_locked_and_the_flagged_are_not_forgotten),
        cmocka_unit_test(a_guard_full_of_locked_accounts_takes_no_other),
        cmocka_unit_test(short_of_sign_ins_or_clients_the_nearest_still_crosses),
        cmocka_unit_test(of_equals_some_give_way_so_that_others_cross),
        cmocka_unit_test(exempt_accounts_push_nobody_out),
        cmocka_unit_test(memory_is_bounded_and_in_proportion),
        cmocka_unit_test(settings_out_of_range_get_no_guard),
        cmocka_unit_test(every_bound_is_itself_in_range),
        cmocka_unit_test(a_guard_needs_all_its_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
