/* journal.h: the bytes of the journal: frames, one behind the other, each whole or not there.
 *
 * A frame: signature "RLJ1" (the format's version is part of it), kind, bytes of payload (4 bytes
 * each), sequence number (8), CRC-32C (4; RFC 3720 B.4) over all of the frame but itself; then the
 * payload. Little-endian. The sequence goes up by one from frame to frame; the first of a file may
 * have any. What a kind's payload means is up to incident_book.h; here it is bytes.
 *
 * A power failure may leave the end torn: reading takes the longest run of good frames from the
 * start, and what follows is set aside, never guessed at. A frame of a kind that is not known is
 * good (a newer program wrote it) and is kept by nobody.
 */
#ifndef RELAYLOCK_CORE_JOURNAL_H
#define RELAYLOCK_CORE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    JOURNAL_HEAD_SIZE = 24,            /* bytes before the payload */
    JOURNAL_PAYLOAD_MAX = 65536,       /* bytes */
    JOURNAL_FILE_MAX = 8 * 1024 * 1024 /* bytes of all of it; a larger one is refused */
};

enum journal_kind {
    JOURNAL_INCIDENT = 1, /* an incident, whole: replaces what was there under its id */
    JOURNAL_RESTART = 2,  /* the restart of SMTP that is under way, and those of the last hour */
    JOURNAL_POSITION = 3, /* where reading stands, and the steady clock */
    JOURNAL_OUTLOOK = 4   /* what was said of blindness and of the day (outlook) */
};

struct journal_frame {
    uint16_t kind;
    uint64_t sequence;
    const uint8_t *payload; /* a view into the bytes read */
    uint32_t size;          /* of the payload, bytes */
};

/* Writes a frame into to (capacity bytes). Returns its size, or 0 when it does not fit or size is
 * over JOURNAL_PAYLOAD_MAX; *to is then as it was. The payload may lie in its place behind the head
 * already, at to + JOURNAL_HEAD_SIZE. */
size_t journal_write(uint8_t *to, size_t capacity, uint16_t kind, uint64_t sequence,
                     const void *payload, uint32_t size);

/* A walk through the bytes of a journal. Zeroed but for bytes and size: at the start. */
struct journal_reader {
    const uint8_t *bytes;
    size_t size;
    size_t at;       /* behind the last good frame */
    uint64_t next;   /* the sequence number that must follow; meaningless at the start */
    uint64_t frames; /* good ones so far */
};

/* The next good frame. False at the end of the good ones; reader->at == reader->size then says that
 * nothing is torn. */
bool journal_next(struct journal_reader *reader, struct journal_frame *frame);

#endif
