/* fuzz_rendered_event.c: hostile values as wevtapi renders them. libFuzzer; the first byte says in
 * what way.
 *
 * Whatever comes in: texts lie in the block that they were rendered into, and what is taken is a
 * sign-in by the rules for all readers. A sign-in rendered in either form is the very one that an
 * EVENTLOGRECORD of the same strings tells of, or malformed as that is.
 */
#include <stdlib.h>
#include <string.h>
#include "core/bytes.h"
#include "core/event_record.h"
#include "../core/evt_builder.h"
#include "../core/rendering.h"
#include "input.h"
#include "must.h"

enum { BLOCK_MAX = 4096, STRINGS = 4, EPOCH = 1262401445 };

/* In a block of the input: this as the upper half of a word makes it a pointer, to the block's
 * offset in the lower half. */
static const uint32_t pointer_mark = 0x40404040;

static struct rendered_values take_block(struct input *input)
{
    uint32_t count = input_u16(input);
    size_t size;
    size_t most = input_u16(input);
    uint8_t *block = input_block(input, most < BLOCK_MAX ? most : BLOCK_MAX, &size);
    for (size_t at = 0; at + 8 <= size; at += 8) {
        if (bytes_u32(block + at + 4) == pointer_mark) {
            uint64_t address = (uint64_t)(uintptr_t)block + bytes_u32(block + at);
            memcpy(block + at, &address, sizeof address);
        }
    }
    return (struct rendered_values){block, size, count};
}

static void check_text(const struct rendered_values *values, struct text text)
{
    const uint8_t *at = (const uint8_t *)text.at, *block = values->block;
    if (text.count == 0)
        return;
    must(at >= block && at + (text.count + 1) * sizeof(char16_t) <= block + values->size,
         "a text outside of the block");
    must(text.at[text.count] == 0, "a text that does not end");
}

static void check_hostile(struct input *input)
{
    struct rendered_values properties = take_block(input), data = take_block(input);
    struct relay_event event, again;
    bool good = rendered_event_to_relay_event(&properties, &data, &event);
    check_text(&properties, event.origin);
    check_text(&data, event.client);
    check_text(&data, event.method);
    check_text(&data, event.account);
    must(!good || relay_event_well_formed(&event), "a malformed sign-in was taken");
    must(rendered_event_to_relay_event(&properties, &data, &again) == good &&
             memcmp(&event, &again, sizeof event) == 0,
         "not the same the second time");
    rendering_free(&properties);
    rendering_free(&data);
}

/* What a string is for whoever reads to its terminator. */
static struct text up_to_nul(struct text text)
{
    return text_slice(text, 0, text_find(text, 0));
}

static void check_built(struct input *input, struct rendering_form form)
{
    static uint8_t record_bytes[EVT_RECORD_MAX];
    struct text strings[STRINGS], origin = input_text(input, EVENT_RECORD_NAME_MAX);
    struct evt_entry entry = {.generated = EPOCH + input_u16(input),
                              .event_id = 1708,
                              .source = TEXT_OF(u"MSExchangeTransport"),
                              .string_count = input_u8(input) % (STRINGS + 1)};
    uint32_t number = input_u32(input);
    for (size_t i = 0; i < STRINGS; i++) {
        strings[i] = input_text(input, RELAY_CLIENT_MAX + 2);
        entry.strings[i] = up_to_nul(strings[i]);
    }
    entry.computer = up_to_nul(origin);
    struct rendered_values properties =
        rendering_properties(number, entry.generated, entry.computer, form);
    struct rendered_values data = rendering_data(entry.strings, entry.string_count, form);
    struct relay_event rendered, recorded;
    struct event_record record;
    size_t size = evt_record(&entry, number, record_bytes);

    must(event_record_decode(record_bytes, size, &record) == EVENT_RECORD_OK, "no record");
    bool good = event_record_to_relay_event(&record, &recorded);
    must(rendered_event_to_relay_event(&properties, &data, &rendered) == good,
         "a sign-in for one reader only");
    must(rendered.record == recorded.record && rendered.time == recorded.time &&
             text_equal(rendered.origin, recorded.origin),
         "another event");
    must(!good || (text_equal(rendered.client, recorded.client) &&
                   text_equal(rendered.method, recorded.method) &&
                   text_equal(rendered.account, recorded.account)),
         "another sign-in");
    for (size_t i = 0; i < STRINGS; i++)
        free((void *)strings[i].at);
    free((void *)origin.at);
    rendering_free(&properties);
    rendering_free(&data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    if (size == 0)
        return 0;
    uint8_t how = input_u8(&input);
    if ((how & 1) == 0)
        check_hostile(&input);
    else
        check_built(&input, (struct rendering_form){.array = how & 2, .null = how & 4});
    return 0;
}
