/* replay_options.h: the arguments of the verb replay. */
#ifndef RELAYLOCK_APP_REPLAY_OPTIONS_H
#define RELAYLOCK_APP_REPLAY_OPTIONS_H

#include "../core/settings.h"

struct replay_options {
    bool json;
    struct settings settings;
    const char **paths; /* room for argc, given and owned by the caller; views into argv */
    size_t path_count;
};

/* Reads argv (UTF-8; argv[0] is the verb) over the default settings. False when something is wrong;
 * standard error then says what, for a setting with its name and what is allowed. */
bool replay_options_read(struct replay_options *options, int argc, char **argv);

#endif
