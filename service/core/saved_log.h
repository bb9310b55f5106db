/* saved_log.h: walks the records of a saved classic event log (.evt), of any size, through a
 * window.
 *
 * Format: learn.microsoft.com event-log-file-format (ELF_LOGFILE_HEADER, ELF_EOF_RECORD). Behind a
 * header of 48 bytes the file is a ring: records follow each other, the newest is followed by an
 * end-of-file record of 40 bytes, and where the file ends they go on behind the header, in the
 * middle of a record if need be (unless fewer than 56 bytes are left: these are filled with 0x27).
 *
 * The header of a copied live log is stale, so that it is only asked where the end-of-file record
 * is, and only when it claims to be clean; else that record is looked for. Without one, reading
 * starts behind the first place where record numbers fall. Whatever is no record is searched for
 * the next record's signature, byte by byte: bytes that were lost or put in shift all that follows.
 * A header that is damaged, or lacks its first bytes, is passed over like that if a record follows.
 *
 * Every byte is read once, but where the end-of-file record must be looked for (then once more), or
 * where false claims are held against the file (4 bytes for each); without a header the beginning
 * is, too.
 */
#ifndef RELAYLOCK_CORE_SAVED_LOG_H
#define RELAYLOCK_CORE_SAVED_LOG_H

#include "event_shape.h"

enum {
    SAVED_LOG_HEADER_SIZE = 48,
    SAVED_LOG_END_SIZE = 40,        /* of the end-of-file record */
    SAVED_LOG_RECORD_MAX = 0x40000, /* bytes; larger claims are damage */
    SAVED_LOG_WINDOW_SIZE = SAVED_LOG_RECORD_MAX
};

/* Where a log's bytes come from. read copies size bytes from offset on, all of which lie within the
 * file; false when it cannot, for reasons that its owner knows. */
struct saved_log_file {
    uint64_t size;
    bool (*read)(void *context, uint64_t offset, void *to, size_t size);
    void *context;
};

struct saved_log {
    struct saved_log_file file;
    uint64_t base;      /* bytes of the header; fewer than it has when the first are missing */
    uint64_t ring;      /* bytes behind the header */
    uint64_t start;     /* the stretch of the ring that holds the records: where it starts, in bytes
                           behind the header ... */
    uint64_t length;    /* ... and how long it is */
    uint64_t at;        /* the next record, in bytes from there */
    uint64_t last;      /* the one handed out last */
    uint8_t *window;    /* the caller's; null: taken away */
    uint64_t window_at; /* what lies in it, in bytes from the start */
    size_t window_used;
    bool failed;         /* the file could not be read; the walk has ended */
    uint64_t skipped;    /* bytes passed over as damaged, since open */
    uint32_t damaged;    /* places where that happened */
    uint64_t damaged_at; /* offset of the first of them; UINT64_MAX without any */
    uint64_t passed;     /* bytes passed over right before the last record (or the end) ... */
    uint64_t passed_at;  /* ... and the offset where these begin */
    bool incomplete;     /* records are missing for which no bytes were passed over: the file has no
                            end-of-file record, the oldest is not where that one says, or numbers
                            leave a gap */
    bool started;        /* a record was handed out ... */
    uint32_t expected;   /* ... and this number follows it */
    bool counted;        /* the end-of-file record says ... */
    uint32_t next_number; /* ... which number the next record would have had */
};

/* Starts at the oldest record. window: SAVED_LOG_WINDOW_SIZE bytes, aligned to 8, owned by the
 * caller, needed until the walk ends or the window is taken away. False when the file has
 * neither the header of an event log nor a record, or cannot be read; *log then is untouched. */
bool saved_log_open(struct saved_log *log, const struct saved_log_file *file, void *window);

/* The next record, oldest first. Damaged stretches are passed over and counted. False at the end,
 * or when the file could not be read any further. The record's views hold until the next call. */
bool saved_log_next(struct saved_log *log, struct event_record *record);

/* The next records, at most `most`, as far as they lie right here and whole in the window: then the
 * views of the records before them hold as well. Returns how many; 0 when it takes saved_log_next
 * to tell what is here. */
size_t saved_log_next_beside(struct saved_log *log, struct event_shapes *shapes,
                             struct event_found *found, size_t most);

/* Takes the window away, for others to use, and gives the walk one again. */
void saved_log_take_window(struct saved_log *log);
void saved_log_give_window(struct saved_log *log, void *window);

#endif
