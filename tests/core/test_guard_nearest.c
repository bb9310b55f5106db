/* guard_nearest: what it says is counted anew from all sign-ins; and asking changes nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/history.h"
#include "guard_fixture.h"

enum { EVENTS = 400, HISTORIES = 200 };

static const char16_t *const clients[] = {u"a", u"b", u"c", u"d", u"e", u"f"};

static struct {
    int64_t time;
    uint32_t client;
} past[EVENTS];

static uint32_t random_state;

static uint32_t random_below(uint32_t below)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)random_state * below >> 32);
}

static uint32_t counted_by(const struct limit *limit, size_t events, int64_t now)
{
    uint32_t sign_ins = 0, seen = 0, names = 0;

    for (size_t i = 0; i < events; i++) {
        if (past[i].time > now - limit->window) {
            sign_ins++;
            seen |= 1u << past[i].client;
        }
    }
    for (; seen != 0; seen >>= 1) {
        names += seen & 1;
    }
    return limit->subject == LIMIT_CLIENTS ? names : sign_ins;
}

static void assert_nearest(struct fixture *fixture, size_t events, int64_t now)
{
    const struct limit_set *limits = &fixture->limits;
    uint32_t nearest = 0, counted;
    struct limit limit;

    for (uint32_t i = 1; i < limits->count; i++) {
        uint32_t before = counted_by(&limits->limits[nearest], events, now);

        if (guard_nearness(&limits->limits[i], counted_by(&limits->limits[i], events, now)) >
            guard_nearness(&limits->limits[nearest], before)) {
            nearest = i;
        }
    }
    assert_true(guard_nearest(fixture->guard, &fixture->place, &limit, &counted));
    assert_memory_equal(&limit, &limits->limits[nearest], sizeof limit);
    assert_int_equal(counted, counted_by(&limit, events, now));
}

/* One account until it crosses a limit, fed to a guard that is asked and to one that is not. */
static bool run_history(uint32_t seed)
{
    struct fixture asked, silent;
    const struct identity identity = fixture_user(u"bob", 1);
    int64_t now = 0;
    bool crossed = false;

    random_state = seed * 2654435761u;
    fixture_prepare(&asked, u"12/1m,30/10m,clients:5/5m,40/1h");
    fixture_prepare(&silent, u"12/1m,30/10m,clients:5/5m,40/1h");
    fixture_start(&asked);
    fixture_start(&silent);
    for (size_t i = 0; i < EVENTS && !crossed; i++) {
        bool late = i > 0 && random_below(8) == 0;

        past[i].time = late ? now - 1 - random_below(GUARD_LATENESS) : now + random_below(100);
        past[i].client = random_below(1 + seed % 6);
        now = past[i].time > now ? past[i].time : now;
        enum guard_outcome outcome =
            fixture_feed(&asked, past[i].time, &identity, clients[past[i].client]);

        assert_int_equal(outcome,
                         fixture_feed(&silent, past[i].time, &identity, clients[past[i].client]));
        crossed = outcome == GUARD_VERDICT;
        if (!crossed) {
            assert_nearest(&asked, i + 1, now);
        }
    }
    fixture_end(&asked);
    fixture_end(&silent);
    return crossed;
}

static void test_agrees_with_a_recount(void **state)
{
    int crossed = 0;

    (void)state;
    for (uint32_t seed = 1; seed <= HISTORIES; seed++) {
        crossed += run_history(seed);
    }
    assert_in_range(crossed, HISTORIES / 10, HISTORIES);
}

static void test_says_when_nothing_is_counted(void **state)
{
    struct fixture fixture;
    const struct identity bob = fixture_user(u"bob", 1), exempt = fixture_user(u"ann", 2);
    const struct text names[] = {exempt.name};
    const struct guard_place none = {.slot = 0};
    struct limit limit = {LIMIT_CLIENTS, 9, 9};
    uint32_t counted = 9;

    (void)state;
    fixture_prepare(&fixture, u"2/1m");
    fixture.settings.exempt = names;
    fixture.settings.exempt_count = 1;
    fixture_start(&fixture);
    assert_false(guard_nearest(fixture.guard, &none, &limit, &counted));
    assert_int_equal(fixture_feed(&fixture, 0, &exempt, u"a"), GUARD_EXEMPT);
    assert_false(guard_nearest(fixture.guard, &fixture.place, &limit, &counted));
    fixture_feed_counted(&fixture, 1, 0, &bob, u"a");
    const struct guard_place place = fixture.place;

    assert_int_equal(fixture_feed(&fixture, 1, &bob, u"a"), GUARD_VERDICT);
    assert_false(guard_nearest(fixture.guard, &place, &limit, &counted));
    /* The account that is there now is another one, though at the same place. */
    assert_true(guard_release(fixture.guard, &bob));
    fixture_feed_counted(&fixture, 1, 2, &bob, u"a");
    assert_int_equal(fixture.place.slot, place.slot);
    assert_false(guard_nearest(fixture.guard, &place, &limit, &counted));
    assert_int_equal(limit.window, 9);
    assert_int_equal(counted, 9);
    fixture_end(&fixture);
}

/* Long after the last sign-in, when no window, or only the longest one, has any of them. */
static void test_asked_late_it_disturbs_nothing(void **state)
{
    static const int64_t waits[] = {61, 700};
    const struct identity bob = fixture_user(u"bob", 1), ann = fixture_user(u"ann", 2);
    struct guard_place place;
    struct fixture fixture;
    struct limit limit;
    uint32_t counted;

    (void)state;
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        fixture_prepare(&fixture, u"24/1m,60/10m");
        fixture_start(&fixture);
        fixture_feed_counted(&fixture, HISTORY_CHUNK, 0, &bob, u"a");
        place = fixture.place;
        fixture_feed_counted(&fixture, 1, waits[i], &ann, u"a");
        if (guard_nearest(fixture.guard, &place, &limit, &counted)) {
            assert_int_equal(counted, i == 0 ? HISTORY_CHUNK : 0);
        }
        fixture_feed_counted(&fixture, 23, waits[i] + 1, &bob, u"a");
        assert_true(guard_nearest(fixture.guard, &fixture.place, &limit, &counted));
        assert_int_equal(counted, 23);
        assert_int_equal(fixture_feed(&fixture, waits[i] + 1, &bob, u"a"), GUARD_VERDICT);
        assert_int_equal(fixture.verdict.count, 24);
        fixture_end(&fixture);
    }
}

static void test_as_many_windows_as_there_may_be(void **state)
{
    const struct identity bob = fixture_user(u"bob", 1), ann = fixture_user(u"ann", 2);
    struct fixture fixture;
    struct limit limit;
    uint32_t counted;

    (void)state;
    fixture_prepare(&fixture, u"clients:9/1m,90/2m,90/3m,90/4m,90/5m,90/6m,90/7m,90/8m,90/9m,"
                              u"90/10m,90/11m,90/12m,90/13m,90/14m,90/15m,90/16m");
    assert_int_equal(fixture.limits.count, LIMIT_SET_MAX);
    fixture_start(&fixture);
    for (int64_t i = 0; i < 5; i++) {
        fixture_feed_counted(&fixture, 3, i, &bob, clients[i]);
        fixture_feed_counted(&fixture, 3, i, &ann, clients[i % 3]);
    }
    assert_true(guard_nearest(fixture.guard, &fixture.place, &limit, &counted));
    assert_int_equal(counted, 3);
    for (int64_t i = 5; i < 25; i++) { /* now and then with a look at the windows */
        fixture_feed_counted(&fixture, 3, i, &bob, clients[4]);
    }
    assert_true(guard_nearest(fixture.guard, &fixture.place, &limit, &counted));
    assert_int_equal(limit.subject, LIMIT_SIGN_INS);
    assert_int_equal(counted, 75);
    fixture_end(&fixture);
}

/* A limit that hardly anything counts to is nearer than one that nothing does. */
static void test_the_least_is_nearer_than_nothing(void **state)
{
    const struct identity bob = fixture_user(u"bob", 1);
    struct fixture fixture;
    struct limit limit;
    uint32_t counted;

    (void)state;
    fixture_prepare(&fixture, u"clients:8/10m,1000/1h");
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 1, 0, &bob, u"a");
    assert_true(guard_nearest(fixture.guard, &fixture.place, &limit, &counted));
    assert_int_equal(guard_nearness(&limit, counted), 1);
    assert_int_equal(limit.subject, LIMIT_SIGN_INS);
    fixture_end(&fixture);
}

static void test_nearness(void **state)
{
    const struct limit sign_ins = {LIMIT_SIGN_INS, 3, 60}, names = {LIMIT_CLIENTS, 8, 60};

    (void)state;
    assert_int_equal(guard_nearness(&sign_ins, 0), 0);
    assert_int_equal(guard_nearness(&sign_ins, 1), 333);
    assert_int_equal(guard_nearness(&sign_ins, 3), GUARD_NEARNESS);
    assert_int_equal(guard_nearness(&names, 1), 0);
    assert_int_equal(guard_nearness(&names, 2), 250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agrees_with_a_recount),
        cmocka_unit_test(test_says_when_nothing_is_counted),
        cmocka_unit_test(test_asked_late_it_disturbs_nothing),
        cmocka_unit_test(test_as_many_windows_as_there_may_be),
        cmocka_unit_test(test_the_least_is_nearer_than_nothing),
        cmocka_unit_test(test_nearness),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
