#include "replay_options.h"

#include <stdlib.h>
#include <string.h>

#include "replay_reader.h"
#include "replay_text.h"

enum { GRID_TEXT_MAX = 512 };

void replay_options_usage(FILE *out)
{
    fputs("usage: relaylock replay [--json] [--html PAGE] [--set NAME=VALUE]... "
          "FILE.evt|FOLDER|-...\n",
          out);
}

static bool refuse(const char *argument, const char *name, const char *allowed)
{
    fputs("replay: --set ", stderr);
    replay_show(argument, stderr);
    fputs(": ", stderr);
    fputs(name, stderr);
    fprintf(stderr, " must be %s\n", allowed);
    return false;
}

static enum replay_options_result wrong(const char *argument, const char *what)
{
    fputs("replay: ", stderr);
    if (argument != NULL) {
        replay_show(argument, stderr);
        fputs(": ", stderr);
    }
    fprintf(stderr, "%s\n", what);
    replay_options_usage(stderr);
    return REPLAY_OPTIONS_WRONG;
}

/* NAME=VALUE, in UTF-16 already. */
static bool set(struct settings *settings, const char *argument, struct text name,
                struct text value)
{
    static const char16_t accounts[] = u"Accounts\\";
    const size_t prefix = sizeof accounts / sizeof accounts[0] - 1;

    if (text_equal_fold(text_slice(name, 0, prefix), TEXT_OF(accounts))) {
        return settings_set_account(settings, text_slice(name, prefix, SIZE_MAX), value) ||
               refuse(argument, "Accounts\\NAME",
                      "limits as in 50/10m,clients:8/10m, and NAME an "
                      "account that there is room for");
    }
    size_t index = setting_find(name);

    if (index == SIZE_MAX) {
        fputs("replay: --set ", stderr);
        replay_show(argument, stderr);
        fputs(": there is no setting of that name; there are Accounts\\NAME", stderr);
        for (size_t i = 0; i < setting_count; i++) {
            fprintf(stderr, ", %s", setting_table[i].name);
        }
        fputc('\n', stderr);
        return false;
    }
    return settings_set(settings, index, value) ||
           refuse(argument, setting_table[index].name, setting_table[index].allowed);
}

static bool set_argument(struct settings *settings, const char *argument)
{
    size_t size = strlen(argument) + 1;
    char16_t *units = calloc(size, sizeof *units);
    size_t count, equals;
    bool done = false;

    if (units == NULL || !text_from_utf8(units, size, argument, &count)) {
        refuse(argument, "it", "UTF-8");
    } else if ((equals = text_find((struct text){units, count}, u'=')) == SIZE_MAX) {
        refuse(argument, "it", "NAME=VALUE");
    } else {
        struct text whole = {units, count};

        done = set(settings, argument, text_slice(whole, 0, equals),
                   text_slice(whole, equals + 1, SIZE_MAX));
    }
    free(units);
    return done;
}

/* --sweep=GRID */
static bool read_grid(struct sweep_grid *grid, const char *written)
{
    char16_t units[GRID_TEXT_MAX];
    size_t count;

    return text_from_utf8(units, GRID_TEXT_MAX, written, &count) &&
           sweep_grid_parse((struct text){units, count}, grid);
}

enum replay_options_result replay_options_read(struct replay_options *options, int argc,
                                               char **argv)
{
    bool flags = true;

    _Static_assert(REPLAY_INPUTS_MAX == 4096, "words that say so");
    settings_defaults(&options->settings);
    sweep_grid_default(&options->grid);
    options->format = REPLAY_FORMAT_TEXT;
    options->html = NULL;
    options->path_count = 0;
    for (int i = 1; i < argc; i++) {
        const char *argument = argv[i];

        if (!flags || argument[0] != '-' || argument[1] == '\0') {
            if (options->path_count == REPLAY_INPUTS_MAX) {
                return wrong(argument, "one input too many; there may be 4096");
            }
            options->paths[options->path_count++] = argument;
        } else if (strcmp(argument, "--") == 0) {
            flags = false;
        } else if (strcmp(argument, "--help") == 0) {
            return REPLAY_OPTIONS_HELP;
        } else if (strcmp(argument, "--json") == 0) {
            options->format = REPLAY_FORMAT_JSON;
        } else if (strcmp(argument, "--html") == 0) {
            if (++i == argc) {
                return wrong(argument, "the name of the page must follow");
            }
            options->html = argv[i];
        } else if (strcmp(argument, "--sweep") == 0) {
            options->sweep = true;
        } else if (strncmp(argument, "--sweep=", 8) == 0) {
            options->sweep = true;
            if (!read_grid(&options->grid, argument + 8)) {
                return wrong(argument, "the grid must be " SWEEP_GRID_ALLOWED);
            }
        } else if (strcmp(argument, "--set") != 0) {
            return wrong(argument, "there is no such option");
        } else if (++i == argc) {
            return wrong(argument, "NAME=VALUE must follow");
        } else if (!set_argument(&options->settings, argv[i])) {
            return REPLAY_OPTIONS_WRONG;
        }
    }
    return options->path_count > 0 ? REPLAY_OPTIONS_READ : wrong(NULL, "no file is given");
}
