/* The verb replay as a whole: logs are built as files, its output and exit status are checked. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/replay.h"
#include "replay_run.h"

static void test_burst_is_a_verdict(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START - 500, u"CONTOSO\\ann", 7, 1);
    add(&builder, START, u"CONTOSO\\bob", 60, 3);
    save(&builder, "a.evt");
    const struct output *run = replay("--json", path_of("a.evt"), NULL);

    assert_has(run->out, "{\"records\":67,\"matched\":67,\"malformed\":0,\"verdicts\":["
                         "{\"account\":\"CONTOSO\\\\bob\",\"limit\":\"50/10m\","
                         "\"count\":50,\"clients\":3,\"record\":57,"
                         "\"time\":\"2010-01-02T03:04:54Z\",\"action\":\"lock\"}],");
    assert_string_equal(run->err, "");
    assert_int_equal(run->status, REPLAY_VERDICTS);
}

static void test_honest_users_are_none(void **state)
{
    struct evt_builder builder;
    const struct evt_entry other = {
        .source = TEXT_OF(u"MSExchangeIS"), .event_id = 1708, .generated = START};

    (void)state;
    open_log(&builder);
    add(&builder, START, u"CONTOSO\\bob", 49, 7);
    evt_add(&builder, &other);
    save(&builder, "a.evt");
    const struct output *run = replay(path_of("a.evt"), "--json", NULL);

    assert_has(run->out, "{\"records\":50,\"matched\":49,\"malformed\":0,\"verdicts\":[],");
    assert_int_equal(run->status, REPLAY_NOTHING);
}

static void test_distinct_clients_cross_their_own_limit(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 20, 9);
    save(&builder, "a.evt");
    const struct output *run = replay("--json", path_of("a.evt"), NULL);

    assert_has(
        run->out,
        "{\"account\":\"bob\",\"limit\":\"clients:8/10m\",\"count\":8,"
        "\"clients\":8,\"record\":8,\"time\":\"2010-01-02T03:04:12Z\",\"action\":\"lock\"}]");
    assert_int_equal(run->status, REPLAY_VERDICTS);
}

static void test_malformed_records_are_counted_only(void **state)
{
    struct evt_builder builder;
    struct evt_entry entry = {.source = TEXT_OF(u"MSExchangeTransport"),
                              .event_id = 1708,
                              .generated = START,
                              .strings = {TEXT_OF(u"c"), TEXT_OF(u"LOGIN"), TEXT_OF(u"")},
                              .string_count = 3};

    (void)state;
    open_log(&builder);
    for (int i = 0; i < 10; i++) {
        evt_add(&builder, &entry); /* an empty account */
    }
    entry.string_count = 2;
    evt_add(&builder, &entry);
    add(&builder, START, u"bob", 2, 1);
    save(&builder, "a.evt");
    const struct output *run = replay("--json", "--set", "Limits=3/1m", path_of("a.evt"), NULL);

    assert_has(run->out, "{\"records\":13,\"matched\":13,\"malformed\":11,\"verdicts\":[],");
    assert_int_equal(run->status, REPLAY_NOTHING);
}

/* Whose log it is, it does not know; it can be told. */
static void test_other_computers_do_not_count_when_one_is_named(void **state)
{
    struct evt_builder builder;
    struct evt_entry entry = {.source = TEXT_OF(u"MSExchangeTransport"),
                              .computer = TEXT_OF(u"PC7"),
                              .event_id = 1708,
                              .generated = START,
                              .strings = {TEXT_OF(u"c"), TEXT_OF(u"LOGIN"), TEXT_OF(u"X\\boss")},
                              .string_count = 3};

    (void)state;
    open_log(&builder);
    for (int i = 0; i < 60; i++) {
        evt_add(&builder, &entry);
        if (i % 2 == 0) {
            add(&builder, START, u"X\\bob", 1, 1); /* of MAIL1 */
        }
    }
    save(&builder, "a.evt");
    const struct output *run = replay("--json", path_of("a.evt"), NULL);

    assert_has(run->out,
               "\"matched\":90,\"malformed\":0,\"verdicts\":[{\"account\":\"X\\\\boss\",");
    assert_has(run->out, "\"foreign\":0,");
    run = replay("--json", "--set", "Computers=mail1", path_of("a.evt"), NULL);
    assert_has(run->out, "\"matched\":90,\"malformed\":0,\"verdicts\":[],");
    assert_has(run->out, "\"foreign\":60,");
    assert_int_equal(run->status, REPLAY_NOTHING);
    run = replay("--set", "Computers=mail1", path_of("a.evt"), NULL);
    assert_has(run->out, "that the setting Computers does not name, not counted: 60");
}

static void test_text_for_people(void **state)
{
    struct evt_builder builder;
    char expected[4096];

    (void)state;
    open_log(&builder);
    for (char16_t user = u'a'; user <= u'c'; user++) {
        const char16_t account[] = {u'X', u'\\', user, 0xd800, u'\n', 0x202e, 0};

        add(&builder, START + (uint32_t)(user - u'a') * 60, account, 5, 2);
    }
    save(&builder, "a.evt");
    const struct output *run = replay("--set", "limits=5/1m", "--set", "MaxLocksPerHour=2", "--set",
                                      "Exempt=X\\nobody", path_of("a.evt"), NULL);

    snprintf(expected, sizeof expected,
             "%s: records 15 (1 to 15), 2010-01-02T03:04:05Z to 2010-01-02T03:06:09Z, matched "
             "15, malformed 0\n"
             "\n"
             "TIME                  LIMIT              COUNT  CLIENTS      RECORD  "
             "ACTION                  ACCOUNT\n"
             "2010-01-02T03:04:09Z  5/1m                   5        2           5  "
             "lock                    X\\a{U+D800}{U+000A}{U+202E}\n"
             "2010-01-02T03:05:09Z  5/1m                   5        2          10  "
             "lock                    X\\b{U+D800}{U+000A}{U+202E}\n"
             "2010-01-02T03:06:09Z  5/1m                   5        2          15  "
             "flag (MaxLocksPerHour)  X\\c{U+D800}{U+000A}{U+202E}\n"
             "\n"
             "total: records 15, matched 15, malformed 0, accounts over a limit 3\n",
             path_of("a.evt"));
    assert_string_equal(run->out, expected);
    assert_string_equal(run->err, "");
    assert_int_equal(run->status, REPLAY_VERDICTS);
}

static void test_other_provider_and_event(void **state)
{
    const char *folder = getenv("RELAYLOCK_TEST_DATA");
    char path[400];

    (void)state;
    snprintf(path, sizeof path, "%s/SysEvent.Evt", folder != NULL ? folder : "tests/data");
    const struct output *run = replay("--json", path, NULL);

    assert_has(run->out, "{\"records\":6063,\"matched\":0,\"malformed\":0,\"verdicts\":[],");
    assert_int_equal(run->status, REPLAY_NOTHING);
    /* 0x8000a000 and LSASRV: three strings, the third a text of many words. evtexport counts as
     * many. */
    run = replay("--json", "--set", "Provider=lsasrv", "--set", "EventId=40960", path, NULL);
    assert_has(run->out, "{\"records\":6063,\"matched\":402,\"malformed\":0,");
}

/* ---- arguments ------------------------------------------------------------------------------ */

static void assert_refused(const struct output *run, const char *said)
{
    assert_int_equal(run->status, REPLAY_USAGE);
    assert_string_equal(run->out, "");
    assert_has(run->err, said);
}

static void test_usage(void **state)
{
    const char *said = "usage: relaylock replay [OPTION]... FILE.evt|FOLDER|-...\n";

    (void)state;
    assert_refused(replay(NULL, NULL), said);
    assert_refused(replay("--json", NULL), said);
    assert_refused(replay("--jsn", "a.evt", NULL), said);
    assert_refused(replay("--js\nn", "a.evt", NULL),
                   "replay: --js{U+000A}n: there is no such option\n");
    assert_refused(replay("a.evt", "--set", NULL), said);
    assert_refused(replay("a.evt", "--set", NULL), "replay: --set: NAME=VALUE must follow\n");
    assert_refused(replay("--json", NULL), "replay: no file is given\n");
    /* Behind "--" everything is a file. */
    assert_has(replay("--", "--json", NULL)->err, "replay: --json: ");
}

static void test_help_is_no_error(void **state)
{
    (void)state;
    const struct output *run = replay("--json", "--help", NULL);

    assert_has(run->out, "usage: relaylock replay [OPTION]... FILE.evt|FOLDER|-...\n");
    assert_string_equal(run->err, "");
    assert_int_equal(run->status, 0);
}

static void test_more_than_4096_inputs_are_refused(void **state)
{
    enum { MOST = 4096 };
    static char verb[] = "replay", file[] = "none.evt", last[] = "one-more.evt";
    static char *argv[MOST + 3];

    (void)state;
    argv[0] = verb;
    for (int i = 1; i <= MOST; i++) {
        argv[i] = file;
    }
    argv[MOST + 1] = last;
    assert_refused(run_with(MOST + 2, argv),
                   "replay: one-more.evt: one input too many; there may be 4096\n");
    argv[MOST + 1] = NULL;
    assert_int_equal(run_with(MOST + 1, argv)->status, REPLAY_FAILED); /* they are not there */
}

static void test_wrong_settings_are_refused_by_name(void **state)
{
    (void)state;
    assert_refused(replay("--set", "Limit=5/1m", "a.evt", NULL),
                   "replay: --set Limit=5/1m: there is no setting of that name; there are "
                   "Accounts\\NAME, ");
    assert_refused(replay("--set", "Limits=5", "a.evt", NULL),
                   "replay: --set Limits=5: Limits must be ");
    assert_refused(replay("--set", "maxaccounts=1", "a.evt", NULL),
                   "replay: --set maxaccounts=1: MaxAccounts must be ");
    assert_refused(replay("--set", "MaxAccounts", "a.evt", NULL),
                   "replay: --set MaxAccounts: it must be NAME=VALUE\n");
    assert_refused(replay("--set", "Accounts\\bob=often", "a.evt", NULL),
                   "replay: --set Accounts\\bob=often: Accounts\\NAME must be limits");
    assert_refused(replay("--set", "Exempt=\xff", "a.evt", NULL),
                   "replay: --set Exempt=?: it must be UTF-8\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_burst_is_a_verdict),
        cmocka_unit_test(test_honest_users_are_none),
        cmocka_unit_test(test_distinct_clients_cross_their_own_limit),
        cmocka_unit_test(test_malformed_records_are_counted_only),
        cmocka_unit_test(test_other_computers_do_not_count_when_one_is_named),
        cmocka_unit_test(test_text_for_people),
        cmocka_unit_test(test_other_provider_and_event),
        cmocka_unit_test(test_usage),
        cmocka_unit_test(test_help_is_no_error),
        cmocka_unit_test(test_more_than_4096_inputs_are_refused),
        cmocka_unit_test(test_wrong_settings_are_refused_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, remove_files);
}
