#include "packer.h"

#include <string.h>
#include "bytes.h"

struct packer packer_to(uint8_t *to, size_t capacity)
{
    return (struct packer){.to = to, .size = capacity};
}

struct packer packer_counting(void)
{
    return (struct packer){.size = SIZE_MAX};
}

struct packer packer_from(const uint8_t *from, size_t size)
{
    return (struct packer){.from = from, .size = size, .unpacking = true};
}

void pack_require(struct packer *packer, bool sense)
{
    packer->failed = packer->failed || !sense;
}

/* The offset of the next size bytes, which are there; SIZE_MAX when they are not. */
static size_t take(struct packer *packer, size_t size)
{
    pack_require(packer, size <= packer->size - packer->at);
    if (packer->failed)
        return SIZE_MAX;
    packer->at += size;
    return packer->at - size;
}

/* An unsigned number of 1 to 8 bytes. Returns it, or what was given when the packer has failed. */
static uint64_t pack_unsigned(struct packer *packer, uint64_t value, size_t size)
{
    size_t at = take(packer, size);
    if (at == SIZE_MAX)
        return value;
    if (packer->unpacking) {
        value = 0;
        for (size_t i = 0; i < size; i++)
            value |= (uint64_t)packer->from[at + i] << (8 * i);
    } else if (packer->to) {
        for (size_t i = 0; i < size; i++)
            packer->to[at + i] = (uint8_t)(value >> (8 * i));
    }
    return value;
}

void pack_u8(struct packer *packer, uint8_t *value)
{
    *value = (uint8_t)pack_unsigned(packer, *value, 1);
}

void pack_u32(struct packer *packer, uint32_t *value)
{
    *value = (uint32_t)pack_unsigned(packer, *value, 4);
}

void pack_u64(struct packer *packer, uint64_t *value)
{
    *value = pack_unsigned(packer, *value, 8);
}

void pack_bool(struct packer *packer, bool *value)
{
    bool given = !packer->unpacking && *value; /* what is there may be none */
    bool packed = pack_enum(packer, given, 2) == 1;
    if (!packer->failed)
        *value = packed;
}

void pack_number(struct packer *packer, uint32_t *value, uint32_t low, uint32_t high)
{
    uint32_t packed = *value;
    pack_u32(packer, &packed);
    pack_require(packer, packed >= low && packed <= high);
    if (!packer->failed)
        *value = packed;
}

void pack_signed(struct packer *packer, int64_t *value, int64_t low, int64_t high)
{
    int64_t packed = (int64_t)pack_unsigned(packer, (uint64_t)*value, 8);
    pack_require(packer, packed >= low && packed <= high);
    if (!packer->failed)
        *value = packed;
}

uint32_t pack_enum(struct packer *packer, uint32_t value, uint32_t count)
{
    pack_require(packer, packer->unpacking || value < count);
    uint32_t packed = (uint32_t)pack_unsigned(packer, value, 1);
    pack_require(packer, packed < count);
    return packer->failed ? value : packed;
}

/* Units before the terminator; capacity when there is none. */
static size_t terminated_length(const char16_t *text, size_t capacity)
{
    size_t length = 0;
    while (length < capacity && text[length] != 0)
        length++;
    return length;
}

void pack_text(struct packer *packer, char16_t *text, size_t capacity)
{
    size_t units = packer->unpacking ? 0 : terminated_length(text, capacity);
    units = (size_t)pack_unsigned(packer, units, 2);
    pack_require(packer, units < capacity);
    size_t at = take(packer, 2 * units);
    if (at == SIZE_MAX)
        return;
    if (!packer->unpacking) {
        for (size_t i = 0; packer->to && i < units; i++) {
            packer->to[at + 2 * i] = (uint8_t)text[i];
            packer->to[at + 2 * i + 1] = (uint8_t)(text[i] >> 8);
        }
        return;
    }
    for (size_t i = 0; i < units; i++)
        pack_require(packer, bytes_u16(packer->from + at + 2 * i) != 0);
    if (packer->failed)
        return;
    for (size_t i = 0; i < units; i++)
        text[i] = bytes_u16(packer->from + at + 2 * i);
    text[units] = 0;
}

void pack_bytes(struct packer *packer, uint8_t *bytes, size_t size)
{
    size_t at = take(packer, size);
    if (at == SIZE_MAX || size == 0)
        return;
    if (packer->unpacking)
        memcpy(bytes, packer->from + at, size);
    else if (packer->to)
        memcpy(packer->to + at, bytes, size);
}
