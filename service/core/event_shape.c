#include "event_shape.h"

#include <string.h>

#include "event_layout.h"

_Static_assert((int)EVENT_SHAPE_FIXED == (int)EVENT_AT_DATA_SIZE - (int)EVENT_AT_EVENT_ID,
               "from the event identifier to the offset of the SID");

void event_shapes_init(struct event_shapes *shapes, const struct event_record_filter *filter)
{
    *shapes = (struct event_shapes){.filter = *filter};
}

void event_shapes_judge(const struct event_shapes *shapes, struct event_found *found)
{
    struct event_record *record = &found->record;

    found->matches = event_record_matches(record, &shapes->filter);
    if (found->matches && !origin_counts(&shapes->filter.origins, record->computer)) {
        record->string_count = 0;
        record->strings = record->end;
        record->strings_size = 0;
    }
}

static void learn(struct event_shape *shape, const uint8_t *bytes, const struct event_found *found)
{
    const struct event_record *record = &found->record;
    size_t names_size = (record->source.count + record->computer.count + 2) * sizeof(char16_t);

    shape->names_size = 0;
    if (names_size > EVENT_SHAPE_NAMES_MAX) {
        return;
    }
    shape->names_size = (uint32_t)names_size;
    shape->content_least = EVENT_AT_SOURCE + shape->names_size;
    if (shape->content_least < record->parts_end) {
        shape->content_least = record->parts_end;
    }
    shape->matches = found->matches;
    shape->record = *record;
    memcpy(shape->fixed, bytes + EVENT_AT_EVENT_ID, EVENT_SHAPE_FIXED);
    memcpy(shape->names, bytes + EVENT_AT_SOURCE, names_size);
}

/* Whether a record, which is whole, has a shape, and its parts lie inside. */
static inline bool has_shape(const uint8_t *bytes, const struct event_shape *shape)
{
    uint32_t names_size = shape->names_size;
    uint32_t content = bytes_u32(bytes + EVENT_AT_LENGTH) - (uint32_t)sizeof(uint32_t);

    return names_size != 0 && content >= shape->content_least &&
           memcmp(bytes + EVENT_AT_EVENT_ID, shape->fixed, EVENT_SHAPE_FIXED) == 0 &&
           memcmp(bytes + EVENT_AT_SOURCE, shape->names, names_size) == 0 &&
           event_lies_inside(bytes_u32(bytes + EVENT_AT_DATA_OFFSET),
                             bytes_u32(bytes + EVENT_AT_DATA_SIZE), EVENT_AT_SOURCE + names_size,
                             content);
}

/* Takes what the records of a shape do not have in common. */
static inline void take(const uint8_t *bytes, const struct event_shape *shape,
                        struct event_found *found)
{
    struct event_record *record = &found->record;

    found->matches = shape->matches;
    *record = shape->record;
    record->size = bytes_u32(bytes + EVENT_AT_LENGTH);
    record->number = bytes_u32(bytes + EVENT_AT_NUMBER);
    record->generated = bytes_u32(bytes + EVENT_AT_GENERATED);
    record->written = bytes_u32(bytes + EVENT_AT_WRITTEN);
    record->source.at = (const char16_t *)(const void *)(bytes + EVENT_AT_SOURCE);
    record->computer.at = record->source.at + record->source.count + 1;
    event_take_strings(bytes, record);
}

size_t event_shapes_decode(struct event_shapes *shapes, const uint8_t *bytes, size_t size,
                           struct event_found *found, size_t most)
{
    size_t count = 0;

    for (; count < most && event_check_frame(bytes, size) == EVENT_RECORD_OK; count++, found++) {
        struct event_shape *shape =
            &shapes->at[bytes_u32(bytes + EVENT_AT_EVENT_ID) % EVENT_SHAPES];

        if (has_shape(bytes, shape)) {
            take(bytes, shape, found);
        } else if (event_record_decode(bytes, size, &found->record) == EVENT_RECORD_OK) {
            event_shapes_judge(shapes, found);
            learn(shape, bytes, found);
        } else {
            break;
        }
        bytes += found->record.size;
        size -= found->record.size;
    }
    return count;
}
