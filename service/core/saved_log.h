/* saved_log.h: walks the records of a saved classic event log (.evt) held in memory.
 *
 * Format: learn.microsoft.com event-log-file-format (ELF_LOGFILE_HEADER, ELF_EOF_RECORD). Behind a
 * header of 48 bytes the file is a ring: records follow each other, the newest is followed by an
 * end-of-file record of 40 bytes, and where the file ends they go on behind the header, in the
 * middle of a record if need be (unless fewer than 56 bytes are left: these are filled with 0x27).
 *
 * The header of a copied live log is stale, so that it is only asked where the end-of-file record
 * is, and only when it claims to be clean; else that record is looked for. Without one, reading
 * starts behind the first place where record numbers fall. Whatever is no record is searched for
 * the next record's signature on 4-byte boundaries.
 */
#ifndef RELAYLOCK_CORE_SAVED_LOG_H
#define RELAYLOCK_CORE_SAVED_LOG_H

#include "event_record.h"

enum {
    SAVED_LOG_HEADER_SIZE = 48,
    SAVED_LOG_END_SIZE = 40,       /* of the end-of-file record */
    SAVED_LOG_RECORD_MAX = 0x40000 /* bytes; larger claims are damage */
};

struct saved_log {
    const uint8_t *bytes; /* the file; owned by the caller, aligned to 4 */
    size_t size;          /* in whole words of 4 bytes */
    size_t next;          /* offset of the next record to hand out */
    size_t end;           /* offset where reading ends */
    bool wrapped;         /* before it does, reading continues behind the header */
    uint64_t skipped;     /* bytes passed over as damaged, since open */
    uint32_t damaged;     /* places where that happened */
    size_t damaged_at;    /* offset of the first of them; SIZE_MAX without any */
    bool incomplete;   /* records are missing for which no bytes were passed over: the file has no
                          end-of-file record, the oldest is not where that one says, or numbers
                          leave a gap */
    bool started;      /* a record was handed out ... */
    uint32_t expected; /* ... and this number follows it */
    uint8_t *joint;    /* caller's buffer for the one record that lies across the file's end */
};

/* Starts at the oldest record. joint: SAVED_LOG_RECORD_MAX bytes, aligned to 4, owned by the
 * caller, needed until the walk ends. False when bytes do not start with the header of an event
 * log; *log then is untouched. */
bool saved_log_open(struct saved_log *log, const void *bytes, size_t size, void *joint);

/* The next record, oldest first. Damaged stretches are passed over and counted. False at the end.
 * The record's views hold until the next call. */
bool saved_log_next(struct saved_log *log, struct event_record *record);

#endif
