#include "journal.h"

#include <string.h>
#include "bytes.h"
#include "crc32c.h"
#include "packer.h"

enum { CRC_AT = JOURNAL_HEAD_SIZE - 4 };

static const uint32_t signature = 0x314a4c52; /* "RLJ1" */

/* The checksum of a frame whose payload follows its head. */
static uint32_t checksum(const uint8_t *frame, uint32_t size)
{
    return crc32c(crc32c(0, frame, CRC_AT), frame + JOURNAL_HEAD_SIZE, size);
}

size_t journal_write(uint8_t *to, size_t capacity, uint16_t kind, uint64_t sequence,
                     const void *payload, uint32_t size)
{
    if (size > JOURNAL_PAYLOAD_MAX || capacity < JOURNAL_HEAD_SIZE ||
        size > capacity - JOURNAL_HEAD_SIZE)
        return 0;
    if (size > 0)
        memmove(to + JOURNAL_HEAD_SIZE, payload, size);

    struct packer head = packer_to(to, JOURNAL_HEAD_SIZE);
    uint32_t first = signature, wide_kind = kind;
    pack_u32(&head, &first);
    pack_u32(&head, &wide_kind);
    pack_u32(&head, &size);
    pack_u64(&head, &sequence);
    uint32_t crc = checksum(to, size);
    pack_u32(&head, &crc);
    return JOURNAL_HEAD_SIZE + (size_t)size;
}

bool journal_next(struct journal_reader *reader, struct journal_frame *frame)
{
    size_t left = reader->size - reader->at;
    if (left < JOURNAL_HEAD_SIZE)
        return false;
    const uint8_t *at = reader->bytes + reader->at;
    uint32_t kind = bytes_u32(at + 4);
    uint32_t size = bytes_u32(at + 8);
    uint64_t sequence = bytes_u64(at + 12);
    if (bytes_u32(at) != signature || kind > UINT16_MAX || size > JOURNAL_PAYLOAD_MAX ||
        size > left - JOURNAL_HEAD_SIZE || (reader->frames > 0 && sequence != reader->next) ||
        bytes_u32(at + CRC_AT) != checksum(at, size))
        return false;

    *frame = (struct journal_frame){.kind = (uint16_t)kind,
                                    .sequence = sequence,
                                    .payload = at + JOURNAL_HEAD_SIZE,
                                    .size = size};
    reader->at += JOURNAL_HEAD_SIZE + (size_t)size;
    reader->next = sequence + 1;
    reader->frames++;
    return true;
}
