#include "event_layout.h"

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

/* Where a part that lies inside ends; 0 for one that is absent. */
static inline uint32_t end_of(uint32_t offset, uint32_t size)
{
    return size == 0 ? 0 : offset + size;
}

/* The names of a record that lie before end. Returns what lies behind them, or null. */
static inline const uint8_t *read_names(const uint8_t *bytes, const uint8_t *end,
                                        struct event_record *record)
{
    const uint8_t *at =
        read_text(bytes + EVENT_AT_SOURCE, end, EVENT_RECORD_NAME_MAX, &record->source);

    return at != NULL ? read_text(at, end, EVENT_RECORD_NAME_MAX, &record->computer) : NULL;
}

/* Takes the rest of a record of which length, signature and names are right. */
static inline enum event_record_status read_rest(const uint8_t *bytes, const uint8_t *names_end,
                                                 struct event_record *record)
{
    size_t content = record->size - sizeof(uint32_t);
    size_t names = (size_t)(names_end - bytes);
    uint32_t strings = bytes_u32(bytes + EVENT_AT_STRING_OFFSET);
    uint32_t sid = bytes_u32(bytes + EVENT_AT_SID_OFFSET),
             sid_size = bytes_u32(bytes + EVENT_AT_SID_SIZE);

    record->string_count = bytes_u16(bytes + EVENT_AT_STRING_COUNT);
    /* Each string has at least its terminator. */
    uint32_t strings_least = record->string_count * (uint32_t)sizeof(char16_t);

    if (!event_lies_inside(strings, strings_least, names, content) ||
        (record->string_count > 0 && strings % sizeof(char16_t) != 0) ||
        !event_lies_inside(sid, sid_size, names, content) ||
        !event_lies_inside(bytes_u32(bytes + EVENT_AT_DATA_OFFSET),
                           bytes_u32(bytes + EVENT_AT_DATA_SIZE), names, content)) {
        return EVENT_RECORD_DAMAGED;
    }
    event_take_strings(bytes, record);
    record->parts_end = end_of(strings, strings_least);
    if (record->parts_end < end_of(sid, sid_size)) {
        record->parts_end = end_of(sid, sid_size);
    }
    record->number = bytes_u32(bytes + EVENT_AT_NUMBER);
    record->generated = bytes_u32(bytes + EVENT_AT_GENERATED);
    record->written = bytes_u32(bytes + EVENT_AT_WRITTEN);
    record->event_id = bytes_u32(bytes + EVENT_AT_EVENT_ID);
    record->type = bytes_u16(bytes + EVENT_AT_TYPE);
    record->category = bytes_u16(bytes + EVENT_AT_CATEGORY);
    return EVENT_RECORD_OK;
}

enum event_record_status event_record_decode(const uint8_t *bytes, size_t size,
                                             struct event_record *record)
{
    enum event_record_status status = event_check_frame(bytes, size);

    return status == EVENT_RECORD_OK ? event_record_decode_head(bytes, size, record) : status;
}

enum event_record_status event_record_decode_head(const uint8_t *bytes, size_t size,
                                                  struct event_record *record)
{
    struct event_record found;

    if (size < EVENT_RECORD_FIXED_SIZE) {
        return EVENT_RECORD_SHORT;
    }
    found.size = bytes_u32(bytes + EVENT_AT_LENGTH);
    if (!event_has_signature(bytes, found.size)) {
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
