/* The verb replay as a whole: logs are built as files, its output and exit status are checked. */
#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <direct.h>
#include <fcntl.h>
#include <io.h>
#define dup2              _dup2
#define close             _close
#define fileno            _fileno
#define write             _write
#define rmdir             _rmdir
#define dup               _dup
#define mkdir(path, mode) _mkdir(path)
#define pipe(ends)        _pipe(ends, 65536, O_BINARY)
#else
#include <sys/stat.h>
#include <unistd.h>
#endif

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
    const struct run *run = replay("--json", path_of("a.evt"), NULL);

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
    const struct run *run = replay(path_of("a.evt"), "--json", NULL);

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
    const struct run *run = replay("--json", path_of("a.evt"), NULL);

    assert_has(
        run->out,
        "{\"account\":\"bob\",\"limit\":\"clients:8/10m\",\"count\":8,"
        "\"clients\":8,\"record\":8,\"time\":\"2010-01-02T03:04:12Z\",\"action\":\"lock\"}]");
    assert_int_equal(run->status, REPLAY_VERDICTS);
}

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
    const struct run *run = replay("--json", "--set", "Limits=5/1m", path_of("a.evt"), NULL);

    assert_has(run->out, "\"verdicts\":[{\"account\":\"bob@contoso.com\",\"limit\":\"5/1m\","
                         "\"count\":5,\"clients\":1,\"record\":5,\"time\":\"2010-01-02T03:04:09Z\","
                         "\"action\":\"lock\"}],");
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
    const struct run *run = replay("--json", "--set", "Limits=3/1m", path_of("a.evt"), NULL);

    assert_has(run->out, "{\"records\":13,\"matched\":13,\"malformed\":11,\"verdicts\":[],");
    assert_int_equal(run->status, REPLAY_NOTHING);
}

static void test_machine_accounts_are_passed_over(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"CONTOSO\\MAIL2$", 100, 1);
    add(&builder, START + 9000, u"CONTOSO\\MAIL2$", 100, 1);
    save(&builder, "a.evt");
    const struct run *run = replay("--json", path_of("a.evt"), NULL);

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
        const struct run *run = replay("--json", "--set", settings[i], path_of("a.evt"), NULL);
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
    const struct run *run = replay("--set", "limits=5/1m", "--set", "MaxLocksPerHour=2", "--set",
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

static void test_exempt_and_per_account_limits(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"CONTOSO\\scanner", 90, 1);
    add(&builder, START, u"CONTOSO\\bulk", 90, 1);
    add(&builder, START, u"CONTOSO\\bob", 3, 1);
    save(&builder, "a.evt");
    const struct run *run =
        replay("--set", "Exempt=scan*", "--set", "Accounts\\bulk=100/1h", "--set",
               "Accounts\\CONTOSO/bob=3/1m", "--json", path_of("a.evt"), NULL);

    assert_has(run->out, "\"verdicts\":[{\"account\":\"CONTOSO\\\\bob\",\"limit\":\"3/1m\","
                         "\"count\":3,\"clients\":1,\"record\":183,");
    assert_null(strstr(run->out, "bulk"));
    assert_null(strstr(run->out, "scanner"));
}

static void test_files_are_read_in_the_order_of_their_times(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START + 30, u"bob", 3, 1);
    save(&builder, "a.evt");
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1000);
    add(&builder, START, u"bob", 3, 1);
    save(&builder, "b.evt");
    evt_open(&builder, RING, EVT_HEADER_SIZE, 1);
    save(&builder, "c.evt"); /* empty: no time, comes last */
    const struct run *run = replay("--set", "Limits=5/1m", "--json", path_of("c.evt"),
                                   path_of("a.evt"), path_of("b.evt"), NULL);

    assert_has(
        run->out,
        "{\"records\":6,\"matched\":6,\"malformed\":0,\"verdicts\":["
        "{\"account\":\"bob\",\"limit\":\"5/1m\",\"count\":5,"
        "\"clients\":1,\"record\":2,\"time\":\"2010-01-02T03:04:36Z\",\"action\":\"lock\"}],");
    run = replay(path_of("c.evt"), path_of("a.evt"), path_of("b.evt"), NULL);
    const char *last = strstr(run->out, path_of("c.evt"));

    assert_non_null(last);
    assert_true(strstr(run->out, path_of("b.evt")) < strstr(run->out, path_of("a.evt")));
    assert_true(strstr(run->out, path_of("a.evt")) < last);
    assert_has(last, ": records 0, matched 0, malformed 0\n");
}

/* One sign-in, from whichever computer. */
static void add_from(struct evt_builder *builder, const char16_t *computer, uint32_t time,
                     const char16_t *account)
{
    const struct evt_entry entry = {
        .source = TEXT_OF(u"MSExchangeTransport"),
        .computer = text_of(computer),
        .event_id = 1708,
        .generated = time,
        .written = time,
        .strings = {TEXT_OF(u"client"), TEXT_OF(u"LOGIN"), text_of(account)},
        .string_count = 3};

    evt_add(builder, &entry);
}

/* Numbers and times are the same, the computers are not. Either log alone stays below the limit,
 * and one after the other would put the second half of the sign-ins outside the window. */
static void test_logs_of_the_same_time_are_counted_together(void **state)
{
    struct evt_builder one, other;

    (void)state;
    open_log(&one);
    open_log(&other);
    for (uint32_t i = 0; i < 30; i++) {
        add_from(&one, u"MAIL1", START + i * 60, u"CONTOSO\\bob");
        add_from(&other, u"MAIL2", START + i * 60, u"CONTOSO\\bob");
    }
    save(&one, "a.evt");
    save(&other, "b.evt");
    const struct run *run =
        replay("--json", "--set", "Limits=20/10m", path_of("a.evt"), path_of("b.evt"), NULL);

    assert_has(run->out, "{\"records\":60,\"matched\":60,\"malformed\":0,\"verdicts\":["
                         "{\"account\":\"CONTOSO\\\\bob\",\"limit\":\"20/10m\","
                         "\"count\":20,\"clients\":1,\"record\":10,"
                         "\"time\":\"2010-01-02T03:13:05Z\",\"action\":\"lock\"}],");
    assert_string_equal(run->err, "");
    assert_int_equal(run->status, REPLAY_VERDICTS);
    assert_has(replay("--json", "--set", "Limits=20/10m", path_of("a.evt"), NULL)->out,
               "\"verdicts\":[]");
    assert_has(
        replay("--json", "--set", "Limits=21/10m", path_of("a.evt"), path_of("b.evt"), NULL)->out,
        "\"verdicts\":[]");
}

static void test_the_same_file_twice_counts_once(void **state)
{
    struct evt_builder builder;
    char expected[600];

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 40, 1);
    save(&builder, "a.evt");
    const struct run *run = replay("--json", path_of("a.evt"), path_of("a.evt"), NULL);

    assert_has(run->out, "{\"records\":40,\"matched\":40,\"malformed\":0,\"verdicts\":[],");
    assert_int_equal(run->status, REPLAY_NOTHING);
    run = replay(path_of("a.evt"), path_of("a.evt"), NULL);
    snprintf(expected, sizeof expected,
             "%s: records 40 (1 to 40), 2010-01-02T03:04:05Z to 2010-01-02T03:04:44Z, matched 40, "
             "malformed 0\n",
             path_of("a.evt"));
    assert_has(run->out, expected);
    assert_has(strstr(run->out, expected) + 1, expected);
    assert_has(run->out, "total: records 40, matched 40, malformed 0, accounts over a limit 0\n"
                         "records that another file holds too, counted once: 40\n");
}

/* The log is saved twice, and in between it turned, so that either save has records of its own. The
 * times fall within every three records, so that the saves do not meet in step. */
static void test_saves_of_one_log_that_overlap_count_once(void **state)
{
    struct evt_builder builder;
    uint32_t last = 0, oldest;
    char expected[200];

    (void)state;
    evt_open(&builder, 16 * 1024, EVT_HEADER_SIZE, 1);
    for (; last < 60; last++) {
        evt_sign_in(&builder, START + last + 2 - 2 * (last % 3), TEXT_OF(u"c"), TEXT_OF(u"bob"));
    }
    evt_close(&builder, false);
    write_file("a.evt", builder.file, builder.size);
    assert_int_equal(builder.oldest_number, 1);
    for (; last < 121; last++) {
        evt_sign_in(&builder, START + last + 2 - 2 * (last % 3), TEXT_OF(u"c"), TEXT_OF(u"bob"));
    }
    oldest = builder.oldest_number;
    assert_in_range(oldest, 2, 59);
    save(&builder, "b.evt");
    static const char *const orders[][2] = {{"a.evt", "b.evt"}, {"b.evt", "a.evt"}};

    for (size_t i = 0; i < 2; i++) {
        const struct run *run =
            replay("--set", "Limits=122/1h", path_of(orders[i][0]), path_of(orders[i][1]), NULL);

        snprintf(expected, sizeof expected,
                 "total: records %u, matched %u, malformed 0, accounts over a limit 0\n"
                 "records that another file holds too, counted once: %u\n",
                 last, last, 61 - oldest);
        assert_has(run->out, expected);
        assert_int_equal(run->status, REPLAY_NOTHING);
    }
}

/* More records than the first room for them. */
static void test_many_records_twice_count_once(void **state)
{
    struct evt_builder builder;

    (void)state;
    evt_open(&builder, 4 * 1024 * 1024, EVT_HEADER_SIZE, 1);
    add(&builder, START, u"bob", 9999, 1);
    save(&builder, "a.evt");
    const struct run *run =
        replay("--json", "--set", "Limits=10000/24h", path_of("a.evt"), path_of("a.evt"), NULL);

    assert_has(run->out, "{\"records\":9999,\"matched\":9999,\"malformed\":0,\"verdicts\":[],");
    assert_int_equal(run->status, REPLAY_NOTHING);
}

static void test_other_provider_and_event(void **state)
{
    const char *folder = getenv("RELAYLOCK_TEST_DATA");
    char path[400];

    (void)state;
    snprintf(path, sizeof path, "%s/SysEvent.Evt", folder != NULL ? folder : "tests/data");
    const struct run *run = replay("--json", path, NULL);

    assert_has(run->out, "{\"records\":6063,\"matched\":0,\"malformed\":0,\"verdicts\":[],");
    assert_int_equal(run->status, REPLAY_NOTHING);
    /* 0x8000a000 and LSASRV: three strings, the third a text of many words. evtexport counts as
     * many. */
    run = replay("--json", "--set", "Provider=lsasrv", "--set", "EventId=40960", path, NULL);
    assert_has(run->out, "{\"records\":6063,\"matched\":402,\"malformed\":0,");
}

/* ---- folders and standard input ------------------------------------------------------------- */

static void test_a_folder_is_the_logs_in_it(void **state)
{
    struct evt_builder builder;
    const struct run *run;

    (void)state;
    assert_int_equal(mkdir(path_of("folder"), 0700), 0);
    open_log(&builder);
    add(&builder, START, u"bob", 10, 1);
    evt_close(&builder, false);
    write_file("folder/c.txt", builder.file, builder.size);
    run = replay("--json", path_of("folder"), NULL);
    assert_has(run->err, "folder: the folder holds no event log (.evt)\n");
    assert_int_equal(run->status, REPLAY_FAILED);

    write_file("folder/b.EVT", builder.file, builder.size);
    add(&builder, START + 10, u"bob", 50, 1);
    save(&builder, "folder/a.evt");
    run = replay("--json", path_of("folder"), NULL);
    assert_string_equal(run->err, "");
    assert_has(run->out, "{\"records\":60,\"matched\":60,\"malformed\":0,\"verdicts\":[{");
    assert_int_equal(run->status, REPLAY_VERDICTS);
    /* The same file by its name besides is the same log. */
    run = replay("--json", path_of("folder/a.evt"), path_of("folder"), NULL);
    assert_has(run->out, "{\"records\":60,");
    remove(path_of("folder/a.evt"));
    remove(path_of("folder/b.EVT"));
    remove(path_of("folder/c.txt"));
    assert_int_equal(rmdir(path_of("folder")), 0);
}

/* Runs `replay -` with a descriptor as standard input, which is closed. */
static const struct run *replay_from(int input)
{
    int kept = dup(0);

    assert_true(kept >= 0 && dup2(input, 0) >= 0);
    close(input);
    const struct run *run = replay("-", "--json", NULL);

    assert_true(dup2(kept, 0) >= 0);
    close(kept);
    return run;
}

static const char bob_from_standard_input[] =
    "{\"records\":60,\"matched\":60,\"malformed\":0,\"verdicts\":[{\"account\":\"bob\",";

static void test_standard_input_may_be_a_file(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 60, 1);
    save(&builder, "a.evt");
    FILE *file = fopen(path_of("a.evt"), "rb");

    assert_non_null(file);
    const struct run *run = replay_from(dup(fileno(file)));

    fclose(file);
    assert_string_equal(run->err, "");
    assert_has(run->out, bob_from_standard_input);
    assert_int_equal(run->status, REPLAY_VERDICTS);
}

static void test_standard_input_may_be_a_pipe(void **state)
{
    struct evt_builder builder;
    int ends[2];

    (void)state;
    /* A wrapped log, so that what comes first is not the oldest. */
    evt_open(&builder, 16 * 1024, 15 * 1024, 1);
    add(&builder, START, u"bob", 60, 1);
    evt_close(&builder, true);
    assert_true(builder.wrapped);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], builder.file, (unsigned)builder.size), builder.size);
    evt_free(&builder);
    close(ends[1]);
    const struct run *run = replay_from(ends[0]);

    assert_string_equal(run->err, "");
    assert_has(run->out, bob_from_standard_input);
    assert_int_equal(run->status, REPLAY_VERDICTS);
    assert_int_equal(pipe(ends), 0);
    close(ends[1]);
    run = replay_from(ends[0]);
    assert_string_equal(run->err, "replay: standard input: the file is empty\n");
}

/* ---- what is wrong with the input ----------------------------------------------------------- */

static void test_damage_is_said_and_the_rest_is_read(void **state)
{
    struct evt_builder builder;
    char expected[1024];

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 60, 1);
    uint32_t size = evt_get_u32(builder.file + EVT_HEADER_SIZE);

    memset(builder.file + EVT_HEADER_SIZE + 2 * size, 0xee, 2 * size);
    save(&builder, "a.evt");
    const struct run *run = replay("--json", path_of("a.evt"), NULL);

    snprintf(expected, sizeof expected,
             "replay: %s: damaged: %d bytes passed over, places: 1, the first at offset %d\n",
             path_of("a.evt"), 2 * (int)size, EVT_HEADER_SIZE + 2 * (int)size);
    assert_string_equal(run->err, expected);
    assert_has(run->out, "{\"records\":58,\"matched\":58,\"malformed\":0,\"verdicts\":[{");
    assert_has(run->out, "\"count\":50,\"clients\":1,\"record\":52,");
    assert_int_equal(run->status, REPLAY_FAILED);
}

static void test_log_cut_short_is_said(void **state)
{
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 20, 1);
    evt_close(&builder, false);
    size_t half = EVT_HEADER_SIZE + 10 * evt_get_u32(builder.file + EVT_HEADER_SIZE);

    write_file("a.evt", builder.file, half); /* right behind a record */
    evt_free(&builder);
    const struct run *run = replay("--json", path_of("a.evt"), NULL);

    assert_has(run->out, "{\"records\":10,");
    assert_has(run->err, "incomplete: records are missing");
    assert_int_equal(run->status, REPLAY_FAILED);
}

static void test_unreadable_files_are_named_and_the_others_read(void **state)
{
    static const uint8_t evtx[4096] = "ElfFile";
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 60, 1);
    save(&builder, "a.evt");
#ifdef _WIN32 /* Windows reads those itself: test_queried_log.c and the lab's verdicts */
    write_file("b.evt", evtx + 8, 4000);
#else
    write_file("b.evt", evtx, sizeof evtx);
#endif
    write_file("c.evt", "", 0);
    const struct run *run = replay("--json", path_of("none.evt"), path_of("c.evt"),
                                   path_of("b.evt"), path_of("a.evt"), NULL);

    assert_has(run->out, "{\"records\":60,\"matched\":60,\"malformed\":0,\"verdicts\":[{");
    assert_has(run->err, "none.evt: ");
    assert_has(run->err, "c.evt: the file is empty\n");
#ifdef _WIN32
    assert_has(run->err, "b.evt: not an event log (.evt)\n");
#else
    assert_has(run->err, "b.evt: an event log of Windows Vista or later (.evtx)");
#endif
    assert_null(strstr(run->err, "a.evt"));
    assert_int_equal(run->status, REPLAY_FAILED);
    write_file("b.evt", evtx + 8, 4000);
    run = replay("--json", path_of("b.evt"), NULL);
    assert_has(run->out, "{\"records\":0,\"matched\":0,\"malformed\":0,\"verdicts\":[],");
    assert_has(run->err, "b.evt: not an event log (.evt)\n");
    assert_int_equal(run->status, REPLAY_FAILED);
}

static void test_a_file_that_is_none_is_not_waited_for(void **state)
{
    (void)state;
#ifndef _WIN32
    const struct run *run = replay("--json", "/dev/null", NULL);

    assert_has(run->err, "replay: /dev/null: not a file\n");
#else
    const struct run *run = replay("--json", "NUL", NULL);

    assert_has(run->err, "replay: NUL: ");
#endif
    assert_int_equal(run->status, REPLAY_FAILED);
}

/* 120 accounts cross the limit, but there is room for 64, and who crossed it is never forgotten. */
static void test_log_with_too_many_accounts_is_said(void **state)
{
    struct evt_builder builder;
    char16_t account[] = u"CONTOSO\\user?";
    enum { ACCOUNTS = 120, EACH = 70, ROOM = 64 };

    (void)state;
    evt_open(&builder, 4 * 1024 * 1024, EVT_HEADER_SIZE, 1);
    for (int i = 0; i < ACCOUNTS; i++) {
        account[sizeof account / sizeof account[0] - 2] = (char16_t)(0x4e00 + i);
        add(&builder, START + (uint32_t)(i * EACH), account, EACH, 1);
    }
    save(&builder, "a.evt");
    const struct run *run = replay("--json", "--set", "MaxAccounts=64", path_of("a.evt"), NULL);
    char expected[256];

    snprintf(expected, sizeof expected,
             "replay: MaxAccounts 64 is too small for this log: losses %d, sign-ins counted by the "
             "name as written %d; raise it with --set\n",
             (ACCOUNTS - ROOM) * EACH, (ACCOUNTS - ROOM) * EACH);
    assert_string_equal(run->err, expected);
    assert_has(run->out, "{\"records\":8400,\"matched\":8400,\"malformed\":0,\"verdicts\":[{");
    assert_int_equal(run->status, REPLAY_FAILED);
    run = replay("--json", "--set", "MaxAccounts=128", path_of("a.evt"), NULL);
    assert_string_equal(run->err, "");
    assert_int_equal(run->status, REPLAY_VERDICTS);
}

/* A user in 65 domains: all are counted, but the 65th name stays as it is written. */
static void test_user_in_too_many_domains_is_said(void **state)
{
    struct evt_builder builder;
    char16_t account[] = u"X?\\bob";

    (void)state;
    open_log(&builder);
    for (char16_t i = 0; i < 65; i++) {
        account[1] = (char16_t)(0x4e00 + i);
        add(&builder, START + i, account, 1, 1);
    }
    save(&builder, "a.evt");
    const struct run *run = replay("--json", path_of("a.evt"), NULL);

    assert_string_equal(run->err, "replay: users with more than 64 domains: sign-ins counted by "
                                  "the name as written 1\n");
    assert_int_equal(run->status, REPLAY_FAILED);
}

#ifndef _WIN32
static void test_result_that_cannot_be_written_is_a_failure(void **state)
{
    struct evt_builder builder;
    static char text[OUTPUT_MAX];

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 60, 1);
    save(&builder, "a.evt");
    char *argv[] = {(char[]){"replay"}, (char[]){"--json"}, (char *)(uintptr_t)path_of("a.evt"),
                    NULL};
    int out = redirect(stdout, "out"), err = redirect(stderr, "err");
    FILE *full = fopen("/dev/full", "w");

    assert_non_null(full);
    assert_true(dup2(fileno(full), fileno(stdout)) >= 0);
    fclose(full);
    int status = replay_main(3, argv);

    clearerr(stdout);
    restore(stderr, err, "err", text);
    assert_has(text, "replay: the result could not be written: ");
    restore(stdout, out, "out", text);
    assert_int_equal(status, REPLAY_FAILED);
}
#endif

/* ---- arguments ------------------------------------------------------------------------------ */

static void assert_refused(const struct run *run, const char *said)
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
    const struct run *run = replay("--json", "--help", NULL);

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
        cmocka_unit_test(test_spellings_are_one_account),
        cmocka_unit_test(test_malformed_records_are_counted_only),
        cmocka_unit_test(test_machine_accounts_are_passed_over),
        cmocka_unit_test(test_an_account_is_named_once),
        cmocka_unit_test(test_the_longest_name_is_printed_whole),
        cmocka_unit_test(test_text_for_people),
        cmocka_unit_test(test_exempt_and_per_account_limits),
        cmocka_unit_test(test_files_are_read_in_the_order_of_their_times),
        cmocka_unit_test(test_logs_of_the_same_time_are_counted_together),
        cmocka_unit_test(test_the_same_file_twice_counts_once),
        cmocka_unit_test(test_saves_of_one_log_that_overlap_count_once),
        cmocka_unit_test(test_many_records_twice_count_once),
        cmocka_unit_test(test_other_provider_and_event),
        cmocka_unit_test(test_damage_is_said_and_the_rest_is_read),
        cmocka_unit_test(test_log_cut_short_is_said),
        cmocka_unit_test(test_unreadable_files_are_named_and_the_others_read),
        cmocka_unit_test(test_a_file_that_is_none_is_not_waited_for),
        cmocka_unit_test(test_a_folder_is_the_logs_in_it),
        cmocka_unit_test(test_standard_input_may_be_a_file),
        cmocka_unit_test(test_standard_input_may_be_a_pipe),
        cmocka_unit_test(test_log_with_too_many_accounts_is_said),
        cmocka_unit_test(test_user_in_too_many_domains_is_said),
#ifndef _WIN32
        cmocka_unit_test(test_result_that_cannot_be_written_is_a_failure),
#endif
        cmocka_unit_test(test_usage),
        cmocka_unit_test(test_help_is_no_error),
        cmocka_unit_test(test_more_than_4096_inputs_are_refused),
        cmocka_unit_test(test_wrong_settings_are_refused_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, remove_files);
}
