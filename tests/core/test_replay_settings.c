/* Settings and other arguments of the verb replay: on the command line, in files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "app/replay.h"
#include "replay_run.h"

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

static void test_settings_from_a_file(void **state)
{
    (void)state;
    save_bursts("a.evt");
    const char *file = settings_text("\xef\xbb\xbf# what we mean to do\r\n"
                                     "\r\n"
                                     "  Limits = 80/10m,900/1h \r\n"
                                     ";Action=flag\n"
                                     "Accounts\\X/bob=70/10m");
    const struct output *run = replay("--diff", file, path_of("a.evt"), NULL);

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
    save_bursts("a.evt");
    const struct output *run =
        replay("--diff", settings_file(text, sizeof text - 2), "--json", path_of("a.evt"), NULL);

    assert_int_equal(run->status, REPLAY_VERDICTS);
    run = replay("--diff", settings_file(text, sizeof text - 2), path_of("a.evt"), NULL);
    assert_has(run->out, "\n  Exempt: (none) -> X\\b\xc3\xb6\x62\n");
    assert_has(replay("--diff", settings_file(text, 2), path_of("a.evt"), NULL)->out,
               "\n  none: the settings are the same\n");
}

static void assert_refused(const char *argument, const char *said)
{
    const struct output *run = replay("--diff", argument, path_of("a.evt"), NULL);

    assert_has(run->err, said);
    assert_string_equal(run->out, "");
    assert_int_equal(run->status, REPLAY_USAGE);
}

static void test_what_is_wrong_is_said_with_its_line(void **state)
{
    static char large[65537];
    char said[600];

    (void)state;
    save_bursts("a.evt");
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

static void test_wrong_arguments(void **state)
{
    (void)state;
    save_bursts("a.evt");
    assert_refused("Limits", "replay: --diff Limits: it must be NAME=VALUE\n");
    assert_refused("Limits=5", "replay: --diff Limits=5: Limits must be ");
    assert_refused("EventId=17", "replay: --diff: Provider, EventId and Computers cannot differ, ");
    assert_refused("Provider=Other",
                   "replay: --diff: Provider, EventId and Computers cannot differ, ");
    assert_refused("Computers=PC7",
                   "replay: --diff: Provider, EventId and Computers cannot differ, ");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settings_from_a_file),
        cmocka_unit_test(test_settings_in_utf_16),
        cmocka_unit_test(test_what_is_wrong_is_said_with_its_line),
        cmocka_unit_test(test_wrong_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, remove_files);
}
