#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef _WIN32
#include <fcntl.h>
#include <unistd.h>
#endif

#include "app/replay_progress.h"
#include "app/terminal.h"

enum { WRITTEN_MAX = 512 };

static uint64_t now;

static uint64_t fake_clock(void)
{
    return now;
}

static const char *written(FILE *file)
{
    static char text[WRITTEN_MAX];

    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    return text;
}

static void assert_line(uint64_t bytes, uint64_t total, uint64_t records, uint64_t elapsed,
                        const char *expected)
{
    char text[REPLAY_PROGRESS_LINE];
    const struct replay_progress progress = {bytes, total, records};

    replay_progress_text(&progress, elapsed, text);
    assert_string_equal(text, expected);
    assert_true(strlen(text) < 80);
}

static void test_share_rate_and_time_left(void **state)
{
    (void)state;
    assert_line(250, 1000, 5000, 2000,
                " 25 % [#######                       ] 2500 records/s, 6 s left");
    assert_line(1000, 1000, 10, 1000,
                "100 % [##############################] 10 records/s, 0 s left");
    assert_line(0, 1000, 0, 1000, "  0 % [                              ] 0 records/s, ? left");
    assert_line(1, 1000, 1, 1000,
                "  0 % [                              ] 1 records/s, 16 min 39 s left");
    assert_line(1, 100000, 1, 1000,
                "  0 % [                              ] 1 records/s, 27 h 46 min left");
    assert_line(1, UINT64_MAX, UINT64_MAX, 1,
                "  0 % [                              ] 999999999 records/s, 9999 h 0 min left");
    /* A log that grows while it is read. */
    assert_line(1100, 1000, 11, 1000,
                "100 % [##############################] 11 records/s, 0 s left");
}

static void test_without_a_total_only_the_rate(void **state)
{
    (void)state;
    assert_line(0, 0, 3000, 1500, "3000 records, 2000 records/s");
}

static void test_nothing_is_drawn_within_a_second(void **state)
{
    struct replay_progress_line line;
    const struct replay_progress progress = {250, 1000, 5000};
    FILE *file = tmpfile();

    (void)state;
    assert_non_null(file);
    now = 7000;
    replay_progress_open(&line, file, fake_clock);
    struct replay_listener listener = replay_progress_listener(&line);

    assert_null(listener.sign_in);
    assert_null(listener.verdict);
    now = 7999;
    listener.progress(listener.context, &progress);
    replay_progress_close(&line);
    assert_string_equal(written(file), "");
    fclose(file);
}

static void test_a_line_is_written_over_and_wiped_out(void **state)
{
    struct replay_progress_line line;
    struct replay_progress progress = {1, 100000, 1};
    FILE *file = tmpfile();
    char expected[WRITTEN_MAX], wiped[REPLAY_PROGRESS_LINE];

    (void)state;
    assert_non_null(file);
    now = 0;
    replay_progress_open(&line, file, fake_clock);
    struct replay_listener listener = replay_progress_listener(&line);

    now = 1000;
    listener.progress(listener.context, &progress);
    now = 1199; /* too soon */
    listener.progress(listener.context, &progress);
    now = 2000;
    progress.bytes = 50000;
    listener.progress(listener.context, &progress);
    replay_progress_close(&line);

    const char *first = "  0 % [                              ] 1 records/s, 27 h 46 min left";
    const char *second = " 50 % [###############               ] 0 records/s, 2 s left";

    memset(wiped, ' ', strlen(second));
    wiped[strlen(second)] = '\0';
    snprintf(expected, sizeof expected, "\r%s\r%s%*s\r%s\r", first, second,
             (int)(strlen(first) - strlen(second)), "", wiped);
    assert_string_equal(written(file), expected);
    fclose(file);
}

static void test_a_file_is_no_terminal(void **state)
{
    FILE *file = tmpfile();

    (void)state;
    assert_non_null(file);
    assert_false(terminal_is(file));
    fclose(file);
}

#ifndef _WIN32
static void test_a_terminal_is_one(void **state)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);

    (void)state;
    assert_true(master >= 0);
    assert_int_equal(grantpt(master), 0);
    assert_int_equal(unlockpt(master), 0);
    FILE *file = fopen(ptsname(master), "w");

    assert_non_null(file);
    assert_true(terminal_is(file));
    fclose(file);
    close(master);
}
#endif

static void test_the_clock_goes_on(void **state)
{
    uint64_t before = terminal_clock(), after = before;

    (void)state;
    for (int i = 0; i < 100000000 && after == before; i++) {
        after = terminal_clock();
    }
    assert_true(after > before && after < before + 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_share_rate_and_time_left),
        cmocka_unit_test(test_without_a_total_only_the_rate),
        cmocka_unit_test(test_nothing_is_drawn_within_a_second),
        cmocka_unit_test(test_a_line_is_written_over_and_wiped_out),
        cmocka_unit_test(test_a_file_is_no_terminal),
#ifndef _WIN32
        cmocka_unit_test(test_a_terminal_is_one),
#endif
        cmocka_unit_test(test_the_clock_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
