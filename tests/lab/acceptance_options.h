/* acceptance_options.h: what the command line asks for; the same for the run and for its checks. */
#ifndef RELAYLOCK_LAB_ACCEPTANCE_OPTIONS_H
#define RELAYLOCK_LAB_ACCEPTANCE_OPTIONS_H

#include "acceptance_check.h"

enum option_load {
    LOAD_IF_ROOM, /* when the Application log can take it without losing what is in it */
    LOAD_ALWAYS,
    LOAD_NEVER
};

struct options {
    bool help;
    bool list;
    bool modern;  /* check with this reader */
    bool classic; /* and with this one */
    bool clear_log;
    enum option_load load;
    const struct check *only;  /* null: all */
    const struct check *check; /* to be run by this process; null: this is the run */
    const wchar_t *domain_account;
    const wchar_t *last_admin;
    const wchar_t *dc_down, *dc_up;
    const wchar_t *dc_hang, *dc_release;
    const wchar_t *lookup_hang, *lookup_release;
    const wchar_t *deny, *allow;
    const wchar_t *log_down, *log_up;
};

extern struct options options;

/* Fills options; says what is wrong, and returns false, when it does not understand. */
bool options_parse(int count, wchar_t **arguments);
void options_print_help(void);

#endif
