/* rendered_event.h: the sign-in in an event that wevtapi has rendered as values.
 *
 * EvtRender(EvtRenderEventValues) fills a block: an array of EVT_VARIANT, 16 bytes each (a value of
 * 8 bytes, the first 4 of which are a pointer in a process of 32 bits; the count of an array's
 * items; the type), and behind it what their pointers point to. Source: learn.microsoft.com
 * ns-winevt-evt_variant, ne-winevt-evt_system_property_id. An event of a classic provider has its
 * insertion strings as data: as several strings, or as one array of strings.
 *
 * All of it is untrusted: types, counts and pointers are held against the block.
 */
#ifndef RELAYLOCK_CORE_RENDERED_EVENT_H
#define RELAYLOCK_CORE_RENDERED_EVENT_H

#include "relay_event.h"

/* The layout, and of the types and system properties those that are looked at; modern_event.c holds
 * them against winevt.h. */
enum {
    RENDERED_VALUE_SIZE = 16, /* bytes */
    RENDERED_AT_COUNT = 8,
    RENDERED_AT_TYPE = 12,
    RENDERED_NULL = 0,
    RENDERED_STRING = 1, /* UTF-16, terminated */
    RENDERED_UINT64 = 10,
    RENDERED_FILETIME = 17,
    RENDERED_ARRAY = 128, /* flag: the value points to an array of the type */
    RENDERED_TIME_CREATED = 8,
    RENDERED_RECORD_ID = 9,
    RENDERED_COMPUTER = 15,
    RENDERED_PROPERTIES = 18
};

/* The values of one render context. Zeroed: none. */
struct rendered_values {
    const void *block; /* aligned to 8 */
    size_t size;       /* bytes in use */
    uint32_t count;    /* values that there are said to be */
};

/* Takes the sign-in out of the system properties and the event's own data. False when it is none;
 * *event is written all the same: record, time and origin as far as they are known (else 0). Its
 * texts point into the blocks. */
bool rendered_event_to_relay_event(const struct rendered_values *properties,
                                   const struct rendered_values *data, struct relay_event *event);

#endif
