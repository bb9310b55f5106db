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
    uint32_t locked;                        /* accounts; not 0: all is kept */
    const char *call; /* that failed, or what was checked (a literal); null: none */
};

/* Deletes what RelayLock made in the folder, and the folder. Nothing is deleted while an incident
 * of the journal holds a locked account, nor when the journal cannot be read whole
 * (ERROR_FILE_CORRUPT: is torn or has entries that make no sense), nor in what is no folder of its
 * own. ERROR_SUCCESS, also when there is none, or the error of call. Only while no RelayLock runs:
 * one that does keeps its journal (ERROR_SHARING_VIOLATION). */
DWORD state_removal_run(struct state_removal *removal);

#endif
