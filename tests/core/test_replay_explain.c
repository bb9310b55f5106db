/* replay --explain as a whole, in every format. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "app/replay.h"
#include "json_check.h"
#include "replay_run.h"

enum { HOUR = 3600 };

static void test_explain_for_people(void **state)
{
    (void)state;
    save_history("a.evt");
    const struct output *run = replay("--explain", "x\\BAD", "--set",
                                      "Limits=50/10m,70/1h,clients:8/10m", path_of("a.evt"), NULL);

    assert_has(run->out, "\nexplain: X\\bad: sign-ins 64 on 3 days, 2010-01-02T03:37:25Z to "
                         "2010-01-04T03:38:24Z, clients 6\n"
                         "busiest hour: sign-ins 60 at 2010-01-04T03:00:00Z, clients 6 at "
                         "2010-01-04T03:00:00Z; a usual day's busiest has 2 to 3 sign-ins\n"
                         "limits: the general ones\n");
    assert_has(run->out,
               "\n50/10m                 60  2010-01-04T03:38:24Z       -10  2010-01-04T03:38:14Z  "
               "243\n"
               "70/1h                  60  2010-01-04T03:38:24Z       +10\n"
               "clients:8/10m           6  2010-01-04T03:37:30Z        +2\n");
    assert_has(run->out, "\nWINDOW   SIGN-INS  AT                     CLIENTS  AT\n");
    assert_has(run->out, "\n1m             60  2010-01-04T03:38:24Z         6  "
                         "2010-01-04T03:37:30Z\n");
    assert_has(run->out, "\n1d             60  ");
    assert_has(run->out, "\nSIGN-INS  CLIENT\n"
                         "      14  ca\n"
                         "      10  cb\n"
                         "      10  cc\n");
    assert_has(run->out, "\n  02         0\n"
                         "  03        64  ##################################################\n"
                         "  04         0\n");
    assert_int_equal(run->status, REPLAY_VERDICTS);
}

static void test_explain_for_programs(void **state)
{
    (void)state;
    save_history("a.evt");
    const struct output *run = replay("--explain", "bad", "--set", "Limits=50/10m,70/1h", "--json",
                                      path_of("a.evt"), NULL);

    assert_true(json_check(run->out));
    assert_has(run->out, "\"explain\":{\"asked\":\"bad\",\"account\":\"X\\\\bad\",\"sign_ins\":64,"
                         "\"days\":3,\"first\":\"2010-01-02T03:37:25Z\",");
    assert_has(run->out,
               "\"limits\":[{\"limit\":\"50/10m\",\"highest\":{\"count\":60,\"time\":"
               "\"2010-01-04T03:38:24Z\"},\"margin\":-10,\"crossed\":{\"record\":243,\"time\":"
               "\"2010-01-04T03:38:14Z\",\"seconds\":49}},{\"limit\":\"70/1h\",");
    assert_has(run->out, "\"margin\":10,\"crossed\":null}]");
    assert_has(run->out, "\"clients\":6,\"top_clients\":[{\"client\":\"ca\",\"sign_ins\":14},");
    assert_has(run->out, "\"hours\":[0,0,0,64,0,");
    assert_has(run->out, "\"others\":0}}\n");
    run = replay("--explain", "bad", "--csv", path_of("a.evt"), NULL);
    assert_has(run->out, "window,subject,highest,time");
    assert_int_equal(occurrences(run->out, "\n"), 1 + 2 * 8);
    assert_has(run->out, "\n600,sign-ins,60,2010-01-04T03:38:24Z");
    assert_has(run->out, "\n600,clients,6,2010-01-04T03:37:30Z");
}

/* The clients with the most sign-ins first, of equals the first to come; the others are counted. */
static void test_explain_ranks_the_clients(void **state)
{
    static const int sign_ins[] = {1, 3, 1, 9, 2, 9, 4, 5, 6, 7, 1, 8};
    struct evt_builder builder;
    uint32_t time = START;

    (void)state;
    open_log(&builder);
    for (size_t i = 0; i < sizeof sign_ins / sizeof sign_ins[0]; i++) {
        const char16_t client[] = {u'c', (char16_t)(u'a' + i), 0};

        for (int k = 0; k < sign_ins[i]; k++) {
            evt_sign_in(&builder, time++, text_of(client), TEXT_OF(u"bob"));
        }
    }
    add(&builder, START + 4 * HOUR, u"bob", 1, 1);
    save(&builder, "a.evt");
    const struct output *run = replay("--explain", "bob", path_of("a.evt"), NULL);

    assert_has(run->out, "\nSIGN-INS  CLIENT\n"
                         "       9  cd\n"
                         "       9  cf\n"
                         "       8  cl\n"
                         "       7  cj\n"
                         "       6  ci\n"
                         "       5  ch\n"
                         "       4  cg\n"
                         "       3  cb\n"
                         "       2  ca\n"
                         "       2  ce\n"
                         "and clients: 2\n"
                         "\nHOUR  SIGN-INS\n"
                         "  00         0\n");
    /* What is there at all has a bar. */
    assert_has(run->out, "\n  03        56  ##################################################\n"
                         "  04         0\n");
    assert_has(run->out, "\n  07         1  #\n  08         0\n");
    /* As many as are listed, and fewer. */
    open_log(&builder);
    add(&builder, START, u"bob", 2, 2);
    add(&builder, START, u"ann", 1, 1);
    save(&builder, "a.evt");
    run = replay("--explain", "bob", path_of("a.evt"), NULL);
    assert_has(run->out, "\n       1  ca\n       1  cb\n\nHOUR");
}

/* All spellings, and the sign-ins that came before the one that was asked for. */
static void test_explain_finds_the_account_by_any_spelling(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 2, 1);
    add(&builder, START + 10, u"CONTOSO\\BOB", 3, 1);
    add(&builder, START + 20, u"FABRIKAM\\bob", 4, 1);
    save(&builder, "a.evt");
    const struct output *run = replay("--explain", "contoso\\bob", path_of("a.evt"), NULL);

    assert_has(run->out, "\nexplain: CONTOSO\\bob: sign-ins 5 on 1 days, ");
    assert_has(run->out, "\nanother account of that user: FABRIKAM\\bob\n");
    run = replay("--explain", "fabrikam\\bob", path_of("a.evt"), NULL);
    assert_has(run->out, "\nexplain: FABRIKAM\\bob: sign-ins 4 on 1 days, ");
    run = replay("--explain", "bob", path_of("a.evt"), NULL);
    assert_has(run->out, "\nexplain: CONTOSO\\bob: sign-ins 5 ");
    run = replay("--explain", "ANY\\bob", path_of("a.evt"), NULL);
    assert_has(run->out, "\nexplain: ANY\\bob: no sign-in of that account\n"
                         "another account of that user: CONTOSO\\bob\n"
                         "another account of that user: FABRIKAM\\bob\n");
    assert_string_equal(run->err, "");
    run = replay("--explain", "ANY\\bob", "--json", path_of("a.evt"), NULL);
    assert_true(json_check(run->out));
    assert_has(run->out, "\"explain\":{\"asked\":\"ANY\\\\bob\",\"account\":null,\"others\":2}");
    run = replay("--explain", "bo", path_of("a.evt"), NULL);
    assert_has(run->out, "\nexplain: bo: no sign-in of that account\n");
    assert_null(strstr(run->out, "another"));
}

/* A bare name is the account of whatever domain, if it was never seen with one. */
static void test_explain_takes_a_name_without_domain_for_it(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 2, 1);
    save(&builder, "a.evt");
    assert_has(replay("--explain", "CONTOSO\\bob", path_of("a.evt"), NULL)->out,
               "\nexplain: bob: sign-ins 2 on 1 days, ");
}

/* One that is seen with the name asked for is meant; a bare name counts for the first domain. */
static void test_explain_prefers_the_very_name(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"CONTOSO\\bob", 2, 1);
    add(&builder, START + 10, u"FABRIKAM\\bob", 3, 1);
    add(&builder, START + 20, u"bob", 4, 1);
    save(&builder, "a.evt");
    assert_has(replay("--explain", "FABRIKAM\\bob", path_of("a.evt"), NULL)->out,
               "\nexplain: FABRIKAM\\bob: sign-ins 3 on 1 days, ");
    assert_has(replay("--explain", "CONTOSO\\bob", path_of("a.evt"), NULL)->out,
               "\nexplain: CONTOSO\\bob: sign-ins 6 on 1 days, ");
}

static void test_explain_says_what_limits_there_are(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"X\\own", 20, 1);
    add(&builder, START, u"X\\out", 20, 1);
    add(&builder, START, u"X\\MAIL$", 20, 1);
    save(&builder, "a.evt");
    const struct output *run =
        replay("--explain", "own", "--set", "Accounts\\own=15/2m", path_of("a.evt"), NULL);

    assert_has(run->out, "\nlimits: its own\n");
    assert_has(run->out, "\n15/2m                  20  2010-01-02T03:04:24Z        -5  "
                         "2010-01-02T03:04:19Z  15\n");
    assert_has(run->out, "\n2m             20  ");
    run = replay("--explain", "out", "--set", "Exempt=X\\out", path_of("a.evt"), NULL);
    assert_has(run->out, "\nlimits: the general ones; but it is exempt, and not counted\n");
    run = replay("--explain", "mail$", path_of("a.evt"), NULL);
    assert_has(run->out, "; but it is a computer's account, which is never locked\n");
}

/* What the table shows finds the account, also when no sign-in was spelled so; and limits of its
 * own are told once they are known to be its own. */
static void test_explain_goes_by_the_joined_name(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 3, 1);
    add(&builder, START + 10, u"bob@contoso.com", 20, 1);
    save(&builder, "a.evt");
    const struct output *run = replay("--explain", "CONTOSO\\bob", "--set",
                                      "Accounts\\CONTOSO/bob=15/2m", path_of("a.evt"), NULL);

    assert_has(run->out, "\nexplain: CONTOSO\\bob: sign-ins 20 on 1 days, ");
    assert_has(run->out, "\nlimits: its own\n");
    run = replay("--explain", "CONTOSO\\bob", path_of("a.evt"), NULL);
    assert_has(run->out, "\nexplain: CONTOSO\\bob: sign-ins 23 on 1 days, ");
    assert_has(run->out, "\nlimits: the general ones\n");
}

static void test_five_users_of_one_name(void **state)
{
    struct evt_builder builder;
    char16_t account[] = u"A\\bob";

    (void)state;
    open_log(&builder);
    for (; account[0] < u'A' + 6; account[0]++) {
        add(&builder, START, account, 2, 1);
    }
    save(&builder, "a.evt");
    const struct output *run = replay("--explain", "bob", path_of("a.evt"), NULL);

    assert_has(run->out, "\nexplain: A\\bob: ");
    assert_has(run->out, "\nanother account of that user: D\\bob\nand further ones: 2\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_explain_for_people),
        cmocka_unit_test(test_explain_for_programs),
        cmocka_unit_test(test_explain_ranks_the_clients),
        cmocka_unit_test(test_explain_finds_the_account_by_any_spelling),
        cmocka_unit_test(test_explain_takes_a_name_without_domain_for_it),
        cmocka_unit_test(test_explain_prefers_the_very_name),
        cmocka_unit_test(test_explain_says_what_limits_there_are),
        cmocka_unit_test(test_explain_goes_by_the_joined_name),
        cmocka_unit_test(test_five_users_of_one_name),
    };

    return cmocka_run_group_tests(tests, NULL, remove_files);
}
