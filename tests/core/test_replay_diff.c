/* replay --diff as a whole: verdicts compared. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "app/replay.h"
#include "json_check.h"
#include "replay_run.h"

static void test_higher_limits_catch_fewer_and_later(void **state)
{
    (void)state;
    save_bursts("a.evt");
    const struct output *run = replay("--diff", "Limits=80/10m", path_of("a.evt"), NULL);

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
    save_bursts("a.evt");
    const struct output *run = replay("--json", "--diff", "Limits=20/10m", path_of("a.evt"), NULL);

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
    save_bursts("a.evt");
    const struct output *run = replay("--csv", "--diff", "MaxLocksPerHour=1", "--diff",
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
    save_bursts("a.evt");
    const struct output *run =
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
    save_bursts("a.evt");
    const struct output *run =
        replay("--diff", "limits= 50/10m;200/1h,clients:8/10m ", path_of("a.evt"), NULL);

    assert_has(run->out, "\n  none: the settings are the same\n");
    assert_has(run->out, "new 0, gone 0, sooner 0, later 0, other action 0, same 2\n");
}

static void test_a_verdict_under_the_new_settings_alone_is_one(void **state)
{
    (void)state;
    save_bursts("a.evt");
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
    const struct output *run =
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

/* The accounts cross in another order than that of their first coming, under the new settings again
 * in another one. */
static void test_the_order_of_verdicts_does_not_matter(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 30, 1);
    add(&builder, START + 10, u"ann", 60, 1);
    add(&builder, START + 100, u"bob", 30, 1);
    save(&builder, "a.evt");
    const struct output *run = replay("--csv", "--diff", "Limits=20/10m", path_of("a.evt"), NULL);

    assert_has(run->out, "\nbob,sooner,2010-01-02T03:06:04Z,50/10m,110,lock,"
                         "2010-01-02T03:04:24Z,20/10m,20,lock");
    assert_has(run->out, "\nann,sooner,2010-01-02T03:05:04Z,50/10m,80,lock,"
                         "2010-01-02T03:04:34Z,20/10m,50,lock");
    assert_int_equal(occurrences(run->out, "sooner"), 2);
}

static void test_limits_of_an_account_before_and_after(void **state)
{
    (void)state;
    save_bursts("a.evt");
    const struct output *run = replay("--set", "Accounts\\dave=60/10m,70/1h", "--diff",
                                      "Accounts\\dave=70/10m,80/1h", path_of("a.evt"), NULL);

    assert_has(run->out, "\n  limits of dave: 60/10m, 70/1h -> 70/10m, 80/1h\n\n");
    run = replay("--set", "Accounts\\dave=60/10m,70/1h", "--diff", "Accounts\\dave=60/10m,70/1h",
                 path_of("a.evt"), NULL);
    assert_has(run->out, "\n  none: the settings are the same\n");
    /* Nobody is over a limit: there is nothing to head. */
    run = replay("--set", "Limits=99/1m", "--diff", "Limits=98/1m", path_of("a.evt"), NULL);
    assert_lacks(run->out, "PRESENT");
}

/* Two without a number, whose names differ by their last letter: one has a verdict under the
 * present settings, the other one under the new ones. */
static void test_accounts_beyond_the_book_are_told_apart(void **state)
{
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, 1 << 20, EVT_HEADER_SIZE, 1);
    for (char16_t i = 0; i < 64; i++) {
        const char16_t account[] = {u'X', u'\\', (char16_t)(0x4e00 + i), 0};

        add(&builder, START + i, account, 1, 1);
    }
    add(&builder, START + 5000, u"X\\b", 5, 1);
    add(&builder, START + 6000, u"X\\a", 4, 1);
    add(&builder, START + 7000, u"X\\aa", 4, 1);
    add(&builder, START + 8000, u"X\\c", 5, 1);
    save(&builder, "a.evt");
    const struct output *run =
        replay("--csv", "--set", "MaxAccounts=64", "--set", "Limits=5/10s", "--diff", "Exempt=X\\b",
               "--diff", "Limits=4/10s", path_of("a.evt"), NULL);

    assert_has(run->out, "\nX\\b,gone,2010-01-02T04:27:29Z,5/10s,69,lock,,,,");
    assert_has(run->out, "\nX\\a,new,,,,,2010-01-02T04:44:08Z,4/10s,73,lock");
    assert_has(run->out, "\nX\\c,sooner,2010-01-02T05:17:29Z,5/10s,82,lock,"
                         "2010-01-02T05:17:28Z,4/10s,81,lock");
    assert_has(run->out, "\nX\\aa,new,,,,,2010-01-02T05:00:48Z,4/10s,77,lock");
}

static void test_verdicts_for_spreadsheets(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"@X\\bob", 5, 2);
    save(&builder, "a.evt");
    const struct output *run =
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
    save_bursts("a.evt");
    const struct output *run = replay("--json", "--sweep", "--explain", "bob", "--diff",
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
        cmocka_unit_test(test_the_order_of_verdicts_does_not_matter),
        cmocka_unit_test(test_limits_of_an_account_before_and_after),
        cmocka_unit_test(test_accounts_beyond_the_book_are_told_apart),
        cmocka_unit_test(test_verdicts_for_spreadsheets),
        cmocka_unit_test(test_all_parts_in_one_document),
    };

    return cmocka_run_group_tests(tests, NULL, remove_files);
}
