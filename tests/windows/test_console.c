/* What is printed to standard output and standard error, on a console in memory and elsewhere. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "windows/console.h"
#include "fake_console.h"
#include "report_fixture.h"
#include "../core/output.h"

/* Of one, two, three and four bytes. */
#define LETTERS "a\xC3\xA9\xE2\x82\xAC\xF0\x9D\x84\x9E"

enum { MANY = 20000 };

static struct output output;
static const char *volatile line = LETTERS "\n"; /* no literal, of which fputs makes fwrite */

static void assert_shown(const char *expected)
{
    assert_string_equal(fake_console_text(), expected);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void each_function_prints_there(void **state)
{
    (void)state;
    console_take();
    fputs(line, stdout);
    fwrite(LETTERS "\n", 1, sizeof LETTERS, stdout);
    fputc('x', stdout);
    putchar('\n');
    printf("%s %d\n", LETTERS, 7);
    printf("\n");
    fprintf(stderr, "%c\n", 'e');
    assert_shown(LETTERS "\r\n" LETTERS "\r\nx\r\n" LETTERS " 7\r\n\r\ne\r\n");
    assert_int_equal(fake_console.writes, 6); /* one a line */
}

static void an_unfinished_line_is_shown_when_asked_for(void **state)
{
    (void)state;
    console_take();
    fputs("\r 10 %", stderr);
    size_t before = fake_console.count;
    int flushed = fflush(stderr);
    assert_shown("\r 10 %");
    assert_int_equal(before, 0);
    assert_int_equal(flushed, 0);
}

static void both_keep_their_order(void **state)
{
    (void)state;
    console_take();
    fputs("out ", stdout);
    fputs("err ", stderr);
    fputs("out\n", stdout);
    fputs("end", stderr);
    fflush(stderr);
    assert_shown("out err out\r\nend");
}

/* ---- letters --------------------------------------------------------------------------------- */

static void letters_stay_whole_byte_by_byte(void **state)
{
    (void)state;
    console_take();
    for (const char *at = LETTERS; *at; at++) {
        fputc(*at, stderr);
        fflush(stderr);
        fputc('.', stdout);
    }
    fflush(stdout);
    assert_shown("a..\xC3\xA9...\xE2\x82\xAC....\xF0\x9D\x84\x9E.");
}

/* A line that is longer than any buffer, and begins with a unit more or less. */
static void letters_stay_whole_where_a_buffer_ends(void **state)
{
    static const char *const letters[] = {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9D\x84\x9E"};
    static char expected[MANY];
    for (size_t i = 0; i < 2 * sizeof letters / sizeof *letters; i++) {
        size_t used = i % 2;
        expected[0] = '-';
        for (unsigned n = 0; n < 3000; n++)
            used += (size_t)snprintf(expected + used, MANY - used, "%s", letters[i / 2]);
        fake_console_set_up(state);
        console_take();
        printf("%s", expected);
        fflush(stdout);
        assert_shown(expected);
        assert_false(fake_console.split);
        assert_true(fake_console.writes > 1);
    }
}

static void what_is_no_letter_is_marked(void **state)
{
    (void)state;
    console_take();
    fputs("\xE2\x82x\x80\xFF\xC3\xC3\xA9\xED\xA0\x80\xE2\n", stdout);
    assert_shown("\xEF\xBF\xBD\xEF\xBF\xBDx\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xC3\xA9"
                 "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\r\n");
}

/* ---- what the console does ------------------------------------------------------------------- */

static void the_rest_of_a_short_write_follows(void **state)
{
    (void)state;
    console_take();
    fake_console.at_most = 1;
    fputs("1 " LETTERS "\n", stdout);
    fputs("2 " LETTERS "\n", stdout);
    int flushed = fflush(stdout);
    assert_shown("1 " LETTERS "\r\n2 " LETTERS "\r\n");
    assert_int_equal(flushed, 0);
}

static void a_failure_is_told_by_its_stream(void **state)
{
    int told[5];
    (void)state;
    console_take();
    fake_calls_fail(&fake_console.calls, 1, ERROR_NOT_ENOUGH_MEMORY, false);
    told[0] = fputs("lost\n", stdout);
    told[1] = fputs("err\n", stderr);
    told[2] = fflush(stderr);
    told[3] = fputs("more\n", stdout);
    errno = 0;
    told[4] = fflush(stdout);
    int error = errno;
    assert_shown("err\r\nmore\r\n");
    assert_memory_equal(told, ((int[]){EOF, 0, 0, EOF, EOF}), sizeof told);
    assert_int_equal(error, EIO);
}

static void a_write_that_takes_nothing_has_failed(void **state)
{
    (void)state;
    console_take();
    fake_console.at_most = 0;
    int printed = printf("lost\n"), flushed = fflush(stdout);
    assert_shown("");
    assert_int_equal(printed, 5);
    assert_int_equal(flushed, EOF);
}

/* ---- no console ------------------------------------------------------------------------------ */

static int print(int count, char **arguments)
{
    (void)count, (void)arguments;
    console_take();
    fputs(line, stdout);
    fwrite("2\n", 1, 2, stdout);
    printf("3 %s\n", LETTERS);
    putchar('4');
    fputs("5\xFF\n", stderr);
    return fflush(stdout) | fflush(stderr);
}

static void files_get_the_bytes_as_they_are(void **state)
{
    (void)state;
    fake_console.is_none = true;
    output_of(&output, print, (const char *const[]){"print", NULL});
    assert_int_equal(output.status, 0);
    assert_string_equal(output.out, LETTERS "\n2\n3 " LETTERS "\n4");
    assert_string_equal(output.err, "5\xFF\n");
    assert_int_equal(fake_console.writes, 0);
}

/* ---- console_write --------------------------------------------------------------------------- */

static void long_text_goes_in_pieces(void **state)
{
    static char16_t units[MANY];
    for (size_t i = 0; i < MANY; i++) /* whole pairs from each place */
        units[i] = i == 0 || i == MANY - 1 ? u'-' : i % 2 ? 0xD834 : 0xDD1E;
    assert_true(console_write(fake_console_write, NULL, (struct text){units, MANY}));
    assert_int_equal(fake_console.count, MANY);
    assert_memory_equal(fake_console.shown, units, sizeof units);
    assert_false(fake_console.split);
    fake_console_set_up(state);
    fake_console.tells_double = true;
    assert_true(console_write(fake_console_write, NULL, (struct text){units, MANY}));
    assert_int_equal(fake_console.count, MANY);
    fake_calls_fail(&fake_console.calls, 2, ERROR_INVALID_HANDLE, false);
    assert_false(console_write(fake_console_write, NULL, (struct text){units, MANY}));
}

static void a_click_does_not_hold_up_who_prints(void **state)
{
    const DWORD at_first = ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_QUICK_EDIT_MODE;
    DWORD before = 0;
    (void)state;
    fake_console.mode = at_first;
    assert_true(console_take_quick_edit(FAKE_CONSOLE_INPUT, &before));
    assert_int_equal(fake_console.mode & ~(DWORD)ENABLE_EXTENDED_FLAGS,
                     ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT);
    console_give_quick_edit(FAKE_CONSOLE_INPUT, before);
    assert_int_equal(fake_console.mode & ~(DWORD)ENABLE_EXTENDED_FLAGS, at_first);
}

static void what_was_not_taken_is_not_given_back(void **state)
{
    DWORD before = 7;
    (void)state;
    fake_console.mode = ENABLE_PROCESSED_INPUT;
    assert_false(console_take_quick_edit(FAKE_CONSOLE_INPUT, &before)); /* it is off */
    fake_console.mode = ENABLE_QUICK_EDIT_MODE;
    fake_calls_fail(&fake_console.calls, 1, ERROR_ACCESS_DENIED, false);
    assert_false(console_take_quick_edit(FAKE_CONSOLE_INPUT, &before));
    fake_console.is_none = true;
    assert_false(console_take_quick_edit(FAKE_CONSOLE_INPUT, &before));
    fake_console.is_none = false;
    assert_int_equal(fake_console.mode, ENABLE_QUICK_EDIT_MODE);
    assert_int_equal(before, 7);
}

/* An event is longer than what a console has room for at a time. */
static void the_longest_event_is_shown_whole(void **state)
{
    static struct report report;
    static char16_t text[REPORT_STRING_MAX];
    (void)state;
    report_fixture_set_up(state);
    for (size_t i = 0; i < REPORT_STRING_MAX; i++)
        text[i] = u'\u20ac';
    report_calls.GetConsoleMode = console_calls.GetConsoleMode;
    report_calls.WriteConsoleW = fake_console_write;
    report_to_console(true);
    report_begin(&report, MSG_CROSSED);
    for (unsigned i = 0; i < REPORT_STRINGS_MAX; i++)
        report_add(&report, (struct text){text, REPORT_STRING_MAX});
    report_send(&report);
    report_fixture_tear_down(state);
    assert_true(fake_console.count > FAKE_CONSOLE_ROOM);
    assert_memory_equal(fake_console.shown + fake_console.count - 3, u"\u2026\r\n", 6);
}

#define TEST(function)                                                                             \
    cmocka_unit_test_setup_teardown(function, fake_console_set_up, fake_console_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_function_prints_there),
        TEST(an_unfinished_line_is_shown_when_asked_for),
        TEST(both_keep_their_order),
        TEST(letters_stay_whole_byte_by_byte),
        TEST(letters_stay_whole_where_a_buffer_ends),
        TEST(what_is_no_letter_is_marked),
        TEST(the_rest_of_a_short_write_follows),
        TEST(a_failure_is_told_by_its_stream),
        TEST(a_write_that_takes_nothing_has_failed),
        TEST(files_get_the_bytes_as_they_are),
        TEST(long_text_goes_in_pieces),
        TEST(a_click_does_not_hold_up_who_prints),
        TEST(what_was_not_taken_is_not_given_back),
        TEST(the_longest_event_is_shown_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
