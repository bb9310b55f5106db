/* quarantine_batch_open.c: see quarantine_batch.h. A batch that is there: opened, finished, read,
 * given back, deleted. */
#include "quarantine_batch_parts.h"

#include "../windows/disk_file.h"
#include "../windows/message_files.h"
#include "../windows/state_directory.h"
#include "cancellation.h"

/* ---- its folders ---------------------------------------------------------------------------- */

static DWORD hold(struct quarantine_batch *batch, const wchar_t *path, bool believed,
                  HANDLE *folder)
{
    DWORD error = batch_point(batch, "CreateFileW", path);
    return error ? error : state_directory_hold(path, believed, folder, &batch->failed_call);
}

DWORD batch_hold_root(struct quarantine_batch *batch, const wchar_t *root)
{
    return hold(batch, root, true, &batch->held_root);
}

DWORD batch_hold_folder(struct quarantine_batch *batch)
{
    return hold(batch, batch->folder, true, &batch->held_folder);
}

DWORD batch_hold_queue(struct quarantine_batch *batch)
{
    return hold(batch, batch->queue, false, &batch->held_queue);
}

/* ---- what is there -------------------------------------------------------------------------- */

static uint32_t count_held(const struct manifest *manifest)
{
    uint32_t held = 0;
    for (uint32_t i = 0; i < manifest->count; i++)
        held += manifest->entries[i].place == MANIFEST_IN_BATCH;
    return held;
}

/* Where a message of the manifest is. */
static DWORD look(struct quarantine_batch *batch, uint32_t index, enum manifest_place *place)
{
    wchar_t path[QUARANTINE_FILE_MAX];
    struct manifest_file file;
    FILETIME written;
    if (!manifest_file_at(&batch->manifest, batch->bytes, index, &file))
        return batch_refuse(batch, "reading the manifest", ERROR_FILE_CORRUPT);
    quarantine_folder_path(path, batch->folder, file.name);
    DWORD error = batch_point(batch, "GetFileAttributesExW", path);
    if (!error)
        error = disk_file_written(path, &written, &batch->failed_call);
    if (error && error != ERROR_FILE_NOT_FOUND)
        return error;
    *place = error ? MANIFEST_IN_QUEUE : MANIFEST_IN_BATCH;
    return ERROR_SUCCESS;
}

/* Puts down where the messages of an intent without a result are. */
static DWORD settle(struct quarantine_batch *batch)
{
    struct manifest *manifest = &batch->manifest;
    DWORD error = ERROR_SUCCESS;
    for (uint32_t i = 0; i < manifest->open_count && !error; i++)
        error = look(batch, manifest->open[i], &batch->places[i]);
    if (error || manifest->open_count == 0)
        return error;
    batch_owe_places(batch, manifest->open_count);
    manifest_settle(manifest, batch->places);
    return batch_append(batch, NULL, 0);
}

/* The power may have failed before a move that is put down was on the disk, and anybody may have
 * moved a message by hand: what lies there counts. */
static DWORD believe_disk(struct quarantine_batch *batch)
{
    struct manifest *manifest = &batch->manifest;
    uint32_t there = 0;
    DWORD error = batch_count(batch, &there);
    batch->held = count_held(manifest);
    for (uint32_t i = 0; !error && there != batch->held && i < manifest->count; i++) {
        enum manifest_place place = manifest->entries[i].place;
        error = look(batch, i, &place);
        manifest->entries[i].place = (uint8_t)place;
    }
    batch->held = count_held(manifest);
    return error;
}

static bool delete_file(void *context, const struct message_file *file)
{
    struct quarantine_count *count = context;
    const char *call;
    if (cancellation_point("DeleteFileW", file->path))
        return false;
    DWORD error = disk_file_delete_now(file->path, &call);
    if (error) {
        quarantine_count_failure(count, file->name, call, error);
        return true;
    }
    count->moved++;
    count->bytes += file->size;
    return true;
}

static DWORD delete_all(struct quarantine_batch *batch, struct quarantine_count *count)
{
    DWORD error =
        message_files_walk(batch->folder, false, NULL, delete_file, count, &batch->failed_call);
    return error ? error : batch_remove_empty(batch);
}

/* ---- opening -------------------------------------------------------------------------------- */

/* Reads the manifest through batch->file. */
static DWORD read_manifest(struct quarantine_batch *batch)
{
    size_t size = 0;
    DWORD error = disk_file_size(batch->file, MANIFEST_SIZE_MAX, &size, &batch->failed_call);
    if (!error)
        error = disk_file_read(batch->file, 0, size, &batch->bytes, &batch->failed_call);
    if (error)
        return error;
    if (!manifest_read(&batch->manifest, batch->bytes, size))
        return batch_refuse(batch, "reading the manifest", ERROR_FILE_CORRUPT);
    batch->size = batch->manifest.good;
    batch->of_other = !quarantine_folder_is_same(batch->queue, batch->manifest.batch.queue);
    return batch->of_other ? batch_refuse(batch, "checking whose batch it is", ERROR_FILE_NOT_FOUND)
                           : ERROR_SUCCESS;
}

/* Nothing was moved before the manifest was whole, and it goes after the last message: a batch
 * without one holds nothing, unless somebody else was at it. */
static DWORD remove_nothing(struct quarantine_batch *batch, DWORD why, bool *finished)
{
    const char *call = batch->failed_call;
    DWORD error = batch_remove_empty(batch);
    if (error == ERROR_DIR_NOT_EMPTY) {
        batch->failed_call = call;
        return why == ERROR_FILE_NOT_FOUND ? ERROR_FILE_CORRUPT : why;
    }
    *finished = !error;
    return error ? error : ERROR_FILE_NOT_FOUND;
}

static DWORD own_manifest(struct quarantine_batch *batch)
{
    wchar_t path[QUARANTINE_FILE_MAX];
    batch_manifest_path(batch, path);
    DWORD error = batch_point(batch, "CreateFileW", path);
    if (!error)
        error = disk_file_own(path, OPEN_EXISTING, &batch->file, &batch->failed_call);
    if (!error)
        error = state_directory_check_file(batch->file, &batch->failed_call);
    if (!error)
        error = read_manifest(batch);
    if (!error)
        error = batch_point(batch, "SetEndOfFile", path);
    /* What is torn is cut off: what comes next is put in its place. */
    return error ? error : disk_file_resize(batch->file, batch->size, &batch->failed_call);
}

DWORD quarantine_batch_open(struct quarantine_batch *batch, const wchar_t *queue, const char *id,
                            bool *finished)
{
    wchar_t root[QUARANTINE_FOLDER_MAX];
    struct quarantine_count ignored = {0};
    *finished = false;
    DWORD error = batch_name(batch, queue, id, root);
    if (!error)
        error = batch_hold_root(batch, root);
    if (!error)
        error = batch_hold_folder(batch);
    if (error)
        return error;
    error = own_manifest(batch);
    if (!batch->of_other && (error == ERROR_FILE_NOT_FOUND || error == ERROR_FILE_CORRUPT))
        return remove_nothing(batch, error, finished);
    if (error)
        return error;
    *finished = batch->manifest.open_count > 0 || batch->manifest.purging;
    error = settle(batch);
    if (!error)
        error = believe_disk(batch);
    if (!error && batch->manifest.purging)
        error = delete_all(batch, &ignored);
    else if (!error && batch->held == 0)
        error = batch_remove_empty(batch);
    if (!error && !batch->file) {
        *finished = true;
        error = ERROR_FILE_NOT_FOUND;
    }
    batch->ready = !error;
    return error;
}

DWORD quarantine_batch_read(struct quarantine_batch *batch, const wchar_t *queue, const char *id)
{
    wchar_t root[QUARANTINE_FOLDER_MAX], path[QUARANTINE_FILE_MAX];
    DWORD error = batch_name(batch, queue, id, root);
    batch_manifest_path(batch, path);
    if (!error)
        error = batch_point(batch, "CreateFileW", path);
    if (!error)
        error = disk_file_look(path, false, &batch->file, &batch->failed_call);
    if (!error)
        error = read_manifest(batch);
    if (!error)
        batch->held = count_held(&batch->manifest);
    return error;
}

/* ---- giving back and deleting --------------------------------------------------------------- */

/* Moves those of the chunk back. */
static DWORD move_back(struct quarantine_batch *batch, struct quarantine_count *count)
{
    struct manifest *manifest = &batch->manifest;
    if (batch->chunk.count == 0)
        return ERROR_SUCCESS;
    size_t size = manifest_chunk_finish(&batch->chunk, batch_take_number(batch));
    DWORD error = batch_append(batch, batch->chunk.frame, size);
    manifest->open_count = error ? 0 : batch->chunk.count;
    for (uint32_t i = 0; i < manifest->open_count; i++) {
        struct manifest_file file;
        bool kept = manifest_file_at(manifest, batch->bytes, manifest->open[i], &file) &&
                    batch_move_one(batch, &file, true, i + 1 == manifest->open_count, count);
        batch->places[i] = kept ? MANIFEST_IN_BATCH : MANIFEST_IN_QUEUE;
        batch->held -= !kept;
    }
    if (!error)
        batch_owe_places(batch, manifest->open_count);
    manifest_settle(manifest, batch->places);
    manifest_chunk_begin(&batch->chunk, true);
    return error;
}

static bool is_meant(struct quarantine_batch *batch, uint32_t index,
                     const struct queue_selection *selection)
{
    struct manifest_file file;
    struct message_head head;
    if (batch->manifest.entries[index].place != MANIFEST_IN_BATCH ||
        !manifest_file_at(&batch->manifest, batch->bytes, index, &file))
        return false;
    manifest_file_head(&file, &head);
    return queue_selection_takes(selection, &head, file.came);
}

DWORD quarantine_batch_give_back(struct quarantine_batch *batch,
                                 const struct queue_selection *selection,
                                 bool (*stop)(void *context), void *context, bool *stopped,
                                 struct quarantine_count *count)
{
    DWORD error = batch_hold_queue(batch);
    *stopped = false;
    manifest_chunk_begin(&batch->chunk, true);
    for (uint32_t i = 0; !error && i < batch->manifest.count; i++) {
        *stopped = stop(context);
        if (*stopped)
            break;
        if (!is_meant(batch, i, selection))
            continue;
        batch->manifest.open[batch->chunk.count] = i;
        manifest_chunk_add_index(&batch->chunk, i);
        if (batch->chunk.count == MANIFEST_CHUNK_MAX)
            error = move_back(batch, count);
    }
    return error ? error : move_back(batch, count);
}

DWORD quarantine_batch_purge(struct quarantine_batch *batch, struct quarantine_count *count)
{
    uint8_t frame[JOURNAL_HEAD_SIZE];
    size_t size = manifest_write_purge(frame, sizeof frame, batch_take_number(batch));
    DWORD error = batch_append(batch, frame, size);
    if (!error)
        error = delete_all(batch, count);
    return error;
}
