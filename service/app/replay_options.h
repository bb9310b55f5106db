/* replay_options.h: the arguments of the verb replay. */
#ifndef RELAYLOCK_APP_REPLAY_OPTIONS_H
#define RELAYLOCK_APP_REPLAY_OPTIONS_H

#include <stdio.h>

#include "../core/settings.h"
#include "../core/sweep_grid.h"

enum replay_format { REPLAY_FORMAT_TEXT, REPLAY_FORMAT_JSON };

struct replay_options {
    enum replay_format format; /* of standard output */
    const char *html;          /* where the page goes, besides; a view into argv; null without */
    struct settings settings;
    bool sweep;             /* --sweep */
    struct sweep_grid grid; /* and what it tries */
    const char **paths;     /* room for argc, given and owned by the caller; views into argv */
    size_t path_count;
};

enum replay_options_result {
    REPLAY_OPTIONS_READ,
    REPLAY_OPTIONS_HELP, /* --help; what follows it was not read */
    REPLAY_OPTIONS_WRONG /* standard error says what, for a setting with its name and what is
                            allowed */
};

/* Reads argv (UTF-8; argv[0] is the verb) over the default settings. */
enum replay_options_result replay_options_read(struct replay_options *options, int argc,
                                               char **argv);

/* Prints how the verb is called. */
void replay_options_usage(FILE *out);

#endif
