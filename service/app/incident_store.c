#include "incident_store.h"

#include <stdlib.h>
#include <string.h>

#include "../windows/report.h"

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
    PAUSE_MIN = 1000, /* ms */
    FRAME_MAX = JOURNAL_HEAD_SIZE + JOURNAL_PAYLOAD_MAX,
    NOT_OPENED = ERROR_INVALID_HANDLE /* of a put before the store was opened */
};

DWORD incident_store_init(struct incident_store *store)
{
    struct incident *incidents = malloc(BOOK_INCIDENTS_MAX * sizeof *incidents);
    uint8_t *frame = malloc(FRAME_MAX);
    if (!incidents || !frame) {
        free(incidents);
        free(frame);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    *store = (struct incident_store){.frame = frame, .error = NOT_OPENED};
    incident_book_init(&store->book, incidents);
    return ERROR_SUCCESS;
}

/* ---- what is said --------------------------------------------------------------------------- */

static void begin_report(const struct incident_store *store, struct report *report, DWORD id)
{
    report_begin(report, id);
    report_add(report, store->directory[0] ? text_of(store->directory) : TEXT_OF(u"(not found)"));
}

static void tell_closed(struct incident_store *store, const char *call)
{
    struct report report;
    if (store->closed_told || store->is_guest)
        return;
    begin_report(store, &report, MSG_STORE_CLOSED);
    report_add_format(&report, "%s", call);
    report_add_error(&report, store->error);
    report_send(&report);
    store->closed_told = true;
}

static void tell_open(struct incident_store *store)
{
    struct report report;
    if (!store->closed_told)
        return;
    begin_report(store, &report, MSG_STORE_OPEN);
    report_send(&report);
    store->closed_told = false;
}

static void tell_recovery(const struct incident_store *store, const struct book_recovery *recovery,
                          size_t torn, const wchar_t *name)
{
    struct report report;
    begin_report(store, &report, MSG_STORE_TORN);
    report_add_number(&report, recovery->frames - recovery->refused);
    report_add_number(&report, torn);
    report_add(&report, torn > 0 ? text_of(name) : TEXT_OF(u"(nothing)"));
    report_add_number(&report, recovery->refused);
    report_send(&report);
}

static void tell_full(const struct incident *incident)
{
    struct report report;
    report_begin(&report, MSG_STORE_FULL);
    report_add_number(&report, BOOK_INCIDENTS_MAX);
    report_add(&report, text_of(incident->verdict.account));
    report_send(&report);
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
    tell_closed(store, call);
}

static DWORD ready_directory(struct incident_store *store, const char **failed_call)
{
    const struct incident_store_calls *calls = &incident_store_calls;
    if (store->directory[0] == 0) {
        wchar_t found[STATE_DIRECTORY_MAX];
        DWORD error = calls->state_directory_find(found, failed_call);
        if (error)
            return error;
        wcscpy(store->directory, found);
    }
    DWORD error = calls->state_directory_check(store->directory, failed_call);
    if (error != ERROR_PATH_NOT_FOUND)
        return error;
    error = calls->state_directory_create(store->directory, failed_call);
    return error ? error : calls->state_directory_check(store->directory, failed_call);
}

/* The size at which the journal is to be compacted next; there is always room for a frame. */
static void compact_next(struct incident_store *store, uint64_t size)
{
    const uint64_t last = JOURNAL_FILE_MAX - FRAME_MAX;
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

/* Makes the journal smaller when it is worth it. ERROR_SUCCESS also when it is not, and when it
 * failed but the old one is open and may still grow: then it is tried again later. */
static DWORD compact(struct incident_store *store, const char **failed_call)
{
    uint64_t unused;
    if (store->file.size < store->compact_at)
        return ERROR_SUCCESS;
    compact_next(store, worth_compacting(incident_book_write(&store->book, NULL, 0, 0, &unused)));
    if (store->file.size < store->compact_at)
        return ERROR_SUCCESS;
    DWORD error = rewrite(store, failed_call);
    if (!error || !store->file.handle || store->file.size > JOURNAL_FILE_MAX - FRAME_MAX)
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
        tell_recovery(store, recovery, size - recovery->good, name);
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

/* Takes over what the journal holds, or, when it holds less than it did, writes it anew. */
static DWORD recover(struct incident_store *store, const uint8_t *bytes, size_t size,
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

/* A frame whose payload of size bytes is in its place. */
static DWORD append_frame(struct incident_store *store, enum journal_kind kind, size_t size,
                          const char **failed_call)
{
    size_t whole = journal_write(store->frame, FRAME_MAX, (uint16_t)kind, store->sequence,
                                 store->frame + JOURNAL_HEAD_SIZE, (uint32_t)size);
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
    error = recover(store, bytes, size, failed_call);
    incident_store_calls.journal_file_free(bytes);
    if (!error)
        error = compact(store, failed_call);
    if (!error && store->write_owed)
        error = append_frame(store, JOURNAL_POSITION, encode_position(store, &store->book.position),
                             failed_call);
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
    tell_open(store);
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
    DWORD error = compact(store, &call);
    if (!error)
        error = append_frame(store, kind, size, &call);
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
        tell_full(incident);
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
