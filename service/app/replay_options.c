#include "replay_options.h"

#include <string.h>

#include "present_settings.h"
#include "replay_settings.h"
#include "replay_reader.h"
#include "shown.h"

enum { GRID_TEXT_MAX = 512 };

void replay_options_usage(FILE *out)
{
    fputs("usage: relaylock replay [OPTION]... FILE.evt|FOLDER|-...\n"
          "  --set NAME=VALUE         a setting other than its default\n"
          "  --sweep                  try a grid of limits, propose some\n"
          "  --sweep=COUNTS/WINDOWS/CLIENTS   a grid of your own: 20,50,100/10m,1h/4,8\n"
          "  --explain ACCOUNT        what one account did, against its limits\n"
          "  --diff NAME=VALUE        what would change under other settings\n"
          "  --diff @FILE             the same, a setting a line\n"
          "  --json, --csv            for programs, for spreadsheets\n"
          "  --html PAGE              besides, a page to look at, in the file PAGE\n",
          out);
}

static bool wrong(const char *argument, const char *what)
{
    fputs("replay: ", stderr);
    if (argument != NULL) {
        shown_put_utf8(argument, stderr);
        fputs(": ", stderr);
    }
    fprintf(stderr, "%s\n", what);
    replay_options_usage(stderr);
    return false;
}

/* ---- one option each ------------------------------------------------------------------------ */

/* --sweep=GRID */
static bool read_grid(struct replay_options *options, const char *argument)
{
    char16_t units[GRID_TEXT_MAX];
    size_t count;

    options->sweep = true;
    return (text_from_utf8(units, GRID_TEXT_MAX, strchr(argument, '=') + 1, &count) &&
            sweep_grid_parse((struct text){units, count}, &options->grid)) ||
           wrong(argument, "the grid must be " SWEEP_GRID_ALLOWED);
}

static bool read_account(struct replay_options *options, const char *account)
{
    size_t count;

    return (text_from_utf8(options->explained, RELAY_ACCOUNT_MAX + 1, account, &count) &&
            count > 0) ||
           wrong(account, "--explain must be followed by the name of an account, UTF-8");
}

static bool read_format(struct replay_options *options, const char *argument,
                        enum replay_format format)
{
    if (options->format != REPLAY_FORMAT_TEXT && options->format != format) {
        return wrong(argument, "there can be but one format");
    }
    options->format = format;
    return true;
}

static bool read_path(struct replay_options *options, const char *path)
{
    if (options->path_count == REPLAY_INPUTS_MAX) {
        return wrong(path, "one input too many; there may be 4096");
    }
    options->paths[options->path_count++] = path;
    return true;
}

/* An option that is followed by a value. Settings come later, when all that they start from is
 * known. */
static bool takes_value(const char *option)
{
    return strcmp(option, "--set") == 0 || strcmp(option, "--diff") == 0 ||
           strcmp(option, "--explain") == 0 || strcmp(option, "--html") == 0;
}

static bool read_valued(struct replay_options *options, const char *option, const char *value)
{
    if (value == NULL) {
        return wrong(option, strcmp(option, "--set") == 0    ? "NAME=VALUE must follow"
                             : strcmp(option, "--diff") == 0 ? "NAME=VALUE or @FILE must follow"
                             : strcmp(option, "--html") == 0
                                 ? "the name of the page must follow"
                                 : "the name of an account must follow");
    }
    options->diff = options->diff || strcmp(option, "--diff") == 0;
    if (strcmp(option, "--html") == 0) {
        options->html = value;
    }
    return strcmp(option, "--explain") != 0 || read_account(options, value);
}

static bool read_option(struct replay_options *options, const char *argument)
{
    if (strcmp(argument, "--json") == 0) {
        return read_format(options, argument, REPLAY_FORMAT_JSON);
    }
    if (strcmp(argument, "--csv") == 0) {
        return read_format(options, argument, REPLAY_FORMAT_CSV);
    }
    if (strcmp(argument, "--sweep") == 0) {
        options->sweep = true;
        return true;
    }
    if (strncmp(argument, "--sweep=", 8) == 0) {
        return read_grid(options, argument);
    }
    return wrong(argument, "there is no such option");
}

/* ---- settings ------------------------------------------------------------------------------- */

/* All values of --set, or of --diff, in their order. */
static bool set_all(struct settings *settings, const char *option, int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (!takes_value(argv[i])) {
            continue;
        }
        const char *value = argv[i + 1];
        bool wanted = strcmp(argv[i++], option) == 0, diff = strcmp(option, "--diff") == 0;

        if (wanted && !(diff && value[0] == '@' ? replay_settings_read(settings, option, value + 1)
                                                : replay_settings_set(settings, option, value))) {
            return false;
        }
    }
    return true;
}

/* The log is read once: what is picked from it must be the same for both. */
static bool picks_the_same(const struct settings *one, const struct settings *other)
{
    return one->event_id == other->event_id &&
           text_equal_fold(text_of(one->provider), text_of(other->provider)) &&
           settings_same(one, other, setting_find(TEXT_OF(u"Computers")));
}

static enum replay_options_result read_settings(struct replay_options *options, int argc,
                                                char **argv)
{
    size_t problems;

    settings_defaults(&options->settings);
    if (options->diff && !present_settings_read("replay", &options->settings, NULL, &problems)) {
        return REPLAY_OPTIONS_FAILED;
    }
    if (!set_all(&options->settings, "--set", argc, argv)) {
        return REPLAY_OPTIONS_WRONG;
    }
    settings_copy(&options->changed, &options->settings);
    if (!set_all(&options->changed, "--diff", argc, argv)) {
        return REPLAY_OPTIONS_WRONG;
    }
    if (!picks_the_same(&options->settings, &options->changed)) {
        wrong("--diff",
              "Provider, EventId and Computers cannot differ, since the log is read once; "
              "give them with --set");
        return REPLAY_OPTIONS_WRONG;
    }
    return REPLAY_OPTIONS_READ;
}

/* ---- all ------------------------------------------------------------------------------------ */

/* A table in CSV has one header. */
static bool format_fits(const struct replay_options *options)
{
    int parts = options->sweep + (options->explained[0] != 0) + options->diff;

    return options->format != REPLAY_FORMAT_CSV || parts <= 1 ||
           wrong("--csv", "it is one table; give one of --sweep, --explain and --diff");
}

enum replay_options_result replay_options_read(struct replay_options *options, int argc,
                                               char **argv)
{
    bool flags = true, good = true;

    _Static_assert(REPLAY_INPUTS_MAX == 4096, "words that say so");
    sweep_grid_default(&options->grid);
    options->format = REPLAY_FORMAT_TEXT;
    options->html = NULL;
    options->path_count = 0;
    options->sweep = options->diff = false;
    options->explained[0] = 0;
    for (int i = 1; i < argc && good; i++) {
        const char *argument = argv[i];

        if (!flags || argument[0] != '-' || argument[1] == '\0') {
            good = read_path(options, argument);
        } else if (strcmp(argument, "--") == 0) {
            flags = false;
        } else if (strcmp(argument, "--help") == 0) {
            return REPLAY_OPTIONS_HELP;
        } else if (takes_value(argument)) {
            good = read_valued(options, argument, ++i < argc ? argv[i] : NULL);
        } else {
            good = read_option(options, argument);
        }
    }
    if (!good || !format_fits(options)) {
        return REPLAY_OPTIONS_WRONG;
    }
    if (options->path_count == 0) {
        wrong(NULL, "no file is given");
        return REPLAY_OPTIONS_WRONG;
    }
    return read_settings(options, argc, argv);
}
