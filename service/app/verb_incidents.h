/* verb_incidents.h: the verb that shows who is locked since when, why, by which evidence and until
 * when, from the journal.
 *
 *     incidents [--json] [--all] [FILE]
 *
 * FILE is a journal; without it, the service's own is read, whether the service runs or not. Where
 * there is no service, FILE is needed. docs/incidents.md is the page for those who use it.
 */
#ifndef RELAYLOCK_APP_VERB_INCIDENTS_H
#define RELAYLOCK_APP_VERB_INCIDENTS_H

enum incidents_status {
    INCIDENTS_NONE = 0,  /* nothing is open, no account is locked */
    INCIDENTS_SOME = 1,  /* something is open, or an account is locked */
    INCIDENTS_USAGE = 2, /* nothing was read */
    INCIDENTS_FAILED = 3 /* standard error says what: it could not be read or shown, or only in
                            part, and what could be is shown */
};

/* As struct verb's run (usage.h). */
int verb_incidents(int count, char **arguments);

#endif
