/* quarantine_batch_parts.h: what the quarantine_batch*.c files share. */
#ifndef RELAYLOCK_APP_QUARANTINE_BATCH_PARTS_H
#define RELAYLOCK_APP_QUARANTINE_BATCH_PARTS_H

#include "quarantine_batch.h"

/* Notes the check that failed; returns error. */
DWORD batch_refuse(struct quarantine_batch *batch, const char *check, DWORD error);

/* Before a call for that object which may hang or changes something: cancellation_point, with the
 * call noted. */
DWORD batch_point(struct quarantine_batch *batch, const char *call, const wchar_t *object);

/* Zeroes it, and sets its paths and memory. root: the folder of all batches. */
DWORD batch_name(struct quarantine_batch *batch, const wchar_t *queue, const char *id,
                 wchar_t root[QUARANTINE_FOLDER_MAX]);
void batch_manifest_path(const struct quarantine_batch *batch, wchar_t path[QUARANTINE_FILE_MAX]);

DWORD batch_hold_queue(struct quarantine_batch *batch);
DWORD batch_hold_root(struct quarantine_batch *batch, const wchar_t *root);
DWORD batch_hold_folder(struct quarantine_batch *batch);
void batch_close_file(struct quarantine_batch *batch);

/* The number of the next frame. */
uint64_t batch_take_number(struct quarantine_batch *batch);

/* That batch->places of so many messages are to be put down: with the next intent, or at the end.
 */
void batch_owe_places(struct quarantine_batch *batch, uint32_t count);

/* Writes what is owed, and more, with one flush. */
DWORD batch_append(struct quarantine_batch *batch, const void *more, size_t size);

/* Moves a message into the batch, or back; last: of its chunk, so that all of it is on the disk.
 * Whether it lies in the batch then; counted by what became of it. */
bool batch_move_one(struct quarantine_batch *batch, const struct manifest_file *file, bool back,
                    bool last, struct quarantine_count *count);

/* Adds the messages that lie in the batch. */
DWORD batch_count(struct quarantine_batch *batch, uint32_t *count);

/* Removes the batch. ERROR_DIR_NOT_EMPTY: messages are in it, whatever the manifest says. */
DWORD batch_remove_empty(struct quarantine_batch *batch);

#endif
