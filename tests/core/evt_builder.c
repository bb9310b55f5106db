#include "evt_builder.h"

#include <stdlib.h>
#include <string.h>

enum { SIGNATURE = 0x654c664c, FILLER = 0x27, FIXED_SIZE = 56 };

void evt_put_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

void evt_put_u32(uint8_t *at, uint32_t value)
{
    evt_put_u16(at, (uint16_t)value);
    evt_put_u16(at + 2, (uint16_t)(value >> 16));
}

uint32_t evt_get_u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static size_t put_text(uint8_t *bytes, size_t used, struct text text)
{
    if (used + 2 * text.count + 2 > EVT_RECORD_MAX - 8) {
        abort();
    }
    for (size_t i = 0; i < text.count; i++, used += 2) {
        evt_put_u16(bytes + used, text.at[i]);
    }
    evt_put_u16(bytes + used, 0);
    return used + 2;
}

static size_t put_bytes(uint8_t *bytes, size_t used, const uint8_t *from, uint32_t size)
{
    if (used + size > EVT_RECORD_MAX - 8) {
        abort();
    }
    if (size > 0) {
        memcpy(bytes + used, from, size);
    }
    return used + size;
}

static size_t pad(uint8_t *bytes, size_t used)
{
    while (used % 4 != 0) {
        bytes[used++] = 0;
    }
    return used;
}

size_t evt_record(const struct evt_entry *entry, uint32_t number, uint8_t *bytes)
{
    size_t used = FIXED_SIZE;

    memset(bytes, 0, FIXED_SIZE);
    evt_put_u32(bytes + 4, SIGNATURE);
    evt_put_u32(bytes + 8, number);
    evt_put_u32(bytes + 12, entry->generated);
    evt_put_u32(bytes + 16, entry->written);
    evt_put_u32(bytes + 20, entry->event_id);
    evt_put_u16(bytes + 24, entry->type);
    evt_put_u16(bytes + 26, entry->string_count);
    evt_put_u16(bytes + 28, entry->category);
    used = put_text(bytes, used, entry->source);
    used = pad(bytes, put_text(bytes, used, entry->computer));
    evt_put_u32(bytes + 40, entry->sid_size);
    evt_put_u32(bytes + 44, (uint32_t)used);
    used = put_bytes(bytes, used, entry->sid, entry->sid_size);
    evt_put_u32(bytes + 36, (uint32_t)used);
    for (uint16_t i = 0; i < entry->string_count; i++) {
        used = put_text(bytes, used, entry->strings[i]);
    }
    evt_put_u32(bytes + 48, entry->data_size);
    evt_put_u32(bytes + 52, (uint32_t)used);
    used = pad(bytes, put_bytes(bytes, used, entry->data, entry->data_size));
    evt_put_u32(bytes + used, (uint32_t)used + 4);
    evt_put_u32(bytes, (uint32_t)used + 4);
    return used + 4;
}

/* ---- the ring ------------------------------------------------------------------------------- */

static size_t ring_put(struct evt_builder *builder, size_t at, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        builder->file[at++] = bytes[i];
        if (at == builder->size) {
            at = EVT_HEADER_SIZE;
        }
    }
    return at;
}

static void put_end(struct evt_builder *builder)
{
    uint8_t bytes[EVT_END_SIZE];

    evt_put_u32(bytes, EVT_END_SIZE);
    for (uint32_t i = 1; i <= 4; i++) {
        evt_put_u32(bytes + 4 * i, 0x11111111 * i);
    }
    evt_put_u32(bytes + 20, (uint32_t)builder->oldest);
    evt_put_u32(bytes + 24, (uint32_t)builder->end);
    evt_put_u32(bytes + 28, builder->next_number);
    evt_put_u32(bytes + 32, builder->oldest_number);
    evt_put_u32(bytes + 36, EVT_END_SIZE);
    ring_put(builder, builder->end, bytes, sizeof bytes);
}

static void put_header(struct evt_builder *builder, uint32_t flags)
{
    uint8_t *header = builder->file;

    evt_put_u32(header, EVT_HEADER_SIZE);
    evt_put_u32(header + 4, SIGNATURE);
    evt_put_u32(header + 8, 1);
    evt_put_u32(header + 12, 1);
    evt_put_u32(header + 16, (uint32_t)builder->oldest);
    evt_put_u32(header + 20, (uint32_t)builder->end);
    evt_put_u32(header + 24, builder->next_number);
    evt_put_u32(header + 28, builder->oldest_number);
    evt_put_u32(header + 32, (uint32_t)builder->size);
    evt_put_u32(header + 36, flags);
    evt_put_u32(header + 40, 0);
    evt_put_u32(header + 44, EVT_HEADER_SIZE);
}

void evt_open(struct evt_builder *builder, size_t size, size_t start, uint32_t first)
{
    if (size % 4 != 0 || start % 4 != 0 || start < EVT_HEADER_SIZE || start >= size ||
        size < EVT_HEADER_SIZE + EVT_END_SIZE) {
        abort();
    }
    *builder = (struct evt_builder){.file = calloc(1, size),
                                    .size = size,
                                    .oldest = start,
                                    .end = start,
                                    .oldest_number = first,
                                    .next_number = first};
    if (builder->file == NULL) {
        abort();
    }
    put_header(builder, 0);
    put_end(builder);
}

void evt_free(struct evt_builder *builder)
{
    free(builder->file);
    builder->file = NULL;
}

/* Bytes that are free between the newest record and the oldest, or all of them. */
static size_t room(const struct evt_builder *builder)
{
    size_t ring = builder->size - EVT_HEADER_SIZE;

    if (builder->oldest_number == builder->next_number) {
        return ring;
    }
    return builder->oldest > builder->end ? builder->oldest - builder->end
                                          : ring - (builder->end - builder->oldest);
}

static void forget_oldest(struct evt_builder *builder)
{
    size_t size = evt_get_u32(builder->file + builder->oldest);

    builder->oldest += size;
    if (builder->oldest >= builder->size) {
        builder->oldest -= builder->size - EVT_HEADER_SIZE;
    }
    builder->oldest_number++;
    if (builder->oldest_number != builder->next_number &&
        builder->size - builder->oldest < FIXED_SIZE) {
        builder->oldest = EVT_HEADER_SIZE; /* what is left there is filler */
    }
}

uint32_t evt_add(struct evt_builder *builder, const struct evt_entry *entry)
{
    static uint8_t bytes[EVT_RECORD_MAX];
    size_t size = evt_record(entry, builder->next_number, bytes);
    size_t left = builder->size - builder->end;
    size_t filler = left < FIXED_SIZE ? left : 0;

    if (filler + size + EVT_END_SIZE > builder->size - EVT_HEADER_SIZE) {
        abort();
    }
    while (room(builder) < filler + size + EVT_END_SIZE) {
        forget_oldest(builder);
    }
    for (size_t i = 0; i < filler; i += 4) {
        evt_put_u32(builder->file + builder->end + i, FILLER);
    }
    if (filler > 0) {
        builder->end = EVT_HEADER_SIZE;
    }
    if (builder->oldest_number == builder->next_number) {
        builder->oldest = builder->end;
    }
    size_t start = builder->end;

    builder->end = ring_put(builder, start, bytes, size);
    builder->wrapped = builder->wrapped || filler > 0 || builder->end < start;
    builder->next_number++;
    put_end(builder);
    return builder->next_number - 1;
}

uint32_t evt_sign_in(struct evt_builder *builder, uint32_t time, struct text client,
                     struct text account)
{
    struct evt_entry entry = {
        .generated = time,
        .written = time,
        .event_id = 0x400006ac, /* informational, 1708 */
        .type = 4,
        .category = 1,
        .source = TEXT_OF(u"MSExchangeTransport"),
        .computer = TEXT_OF(u"MAIL1"),
        .strings = {client, TEXT_OF(u"LOGIN"), account},
        .string_count = 3,
    };

    return evt_add(builder, &entry);
}

void evt_close(struct evt_builder *builder, bool dirty)
{
    uint32_t flags = builder->wrapped ? 2 : 0;

    if (dirty) {
        evt_put_u32(builder->file + 36, flags | 1);
    } else {
        put_header(builder, flags);
    }
}
