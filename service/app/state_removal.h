/* state_removal.h: what uninstall does about the state folder: it goes, unless its journal is still
 * needed to see what was done to an account.
 */
#ifndef RELAYLOCK_APP_STATE_REMOVAL_H
#define RELAYLOCK_APP_STATE_REMOVAL_H

#include "../core/incident_book.h"
#include "../windows/state_directory.h"

struct state_removal {
    /* From the caller; is told each account that RelayLock has locked, the longest locked first. */
    void (*stays_locked)(void *context, const struct incident *incident);
    void *context;

    wchar_t directory[STATE_DIRECTORY_MAX]; /* "" when it could not be found */
    bool found;                             /* there is such a folder */
    uint32_t locked;                        /* accounts */
    const char *call; /* that failed, or what was checked (a literal); null: none */
};

/* Looks for locked accounts; nothing is changed. ERROR_SUCCESS, also when there is no folder or no
 * journal, or the error of call: ERROR_FILE_CORRUPT when the journal cannot be read whole (is torn
 * or has entries that make no sense), ERROR_CANT_ACCESS_FILE when it is no folder of its own. */
DWORD state_removal_look(struct state_removal *removal);

/* Deletes what RelayLock made in the folder, and the folder; only after a look without an error
 * that found nobody locked. ERROR_SUCCESS, or the error of call. Only while no RelayLock runs: one
 * that does keeps its journal (ERROR_SHARING_VIOLATION). */
DWORD state_removal_delete(struct state_removal *removal);

#endif
