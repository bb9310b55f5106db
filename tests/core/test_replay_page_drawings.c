/* What a page draws over time: accounts, verdicts, gaps, dates. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "page_test.h"

static void test_gaps_are_marked_and_told(void **state)
{
    const struct replay_gap gaps[] = {
        {REPLAY_GAP_NUMBERS, 0, 40, 99, 0, 0, START, START + 3600},
        {REPLAY_GAP_NUMBERS, 0, 1, 0, 0, 0, START - DAY, START - DAY},
        {REPLAY_GAP_DAMAGE, 0, 1, 0, 4096, 512, START + 7200, START + 9000},
    };

    (void)state;
    page_open(&page);
    sign_in(START, u"bob", 5, 1);
    sign_in(START + 9600, u"bob", 5, 1);
    for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++) {
        page_gap(&page, &gaps[i]);
    }
    char *text = page_write(&page, NULL);

    assert_has(text, "Not the whole truth:</b><ul><li>3 gaps in the logs");
    assert_has(text, "records 40 to 99 are missing");
    assert_has(text, "records are missing, it is not known how many");
    assert_has(text, "damage: 512 bytes passed over at offset 4096");
    /* The log is 161 minutes long from 03:04:00; the first gap goes from 5 s on for an hour. */
    assert_has(text, "<rect class=\"gap\" x=\"0.05%\" width=\"37.");
    assert_has(text, "<rect class=\"gap\" x=\"0.00%\" width=\"0.00%\"");
    assert_has(text, "<rect class=\"gap\" x=\"74.58%\" width=\"18.63%\"");
    assert_int_equal(occurrences(text, "<rect class=\"gap\""), 2 * 3);
    free(text);
}

/* What lies outside of the time that is drawn is cut off at its edges. */
static void test_gaps_beyond_the_edges(void **state)
{
    const struct replay_gap gap = {REPLAY_GAP_NUMBERS, 0, 7, 7, 0, 0, START - 9 * DAY,
                                   START + 9 * DAY};

    (void)state;
    page_open(&page);
    sign_in(START, u"bob", 5, 1);
    page_gap(&page, &gap);
    char *text = page_write(&page, NULL);

    assert_has(text, "<rect class=\"gap\" x=\"0.00%\" width=\"100.00%\"");
    assert_has(text, "record 7 is missing");
    free(text);
}

static void test_more_gaps_than_are_kept(void **state)
{
    const struct replay_gap gap = {REPLAY_GAP_NUMBERS, 0, 2, 3, 0, 0, START, START};

    (void)state;
    page_open(&page);
    for (int i = 0; i < REPLAY_GAPS_KEPT; i++) {
        page_gap(&page, &gap);
    }
    char *text = page_write(&page, NULL);

    assert_lacks(text, " more.</p>");
    free(text);
    page_gap(&page, &gap);
    page_gap(&page, &gap);
    text = page_write(&page, NULL);
    assert_int_equal(occurrences(text, "records 2 to 3 are missing"), REPLAY_GAPS_KEPT);
    assert_has(text, "<p class=\"note\">And 2 more.</p>");
    free(text);
}

static void test_drawings_are_of_their_accounts(void **state)
{
    (void)state;
    page_open(&page);
    sign_in(START, u"ann", 4, 1);
    sign_in(START + 120, u"bob", 5, 1);
    sign_in(START + 240, u"bob", 10, 1);
    char *text = page_write(&page, NULL);
    const char *bob = strstr(text, "Sign-ins of bob over time");
    const char *ann = strstr(text, "Sign-ins of ann over time");

    /* In minutes from 03:04: bob has 5 and 10, near by 10 and 30 % of 50; ann has 4. */
    assert_true(bob != NULL && ann > bob);
    assert_has(strstr(bob, "class=\"events\""), "d=\"M0 200H2V100H3V200H4V0H5V200Z\"");
    assert_has(strstr(bob, "class=\"nearness\""), "d=\"M0 200H2V180H3V200H4V140H5V200Z\"");
    assert_has(strstr(ann, "class=\"events\""), "d=\"M0 200H0V0H1V200H5V200Z\"");
    assert_int_equal(strncmp(strstr(ann, " d=\""), " d=\"M0 200H0V0H1V200H5V200Z\"", 28), 0);
    free(text);
}

static void test_times_in_any_order(void **state)
{
    (void)state;
    page_open(&page);
    sign_in(START, u"bob", 3, 1);
    sign_in(START + 3600, u"bob", 3, 1);
    sign_in(START - 3, u"ann", 1, 1);
    char *text = page_write(&page, NULL);

    assert_has(text, "from 1 client, <time datetime=\"2010-01-02T03:04:02Z\">2010-01-02 03:04:02"
                     "</time> to <time datetime=\"2010-01-02T04:04:07Z\">");
    /* Of two times as near to the limit the first is told. */
    assert_has(text, "6 % of 50/10m (3)</span>, <time datetime=\"2010-01-02T03:04:07Z\">");
    free(text);
}

static void test_numbers_at_marks_do_not_overlap(void **state)
{
    (void)state;
    page_open(&page);
    sign_in(START, u"ann", 50, 1);
    sign_in(START + 60, u"bob", 50, 1);
    sign_in(START + 7200, u"cat", 50, 1);
    sign_in(START + 14400, u"eve", 1, 1);
    char *text = page_write(&page, NULL);

    assert_int_equal(occurrences(text, "<text class=\"number\" text-anchor=\"middle\""), 2);
    assert_has(text, ">1</text>");
    assert_has(text, ">3</text>");
    assert_int_equal(occurrences(text, "<line class=\"mark\""), 2 * 3);
    free(text);
}

/* Dates below the drawings: some, not too many, and in words that fit what lies between them. */
static void test_dates(void **state)
{
    static const struct {
        int64_t span;
        const char *has, *lacks;
    } cases[] = {
        {120, ">2 Jan 03:04<", ">2 Jan<"},
        {6 * 3600, ">04:00<", ">2 Jan<"},
        {30 * 3600, ">3 Jan<", ">3 Jan 00:00<"},
        {9 * DAY, ">4 Jan<", ">03:00<"},
        {200 * DAY, ">25 Jan<", ">2010-01-25<"},
        {INT64_C(3000) * DAY, ">2010-", " Jan<"},
        {INT64_C(700000) * DAY, ">2127-01-06<", " Jan<"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        page_open(&page);
        sign_in(START, u"ann", 1, 1);
        sign_in(START + cases[i].span, u"ann", 1, 1);
        char *text = page_write(&page, NULL);
        char *drawing = strstr(text, "<svg class=\"chart dates\"");

        assert_non_null(drawing);
        *strstr(drawing, "</svg>") = '\0';
        assert_has(drawing, cases[i].has);
        assert_lacks(drawing, cases[i].lacks);
        assert_in_range(occurrences(drawing, "<line"), 2, 15);
        assert_in_range(occurrences(drawing, "<text"), 1, 15);
        free(text);
        page_test_close(state);
        page_test_prepare(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAGE_TEST(test_gaps_are_marked_and_told),
        PAGE_TEST(test_gaps_beyond_the_edges),
        PAGE_TEST(test_more_gaps_than_are_kept),
        PAGE_TEST(test_drawings_are_of_their_accounts),
        PAGE_TEST(test_times_in_any_order),
        PAGE_TEST(test_numbers_at_marks_do_not_overlap),
        PAGE_TEST(test_dates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
