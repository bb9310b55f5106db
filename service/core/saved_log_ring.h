/* saved_log_ring.h: the ring that a saved log is; for the saved_log*.c files only. */
#ifndef RELAYLOCK_CORE_SAVED_LOG_RING_H
#define RELAYLOCK_CORE_SAVED_LOG_RING_H

#include "saved_log.h"

enum { SAVED_LOG_END_SIGNATURE = 0x11111111 /* the second word of the end-of-file record */ };

/* The place `distance` behind `from`, both in bytes behind the header; distance is at most the
 * ring's length. */
static inline uint64_t ring_behind(const struct saved_log *log, uint64_t from, uint64_t distance)
{
    return distance < log->ring - from ? from + distance : distance - (log->ring - from);
}

/* Bytes from one place forwards to another along the ring. */
static inline uint64_t ring_distance(const struct saved_log *log, uint64_t from, uint64_t to)
{
    return to >= from ? to - from : log->ring - from + to;
}

/* Whether a position lies at an odd address of the window, where no record can be decoded. */
static inline bool ring_is_odd(const struct saved_log *log, uint64_t at)
{
    return (at - log->window_at) % 2 != 0;
}

/* Copies size bytes (no more than the ring has) from a place on along the ring. */
bool ring_read(struct saved_log *log, uint64_t from, void *to, size_t size);

/* Goes to a stretch of the ring. */
void ring_seek(struct saved_log *log, uint64_t start, uint64_t length);

/* The word at a position in the stretch; 0 beyond it. */
uint32_t ring_word(struct saved_log *log, uint64_t at);

/* The next position behind one at which a record or the end-of-file record may start, by its second
 * word; end, which lies in the stretch or is its length, when there is none before. */
uint64_t ring_next_claim(struct saved_log *log, uint64_t at, uint64_t end);

/* The record at a position in the stretch, if there is one, whole. Its views hold until the next
 * call of any of these, and what lies before it in the window may not be asked for again. */
bool ring_record(struct saved_log *log, uint64_t at, struct event_record *record);

#endif
