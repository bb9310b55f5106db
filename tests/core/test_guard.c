/* What the guard decides, case by case; test_guard_histories.c holds it against a naive one, and
 * test_guard_room.c fills it up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "guard_fixture.h"

static void the_event_that_reaches_the_count_crosses(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"CONTOSO\\bob", 1);
    fixture_prepare(&fixture, u"50/10m,200/1h,clients:8/10m");
    fixture_start(&fixture);
    for (int i = 0; i < 49; i++)
        fixture_feed_counted(&fixture, 1, i, &bob, u"pc");
    assert_int_equal(fixture_feed(&fixture, 49, &bob, u"pc"), GUARD_VERDICT);
    const struct verdict *verdict = &fixture.verdict;
    assert_int_equal(verdict->flag, FLAG_NOT);
    assert_int_equal(verdict->limit.count, 50);
    assert_int_equal(verdict->count, 50);
    assert_int_equal(verdict->sign_ins, 50);
    assert_int_equal(verdict->clients, 1);
    assert_int_equal(verdict->first_record, 1);
    assert_int_equal(verdict->last_record, 50);
    assert_int_equal(verdict->first_time, FIXTURE_START);
    assert_int_equal(verdict->last_time, FIXTURE_START + 49);
    assert_true(text_equal(text_of(verdict->account), bob.name));
    assert_int_equal(verdict->kind, IDENTITY_USER);
    assert_memory_equal(verdict->sid, bob.sid, bob.sid_size);
    assert_int_equal(fixture_feed(&fixture, 50, &bob, u"pc"), GUARD_HELD);
    fixture_end(&fixture);
}

static void a_window_ends_to_the_second(void **state)
{
    (void)state;
    for (int window = 1; window <= 20; window++) {
        for (int gap = window - 1; gap <= window + 1; gap++) {
            struct fixture fixture;
            struct identity bob = fixture_user(u"bob", 1);
            fixture_prepare(&fixture, u"2/1s,clients:2/1s");
            fixture.limits.limits[0].window = fixture.limits.limits[1].window = (uint32_t)window;
            fixture_start(&fixture);
            fixture_feed_counted(&fixture, 1, 0, &bob, u"a");
            assert_int_equal(fixture_feed(&fixture, gap, &bob, u"b"),
                             gap < window ? GUARD_VERDICT : GUARD_COUNTED);
            fixture_end(&fixture);
        }
    }
}

static void all_spellings_of_a_sid_are_one_account(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"CONTOSO\\bob", 1),
                    other = fixture_user(u"CONTOSO\\bob", 2);
    static const char16_t *const spellings[] = {u"bob", u"CONTOSO\\bob", u"bob@contoso.com"};
    fixture_prepare(&fixture, u"3/1m");
    fixture_start(&fixture);
    for (uint64_t i = 0; i < 3; i++) {
        struct relay_event event = {
            .record = i, .time = FIXTURE_START, .account = text_of(spellings[i])};
        fixture_feed(&fixture, 0, &other,
                     u"pc"); /* another SID of the same name is somebody else */
        if (i < 2)
            assert_int_equal(guard_feed(fixture.guard, &event, &bob, &fixture.verdict),
                             GUARD_COUNTED);
        else
            assert_int_equal(guard_feed(fixture.guard, &event, &bob, &fixture.verdict),
                             GUARD_VERDICT);
    }
    assert_true(text_equal(text_of(fixture.verdict.account), TEXT_OF(u"bob")));
    assert_true(text_equal(text_of(fixture.verdict.name), TEXT_OF(u"CONTOSO\\bob")));
    assert_memory_equal(fixture.verdict.sid, bob.sid, bob.sid_size);
    fixture_end(&fixture);
}

static void unresolved_names_are_counted_folded_and_only_flagged(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity a = fixture_unresolved(u"nobody"), b = fixture_unresolved(u"NoBody");
    fixture_prepare(&fixture, u"2/1m");
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 1, 0, &a, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &b, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_UNRESOLVED);
    assert_int_equal(fixture.verdict.sid_size, 0);
    assert_int_equal(fixture_counters(&fixture).budget_left, 5);
    fixture_end(&fixture);
}

/* It goes by the identity's name, also where that is not the one in the event. */
static void the_name_as_written_is_not_what_is_counted_by(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity a = fixture_unresolved(u"a"), b = fixture_unresolved(u"b");
    struct relay_event event = {.time = FIXTURE_START, .account = b.name};
    fixture_prepare(&fixture, u"2/1m");
    fixture_start(&fixture);
    assert_int_equal(guard_feed(fixture.guard, &event, &a, &fixture.verdict), GUARD_COUNTED);
    fixture_feed_counted(&fixture, 1, 0, &b, u"pc");
    assert_int_equal(guard_feed(fixture.guard, &event, &a, &fixture.verdict), GUARD_VERDICT);
    assert_int_equal(fixture_feed(&fixture, 0, &b, u"pc"), GUARD_VERDICT);
    fixture_end(&fixture);
}

static void the_first_reason_that_applies_is_given(void **state)
{
    (void)state;
    static const struct {
        enum identity_kind kind;
        bool flag_only, observing, corroborated;
        uint32_t budget;
        enum flag_reason flag;
    } cases[] = {{IDENTITY_UNRESOLVED, true, true, false, 0, FLAG_UNRESOLVED},
                 {IDENTITY_MACHINE, true, true, false, 0, FLAG_MACHINE},
                 {IDENTITY_PROTECTED, true, true, false, 0, FLAG_PROTECTED},
                 {IDENTITY_USER, true, true, false, 0, FLAG_ACTION},
                 {IDENTITY_USER, false, true, false, 0, FLAG_OBSERVE},
                 {IDENTITY_USER, false, false, false, 0, FLAG_QUEUE},
                 {IDENTITY_USER, false, false, true, 0, FLAG_BUDGET},
                 {IDENTITY_USER, false, false, true, 1, FLAG_NOT},
                 {IDENTITY_ASSUMED, false, false, true, 1, FLAG_NOT}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture fixture;
        struct identity who = fixture_user(u"bob", 1);
        who.kind = cases[i].kind;
        fixture_prepare(&fixture, u"1/1m");
        fixture.settings.flag_only = cases[i].flag_only;
        fixture.settings.max_locks_per_hour = cases[i].budget;
        fixture_start(&fixture);
        guard_hinder(fixture.guard, cases[i].observing ? FLAG_OBSERVE : FLAG_NOT);
        guard_corroborate(fixture.guard, cases[i].corroborated ? 60 : 61);
        assert_int_equal(fixture_feed(&fixture, 0, &who, u"pc"), GUARD_VERDICT);
        assert_int_equal(fixture.verdict.flag, cases[i].flag);
        assert_int_equal(fixture_counters(&fixture).locks, cases[i].flag == FLAG_NOT);
        fixture_end(&fixture);
    }
}

static void exemption_goes_by_the_proven_name_only(void **state)
{
    (void)state;
    struct fixture fixture;
    const struct text exempt[] = {TEXT_OF(u"svc-*"), TEXT_OF(u"CONTOSO\\scanner")};
    struct identity service = fixture_user(u"CONTOSO\\svc-scan", 1);
    struct identity bob = fixture_user(u"CONTOSO\\bob", 2);
    fixture_prepare(&fixture, u"2/1m");
    fixture.settings.exempt = exempt;
    fixture.settings.exempt_count = 2;
    fixture_start(&fixture);
    for (int i = 0; i < 10; i++)
        assert_int_equal(fixture_feed(&fixture, i, &service, u"pc"), GUARD_EXEMPT);
    /* bob writes himself as one who is exempt, and it helps him nothing. */
    struct relay_event event = {.time = FIXTURE_START, .account = TEXT_OF(u"CONTOSO\\scanner")};
    assert_int_equal(guard_feed(fixture.guard, &event, &bob, &fixture.verdict), GUARD_COUNTED);
    assert_int_equal(guard_feed(fixture.guard, &event, &bob, &fixture.verdict), GUARD_VERDICT);
    struct guard_counters counters = fixture_counters(&fixture);
    assert_int_equal(counters.exempt, 10);
    assert_int_equal(counters.events, 12);
    fixture_end(&fixture);
}

static void account_limits_replace_the_general_ones(void **state)
{
    (void)state;
    struct fixture fixture;
    struct guard_override overrides[2] = {{.account = TEXT_OF(u"scan*")},
                                          {.account = TEXT_OF(u"scanner")}};
    struct identity scanner = fixture_user(u"CONTOSO\\scanner", 1), bob = fixture_user(u"bob", 2);
    assert_true(limit_set_parse(TEXT_OF(u"5/1m"), &overrides[0].limits));
    assert_true(limit_set_parse(TEXT_OF(u"1/1m"), &overrides[1].limits));
    fixture_prepare(&fixture, u"2/1m,clients:2/1m");
    fixture.settings.overrides = overrides;
    fixture.settings.override_count = 2;
    fixture_start(&fixture);
    for (int i = 0; i < 4; i++)
        fixture_feed_counted(&fixture, 1, 0, &scanner, i % 2 ? u"a" : u"b");
    assert_int_equal(fixture_feed(&fixture, 0, &scanner, u"c"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.limit.count, 5);
    fixture_feed_counted(&fixture, 1, 0, &bob, u"a");
    assert_int_equal(fixture_feed(&fixture, 0, &bob, u"a"), GUARD_VERDICT);
    fixture_end(&fixture);
}

static void a_spent_budget_flags_and_is_told_once(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity who[6];
    fixture_prepare(&fixture, u"1/1m");
    fixture.settings.max_locks_per_hour = 2;
    fixture_start(&fixture);
    for (uint32_t i = 0; i < 6; i++)
        who[i] = fixture_user(u"x", i);
    static const int64_t times[] = {0, 10, 20, 30, 3599, 3600};
    static const enum flag_reason flags[] = {FLAG_NOT,    FLAG_NOT,    FLAG_BUDGET,
                                             FLAG_BUDGET, FLAG_BUDGET, FLAG_NOT};
    for (uint32_t i = 0; i < 6; i++) {
        assert_int_equal(fixture_feed(&fixture, times[i], &who[i], u"pc"), GUARD_VERDICT);
        assert_int_equal(fixture.verdict.flag, flags[i]);
        assert_int_equal(fixture.verdict.budget_spent, i == 2);
    }
    /* There was room for a moment, so those who were only flagged may be found again. */
    assert_int_equal(fixture_feed(&fixture, 3601, &who[2], u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_BUDGET);
    assert_true(fixture.verdict.budget_spent);
    assert_int_equal(fixture_feed(&fixture, 3602, &who[2], u"pc"), GUARD_COUNTED);
    assert_int_equal(fixture_counters(&fixture).budget_left, 0);
    assert_int_equal(fixture_feed(&fixture, 3610, &who[2], u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_NOT);
    fixture_end(&fixture);
}

static void a_released_account_starts_from_zero(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1);
    fixture_prepare(&fixture, u"3/1m");
    fixture_start(&fixture);
    assert_false(guard_release(fixture.guard, &bob));
    fixture_feed_counted(&fixture, 2, 0, &bob, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &bob, u"pc"), GUARD_VERDICT);
    assert_true(guard_release(fixture.guard, &bob));
    fixture_feed_counted(&fixture, 2, 1, &bob, u"pc");
    assert_true(guard_release(fixture.guard, &bob));
    fixture_feed_counted(&fixture, 2, 2, &bob, u"pc");
    assert_int_equal(fixture_feed(&fixture, 2, &bob, u"pc"), GUARD_VERDICT);
    fixture_end(&fixture);
}

static void times_at_the_end_of_all_numbers_do_no_harm(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1);
    static const int64_t times[] = {INT64_MAX, INT64_MIN, 0, INT64_MAX, INT64_MIN + 1, -1};
    fixture_prepare(&fixture, u"1000/7d,clients:2/1s");
    fixture_start(&fixture);
    for (int i = 0; i < 600; i++) {
        struct relay_event event = {.time = times[i % 6], .account = bob.name};
        assert_int_equal(guard_feed(fixture.guard, &event, &bob, &fixture.verdict), GUARD_COUNTED);
    }
    fixture_end(&fixture);
}

static bool holds(const void *memory, size_t size, const void *pointer)
{
    for (size_t at = 0; at + sizeof pointer <= size; at++)
        if (memcmp((const uint8_t *)memory + at, &pointer, sizeof pointer) == 0)
            return true;
    return false;
}

/* What the settings point to belongs to the caller, who may give it up at once. */
static void a_guard_keeps_nothing_that_is_not_its_own(void **state)
{
    (void)state;
    static const struct text exempt[] = {TEXT_OF(u"svc-*")};
    static struct guard_override overrides[] = {{.account = {u"scanner", 7}}};
    struct fixture fixture;
    fixture_prepare(&fixture, u"3/1m");
    overrides[0].limits = fixture.limits;
    fixture.settings.exempt = exempt;
    fixture.settings.exempt_count = 1;
    fixture.settings.overrides = overrides;
    fixture.settings.override_count = 1;
    fixture_start(&fixture);
    size_t size = guard_size(&fixture.settings);
    assert_true(holds(fixture.memory, size, exempt[0].at)); /* but for the patterns' letters */
    assert_false(holds(fixture.memory, size, exempt));
    assert_false(holds(fixture.memory, size, overrides));
    assert_false(holds(fixture.memory, size, &fixture.limits));
    fixture_end(&fixture);
}

/* In a block of its own, so that the sanitizers see every step outside it. */
static void a_name_may_be_short(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_prepare(&fixture, u"3/1m");
    fixture_start(&fixture);
    for (size_t count = 1; count <= 5; count++) {
        char16_t *name = malloc(count * sizeof *name);
        assert_non_null(name);
        for (size_t i = 0; i < count; i++)
            name[i] = u'x';
        struct identity identity = {.kind = IDENTITY_UNRESOLVED, .name = {name, count}};
        fixture_feed_counted(&fixture, 2, 0, &identity, u"pc");
        assert_int_equal(fixture_feed(&fixture, 0, &identity, u"pc"), GUARD_VERDICT);
        free(name);
    }
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_event_that_reaches_the_count_crosses),
        cmocka_unit_test(a_window_ends_to_the_second),
        cmocka_unit_test(all_spellings_of_a_sid_are_one_account),
        cmocka_unit_test(unresolved_names_are_counted_folded_and_only_flagged),
        cmocka_unit_test(the_name_as_written_is_not_what_is_counted_by),
        cmocka_unit_test(the_first_reason_that_applies_is_given),
        cmocka_unit_test(exemption_goes_by_the_proven_name_only),
        cmocka_unit_test(a_guard_keeps_nothing_that_is_not_its_own),
        cmocka_unit_test(a_name_may_be_short),
        cmocka_unit_test(account_limits_replace_the_general_ones),
        cmocka_unit_test(a_spent_budget_flags_and_is_told_once),
        cmocka_unit_test(a_released_account_starts_from_zero),
        cmocka_unit_test(times_at_the_end_of_all_numbers_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
