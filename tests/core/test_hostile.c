/* Somebody who knows the rules, against the guard: docs/security.md names these. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "guard_fixture.h"

#define DEFAULTS u"50/10m,200/1h,clients:8/10m"

/* The default limits. Returns after how many sign-ins, one each `every` seconds from one of
 * `clients` names in turn, they are crossed; 0: not within two days. */
static uint32_t crossed_after(int64_t every, unsigned clients)
{
    static const char16_t *const names[] = {u"a", u"b", u"c", u"d", u"e", u"f", u"g", u"h"};
    struct identity bob = fixture_user(u"bob", 1);
    struct fixture fixture;
    uint32_t count = 0;
    enum guard_outcome outcome = GUARD_COUNTED;

    fixture_prepare(&fixture, DEFAULTS);
    fixture_start(&fixture);
    for (int64_t at = 0; at < 2 * 86400 && outcome == GUARD_COUNTED; at += every, count++)
        outcome = fixture_feed(&fixture, at, &bob, names[count % clients]);
    fixture_end(&fixture);
    return outcome == GUARD_VERDICT ? count : 0;
}

/* What the short limit lets pass, the long one stops; below both an account gets through at most
 * 199 sign-ins an hour, from 7 client names within ten minutes, which is what remains. */
static void who_goes_slowly_meets_the_longer_limit(void **state)
{
    (void)state;
    assert_int_equal(crossed_after(1, 1), 50);
    assert_int_equal(crossed_after(12, 1), 50);  /* the 50th falls within ten minutes */
    assert_int_equal(crossed_after(13, 1), 200); /* no longer, but the 200th within the hour */
    assert_int_equal(crossed_after(18, 1), 200);
    assert_int_equal(crossed_after(19, 1), 0);
    assert_int_equal(crossed_after(60, 8), 8);
    assert_int_equal(crossed_after(60, 7), 0);
}

/* He signs in 49 times, then for ten minutes as many others as memory holds twice over, then once
 * more. */
static void fresh_names_do_not_push_out_the_one_that_is_abused(void **state)
{
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1);

    (void)state;
    fixture_prepare(&fixture, DEFAULTS);
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 49, 0, &bob, u"pc");
    for (uint32_t i = 0; i < 2 * fixture.settings.max_accounts; i++) {
        struct identity other = fixture_user(u"other", 1000 + i);

        assert_int_equal(fixture_feed(&fixture, 1 + i % 500, &other, u"pc"), GUARD_COUNTED);
    }
    assert_int_equal(fixture_feed(&fixture, 599, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.count, 50);
    fixture_end(&fixture);
}

/* Setting the clock back in the midst of a burst neither hides it nor makes it count twice. */
static void a_clock_that_is_set_back_does_not_hide_a_burst(void **state)
{
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1);

    (void)state;
    fixture_prepare(&fixture, DEFAULTS);
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 49, 3600, &bob, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &bob, u"pc"), GUARD_VERDICT);
    fixture_end(&fixture);

    fixture_prepare(&fixture, DEFAULTS);
    fixture_start(&fixture);
    for (int back = 0; back < 3; back++) { /* an hour that comes three times */
        fixture_feed_counted(&fixture, 20, 0, &bob, u"pc");
        fixture_feed_counted(&fixture, 20, 3500, &bob, u"pc");
    }
    fixture_end(&fixture);
}

/* Whoever can forge sign-ins of all the house locks as many as the budget says. */
static void not_everybody_can_be_locked(void **state)
{
    struct fixture fixture;
    unsigned locked = 0, flagged = 0;

    (void)state;
    fixture_prepare(&fixture, u"5/10m");
    fixture.settings.max_accounts = 256;
    fixture_start(&fixture);
    for (uint32_t i = 0; i < 200; i++) {
        struct identity somebody = fixture_user(u"somebody", 1 + i);

        fixture_feed_counted(&fixture, 4, i, &somebody, u"pc");
        assert_int_equal(fixture_feed(&fixture, i, &somebody, u"pc"), GUARD_VERDICT);
        locked += fixture.verdict.flag == FLAG_NOT;
        flagged += fixture.verdict.flag == FLAG_BUDGET;
    }
    assert_int_equal(locked, 5);
    assert_int_equal(flagged, 195);
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_goes_slowly_meets_the_longer_limit),
        cmocka_unit_test(fresh_names_do_not_push_out_the_one_that_is_abused),
        cmocka_unit_test(a_clock_that_is_set_back_does_not_hide_a_burst),
        cmocka_unit_test(not_everybody_can_be_locked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
