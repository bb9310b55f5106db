#include "state_removal.h"

#include <stdlib.h>

#include "../core/text.h"
#include "../windows/journal_file.h"
#include "../windows/quarantine_file.h"
#include "../windows/release_file.h"

/* Whether it may be RelayLock that has locked the account: a lock that was about to be written may
 * have been. */
static bool is_locked(const struct incident *incident)
{
    return incident_holds(incident) &&
           (incident->state != INCIDENT_DECIDED || incident->change.intended);
}

static DWORD tell_locked(struct state_removal *removal, const uint8_t *bytes, size_t size)
{
    struct incident_book book;
    struct book_recovery recovery;
    struct incident *incidents = malloc(BOOK_INCIDENTS_MAX * sizeof *incidents);
    if (!incidents) {
        removal->call = "malloc";
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    incident_book_init(&book, incidents);
    incident_book_recover(&book, bytes, size, &recovery);
    for (uint32_t i = 0; i < book.count; i++) {
        if (!is_locked(&book.incidents[i]))
            continue;
        removal->stays_locked(removal->context, &book.incidents[i]);
        removal->locked++;
    }
    free(incidents);
    if (recovery.good == size && recovery.refused == 0)
        return ERROR_SUCCESS;
    removal->call = "checking the journal";
    return ERROR_FILE_CORRUPT;
}

static DWORD read_journal(struct state_removal *removal)
{
    uint8_t *bytes;
    size_t size;
    DWORD error =
        journal_file_read_own(removal->directory, removal->folder, &bytes, &size, &removal->call);
    if (error)
        return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
    error = tell_locked(removal, bytes, size);
    journal_file_free(bytes);
    return error;
}

static DWORD look(struct state_removal *removal)
{
    wchar_t found[STATE_DIRECTORY_MAX];
    DWORD error = state_directory_find(found, &removal->call);
    if (error)
        return error;
    text_copy(removal->directory, ARRAYSIZE(removal->directory), text_of(found));
    error = state_directory_hold(removal->directory, true, &removal->folder, &removal->call);
    removal->found = error != ERROR_PATH_NOT_FOUND;
    if (error)
        return removal->found ? error : ERROR_SUCCESS;
    return read_journal(removal);
}

DWORD state_removal_look(struct state_removal *removal)
{
    removal->directory[0] = 0;
    removal->folder = NULL;
    removal->found = false;
    removal->locked = 0;
    DWORD error = look(removal);
    if (!error)
        removal->call = NULL;
    return error;
}

DWORD state_removal_delete(struct state_removal *removal)
{
    if (!removal->found)
        return ERROR_SUCCESS;
    request_file_forget(&release_file, removal->directory);
    request_file_forget(&quarantine_file, removal->directory);
    DWORD error = journal_file_delete(removal->directory, &removal->call);
    state_removal_end(removal); /* nobody can remove what is held */
    if (!error)
        error = state_directory_remove(removal->directory, &removal->call);
    if (!error)
        removal->call = NULL;
    return error;
}

void state_removal_end(struct state_removal *removal)
{
    state_directory_let_go(removal->folder);
    removal->folder = NULL;
}
