/* event_shape.h: decodes records that follow each other in memory, most of them by what they have
 * in common with an earlier one.
 *
 * Nearly all records of a log are of a few kinds: the same event of the same source and computer,
 * laid out alike. What such a kind has in common is its shape. A record that has it, byte for byte,
 * needs no more than the rest taken; any other is decoded in full, and its shape is remembered
 * instead of another's. What is told is the same either way.
 */
#ifndef RELAYLOCK_CORE_EVENT_SHAPE_H
#define RELAYLOCK_CORE_EVENT_SHAPE_H

#include "event_record.h"

enum {
    EVENT_SHAPES = 8,           /* a power of 2; events whose identifiers differ in the low bits */
    EVENT_SHAPE_FIXED = 28,     /* bytes from the event identifier to the offset of the SID */
    EVENT_SHAPE_NAMES_MAX = 192 /* bytes; records with longer names have no shape */
};

struct event_shape {
    uint32_t names_size;        /* bytes of both names; 0: no shape */
    uint32_t content_least;     /* bytes up to the end of what all of them have */
    bool matches;               /* what is looked for */
    struct event_record record; /* but for its views */
    uint8_t fixed[EVENT_SHAPE_FIXED];
    uint8_t names[EVENT_SHAPE_NAMES_MAX];
};

struct event_shapes {
    struct event_record_filter filter;
    struct event_shape at[EVENT_SHAPES];
};

/* No shapes yet. What the filter views must outlive them. */
void event_shapes_init(struct event_shapes *shapes, const struct event_record_filter *filter);

/* A record, and whether it is what is looked for (event_record_matches). One that is, but of a
 * computer whose do not count, is without its strings: so it is told apart where malformed ones
 * are, at no cost for the others. */
struct event_found {
    struct event_record record;
    bool matches;
};

/* Finds out what a decoded record is, for found->record: the rest of it. */
void event_shapes_judge(const struct event_shapes *shapes, struct event_found *found);

/* Decodes the records that follow each other from bytes on, which must be aligned to 2, at most
 * `most`, up to the first that is not whole, or is none, by event_record_decode. Returns how many.
 */
size_t event_shapes_decode(struct event_shapes *shapes, const uint8_t *bytes, size_t size,
                           struct event_found *found, size_t most);

#endif
