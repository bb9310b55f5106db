/* What the guard decides, case by case; test_guard_histories.c holds it against a naive one, and
 * test_guard_room.c fills it up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "core/history.h"
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

static void the_evidence_ranks_clients_and_keeps_the_first_spelling(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1);
    static const char16_t *const order[] = {u"Once",   u"twice-B", u"TWICE-a",
                                            u"Thrice", u"twice-a", u"TWICE-B",
                                            u"thrice", u"THRICE",  u"last"};
    fixture_prepare(&fixture, u"9/1m");
    fixture_start(&fixture);
    for (int i = 0; i < 8; i++)
        fixture_feed_counted(&fixture, 1, i, &bob, order[i]);
    assert_int_equal(fixture_feed(&fixture, 8, &bob, order[8]), GUARD_VERDICT);
    const struct verdict *verdict = &fixture.verdict;
    assert_int_equal(verdict->clients, 5);
    assert_int_equal(verdict->top_count, 3);
    assert_true(text_equal(text_of(verdict->top[0].name), TEXT_OF(u"Thrice")));
    assert_true(text_equal(text_of(verdict->top[1].name), TEXT_OF(u"twice-B")));
    assert_true(text_equal(text_of(verdict->top[2].name), TEXT_OF(u"TWICE-a")));
    assert_int_equal(verdict->top[0].sign_ins, 3);
    assert_int_equal(verdict->top[2].sign_ins, 2);
    fixture_end(&fixture);
}

/* A name that is what another one looks like when cut short is still another name. */
static void clients_that_look_alike_when_cut_are_counted_apart(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1);
    char16_t name[61] = {0}, cut[CLIENT_SHOWN_MAX];
    for (size_t i = 0; i < 60; i++)
        name[i] = u'x';
    text_copy(cut, CLIENT_SHOWN_MAX, text_of(name));
    fixture_prepare(&fixture, u"clients:3/1m");
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 1, 0, &bob, name);
    fixture_feed_counted(&fixture, 1, 0, &bob, cut);
    name[59] = u'y';
    assert_int_equal(fixture_feed(&fixture, 0, &bob, name), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.clients, 3);
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

static void the_end_of_observing_brings_the_verdict_that_counts(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1);
    fixture_prepare(&fixture, u"3/1m");
    fixture_start(&fixture);
    guard_hinder(fixture.guard, FLAG_OBSERVE);
    fixture_feed_counted(&fixture, 2, 0, &bob, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_OBSERVE);
    fixture_feed_counted(&fixture, 2, 1, &bob, u"pc");
    guard_hinder(fixture.guard, FLAG_STORE);
    assert_int_equal(fixture_feed(&fixture, 1, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_STORE);
    guard_hinder(fixture.guard, FLAG_STORE); /* said again: nothing changes */
    fixture_feed_counted(&fixture, 1, 1, &bob, u"pc");
    guard_hinder(fixture.guard, FLAG_NOT);
    assert_int_equal(fixture_feed(&fixture, 2, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_NOT);
    assert_int_equal(fixture.verdict.count, 8);
    fixture_end(&fixture);
}

static void what_the_queue_does_not_bear_out_is_decided_anew_when_it_does(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1), carol = fixture_user(u"carol", 2);
    fixture_prepare(&fixture, u"3/1m, 5/10m");
    fixture_start(&fixture);
    guard_corroborate(fixture.guard, 600); /* the longer limit locks */
    for (int64_t second = 0; second < 240; second += 60)
        fixture_feed_counted(&fixture, 1, second, &carol, u"pc");
    assert_int_equal(fixture_feed(&fixture, 240, &carol, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_NOT);
    fixture_feed_counted(&fixture, 2, 240, &bob, u"pc");
    assert_int_equal(fixture_feed(&fixture, 240, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_QUEUE);
    guard_corroborate(fixture.guard, UINT32_MAX); /* fewer lock: nothing new for bob */
    guard_hinder(fixture.guard, FLAG_OBSERVE);
    guard_hinder(fixture.guard, FLAG_NOT);
    fixture_feed_counted(&fixture, 1, 240, &bob, u"pc");
    guard_corroborate(fixture.guard, 0);
    assert_int_equal(fixture_feed(&fixture, 241, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_NOT);
    assert_int_equal(fixture.verdict.limit.window, 60);
    assert_int_equal(fixture.verdict.count, 5);
    fixture_end(&fixture);
}

/* As when the queue is looked at because of the verdict. */
/* In the order of the settings, but those that the queue bears out before the others. */
static void a_limit_that_locks_counts_before_one_that_flags(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1), carol = fixture_user(u"carol", 2);
    fixture_prepare(&fixture, u"3/1m, 3/1h, 5/10m");
    fixture_start(&fixture);
    guard_corroborate(fixture.guard, 600);
    fixture_feed_counted(&fixture, 2, 0, &bob, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_NOT);
    assert_int_equal(fixture.verdict.limit.window, 3600);
    fixture_end(&fixture);

    fixture_prepare(&fixture, u"3/1m, 5/10m"); /* flagged by one, locked by the next */
    fixture_start(&fixture);
    guard_corroborate(fixture.guard, 600);
    fixture_feed_counted(&fixture, 2, 0, &carol, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &carol, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_QUEUE);
    fixture_feed_counted(&fixture, 1, 1, &carol, u"pc");
    assert_int_equal(fixture_feed(&fixture, 2, &carol, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_NOT);
    assert_int_equal(fixture.verdict.limit.window, 600);
    fixture_end(&fixture);
}

static void a_verdict_is_reconsidered_without_another_sign_in(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1), carol = fixture_user(u"carol", 2);
    struct relay_event event = {
        .record = 7, .time = FIXTURE_START, .client = TEXT_OF(u"pc"), .account = bob.name};
    struct verdict verdict;
    fixture_prepare(&fixture, u"1/1m");
    fixture.settings.max_locks_per_hour = 1;
    fixture_start(&fixture);
    guard_corroborate(fixture.guard, UINT32_MAX);
    assert_false(guard_reconsider(fixture.guard, &event, &bob, &verdict)); /* not known */
    assert_int_equal(guard_feed(fixture.guard, &event, &bob, &verdict), GUARD_VERDICT);
    assert_int_equal(verdict.flag, FLAG_QUEUE);
    guard_corroborate(fixture.guard, 61);
    assert_true(guard_reconsider(fixture.guard, &event, &bob, &verdict));
    assert_int_equal(verdict.flag, FLAG_QUEUE);
    assert_false(guard_reconsider(fixture.guard, &event, &bob, &verdict));
    guard_corroborate(fixture.guard, 60);
    memset(&verdict, 0, sizeof verdict);
    assert_true(guard_reconsider(fixture.guard, &event, &bob, &verdict));
    assert_int_equal(verdict.flag, FLAG_NOT);
    assert_int_equal(verdict.last_record, 7);
    assert_int_equal(verdict.count, 1);
    assert_int_equal(fixture_counters(&fixture).verdicts, 1);
    assert_int_equal(fixture_counters(&fixture).locks, 1);
    assert_false(guard_reconsider(fixture.guard, &event, &bob, &verdict)); /* it is locked */
    assert_int_equal(guard_feed(fixture.guard, &event, &bob, &verdict), GUARD_HELD);
    guard_corroborate(fixture.guard, UINT32_MAX);
    assert_int_equal(fixture_feed(&fixture, 1, &carol, u"pc"), GUARD_VERDICT);
    guard_corroborate(fixture.guard, 0);
    assert_true(guard_reconsider(fixture.guard, &event, &carol, &verdict));
    assert_int_equal(verdict.flag, FLAG_BUDGET); /* it is judged in full */
    fixture_end(&fixture);
}

static void what_left_the_window_is_not_reconsidered(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1);
    struct relay_event event = {.time = FIXTURE_START + 100, .account = bob.name};
    struct verdict verdict = {.last_record = 77};
    fixture_prepare(&fixture, u"3/1m");
    fixture_start(&fixture);
    guard_corroborate(fixture.guard, UINT32_MAX);
    fixture_feed_counted(&fixture, 2, 0, &bob, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_QUEUE);
    fixture_feed_counted(&fixture, 1, 100, &bob, u"pc");
    guard_corroborate(fixture.guard, 0);
    assert_false(guard_reconsider(fixture.guard, &event, &bob, &verdict));
    assert_int_equal(verdict.last_record, 77);
    assert_int_equal(fixture_counters(&fixture).verdicts, 1);
    assert_int_equal(fixture_counters(&fixture).locks, 0);
    fixture_end(&fixture);
}

/* Though by now there would be room for its lock, which its next sign-in brings. */
static void a_verdict_for_another_reason_is_not_reconsidered(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"bob", 1), carol = fixture_user(u"carol", 2);
    struct identity dave = fixture_user(u"dave", 3);
    struct relay_event event = {.time = FIXTURE_START + 3601, .account = bob.name};
    struct verdict verdict;
    fixture_prepare(&fixture, u"2/2h");
    fixture.settings.max_locks_per_hour = 1;
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 1, 0, &carol, u"pc");
    assert_int_equal(fixture_feed(&fixture, 0, &carol, u"pc"), GUARD_VERDICT);
    fixture_feed_counted(&fixture, 1, 1, &bob, u"pc");
    assert_int_equal(fixture_feed(&fixture, 1, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_BUDGET);
    fixture_feed_counted(&fixture, 1, 3601, &dave, u"pc");
    assert_int_equal(fixture_counters(&fixture).budget_left, 1);
    assert_false(guard_reconsider(fixture.guard, &event, &bob, &verdict));
    assert_int_equal(fixture_feed(&fixture, 3602, &bob, u"pc"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.flag, FLAG_NOT);
    fixture_end(&fixture);
}

/* Of those of one second the last ones, in the order in which they came. */
static void the_evidence_is_of_the_newest_sign_ins(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity mail = fixture_user(u"MAIL01$", 1);
    mail.kind = IDENTITY_MACHINE;
    fixture_prepare(&fixture, u"3/1m");
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 2, 0, &mail, u"a");
    assert_int_equal(fixture_feed(&fixture, 0, &mail, u"a"), GUARD_VERDICT);
    fixture_feed_counted(&fixture, HISTORY_KEPT_MIN, 59, &mail, u"a");
    for (uint32_t i = 0; i < HISTORY_KEPT_MIN; i++)
        fixture_feed_counted(&fixture, 1, 59, &mail, i % 2 ? u"c" : u"b");
    assert_int_equal(fixture_feed(&fixture, 60, &mail, u"c"), GUARD_VERDICT);
    const struct verdict *verdict = &fixture.verdict;
    assert_int_equal(verdict->sign_ins, HISTORY_KEPT_MIN);
    assert_int_equal(verdict->first_record, fixture.record - HISTORY_KEPT_MIN + 1);
    assert_int_equal(verdict->clients, 2);
    assert_true(text_equal(text_of(verdict->top[0].name), TEXT_OF(u"c")));
    assert_int_equal(verdict->top[0].sign_ins, HISTORY_KEPT_MIN / 2 + 1);
    assert_int_equal(verdict->top[1].sign_ins, HISTORY_KEPT_MIN / 2 - 1);
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

/* Of whom no sign-in is held any more, the last sighting is. */
static void the_evidence_has_who_was_only_sighted(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"CONTOSO\\bob", 1);
    fixture_prepare(&fixture, u"clients:3/10m");
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 1, 0, &bob, u"once");
    fixture_feed_counted(&fixture, 40, 1, &bob, u"often");
    assert_int_equal(fixture_feed(&fixture, 2, &bob, u"third"), GUARD_VERDICT);
    const struct verdict *verdict = &fixture.verdict;
    assert_int_equal(verdict->clients, 3);
    assert_int_equal(verdict->top_count, 3);
    assert_true(text_equal(text_of(verdict->top[0].name), TEXT_OF(u"often")));
    assert_true(text_equal(text_of(verdict->top[1].name), TEXT_OF(u"once")));
    assert_int_equal(verdict->top[1].sign_ins, 1);
    assert_true(text_equal(text_of(verdict->top[2].name), TEXT_OF(u"third")));
    assert_int_equal(verdict->top[2].sign_ins, 1);
    assert_int_equal(verdict->sign_ins, verdict->top[0].sign_ins + 2);
    assert_int_equal(verdict->first_record, 1);
    fixture_end(&fixture);
}

/* Of two in the same second the later one. */
static void the_last_sighting_is_the_one_that_came_last(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity bob = fixture_user(u"CONTOSO\\bob", 1);
    fixture_prepare(&fixture, u"clients:3/10m");
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 1, 0, &bob, u"twice");
    fixture_feed_counted(&fixture, 1, 0, &bob, u"often");
    fixture_feed_counted(&fixture, 1, 0, &bob, u"twice");
    fixture_feed_counted(&fixture, 40, 1, &bob, u"often");
    assert_int_equal(fixture_feed(&fixture, 2, &bob, u"third"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.clients, 3);
    assert_int_equal(fixture.verdict.first_record, 3);
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

/* ---- another name ---------------------------------------------------------------------------- */

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
        cmocka_unit_test(the_event_that_reaches_the_count_crosses),
        cmocka_unit_test(a_window_ends_to_the_second),
        cmocka_unit_test(all_spellings_of_a_sid_are_one_account),
        cmocka_unit_test(unresolved_names_are_counted_folded_and_only_flagged),
        cmocka_unit_test(the_name_as_written_is_not_what_is_counted_by),
        cmocka_unit_test(the_first_reason_that_applies_is_given),
        cmocka_unit_test(exemption_goes_by_the_proven_name_only),
        cmocka_unit_test(the_evidence_has_who_was_only_sighted),
        cmocka_unit_test(the_last_sighting_is_the_one_that_came_last),
        cmocka_unit_test(a_guard_keeps_nothing_that_is_not_its_own),
        cmocka_unit_test(a_name_may_be_short),
        cmocka_unit_test(account_limits_replace_the_general_ones),
        cmocka_unit_test(the_evidence_ranks_clients_and_keeps_the_first_spelling),
        cmocka_unit_test(clients_that_look_alike_when_cut_are_counted_apart),
        cmocka_unit_test(a_spent_budget_flags_and_is_told_once),
        cmocka_unit_test(the_end_of_observing_brings_the_verdict_that_counts),
        cmocka_unit_test(what_the_queue_does_not_bear_out_is_decided_anew_when_it_does),
        cmocka_unit_test(a_limit_that_locks_counts_before_one_that_flags),
        cmocka_unit_test(a_verdict_is_reconsidered_without_another_sign_in),
        cmocka_unit_test(what_left_the_window_is_not_reconsidered),
        cmocka_unit_test(a_verdict_for_another_reason_is_not_reconsidered),
        cmocka_unit_test(the_evidence_is_of_the_newest_sign_ins),
        cmocka_unit_test(a_released_account_starts_from_zero),
        cmocka_unit_test(what_is_held_counts_under_the_limits_of_another_name),
        cmocka_unit_test(an_account_is_exempt_by_another_name),
        cmocka_unit_test(times_at_the_end_of_all_numbers_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
