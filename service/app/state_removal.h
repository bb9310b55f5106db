/* state_removal.h: what uninstall does about the state folder: it goes, unless its journal is still
 * needed to see what was done to an account.
 *
 * It may be SYSTEM that does it, and a user may have made the folder. So as the service does it is
 * believed only if nobody else may change it, and held from the look until it is removed
 * (state_directory.h); in any other, nothing is read and nothing deleted.
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
    HANDLE folder;                          /* held; null: not */
    bool found;                             /* there is such a folder, or something in its place */
    uint32_t locked;                        /* accounts */
    const char *call; /* that failed, or what was checked (a literal); null: none */
};

/* Looks for locked accounts; nothing is changed, but the folder is held until state_removal_end.
 * ERROR_SUCCESS, also when there is no folder or no journal, or the error of call:
 * ERROR_FILE_CORRUPT when the journal cannot be read whole (is torn or has entries that make no
 * sense); one of state_directory_is_refusal when the folder or the journal is not to be believed,
 * and nobody was told of. */
DWORD state_removal_look(struct state_removal *removal);

/* Deletes what RelayLock made in the folder, and the folder; only after a look without an error
 * that found nobody locked. ERROR_SUCCESS, or the error of call. Only while no RelayLock runs: one
 * that does keeps its journal (ERROR_SHARING_VIOLATION). */
DWORD state_removal_delete(struct state_removal *removal);

/* Lets the folder go, after a look whatever came of it; twice is fine. */
void state_removal_end(struct state_removal *removal);

#endif
