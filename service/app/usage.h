/* usage.h: what `help` and `version` say, and how a wrong command line is answered. */
#ifndef RELAYLOCK_APP_USAGE_H
#define RELAYLOCK_APP_USAGE_H

enum exit_status {
    EXIT_DONE = 0,
    EXIT_FAILED = 1, /* of replay: found something */
    EXIT_USAGE = 2
};

/* A verb of the command line. run gets the arguments behind the program's name, UTF-8; run's
 * arguments[0] is the verb. Returns the exit status. */
struct verb {
    const char *name;
    int (*run)(int count, char **arguments);
    const char *arguments; /* as shown by help */
    const char *summary;
};

/* Prints what the program is and its verbs (a table that ends with a null name). */
int usage_help(const struct verb *verbs);

int usage_version(int count, char **arguments);

/* Says on standard error that there is no verb of that name (UTF-8, as it was typed; it is made fit
 * to be shown). Returns EXIT_USAGE. */
int usage_unknown(const char *name);

/* Says on standard error that the verb's arguments are wrong. Returns EXIT_USAGE. */
int usage_wrong(const char *verb, const char *expected);

#endif
