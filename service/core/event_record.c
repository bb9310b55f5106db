#include "event_record.h"

#include "bytes.h"

/* Offsets of the fields of EVENTLOGRECORD. */
enum {
    AT_LENGTH = 0,
    AT_SIGNATURE = 4,
    AT_NUMBER = 8,
    AT_GENERATED = 12,
    AT_WRITTEN = 16,
    AT_EVENT_ID = 20,
    AT_TYPE = 24,
    AT_STRING_COUNT = 26,
    AT_CATEGORY = 28,
    AT_STRING_OFFSET = 36,
    AT_SID_SIZE = 40,
    AT_SID_OFFSET = 44,
    AT_DATA_SIZE = 48,
    AT_DATA_OFFSET = 52,
    AT_SOURCE = 56
};

/* The terminated text at `at`, of at most `most` units, which must end before end. Returns what
 * lies behind its terminator, or null. */
static inline const uint8_t *read_text(const uint8_t *at, const uint8_t *end, size_t most,
                                       struct text *text)
{
    const char16_t *units = (const char16_t *)(const void *)at; /* at is aligned to 2 */
    size_t room = (size_t)(end - at) / sizeof(char16_t);
    size_t count = 0;

    if (room > most) {
        room = most + 1;
    }
    for (; count + 4 <= room; count += 4) {
        uint64_t zeros = bytes_zero_units(bytes_u64(at + count * sizeof(char16_t)));

        if (zeros != 0) {
            count += bytes_first_zero_unit(zeros);
            *text = (struct text){units, count};
            return at + (count + 1) * sizeof(char16_t);
        }
    }
    while (count < room && units[count] != 0) {
        count++;
    }
    if (count == room) {
        return NULL;
    }
    *text = (struct text){units, count};
    return at + (count + 1) * sizeof(char16_t);
}

/* Whether a part of size bytes at offset lies between the names and the end of the content. What
 * is absent may have any offset. */
static inline bool lies_inside(uint32_t offset, uint32_t size, size_t from, size_t to)
{
    return size == 0 || (offset >= from && offset <= to && size <= to - offset);
}

/* Where a part that lies inside ends; 0 for one that is absent. */
static inline uint32_t end_of(uint32_t offset, uint32_t size)
{
    return size == 0 ? 0 : offset + size;
}

/* Length and signature: what a record must begin with. */
static inline bool has_signature(const uint8_t *bytes, uint32_t size)
{
    return bytes_u32(bytes + AT_SIGNATURE) == EVENT_RECORD_SIGNATURE &&
           size >= EVENT_RECORD_MIN_SIZE && size % 4 == 0;
}

/* The names of a record that lie before end. Returns what lies behind them, or null. */
static inline const uint8_t *read_names(const uint8_t *bytes, const uint8_t *end,
                                        struct event_record *record)
{
    const uint8_t *at = read_text(bytes + AT_SOURCE, end, EVENT_RECORD_NAME_MAX, &record->source);

    return at != NULL ? read_text(at, end, EVENT_RECORD_NAME_MAX, &record->computer) : NULL;
}

/* Takes the strings of a record of which all is right, up to the data or the end. */
static inline void take_strings(const uint8_t *bytes, struct event_record *record)
{
    uint32_t content = record->size - (uint32_t)sizeof(uint32_t);
    uint32_t strings = bytes_u32(bytes + AT_STRING_OFFSET);
    uint32_t data = bytes_u32(bytes + AT_DATA_OFFSET);

    record->end = bytes + content;
    if (record->string_count == 0) {
        record->strings = record->end;
        record->strings_size = 0;
        return;
    }
    record->strings = bytes + strings;
    record->strings_size = (data > strings && data <= content ? data : content) - strings;
}

/* Takes the rest of a record of which length, signature and names are right. */
static inline enum event_record_status read_rest(const uint8_t *bytes, const uint8_t *names_end,
                                                 struct event_record *record)
{
    size_t content = record->size - sizeof(uint32_t);
    size_t names = (size_t)(names_end - bytes);
    uint32_t strings = bytes_u32(bytes + AT_STRING_OFFSET);
    uint32_t sid = bytes_u32(bytes + AT_SID_OFFSET), sid_size = bytes_u32(bytes + AT_SID_SIZE);

    record->string_count = bytes_u16(bytes + AT_STRING_COUNT);
    /* Each string has at least its terminator. */
    uint32_t strings_least = record->string_count * (uint32_t)sizeof(char16_t);

    if (!lies_inside(strings, strings_least, names, content) ||
        (record->string_count > 0 && strings % sizeof(char16_t) != 0) ||
        !lies_inside(sid, sid_size, names, content) ||
        !lies_inside(bytes_u32(bytes + AT_DATA_OFFSET), bytes_u32(bytes + AT_DATA_SIZE), names,
                     content)) {
        return EVENT_RECORD_DAMAGED;
    }
    take_strings(bytes, record);
    record->parts_end = end_of(strings, strings_least);
    if (record->parts_end < end_of(sid, sid_size)) {
        record->parts_end = end_of(sid, sid_size);
    }
    record->number = bytes_u32(bytes + AT_NUMBER);
    record->generated = bytes_u32(bytes + AT_GENERATED);
    record->written = bytes_u32(bytes + AT_WRITTEN);
    record->event_id = bytes_u32(bytes + AT_EVENT_ID);
    record->type = bytes_u16(bytes + AT_TYPE);
    record->category = bytes_u16(bytes + AT_CATEGORY);
    return EVENT_RECORD_OK;
}

/* Whether a whole record may start here, by its length at both ends and its signature. */
static inline enum event_record_status check_frame(const uint8_t *bytes, size_t size)
{
    if (size < AT_NUMBER) {
        return EVENT_RECORD_SHORT;
    }
    uint32_t claimed = bytes_u32(bytes + AT_LENGTH);

    if (!has_signature(bytes, claimed)) {
        return EVENT_RECORD_DAMAGED;
    }
    if (claimed > size) {
        return EVENT_RECORD_SHORT;
    }
    return bytes_u32(bytes + claimed - sizeof claimed) == claimed ? EVENT_RECORD_OK
                                                                  : EVENT_RECORD_DAMAGED;
}

/* Whether a whole record has all from the event id to the offset of the SID, and the names, in
 * common with another, whose first byte is at `beside`, and its parts lie inside. */
static inline bool is_alike(const uint8_t *bytes, const uint8_t *beside,
                            const struct event_record *other)
{
    uint32_t names =
        (uint32_t)((other->source.count + other->computer.count + 2) * sizeof(char16_t));
    uint32_t content = bytes_u32(bytes + AT_LENGTH) - (uint32_t)sizeof(uint32_t);

    return content >= other->parts_end && content >= AT_SOURCE + names &&
           bytes_equal(bytes + AT_EVENT_ID, beside + AT_EVENT_ID, AT_DATA_SIZE - AT_EVENT_ID) &&
           bytes_equal(bytes + AT_SOURCE, beside + AT_SOURCE, names) &&
           lies_inside(bytes_u32(bytes + AT_DATA_OFFSET), bytes_u32(bytes + AT_DATA_SIZE),
                       AT_SOURCE + names, content);
}

uint32_t event_record_peek_id(const uint8_t *bytes)
{
    return bytes_u32(bytes + AT_EVENT_ID);
}

enum event_record_status event_record_decode_next(const uint8_t *bytes, size_t size,
                                                  struct event_record *record, bool *alike)
{
    enum event_record_status status = check_frame(bytes, size);

    *alike = false;
    if (status != EVENT_RECORD_OK) {
        return status;
    }
    if (record->size == 0 ||
        !is_alike(bytes, record->end + sizeof(uint32_t) - record->size, record)) {
        return event_record_decode_head(bytes, size, record);
    }
    *alike = true;
    record->size = bytes_u32(bytes + AT_LENGTH);
    record->number = bytes_u32(bytes + AT_NUMBER);
    record->generated = bytes_u32(bytes + AT_GENERATED);
    record->written = bytes_u32(bytes + AT_WRITTEN);
    record->source.at = (const char16_t *)(const void *)(bytes + AT_SOURCE);
    record->computer.at = record->source.at + record->source.count + 1;
    take_strings(bytes, record);
    return EVENT_RECORD_OK;
}

enum event_record_status event_record_decode(const uint8_t *bytes, size_t size,
                                             struct event_record *record)
{
    enum event_record_status status = check_frame(bytes, size);

    return status == EVENT_RECORD_OK ? event_record_decode_head(bytes, size, record) : status;
}

enum event_record_status event_record_decode_head(const uint8_t *bytes, size_t size,
                                                  struct event_record *record)
{
    struct event_record found;

    if (size < EVENT_RECORD_FIXED_SIZE) {
        return EVENT_RECORD_SHORT;
    }
    found.size = bytes_u32(bytes + AT_LENGTH);
    if (!has_signature(bytes, found.size)) {
        return EVENT_RECORD_DAMAGED;
    }
    size_t content = found.size - sizeof(uint32_t);
    const uint8_t *names_end = read_names(bytes, bytes + (content < size ? content : size), &found);

    if (names_end == NULL) {
        return size < content && size < EVENT_RECORD_HEAD_MAX ? EVENT_RECORD_SHORT
                                                              : EVENT_RECORD_DAMAGED;
    }
    enum event_record_status status = read_rest(bytes, names_end, &found);

    if (status == EVENT_RECORD_OK) {
        *record = found;
    }
    return status;
}

bool event_record_string(const struct event_record *record, uint32_t index, struct text *string)
{
    const uint8_t *at = record->strings;
    struct text found = {NULL, 0};

    if (index >= record->string_count) {
        return false;
    }
    for (uint32_t i = 0; i <= index; i++) {
        at = read_text(at, record->end, SIZE_MAX - 1, &found);
        if (at == NULL) {
            return false;
        }
    }
    *string = found;
    return true;
}

bool event_record_matches(const struct event_record *record,
                          const struct event_record_filter *filter)
{
    /* The cheap questions first: most records of a busy log are of other providers. */
    return (record->event_id & 0xffff) == filter->event_id &&
           record->source.count == filter->provider.count &&
           (text_equal(record->source, filter->provider) ||
            text_equal_fold(record->source, filter->provider));
}

bool event_record_to_relay_event(const struct event_record *record, struct relay_event *event)
{
    struct text *strings[] = {&event->client, &event->method, &event->account};
    const uint8_t *at = record->strings;

    event->record = record->number;
    event->time = record->generated;
    event->origin = record->computer;
    event->client = event->method = event->account = (struct text){NULL, 0};
    for (uint32_t i = 0; i < 3; i++) {
        if (i >= record->string_count ||
            (at = read_text(at, record->end, SIZE_MAX - 1, strings[i])) == NULL) {
            return false;
        }
    }
    /* Terminated as they are, they hold no NUL. */
    return relay_event_within_bounds(event);
}
