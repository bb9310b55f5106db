/* fuzz_event_record.c: hostile bytes as event records, in memory that ends where they do.
 * libFuzzer; the first byte says in what way.
 *
 * Whatever comes in: nothing outside of the bytes is read; what the record is said to be lies
 * inside of it; its head alone, its likeness to one before it, and a memory of the same sign-in say
 * what decoding it in full says; and what is none leaves the output alone. A record that was
 * written is read as it was written.
 */
#include <stdlib.h>
#include <string.h>
#include "core/bytes.h"
#include "core/event_shape.h"
#include "core/sign_in_memo.h"
#include "../core/evt_builder.h"
#include "input.h"
#include "must.h"

enum { FOUND_MAX = 16, TEXT_MOST = 300 };

static const struct event_record_filter filter = {.provider = TEXT_OF(u"MSExchangeTransport"),
                                                  .event_id = 1708};

static bool same_view(struct text a, struct text b)
{
    return a.at == b.at && a.count == b.count;
}

static void check_same(const struct event_record *a, const struct event_record *b)
{
    must(a->size == b->size && a->number == b->number && a->generated == b->generated &&
             a->written == b->written && a->event_id == b->event_id && a->type == b->type &&
             a->category == b->category && a->string_count == b->string_count &&
             same_view(a->source, b->source) && same_view(a->computer, b->computer) &&
             a->strings == b->strings && a->strings_size == b->strings_size && a->end == b->end,
         "another record by another way");
}

static void check_inside(const uint8_t *bytes, const struct event_record *record)
{
    const uint8_t *names = (const uint8_t *)(record->computer.at + record->computer.count + 1);
    struct text string;
    must(record->end == bytes + record->size - sizeof(uint32_t), "an end that is none");
    must(record->source.count <= EVENT_RECORD_NAME_MAX &&
             record->computer.count <= EVENT_RECORD_NAME_MAX && names <= record->end,
         "names that are none");
    must(record->strings + record->strings_size <= record->end &&
             (record->string_count == 0 || record->strings >= names),
         "strings outside of the record");
    must(record->parts_end <= record->size - sizeof(uint32_t), "parts outside of the record");
    /* An untrue count ends at the first string that is not there: no string lies behind it. */
    uint32_t index = 0;
    while (index < 4 && event_record_string(record, index, &string)) {
        must((const uint8_t *)string.at >= record->strings &&
                 (const uint8_t *)(string.at + string.count) < record->end &&
                 string.at[string.count] == 0 && text_find(string, 0) == SIZE_MAX,
             "a string that is none");
        index++;
    }
    must(!event_record_string(record, record->string_count, &string),
         "more strings than there are");
}

/* ---- ways to the sign-in ----------------------------------------------------------------------
 */

static void check_sign_in(const struct event_record *record)
{
    static struct sign_in_memo *memo;
    struct relay_event plain, quick;
    struct sign_in_mark mark;
    struct text strings[3];
    if (memo == NULL) {
        void *memory = aligned_alloc(64, (sign_in_memo_size() + 63) / 64 * 64);
        must(memory != NULL, "no memory");
        memo = sign_in_memo_init(memset(memory, 0, sign_in_memo_size()));
    }
    bool good = event_record_to_relay_event(record, &plain);
    must(plain.record == record->number && plain.time == record->generated &&
             same_view(plain.origin, record->computer),
         "a sign-in of another record");
    must(sign_in_memo_take(memo, record, sign_in_memo_expect(memo, record), &quick, &mark) == good,
         "a sign-in for one, not for all");
    if (mark.serial != 0)
        sign_in_mark_texts(&mark, record->strings, &quick);
    bool whole = event_record_string(record, 0, &strings[0]) &&
                 event_record_string(record, 1, &strings[1]) &&
                 event_record_string(record, 2, &strings[2]);
    must(!good || whole, "a sign-in without its strings");
    if (!whole)
        return;
    must(same_view(plain.client, strings[0]) && same_view(plain.method, strings[1]) &&
             same_view(plain.account, strings[2]),
         "other strings than the record's");
    must(good == relay_event_well_formed(&plain), "well-formed for one, not for all");
    must(!good || (same_view(quick.client, plain.client) && same_view(quick.method, plain.method) &&
                   same_view(quick.account, plain.account)),
         "another sign-in by the memo");
}

/* ---- ways to the record -----------------------------------------------------------------------
 */

/* What a head alone tells: the same, or that it takes more. */
static void check_head(const uint8_t *bytes, size_t size, const struct event_record *whole)
{
    struct event_record head;
    must_fill(&head, sizeof head);
    uint8_t *start = malloc(size);
    must(start != NULL, "no memory");
    memcpy(start, bytes, size);
    switch (event_record_decode_head(start, size, &head)) {
    case EVENT_RECORD_OK:
        must(!whole || (head.size == whole->size && head.number == whole->number &&
                        head.string_count == whole->string_count &&
                        head.source.count == whole->source.count &&
                        head.computer.count == whole->computer.count),
             "another record by its head");
        break;
    case EVENT_RECORD_SHORT:
        must(size < EVENT_RECORD_HEAD_MAX, "enough of a record is too short");
        must_stay(&head, sizeof head, "no record, and yet written");
        break;
    case EVENT_RECORD_DAMAGED:
        must(!whole, "a good record is damaged by its head");
        must_stay(&head, sizeof head, "no record, and yet written");
    }
    free(start);
}

/* Decodes one record in full. Whether it is one. */
static bool decode(const uint8_t *bytes, size_t size, struct event_record *record)
{
    must_fill(record, sizeof *record);
    if (event_record_decode(bytes, size, record) == EVENT_RECORD_OK)
        return true;
    must_stay(record, sizeof *record, "no record, and yet written");
    return false;
}

/* Records that follow each other: one by one, and by likeness. */
static void check_row(const uint8_t *bytes, size_t size, struct event_shapes *shapes)
{
    struct event_found found[FOUND_MAX];
    struct event_record record;
    size_t count = event_shapes_decode(shapes, bytes, size, found, FOUND_MAX);
    for (size_t i = 0; i < count; i++) {
        must(decode(bytes, size, &record), "a record by its likeness alone");
        check_same(&record, &found[i].record);
        must(found[i].matches == event_record_matches(&record, &filter),
             "another event by its likeness");
        check_inside(bytes, &record);
        check_sign_in(&record);
        bytes += record.size;
        size -= record.size;
    }
    must(count == FOUND_MAX || !decode(bytes, size, &record), "a record that was passed over");
}

/* Makes the signature and both lengths of a record right, where it would end within size. */
static void mend(uint8_t *bytes, size_t size)
{
    while (size >= EVENT_RECORD_MIN_SIZE) {
        uint32_t length = bytes_u32(bytes) % 1024 / 4 * 4;
        length = length < EVENT_RECORD_MIN_SIZE ? EVENT_RECORD_MIN_SIZE : length;
        length = length > size ? (uint32_t)size / 4 * 4 : length;
        evt_put_u32(bytes, length);
        evt_put_u32(bytes + 4, EVENT_RECORD_SIGNATURE);
        evt_put_u32(bytes + length - 4, length);
        bytes += length;
        size -= length;
    }
}

static void check_bytes(struct input *input, bool mended)
{
    size_t cut = input_u16(input), size;
    uint8_t *bytes = input_block(input, SIZE_MAX, &size);
    struct event_shapes shapes;
    struct event_record record;
    event_shapes_init(&shapes, &filter);
    if (mended)
        mend(bytes, size);
    bool good = decode(bytes, size, &record);
    check_head(bytes, size > 0 ? cut % size : 0, good ? &record : NULL);
    check_row(bytes, size, &shapes);
    check_row(bytes, size, &shapes); /* now that all shapes are known */
    free(bytes);
}

/* ---- a record as it is written ----------------------------------------------------------------
 */

static void check_written(struct input *input)
{
    static uint8_t written[EVT_RECORD_MAX];
    struct text texts[EVT_STRINGS_MAX + 2];
    struct evt_entry entry = {.generated = input_u32(input),
                              .written = input_u32(input),
                              .event_id = input_u32(input),
                              .type = input_u16(input),
                              .category = input_u16(input),
                              .string_count = input_u8(input) % (EVT_STRINGS_MAX + 1)};
    uint32_t number = input_u32(input);
    entry.sid_size = (uint32_t)input_bytes(input, input_u8(input) / 4 * 4u, &entry.sid) / 4 * 4;
    entry.data_size = (uint32_t)input_bytes(input, input_u8(input), &entry.data);
    for (size_t i = 0; i < EVT_STRINGS_MAX + 2; i++) {
        texts[i] = input_text(input, i < 2 ? EVENT_RECORD_NAME_MAX : TEXT_MOST);
        struct text *to = i == 0 ? &entry.source : i == 1 ? &entry.computer : &entry.strings[i - 2];
        *to = text_slice(texts[i], 0, text_find(texts[i], 0));
    }
    size_t size = evt_record(&entry, number, written);
    uint8_t *bytes = malloc(size);
    must(bytes != NULL, "no memory");
    memcpy(bytes, written, size);

    struct event_record record;
    struct text string;
    must(event_record_decode(bytes, size, &record) == EVENT_RECORD_OK, "a good record is none");
    must(record.size == size && record.number == number && record.generated == entry.generated &&
             record.written == entry.written && record.event_id == entry.event_id &&
             record.type == entry.type && record.category == entry.category &&
             record.string_count == entry.string_count && text_equal(record.source, entry.source) &&
             text_equal(record.computer, entry.computer),
         "another record than was written");
    for (uint16_t i = 0; i < entry.string_count; i++)
        must(event_record_string(&record, i, &string) && text_equal(string, entry.strings[i]),
             "another string than was written");
    check_inside(bytes, &record);
    check_sign_in(&record);
    must(event_record_decode(bytes, size - 1, &record) == EVENT_RECORD_SHORT, "half a record");
    free(bytes);
    for (size_t i = 0; i < EVT_STRINGS_MAX + 2; i++)
        free((void *)texts[i].at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    if (size == 0)
        return 0;
    uint8_t how = input_u8(&input);
    if (how % 4 == 0)
        check_written(&input);
    else
        check_bytes(&input, how % 4 != 1);
    return 0;
}
