/* fuzz_command_line.c: hostile arguments, and a hostile file of settings. libFuzzer; the first byte
 * says of which verb, the next how many arguments follow, each ended by a NUL; the rest is the
 * file.
 *
 * Whatever comes in: a verb that was called wrongly says so and leaves its output alone; what it
 * says holds nothing that would not be shown; what is said to be JSON is; and settings that were
 * taken from the line can be shown. Verbs that work on files do so in a folder of their own, which
 * holds a saved log, a journal, a queue and the settings.
 */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "app/replay_options.h"
#include "app/verb_arguments.h"
#include "app/verb_incidents.h"
#include "app/verb_queue.h"
#include "../core/evt_builder.h"
#include "../core/incident_fixture.h"
#include "../core/json_check.h"
#include "input.h"
#include "must.h"

enum { ARGUMENTS_MAX = 24, SAID_MAX = 1 << 20, JOURNAL_SIZE = 1 << 16, SIGN_INS = 120 };

static const char message[] =
    "Received: from zombie ([192.0.2.7]) by mail.contoso.com with SMTP;\r\n"
    "\t Sat, 2 Jan 2010 03:04:05 +0100\r\n"
    "From: bob@contoso.com\r\nTo: a@example.com, b@example.net\r\n\r\n";
static char folder[] = "/dev/shm/fuzz_command_line_XXXXXX", home[4096];
static char said[2][SAID_MAX]; /* on standard output and standard error */
static struct input settings;  /* what the file of settings holds */

/* ---- where it runs ----------------------------------------------------------------------------
 */

static void write_file(const char *name, const void *bytes, size_t size)
{
    FILE *file = fopen(name, "wb");
    must(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0, "no file");
}

static void write_log(void)
{
    struct evt_builder log;
    evt_open(&log, 1 << 18, EVT_HEADER_SIZE, 1);
    for (uint32_t i = 0; i < SIGN_INS; i++)
        evt_sign_in(&log, 1262401445 + i, TEXT_OF(u"zombie"), TEXT_OF(u"CONTOSO\\bob"));
    evt_close(&log, false);
    write_file("log.evt", log.file, log.end + EVT_END_SIZE);
    evt_free(&log);
}

static void write_journal(void)
{
    static uint8_t bytes[JOURNAL_SIZE];
    struct incident_book book = book_start();
    uint64_t next;
    for (uint32_t i = 1; i <= 3; i++) {
        struct incident incident = incident_of(i);
        incident_book_put(&book, &incident);
    }
    size_t size = incident_book_write(&book, bytes, sizeof bytes, 1, &next);
    must(size <= sizeof bytes, "a journal that is too large");
    write_file("journal", bytes, size);
    book_end(&book);
}

static void clean_up(void)
{
    static const char *const names[] = {"queue/NTFS_1.EML", "queue/NTFS_2.EML", "log.evt",
                                        "journal", "settings"};
    if (chdir(folder) != 0)
        return;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        remove(names[i]);
    rmdir("queue");
    rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    must(getcwd(home, sizeof home) && freopen("/dev/null", "r", stdin), "no place to run");
    must(mkdtemp(folder) && chdir(folder) == 0 && mkdir("queue", 0700) == 0, "no folder");
    write_log();
    write_journal();
    write_file("queue/NTFS_1.EML", message, sizeof message - 1);
    write_file("queue/NTFS_2.EML", message, sizeof message - 1);
    must(chdir(home) == 0, "no way back");
    atexit(clean_up);
    return 0;
}

/* ---- what it is called with -------------------------------------------------------------------
 */

/* The arguments behind the verb's name; each in a block of its own. None leads out of the folder.
 */
static int take_arguments(struct input *input, char **arguments)
{
    int count = 1 + input_u8(input) % (ARGUMENTS_MAX - 1);
    for (int i = 1; i < count; i++) {
        size_t size = strnlen((const char *)input->at, input->left);
        const uint8_t *bytes;
        input_bytes(input, size, &bytes);
        char *argument = malloc(size + 1);
        must(argument != NULL, "no memory");
        memcpy(argument, bytes, size);
        argument[size] = '\0';
        input_u8(input);
        for (char *at = argument; (at = strchr(at, '/')) != NULL;)
            *at = '|';
        if (strcmp(argument, "..") == 0)
            argument[1] = '\0';
        arguments[i] = argument;
    }
    return count;
}

/* ---- what it makes of it ----------------------------------------------------------------------
 */

static void check_said(bool json)
{
    for (int i = 0; i < 2; i++)
        for (const char *at = said[i]; *at; at++)
            must((unsigned char)*at >= ' ' || *at == '\n', "a control character was said");
    must(!json || said[0][0] == '\0' || json_check(said[0]), "no JSON");
}

static bool has(const char *option, int count, char **arguments)
{
    for (int i = 1; i < count; i++)
        if (strcmp(arguments[i], option) == 0)
            return true;
    return false;
}

/* An option's value is no option, whatever it looks like: "--journal --json" names a file. */
static bool queue_asks_for_json(int count, char **arguments)
{
    for (int i = 1; i < count; i++)
        if (strcmp(arguments[i], "--json") == 0)
            return true;
        else if (arguments[i][0] == '-')
            i++;
    return false;
}

static void call_incidents(int count, char **arguments)
{
    int status = verb_incidents(count, arguments);
    fflush(stdout);
    fflush(stderr);
    check_said(has("--json", count, arguments));
    must(said[0][0] != '\0' || said[1][0] != '\0', "nothing was said");
    must(status >= 0 && status <= 3, "a status that is none");
}

static void call_queue(int count, char **arguments)
{
    int status = verb_queue(count, arguments);
    fflush(stdout);
    fflush(stderr);
    check_said(queue_asks_for_json(count, arguments));
    must(said[0][0] != '\0' || said[1][0] != '\0', "nothing was said");
    must(status >= QUEUE_NORMAL && status <= QUEUE_UNSURE, "a status that is none");
}

static void call_replay(int count, char **arguments)
{
    static struct replay_options options;
    static const char *paths[ARGUMENTS_MAX];
    char value[SETTING_VALUE_TEXT_SIZE];
    options.paths = paths;
    enum replay_options_result result = replay_options_read(&options, count, arguments);
    fflush(stderr);
    check_said(false);
    must((said[1][0] != '\0') ==
             (result == REPLAY_OPTIONS_WRONG || result == REPLAY_OPTIONS_FAILED),
         "wrong and not said, or said and not wrong");
    if (result != REPLAY_OPTIONS_READ)
        return;
    must(options.path_count > 0 && options.path_count < (size_t)count, "paths that are none");
    for (size_t i = 0; i < setting_count; i++) {
        settings_show(&options.settings, i, value);
        must(options.diff || settings_same(&options.settings, &options.changed, i),
             "changed without --diff");
    }
    if (strcmp(arguments[1], "--diff") == 0 && strcmp(arguments[2], "@settings") == 0)
        must(memchr(settings.at, '\0', settings.left) == NULL || settings.at[0] == 0xff,
             "settings behind a NUL that nobody heard of");
    must(options.format != REPLAY_FORMAT_CSV ||
             options.sweep + options.diff + (options.explained[0] != 0) <= 1,
         "more than one table");
}

static void call_release(int count, char **arguments)
{
    struct release_request request;
    must_fill(&request, sizeof request);
    const uint64_t number = request.number;
    if (!verb_arguments_release(&request, count, arguments)) {
        must_stay(&request, sizeof request, "wrong, and yet written");
        return;
    }
    must(request.number == number && request.force == has("--force", count, arguments) &&
             (request.target == RELEASE_ALL) == has("--all", count, arguments),
         "another request");
    int named = 0;
    for (int i = 1; i < count; i++)
        named += strcmp(arguments[i], "--force") != 0;
    must(named == 1 && text_of(request.account).count < RELEASE_ACCOUNT_MAX,
         "more or less than one is named");
    must(request.target == RELEASE_ALL || request.account[0] != 0, "nobody is named");
}

static void call_doctor(int count, char **arguments)
{
    static struct doctor_arguments read;
    must_fill(&read, sizeof read);
    if (!verb_arguments_doctor(&read, count, arguments))
        must_stay(&read, sizeof read, "wrong, and yet written");
    else
        must(count == 1 + read.json + 2 * read.asked &&
                 text_of(read.account).count <= RELAY_ACCOUNT_MAX,
             "other arguments");
}

static void call_install(int count, char **arguments)
{
    if (!verb_arguments_are_settings(count, arguments))
        return;
    for (int i = 2; i < count; i += 2) {
        const char *argument = arguments[i];
        size_t size = strlen(argument) + 1, units_count = 0;
        const char16_t *name = NULL, *value = NULL;
        char16_t *units = malloc(size * sizeof *units), *whole = malloc(size * sizeof *whole);
        must(units != NULL && whole != NULL, "no memory");
        bool good = text_from_utf8(whole, size, argument, &units_count);
        must(verb_arguments_setting(argument, units, size, &name, &value) == good,
             "a setting for one, not for all");
        if (good) {
            size_t equals = text_find((struct text){whole, units_count}, u'=');
            must(text_equal(text_of(name), (struct text){whole, equals}) &&
                     text_equal(text_of(value), text_of(whole + equals + 1)),
                 "another setting");
        } else {
            must(name == NULL && value == NULL, "wrong, and yet written");
        }
        free(units);
        free(whole);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        const char *name;
        void (*call)(int count, char **arguments);
    } verbs[] = {{"replay", call_replay},   {"queue", call_queue},   {"incidents", call_incidents},
                 {"release", call_release}, {"doctor", call_doctor}, {"install", call_install}};
    struct input input = {data, size};
    char *arguments[ARGUMENTS_MAX + 1] = {NULL};
    if (size == 0)
        return 0;
    uint8_t which = input_u8(&input) % (sizeof verbs / sizeof *verbs);
    FILE *const streams[] = {stdout, stderr};
    arguments[0] = (char *)verbs[which].name;
    int count = take_arguments(&input, arguments);

    /* Where an input that it fails on is kept must not be told relative to here. */
    must(chdir(folder) == 0, "no folder");
    settings = input;
    write_file("settings", settings.at, settings.left);
    said[0][0] = said[1][0] = '\0';
    stdout = fmemopen(said[0], SAID_MAX, "w");
    stderr = fmemopen(said[1], SAID_MAX, "w");
    must(stdout && stderr, "no memory");
    verbs[which].call(count, arguments);
    fclose(stdout);
    fclose(stderr);
    stdout = streams[0];
    stderr = streams[1];
    must(chdir(home) == 0, "no way back");
    for (int i = 1; i < count; i++)
        free(arguments[i]);
    return 0;
}
