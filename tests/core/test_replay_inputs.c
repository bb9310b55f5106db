/* What the verb replay reads: files that overlap, folders, standard input. */
#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
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
    const struct output *run = replay("--set", "Limits=5/1m", "--json", path_of("c.evt"),
                                      path_of("a.evt"), path_of("b.evt"), NULL);

    assert_has(
        run->out,
        "{\"records\":6,\"matched\":6,\"malformed\":0,\"verdicts\":["
        "{\"account\":\"bob\",\"limit\":\"5/1m\",\"count\":5,"
        "\"clients\":1,\"record\":2,\"time\":\"2010-01-02T03:04:36Z\",\"action\":\"lock\"}],");
    run = replay(path_of("c.evt"), path_of("a.evt"), path_of("b.evt"), NULL);
    const char *first = strstr(run->out, path_of("b.evt"));
    const char *second = strstr(run->out, path_of("a.evt"));
    const char *last = strstr(run->out, path_of("c.evt"));

    assert_non_null(first);
    assert_non_null(second);
    assert_non_null(last);
    assert_true(first < second);
    assert_true(second < last);
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
    const struct output *run =
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
    const struct output *run = replay("--json", path_of("a.evt"), path_of("a.evt"), NULL);

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
        const struct output *run =
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
    const struct output *run =
        replay("--json", "--set", "Limits=10000/24h", path_of("a.evt"), path_of("a.evt"), NULL);

    assert_has(run->out, "{\"records\":9999,\"matched\":9999,\"malformed\":0,\"verdicts\":[],");
    assert_int_equal(run->status, REPLAY_NOTHING);
}

static void test_a_folder_is_the_logs_in_it(void **state)
{
    struct evt_builder builder;
    const struct output *run;

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
static const struct output *replay_from(int input)
{
    int kept = dup(0);

    assert_true(kept >= 0 && dup2(input, 0) >= 0);
    close(input);
    const struct output *run = replay("-", "--json", NULL);

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
    const struct output *run = replay_from(dup(fileno(file)));

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
    const struct output *run = replay_from(ends[0]);

    assert_string_equal(run->err, "");
    assert_has(run->out, bob_from_standard_input);
    assert_int_equal(run->status, REPLAY_VERDICTS);
    assert_int_equal(pipe(ends), 0);
    close(ends[1]);
    run = replay_from(ends[0]);
    assert_string_equal(run->err, "replay: standard input: the file is empty\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_are_read_in_the_order_of_their_times),
        cmocka_unit_test(test_logs_of_the_same_time_are_counted_together),
        cmocka_unit_test(test_the_same_file_twice_counts_once),
        cmocka_unit_test(test_saves_of_one_log_that_overlap_count_once),
        cmocka_unit_test(test_many_records_twice_count_once),
        cmocka_unit_test(test_a_folder_is_the_logs_in_it),
        cmocka_unit_test(test_standard_input_may_be_a_file),
        cmocka_unit_test(test_standard_input_may_be_a_pipe),
    };

    return cmocka_run_group_tests(tests, NULL, remove_files);
}
