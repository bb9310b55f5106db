/* What the verb replay says of input that is damaged, missing or too much, and of a result that
 * cannot be written. */
#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#ifndef _WIN32
#include <unistd.h>
#endif

#include "app/replay.h"
#include "replay_run.h"

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
    const struct output *run = replay("--json", path_of("a.evt"), NULL);

    snprintf(expected, sizeof expected,
             "replay: %s: damaged: %d bytes passed over, places: 1, the first at offset %d\n",
             path_of("a.evt"), 2 * (int)size, EVT_HEADER_SIZE + 2 * (int)size);
    assert_string_equal(run->err, expected);
    assert_has(run->out, "{\"records\":58,\"matched\":58,\"malformed\":0,\"verdicts\":[{");
    assert_has(run->out, "\"count\":50,\"clients\":1,\"record\":52,");
    assert_int_equal(run->status, REPLAY_FAILED);
}

/* The rest is read, though it lies where no record should; and the header is not missed. */
static void test_bytes_put_in_and_a_lost_header_are_said(void **state)
{
    struct evt_builder builder;
    char expected[1024];

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 60, 1);
    uint32_t size = evt_get_u32(builder.file + EVT_HEADER_SIZE);
    size_t at = EVT_HEADER_SIZE + 2 * size;

    memmove(builder.file + at + 777, builder.file + at, RING - at - 777);
    memset(builder.file + at, 0xee, 777);
    memset(builder.file, 0, EVT_HEADER_SIZE);
    write_file("a.evt", builder.file, RING);
    evt_free(&builder);
    const struct output *run = replay("--json", path_of("a.evt"), NULL);

    snprintf(expected, sizeof expected,
             "replay: %s: damaged: %d bytes passed over, places: 2, the first at offset 0\n",
             path_of("a.evt"), EVT_HEADER_SIZE + 777);
    assert_string_equal(run->err, expected);
    assert_has(run->out, "{\"records\":60,\"matched\":60,\"malformed\":0,\"verdicts\":[{");
    assert_has(run->out, "\"count\":50,\"clients\":1,\"record\":50,");
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
    const struct output *run = replay("--json", path_of("a.evt"), NULL);

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
    const struct output *run = replay("--json", path_of("none.evt"), path_of("c.evt"),
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
    const struct output *run = replay("--json", "/dev/null", NULL);

    assert_has(run->err, "replay: /dev/null: not a file\n");
#else
    const struct output *run = replay("--json", "NUL", NULL);

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
    const struct output *run = replay("--json", "--set", "MaxAccounts=64", path_of("a.evt"), NULL);
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
    const struct output *run = replay("--json", path_of("a.evt"), NULL);

    assert_string_equal(run->err, "replay: users with more than 64 domains: sign-ins counted by "
                                  "the name as written 1\n");
    assert_int_equal(run->status, REPLAY_FAILED);
}

#ifndef _WIN32
static int replay_to_a_full_disk(int argc, char **argv)
{
    FILE *full = fopen("/dev/full", "w");

    assert_non_null(full);
    assert_true(dup2(fileno(full), fileno(stdout)) >= 0);
    fclose(full);
    int status = replay_main(argc, argv);

    clearerr(stdout);
    return status;
}

static void test_result_that_cannot_be_written_is_a_failure(void **state)
{
    static struct output output;
    struct evt_builder builder;

    (void)state;
    open_log(&builder);
    add(&builder, START, u"bob", 60, 1);
    save(&builder, "a.evt");
    const char *const arguments[] = {"replay", "--json", path_of("a.evt"), NULL};

    output_of(&output, replay_to_a_full_disk, arguments);
    assert_has(output.err, "replay: the result could not be written: ");
    assert_int_equal(output.status, REPLAY_FAILED);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damage_is_said_and_the_rest_is_read),
        cmocka_unit_test(test_bytes_put_in_and_a_lost_header_are_said),
        cmocka_unit_test(test_log_cut_short_is_said),
        cmocka_unit_test(test_unreadable_files_are_named_and_the_others_read),
        cmocka_unit_test(test_a_file_that_is_none_is_not_waited_for),
        cmocka_unit_test(test_log_with_too_many_accounts_is_said),
        cmocka_unit_test(test_user_in_too_many_domains_is_said),
#ifndef _WIN32
        cmocka_unit_test(test_result_that_cannot_be_written_is_a_failure),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, remove_files);
}
