#include "incident_store.h"

#include <stdlib.h>
#include <string.h>

#include "incident_store_journal.h"
#include "incident_store_reports.h"
#include "../core/text.h"

struct incident_store_calls incident_store_calls = {
    .state_directory_find = state_directory_find,
    .state_directory_create = state_directory_create,
    .state_directory_check = state_directory_check,
    .journal_file_open = journal_file_open,
    .journal_file_free = journal_file_free,
    .journal_file_close = journal_file_close,
    .journal_file_append = journal_file_append,
    .journal_file_copy_torn = journal_file_copy_torn,
    .journal_file_cut_torn = journal_file_cut_torn,
    .journal_file_replace = journal_file_replace,
    .GetTickCount = GetTickCount,
};

enum {
    PAUSE_MIN = 1000,                 /* ms */
    NOT_OPENED = ERROR_INVALID_HANDLE /* of a put before the store was opened */
};

DWORD incident_store_init(struct incident_store *store)
{
    struct incident *incidents = malloc(BOOK_INCIDENTS_MAX * sizeof *incidents);
    uint8_t *frame = malloc(INCIDENT_STORE_FRAME_MAX);
    if (!incidents || !frame) {
        free(incidents);
        free(frame);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    *store = (struct incident_store){.frame = frame, .error = NOT_OPENED};
    incident_book_init(&store->book, incidents);
    return ERROR_SUCCESS;
}

/* ---- opening and closing -------------------------------------------------------------------- */

/* Closed for an error; the next try comes after a pause twice as long as the last. */
static void shut(struct incident_store *store, const char *call, DWORD error)
{
    incident_store_calls.journal_file_close(&store->file);
    store->open = false;
    store->error = error;
    store->pause = store->pause == 0 ? PAUSE_MIN : store->pause * 2;
    if (store->pause > INCIDENT_STORE_PAUSE_MAX)
        store->pause = INCIDENT_STORE_PAUSE_MAX;
    store->retry_at = incident_store_calls.GetTickCount() + store->pause;
    incident_store_tell_closed(store, call);
}

static DWORD ready_directory(struct incident_store *store, const char **failed_call)
{
    const struct incident_store_calls *calls = &incident_store_calls;
    if (store->directory[0] == 0) {
        wchar_t found[STATE_DIRECTORY_MAX];
        DWORD error = calls->state_directory_find(found, failed_call);
        if (error)
            return error;
        text_copy(store->directory, ARRAYSIZE(store->directory), text_of(found));
    }
    DWORD error = calls->state_directory_check(store->directory, failed_call);
    if (error != ERROR_PATH_NOT_FOUND)
        return error;
    error = calls->state_directory_create(store->directory, failed_call);
    return error ? error : calls->state_directory_check(store->directory, failed_call);
}

static size_t encode_position(struct incident_store *store, const struct position_record *position)
{
    return position_record_encode(store->frame + JOURNAL_HEAD_SIZE, JOURNAL_PAYLOAD_MAX, position);
}

static DWORD try_open(struct incident_store *store, const char **failed_call)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    DWORD error = ready_directory(store, failed_call);
    if (error)
        return error;
    error = incident_store_calls.journal_file_open(&store->file, store->directory, &bytes, &size);
    if (error) {
        *failed_call = store->file.failed_call;
        return error;
    }
    store->compact_at = INCIDENT_STORE_COMPACT;
    error = incident_store_recover(store, bytes, size, failed_call);
    incident_store_calls.journal_file_free(bytes);
    if (!error)
        error = incident_store_compact(store, failed_call);
    if (!error && store->write_owed)
        error = incident_store_append(store, JOURNAL_POSITION,
                                      encode_position(store, &store->book.position), failed_call);
    return error;
}

bool incident_store_open(struct incident_store *store)
{
    const char *call;
    if (store->open || incident_store_wait(store) > 0)
        return store->open;
    DWORD error = try_open(store, &call);
    if (error) {
        shut(store, call, error);
        return false;
    }
    store->open = true;
    store->error = ERROR_SUCCESS;
    incident_store_tell_open(store);
    return true;
}

DWORD incident_store_wait(const struct incident_store *store)
{
    if (store->open)
        return INFINITE;
    DWORD left = store->retry_at - incident_store_calls.GetTickCount();
    return store->pause == 0 || left > store->pause ? 0 : left;
}

void incident_store_close(struct incident_store *store)
{
    incident_store_calls.journal_file_close(&store->file);
    store->open = false;
    store->pause = 0;
    store->error = NOT_OPENED;
}

void incident_store_end(struct incident_store *store)
{
    incident_store_close(store);
    free(store->book.incidents);
    free(store->frame);
    memset(store, 0, sizeof *store);
}

/* ---- putting -------------------------------------------------------------------------------- */

/* Makes a payload of size bytes, which is in its place, durable. */
static DWORD put(struct incident_store *store, enum journal_kind kind, size_t size)
{
    const char *call = "";
    if (size == 0 && kind != JOURNAL_OUTLOOK)
        return ERROR_INVALID_PARAMETER;
    DWORD error = incident_store_compact(store, &call);
    if (!error)
        error = incident_store_append(store, kind, size, &call);
    if (error)
        shut(store, call, error);
    else
        store->pause = 0;
    return error;
}

static DWORD put_numbered(struct incident_store *store, struct incident *incident)
{
    size_t size = incident_encode(store->frame + JOURNAL_HEAD_SIZE, JOURNAL_PAYLOAD_MAX, incident);
    if (size > 0 && !incident_book_takes(&store->book, incident)) {
        if (incident_book_find(&store->book, incident->id))
            return ERROR_INVALID_PARAMETER;
        incident_store_tell_full(incident);
        return ERROR_NOT_ENOUGH_QUOTA;
    }
    DWORD error = put(store, JOURNAL_INCIDENT, size);
    if (!error)
        incident_book_put(&store->book, incident);
    return error;
}

DWORD incident_store_put(struct incident_store *store, struct incident *incident)
{
    const uint64_t id = incident->id;
    if (!store->open)
        return store->error;
    if (id == 0)
        incident->id = incident_book_next_id(&store->book);
    DWORD error = put_numbered(store, incident);
    if (error)
        incident->id = id;
    return error;
}

DWORD incident_store_put_restart(struct incident_store *store, const struct restart_record *restart)
{
    if (!store->open)
        return store->error;
    DWORD error =
        put(store, JOURNAL_RESTART,
            restart_record_encode(store->frame + JOURNAL_HEAD_SIZE, JOURNAL_PAYLOAD_MAX, restart));
    if (!error)
        store->book.restart = *restart;
    return error;
}

DWORD incident_store_put_position(struct incident_store *store,
                                  const struct position_record *position)
{
    if (!store->open)
        return store->error;
    DWORD error = put(store, JOURNAL_POSITION, encode_position(store, position));
    if (!error)
        store->book.position = *position;
    return error;
}

DWORD incident_store_put_outlook(struct incident_store *store, const struct outlook_record *outlook)
{
    if (!store->open)
        return store->error;
    if (outlook->size > BOOK_OUTLOOK_MAX)
        return ERROR_INVALID_PARAMETER;
    memcpy(store->frame + JOURNAL_HEAD_SIZE, outlook->bytes, outlook->size);
    DWORD error = put(store, JOURNAL_OUTLOOK, outlook->size);
    if (!error)
        store->book.outlook = *outlook;
    return error;
}
