/* snapshot.h: what a host had of RelayLock before an installation, as a note that a rollback can
 * put it back from.
 *
 * Windows Installer puts back its own files and bookkeeping; this is for what installation_install
 * changes: the service (its command line), the event source, the settings that the installation was
 * asked to write, and whether there was a service or a state directory at all. The rest of a
 * service's configuration is what every version gives it; what an administrator chooses himself
 * (how it starts, its account) is never touched.
 */
#ifndef RELAYLOCK_INSTALLER_SNAPSHOT_H
#define RELAYLOCK_INSTALLER_SNAPSHOT_H

#include <stdbool.h>
#include "../service/windows/installation.h"

/* Takes it. Returns the note, which the caller frees; null, and the error that *failure describes.
 */
wchar_t *snapshot_take(DWORD *error, struct installation_failure *failure);

/* Whether the host had the service. */
bool snapshot_has_service(const wchar_t *note);

/* Puts it back, all that can be: the error and *failure are of the first thing that could not.
 * ERROR_INVALID_DATA: this is no note. Without a service then, RelayLock is uninstalled now
 * (uninstallation.h); a state directory that was there already is kept. */
DWORD snapshot_restore(const wchar_t *note, struct installation_failure *failure);

#endif
