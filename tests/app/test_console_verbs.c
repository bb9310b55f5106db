/* The verbs whose exit status is their finding, on a console in memory: what they show there is
 * what they write into a file, and so is the exit status. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <direct.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <string.h>
#include "app/replay.h"
#include "app/verb_queue.h"
#include "windows/console.h"
#include "windows/system_library.h"
#include "../core/incidents_verb.h"
#include "../core/queue_maker.h"
#include "../core/replay_run.h"
#include "../windows/fake_console.h"

enum { MESSAGES = 150 };

/* In UTF-16 and UTF-8: letters of two, three and four bytes. */
#define NAME      u"r\u00f6hre \u20ac \U0001d11e"
#define NAME_UTF8 "r\xC3\xB6hre \xE2\x82\xAC \xF0\x9D\x84\x9E"

static char folder[OUTPUT_PATH_MAX], empty_folder[OUTPUT_PATH_MAX], log_path[OUTPUT_PATH_MAX];
static wchar_t empty_folder_wide[OUTPUT_PATH_MAX];
static char messages[MESSAGES][OUTPUT_PATH_MAX];

/* Each verb in each of its formats. */
static const struct asked {
    int (*verb)(int, char **);
    const char *arguments[5];
    int finding, failed;
} asked[] = {
    {verb_queue, {"queue", folder, empty_folder}, QUEUE_ATTACK, QUEUE_UNSURE},
    {verb_queue, {"queue", "--json", folder, empty_folder}, QUEUE_ATTACK, QUEUE_UNSURE},
    {verb_incidents, {"incidents", journal_path}, INCIDENTS_SOME, INCIDENTS_FAILED},
    {verb_incidents, {"incidents", "--json", journal_path}, INCIDENTS_SOME, INCIDENTS_FAILED},
    {replay_main, {"replay", log_path}, REPLAY_VERDICTS, REPLAY_FAILED},
    {replay_main, {"replay", "--json", log_path}, REPLAY_VERDICTS, REPLAY_FAILED},
    {replay_main, {"replay", "--csv", log_path}, REPLAY_VERDICTS, REPLAY_FAILED},
};

enum { ASKED = sizeof asked / sizeof *asked };

static struct output file, console, later;

/* No event log of this host, which queue would look into as well. */
static HMODULE WINAPI load_none(LPCWSTR path, HANDLE none, DWORD flags)
{
    (void)path, (void)none, (void)flags;
    SetLastError(ERROR_MOD_NOT_FOUND);
    return NULL;
}

static int set_up(void **state)
{
    static struct maker maker;
    struct evt_builder builder;

    maker_init(&maker, 7, 1, false);
    _mkdir(output_path(folder, "queue"));
    text_from_utf8(empty_folder_wide, OUTPUT_PATH_MAX, output_path(empty_folder, NAME_UTF8), NULL);
    _wmkdir(empty_folder_wide);
    for (int i = 0; i < MESSAGES; i++) {
        snprintf(messages[i], OUTPUT_PATH_MAX, "%s/%d.EML", folder, i);
        maker_attack_report(&maker);
        output_file(messages[i], maker.message, maker.size);
    }
    open_log(&builder);
    add(&builder, START, u"X\\" NAME, 60, 3);
    save(&builder, "a.evt");
    output_path(log_path, "a.evt");
    incidents_start(state);
    lstrcpynW(add_incident(3, INCIDENT_CONTAINED)->verdict.account, u"X\\" NAME, 30);
    run_on_book(NULL);
    return fake_console_set_up(state);
}

static int tear_down(void **state)
{
    fake_console_tear_down(state);
    for (int i = 0; i < MESSAGES; i++)
        remove(messages[i]);
    _rmdir(folder);
    _wrmdir(empty_folder_wide);
    incidents_end(state);
    return remove_files(state);
}

/* What a file would have of what the console shows. */
static const char *shown(void)
{
    static char text[OUTPUT_ROOM];
    char *to = text;
    for (const char *at = fake_console_text(); *at; at++)
        if (*at != '\r')
            *to++ = *at;
    *to = '\0';
    return text;
}

/* Before or after: what is printed may have the time in it. */
static void the_console_shows_what_a_file_gets(void **state)
{
    for (size_t i = 0; i < ASKED; i++) {
        fake_console_set_up(state);
        output_of(&file, asked[i].verb, asked[i].arguments);
        console_take();
        output_of(&console, asked[i].verb, asked[i].arguments);
        const char *text = shown();
        output_of(&later, asked[i].verb, asked[i].arguments);
        assert_string_equal(text, strcmp(text, later.out) == 0 ? later.out : file.out);
        assert_string_equal(file.err, "");
        assert_non_null(strstr(file.out, NAME_UTF8));
        assert_int_equal(file.status, asked[i].finding);
        assert_int_equal(console.status, asked[i].finding);
        assert_string_equal(console.out, "");
        assert_string_equal(console.err, "");
        assert_false(fake_console.split);
    }
}

static void a_console_that_fails_is_a_failure(void **state)
{
    for (size_t i = 0; i < ASKED; i++) {
        fake_console_set_up(state);
        fake_calls_fail(&fake_console.calls, 1, ERROR_NOT_ENOUGH_MEMORY, false);
        console_take();
        output_of(&console, asked[i].verb, asked[i].arguments);
        assert_non_null(strstr(shown(), "the result could not be written"));
        assert_int_equal(console.status, asked[i].failed);
    }
}

static const struct asked *unwritten;

/* As on a disk that is full: what is printed cannot be written. */
static int without_room(int count, char **arguments)
{
    int read_only = _open(log_path, _O_RDONLY | _O_BINARY);
    _dup2(read_only, _fileno(stdout));
    _close(read_only);
    console_take();
    int status = unwritten->verb(count, arguments);
    clearerr(stdout);
    return status;
}

static void a_file_that_cannot_be_written_is_a_failure(void **state)
{
    (void)state;
    fake_console.is_none = true;
    for (size_t i = 0; i < ASKED; i++) {
        unwritten = &asked[i];
        output_of(&file, without_room, asked[i].arguments);
        assert_non_null(strstr(file.err, "the result could not be written"));
        assert_int_equal(file.status, asked[i].failed);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    system_library_calls.LoadLibraryExW = load_none;
    const struct CMUnitTest tests[] = {
        TEST(the_console_shows_what_a_file_gets),
        TEST(a_console_that_fails_is_a_failure),
        TEST(a_file_that_cannot_be_written_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
