#include "full_record.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

const uint8_t full_record_sid[12] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};
const uint8_t full_record_data[5] = {5, 0, 7, 128, 9};

const struct evt_entry full_record = {
    .generated = 1262401445,
    .written = 1262401446,
    .event_id = 0xc00006ac,
    .type = 4,
    .category = 7,
    .source = {u"MSExchangeTransport", 19},
    .computer = {u"MAIL1", 5},
    .strings = {{u"client.example", 14}, {u"LOGIN", 5}, {u"CONTOSO\\bob", 11}, {u"", 0}},
    .string_count = 4,
    .sid = full_record_sid,
    .sid_size = sizeof full_record_sid,
    .data = full_record_data,
    .data_size = sizeof full_record_data,
};

uint8_t *build_record(const struct evt_entry *entry, size_t *size)
{
    static uint8_t bytes[EVT_RECORD_MAX];

    *size = evt_record(entry, 42, bytes);
    uint8_t *block = malloc(*size);

    assert_non_null(block);
    memcpy(block, bytes, *size);
    return block;
}
