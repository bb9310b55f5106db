/* evt_builder.h: writes .evt files as the event log service does, for tests.
 *
 * The file is a ring (saved_log.h): a record that finds no room overwrites the oldest ones, one
 * that meets the file's end goes on behind the header, and an end-of-file record follows the
 * newest. The header is only written when the log is closed, so that it can be left stale. Out of
 * memory ends the test program.
 */
#ifndef RELAYLOCK_TESTS_EVT_BUILDER_H
#define RELAYLOCK_TESTS_EVT_BUILDER_H

#include "core/text.h"

enum { EVT_STRINGS_MAX = 16, EVT_RECORD_MAX = 65536, EVT_HEADER_SIZE = 48, EVT_END_SIZE = 40 };

struct evt_entry {
    uint32_t generated, written; /* seconds since 1970-01-01 UTC */
    uint32_t event_id;
    uint16_t type, category;
    struct text source, computer;
    struct text strings[EVT_STRINGS_MAX];
    uint16_t string_count;
    const uint8_t *sid;
    uint32_t sid_size;
    const uint8_t *data;
    uint32_t data_size;
};

struct evt_builder {
    uint8_t *file;
    size_t size;
    size_t oldest, end; /* offsets of the oldest record and of the end-of-file record */
    uint32_t oldest_number, next_number;
    bool wrapped;
};

/* An empty log of size bytes (a multiple of 4) whose first record will have the number `first` and
 * lie at offset `start`: 48 in a fresh log; elsewhere as after many turns of the ring. */
void evt_open(struct evt_builder *builder, size_t size, size_t start, uint32_t first);
void evt_free(struct evt_builder *builder);

/* Appends; returns the record's number. */
uint32_t evt_add(struct evt_builder *builder, const struct evt_entry *entry);

/* Appends MSExchangeTransport 1708 from the computer MAIL1, as Exchange writes it. */
uint32_t evt_sign_in(struct evt_builder *builder, uint32_t time, struct text client,
                     struct text account);

/* Writes the header: clean, or (dirty) as if the service had not yet come to correct it, in which
 * case its offsets stay as of the last time it was written. */
void evt_close(struct evt_builder *builder, bool dirty);

/* One record into bytes (EVT_RECORD_MAX); returns its size. */
size_t evt_record(const struct evt_entry *entry, uint32_t number, uint8_t *bytes);

/* For damaging what was built. */
void evt_put_u16(uint8_t *at, uint16_t value);
void evt_put_u32(uint8_t *at, uint32_t value);
uint32_t evt_get_u32(const uint8_t *at);

#endif
