/* quarantine_batch.c: see quarantine_batch.h. A batch is made, added to, closed. */
#include "quarantine_batch_parts.h"

#include <stdlib.h>
#include <string.h>
#include "../windows/disk_file.h"
#include "../windows/message_files.h"
#include "../windows/state_directory.h"
#include "cancellation.h"

DWORD batch_refuse(struct quarantine_batch *batch, const char *check, DWORD error)
{
    batch->failed_call = check;
    return error;
}

DWORD batch_point(struct quarantine_batch *batch, const char *call, const wchar_t *object)
{
    return batch_refuse(batch, call, cancellation_point(call, object));
}

static DWORD allocate(struct quarantine_batch *batch)
{
    batch->manifest.entries = malloc(MANIFEST_FILES_MAX * sizeof *batch->manifest.entries);
    if (batch->manifest.entries)
        return ERROR_SUCCESS;
    return batch_refuse(batch, "malloc", ERROR_NOT_ENOUGH_MEMORY);
}

/* The paths. *root is the folder of all batches. */
DWORD batch_name(struct quarantine_batch *batch, const wchar_t *queue, const char *id,
                 wchar_t root[QUARANTINE_FOLDER_MAX])
{
    wchar_t wide[MANIFEST_ID_SIZE], path[QUARANTINE_FILE_MAX];
    *batch = (struct quarantine_batch){0};
    if (!text_from_utf8(wide, MANIFEST_ID_SIZE, id, NULL) || !quarantine_folder_root(queue, root))
        return batch_refuse(batch, "reading the queue folder's path", ERROR_BAD_PATHNAME);
    text_copy(batch->queue, MANIFEST_PATH_MAX, text_of(queue));
    quarantine_folder_path(path, root, wide);
    text_copy(batch->folder, QUARANTINE_FOLDER_MAX, text_of(path));
    return allocate(batch);
}

void batch_manifest_path(const struct quarantine_batch *batch, wchar_t path[QUARANTINE_FILE_MAX])
{
    quarantine_folder_path(path, batch->folder, QUARANTINE_BATCH_MANIFEST);
}

static void let_go(HANDLE *held)
{
    state_directory_let_go(*held);
    *held = NULL;
}

void batch_close_file(struct quarantine_batch *batch)
{
    if (batch->file)
        disk_file_close(batch->file);
    batch->file = NULL;
}

/* ---- the manifest --------------------------------------------------------------------------- */

/* Writes what became of the last chunk, if that was not put down yet, and more, with one flush. */
DWORD batch_append(struct quarantine_batch *batch, const void *more, size_t size)
{
    size_t used = 0;
    if (batch->failed)
        return batch_refuse(batch, "writing the manifest", ERROR_WRITE_FAULT);
    if (batch->place_count > 0)
        used = manifest_write_result(batch->out, sizeof batch->out, batch->place_sequence,
                                     batch->places, batch->place_count);
    if (size > 0)
        memcpy(batch->out + used, more, size);
    used += size;
    DWORD error = used > MANIFEST_SIZE_MAX - batch->size
                      ? batch_refuse(batch, "checking the size", ERROR_FILE_TOO_LARGE)
                      : batch_point(batch, "WriteFile", batch->folder);
    if (!error)
        error = disk_file_write(batch->file, batch->size, batch->out, used, &batch->failed_call);
    batch->failed = error != ERROR_SUCCESS;
    if (error)
        return error;
    batch->size += used;
    batch->place_count = 0;
    return ERROR_SUCCESS;
}

/* The number of the next frame. */
uint64_t batch_take_number(struct quarantine_batch *batch)
{
    return batch->manifest.sequence++;
}

/* ---- moving --------------------------------------------------------------------------------- */

static void note_first(struct quarantine_count *count, const wchar_t *file, const char *call,
                       DWORD error)
{
    if (count->call)
        return;
    count->call = call;
    count->error = error;
    text_copy(count->name, MANIFEST_NAME_MAX, text_of(file));
}

void quarantine_count_failure(struct quarantine_count *count, const wchar_t *file, const char *call,
                              DWORD error)
{
    switch (error) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
        count->gone++;
        break;
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_DELETE_PENDING:
        count->in_use++;
        break;
    case ERROR_ALREADY_EXISTS:
    case ERROR_FILE_EXISTS:
        count->clashes++;
        break;
    case ERROR_CANT_ACCESS_FILE:
    case ERROR_FILE_READ_ONLY:
        count->refused++;
        note_first(count, file, call, error);
        break;
    default:
        count->failed++;
        note_first(count, file, call, error);
    }
}

static DWORD move(const wchar_t *from, const wchar_t *to, bool last, const char **call)
{
    *call = "CreateFileW";
    DWORD error = cancellation_point(*call, from);
    if (!error)
        error = quarantine_folder_check(from, call);
    if (error)
        return error;
    *call = "MoveFileExW";
    error = cancellation_point(*call, from);
    return error ? error : quarantine_folder_move(from, to, last, call);
}

/* A call may have done what it says it could not. */
static bool has_moved(const wchar_t *from, const wchar_t *to)
{
    FILETIME ignored;
    const char *call;
    return !cancellation_point("GetFileAttributesExW", from) &&
           disk_file_written(from, &ignored, &call) == ERROR_FILE_NOT_FOUND &&
           disk_file_written(to, &ignored, &call) == ERROR_SUCCESS;
}

bool batch_move_one(struct quarantine_batch *batch, const struct manifest_file *file, bool back,
                    bool last, struct quarantine_count *count)
{
    wchar_t queued[QUARANTINE_FILE_MAX], kept[QUARANTINE_FILE_MAX];
    const char *call = NULL;
    quarantine_folder_path(queued, batch->queue, file->name);
    quarantine_folder_path(kept, batch->folder, file->name);
    const wchar_t *from = back ? kept : queued, *to = back ? queued : kept;
    DWORD error = move(from, to, last, &call);
    if (message_files_again(error, &batch->waits))
        error = move(from, to, last, &call);
    if (error && !has_moved(from, to)) {
        quarantine_count_failure(count, file->name, call, error);
        return back && error != ERROR_FILE_NOT_FOUND;
    }
    count->moved++;
    count->bytes += file->size;
    return !back;
}

/* Puts down where the messages of the intent before are: with the next intent, or at the end. */
void batch_owe_places(struct quarantine_batch *batch, uint32_t count)
{
    batch->place_count = count;
    batch->place_sequence = batch_take_number(batch);
}

DWORD quarantine_batch_move(struct quarantine_batch *batch, struct quarantine_count *count)
{
    struct manifest_file file;
    size_t at = 0;
    if (batch->chunk.count == 0)
        return ERROR_SUCCESS;
    size_t size = manifest_chunk_finish(&batch->chunk, batch_take_number(batch));
    DWORD error = batch_append(batch, batch->chunk.frame, size);
    for (uint32_t i = 0; !error && i < batch->chunk.count; i++) {
        bool kept = manifest_chunk_next(&batch->chunk, &at, &file) &&
                    batch_move_one(batch, &file, false, i + 1 == batch->chunk.count, count);
        batch->places[i] = kept ? MANIFEST_IN_BATCH : MANIFEST_IN_QUEUE;
        batch->held += kept;
    }
    if (!error)
        batch_owe_places(batch, batch->chunk.count);
    manifest_chunk_begin(&batch->chunk, false);
    return error;
}

DWORD quarantine_batch_add(struct quarantine_batch *batch, const struct manifest_file *file,
                           struct quarantine_count *count)
{
    bool added = manifest_chunk_add_file(&batch->chunk, file);
    if (!added && batch->chunk.count > 0) {
        DWORD error = quarantine_batch_move(batch, count);
        if (error)
            return error;
        added = manifest_chunk_add_file(&batch->chunk, file);
    }
    return added ? ERROR_SUCCESS : batch_refuse(batch, "checking the name", ERROR_INVALID_NAME);
}

/* ---- what is there -------------------------------------------------------------------------- */

static bool count_file(void *context, const struct message_file *file)
{
    (void)file;
    ++*(uint32_t *)context;
    return true;
}

DWORD batch_count(struct quarantine_batch *batch, uint32_t *count)
{
    DWORD error = batch_point(batch, "FindFirstFileW", batch->folder);
    return error ? error
                 : message_files_walk(batch->folder, false, NULL, count_file, count,
                                      &batch->failed_call);
}

DWORD batch_remove_empty(struct quarantine_batch *batch)
{
    wchar_t path[QUARANTINE_FILE_MAX];
    uint32_t left = 0;
    DWORD error = batch_count(batch, &left);
    if (error)
        return error;
    if (left > 0)
        return batch_refuse(batch, "checking that the batch is empty", ERROR_DIR_NOT_EMPTY);
    batch_close_file(batch);
    batch_manifest_path(batch, path);
    error = batch_point(batch, "DeleteFileW", path);
    if (!error)
        error = disk_file_delete(path, &batch->failed_call);
    let_go(&batch->held_folder);
    if (!error)
        error = batch_point(batch, "RemoveDirectoryW", batch->folder);
    if (!error)
        error = state_directory_remove(batch->folder, &batch->failed_call);
    return error;
}

/* ---- from its making to its end ------------------------------------------------------------- */

static DWORD make_folder(struct quarantine_batch *batch, const wchar_t *path,
                         DWORD (*make)(const wchar_t *path, const char **failed_call))
{
    DWORD error = batch_point(batch, "CreateDirectoryW", path);
    return error ? error : make(path, &batch->failed_call);
}

static DWORD make_manifest(struct quarantine_batch *batch, const struct manifest_batch *what)
{
    wchar_t path[QUARANTINE_FILE_MAX];
    batch_manifest_path(batch, path);
    batch->manifest.sequence = 1;
    size_t size =
        manifest_write_batch(batch->out, sizeof batch->out, batch_take_number(batch), what);
    if (size == 0)
        return batch_refuse(batch, "making the manifest", ERROR_INVALID_PARAMETER);
    DWORD error = batch_point(batch, "CreateFileW", path);
    if (!error)
        error = disk_file_own(path, CREATE_NEW, &batch->file, &batch->failed_call);
    if (!error)
        error = batch_point(batch, "WriteFile", path);
    if (!error)
        error = disk_file_write(batch->file, 0, batch->out, size, &batch->failed_call);
    batch->size = error ? 0 : size;
    return error;
}

DWORD quarantine_batch_create(struct quarantine_batch *batch, const struct manifest_batch *what)
{
    wchar_t root[QUARANTINE_FOLDER_MAX];
    DWORD error = batch_name(batch, what->queue, what->id, root);
    if (!error)
        error = batch_hold_queue(batch);
    if (!error)
        error = make_folder(batch, root, state_directory_create);
    if (!error)
        error = batch_hold_root(batch, root);
    if (!error)
        error = make_folder(batch, batch->folder, state_directory_create_new);
    if (error)
        return error;
    manifest_chunk_begin(&batch->chunk, false);
    error = batch_hold_folder(batch);
    if (!error)
        error = make_manifest(batch, what);
    batch->ready = !error;
    if (error) {
        const char *call = batch->failed_call;
        batch_remove_empty(batch);
        batch->failed_call = call;
    }
    return error;
}

DWORD quarantine_batch_close(struct quarantine_batch *batch)
{
    DWORD error = ERROR_SUCCESS;
    if (batch->file && batch->ready && !batch->failed) {
        if (batch->place_count > 0)
            error = batch_append(batch, NULL, 0);
        if (!error && batch->held == 0)
            error = batch_remove_empty(batch);
    }
    batch_close_file(batch);
    let_go(&batch->held_folder);
    let_go(&batch->held_root);
    let_go(&batch->held_queue);
    disk_file_free(batch->bytes);
    free(batch->manifest.entries);
    batch->bytes = NULL;
    batch->manifest.entries = NULL;
    return error;
}
