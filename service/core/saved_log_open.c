/* Where the records of a saved log begin and end. Places are in bytes behind the header. */
#include "saved_log_ring.h"

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
    END_AT_NEXT = 28,  /* number of the record that would follow */
    END_AT_OLDEST = 32,
    END_AT_SIZE = 36
};

static const uint64_t nowhere = UINT64_MAX;
static const uint32_t end_signature[] = {SAVED_LOG_END_SIZE, SAVED_LOG_END_SIGNATURE, 0x22222222,
                                         0x33333333, 0x44444444};

/* ---- the end -------------------------------------------------------------------------------- */

static bool read_end_record(struct saved_log *log, uint64_t from, uint8_t end[SAVED_LOG_END_SIZE])
{
    if (log->ring < SAVED_LOG_END_SIZE || !ring_read(log, from, end, SAVED_LOG_END_SIZE)) {
        return false;
    }
    for (size_t i = 0; i < sizeof end_signature / sizeof end_signature[0]; i++) {
        if (bytes_u32(end + 4 * i) != end_signature[i]) {
            return false;
        }
    }
    return bytes_u32(end + END_AT_SIZE) == SAVED_LOG_END_SIZE;
}

/* Whether it also says where it is, as no copy of one in a record's data can by chance. */
static bool is_own(const uint8_t end[SAVED_LOG_END_SIZE], uint64_t from)
{
    return bytes_u32(end + END_AT_END) == SAVED_LOG_HEADER_SIZE + from;
}

/* What a walk over the whole file saw. */
struct survey {
    uint64_t end_record;
    uint64_t fall;        /* the first record with a lower number than the one before it ... */
    uint64_t before_fall; /* ... and where that one ended */
};

static struct survey survey_file(struct saved_log *log)
{
    struct survey survey = {nowhere, nowhere, nowhere};
    struct event_record record;
    uint8_t end[SAVED_LOG_END_SIZE];
    uint32_t previous = 0;
    uint64_t previous_end = 0; /* 0 before the first record */
    uint64_t at = 0;

    ring_seek(log, 0, log->ring);
    while (at < log->ring && !log->failed) {
        if (!ring_record(log, at, &record)) {
            if (ring_word(log, at) == SAVED_LOG_END_SIZE && read_end_record(log, at, end)) {
                if (is_own(end, at)) {
                    survey.end_record = at;
                    break;
                }
                if (survey.end_record == nowhere) {
                    survey.end_record = at; /* unless a better one follows */
                }
            }
            at = ring_next_claim(log, at, log->ring);
            continue;
        }
        /* Numbers go on from 4294967295 with 0, so that the distance tells which is lower. */
        if (previous_end != 0 && survey.fall == nowhere &&
            record.number - previous > UINT32_MAX / 2) {
            survey.fall = at;
            survey.before_fall = previous_end;
        }
        previous = record.number;
        at += record.size;
        previous_end = at;
    }
    return survey;
}

/* ---- the beginning -------------------------------------------------------------------------- */

/* Where the first record lies, from `from` on along the ring, before `to`; `to` without any. */
static uint64_t first_record(struct saved_log *log, uint64_t from, uint64_t to)
{
    struct event_record record;

    ring_seek(log, from, ring_distance(log, from, to));
    for (uint64_t at = 0; at < log->length && !log->failed;
         at = ring_next_claim(log, at, log->length)) {
        if (ring_record(log, at, &record)) {
            return ring_behind(log, from, at);
        }
    }
    return to;
}

/* Where the oldest record starts, or should start, given the end-of-file record, which lies at
 * `to`. Its own word is taken when the record is there, or when it points into the unreadable
 * stretch before the first record: then the oldest is damaged, and the walk will say so. */
static uint64_t oldest_record(struct saved_log *log, const uint8_t end[SAVED_LOG_END_SIZE],
                              uint64_t to)
{
    uint64_t begin = (uint64_t)bytes_u32(end + END_AT_BEGIN) - SAVED_LOG_HEADER_SIZE;
    bool possible = begin < log->ring && begin % 4 == 0;
    struct event_record record;

    if (possible) {
        ring_seek(log, begin, ring_distance(log, begin, to));
        if (log->length > 0 && ring_record(log, 0, &record) &&
            record.number == bytes_u32(end + END_AT_OLDEST)) {
            return begin;
        }
    }
    uint64_t behind = ring_behind(log, to, SAVED_LOG_END_SIZE);
    uint64_t first = first_record(log, behind, to);

    return possible && ring_distance(log, behind, begin) <= ring_distance(log, behind, first)
               ? begin
               : first;
}

/* The place of the end-of-file record by the header's word, if that can be believed. */
static uint64_t end_by_header(struct saved_log *log, const uint8_t header[SAVED_LOG_HEADER_SIZE],
                              uint8_t end[SAVED_LOG_END_SIZE])
{
    uint64_t from = (uint64_t)bytes_u32(header + HEADER_AT_END) - SAVED_LOG_HEADER_SIZE;

    return (header[HEADER_AT_FLAGS] & HEADER_DIRTY) == 0 && from < log->ring && from % 4 == 0 &&
                   read_end_record(log, from, end) && is_own(end, from)
               ? from
               : nowhere;
}

/* header: null when there is none. */
static void find_stretch(struct saved_log *log, const uint8_t *header)
{
    uint8_t end[SAVED_LOG_END_SIZE];
    struct survey survey = {header != NULL ? end_by_header(log, header, end) : nowhere, nowhere,
                            nowhere};

    if (survey.end_record == nowhere) {
        survey = survey_file(log);
    }
    if (survey.end_record != nowhere && read_end_record(log, survey.end_record, end)) {
        uint64_t begin = oldest_record(log, end, survey.end_record);

        log->counted = true;
        log->next_number = bytes_u32(end + END_AT_NEXT);
        log->incomplete |= SAVED_LOG_HEADER_SIZE + begin != bytes_u32(end + END_AT_BEGIN);
        ring_seek(log, begin, ring_distance(log, begin, survey.end_record));
        return;
    }
    log->incomplete = true;
    if (survey.fall != nowhere) {
        ring_seek(log, survey.fall, ring_distance(log, survey.fall, survey.before_fall));
    } else {
        ring_seek(log, 0, log->ring);
    }
}

/* ---- the header ----------------------------------------------------------------------------- */

static bool is_header(const uint8_t header[SAVED_LOG_HEADER_SIZE])
{
    return bytes_u32(header) == SAVED_LOG_HEADER_SIZE &&
           bytes_u32(header + HEADER_AT_SIGNATURE) == EVENT_RECORD_SIGNATURE;
}

/* Passes over what should be the header. When the first bytes of the file are missing, records
 * start earlier than they should. */
static void pass_header(struct saved_log *log)
{
    struct event_record record;
    uint64_t at = 0;

    log->base = 0;
    log->ring = log->file.size;
    ring_seek(log, 0, log->ring);
    while (at < SAVED_LOG_HEADER_SIZE && !log->failed && !ring_record(log, at, &record)) {
        at = ring_next_claim(log, at, SAVED_LOG_HEADER_SIZE);
    }
    log->base = at;
    log->ring -= at;
    log->incomplete = at == 0;
    if (at > 0) {
        log->skipped = at;
        log->damaged = 1;
        log->damaged_at = 0;
    }
}

static bool has_record(const struct saved_log *opened)
{
    struct saved_log log = *opened;
    struct event_record record;

    return saved_log_next(&log, &record);
}

bool saved_log_open(struct saved_log *log, const struct saved_log_file *file, void *window)
{
    uint8_t header[SAVED_LOG_HEADER_SIZE];

    if (file->size < sizeof header || !file->read(file->context, 0, header, sizeof header)) {
        return false;
    }
    struct saved_log opened = {.file = *file,
                               .base = SAVED_LOG_HEADER_SIZE,
                               .ring = file->size - sizeof header,
                               .window = window,
                               .damaged_at = UINT64_MAX};
    bool headed = is_header(header);

    if (!headed) {
        pass_header(&opened);
    }
    find_stretch(&opened, headed ? header : NULL);
    if (opened.failed || (!headed && !has_record(&opened))) {
        return false;
    }
    *log = opened;
    return true;
}
