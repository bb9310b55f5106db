/* event_layout.h: the layout of EVENTLOGRECORD; for the event_*.c files only. */
#ifndef RELAYLOCK_CORE_EVENT_LAYOUT_H
#define RELAYLOCK_CORE_EVENT_LAYOUT_H

#include "bytes.h"
#include "event_record.h"

/* Offsets of the fields of EVENTLOGRECORD. */
enum {
    EVENT_AT_LENGTH = 0,
    EVENT_AT_SIGNATURE = 4,
    EVENT_AT_NUMBER = 8,
    EVENT_AT_GENERATED = 12,
    EVENT_AT_WRITTEN = 16,
    EVENT_AT_EVENT_ID = 20,
    EVENT_AT_TYPE = 24,
    EVENT_AT_STRING_COUNT = 26,
    EVENT_AT_CATEGORY = 28,
    EVENT_AT_STRING_OFFSET = 36,
    EVENT_AT_SID_SIZE = 40,
    EVENT_AT_SID_OFFSET = 44,
    EVENT_AT_DATA_SIZE = 48,
    EVENT_AT_DATA_OFFSET = 52,
    EVENT_AT_SOURCE = 56
};

/* Whether a part of size bytes at offset lies between the names and the end of the content. What
 * is absent may have any offset. */
static inline bool event_lies_inside(uint32_t offset, uint32_t size, size_t from, size_t to)
{
    return size == 0 || (offset >= from && offset <= to && size <= to - offset);
}

/* Length and signature: what a record must begin with. */
static inline bool event_has_signature(const uint8_t *bytes, uint32_t size)
{
    return bytes_u32(bytes + EVENT_AT_SIGNATURE) == EVENT_RECORD_SIGNATURE &&
           size >= EVENT_RECORD_MIN_SIZE && size % 4 == 0;
}

/* Whether a whole record may start here, by its length at both ends and its signature. */
static inline enum event_record_status event_check_frame(const uint8_t *bytes, size_t size)
{
    if (size < EVENT_AT_NUMBER) {
        return EVENT_RECORD_SHORT;
    }
    uint32_t claimed = bytes_u32(bytes + EVENT_AT_LENGTH);

    if (!event_has_signature(bytes, claimed)) {
        return EVENT_RECORD_DAMAGED;
    }
    if (claimed > size) {
        return EVENT_RECORD_SHORT;
    }
    return bytes_u32(bytes + claimed - sizeof claimed) == claimed ? EVENT_RECORD_OK
                                                                  : EVENT_RECORD_DAMAGED;
}

/* Takes the strings of a record of which all is right, up to the data or the end. */
static inline void event_take_strings(const uint8_t *bytes, struct event_record *record)
{
    uint32_t content = record->size - (uint32_t)sizeof(uint32_t);
    uint32_t strings = bytes_u32(bytes + EVENT_AT_STRING_OFFSET);
    uint32_t data = bytes_u32(bytes + EVENT_AT_DATA_OFFSET);

    record->end = bytes + content;
    if (record->string_count == 0) {
        record->strings = record->end;
        record->strings_size = 0;
        return;
    }
    record->strings = bytes + strings;
    record->strings_size = (data > strings && data <= content ? data : content) - strings;
}

#endif
