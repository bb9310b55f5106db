/* input.h: takes a fuzzer's input apart: numbers, texts, blocks of bytes. What is not there any
 * more is 0, or empty.
 */
#ifndef RELAYLOCK_TESTS_INPUT_H
#define RELAYLOCK_TESTS_INPUT_H

#include "core/text.h"

struct input {
    const uint8_t *at;
    size_t left; /* bytes */
};

uint8_t input_u8(struct input *input);
uint16_t input_u16(struct input *input);
uint32_t input_u32(struct input *input);
uint64_t input_u64(struct input *input);

/* The next bytes, at most so many; a view. Returns how many. */
size_t input_bytes(struct input *input, size_t most, const uint8_t **bytes);

/* The same in a block of exactly their size, so that the sanitizers see every step outside of it.
 * To be freed. */
uint8_t *input_block(struct input *input, size_t most, size_t *size);

/* A frame (core/journal.h) of that kind, whose checksum is right, of a payload of at most so many
 * bytes; as its first byte says also one of another kind (2 to 255), or bytes that are none (0). To
 * be freed. */
uint8_t *input_frame(struct input *input, uint16_t kind, size_t most, size_t *size);

/* A text: a byte says how long it is and how its units are written, a byte each (0 to 127: so many)
 * or two (128 to 254: so many, less 128); 255: one unit, as often as the next two bytes say. At
 * most `most` units, in a block of exactly their size, to be freed by its at, which is never null.
 */
struct text input_text(struct input *input, size_t most);

/* All that is left, as terminated bytes without a NUL in between: what follows one is not there. To
 * be freed. */
char *input_rest(struct input *input);

#endif
