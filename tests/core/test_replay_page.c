/* What a page shows of a replay: told sign-ins, the texts of the page are checked. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/replay_html.h"
#include "page_fixture.h"

enum { START = 1262401445 /* 2010-01-02T03:04:05Z */, DAY = 86400 };

static struct page_fixture page;

static int prepare(void **state)
{
    (void)state;
    page_prepare(&page);
    return 0;
}

static int close_page(void **state)
{
    (void)state;
    page_close(&page);
    return 0;
}

/* count sign-ins, one a second, from as many names in turn. */
static void sign_in(int64_t time, const char16_t *account, int count, int clients)
{
    for (int i = 0; i < count; i++) {
        const char16_t client[] = {u'c', (char16_t)(u'a' + i % clients), 0};

        page_sign_in(&page, time + i, text_of(account), text_of(client));
    }
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("\"%s\" is not in:\n%s", part, text);
    }
}

static void assert_lacks(const char *text, const char *part)
{
    const char *at = strstr(text, part);

    if (at != NULL) {
        fail_msg("\"%s\" is in: %.200s", part, at);
    }
}

static size_t occurrences(const char *text, const char *part)
{
    size_t count = 0;

    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) {
        count++;
    }
    return count;
}

static void test_verdict_with_its_numbers(void **state)
{
    (void)state;
    page_open(&page);
    sign_in(START - 500, u"CONTOSO\\ann", 7, 1);
    sign_in(START, u"CONTOSO\\bob", 60, 3);
    char *text = page_write(&page, NULL);

    assert_memory_equal(text, replay_html_start, strlen(replay_html_start));
    assert_has(text, "<h1>1 account would have been locked</h1>");
    assert_has(text, "67 sign-ins of 2 accounts from 3 clients");
    assert_has(text, "limits 50/10m, 200/1h, clients:8/10m.");
    assert_has(
        text,
        "<tr><td class=\"n\">1</td><td><time datetime=\"2010-01-02T03:04:54Z\">2010-01-02 "
        "03:04:54</time></td><th scope=\"row\" class=\"name\"><bdi dir=\"ltr\">CONTOSO\\bob</bdi>"
        "</th><td class=\"still\">lock</td><td class=\"still\">50/10m</td>"
        "<td class=\"n\">50</td><td class=\"n\">3</td><td class=\"n\">57</td>"
        "<td class=\"n\">10</td></tr>");
    assert_has(text, "<p><b>locked</b> <time datetime=\"2010-01-02T03:04:54Z\">");
    assert_has(text, "60 sign-ins, 10 after it; 3 clients");
    assert_has(text, "14 % of 50/10m (7)</span>, <time datetime=\"2010-01-02T02:55:51Z\">");
    assert_has(text, "<title id=\"chart-0-title\">Sign-ins of CONTOSO\\bob over time</title>");
    assert_has(text,
               "60 sign-ins; nearest to a limit at 2010-01-02 03:04:54 UTC with 50 of 50/10m; "
               "over the limit at 2010-01-02 03:04:54 UTC.</desc>");
    assert_lacks(text, "Not the whole truth");
    free(text);
}

static void test_nothing_found(void **state)
{
    (void)state;
    page_open(&page);
    sign_in(START, u"CONTOSO\\bob", 49, 1);
    char *text = page_write(&page, NULL);

    assert_has(text, "<h1>No account would have been locked</h1>");
    assert_has(text, "<p>No account crossed a limit.</p>");
    assert_has(text, "98 % of 50/10m (49)");
    assert_lacks(text, "class=\"mark\"");
    free(text);
}

static void test_empty_log(void **state)
{
    (void)state;
    page_open(&page);
    char *text = page_write(&page, NULL);

    assert_has(text, "0 sign-ins of 0 accounts from 0 clients; limits");
    assert_lacks(text, "<svg class=\"chart\"");
    assert_lacks(text, "href=\"#time\"");
    assert_has(text, "<bdi dir=\"ltr\">mail1.evt</bdi>");
    free(text);
}

static void test_flags_are_no_locks(void **state)
{
    (void)state;
    page_set(&page, u"MaxLocksPerHour", u"1");
    page_open(&page);
    sign_in(START, u"ann", 50, 1);
    sign_in(START + 60, u"bob", 50, 1);
    sign_in(START + 120, u"PC$", 60, 1);
    char *text = page_write(&page, NULL);

    assert_has(text, "<h1>1 account would have been locked, 1 only flagged</h1>");
    assert_has(text, "<p><b>flag (MaxLocksPerHour)</b> ");
    assert_has(text, ">flagged</text>");
    assert_int_equal(occurrences(text, "<tr><td class=\"n\">"), 2);
    free(text);
}

static void test_only_flagged(void **state)
{
    (void)state;
    page_set(&page, u"Action", u"flag");
    page_open(&page);
    sign_in(START, u"ann", 50, 1);
    sign_in(START, u"bob", 50, 1);
    char *text = page_write(&page, NULL);

    assert_has(text, "<h1>2 accounts would have been flagged</h1>");
    assert_has(text, "<td><bdi dir=\"ltr\">flag</bdi></td>");
    free(text);
}

static void test_exempt_and_computers_are_said_to_be(void **state)
{
    (void)state;
    page_set(&page, u"Exempt", u"shop");
    page_open(&page);
    sign_in(START, u"CONTOSO\\shop", 70, 1);
    sign_in(START, u"CONTOSO\\MAIL1$", 20, 1);
    char *text = page_write(&page, NULL);

    assert_has(text, "<p>exempt, not counted</p>\n<p>70 sign-ins; 1 client</p>");
    assert_has(text, "</time>; a computer, never acted on</p>");
    assert_has(text, "<td class=\"n\">1</td><td>exempt</td></tr>");
    assert_has(text, "<th scope=\"row\">Exempt</th><td><bdi dir=\"ltr\">shop</bdi></td>");
    free(text);
}

static void test_limits_of_its_own(void **state)
{
    (void)state;
    assert_true(settings_set_account(&page.settings, TEXT_OF(u"sc<an"), TEXT_OF(u"500/10m,9/1s")));
    page_open(&page);
    sign_in(START, u"sc<an", 100, 1);
    char *text = page_write(&page, NULL);

    assert_has(text, "<p><span class=\"still\">20 % of 500/10m (100)</span>");
    assert_has(text, "Limits of <bdi dir=\"ltr\">sc&lt;an</bdi></th><td>500/10m, 9/1s</td>");
    free(text);
}

/* All that an attacker can choose, wherever it is shown. */
static void test_hostile_names_are_text(void **state)
{
    static const char16_t *const names[] = {
        u"<script>document.title='run'</script>",
        u"\"><img src=x onerror=alert(1)>",
        u"]]></style></svg></title><!-- -->",
        u"a\u202egnp.exe\u2066\u200f",
        u"\xd83d\xdc00\xd83d",
        u"javascript:alert(1)&amp;&#60;",
    };
    const size_t count = sizeof names / sizeof names[0];

    (void)state;
    page.swept = true;
    page_open(&page);
    for (size_t i = 0; i < count; i++) {
        for (int j = 0; j < 60; j++) {
            page_sign_in(&page, START + j, text_of(names[i]), text_of(names[(i + 1) % count]));
        }
    }
    page.file.path = "<b>&\"'\xe2\x80\xae.evt";
    char *text = page_write(&page, NULL);

    assert_lacks(text, "<script");
    assert_lacks(text, "<img");
    assert_lacks(text, "]]>");
    assert_lacks(text, "<b>&");
    assert_lacks(text, "\xe2\x80\xae");
    assert_has(text,
               "<bdi dir=\"ltr\">&lt;script&gt;document.title=&#39;run&#39;&lt;/script&gt;</bdi>");
    assert_has(text, "<bdi dir=\"ltr\">a{U+202E}gnp.exe{U+2066}{U+200F}</bdi>");
    assert_has(text, "<bdi dir=\"ltr\">\xf0\x9f\x90\x80{U+D83D}</bdi>");
    assert_has(text, "<bdi dir=\"ltr\">&lt;b&gt;&amp;&quot;&#39;{U+202E}.evt</bdi>");
    assert_int_equal(occurrences(text, "</style>"), 1);
    free(text);
}

static void test_nothing_is_asked_from_elsewhere(void **state)
{
    (void)state;
    page_open(&page);
    sign_in(START, u"bob", 60, 1);
    char *text = page_write(&page, NULL);

    assert_has(text, "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                     "form-action 'none'\"");
    assert_lacks(text, " src=");
    assert_lacks(text, "<link");
    assert_lacks(text, "@import");
    assert_lacks(text, "https:");
    /* What looks like addresses are names of vocabularies, and parts of this page. */
    assert_int_equal(occurrences(text, "http:"), occurrences(text, "xmlns=\"http://www.w3.org/"));
    assert_int_equal(occurrences(text, "href="), occurrences(text, "href=\"#"));
    assert_int_equal(occurrences(text, "url("), occurrences(text, "url(#gap)"));
    free(text);
}

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

static void test_losses_are_told(void **state)
{
    (void)state;
    page_open(&page);
    for (char16_t i = 0; i < 70; i++) {
        const char16_t name[] = {u'u', (char16_t)(u'\u4e00' + i), 0};

        sign_in(START, name, 1, 1);
    }
    page.report.malformed = 1234;
    char *text = page_write(&page, NULL);

    assert_has(text, "1,234 sign-ins that could not be read: not counted");
    assert_has(text, "6 sign-ins counted by the name as written, for lack of room");
    assert_has(text, "6 losses for lack of room");
    assert_has(text, "70 sign-ins of 64 accounts");
    free(text);
}

static void test_clients_and_their_accounts(void **state)
{
    (void)state;
    page_open(&page);
    sign_in(START, u"ann", 6, 3);
    sign_in(START, u"bob", 2, 1);
    page_sign_in(&page, START + 9, TEXT_OF(u"bob"), TEXT_OF(u"CA"));
    page_sign_in(&page, START + 9, TEXT_OF(u"bob"), TEXT_OF(u""));
    char *text = page_write(&page, NULL);

    assert_has(text, "10 sign-ins of 2 accounts from 4 clients");
    assert_has(text, "<bdi dir=\"ltr\">ca</bdi></th><td class=\"n\">5</td><td><svg class=\"bar\" "
                     "aria-hidden=\"true\" xmlns=\"http://www.w3.org/2000/svg\"><rect height=\"8\" "
                     "width=\"100.00%\"/></svg></td><td class=\"n\">2</td></tr>");
    assert_has(text, "(empty)</span></th><td class=\"n\">1</td>");
    assert_has(text, "width=\"20.00%\"");
    assert_has(text, "<p>6 sign-ins; 3 clients</p>");
    assert_has(text, "<p>4 sign-ins; 2 clients</p>");
    free(text);
}

/* One client is what everybody has; two are a quarter of eight. */
static void test_nearness_to_a_limit_on_clients(void **state)
{
    (void)state;
    page_open(&page);
    sign_in(START, u"ann", 2, 2);
    sign_in(START, u"bob", 1, 1);
    char *text = page_write(&page, NULL);

    assert_has(text, "25 % of clients:8/10m (2)");
    assert_has(text, "2 % of 50/10m (1)");
    free(text);
}

static void test_sweep_is_a_heat_map(void **state)
{
    (void)state;
    page.swept = true;
    page_open(&page);
    for (int day = 0; day < 5; day++) {
        sign_in(START + day * DAY, u"CONTOSO\\ann", 12, 2);
    }
    sign_in(START + 5 * DAY, u"CONTOSO\\bob", 300, 20);
    char *text = page_write(&page, NULL);

    assert_has(text, "<a href=\"#sweep\">Other limits</a>");
    assert_has(text, "<table class=\"heat\" data-subject=\"sign-ins\">");
    assert_has(text, "<table class=\"heat\" data-subject=\"clients\">");
    assert_has(text, "<th scope=\"row\">5</th><td class=\"h2\">2</td>");
    assert_has(text, "<td class=\"h1 lowest\">1<span class=\"unseen\">");
    assert_has(text, "<td class=\"h0\">0</td>");
    assert_int_equal(occurrences(text, "*</td>") + occurrences(text, "*<span"), 3);
    assert_has(text, "By their own history 1 account looks honest, and 1 stands out.");
    assert_has(text, "<code>Limits=");
    assert_has(text, "The worst is <bdi dir=\"ltr\">CONTOSO\\bob</bdi>");
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
        close_page(state);
        prepare(state);
    }
}

static void test_of_a_long_path_the_end_is_shown(void **state)
{
    char path[400];

    (void)state;
    memset(path, 'x', sizeof path);
    memcpy(path, "QQQQQ", 5);
    strcpy(path + sizeof path - 8, "end.evt");
    page_open(&page);
    page.file.path = path;
    char *text = page_write(&page, NULL);

    assert_lacks(text, "QQQQQ");
    assert_has(text, "<bdi dir=\"ltr\">&#8230;xxx");
    assert_has(text, "xend.evt</bdi>");
    page.file.path = "\xff.evt";
    free(text);
    text = page_write(&page, NULL);
    assert_has(text, "(what is no UTF-8)");
    free(text);
}

/* Names as long as they get, all of them verdicts: the page stays within its bound. */
static void test_page_is_bounded(void **state)
{
    const struct replay_gap gap = {REPLAY_GAP_DAMAGE, 0,          1,     0,
                                   UINT64_MAX,        UINT64_MAX, START, START + 9 * DAY};
    static char16_t name[RELAY_ACCOUNT_MAX];
    size_t size;

    (void)state;
    page_set(&page, u"MaxAccounts", u"1000");
    page_set(&page, u"Limits", u"2/1d");
    page.swept = true;
    page_open(&page);
    for (size_t i = 0; i < RELAY_ACCOUNT_MAX; i++) {
        name[i] = u'\u202e';
    }
    for (char16_t i = 0; i < 700; i++) {
        name[0] = (char16_t)(u'\u4e00' + i);
        for (int j = 0; j < 24; j++) {
            page_sign_in(&page, START + j * DAY + i, (struct text){name, RELAY_ACCOUNT_MAX},
                         (struct text){name, RELAY_ACCOUNT_MAX});
            page_sign_in(&page, START + j * DAY + i, (struct text){name, RELAY_ACCOUNT_MAX},
                         (struct text){name, RELAY_ACCOUNT_MAX});
        }
    }
    for (int i = 0; i < REPLAY_GAPS_KEPT; i++) {
        page_gap(&page, &gap);
    }
    char *text = page_write(&page, &size);

    assert_int_equal(occurrences(text, "<tr><td class=\"n\">"), REPLAY_HTML_ROWS_MAX);
    assert_has(text, "And 200 more: they are in the text and JSON output.");
    assert_int_equal(occurrences(text, "<section class=\"row\""), REPLAY_HTML_JUDGED_MAX);
    assert_has(text, "676 more accounts over a limit without a drawing.");
    assert_has(text, "<p>There are no others.</p>");
    assert_in_range(size, 1, REPLAY_HTML_BYTES_MAX);
    free(text);
}

#define PAGE_TEST(test) cmocka_unit_test_setup_teardown(test, prepare, close_page)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAGE_TEST(test_verdict_with_its_numbers),
        PAGE_TEST(test_nothing_found),
        PAGE_TEST(test_empty_log),
        PAGE_TEST(test_flags_are_no_locks),
        PAGE_TEST(test_only_flagged),
        PAGE_TEST(test_exempt_and_computers_are_said_to_be),
        PAGE_TEST(test_limits_of_its_own),
        PAGE_TEST(test_hostile_names_are_text),
        PAGE_TEST(test_nothing_is_asked_from_elsewhere),
        PAGE_TEST(test_gaps_are_marked_and_told),
        PAGE_TEST(test_gaps_beyond_the_edges),
        PAGE_TEST(test_more_gaps_than_are_kept),
        PAGE_TEST(test_drawings_are_of_their_accounts),
        PAGE_TEST(test_times_in_any_order),
        PAGE_TEST(test_numbers_at_marks_do_not_overlap),
        PAGE_TEST(test_dates),
        PAGE_TEST(test_of_a_long_path_the_end_is_shown),
        PAGE_TEST(test_losses_are_told),
        PAGE_TEST(test_clients_and_their_accounts),
        PAGE_TEST(test_nearness_to_a_limit_on_clients),
        PAGE_TEST(test_sweep_is_a_heat_map),
        PAGE_TEST(test_page_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
