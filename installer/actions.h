/* actions.h: what Windows Installer calls in our DLL, in the order of a run.
 *
 *   RelayLockPlan       at once, before anything is changed: checks the properties, sees what is
 *                       there, and leaves notes for the others; not in a repair, nor in a removal
 *   RelayLockRestart    rollback: starts the service again if it ran
 *   RelayLockStop       stops the service, so that its file can be replaced
 *   RelayLockTakeBack   rollback: stops the service and puts back what RelayLockInstall changes
 *   RelayLockInstall    what the verb `install` does
 *   RelayLockRepair     the same in a repair, without settings
 *   RelayLockStart      starts the service
 *   RelayLockUninstall  commit: what the verb `uninstall` does
 *
 * All but the first run as LocalSystem. The first runs in a process of whoever installs, who holds
 * the whole session by it: he could leave notes of his own, and have any action run
 * (MsiSetProperty, MsiDoAction). An administrator may. But what is installed already anybody may
 * have repaired, with the rights of the system; so there nothing of ours runs but as LocalSystem,
 * by conditions that Windows Installer's service evaluates (relaylock.wxs), and no action takes
 * from a note but whether the journal stays.
 *
 * A failure tells the administrator what failed for what and ends the installation, which is then
 * rolled back; a failure while rolling back or committing goes to the log, since by then there is
 * nothing else that could be done.
 */
#ifndef RELAYLOCK_INSTALLER_ACTIONS_H
#define RELAYLOCK_INSTALLER_ACTIONS_H

#include "session.h"

UINT __stdcall RelayLockPlan(MSIHANDLE session);
UINT __stdcall RelayLockRestart(MSIHANDLE session);
UINT __stdcall RelayLockStop(MSIHANDLE session);
UINT __stdcall RelayLockTakeBack(MSIHANDLE session);
UINT __stdcall RelayLockInstall(MSIHANDLE session);
UINT __stdcall RelayLockRepair(MSIHANDLE session);
UINT __stdcall RelayLockStart(MSIHANDLE session);
UINT __stdcall RelayLockUninstall(MSIHANDLE session);

#endif
