/* verbs_windows.h: the verbs that only Windows has. Each as struct verb's run (usage.h). */
#ifndef RELAYLOCK_APP_VERBS_WINDOWS_H
#define RELAYLOCK_APP_VERBS_WINDOWS_H

/* Registers the service and its event source, makes the state folder and writes the settings that
 * are given; brings an older installation up to date. */
int verb_install(int count, char **arguments);

/* Takes all of that away, settings too; the state folder stays while an account is locked. */
int verb_uninstall(int count, char **arguments);

#define VERB_QUEUE_MEANT "(--account A [--log FILE]... | --client C | --sender S | --all)"

/* What the service does, in a console until Ctrl-C; its events are printed as well. */
int verb_run(int count, char **arguments);

/* The settings in force and where each comes from. */
int verb_settings(int count, char **arguments);

/* Shows Exchange's diagnostic levels, raises them, or puts them back. */
int verb_logging(int count, char **arguments);

/* Takes back what was changed of an account, or of all: through the service, or without it. */
int verb_release(int count, char **arguments);

/* Messages out of the SMTP queue, and back; arguments[0] is the second word. */
int verb_queue_quarantine(int count, char **arguments);
int verb_queue_restore(int count, char **arguments);

/* What lies in the quarantine; and a batch of it deleted. Likewise. */
int verb_queue_list(int count, char **arguments);
int verb_queue_purge(int count, char **arguments);

/* Shows the settings of the host that close the door to abuse; sets one of them, or undoes that. */
int verb_harden(int count, char **arguments);

/* Whether it will work here and works now, without changing anything. Returns 0: all is well, 1:
 * warnings, 2: problems (or wrong arguments). */
int verb_doctor(int count, char **arguments);

#endif
