/* How often a guard looks at the windows of an account that is far from its limits, and that it
 * knows how far that is all the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "core/guard_state.h"
#include "guard_fixture.h"

/* One sign-in, to be counted. Whether it was put behind the others without a look at the windows:
 * a look says anew how many more may be. */
static bool is_quiet(struct fixture *fixture, int64_t seconds, const struct identity *who,
                     const char16_t *client)
{
    enum { MARK = 10000 };
    struct history *history = &fixture->guard->accounts.at[fixture->place.slot].history;
    if (history->quiet > 0)
        history->quiet = (uint16_t)(history->quiet + MARK);
    fixture_feed_counted(fixture, 1, seconds, who, client);
    if (history->quiet < MARK - 1)
        return false;
    history->quiet = (uint16_t)(history->quiet - MARK);
    return true;
}

/* One sign-in a minute for 17 hours, by two clients in turn: ten in ten minutes, which is an eighth
 * of 80. The windows are looked at where the next eighth could be reached, where a client comes
 * after the other one, and while sign-ins of the other one leave; some of these fall together. */
static void whoever_is_far_from_its_limits_is_seldom_looked_at(void **state)
{
    enum { MINUTES = 1024, TENTHS = (MINUTES - 1) / 10 };
    static const struct {
        const char16_t *limits;
        uint32_t in_turn; /* sign-ins of one client before one of the other */
        uint32_t looks_max, level;
    } cases[] = {
        /* 10 are held, so with 10 more there could be 20. */
        {u"80/10m", MINUTES, TENTHS, 1},
        {u"80/10m", 512, TENTHS + 9, 1},
        {u"80/10m", 128, TENTHS + 7 * 9 - 6, 1},
        {u"80/10m", 32, TENTHS + 31 * 9 - 6, 1},
        /* One client name of 4 is as much as 20 of 80, and two are 40. */
        {u"80/10m,clients:4/10m", MINUTES, 64, 2},
        {u"80/10m,clients:4/10m", 512, 64 + 9, 2},
        {u"80/10m,clients:4/10m", 8, 889, 4},
        /* One of 20: with two more there could be an eighth. */
        {u"80/10m,20/1m", MINUTES, MINUTES / 4 + 2, 1},
        /* 120 of 400: with 30 more there could be 150; another client has 120 to wait for. */
        {u"80/10m,400/2h", MINUTES, 56, 2},
        {u"80/10m,400/2h", 512, 56 + 113, 2},
    };
    struct identity bob = fixture_user(u"bob", 1);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture fixture;
        uint32_t looks = 0;
        fixture_prepare(&fixture, cases[i].limits);
        fixture_start(&fixture);
        fixture_feed_counted(&fixture, 1, 0, &bob, u"a");
        for (uint32_t minute = 1; minute < MINUTES; minute++)
            looks += !is_quiet(&fixture, (int64_t)minute * 60, &bob,
                               minute / cases[i].in_turn % 2 ? u"b" : u"a");
        assert_in_range(looks, 1, cases[i].looks_max);
        assert_int_equal(fixture.guard->accounts.at[fixture.place.slot].level, cases[i].level);
        fixture_end(&fixture);
    }
}

/* Whoever comes for the first time, with another client, or after a long time. */
static void what_was_looked_at_rests_at_once(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1);
    fixture_prepare(&fixture, u"80/10m,clients:8/10m");
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 1, 0, &bob, u"a");
    assert_true(is_quiet(&fixture, 1, &bob, u"a"));
    assert_false(is_quiet(&fixture, 2, &bob, u"b"));
    assert_true(is_quiet(&fixture, 3, &bob, u"b"));
    assert_false(is_quiet(&fixture, 10000, &bob, u"b"));
    assert_true(is_quiet(&fixture, 10001, &bob, u"b"));
    /* Two more are less than a limit, even in the last eighth. */
    fixture_feed_counted(&fixture, 70, 10001, &bob, u"b");
    assert_false(is_quiet(&fixture, 10002, &bob, u"a"));
    assert_true(is_quiet(&fixture, 10003, &bob, u"a"));
    fixture_end(&fixture);
}

/* Once its limit was near again, but not crossed; from then on as any other. */
static void whoever_was_flagged_rests_when_that_is_over(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity mail = fixture_user(u"MAIL01$", 1);
    mail.kind = IDENTITY_MACHINE;
    fixture_prepare(&fixture, u"80/10m");
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 79, 0, &mail, u"a");
    assert_int_equal(fixture_feed(&fixture, 0, &mail, u"a"), GUARD_VERDICT);
    assert_false(is_quiet(&fixture, 599, &mail, u"a"));
    assert_false(is_quiet(&fixture, 599, &mail, u"a"));
    fixture_feed_counted(&fixture, 70, 1000, &mail, u"a");
    assert_true(is_quiet(&fixture, 1000, &mail, u"a"));
    assert_false(is_quiet(&fixture, 5000, &mail, u"a"));
    assert_true(is_quiet(&fixture, 5001, &mail, u"a"));
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_is_far_from_its_limits_is_seldom_looked_at),
        cmocka_unit_test(what_was_looked_at_rests_at_once),
        cmocka_unit_test(whoever_was_flagged_rests_when_that_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
