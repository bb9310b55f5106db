/* verbs_windows.h: the verbs that only Windows has. Each as struct verb's run (usage.h). */
#ifndef RELAYLOCK_APP_VERBS_WINDOWS_H
#define RELAYLOCK_APP_VERBS_WINDOWS_H

/* Registers the service, its event source and its recovery actions; brings an older registration up
 * to date. */
int verb_install(int count, char **arguments);

/* Takes all of that away, settings too. */
int verb_uninstall(int count, char **arguments);

/* What the service does, in a console until Ctrl-C; its events are printed as well. */
int verb_run(int count, char **arguments);

/* The settings in force and where each comes from. */
int verb_settings(int count, char **arguments);

/* Takes back what was changed of an account, or of all: through the service, or without it. */
int verb_release(int count, char **arguments);

#endif
