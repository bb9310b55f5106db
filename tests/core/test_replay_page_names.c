/* Names as an attacker may choose them, as long as they get: a page is safe, and bounded. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "app/replay_html.h"
#include "page_test.h"

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
    static char16_t name[RELAY_ACCOUNT_MAX + 1];
    static struct settings changed;
    size_t size;

    (void)state;
    page_set(&page, u"MaxAccounts", u"1000");
    page_set(&page, u"Limits", u"2/1d");
    settings_copy(&changed, &page.settings);
    assert_true(settings_set(&changed, setting_find(TEXT_OF(u"Action")), TEXT_OF(u"flag")));
    for (size_t i = 0; i < RELAY_ACCOUNT_MAX; i++) {
        name[i] = u'\u202e';
    }
    name[0] = u'\u4e00';
    page.swept = true;
    page.explained = name;
    page.changed = &changed;
    page_open(&page);
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
    assert_int_equal(occurrences(text, "And 200 more: they are in the text and JSON output."), 2);
    assert_has(text, "chart-36-title");
    assert_int_equal(occurrences(text, "<section class=\"row\""), REPLAY_HTML_JUDGED_MAX);
    assert_has(text, "676 more accounts over a limit without a drawing.");
    assert_has(text, "<p>There are no others.</p>");
    assert_in_range(size, 1, REPLAY_HTML_BYTES_MAX);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAGE_TEST(test_hostile_names_are_text),
        PAGE_TEST(test_nothing_is_asked_from_elsewhere),
        PAGE_TEST(test_of_a_long_path_the_end_is_shown),
        PAGE_TEST(test_page_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
