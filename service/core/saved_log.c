#include "saved_log_ring.h"

static const uint32_t filler = 0x27; /* words of it fill what is left of the file where no record
                                        could begin */

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
    return log->base + ring_behind(log, log->start, at);
}

/* The next position at which a record may start, or the filler. */
static uint64_t next_place(struct saved_log *log)
{
    uint64_t straight = log->ring - ring_behind(log, log->start, log->at), end = log->length;

    if (straight < log->length - log->at) {
        if (straight < EVENT_RECORD_FIXED_SIZE) {
            return log->at + 1;
        }
        end = log->at + straight - EVENT_RECORD_FIXED_SIZE + 1;
    }
    return ring_next_claim(log, log->at, end);
}

static void pass_over(struct saved_log *log, uint64_t to)
{
    if (log->passed == 0) {
        log->passed_at = offset_of(log, log->at);
        if (log->damaged++ == 0) {
            log->damaged_at = log->passed_at;
        }
    }
    log->passed += to - log->at;
    log->skipped += to - log->at;
    log->at = to;
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
            continue;
        }
        uint64_t next = next_place(log);

        if (!log->failed) {
            pass_over(log, next);
        }
    }
    return false;
}

size_t saved_log_next_beside(struct saved_log *log, struct event_shapes *shapes,
                             struct event_found *found, size_t most)
{
    uint64_t from = log->at - log->window_at;

    if (log->at < log->window_at || from >= log->window_used || ring_is_odd(log, log->at)) {
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
