/* full_record.h: a record that has everything that one can have, for tests of its decoder. */
#ifndef RELAYLOCK_TESTS_FULL_RECORD_H
#define RELAYLOCK_TESTS_FULL_RECORD_H

#include "evt_builder.h"

extern const uint8_t full_record_sid[12], full_record_data[5];

/* MSExchangeTransport 1708 by CONTOSO\\bob. */
extern const struct evt_entry full_record;

/* A record, number 42, in a block of exactly its size, so that the sanitizers see every step
 * outside it. To be freed. */
uint8_t *build_record(const struct evt_entry *entry, size_t *size);

#endif
