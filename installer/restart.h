/* restart.h: that the service is to be started again, from the action that stopped it to the one
 * that starts it.
 *
 * For a repair and a removal, in which no action of ours may leave notes (actions.h). It is a key
 * below the service's own, where SYSTEM and Administrators alone may write, and volatile: gone when
 * Windows starts. learn.microsoft.com nf-winreg-regcreatekeyexw.
 */
#ifndef RELAYLOCK_INSTALLER_RESTART_H
#define RELAYLOCK_INSTALLER_RESTART_H

#include <stdbool.h>
#include "../service/windows/installation.h"

/* The service is there. ERROR_SUCCESS, or the error that *failure describes. */
DWORD restart_want(struct installation_failure *failure);

bool restart_is_wanted(void);

/* Not any more; it need not have been wanted. */
void restart_forget(void);

#endif
