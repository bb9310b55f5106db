/* What a saved log holds where; for saved_log_ring.h. */
#include "saved_log_ring.h"

#include <string.h>

#include "bytes.h"

enum { CLAIM_SIZE = 8 /* what records and end-of-file records are looked for by */ };

bool ring_read(struct saved_log *log, uint64_t from, void *to, size_t size)
{
    uint64_t straight = log->ring - from;
    size_t here = size < straight ? size : (size_t)straight;
    const struct saved_log_file *file = &log->file;

    if (log->failed || !file->read(file->context, log->base + from, to, here) ||
        (here < size && !file->read(file->context, log->base, (uint8_t *)to + here, size - here))) {
        log->failed = true;
    }
    return !log->failed;
}

void ring_seek(struct saved_log *log, uint64_t start, uint64_t length)
{
    log->start = start;
    log->length = length;
    log->window_used = 0;
}

/* The bytes at a position, as many as are wanted unless the stretch (or the window) has fewer; *got
 * says how many there are. */
static uint8_t *look(struct saved_log *log, uint64_t at, size_t wanted, size_t *got)
{
    uint64_t left = log->length - at;
    uint64_t end = log->window_at + log->window_used;

    if (left < wanted) {
        wanted = (size_t)left;
    }
    if (at < log->window_at || at + wanted > end) {
        size_t size = left < SAVED_LOG_WINDOW_SIZE ? (size_t)left : SAVED_LOG_WINDOW_SIZE;

        log->window_at = at;
        log->window_used =
            ring_read(log, ring_behind(log, log->start, at), log->window, size) ? size : 0;
        end = at + log->window_used;
    }
    *got = (size_t)(end - at);
    return log->window + (at - log->window_at);
}

/* Whether a record may start here, or an end-of-file record: by the second word. */
static bool is_claim(const uint8_t *bytes, size_t size)
{
    if (size < CLAIM_SIZE) {
        return false;
    }
    uint32_t word = bytes_u32(bytes + CLAIM_SIZE - sizeof word);

    return word == EVENT_RECORD_SIGNATURE || word == SAVED_LOG_END_SIGNATURE;
}

uint64_t ring_next_claim(struct saved_log *log, uint64_t at, uint64_t end)
{
    while (++at < end) {
        size_t got;
        const uint8_t *bytes = look(log, at, CLAIM_SIZE, &got);

        if (got < CLAIM_SIZE) {
            return end;
        }
        if (got > end - at + CLAIM_SIZE - 1) {
            got = (size_t)(end - at) + CLAIM_SIZE - 1;
        }
        for (size_t i = 0; i + CLAIM_SIZE <= got; i++) {
            if (is_claim(bytes + i, CLAIM_SIZE)) {
                return at + i;
            }
        }
        at += got - CLAIM_SIZE;
    }
    return end;
}

uint32_t ring_word(struct saved_log *log, uint64_t at)
{
    size_t got;
    const uint8_t *bytes = look(log, at, sizeof(uint32_t), &got);

    return got >= sizeof(uint32_t) ? bytes_u32(bytes) : 0;
}

/* A record of that size which begins rightly and reaches beyond the window. A file may claim one on
 * every few bytes, and most of the claims are not worth a new window: the length at its end is
 * asked for alone. */
static bool long_record(struct saved_log *log, uint64_t at, uint32_t size,
                        struct event_record *record)
{
    uint8_t length[4];
    size_t got;

    if (size > log->length - at ||
        !ring_read(log, ring_behind(log, log->start, at + size - sizeof length), length,
                   sizeof length) ||
        bytes_u32(length) != size) {
        return false;
    }
    const uint8_t *bytes = look(log, at, size, &got);

    return event_record_decode(bytes, got, record) == EVENT_RECORD_OK;
}

/* The record at an odd address, of which the decoder would have none: it is moved down by one byte,
 * over what lies before it and was looked at. Only one that is whole is moved, so that what is no
 * record stays as it is. */
static bool move_record(uint8_t *bytes, size_t got, uint32_t size, struct event_record *record)
{
    if (bytes_u32(bytes + size - sizeof size) != size) {
        return false;
    }
    memmove(bytes - 1, bytes, size);
    return event_record_decode(bytes - 1, got, record) == EVENT_RECORD_OK;
}

/* The record at a position that is at an odd address, or reaches beyond the window. */
static bool rare_record(struct saved_log *log, uint64_t at, struct event_record *record)
{
    uint16_t head[EVENT_RECORD_HEAD_MAX / sizeof(uint16_t)]; /* at an even address */
    struct event_record begun;
    size_t got;
    uint8_t *bytes = look(log, at, EVENT_RECORD_HEAD_MAX, &got);
    size_t head_size = got < sizeof head ? got : sizeof head;

    memcpy(head, bytes, head_size);
    if (event_record_decode_head((const uint8_t *)head, head_size, &begun) != EVENT_RECORD_OK ||
        begun.size > SAVED_LOG_RECORD_MAX) {
        return false;
    }
    return begun.size > got ? long_record(log, at, begun.size, record)
                            : move_record(bytes, got, begun.size, record);
}

bool ring_record(struct saved_log *log, uint64_t at, struct event_record *record)
{
    size_t got;
    const uint8_t *bytes = look(log, at, EVENT_RECORD_HEAD_MAX, &got);

    if (ring_is_odd(log, at)) {
        return is_claim(bytes, got) && rare_record(log, at, record);
    }
    switch (event_record_decode(bytes, got, record)) {
    case EVENT_RECORD_OK:
        return record->size <= SAVED_LOG_RECORD_MAX;
    case EVENT_RECORD_SHORT:
        return rare_record(log, at, record);
    default:
        return false;
    }
}
