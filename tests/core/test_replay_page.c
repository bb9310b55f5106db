/* What a page shows of a replay: told sign-ins, the texts of the page are checked. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "app/replay_html.h"
#include "page_test.h"

static void test_verdict_with_its_numbers(void **state)
{
    (void)state;
    page_open(&page);
    sign_in(START - 500, u"CONTOSO\\ann", 7, 1);
    sign_in(START, u"CONTOSO\\bob", 60, 3);
    char *text = page_write(&page, NULL);

    assert_memory_equal(text, replay_html_start, strlen(replay_html_start));
    assert_has(text, "<h1>1 account would have been locked</h1>");
    assert_has(text, "67 sign-ins of 2 accounts from 3 clients, <time "
                     "datetime=\"2010-01-02T02:55:45Z\">2010-01-02 02:55:45</time> to <time "
                     "datetime=\"2010-01-02T03:05:04Z\">");
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
        PAGE_TEST(test_losses_are_told),
        PAGE_TEST(test_clients_and_their_accounts),
        PAGE_TEST(test_nearness_to_a_limit_on_clients),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
