/* replay --sweep and --explain as a whole, in every format. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "app/replay.h"
#include "json_check.h"
#include "replay_run.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

/* Nine users with a few sign-ins a day, and one who is abused on the last of three days. */
static void write_history(const char *name)
{
    struct evt_builder builder;

    open_log(&builder);
    for (uint32_t day = 0; day < 3; day++) {
        for (uint32_t user = 0; user < 9; user++) {
            const char16_t account[] = {u'X', u'\\', (char16_t)(u'a' + user), 0};

            add(&builder, START + day * DAY + user * 100, account, 3 + (int)user, 1);
        }
        add(&builder, START + day * DAY + 2000, u"X\\bad", day == 2 ? 60 : 2, day == 2 ? 6 : 1);
    }
    save(&builder, name);
}

static const struct run *sweep(const char *format)
{
    write_history("a.evt");
    return format != NULL ? replay("--sweep=5,20,50/1m,10m/2,4", format, path_of("a.evt"), NULL)
                          : replay("--sweep=5,20,50/1m,10m/2,4", path_of("a.evt"), NULL);
}

static void test_sweep_for_people(void **state)
{
    (void)state;
    const struct run *run = sweep(NULL);

    assert_has(run->out, "\nSIGN-INS       1m     10m\n"
                         "        5       8       8\n"
                         "       20       1       1\n"
                         "       50       1       1\n");
    assert_has(run->out, "\nCLIENTS        1m     10m\n"
                         "        2       1       1\n"
                         "        4       1       1\n");
    assert_has(
        run->out,
        "\n5/1m                     8  2010-01-02T03:07:29Z          12  X\\c, X\\d, X\\e and 5 "
        "more\n");
    assert_has(run->out,
               "\n50/10m                   1  2010-01-04T03:38:14Z         243  X\\bad\n");
    assert_has(run->out,
               "\n      60         6  2010-01-04T03:00:00Z  2 to 3        locks     X\\bad\n");
    assert_has(run->out, "\n20/1m                            9      1       19 s       11  X\\i\n"
                         "20/10m            yes            9      1       19 s       11  X\\i\n"
                         "clients:4/1m                     3      1        3 s        1  X\\a\n"
                         "clients:4/10m     yes            3      1        3 s        1  X\\a\n");
    assert_has(run->out, "\nproposed: Limits=20/10m,clients:4/10m\n"
                         "these lock 1 of 1 accounts that stand out, and nobody else; the worst, "
                         "X\\bad, by clients:4/10m at 2010-01-04T03:37:28Z (record 197), 3 s after "
                         "the first of these clients\n"
                         "accounts that look honest: 9, that stand out: 1\n");
    assert_string_equal(run->err, "");
    assert_int_equal(run->status, REPLAY_VERDICTS);
}

static void test_sweep_for_programs(void **state)
{
    (void)state;
    const struct run *run = sweep("--json");

    assert_true(json_check(run->out));
    assert_has(run->out, "\"schema\":1,");
    assert_has(run->out, "\"sweep\":{\"limits\":[{\"limit\":\"5/1m\",\"accounts\":8,\"first\":["
                         "{\"account\":\"X\\\\c\",\"record\":12,\"time\":\"2010-01-02T03:07:29Z\","
                         "\"seconds\":4},");
    assert_has(run->out, "{\"limit\":\"clients:4/10m\",\"accounts\":1,\"first\":[{\"account\":"
                         "\"X\\\\bad\",\"record\":197,\"time\":\"2010-01-04T03:37:28Z\","
                         "\"seconds\":3}]}]");
    assert_has(
        run->out,
        "\"honest\":9,\"standing_out\":[{\"account\":\"X\\\\bad\",\"sign_ins\":64,\"days\":3,"
        "\"busiest_hour\":{\"count\":60,\"time\":\"2010-01-04T03:00:00Z\",\"usual\":"
        "{\"from\":2,\"to\":3}},\"most_clients\":{\"count\":6,\"time\":"
        "\"2010-01-04T03:00:00Z\",\"usual\":{\"from\":1,\"to\":1}},\"locked\":true}]");
    assert_has(
        run->out,
        "\"lowest\":[{\"subject\":\"sign-ins\",\"window\":60,\"limit\":\"20/1m\",\"margin\":9,"
        "\"accounts\":1,\"proposed\":false,\"highest\":{\"account\":\"X\\\\i\",\"count\":11,"
        "\"time\":\"2010-01-02T03:17:35Z\"},\"worst\":{\"account\":\"X\\\\bad\",\"record\":213,"
        "\"time\":\"2010-01-04T03:37:44Z\",\"seconds\":19}}");
    assert_has(run->out, "\"proposal\":[\"20/10m\",\"clients:4/10m\"],\"locked\":1,\"worst\":"
                         "{\"account\":\"X\\\\bad\",\"by\":\"clients:4/10m\"},\"own_limits\":0,"
                         "\"lost\":0,\"nameless\":0}");
}

static void test_sweep_for_spreadsheets(void **state)
{
    (void)state;
    const struct run *run = sweep("--csv");

    assert_has(run->out, "limit,accounts,account,honest,time,record,seconds");
    assert_has(run->out, "\n5/1m,8,X\\c,yes,2010-01-02T03:07:29Z,12,4");
    assert_has(run->out, "\nclients:4/10m,1,X\\bad,no,2010-01-04T03:37:28Z,197,3");
#ifndef _WIN32
    assert_has(run->out, ",3\r\n");
#endif
}

static void test_a_limit_that_nobody_crosses_has_a_row(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 3, 1);
    save(&builder, "a.evt");
    const struct run *run = replay("--sweep=9/1m", "--csv", path_of("a.evt"), NULL);

    assert_has(run->out, "\n9/1m,0,,,,,");
    run = replay("--sweep=9/1m", path_of("a.evt"), NULL);
    assert_null(strstr(run->out, "\n9/1m"));
    assert_null(strstr(run->out, "\nCLIENTS  "));
    assert_has(run->out, "\nproposed: no limits ");
    assert_int_equal(run->status, REPLAY_NOTHING);
    run = replay("--sweep=9/1m", "--json", path_of("a.evt"), NULL);
    assert_true(json_check(run->out));
    assert_has(run->out, "\"limit\":null,\"margin\":null,\"accounts\":null,\"proposed\":false,");
    assert_has(run->out, "\"proposal\":[],\"locked\":0,\"worst\":null,");
}

/* Exempt ones, those with limits of their own, computers' accounts. */
static void test_only_whom_the_general_limits_are_for_is_swept(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"X\\exempt", 20, 1);
    add(&builder, START, u"X\\own", 20, 1);
    add(&builder, START, u"X\\MAIL$", 20, 1);
    add(&builder, START, u"X\\bob", 5, 1);
    save(&builder, "a.evt");
    const struct run *run = replay("--sweep=5/1m", "--set", "Exempt=exempt", "--set",
                                   "Accounts\\own=100/1m", path_of("a.evt"), NULL);

    assert_has(run->out, "\n        5       1\n");
    assert_has(run->out, "2010-01-02T03:04:09Z          65  X\\bob\n");
    assert_has(run->out, "\naccounts with limits of their own, not swept: 1\n");
}

static void test_default_sweep_has_the_default_limits(void **state)
{
    (void)state;
    write_history("a.evt");
    const struct run *run = replay("--sweep", path_of("a.evt"), NULL);

    assert_has(run->out,
               "\nSIGN-INS       1m      5m     10m     30m      1h      4h     12h      1d\n");
    assert_has(run->out, "\n50/10m                   1  ");
    assert_has(run->out, "\n        8       0 ");
}

static void test_hostile_names_are_shown(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"=X,\"\x202e\n\xd800\\y", 5, 1);
    save(&builder, "a.evt");
    const struct run *run = replay("--sweep=5/1m", path_of("a.evt"), NULL);

    assert_has(run->out, "  =X,\"{U+202E}{U+000A}{U+D800}\\y\n");
    run = replay("--sweep=5/1m", "--csv", path_of("a.evt"), NULL);
    assert_has(run->out, "\n5/1m,1,\"'=X,\"\"{U+202E}{U+000A}{U+D800}\\y\",yes,");
    run = replay("--sweep=5/1m", "--json", path_of("a.evt"), NULL);
    assert_true(json_check(run->out));
    assert_has(run->out, "\"=X,\\\"\xe2\x80\xae\\n\xef\xbf\xbd\\\\y\"");
}

/* More accounts than there is room for. */
static void test_what_the_sweep_lacks_is_said(void **state)
{
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, 1 << 20, EVT_HEADER_SIZE, 1);
    for (char16_t i = 0; i < 70; i++) {
        const char16_t account[] = {u'X', u'\\', (char16_t)(0x4e00 + i), 0};

        add(&builder, START + i, account, 2, 1);
    }
    save(&builder, "a.evt");
    const struct run *run = replay("--sweep", "--set", "MaxAccounts=64", path_of("a.evt"), NULL);

    assert_has(run->err,
               "replay: the sweep lacks sign-ins for lack of room: 0, of accounts without "
               "a number: 12; raise MaxAccounts with --set\n");
    assert_int_equal(run->status, REPLAY_FAILED);
}

/* ---- explain -------------------------------------------------------------------------------- */

static void test_explain_for_people(void **state)
{
    (void)state;
    write_history("a.evt");
    const struct run *run = replay("--explain", "x\\BAD", "--set",
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
    write_history("a.evt");
    const struct run *run = replay("--explain", "bad", "--set", "Limits=50/10m,70/1h", "--json",
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
    assert_has(run->out, "\n600,sign-ins,60,2010-01-04T03:38:24Z");
    assert_has(run->out, "\n600,clients,6,2010-01-04T03:37:30Z");
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
    const struct run *run = replay("--explain", "contoso\\bob", path_of("a.evt"), NULL);

    assert_has(run->out, "\nexplain: bob: sign-ins 5 on 1 days, ");
    assert_has(run->out, "\nanother account of that user: FABRIKAM\\bob\n");
    run = replay("--explain", "fabrikam\\bob", path_of("a.evt"), NULL);
    assert_has(run->out, "\nexplain: FABRIKAM\\bob: sign-ins 4 on 1 days, ");
    run = replay("--explain", "bob", path_of("a.evt"), NULL);
    assert_has(run->out, "\nexplain: bob: sign-ins 5 ");
    run = replay("--explain", "ANY\\bob", path_of("a.evt"), NULL);
    assert_has(run->out, "\nexplain: ANY\\bob: no sign-in of that account\n"
                         "another account of that user: bob\n"
                         "another account of that user: FABRIKAM\\bob\n");
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

static void test_explain_says_what_limits_there_are(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"X\\own", 20, 1);
    add(&builder, START, u"X\\out", 20, 1);
    add(&builder, START, u"X\\MAIL$", 20, 1);
    save(&builder, "a.evt");
    const struct run *run =
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
    const struct run *run = replay("--explain", "bob", path_of("a.evt"), NULL);

    assert_has(run->out, "\nexplain: A\\bob: ");
    assert_has(run->out, "\nanother account of that user: D\\bob\nand further ones: 2\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sweep_for_people),
        cmocka_unit_test(test_sweep_for_programs),
        cmocka_unit_test(test_sweep_for_spreadsheets),
        cmocka_unit_test(test_a_limit_that_nobody_crosses_has_a_row),
        cmocka_unit_test(test_only_whom_the_general_limits_are_for_is_swept),
        cmocka_unit_test(test_default_sweep_has_the_default_limits),
        cmocka_unit_test(test_hostile_names_are_shown),
        cmocka_unit_test(test_what_the_sweep_lacks_is_said),
        cmocka_unit_test(test_explain_for_people),
        cmocka_unit_test(test_explain_for_programs),
        cmocka_unit_test(test_explain_finds_the_account_by_any_spelling),
        cmocka_unit_test(test_explain_takes_a_name_without_domain_for_it),
        cmocka_unit_test(test_explain_says_what_limits_there_are),
        cmocka_unit_test(test_five_users_of_one_name),
    };

    return cmocka_run_group_tests(tests, NULL, remove_files);
}
