#include "input.h"

#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "core/journal.h"
#include "must.h"

size_t input_bytes(struct input *input, size_t most, const uint8_t **bytes)
{
    size_t size = most < input->left ? most : input->left;
    *bytes = input->at;
    input->at += size;
    input->left -= size;
    return size;
}

uint64_t input_u64(struct input *input)
{
    uint8_t number[8] = {0};
    const uint8_t *bytes;
    size_t size = input_bytes(input, sizeof number, &bytes);
    memcpy(number, bytes, size);
    return bytes_u64(number);
}

uint32_t input_u32(struct input *input)
{
    uint8_t number[4] = {0};
    const uint8_t *bytes;
    size_t size = input_bytes(input, sizeof number, &bytes);
    memcpy(number, bytes, size);
    return bytes_u32(number);
}

uint16_t input_u16(struct input *input)
{
    uint8_t low = input_u8(input);
    return (uint16_t)(low | input_u8(input) << 8);
}

uint8_t input_u8(struct input *input)
{
    const uint8_t *bytes;
    return input_bytes(input, 1, &bytes) == 1 ? *bytes : 0;
}

static void *allocate(size_t size)
{
    void *block = malloc(size);
    must(block != NULL, "no memory");
    return block;
}

uint8_t *input_block(struct input *input, size_t most, size_t *size)
{
    const uint8_t *bytes;
    *size = input_bytes(input, most, &bytes);
    uint8_t *block = allocate(*size);
    memcpy(block, bytes, *size);
    return block;
}

uint8_t *input_frame(struct input *input, uint16_t kind, size_t most, size_t *size)
{
    const uint8_t *payload;
    uint8_t whole = input_u8(input);
    if (whole == 0)
        return input_block(input, most, size);
    uint32_t count = (uint32_t)input_bytes(input, most, &payload);
    *size = JOURNAL_HEAD_SIZE + count;
    uint8_t *frame = allocate(*size);
    must(journal_write(frame, *size, whole == 1 ? kind : whole, 1, payload, count) == *size,
         "a frame that cannot be written");
    return frame;
}

static struct text repeated(char16_t unit, size_t count)
{
    char16_t *units = allocate(count * sizeof *units);
    for (size_t i = 0; i < count; i++)
        units[i] = unit;
    return (struct text){units, count};
}

struct text input_text(struct input *input, size_t most)
{
    uint8_t form = input_u8(input);
    if (form == 255) {
        size_t times = input_u16(input);
        return repeated(input_u16(input), times < most ? times : most);
    }
    size_t width = form < 128 ? 1 : 2, count = form % 128;
    const uint8_t *bytes;
    count = count < most ? count : most;
    count = input_bytes(input, count * width, &bytes) / width;
    char16_t *units = allocate(count * sizeof *units);
    for (size_t i = 0; i < count; i++)
        units[i] = width == 1 ? bytes[i] : bytes_u16(bytes + 2 * i);
    return (struct text){units, count};
}

char *input_rest(struct input *input)
{
    const uint8_t *bytes;
    size_t size = input_bytes(input, input->left, &bytes);
    char *rest = allocate(size + 1);
    memcpy(rest, bytes, size);
    rest[size] = '\0';
    return rest;
}
