#include "saved_log_ring.h"

#include <string.h>

#include "bytes.h"

static const uint32_t filler = 0x27; /* words of it fill what is left of the file where no record
                                        could begin */

/* ---- the ring ------------------------------------------------------------------------------- */

bool ring_read(struct saved_log *log, uint64_t from, void *to, size_t size)
{
    uint64_t straight = log->ring - from;
    size_t here = size < straight ? size : (size_t)straight;
    const struct saved_log_file *file = &log->file;

    if (log->failed || !file->read(file->context, SAVED_LOG_HEADER_SIZE + from, to, here) ||
        (here < size &&
         !file->read(file->context, SAVED_LOG_HEADER_SIZE, (uint8_t *)to + here, size - here))) {
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
static const uint8_t *look(struct saved_log *log, uint64_t at, size_t wanted, size_t *got)
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

uint32_t ring_word(struct saved_log *log, uint64_t at)
{
    size_t got;
    const uint8_t *bytes = look(log, at, sizeof(uint32_t), &got);

    return got >= sizeof(uint32_t) ? bytes_u32(bytes) : 0;
}

/* A record that reaches beyond the window. A file may claim one on every few bytes, and most of the
 * claims are not worth a new window: what the decoder looks at is in this one, and the length at
 * its end is asked for alone. */
static bool long_record(struct saved_log *log, uint64_t at, struct event_record *record)
{
    uint8_t length[4];
    size_t got;
    const uint8_t *bytes = look(log, at, EVENT_RECORD_HEAD_MAX, &got);

    if (event_record_decode_head(bytes, got, record) != EVENT_RECORD_OK ||
        record->size > SAVED_LOG_RECORD_MAX || record->size > log->length - at ||
        !ring_read(log, ring_behind(log, log->start, at + record->size - sizeof length), length,
                   sizeof length) ||
        bytes_u32(length) != record->size) {
        return false;
    }
    bytes = look(log, at, record->size, &got);
    return event_record_decode(bytes, got, record) == EVENT_RECORD_OK;
}

bool ring_record(struct saved_log *log, uint64_t at, struct event_record *record)
{
    size_t got;
    const uint8_t *bytes = look(log, at, EVENT_RECORD_HEAD_MAX, &got);

    switch (event_record_decode(bytes, got, record)) {
    case EVENT_RECORD_OK:
        return record->size <= SAVED_LOG_RECORD_MAX;
    case EVENT_RECORD_SHORT:
        return long_record(log, at, record);
    default:
        return false;
    }
}

/* ---- walking -------------------------------------------------------------------------------- */

/* Bytes of filler at a position, which is followed by what lies behind the header; 0 if it is none.
 */
static uint64_t filler_at(struct saved_log *log, uint64_t at)
{
    uint64_t straight = log->ring - ring_behind(log, log->start, at);

    return straight < EVENT_RECORD_FIXED_SIZE && straight < log->length - at &&
                   ring_word(log, at) == filler
               ? straight
               : 0;
}

static uint64_t offset_of(const struct saved_log *log, uint64_t at)
{
    return SAVED_LOG_HEADER_SIZE + ring_behind(log, log->start, at);
}

static void pass_over(struct saved_log *log)
{
    if (log->passed == 0) {
        log->passed_at = offset_of(log, log->at);
        if (log->damaged++ == 0) {
            log->damaged_at = log->passed_at;
        }
    }
    log->passed += 4;
    log->skipped += 4;
    log->at += 4;
}

static void hand_out(struct saved_log *log, const struct event_record *record)
{
    log->incomplete =
        log->incomplete || (log->started && record->number != log->expected && log->passed == 0);
    log->started = true;
    log->expected = record->number + 1;
    log->at += record->size;
}

/* As hand_out, of records that follow each other. */
static void hand_out_all(struct saved_log *log, const struct event_found *found, size_t count)
{
    uint32_t expected = log->started ? log->expected : found[0].record.number;
    uint64_t size = 0;
    bool missing = false;

    for (size_t i = 0; i < count; i++) {
        missing |= found[i].record.number != expected;
        expected = found[i].record.number + 1;
        size += found[i].record.size;
    }
    log->incomplete |= missing;
    log->started = true;
    log->expected = expected;
    log->passed = 0;
    log->at += size;
}

bool saved_log_next(struct saved_log *log, struct event_record *record)
{
    struct event_record found;

    log->passed = 0;
    while (log->at < log->length && !log->failed) {
        if (ring_record(log, log->at, &found)) {
            hand_out(log, &found);
            *record = found;
            return true;
        }
        uint64_t fill = filler_at(log, log->at);

        if (fill > 0) {
            log->at += fill;
        } else if (!log->failed) {
            pass_over(log);
        }
    }
    return false;
}

size_t saved_log_next_beside(struct saved_log *log, struct event_shapes *shapes,
                             struct event_found *found, size_t most)
{
    uint64_t from = log->at - log->window_at;

    if (log->at < log->window_at || from >= log->window_used) {
        return 0;
    }
    size_t count = event_shapes_decode(shapes, log->window + from, log->window_used - (size_t)from,
                                       found, most);

    if (count > 0) {
        hand_out_all(log, found, count);
    }
    return count;
}

void saved_log_take_window(struct saved_log *log)
{
    log->window = NULL;
    log->window_used = 0;
}

void saved_log_give_window(struct saved_log *log, void *window)
{
    log->window = window;
}
