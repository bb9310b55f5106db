/* uninstallation_scene.h: a host on which RelayLock worked (installation_scene.h), and uninstall,
 * which takes it away. */
#ifndef RELAYLOCK_TESTS_UNINSTALLATION_SCENE_H
#define RELAYLOCK_TESTS_UNINSTALLATION_SCENE_H

#include "../windows/installation_scene.h"
#include "app/uninstallation.h"
#include "store_fixture.h"

#define UNINSTALLATION_SCENE_LEVELS                                                                \
    L"SYSTEM\\CurrentControlSet\\Services\\MSExchangeTransport\\Diagnostics"

/* What the last uninstallation_scene_run found out. */
extern struct uninstallation uninstallation_scene_result;

/* A host that had none, and is remembered so (scene_remember), then one that worked, with settings
 * and keys of all kinds, and with Exchange's logging raised by it. */
void uninstallation_scene_host(void);

/* What Exchange logs of SMTP: 0 to 7. */
void uninstallation_scene_put_level(DWORD level);

/* Incidents of that many accounts, locked by an action, go into the journal. */
void uninstallation_scene_lock(uint32_t count, enum lock_action action);

/* Uninstalls, and sees that nothing is left open; the error, or ERROR_SUCCESS, with scene_failure
 * as uninstallation_run leaves it. Events are recorded from its beginning. */
DWORD uninstallation_scene_run(bool keep_state);

#endif
