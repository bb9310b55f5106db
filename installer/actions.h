/* actions.h: what Windows Installer calls in our DLL, in the order of a run.
 *
 *   RelayLockPlan       at once, before anything is changed: checks the properties, sees what is
 *                       there, and leaves notes for the others
 *   RelayLockRestart    rollback: starts the service again if it ran
 *   RelayLockStop       stops the service, so that its file can be replaced
 *   RelayLockTakeBack   rollback: puts back what RelayLockInstall changes
 *   RelayLockInstall    what the verb `install` does
 *   RelayLockStart      starts the service
 *   RelayLockUninstall  commit: what the verb `uninstall` does
 *
 * All but the first run as LocalSystem. A failure tells the administrator what failed for what and
 * ends the installation, which is then rolled back; a failure while rolling back or committing goes
 * to the log, since by then there is nothing else that could be done.
 */
#ifndef RELAYLOCK_INSTALLER_ACTIONS_H
#define RELAYLOCK_INSTALLER_ACTIONS_H

#include "session.h"

UINT __stdcall RelayLockPlan(MSIHANDLE session);
UINT __stdcall RelayLockRestart(MSIHANDLE session);
UINT __stdcall RelayLockStop(MSIHANDLE session);
UINT __stdcall RelayLockTakeBack(MSIHANDLE session);
UINT __stdcall RelayLockInstall(MSIHANDLE session);
UINT __stdcall RelayLockStart(MSIHANDLE session);
UINT __stdcall RelayLockUninstall(MSIHANDLE session);

#endif
