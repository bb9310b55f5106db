/* acceptance_state.h: RelayLock's state directory, where its journal is, as docs/response.md has
 * it.
 *
 * Every check begins without one, so that no check waits for what another one restarted. Functions
 * return ERROR_SUCCESS or the error of the call that failed.
 */
#ifndef RELAYLOCK_LAB_ACCEPTANCE_STATE_H
#define RELAYLOCK_LAB_ACCEPTANCE_STATE_H

#include <windows.h>
#include <stdbool.h>

/* Its path: <common application data>\RelayLock. */
DWORD state_path(wchar_t path[MAX_PATH]);

/* Whether it is there. */
bool state_exists(void);

/* Whether a file of that name is in it. */
bool state_has(const wchar_t *name);

/* Deletes what is in it, and it. Gone already: fine. */
DWORD state_remove(void);

/* Puts a file in its place, or takes that away, so that RelayLock cannot have its journal. */
DWORD state_block(void);
DWORD state_unblock(void);

#endif
