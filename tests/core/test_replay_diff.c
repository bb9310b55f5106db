/* replay --diff as a whole: settings on the command line and in files, verdicts compared. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "app/replay.h"
#include "json_check.h"
#include "replay_run.h"

/* Who crosses 50/10m: bob and dave, not carol; 80/10m: dave alone; 20/10m: all three. */
static void write_log(void)
{
    struct evt_builder builder;

    open_log(&builder);
    add(&builder, START, u"X\\bob", 60, 1);
    add(&builder, START + 100, u"X\\carol", 30, 1);
    add(&builder, START + 200, u"X\\dave", 90, 1);
    save(&builder, "a.evt");
}

/* The path of a settings file with this in it, behind an '@'. */
static const char *settings_file(const void *bytes, size_t size)
{
    static char argument[512];

    write_file("settings", bytes, size);
    snprintf(argument, sizeof argument, "@%s", path_of("settings"));
    return argument;
}

static const char *settings_text(const char *text)
{
    return settings_file(text, strlen(text));
}

static void test_higher_limits_catch_fewer_and_later(void **state)
{
    (void)state;
    write_log();
    const struct run *run = replay("--diff", "Limits=80/10m", path_of("a.evt"), NULL);

    assert_has(run->out, "\ndiff: settings that change, present -> new\n"
                         "  Limits: 50/10m, 200/1h, clients:8/10m -> 80/10m\n"
                         "\n"
                         "PRESENT               LIMIT             ACTION                  "
                         "NEW                   LIMIT             ACTION                  "
                         "CHANGE   ACCOUNT\n"
                         "2010-01-02T03:04:54Z  50/10m            lock                    "
                         "-                     -                 -                       "
                         "gone     X\\bob\n"
                         "2010-01-02T03:08:14Z  50/10m            lock                    "
                         "2010-01-02T03:08:44Z  80/10m            lock                    "
                         "later    X\\dave\n"
                         "\n"
                         "diff: accounts over a limit 2 -> 1; new 0, gone 1, sooner 0, later 1, "
                         "other action 0, same 0\n");
    assert_string_equal(run->err, "");
    assert_int_equal(run->status, REPLAY_VERDICTS);
}

static void test_lower_limits_catch_more_and_sooner(void **state)
{
    (void)state;
    write_log();
    const struct run *run = replay("--json", "--diff", "Limits=20/10m", path_of("a.evt"), NULL);

    assert_true(json_check(run->out));
    assert_has(
        run->out,
        "\"diff\":{\"changes\":[{\"change\":\"sooner\",\"present\":{\"account\":\"X\\\\bob\","
        "\"limit\":\"50/10m\",\"count\":50,\"clients\":1,\"record\":50,\"time\":"
        "\"2010-01-02T03:04:54Z\",\"action\":\"lock\"},\"new\":{\"account\":\"X\\\\bob\","
        "\"limit\":\"20/10m\",\"count\":20,\"clients\":1,\"record\":20,\"time\":"
        "\"2010-01-02T03:04:24Z\",\"action\":\"lock\"}},{\"change\":\"new\",\"present\":null,"
        "\"new\":{\"account\":\"X\\\\carol\",");
    assert_has(run->out, "],\"same\":0,\"sooner\":2,\"later\":0,\"action\":0,\"new\":1,\"gone\":0,"
                         "\"machines\":0,\"lost\":0}");
}

static void test_action_and_budget_change_what_is_done(void **state)
{
    (void)state;
    write_log();
    const struct run *run = replay("--csv", "--diff", "MaxLocksPerHour=1", "--diff",
                                   "Limits=50/10m", path_of("a.evt"), NULL);

    assert_has(run->out, "account,change,present_time,present_limit,present_record,present_action,"
                         "new_time,new_limit,new_record,new_action");
    assert_has(run->out, "\nX\\bob,same,2010-01-02T03:04:54Z,50/10m,50,lock,"
                         "2010-01-02T03:04:54Z,50/10m,50,lock");
    assert_has(run->out, "\nX\\dave,action,2010-01-02T03:08:14Z,50/10m,140,lock,"
                         "2010-01-02T03:08:14Z,50/10m,140,flag-budget");
    run = replay("--csv", "--diff", "Action=flag", path_of("a.evt"), NULL);
    assert_has(run->out, "\nX\\bob,action,");
    assert_has(run->out, ",flag-action");
}

static void test_exempt_and_limits_of_an_account(void **state)
{
    (void)state;
    write_log();
    const struct run *run =
        replay("--set", "Exempt=bob", "--diff", "Exempt=dave", "--diff", "Accounts\\X/carol=25/10m",
               "--set", "Accounts\\dave=60/10m", path_of("a.evt"), NULL);

    assert_has(run->out, "\n  Exempt: bob -> dave\n"
                         "  limits of X\\carol: the general ones -> 25/10m\n\n");
    assert_has(run->out, " gone     X\\dave\n");
    assert_has(run->out, " new      X\\carol\n");
    assert_has(run->out, " new      X\\bob\n");
    run = replay("--set", "Accounts\\dave=60/10m", "--diff", "Accounts\\dave=70/10m",
                 path_of("a.evt"), NULL);
    assert_has(run->out, "\n  limits of dave: 60/10m -> 70/10m\n\n");
}

static void test_same_settings_change_nothing(void **state)
{
    (void)state;
    write_log();
    const struct run *run =
        replay("--diff", "limits= 50/10m;200/1h,clients:8/10m ", path_of("a.evt"), NULL);

    assert_has(run->out, "\n  none: the settings are the same\n");
    assert_has(run->out, "new 0, gone 0, sooner 0, later 0, other action 0, same 2\n");
}

static void test_a_verdict_under_the_new_settings_alone_is_one(void **state)
{
    (void)state;
    write_log();
    assert_int_equal(replay("--set", "Limits=99/1m", path_of("a.evt"), NULL)->status,
                     REPLAY_NOTHING);
    assert_int_equal(
        replay("--set", "Limits=99/1m", "--diff", "Limits=85/10m", path_of("a.evt"), NULL)->status,
        REPLAY_VERDICTS);
    assert_int_equal(
        replay("--set", "Limits=99/1m", "--diff", "Limits=98/1m", path_of("a.evt"), NULL)->status,
        REPLAY_NOTHING);
}

/* Accounts that find no number are told apart by name. */
static void test_accounts_beyond_the_book_are_compared_too(void **state)
{
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, 1 << 20, EVT_HEADER_SIZE, 1);
    for (char16_t i = 0; i < 66; i++) {
        const char16_t account[] = {u'X', u'\\', (char16_t)(0x4e00 + i), 0};

        add(&builder, START + i * 100u, account, 6, 1);
    }
    save(&builder, "a.evt");
    const struct run *run =
        replay("--set", "MaxAccounts=64", "--set", "Limits=5/10s", "--diff", "Limits=6/10s",
               "--diff", "MaxAccounts=128", path_of("a.evt"), NULL);

    assert_has(run->out, "later 64, ");
    assert_has(run->out, "; new 2, gone 0, ");
    assert_int_equal(run->status, REPLAY_FAILED); /* said of the present ones */
    run = replay("--set", "MaxAccounts=128", "--set", "Limits=5/10s", "--diff", "MaxAccounts=64",
                 path_of("a.evt"), NULL);
    assert_has(run->err, "replay: under the new settings MaxAccounts is too small for this log: "
                         "losses ");
    assert_int_equal(run->status, REPLAY_FAILED);
}

/* ---- files ---------------------------------------------------------------------------------- */

static void test_settings_from_a_file(void **state)
{
    (void)state;
    write_log();
    const char *file = settings_text("\xef\xbb\xbf# what we mean to do\r\n"
                                     "\r\n"
                                     "  Limits = 80/10m,900/1h \r\n"
                                     ";Action=flag\n"
                                     "Accounts\\X/bob=70/10m");
    const struct run *run = replay("--diff", file, path_of("a.evt"), NULL);

    assert_has(run->out, "\n  Limits: 50/10m, 200/1h, clients:8/10m -> 80/10m, 900/1h\n"
                         "  limits of X\\bob: the general ones -> 70/10m\n\n");
    assert_has(run->out, " gone     X\\bob\n");
    assert_string_equal(run->err, "");
    /* In the order in which they are given, the last one counts. */
    run = replay("--diff", file, "--diff", "Limits=60/10m", path_of("a.evt"), NULL);
    assert_has(run->out, " -> 60/10m\n");
}

static void test_settings_in_utf_16(void **state)
{
    static const char16_t text[] = u"\ufeffExempt=X\\b\u00f6b\r\n";

    (void)state;
    write_log();
    const struct run *run =
        replay("--diff", settings_file(text, sizeof text - 2), "--json", path_of("a.evt"), NULL);

    assert_int_equal(run->status, REPLAY_VERDICTS);
    run = replay("--diff", settings_file(text, sizeof text - 2), path_of("a.evt"), NULL);
    assert_has(run->out, "\n  Exempt: (none) -> X\\b\xc3\xb6\x62\n");
    assert_has(replay("--diff", settings_file(text, 2), path_of("a.evt"), NULL)->out,
               "\n  none: the settings are the same\n");
}

static void assert_refused(const char *argument, const char *said)
{
    const struct run *run = replay("--diff", argument, path_of("a.evt"), NULL);

    assert_has(run->err, said);
    assert_string_equal(run->out, "");
    assert_int_equal(run->status, REPLAY_USAGE);
}

static void test_what_is_wrong_is_said_with_its_line(void **state)
{
    static char large[65537];
    char said[600];

    (void)state;
    write_log();
    assert_refused(settings_text("# one\nLimit=5/1m\n"),
                   ", line 2: there is no setting of that name; "
                   "there are Accounts\\NAME, Limits, ");
    assert_refused(settings_text("Limits=5\n"), ", line 1: Limits must be 1 to 16 limits");
    assert_refused(settings_text("\n\nLimits"), ", line 3: it must be NAME=VALUE\n");
    assert_refused(settings_text("Accounts\\bob=often"), ", line 1: Accounts\\NAME must be limits");
    assert_refused(settings_text("Exempt=\xff"), ": it is neither UTF-8 nor UTF-16 with a mark\n");
    assert_refused(settings_file("Action=flag\0x", 13), ": it is neither UTF-8 nor UTF-16");
    memset(large, '\n', sizeof large);
    assert_refused(settings_file(large, sizeof large), ": it is larger than 65536 bytes\n");
    assert_has(
        replay("--diff", settings_file(large, sizeof large - 1), path_of("a.evt"), NULL)->out,
        "the settings are the same");
    assert_has(replay("--diff", settings_file("", 0), path_of("a.evt"), NULL)->out,
               "the settings are the same");
    remove(path_of("settings"));
    snprintf(said, sizeof said, "replay: --diff %s: ", path_of("settings"));
    char argument[512];

    snprintf(argument, sizeof argument, "@%s", path_of("settings"));
    assert_refused(argument, said);
}

/* ---- arguments ------------------------------------------------------------------------------ */

static void test_wrong_arguments(void **state)
{
    (void)state;
    write_log();
    assert_refused("Limits", "replay: --diff Limits: it must be NAME=VALUE\n");
    assert_refused("Limits=5", "replay: --diff Limits=5: Limits must be ");
    assert_refused("EventId=17", "replay: --diff: Provider and EventId cannot differ, ");
    assert_refused("Provider=Other", "replay: --diff: Provider and EventId cannot differ, ");
    assert_has(replay("--diff", "provider=msexchangetransport", path_of("a.evt"), NULL)->out,
               "the settings are the same");
    assert_has(replay("a.evt", "--diff", NULL)->err,
               "replay: --diff: NAME=VALUE or @FILE must follow\nusage: ");
    assert_has(replay("a.evt", "--explain", NULL)->err,
               "replay: --explain: the name of an account must follow\nusage: ");
    assert_has(replay("a.evt", "--explain", "", NULL)->err, "must be followed by the name of an ");
    assert_has(replay("--explain", "\xff", "a.evt", NULL)->err,
               "replay: ?: --explain must be followed by the name of an account, UTF-8\n");
    assert_has(replay("--sweep=5", "a.evt", NULL)->err,
               "replay: --sweep=5: the grid must be COUNTS/WINDOWS/CLIENTS as in ");
    assert_has(replay("--sweep=", "a.evt", NULL)->err, "replay: --sweep=: the grid must be ");
    assert_has(replay("--json", "--csv", "a.evt", NULL)->err,
               "replay: --csv: there can be but one format\n");
    assert_has(replay("--csv", "--sweep", "--explain", "bob", "a.evt", NULL)->err,
               "replay: --csv: it is one table; give one of --sweep, --explain and --diff\n");
    assert_int_equal(replay("--csv", "--sweep", "--explain", "bob", "a.evt", NULL)->status,
                     REPLAY_USAGE);
}

static void test_verdicts_for_spreadsheets(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"@X\\bob", 5, 2);
    save(&builder, "a.evt");
    const struct run *run =
        replay("--csv", "--csv", "--set", "Limits=5/1m", path_of("a.evt"), NULL);

#ifdef _WIN32
    assert_string_equal(run->out, "account,limit,count,clients,time,record,action\n"
                                  "'@X\\bob,5/1m,5,2,2010-01-02T03:04:09Z,5,lock\n");
#else
    assert_string_equal(run->out, "account,limit,count,clients,time,record,action\r\n"
                                  "'@X\\bob,5/1m,5,2,2010-01-02T03:04:09Z,5,lock\r\n");
#endif
    assert_int_equal(run->status, REPLAY_VERDICTS);
}

/* All at once: they do not disturb one another. */
static void test_all_parts_in_one_document(void **state)
{
    (void)state;
    write_log();
    const struct run *run = replay("--json", "--sweep", "--explain", "bob", "--diff",
                                   "Limits=80/10m", path_of("a.evt"), NULL);

    assert_true(json_check(run->out));
    assert_has(run->out, "\"sweep\":{\"limits\":[{\"limit\":\"5/1m\",\"accounts\":3,");
    assert_has(run->out,
               "\"explain\":{\"asked\":\"bob\",\"account\":\"X\\\\bob\",\"sign_ins\":60,");
    assert_has(run->out, "\"later\":1,\"action\":0,\"new\":0,\"gone\":1,");
    run = replay("--sweep", "--explain", "bob", "--diff", "Limits=80/10m", path_of("a.evt"), NULL);
    const char *sweep = strstr(run->out, "\nsweep: "), *explain = strstr(run->out, "\nexplain: ");
    const char *diff = strstr(run->out, "\ndiff: ");

    assert_true(sweep != NULL && sweep < explain && explain < diff);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_higher_limits_catch_fewer_and_later),
        cmocka_unit_test(test_lower_limits_catch_more_and_sooner),
        cmocka_unit_test(test_action_and_budget_change_what_is_done),
        cmocka_unit_test(test_exempt_and_limits_of_an_account),
        cmocka_unit_test(test_same_settings_change_nothing),
        cmocka_unit_test(test_a_verdict_under_the_new_settings_alone_is_one),
        cmocka_unit_test(test_accounts_beyond_the_book_are_compared_too),
        cmocka_unit_test(test_settings_from_a_file),
        cmocka_unit_test(test_settings_in_utf_16),
        cmocka_unit_test(test_what_is_wrong_is_said_with_its_line),
        cmocka_unit_test(test_wrong_arguments),
        cmocka_unit_test(test_verdicts_for_spreadsheets),
        cmocka_unit_test(test_all_parts_in_one_document),
    };

    return cmocka_run_group_tests(tests, NULL, remove_files);
}
