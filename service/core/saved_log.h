/* saved_log.h: walks the records of a saved classic event log (.evt) held in memory.
 *
 * Format: learn.microsoft.com event-log-file-format (ELF_LOGFILE_HEADER, ELF_EOF_RECORD). The
 * header of a copied live log is stale; the end-of-file record is believed before it, and when
 * neither helps, the file is scanned for record signatures, on 4-byte boundaries, from its start.
 */
#ifndef RELAYLOCK_CORE_SAVED_LOG_H
#define RELAYLOCK_CORE_SAVED_LOG_H

#include "event_record.h"

enum { SAVED_LOG_RECORD_MAX = 0x10000 * 4 }; /* larger claims are damage */

struct saved_log {
    const uint8_t *bytes; /* the file; owned by the caller, aligned to 4 */
    size_t size;
    size_t oldest;    /* offset of the oldest record */
    size_t next;      /* offset of the next record to hand out */
    size_t end;       /* offset where reading ends */
    bool wrapped;     /* reading continues at the file's start */
    uint64_t skipped; /* bytes passed over as damaged, since open */
    uint32_t damaged; /* places where that happened */
    uint8_t *joint;   /* caller's buffer for the one record that lies across the file's end */
    size_t joint_size;
};

/* Starts at the oldest record. joint: SAVED_LOG_RECORD_MAX bytes, aligned to 4, owned by the
 * caller, needed until the walk ends. False when bytes do not start with the header of an event
 * log; *log then is untouched. */
bool saved_log_open(struct saved_log *log, const void *bytes, size_t size, void *joint);

/* The next record, oldest first. Damaged stretches are passed over and counted. False at the end.
 * The record's views hold until the next call. */
bool saved_log_next(struct saved_log *log, struct event_record *record);

#endif
