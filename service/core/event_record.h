/* event_record.h: the decoder of EVENTLOGRECORD, the one layout that ReadEventLog returns and .evt
 * files hold.
 *
 * Layout: learn.microsoft.com ns-winnt-eventlogrecord, event-log-file-format. Little-endian, fixed
 * part of 56 bytes, then source name, computer name, SID, strings, data, padding, length again.
 */
#ifndef RELAYLOCK_CORE_EVENT_RECORD_H
#define RELAYLOCK_CORE_EVENT_RECORD_H

#include "origin.h"
#include "relay_event.h"

enum {
    EVENT_RECORD_SIGNATURE = 0x654c664c, /* "LfLe" */
    EVENT_RECORD_FIXED_SIZE = 56,
    EVENT_RECORD_MIN_SIZE = 56 + 4 + 4, /* two empty names, the length again */
    /* Units of a source or computer name. A source is the name of a registry key, at most 255
     * (learn.microsoft.com registry-element-size-limits), a DNS name as well (RFC 1035). The bound
     * keeps the search through a damaged file linear. */
    EVENT_RECORD_NAME_MAX = 255,
    /* What the decoder looks at lies in so many first bytes, and in the last four. */
    EVENT_RECORD_HEAD_MAX = 56 + 2 * (EVENT_RECORD_NAME_MAX + 1) * 2
};

struct event_record {
    uint32_t size; /* bytes, padding and trailing length included */
    uint32_t number;
    uint32_t generated; /* seconds since 1970-01-01 UTC */
    uint32_t written;
    uint32_t event_id; /* severity, customer, facility and code together */
    uint16_t type;
    uint16_t category;
    uint16_t string_count;
    struct text source;
    struct text computer;
    const uint8_t *strings; /* first insertion string, not yet checked */
    uint32_t strings_size;  /* bytes up to what follows them: data, or the end; not yet checked */
    uint32_t parts_end;     /* offset where strings (at least) and SID end */
    const uint8_t *end;     /* nothing of the record's content lies at or behind this */
};

enum event_record_status {
    EVENT_RECORD_OK,
    EVENT_RECORD_SHORT,  /* the bytes end before the record does */
    EVENT_RECORD_DAMAGED /* no record: signature, sizes, offsets or names contradict each other */
};

/* Decodes the record that starts at bytes, which must be aligned to 2 (4 for ReadEventLog). Reads
 * nothing at or behind bytes + size. *record is written only with EVENT_RECORD_OK; its views point
 * into bytes. Strings, SID and data must lie between the names and the trailing length; the offset
 * of an absent part is not looked at. The strings themselves are checked when they are asked for.
 */
enum event_record_status event_record_decode(const uint8_t *bytes, size_t size,
                                             struct event_record *record);

/* As event_record_decode, of a record of which perhaps only the beginning is there: longer ones
 * than size are EVENT_RECORD_OK too, as far as the first EVENT_RECORD_HEAD_MAX bytes tell; with
 * fewer they may be EVENT_RECORD_SHORT. The length at the end is not looked at. */
enum event_record_status event_record_decode_head(const uint8_t *bytes, size_t size,
                                                  struct event_record *record);

/* Insertion string index (from 0). False when the record has fewer, or the string is not terminated
 * within the record. */
bool event_record_string(const struct event_record *record, uint32_t index, struct text *string);

/* What is looked for: the provider (source name, letters folded) and the code, the low 16 bits of
 * the event identifier (learn.microsoft.com event-identifiers); and from which computers it counts.
 */
struct event_record_filter {
    struct text provider;
    uint16_t event_id;
    struct origin_rule origins;
};
bool event_record_matches(const struct event_record *record,
                          const struct event_record_filter *filter);

/* The sign-in that a matching record tells of. False when it is malformed (relay_event.h); *event
 * is written all the same: record, time and origin, so that it can be named, and the strings that
 * were there. */
bool event_record_to_relay_event(const struct event_record *record, struct relay_event *event);

#endif
