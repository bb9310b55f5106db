/* uninstallation.h: RelayLock gone from a host: service, settings, event source, state folder; and
 * Exchange's diagnostic levels as they were (logging.h; events 323, 324).
 *
 * Nobody is released: who is locked stays locked, and is named in a last event (130; 131: nobody).
 * The state folder stays while an account is locked, since what was done to it stands there, or
 * when it is to be kept. Nothing is written to the console, so that the verb and an installer may
 * both use this.
 */
#ifndef RELAYLOCK_APP_UNINSTALLATION_H
#define RELAYLOCK_APP_UNINSTALLATION_H

#include <windows.h>
#include <stdbool.h>
#include "../core/text.h"
#include "../windows/installation.h"
#include "../windows/state_directory.h"

struct uninstallation {
    /* From the caller. stays_locked, unless null, is told each account, as the event lists it:
     * CONTOSO\bob (disabled, "bob" on \\DC1), fit to be shown. */
    bool keep_state;
    void (*stays_locked)(void *context, const char16_t *account);
    /* The same of what RelayLock has set to close the door (hardening.h), and stays so: its name,
     * and what it was. */
    void (*stays_hardened)(void *context, const char *item, const char16_t *record);
    void *context;

    wchar_t directory[STATE_DIRECTORY_MAX]; /* "": it could not be found */
    bool kept;                              /* it is there still, as it was */
    uint32_t locked;                        /* accounts */
};

/* Stops the service and removes everything. What is missing already is fine. ERROR_SUCCESS, or the
 * error of the first thing that went wrong, which *failure describes. A service that cannot be
 * stopped or removed keeps all that it needs; after any other failure the rest is removed all the
 * same. */
DWORD uninstallation_run(struct uninstallation *uninstallation,
                         struct installation_failure *failure);

#endif
