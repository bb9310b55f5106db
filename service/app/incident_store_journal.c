/* incident_store_journal.c: see incident_store_journal.h. */
#include "incident_store_journal.h"

#include <stdlib.h>
#include <string.h>

#include "incident_store_reports.h"

/* The size at which the journal is to be compacted next; there is always room for a frame. */
static void compact_next(struct incident_store *store, uint64_t size)
{
    const uint64_t last = JOURNAL_FILE_MAX - INCIDENT_STORE_FRAME_MAX;
    store->compact_at = size < last ? size : last;
}

/* What it may grow to when the book needs this much. */
static uint64_t worth_compacting(size_t needed)
{
    uint64_t twice = 2 * (uint64_t)needed;
    return twice > INCIDENT_STORE_COMPACT ? twice : INCIDENT_STORE_COMPACT;
}

/* Writes the journal anew, from the book. */
static DWORD rewrite(struct incident_store *store, const char **failed_call)
{
    uint64_t next = store->sequence;
    size_t needed = incident_book_write(&store->book, NULL, 0, store->sequence, &next);
    uint8_t *bytes = malloc(needed);
    if (!bytes) {
        *failed_call = "malloc";
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    incident_book_write(&store->book, bytes, needed, store->sequence, &next);
    DWORD error = incident_store_calls.journal_file_replace(&store->file, bytes, needed);
    *failed_call = store->file.failed_call;
    free(bytes);
    if (!error) {
        store->sequence = next;
        compact_next(store, worth_compacting(needed));
    }
    return error;
}

DWORD incident_store_compact(struct incident_store *store, const char **failed_call)
{
    uint64_t unused;
    if (store->file.size < store->compact_at)
        return ERROR_SUCCESS;
    compact_next(store, worth_compacting(incident_book_write(&store->book, NULL, 0, 0, &unused)));
    if (store->file.size < store->compact_at)
        return ERROR_SUCCESS;
    DWORD error = rewrite(store, failed_call);
    if (!error || !store->file.handle ||
        store->file.size > JOURNAL_FILE_MAX - INCIDENT_STORE_FRAME_MAX)
        return error;
    compact_next(store, store->file.size + INCIDENT_STORE_COMPACT / 4);
    return ERROR_SUCCESS;
}

/* Sets aside what is torn, and says so before it is gone. */
static DWORD keep_torn(struct incident_store *store, const struct book_recovery *recovery,
                       size_t size, const char **failed_call)
{
    const struct incident_store_calls *calls = &incident_store_calls;
    wchar_t name[JOURNAL_FILE_NAME_MAX] = L"";
    bool torn = recovery->good < size;
    DWORD error = ERROR_SUCCESS;
    if (torn)
        error = calls->journal_file_copy_torn(&store->file, recovery->good, name);
    if (!error && (torn || recovery->refused > 0) && !store->torn_told) {
        incident_store_tell_recovery(store, recovery, size - recovery->good, name);
        store->torn_told = true;
    }
    if (!error && torn)
        error = calls->journal_file_cut_torn(&store->file, recovery->good, name);
    if (error)
        *failed_call = store->file.failed_call;
    else
        store->torn_told = false;
    return error;
}

DWORD incident_store_recover(struct incident_store *store, const uint8_t *bytes, size_t size,
                             const char **failed_call)
{
    struct incident *all = store->book.incidents;
    struct incident_book found;
    struct book_recovery recovery;
    incident_book_init(&found, malloc(BOOK_INCIDENTS_MAX * sizeof *all));
    if (!found.incidents) {
        *failed_call = "malloc";
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    incident_book_recover(&found, bytes, size, &recovery);
    DWORD error = keep_torn(store, &recovery, size, failed_call);
    if (!error && store->recovered && recovery.sequence < store->sequence) {
        error = rewrite(store, failed_call);
    } else if (!error) {
        memcpy(all, found.incidents, found.count * sizeof *all);
        store->book = found;
        store->book.incidents = all;
        store->sequence = recovery.sequence;
        store->recovered = true;
    }
    free(found.incidents);
    return error;
}

DWORD incident_store_append(struct incident_store *store, enum journal_kind kind, size_t size,
                            const char **failed_call)
{
    size_t whole = journal_write(store->frame, INCIDENT_STORE_FRAME_MAX, (uint16_t)kind,
                                 store->sequence, store->frame + JOURNAL_HEAD_SIZE, (uint32_t)size);
    store->write_owed = true;
    DWORD error = incident_store_calls.journal_file_append(&store->file, store->frame, whole);
    if (error) {
        *failed_call = store->file.failed_call;
        return error;
    }
    store->write_owed = false;
    store->sequence++;
    return ERROR_SUCCESS;
}
