/* What a verdict says of the sign-ins and the clients that crossed the limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "core/history.h"
#include "guard_fixture.h"

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

/* A client of whom all that was left was that it had been seen, by its last sign-in, is ranked the
 * next time by what it did since. */
static void evidence_is_gathered_anew(void **state)
{
    (void)state;
    struct fixture fixture;
    struct identity mail = fixture_user(u"MAIL01$", 1);
    mail.kind = IDENTITY_MACHINE;
    fixture_prepare(&fixture, u"clients:3/1h");
    fixture_start(&fixture);
    fixture_feed_counted(&fixture, 5, 0, &mail, u"a");
    fixture_feed_counted(&fixture, HISTORY_KEPT_MIN + 1, 1, &mail, u"b");
    assert_int_equal(fixture_feed(&fixture, 2, &mail, u"c"), GUARD_VERDICT);
    assert_int_equal(fixture.verdict.sign_ins, HISTORY_KEPT_MIN + 1);
    assert_int_equal(fixture.verdict.first_record, 5);
    fixture_feed_counted(&fixture, 1, 100, &mail, u"a");
    fixture_feed_counted(&fixture, 2, 101, &mail, u"b");
    fixture_feed_counted(&fixture, 2, 102, &mail, u"c");
    assert_int_equal(fixture_feed(&fixture, 3602, &mail, u"b"), GUARD_VERDICT);
    const struct verdict *verdict = &fixture.verdict;
    assert_int_equal(verdict->sign_ins, 6);
    assert_int_equal(verdict->top_count, 3);
    assert_int_equal(verdict->top[0].sign_ins, 3);
    assert_int_equal(verdict->top[1].sign_ins, 2);
    assert_true(text_equal(text_of(verdict->top[2].name), TEXT_OF(u"a")));
    assert_int_equal(verdict->top[2].sign_ins, 1);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_evidence_has_who_was_only_sighted),
        cmocka_unit_test(the_last_sighting_is_the_one_that_came_last),
        cmocka_unit_test(the_evidence_ranks_clients_and_keeps_the_first_spelling),
        cmocka_unit_test(clients_that_look_alike_when_cut_are_counted_apart),
        cmocka_unit_test(evidence_is_gathered_anew),
        cmocka_unit_test(the_evidence_is_of_the_newest_sign_ins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
