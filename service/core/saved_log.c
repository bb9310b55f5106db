#include "saved_log.h"

#include <string.h>

#include "bytes.h"

enum {
    /* Offsets of the header's fields. */
    HEADER_AT_SIGNATURE = 4,
    HEADER_AT_END = 20,
    HEADER_AT_FLAGS = 36,
    HEADER_DIRTY = 1,

    /* Of the end-of-file record's. */
    END_AT_BEGIN = 20, /* offset of the oldest record */
    END_AT_END = 24,   /* offset of this record */
    END_AT_OLDEST = 32,
    END_AT_SIZE = 36,

    FILLER = 0x27 /* words of it fill what is left of the file where no record could begin */
};

static const uint32_t end_signature[] = {SAVED_LOG_END_SIZE, 0x11111111, 0x22222222, 0x33333333,
                                         0x44444444};

/* ---- the ring ------------------------------------------------------------------------------- */

/* Where the byte `distance` behind offset lies; distance is less than the ring is long. */
static size_t ring_behind(const struct saved_log *log, size_t offset, size_t distance)
{
    return distance < log->size - offset
               ? offset + distance
               : SAVED_LOG_HEADER_SIZE + (distance - (log->size - offset));
}

static uint32_t ring_word(const struct saved_log *log, size_t offset, size_t distance)
{
    return bytes_u32(log->bytes + ring_behind(log, offset, distance));
}

/* Copies the bytes from..to of what starts at offset to the same place in the joint buffer. */
static void join(const struct saved_log *log, size_t offset, size_t from, size_t to)
{
    size_t straight = log->size - offset;

    if (from < straight) {
        size_t here = to < straight ? to : straight;

        memcpy(log->joint + from, log->bytes + offset + from, here - from);
        from = here;
    }
    if (from < to) {
        memcpy(log->joint + from, log->bytes + SAVED_LOG_HEADER_SIZE + (from - straight),
               to - from);
    }
}

/* The record of size bytes at offset, across the file's end, put together in the joint buffer. What
 * the decoder looks at is copied first: a file may claim such a record on every few of its last
 * bytes, and most of them are not worth a copy of the whole. */
static bool joint_record(const struct saved_log *log, size_t offset, size_t size,
                         struct event_record *record)
{
    const size_t looked_at =
        EVENT_RECORD_FIXED_SIZE + 2 * (EVENT_RECORD_NAME_MAX + 1) * sizeof(char16_t);
    size_t tail = size - sizeof(uint32_t);
    size_t head = tail < looked_at ? tail : looked_at;

    if (ring_word(log, offset, 4) != EVENT_RECORD_SIGNATURE ||
        ring_word(log, offset, tail) != size) {
        return false;
    }
    join(log, offset, 0, head);
    join(log, offset, tail, size);
    if (event_record_decode(log->joint, size, record) != EVENT_RECORD_OK) {
        return false;
    }
    join(log, offset, head, tail);
    return true;
}

/* The record at offset, whole within the file or, if `across` bytes behind the header may belong
 * to it, across the file's end. The latter is put together in the joint buffer. */
static bool record_at(const struct saved_log *log, size_t offset, size_t across,
                      struct event_record *record)
{
    size_t straight = log->size - offset;
    enum event_record_status status = event_record_decode(log->bytes + offset, straight, record);

    if (status != EVENT_RECORD_SHORT) {
        return status == EVENT_RECORD_OK && record->size <= SAVED_LOG_RECORD_MAX;
    }
    size_t size = bytes_u32(log->bytes + offset);

    return size >= EVENT_RECORD_MIN_SIZE && size <= SAVED_LOG_RECORD_MAX && size % 4 == 0 &&
           size > straight && size - straight <= across && joint_record(log, offset, size, record);
}

/* ---- finding the end ------------------------------------------------------------------------ */

static bool is_end_record(const struct saved_log *log, size_t offset)
{
    if (log->size - SAVED_LOG_HEADER_SIZE < SAVED_LOG_END_SIZE) {
        return false;
    }
    for (size_t i = 0; i < sizeof end_signature / sizeof end_signature[0]; i++) {
        if (ring_word(log, offset, 4 * i) != end_signature[i]) {
            return false;
        }
    }
    return ring_word(log, offset, END_AT_SIZE) == SAVED_LOG_END_SIZE;
}

/* Whether it also says where it is, as no copy of one in a record's data can by chance. */
static bool is_own_end_record(const struct saved_log *log, size_t offset)
{
    return is_end_record(log, offset) && ring_word(log, offset, END_AT_END) == offset;
}

/* What a walk over the whole file saw. Offsets are SIZE_MAX where there is no such thing. */
struct survey {
    size_t end_record;
    size_t fall;        /* the first record with a lower number than the one before it ... */
    size_t before_fall; /* ... and where that one ended */
};

static struct survey survey_file(const struct saved_log *log)
{
    struct survey survey = {SIZE_MAX, SIZE_MAX, SIZE_MAX};
    struct event_record record;
    uint32_t previous = 0;
    size_t previous_end = 0; /* 0 before the first record */
    size_t offset = SAVED_LOG_HEADER_SIZE;

    while (offset < log->size) {
        if (!record_at(log, offset, 0, &record)) {
            if (is_own_end_record(log, offset)) {
                survey.end_record = offset;
                break;
            }
            if (survey.end_record == SIZE_MAX && is_end_record(log, offset)) {
                survey.end_record = offset; /* unless a better one follows */
            }
            offset += 4;
            continue;
        }
        /* Numbers go on from 4294967295 with 0, so that the distance tells which is lower. */
        if (previous_end != 0 && survey.fall == SIZE_MAX &&
            record.number - previous > UINT32_MAX / 2) {
            survey.fall = offset;
            survey.before_fall = previous_end;
        }
        previous = record.number;
        offset += record.size;
        previous_end = offset;
    }
    return survey;
}

/* ---- finding the beginning ------------------------------------------------------------------ */

/* The first record from `from` on along the ring, before `end`; `end` when there is none. */
static size_t first_record(const struct saved_log *log, size_t from, size_t end)
{
    size_t across = end - SAVED_LOG_HEADER_SIZE;
    struct event_record record;

    if (from > end) {
        for (; from < log->size; from += 4) {
            if (record_at(log, from, across, &record)) {
                return from;
            }
        }
        from = SAVED_LOG_HEADER_SIZE;
    }
    for (; from < end; from += 4) {
        if (record_at(log, from, 0, &record)) {
            return from;
        }
    }
    return end;
}

/* Bytes from one offset forwards to another along the ring. */
static size_t ring_distance(const struct saved_log *log, size_t from, size_t to)
{
    return to >= from ? to - from : (log->size - from) + (to - SAVED_LOG_HEADER_SIZE);
}

/* Where the oldest record starts, or should start, given the end-of-file record at end. Its own
 * word is taken when the record is there, or when it points into the unreadable stretch before the
 * first record: then the oldest is damaged, and the walk will say so. */
static size_t oldest_record(const struct saved_log *log, size_t end)
{
    size_t begin = ring_word(log, end, END_AT_BEGIN);
    bool possible = begin >= SAVED_LOG_HEADER_SIZE && begin < log->size && begin % 4 == 0;
    struct event_record record;

    if (possible && record_at(log, begin, end - SAVED_LOG_HEADER_SIZE, &record) &&
        record.number == ring_word(log, end, END_AT_OLDEST)) {
        return begin;
    }
    size_t behind = ring_behind(log, end, SAVED_LOG_END_SIZE);
    size_t first = first_record(log, behind, end);

    return possible && ring_distance(log, behind, begin) <= ring_distance(log, behind, first)
               ? begin
               : first;
}

bool saved_log_open(struct saved_log *log, const void *bytes, size_t size, void *joint)
{
    const uint8_t *header = bytes;
    struct saved_log opened = {
        .bytes = bytes, .size = size - size % 4, .damaged_at = SIZE_MAX, .joint = joint};

    if (size < SAVED_LOG_HEADER_SIZE || bytes_u32(header) != SAVED_LOG_HEADER_SIZE ||
        bytes_u32(header + HEADER_AT_SIGNATURE) != EVENT_RECORD_SIGNATURE) {
        return false;
    }
    struct survey survey = {.end_record = bytes_u32(header + HEADER_AT_END)};

    if ((header[HEADER_AT_FLAGS] & HEADER_DIRTY) != 0 ||
        survey.end_record < SAVED_LOG_HEADER_SIZE || survey.end_record >= opened.size ||
        survey.end_record % 4 != 0 || !is_own_end_record(&opened, survey.end_record)) {
        survey = survey_file(&opened);
    }
    if (survey.end_record != SIZE_MAX) {
        opened.end = survey.end_record;
        opened.next = oldest_record(&opened, opened.end);
        opened.wrapped = opened.next > opened.end;
        opened.incomplete = opened.next != ring_word(&opened, opened.end, END_AT_BEGIN);
    } else {
        opened.wrapped = survey.fall != SIZE_MAX;
        opened.end = opened.wrapped ? survey.before_fall : opened.size;
        opened.next = opened.wrapped ? survey.fall : SAVED_LOG_HEADER_SIZE;
        opened.incomplete = true;
    }
    *log = opened;
    return true;
}

/* ---- walking -------------------------------------------------------------------------------- */

/* Steps behind what was read or passed over. */
static void advance(struct saved_log *log, size_t bytes)
{
    size_t straight = log->size - log->next;

    if (log->wrapped && bytes >= straight) {
        log->next = SAVED_LOG_HEADER_SIZE + (bytes - straight);
        log->wrapped = false;
    } else {
        log->next += bytes;
    }
}

/* Whether the rest of the file, before reading continues at its start, is filler. */
static bool is_filler(const struct saved_log *log)
{
    size_t straight = log->size - log->next;

    return log->wrapped && straight < EVENT_RECORD_FIXED_SIZE &&
           bytes_u32(log->bytes + log->next) == FILLER;
}

bool saved_log_next(struct saved_log *log, struct event_record *record)
{
    struct event_record found;
    bool in_damage = false;

    while (log->wrapped || log->next < log->end) {
        size_t across = log->wrapped ? log->end - SAVED_LOG_HEADER_SIZE : 0;

        if (record_at(log, log->next, across, &found) &&
            (log->wrapped || found.size <= log->end - log->next)) {
            advance(log, found.size);
            if (log->started && found.number != log->expected && !in_damage) {
                log->incomplete = true;
            }
            log->started = true;
            log->expected = found.number + 1;
            *record = found;
            return true;
        }
        if (is_filler(log)) {
            advance(log, log->size - log->next);
            continue;
        }
        if (!in_damage) {
            in_damage = true;
            log->damaged++;
            if (log->damaged_at == SIZE_MAX) {
                log->damaged_at = log->next;
            }
        }
        log->skipped += 4;
        advance(log, 4);
    }
    return false;
}
