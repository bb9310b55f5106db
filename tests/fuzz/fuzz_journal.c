/* fuzz_journal.c: hostile bytes as a journal. libFuzzer; the first byte says in what way.
 *
 * Whatever comes in: a payload that means nothing leaves the output alone; what is recovered is a
 * book in order whose every value can be kept, and which written out and read again is the same
 * book, byte for byte.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "core/bytes.h"
#include "core/crc32c.h"
#include "../core/incident_fixture.h"
#include "must.h"

enum { ROOM = 1 << 20, MODES = 4 };

static uint8_t journal[ROOM], first[4 * ROOM], second[4 * ROOM];
static struct incident incidents[2][BOOK_INCIDENTS_MAX];

/* What a payload of our own version means is written as the very same bytes again; one that means
 * nothing is taken for nothing. */
static void check_payload(const struct journal_frame *frame)
{
    static struct incident incident;
    static struct restart_record restart;
    static struct position_record position;
    static const char untouched[] = "a payload that means nothing, and yet written";
    const uint8_t *from = frame->payload;
    size_t size = 0;
    bool good = true;
    if (frame->size == 0 || from[0] != 1)
        return;
    if (frame->kind == JOURNAL_INCIDENT) {
        must_fill(&incident, sizeof incident);
        good = incident_decode(&incident, from, frame->size);
        if (good)
            size = incident_encode(first, sizeof first, &incident);
        else
            must_stay(&incident, sizeof incident, untouched);
    } else if (frame->kind == JOURNAL_RESTART) {
        must_fill(&restart, sizeof restart);
        good = restart_record_decode(&restart, from, frame->size);
        if (good)
            size = restart_record_encode(first, sizeof first, &restart);
        else
            must_stay(&restart, sizeof restart, untouched);
    } else if (frame->kind == JOURNAL_POSITION) {
        must_fill(&position, sizeof position);
        good = position_record_decode(&position, from, frame->size);
        if (good)
            size = position_record_encode(first, sizeof first, &position);
        else
            must_stay(&position, sizeof position, untouched);
    } else {
        return;
    }
    must(!good || (size == frame->size && memcmp(first, from, size) == 0),
         "a payload means something else");
}

static void check(const uint8_t *bytes, size_t size)
{
    struct journal_reader reader = {.bytes = bytes, .size = size};
    struct journal_frame frame;
    while (journal_next(&reader, &frame))
        check_payload(&frame);

    struct incident_book book, again;
    struct book_recovery recovery;
    uint64_t next;
    incident_book_init(&book, incidents[0]);
    incident_book_recover(&book, bytes, size, &recovery);
    must(recovery.good <= size, "more is good than there is");
    must(recovery.refused <= recovery.frames, "more is refused than there is");
    must(book.count <= BOOK_INCIDENTS_MAX, "too many incidents");
    for (uint32_t i = 0; i < book.count; i++) {
        must(i == 0 || book.incidents[i - 1].id < book.incidents[i].id, "out of order");
        must(book.incidents[i].id >= 1 && book.incidents[i].id <= INCIDENT_ID_MAX &&
                 book.incidents[i].id <= book.last_id,
             "an id out of its bounds");
        must(incident_encode(NULL, 0, &book.incidents[i]) > 0, "cannot be kept");
    }
    size_t used = incident_book_write(&book, first, sizeof first, recovery.sequence, &next);
    must(used <= sizeof first, "a compacted journal is too large");

    incident_book_init(&again, incidents[1]);
    incident_book_recover(&again, first, used, &recovery);
    must(recovery.good == used && recovery.refused == 0, "what was written is not read");
    must(incident_book_write(&again, second, sizeof second, next - recovery.frames, &next) ==
                 used &&
             memcmp(first, second, used) == 0,
         "what is read is not what was written");
}

/* Payloads, each behind its kind (1 byte) and length (2), as frames. */
static size_t frame_payloads(const uint8_t *data, size_t size)
{
    size_t used = 0;
    uint64_t sequence = 1;
    while (size >= 3) {
        size_t length = bytes_u16(data + 1);
        if (length > size - 3)
            length = size - 3;
        used += journal_write(journal + used, ROOM - used, data[0] % 6, sequence++, data + 3,
                              (uint32_t)length);
        data += 3 + length;
        size -= 3 + length;
    }
    return used;
}

/* Makes the checksums right, as far as heads can be found. */
static void mend(uint8_t *bytes, size_t size)
{
    while (size >= JOURNAL_HEAD_SIZE && bytes_u32(bytes + 8) <= size - JOURNAL_HEAD_SIZE) {
        size_t frame = JOURNAL_HEAD_SIZE + bytes_u32(bytes + 8);
        uint32_t crc = crc32c(0, bytes, JOURNAL_HEAD_SIZE - 4);
        crc = crc32c(crc, bytes + JOURNAL_HEAD_SIZE, frame - JOURNAL_HEAD_SIZE);
        for (int i = 0; i < 4; i++)
            bytes[JOURNAL_HEAD_SIZE - 4 + i] = (uint8_t)(crc >> (8 * i));
        bytes += frame;
        size -= frame;
    }
}

/* A good journal of every kind of record, made once. Returns its size; it is put into journal. */
static size_t write_good(void)
{
    static uint8_t good[65536];
    static size_t size;
    if (size > 0) {
        memcpy(journal, good, size);
        return size;
    }
    static struct incident_book book;
    uint64_t next;
    incident_book_init(&book, incidents[0]);
    for (uint32_t i = 1; i <= 3; i++) {
        struct incident incident = incident_of(i);
        incident.state = (enum incident_state)(i % INCIDENT_STATES);
        incident_book_put(&book, &incident);
    }
    static struct incident filled;
    incident_fill(&filled);
    incident_book_put(&book, &filled);
    restart_record_fill(&book.restart);
    book.restart.service[8] = book.restart.dependents[0][8] = book.restart.dependents[1][8] = 0;
    book.restart.dependent_count = 2;
    position_record_fill(&book.position);
    book.outlook.size = 40;
    size = incident_book_write(&book, good, sizeof good, 1, &next);
    return write_good();
}

/* Edits, each an offset (2 bytes) and a value (1), of a good journal. */
static size_t edit_good(const uint8_t *data, size_t size)
{
    size_t used = write_good();
    for (; size >= 3; data += 3, size -= 3)
        journal[bytes_u16(data) % used] = data[2];
    return used;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > ROOM / 16)
        return 0;
    size_t used = size - 1;
    switch (data[0] % MODES) {
    case 0:
        check(data + 1, used);
        return 0;
    case 1:
        memcpy(journal, data + 1, used);
        break;
    case 2:
        used = frame_payloads(data + 1, used);
        break;
    default:
        used = edit_good(data + 1, used);
        break;
    }
    mend(journal, used);
    check(journal, used);
    return 0;
}
