/* quarantine_manifest.h: what a batch of quarantined messages is, and where each of them lies.
 *
 * A manifest lies beside the messages of its batch. It is frames (journal.h), each written and
 * flushed before what it announces is done:
 *
 *     batch    when, why, which queue folder
 *     intent   so many messages are about to be moved: into the batch, with all that is to be known
 *              of them, or back into the queue, by their numbers
 *     result   where each message of the intent before it lies now
 *     purge    all that lies in the batch is being deleted
 *
 * A result needs no flush of its own: it goes to the disk with the next intent. A message is moved
 * by one rename, so it is in one place whatever happens; an intent without its result says that
 * only the disk knows in which. That is looked up, and put down as the result. So nothing is ever
 * undone, and nothing is done twice. The longest run of good frames counts.
 */
#ifndef RELAYLOCK_CORE_QUARANTINE_MANIFEST_H
#define RELAYLOCK_CORE_QUARANTINE_MANIFEST_H

#include "journal.h"
#include "message_head.h"

enum {
    MANIFEST_ID_SIZE = 16,       /* "20261129-082000", terminator included */
    MANIFEST_NAME_MAX = 256,     /* units of a file's name, terminator included */
    MANIFEST_PATH_MAX = 512,     /* units of a queue folder's path, likewise */
    MANIFEST_WHAT_MAX = 257,     /* units, likewise */
    MANIFEST_CHUNK_MAX = 256,    /* messages of an intent */
    MANIFEST_FILES_MAX = 100000, /* messages of a batch */
    MANIFEST_SIZE_MAX = 96 << 20 /* bytes; a larger one is refused */
};

enum manifest_why {
    MANIFEST_BY_ACCOUNT, /* of an account's clients */
    MANIFEST_BY_CLIENT,
    MANIFEST_BY_SENDER,
    MANIFEST_BY_ALL,
    MANIFEST_BY_LOCK, /* of locked accounts' clients, by QuarantineOnLock */
    MANIFEST_WHYS
};

struct manifest_batch {
    char id[MANIFEST_ID_SIZE]; /* terminated ASCII: eight digits, '-', six digits */
    int64_t time;              /* s since 1970 UTC */
    enum manifest_why why;
    char16_t what[MANIFEST_WHAT_MAX]; /* the account, client or sender; terminated, not sanitised */
    char16_t queue[MANIFEST_PATH_MAX]; /* the folder; terminated */
};

struct manifest_file {
    char16_t name[MANIFEST_NAME_MAX];              /* terminated; no separators, ends in .eml */
    uint64_t size;                                 /* bytes */
    int64_t written;                               /* s since 1970 UTC */
    int64_t came;                                  /* when the message came (queue_message_time) */
    struct message_string client, address, sender; /* as of struct message_head */
    bool received, has_sender, report;             /* likewise */
};

enum manifest_place { MANIFEST_IN_BATCH, MANIFEST_IN_QUEUE };

/* One message of a manifest that was read. */
struct manifest_entry {
    uint32_t at;   /* bytes into the manifest: its struct manifest_file, packed */
    uint8_t place; /* enum manifest_place, as of the last result */
};

struct manifest {
    struct manifest_batch batch;
    struct manifest_entry *entries; /* the caller's, room for MANIFEST_FILES_MAX */
    uint32_t count;
    bool purging;
    uint32_t open_count;               /* messages of an intent without a result; 0: none is open */
    uint32_t open[MANIFEST_CHUNK_MAX]; /* which */
    uint64_t sequence;                 /* of the next frame */
    size_t good;                       /* bytes; what lies behind is torn */
};

/* An intent being put together, as a frame. */
struct manifest_chunk {
    bool back; /* into the queue */
    uint32_t count;
    size_t size; /* bytes of payload */
    uint8_t frame[JOURNAL_HEAD_SIZE + JOURNAL_PAYLOAD_MAX];
};

/* What is kept of a message's head, and a head that says just that. */
void manifest_file_describe(struct manifest_file *file, const struct message_head *head);
void manifest_file_head(const struct manifest_file *file, struct message_head *head);

/* Whether a text is a batch's id, in form. */
bool manifest_is_id(const char *text);

/* The id of a batch of that time: s since 1970 UTC. */
void manifest_id_of(int64_t time, char id[MANIFEST_ID_SIZE]);

/* Frames. Each returns its bytes, or 0 when it does not fit or holds what would be refused. */
size_t manifest_write_batch(uint8_t *to, size_t capacity, uint64_t sequence,
                            const struct manifest_batch *batch);
size_t manifest_write_result(uint8_t *to, size_t capacity, uint64_t sequence,
                             const enum manifest_place *places, uint32_t count);
size_t manifest_write_purge(uint8_t *to, size_t capacity, uint64_t sequence);

/* An empty intent; messages are added until there is no room (false), then it becomes a frame in
 * chunk->frame, whose bytes are returned. A file that could not be read back is refused as if there
 * was no room, even by an empty chunk. */
void manifest_chunk_begin(struct manifest_chunk *chunk, bool back);
bool manifest_chunk_add_file(struct manifest_chunk *chunk, const struct manifest_file *file);
bool manifest_chunk_add_index(struct manifest_chunk *chunk, uint32_t index);
size_t manifest_chunk_finish(struct manifest_chunk *chunk, uint64_t sequence);

/* The next file of a chunk; *at is 0 for the first. False: there are no more. */
bool manifest_chunk_next(const struct manifest_chunk *chunk, size_t *at,
                         struct manifest_file *file);

/* Reads a manifest. manifest->entries is set; the rest is written. False when it does not begin
 * with a batch: then it tells nothing. Every value is checked; a frame that makes no sense where it
 * stands ends what is good, as a torn one does. */
bool manifest_read(struct manifest *manifest, const uint8_t *bytes, size_t size);

/* A message of it. False only when the bytes are not those that were read. */
bool manifest_file_at(const struct manifest *manifest, const uint8_t *bytes, uint32_t index,
                      struct manifest_file *file);

/* Notes that the open intent came out so: open_count places. */
void manifest_settle(struct manifest *manifest, const enum manifest_place *places);

#endif
