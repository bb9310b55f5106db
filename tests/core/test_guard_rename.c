/* What becomes of an account that goes by another name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "core/guard_state.h"
#include "guard_fixture.h"

/* With limits of its own under one name, under the general ones by another. */
static void prepare_renaming(struct fixture *fixture, struct guard_override *own,
                             const char16_t *limits)
{
    static const struct text exempt[] = {TEXT_OF(u"D\\exempt")};
    fixture_prepare(fixture, u"200/1h,clients:30/1h");
    assert_true(limit_set_parse(text_of(limits), &own->limits));
    own->account = TEXT_OF(u"D\\own");
    fixture->settings.overrides = own;
    fixture->settings.override_count = 1;
    fixture->settings.exempt = exempt;
    fixture->settings.exempt_count = 1;
    fixture_start(fixture);
}

/* Whatever was counted before, it goes on as if the account had always had that name. */
static void what_is_held_counts_under_the_limits_of_another_name(void **state)
{
    (void)state;
    static const char16_t *const limits[] = {u"40/5m,clients:9/2m,12/10s", u"33/1h,9/20s",
                                             u"clients:7/30m", u"190/50m,clients:25/40m"};
    uint32_t seed = 5, compared = 0;
    for (int round = 0; round < 4000; round++) {
        struct fixture renamed, fresh;
        struct guard_override own[2];
        struct identity bare = fixture_user(u"own", 1), joined = fixture_user(u"D\\own", 1);
        prepare_renaming(&renamed, &own[0], limits[round % 4]);
        prepare_renaming(&fresh, &own[1], limits[round % 4]);
        int before = round % 60, seconds = 0;
        enum guard_outcome outcome = GUARD_COUNTED;
        for (int i = 0; i < 200 && outcome == GUARD_COUNTED; i++) {
            seed = seed * 1664525 + 1013904223;
            seconds += (int)(seed >> 16) % (round % 7 == 0 ? 90 : 9);
            const char16_t client[] = {(char16_t)(u'a' + (seed >> 24) % (uint32_t)(1 + round % 13)),
                                       0};
            if (i == before) {
                guard_rename(renamed.guard, &joined);
                bare = joined;
            }
            outcome = fixture_feed(&fresh, seconds, &joined, client);
            enum guard_outcome other = fixture_feed(&renamed, seconds, &bare, client);
            if (i < before) {
                assert_int_equal(other, GUARD_COUNTED);
                continue;
            }
            assert_int_equal(other, outcome);
            if (outcome == GUARD_VERDICT) {
                compared++;
                assert_int_equal(renamed.verdict.limit.count, fresh.verdict.limit.count);
                assert_int_equal(renamed.verdict.limit.window, fresh.verdict.limit.window);
                assert_int_equal(renamed.verdict.count, fresh.verdict.count);
                assert_int_equal(renamed.verdict.clients, fresh.verdict.clients);
                assert_int_equal(renamed.verdict.first_record, fresh.verdict.first_record);
            }
        }
        fixture_end(&renamed);
        fixture_end(&fresh);
    }
    assert_true(compared > 500);
}

static void an_account_is_exempt_by_another_name(void **state)
{
    (void)state;
    struct fixture fixture;
    struct guard_override own;
    struct identity bare = fixture_user(u"exempt", 1), joined = fixture_user(u"D\\exempt", 1),
                    other = fixture_user(u"D\\other", 1), nobody = fixture_user(u"D\\own", 2);
    prepare_renaming(&fixture, &own, u"3/1h");
    guard_rename(fixture.guard, &nobody); /* not known: nothing to decide */
    fixture_feed_counted(&fixture, 199, 0, &bare, u"pc");
    guard_rename(fixture.guard, &joined);
    assert_int_equal(fixture_feed(&fixture, 1, &joined, u"pc"), GUARD_EXEMPT);
    assert_int_equal(fixture_feed(&fixture, 1, &joined, u"other"), GUARD_EXEMPT);
    assert_int_equal(fixture.guard->accounts.at[fixture.place.slot].plan, 0);
    guard_rename(fixture.guard, &other);
    fixture_feed_counted(&fixture, 199, 2, &other, u"pc"); /* from zero */
    assert_int_equal(fixture_feed(&fixture, 2, &other, u"pc"), GUARD_VERDICT);
    guard_rename(fixture.guard, &nobody);
    guard_rename(fixture.guard, &bare);
    assert_int_equal(fixture_feed(&fixture, 3, &bare, u"pc"), GUARD_HELD);
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_held_counts_under_the_limits_of_another_name),
        cmocka_unit_test(an_account_is_exempt_by_another_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
