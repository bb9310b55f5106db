/* plan.h: what the properties that the administrator gave the installer ask for.
 *
 *   LOCKACTION, LIMITS, EXEMPT, OBSERVE   the settings Action, Limits, Exempt, Observe
 *   STARTSERVICE   0: the service is not started; 1: it is, even if it was stopped before
 *
 * (ACTION would be a better name for the first, but is Windows Installer's own: it names what the
 * installer itself is to do.)
 */
#ifndef RELAYLOCK_INSTALLER_PLAN_H
#define RELAYLOCK_INSTALLER_PLAN_H

#include <stdbool.h>
#include "session.h"
#include "../service/windows/installation.h"

enum { PLAN_SETTINGS = 4 };

enum plan_start {
    PLAN_START_AS_BEFORE, /* and when there was no service */
    PLAN_START_NO,
    PLAN_START_YES
};

struct plan {
    enum plan_start start;
    size_t setting_count;
    struct installation_setting settings[PLAN_SETTINGS]; /* values freed by plan_free */
};

/* Reads and checks all of them. ERROR_SUCCESS; or ERROR_INSTALL_FAILURE, and the administrator was
 * told which property is wrong, what it says and what is allowed. */
UINT plan_make(MSIHANDLE session, struct plan *plan);
void plan_free(struct plan *plan);

/* The settings as the note of the action that installs; the caller frees it. Null: no memory. */
wchar_t *plan_note(const struct plan *plan);

/* The settings of such a note, which is changed and must stay as long as they are used. Returns how
 * many there are. */
size_t plan_read_note(wchar_t *note, struct installation_setting settings[PLAN_SETTINGS]);

#endif
