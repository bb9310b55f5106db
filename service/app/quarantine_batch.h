/* quarantine_batch.h: one batch of quarantined messages of one queue folder: made, added to, given
 * back, deleted; and what a killed process left of one, finished.
 *
 * Before messages are moved, the manifest beside them says which (quarantine_manifest.h), flushed;
 * one flush for a chunk of them. Whoever works on a batch has its manifest open for writing alone
 * (ERROR_SHARING_VIOLATION for others), and the folders held, so that nobody puts others in their
 * place. A batch that holds nothing any more is removed.
 *
 * Functions return ERROR_SUCCESS or the error of the call that failed, whose name (a literal) goes
 * to batch->failed_call. After an error the batch is good for closing only; what is open in its
 * manifest is settled when it is opened the next time. ERROR_CANCELLED: it was given up
 * (cancellation.h), and is left as a killed process leaves it; only closing it is needed.
 */
#ifndef RELAYLOCK_APP_QUARANTINE_BATCH_H
#define RELAYLOCK_APP_QUARANTINE_BATCH_H

#include <windows.h>
#include "../core/queue_selection.h"
#include "../windows/quarantine_folder.h"

#define QUARANTINE_BATCH_MANIFEST L"manifest" /* the name of the file in its folder */

/* What became of messages. To be zeroed by the caller; several batches add up. */
struct quarantine_count {
    uint32_t moved;   /* into the batch, back, or deleted */
    uint64_t bytes;   /* theirs */
    uint32_t gone;    /* meanwhile: delivered, or moved by somebody */
    uint32_t in_use;  /* kept by somebody else */
    uint32_t clashes; /* a message of that name is there already */
    uint32_t refused; /* links, files with several names, read-only files */
    uint32_t failed;  /* for other reasons */
    /* Of the first that was refused or failed: */
    const char *call; /* null: none */
    DWORD error;
    wchar_t name[MANIFEST_NAME_MAX];
};

/* Counts a message that was not moved by what the error says. */
void quarantine_count_failure(struct quarantine_count *count, const wchar_t *file, const char *call,
                              DWORD error);

struct quarantine_batch {
    wchar_t queue[MANIFEST_PATH_MAX];
    wchar_t folder[QUARANTINE_FOLDER_MAX];
    HANDLE held_queue, held_root, held_folder; /* null: not held */
    HANDLE file;                               /* the manifest; null: not open */
    uint64_t size;                             /* of it, bytes */
    struct manifest manifest;
    uint8_t *bytes; /* of the manifest as it was read; null: none */
    struct manifest_chunk chunk;
    enum manifest_place places[MANIFEST_CHUNK_MAX]; /* of the last chunk, not yet put down */
    uint32_t place_count;
    uint64_t place_sequence; /* the number of the frame that puts them down */
    uint32_t held;           /* messages that lie in it, as the manifest says */
    bool ready;              /* to be written to */
    bool of_other;           /* its manifest names another queue folder */
    uint8_t out[2 * JOURNAL_HEAD_SIZE + MANIFEST_CHUNK_MAX + JOURNAL_PAYLOAD_MAX];
    bool failed;    /* to write */
    unsigned waits; /* of message_files_again */
    const char *failed_call;
};

/* A new batch of what->queue, under what->id. ERROR_ALREADY_EXISTS: there is one of that id. On
 * failure nothing of it is left. */
DWORD quarantine_batch_create(struct quarantine_batch *batch, const struct manifest_batch *what);

/* Adds a message of the queue folder; it is moved when a chunk is full, at the latest by
 * quarantine_batch_move. ERROR_INVALID_NAME: its name cannot be put down; the batch is as before.
 */
DWORD quarantine_batch_add(struct quarantine_batch *batch, const struct manifest_file *file,
                           struct quarantine_count *count);
DWORD quarantine_batch_move(struct quarantine_batch *batch, struct quarantine_count *count);

/* Opens a batch and finishes what a killed process left: *finished says whether there was anything.
 * ERROR_FILE_NOT_FOUND: it held nothing, and is gone now; or it is of another queue folder beside
 * this one (batch->of_other), and left alone. ERROR_FILE_CORRUPT: its manifest cannot be read, and
 * messages are there. */
DWORD quarantine_batch_open(struct quarantine_batch *batch, const wchar_t *queue, const char *id,
                            bool *finished);

/* Only reads it, whoever works on it: nothing is held, checked or changed. open_count then tells
 * that it is being worked on, or was left in the middle. ERROR_FILE_NOT_FOUND with batch->of_other:
 * as above. */
DWORD quarantine_batch_read(struct quarantine_batch *batch, const wchar_t *queue, const char *id);

/* Moves those of its messages that are meant back into the queue, until stop(context) says so;
 * *stopped then. */
DWORD quarantine_batch_give_back(struct quarantine_batch *batch,
                                 const struct queue_selection *selection,
                                 bool (*stop)(void *context), void *context, bool *stopped,
                                 struct quarantine_count *count);

/* Deletes all messages of it. */
DWORD quarantine_batch_purge(struct quarantine_batch *batch, struct quarantine_count *count);

/* Puts down what became of the last chunk and lets go of all; a batch that holds nothing is
 * removed. To be called after create, open and read, whatever they returned. */
DWORD quarantine_batch_close(struct quarantine_batch *batch);

#endif
