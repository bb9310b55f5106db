/* What a page shows of --sweep, --explain and --diff. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "page_test.h"

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

/* ---- explain -------------------------------------------------------------------------------- */

static void test_without_them_nothing_is_said_of_explain_and_diff(void **state)
{
    (void)state;
    page_open(&page);
    sign_in(START, u"bob", 60, 1);
    char *text = page_write(&page, NULL);

    assert_lacks(text, "\"explain\"");
    assert_lacks(text, "#explain");
    assert_lacks(text, "\"diff\"");
    assert_lacks(text, "#diff");
    free(text);
}

static void test_explained_account(void **state)
{
    (void)state;
    page.explained = u"x\\BOB";
    page_open(&page);
    sign_in(START - DAY, u"X\\bob", 3, 1);
    sign_in(START, u"X\\bob", 60, 3);
    sign_in(START, u"X\\ann", 5, 1);
    char *text = page_write(&page, NULL);

    assert_has(text, "<a href=\"#explain\">Explained account</a>");
    assert_has(text, "<h2 id=\"explain\">Explained: <bdi dir=\"ltr\">X\\bob</bdi></h2>\n"
                     "<p>63 sign-ins on 2 days, <time datetime=\"2010-01-01T03:04:05Z\">2010-01-01 "
                     "03:04:05</time> to <time datetime=\"2010-01-02T03:05:04Z\">2010-01-02 "
                     "03:05:04</time> UTC; 3 clients. Limits: the general ones.</p>\n"
                     "<p>Busiest hour: 60 sign-ins at <time datetime=\"2010-01-02T03:00:00Z\">"
                     "2010-01-02 03:00</time>; 3 clients at <time "
                     "datetime=\"2010-01-02T03:00:00Z\">2010-01-02 03:00</time>.</p>");
    /* Crossed, with how much more it came to; and by how much it stays below. */
    assert_has(text, "<th scope=\"row\" class=\"still\">50/10m</th><td class=\"n\">60</td><td>"
                     "<time datetime=\"2010-01-02T03:05:04Z\">2010-01-02 03:05:04</time></td>"
                     "<td class=\"n\">-10</td><td><time datetime=\"2010-01-02T03:04:54Z\">"
                     "2010-01-02 03:04:54</time></td><td class=\"n\">53</td></tr>");
    assert_has(text, "200/1h</th><td class=\"n\">60</td><td><time "
                     "datetime=\"2010-01-02T03:05:04Z\">2010-01-02 03:05:04</time></td>"
                     "<td class=\"n\">+140</td><td>no</td><td></td></tr>");
    assert_has(text, "clients:8/10m</th><td class=\"n\">3</td><td><time "
                     "datetime=\"2010-01-02T03:04:07Z\">2010-01-02 03:04:07</time></td>"
                     "<td class=\"n\">+5</td><td>no</td><td></td></tr>");
    assert_has(text, "<title id=\"chart-36-title\">Sign-ins of X\\bob over time</title>");
    assert_has(text, "<th scope=\"row\" class=\"still\">1 d</th><td class=\"n\">60</td>");
    assert_int_equal(occurrences(text, "<table class=\"windows\">"), 1);
    /* ca has the 3 of the day before, and 20 of the 60, as cb has. */
    assert_has(text, "<table class=\"own-clients\"><caption>Its clients</caption>");
    assert_has(text, "<bdi dir=\"ltr\">ca</bdi></th><td class=\"n\">23</td><td><svg class=\"bar\" "
                     "aria-hidden=\"true\" xmlns=\"http://www.w3.org/2000/svg\"><rect height=\"8\" "
                     "width=\"100.00%\"/></svg></td></tr>\n"
                     "<tr><th scope=\"row\" class=\"name\"><bdi dir=\"ltr\">cb</bdi></th>"
                     "<td class=\"n\">20</td>");
    assert_has(text, "<th scope=\"row\">02:00</th><td class=\"n\">0</td>");
    assert_has(text, "<th scope=\"row\">03:00</th><td class=\"n\">63</td>");
    assert_lacks(text, "Other accounts of that user");
    free(text);
}

/* Its verdict is the second one; and there are days enough to say what is usual. */
static void test_explained_account_has_its_own_verdict(void **state)
{
    (void)state;
    page.explained = u"bob";
    page_open(&page);
    for (int day = 2; day >= 0; day--) {
        sign_in(START - day * DAY, u"bob", 3, 1);
    }
    sign_in(START, u"ann", 50, 1);
    sign_in(START + 7200, u"bob", 50, 1);
    sign_in(START + 14400, u"eve", 50, 1);
    char *text = page_write(&page, NULL);
    char *words = strstr(text, "<desc id=\"chart-36-desc\">");

    assert_has(text, "</time>; a usual day's busiest has 2 to 3 sign-ins.</p>");
    assert_non_null(words);
    *strstr(words, "</desc>") = '\0';
    assert_has(words, "; over the limit at 2010-01-02 05:04:54 UTC.");
    free(text);
}

static void test_explained_account_that_is_not_there(void **state)
{
    (void)state;
    page.explained = u"<i>no</i>";
    page_open(&page);
    sign_in(START, u"bob", 60, 1);
    char *text = page_write(&page, NULL);

    assert_has(text, "Explained: <bdi dir=\"ltr\">&lt;i&gt;no&lt;/i&gt;</bdi></h2>\n"
                     "<p>No sign-in of that account.</p>\n</section>");
    assert_lacks(text, "chart-36-title");
    free(text);
}

static void test_explained_account_is_exempt_or_a_computer(void **state)
{
    (void)state;
    page_set(&page, u"Exempt", u"shop");
    page.explained = u"shop";
    page_open(&page);
    sign_in(START, u"shop", 2, 1);
    char *text = page_write(&page, NULL);

    assert_has(text, "Limits: the general ones; but it is exempt, and not counted.</p>");
    free(text);
    page_test_close(state);
    page_test_prepare(state);
    page.explained = u"MAIL1$";
    assert_true(settings_set_account(&page.settings, TEXT_OF(u"MAIL1$"), TEXT_OF(u"7/1h")));
    page_open(&page);
    sign_in(START, u"MAIL1$", 2, 1);
    text = page_write(&page, NULL);
    assert_has(text, "Limits: its own; but it is a computer's account, which is never locked.</p>");
    assert_has(text, "<th scope=\"row\" class=\"still\">7/1h</th><td class=\"n\">2</td>");
    free(text);
}

/* More clients than are listed, users of one name, and names that would like to be more. */
static void test_explained_account_with_much_around_it(void **state)
{
    static const char16_t *const names[] = {u"A\\bob", u"<b>\\bob", u"C\\bob", u"D\\bob",
                                            u"E\\bob"};

    (void)state;
    page.explained = u"bob";
    page_open(&page);
    sign_in(START, u"A\\bob", 25, 13);
    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++) {
        sign_in(START + 60, names[i], 1, 1);
    }
    char *text = page_write(&page, NULL);
    const char *clients = strstr(text, "<table class=\"own-clients\">");

    assert_non_null(clients);
    const char *behind = strstr(clients, "</table>");

    assert_has(text, "Explained: <bdi dir=\"ltr\">A\\bob</bdi>");
    assert_has(behind, "<p class=\"note\">And 3 more clients.</p>");
    assert_has(behind, "<p class=\"note\">Other accounts of that user: "
                       "<bdi dir=\"ltr\">&lt;b&gt;\\bob</bdi> <bdi dir=\"ltr\">C\\bob</bdi> "
                       "<bdi dir=\"ltr\">D\\bob</bdi> and 1 more.</p>");
    free(text);
}

/* ---- diff ----------------------------------------------------------------------------------- */

static struct settings changed;

static void change(const char16_t *name, const char16_t *value)
{
    settings_defaults(&changed);
    assert_true(settings_set(&changed, setting_find(text_of(u"MaxAccounts")), TEXT_OF(u"64")));
    assert_true(settings_set(&changed, setting_find(text_of(name)), text_of(value)));
    page.changed = &changed;
}

static void test_diff_of_verdicts(void **state)
{
    (void)state;
    change(u"Limits", u"20/10m,clients:3/1h");
    assert_true(settings_set_account(&changed, TEXT_OF(u"<eve>"), TEXT_OF(u"90/1d,91/1d")));
    page_open(&page);
    sign_in(START, u"ann", 30, 1);
    sign_in(START + 100, u"bob", 60, 1);
    sign_in(START + 200, u"<eve>", 70, 1);
    char *text = page_write(&page, NULL);

    assert_has(text, "<a href=\"#diff\">New settings</a>");
    assert_has(text,
               "<tr><th scope=\"row\">Limits</th><td><bdi dir=\"ltr\">50/10m, 200/1h, "
               "clients:8/10m</bdi></td><td><bdi dir=\"ltr\">20/10m, clients:3/1h</bdi></td></tr>\n"
               "<tr><th scope=\"row\">Limits of <bdi dir=\"ltr\">&lt;eve&gt;</bdi></th>"
               "<td>the general ones</td><td>90/1d, 91/1d</td></tr>\n</tbody>");
    assert_has(text, "<p>2 accounts over a limit now, under the new settings 2: same 0, sooner 1, "
                     "later 0, action 0, new 1, gone 1.</p>");
    assert_has(text, "<tr><th scope=\"row\" class=\"name\"><bdi dir=\"ltr\">ann</bdi></th>"
                     "<td>new</td><td>none</td><td></td><td></td><td><time "
                     "datetime=\"2010-01-02T03:04:24Z\">2010-01-02 03:04:24</time></td>"
                     "<td class=\"still\">20/10m</td><td class=\"still\">lock</td></tr>");
    assert_has(text, "<bdi dir=\"ltr\">bob</bdi></th><td>sooner</td><td><time "
                     "datetime=\"2010-01-02T03:06:34Z\">2010-01-02 03:06:34</time></td>"
                     "<td class=\"still\">50/10m</td><td class=\"still\">lock</td><td><time "
                     "datetime=\"2010-01-02T03:06:04Z\">");
    assert_has(text, "<bdi dir=\"ltr\">&lt;eve&gt;</bdi></th><td>gone</td><td><time "
                     "datetime=\"2010-01-02T03:08:14Z\">2010-01-02 03:08:14</time></td>"
                     "<td class=\"still\">50/10m</td><td class=\"still\">lock</td>"
                     "<td>none</td><td></td><td></td></tr>\n</tbody>");
    free(text);
}

static void test_diff_of_limits_of_an_account(void **state)
{
    (void)state;
    assert_true(settings_set_account(&page.settings, TEXT_OF(u"bob"), TEXT_OF(u"9/1h")));
    change(u"Action", u"flag");
    assert_true(settings_set_account(&changed, TEXT_OF(u"bob"), TEXT_OF(u"8/1h")));
    page_open(&page);
    sign_in(START, u"ann", 50, 1);
    char *text = page_write(&page, NULL);

    assert_has(text, "<tr><th scope=\"row\">Action</th><td><bdi dir=\"ltr\">disable</bdi></td>"
                     "<td><bdi dir=\"ltr\">flag</bdi></td></tr>\n"
                     "<tr><th scope=\"row\">Limits of <bdi dir=\"ltr\">bob</bdi></th>"
                     "<td>9/1h</td><td>8/1h</td></tr>\n</tbody>");
    assert_has(text, "<td>action</td>");
    assert_has(text, "same 0, sooner 0, later 0, action 1, new 0, gone 0.</p>");
    free(text);
}

static void test_diff_without_a_difference(void **state)
{
    (void)state;
    change(u"MaxAccounts", u"64");
    page_open(&page);
    char *text = page_write(&page, NULL);

    assert_has(text, "<p>No setting changes.</p>\n"
                     "<p>0 accounts over a limit now, under the new settings 0: same 0, sooner 0, "
                     "later 0, action 0, new 0, gone 0.</p>\n</section>");
    assert_lacks(text, "<table class=\"diff\">");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAGE_TEST(test_sweep_is_a_heat_map),
        PAGE_TEST(test_without_them_nothing_is_said_of_explain_and_diff),
        PAGE_TEST(test_explained_account),
        PAGE_TEST(test_explained_account_has_its_own_verdict),
        PAGE_TEST(test_explained_account_that_is_not_there),
        PAGE_TEST(test_explained_account_is_exempt_or_a_computer),
        PAGE_TEST(test_explained_account_with_much_around_it),
        PAGE_TEST(test_diff_of_verdicts),
        PAGE_TEST(test_diff_of_limits_of_an_account),
        PAGE_TEST(test_diff_without_a_difference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
