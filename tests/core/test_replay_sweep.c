/* replay --sweep as a whole, in every format. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "app/replay.h"
#include "json_check.h"
#include "replay_run.h"

enum { DAY = 86400 };

static const struct output *sweep(const char *format)
{
    save_history("a.evt");
    return format != NULL ? replay("--sweep=5,20,50/1m,10m/2,4", format, path_of("a.evt"), NULL)
                          : replay("--sweep=5,20,50/1m,10m/2,4", path_of("a.evt"), NULL);
}

static void test_sweep_for_people(void **state)
{
    (void)state;
    const struct output *run = sweep(NULL);

    assert_has(run->out, "\nSIGN-INS       1m     10m\n"
                         "        5       8       8\n"
                         "       20       1       1\n"
                         "       50       1       1\n"
                         "\nCLIENTS        1m     10m\n"
                         "        2       1       1\n"
                         "        4       1       1\n"
                         "\nLIMIT ");
    assert_has(
        run->out,
        "\n5/1m                     8  2010-01-02T03:07:29Z          12  X\\c, X\\d, X\\e and 5 "
        "more\n");
    assert_has(run->out,
               "\n50/10m                   1  2010-01-04T03:38:14Z         243  X\\bad\n");
    /* The only one. */
    assert_has(run->out,
               "ACCOUNT THAT STANDS OUT\n"
               "      60         6  2010-01-04T03:00:00Z  2 to 3        locks     X\\bad\n"
               "\nLOWEST LIMIT");
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
    const struct output *run = sweep("--json");

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
    const struct output *run = sweep("--csv");

    assert_has(run->out, "limit,accounts,account,honest,time,record,seconds");
    assert_has(run->out, "\n5/1m,8,X\\c,yes,2010-01-02T03:07:29Z,12,4");
    assert_has(run->out, "\nclients:4/10m,1,X\\bad,no,2010-01-04T03:37:28Z,197,3");
    assert_int_equal(occurrences(run->out, "\n5/1m,8,X\\"), 8);
    assert_int_equal(occurrences(run->out, "\n"), 1 + 8 + 8 + 8 * 1);
#ifndef _WIN32
    assert_has(run->out, ",3\r\n");
#endif
}

/* It is the first account of the log, and the limits are of one window. */
static void test_the_first_account_may_stand_out(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    for (uint32_t day = 0; day < 3; day++) {
        add(&builder, START + day * DAY, u"X\\bad", day == 2 ? 60 : 2, 1);
        add(&builder, START + day * DAY + 2000, u"X\\ann", 3, 1);
    }
    save(&builder, "a.evt");
    const struct output *run = replay("--sweep=5,20/10m", path_of("a.evt"), NULL);

    assert_has(run->out,
               "ACCOUNT THAT STANDS OUT\n"
               "      60         1  2010-01-04T03:00:00Z  2 to 3        locks     X\\bad\n"
               "\nLOWEST LIMIT");
    assert_has(run->out, "\nthese lock 1 of 1 accounts that stand out, and nobody else; ");
}

/* A scanner that is busier every day than the worst was once: what lets it go lets that go, too. */
static void test_the_worst_may_escape(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    for (uint32_t day = 0; day < 3; day++) {
        add(&builder, START + day * DAY, u"X\\scanner", 70, 1);
        add(&builder, START + day * DAY + 200, u"X\\bad", day == 2 ? 40 : 1, 1);
    }
    save(&builder, "a.evt");
    const struct output *run = replay("--sweep=50,100/1h", path_of("a.evt"), NULL);

    assert_has(run->out, "\nproposed: Limits=100/1h\n"
                         "these lock 0 of 1 accounts that stand out, and nobody else; the worst, "
                         "X\\bad, is not among them\n");
}

static void test_a_limit_that_nobody_crosses_has_a_row(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 3, 1);
    save(&builder, "a.evt");
    const struct output *run = replay("--sweep=9/1m", "--csv", path_of("a.evt"), NULL);

    assert_has(run->out, "\n9/1m,0,,,,,");
    run = replay("--sweep=9/1m", path_of("a.evt"), NULL);
    assert_null(strstr(run->out, "\n9/1m"));
    assert_null(strstr(run->out, "\nCLIENTS  "));
    assert_has(run->out, "\nproposed: no limits ");
    assert_has(run->out, "\nnone/1m ");
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
    const struct output *run = replay("--sweep=5/1m", "--set", "Exempt=exempt", "--set",
                                      "Accounts\\own=100/1m", path_of("a.evt"), NULL);

    assert_has(run->out, "\n        5       1\n");
    assert_has(run->out, "2010-01-02T03:04:09Z          65  X\\bob\n");
    assert_has(run->out, "\naccounts with limits of their own, not swept: 1\n");
}

static void test_default_sweep_has_the_default_limits(void **state)
{
    (void)state;
    save_history("a.evt");
    const struct output *run = replay("--sweep", path_of("a.evt"), NULL);

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
    const struct output *run = replay("--sweep=5/1m", path_of("a.evt"), NULL);

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
    const struct output *run = replay("--sweep", "--set", "MaxAccounts=64", path_of("a.evt"), NULL);

    assert_has(run->err,
               "replay: the sweep lacks sign-ins for lack of room: 0, of accounts without "
               "a number: 12; raise MaxAccounts with --set\n");
    assert_int_equal(run->status, REPLAY_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sweep_for_people),
        cmocka_unit_test(test_sweep_for_programs),
        cmocka_unit_test(test_sweep_for_spreadsheets),
        cmocka_unit_test(test_the_first_account_may_stand_out),
        cmocka_unit_test(test_the_worst_may_escape),
        cmocka_unit_test(test_a_limit_that_nobody_crosses_has_a_row),
        cmocka_unit_test(test_only_whom_the_general_limits_are_for_is_swept),
        cmocka_unit_test(test_default_sweep_has_the_default_limits),
        cmocka_unit_test(test_hostile_names_are_shown),
        cmocka_unit_test(test_what_the_sweep_lacks_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, remove_files);
}
