/* Whom the verb replay names: spellings of an account, those passed over, those exempt or with
 * limits of their own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "app/replay.h"
#include "replay_run.h"

static void test_spellings_are_one_account(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob@contoso.com", 2, 1);
    add(&builder, START + 2, u"CONTOSO\\BOB", 1, 1);
    add(&builder, START + 3, u"bob", 2, 1);
    add(&builder, START + 5, u"FABRIKAM\\bob", 4, 1);
    save(&builder, "a.evt");
    const struct output *run = replay("--json", "--set", "Limits=5/1m", path_of("a.evt"), NULL);

    assert_has(run->out, "\"verdicts\":[{\"account\":\"CONTOSO\\\\bob\",\"limit\":\"5/1m\","
                         "\"count\":5,\"clients\":1,\"record\":5,\"time\":\"2010-01-02T03:04:09Z\","
                         "\"action\":\"lock\"}],");
}

static void test_machine_accounts_are_passed_over(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"CONTOSO\\MAIL2$", 100, 1);
    add(&builder, START + 9000, u"CONTOSO\\MAIL2$", 100, 1);
    save(&builder, "a.evt");
    const struct output *run = replay("--json", path_of("a.evt"), NULL);

    assert_has(run->out, "\"matched\":200,\"malformed\":0,\"verdicts\":[],");
    assert_int_equal(run->status, REPLAY_NOTHING);
    run = replay(path_of("a.evt"), NULL);
    assert_has(run->out, "\nmachine accounts over a limit, passed over (never acted on): 1\n");
}

static void test_an_account_is_named_once(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 60, 1);
    add(&builder, START + 86400, u"bob", 60, 1);
    save(&builder, "a.evt");
    static const char *const settings[] = {"Action=disable", "Action=flag", "MaxLocksPerHour=0"};

    for (size_t i = 0; i < 3; i++) {
        const struct output *run = replay("--json", "--set", settings[i], path_of("a.evt"), NULL);
        const char *verdict = strstr(run->out, "\"account\"");

        assert_non_null(verdict);
        assert_null(strstr(verdict + 1, "\"account\""));
        assert_int_equal(run->status, REPLAY_VERDICTS);
    }
}

static void test_the_longest_name_is_printed_whole(void **state)
{
    enum { LONGEST = 1024 };
    struct evt_builder builder;
    char16_t account[LONGEST + 1];
    char expected[LONGEST + 64];

    (void)state;
    for (int i = 0; i < LONGEST; i++) {
        account[i] = (char16_t)(u'a' + i % 26);
    }
    account[LONGEST] = 0;
    open_log(&builder);
    add(&builder, START, account, 3, 1);
    save(&builder, "a.evt");
    int at = snprintf(expected, sizeof expected, "\"verdicts\":[{\"account\":\"");

    for (int i = 0; i < LONGEST; i++) {
        expected[at++] = (char)account[i];
    }
    snprintf(expected + at, sizeof expected - (size_t)at, "\",\"limit\":\"3/1m\"");
    assert_has(replay("--json", "--set", "Limits=3/1m", path_of("a.evt"), NULL)->out, expected);
}

static void test_exempt_and_per_account_limits(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"CONTOSO\\scanner", 90, 1);
    add(&builder, START, u"CONTOSO\\bulk", 90, 1);
    add(&builder, START, u"CONTOSO\\bob", 3, 1);
    save(&builder, "a.evt");
    const struct output *run =
        replay("--set", "Exempt=scan*", "--set", "Accounts\\bulk=100/1h", "--set",
               "Accounts\\CONTOSO/bob=3/1m", "--json", path_of("a.evt"), NULL);

    assert_has(run->out, "\"verdicts\":[{\"account\":\"CONTOSO\\\\bob\",\"limit\":\"3/1m\","
                         "\"count\":3,\"clients\":1,\"record\":183,");
    assert_null(strstr(run->out, "bulk"));
    assert_null(strstr(run->out, "scanner"));
}

/* Whichever spelling comes first: patterns are held against the name that Windows would give. */
static void test_exempt_goes_by_the_joined_name(void **state)
{
    static const char16_t *const spellings[] = {u"CONTOSO\\training", u"training@contoso.com",
                                                u"training"};
    struct evt_builder builder;

    (void)state;
    for (size_t first = 0; first < 3; first++) {
        open_log(&builder);
        for (size_t i = 0; i < 3; i++) {
            add(&builder, START + 30 * (uint32_t)i, spellings[(first + i) % 3], 30, 1);
        }
        save(&builder, "a.evt");
        assert_has(replay("--json", path_of("a.evt"), NULL)->out,
                   "\"verdicts\":[{\"account\":\"CONTOSO\\\\training\",\"limit\":\"50/10m\",");
        const struct output *run =
            replay("--json", "--set", "Exempt=contoso\\train*", path_of("a.evt"), NULL);

        assert_has(run->out, "\"verdicts\":[],");
        assert_string_equal(run->err, "");
        assert_int_equal(run->status, REPLAY_NOTHING);
        run = replay("--json", "--set", "Accounts\\CONTOSO/training=100/1h,60/2h", path_of("a.evt"),
                     NULL);
        /* What was counted before the domain was known counts. */
        assert_has(run->out, "\"limit\":\"60/2h\",\"count\":60,\"clients\":1,\"record\":60,");
    }
}

static void test_user_at_domain_matches_nobody(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"training@contoso.com", 60, 1);
    save(&builder, "a.evt");
    const struct output *run =
        replay("--json", "--set", "Exempt=bob,training@contoso.com", "--set",
               "Accounts\\training@contoso.com=100/1h", "--diff", "MaxLocksPerHour=7", "--diff",
               "Exempt=bob,training@contoso.com,*@fabrikam.com", path_of("a.evt"), NULL);

    assert_has(run->out,
               "\"verdicts\":[{\"account\":\"CONTOSO\\\\training\",\"limit\":\"50/10m\",");
    assert_string_equal(
        run->err,
        "replay: Exempt=training@contoso.com matches nobody: names are as Windows has them, "
        "DOMAIN\\user\n"
        "replay: Accounts\\training@contoso.com matches nobody: names are as Windows has them, "
        "DOMAIN\\user\n"
        "replay: Exempt=*@fabrikam.com matches nobody: names are as Windows has them, "
        "DOMAIN\\user\n");
    assert_int_equal(run->status, REPLAY_VERDICTS);
}

/* A bare user who is adopted is exempt from then on, or comes under limits of his own. */
static void test_what_holds_for_a_name_is_decided_anew_on_adoption(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"split", 1, 1);
    add(&builder, START + 1, u"D\\split", 60, 1);
    add(&builder, START + 100, u"late", 55, 1);
    add(&builder, START + 200, u"late@d.example", 5, 1);
    save(&builder, "a.evt");
    const struct output *run = replay("--json", "--diff", "Exempt=D\\split", "--diff",
                                      "Accounts\\D/late=20/1h", path_of("a.evt"), NULL);

    /* Both by the name that they have at the end. */
    assert_has(run->out, "\"verdicts\":[{\"account\":\"D\\\\split\",");
    assert_has(run->out, "{\"account\":\"D\\\\late\",\"limit\":\"50/10m\",");
    assert_has(run->out, "{\"change\":\"gone\",\"present\":{\"account\":\"D\\\\split\",");
    assert_has(run->out, "{\"change\":\"same\",\"present\":{\"account\":\"D\\\\late\",");
    run = replay("--json", "--set", "Exempt=D\\split", path_of("a.evt"), NULL);
    assert_null(strstr(run->out, "split"));
    assert_has(run->out, "\"exempt\":60,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spellings_are_one_account),
        cmocka_unit_test(test_machine_accounts_are_passed_over),
        cmocka_unit_test(test_an_account_is_named_once),
        cmocka_unit_test(test_the_longest_name_is_printed_whole),
        cmocka_unit_test(test_exempt_and_per_account_limits),
        cmocka_unit_test(test_exempt_goes_by_the_joined_name),
        cmocka_unit_test(test_user_at_domain_matches_nobody),
        cmocka_unit_test(test_what_holds_for_a_name_is_decided_anew_on_adoption),
    };

    return cmocka_run_group_tests(tests, NULL, remove_files);
}
