#include "rendered_event.h"

#include <string.h>

#include "event_time.h"

struct value {
    uint64_t number;
    uintptr_t address; /* the same, where the type says that it is a pointer */
    uint32_t count;    /* items, of an array */
    uint32_t type;
};

/* Whether the block has room for the values that it is said to have. */
static bool has_room(const struct rendered_values *values)
{
    return values->count <= values->size / RENDERED_VALUE_SIZE;
}

static struct value value_at(const struct rendered_values *values, uint32_t index)
{
    const uint8_t *at = (const uint8_t *)values->block + (size_t)index * RENDERED_VALUE_SIZE;
    struct value value;

    memcpy(&value.number, at, sizeof value.number);
    memcpy(&value.address, at, sizeof value.address);
    memcpy(&value.count, at + RENDERED_AT_COUNT, sizeof value.count);
    memcpy(&value.type, at + RENDERED_AT_TYPE, sizeof value.type);
    return value;
}

/* What lies in the block from an address on, aligned, and its bytes; null when none does. */
static const uint8_t *find(const struct rendered_values *values, uintptr_t address,
                           size_t alignment, size_t *room)
{
    uintptr_t offset = address - (uintptr_t)values->block; /* huge for one before it */

    if (offset >= values->size || address % alignment != 0) {
        return NULL;
    }
    *room = values->size - offset;
    return (const uint8_t *)values->block + offset;
}

/* The string at an address. An empty one may come as a null: to hold that for malformed would let a
 * client hide by an empty name. False when the string is not wholly there. */
static bool take_string(const struct rendered_values *values, uintptr_t address, struct text *text)
{
    size_t room, count = 0;

    if (address == 0) {
        *text = TEXT_OF(u"");
        return true;
    }
    const uint8_t *bytes = find(values, address, sizeof(char16_t), &room);

    if (bytes == NULL) {
        return false;
    }
    const char16_t *units = (const char16_t *)(const void *)bytes;

    room /= sizeof *units;
    while (count < room && units[count] != 0) {
        count++;
    }
    if (count == room) {
        return false;
    }
    *text = (struct text){units, count};
    return true;
}

/* The text of a value that is one string or null; false when it is of another type. */
static bool take_text(const struct rendered_values *values, const struct value *value,
                      struct text *text)
{
    if (value->type == RENDERED_NULL) {
        return take_string(values, 0, text);
    }
    return value->type == RENDERED_STRING && take_string(values, value->address, text);
}

/* The strings of a value, put behind the first *count ones, up to 3 in all. */
static bool take_texts(const struct rendered_values *values, const struct value *value,
                       struct text strings[3], size_t *count)
{
    size_t room;

    if (value->type != (RENDERED_STRING | RENDERED_ARRAY)) {
        return take_text(values, value, &strings[(*count)++]);
    }
    if (value->count == 0) {
        return true;
    }
    const uint8_t *at = find(values, value->address, sizeof(uintptr_t), &room);

    if (at == NULL || value->count > room / sizeof(uintptr_t)) {
        return false;
    }
    for (uint32_t i = 0; i < value->count && *count < 3; i++, at += sizeof(uintptr_t)) {
        uintptr_t address;

        memcpy(&address, at, sizeof address);
        if (!take_string(values, address, &strings[(*count)++])) {
            return false;
        }
    }
    return true;
}

static bool take_strings(const struct rendered_values *data, struct relay_event *event)
{
    struct text strings[3];
    size_t count = 0;

    if (!has_room(data)) {
        return false;
    }
    for (uint32_t i = 0; i < data->count && count < 3; i++) {
        const struct value value = value_at(data, i);

        if (!take_texts(data, &value, strings, &count)) {
            return false;
        }
    }
    if (count < 3) {
        return false;
    }
    event->client = strings[0];
    event->method = strings[1];
    event->account = strings[2];
    return true;
}

static bool take_properties(const struct rendered_values *properties, struct relay_event *event)
{
    if (!has_room(properties) || properties->count < RENDERED_PROPERTIES) {
        return false;
    }
    const struct value record = value_at(properties, RENDERED_RECORD_ID);
    const struct value created = value_at(properties, RENDERED_TIME_CREATED);
    const struct value computer = value_at(properties, RENDERED_COMPUTER);

    if (record.type != RENDERED_UINT64) {
        return false;
    }
    event->record = record.number;
    if (created.type != RENDERED_FILETIME) {
        return false;
    }
    event->time = event_time_from_filetime(created.number);
    return take_text(properties, &computer, &event->origin);
}

bool rendered_event_to_relay_event(const struct rendered_values *properties,
                                   const struct rendered_values *data, struct relay_event *event)
{
    struct relay_event taken = {0};
    bool good = take_properties(properties, &taken) && take_strings(data, &taken) &&
                relay_event_well_formed(&taken);

    *event = taken;
    return good;
}
