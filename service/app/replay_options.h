/* replay_options.h: the arguments of the verb replay. */
#ifndef RELAYLOCK_APP_REPLAY_OPTIONS_H
#define RELAYLOCK_APP_REPLAY_OPTIONS_H

#include <stdio.h>

#include "../core/relay_event.h"
#include "../core/settings.h"
#include "../core/sweep_grid.h"

enum replay_format { REPLAY_FORMAT_TEXT, REPLAY_FORMAT_JSON, REPLAY_FORMAT_CSV };

struct replay_options {
    enum replay_format format; /* of standard output */
    const char *html;          /* where the page goes, besides; a view into argv; null without */
    struct settings settings;  /* that the verdicts are come to by */
    const char **paths;        /* room for argc, given and owned by the caller; views into argv */
    size_t path_count;

    bool sweep;             /* --sweep */
    struct sweep_grid grid; /* and what it tries */

    char16_t explained[RELAY_ACCOUNT_MAX + 1]; /* --explain: the account's name, terminated; empty
                                                  when it is not given */
    bool diff;                                 /* --diff */
    struct settings changed;                   /* and what settings are then */
};

enum replay_options_result {
    REPLAY_OPTIONS_READ,
    REPLAY_OPTIONS_HELP,  /* --help; what follows it was not read */
    REPLAY_OPTIONS_WRONG, /* standard error says what, for a setting with its name and what is
                             allowed */
    REPLAY_OPTIONS_FAILED /* the present settings cannot be read; standard error says why */
};

/* Reads argv (UTF-8; argv[0] is the verb). Settings start from the defaults; with --diff from those
 * in force on this host (present_settings.h). */
enum replay_options_result replay_options_read(struct replay_options *options, int argc,
                                               char **argv);

/* Prints how the verb is called. */
void replay_options_usage(FILE *out);

#endif
