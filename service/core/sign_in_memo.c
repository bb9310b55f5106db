#include "sign_in_memo.h"

#include <string.h>

#include "bytes.h"

enum {
    TRIES = 4,
    BYTES_MAX = 176,
    WORD = 8,                       /* bytes */
    SLOTS = 4 * SIGN_IN_MEMO_PLACES /* a power of 2; so many that most are found at once */
};

/* Three cache lines. Zeroed: free. */
struct entry {
    uint64_t serial;
    struct sign_in_units units;
    uint16_t size; /* of bytes; at least 2 * WORD */
    uint8_t bytes[BYTES_MAX];
};

_Static_assert(sizeof(struct entry) == 192, "three cache lines");

/* Entries are found by an index, and lie in the order in which they were made, so that few of them
 * are little memory; when there are too many, the one made longest ago gives way. What its slot of
 * the index then leads to is another's. */
struct sign_in_memo {
    struct entry at[SIGN_IN_MEMO_PLACES];
    uint16_t index[SLOTS]; /* by hash: a place and one; 0: free */
    uint64_t serial;       /* of the entry made last */
};

size_t sign_in_memo_size(void)
{
    return sizeof(struct sign_in_memo);
}

struct sign_in_memo *sign_in_memo_init(void *memory)
{
    return memory;
}

/* By the words at either end and in the middle: where client and account differ from others'. */
static uint32_t hash(const uint8_t *bytes, size_t size)
{
    const uint64_t factor = 0x9e3779b97f4a7c15;
    uint64_t begin = bytes_u64(bytes), middle = bytes_u64(bytes + size / 2 - WORD / 2);
    uint64_t last_two =
        bytes_u64(bytes + (size - (size_t)2 * WORD)) + 3 * bytes_u64(bytes + size - WORD);
    uint64_t all =
        (begin ^ size) * factor + (middle ^ last_two >> 32) * (factor << 1 | 1) + last_two * factor;

    return (uint32_t)((all ^ all >> 32) * factor >> 40) % SLOTS;
}

/* With fewer strings the same bytes are malformed. */
static inline bool is_memorable(const struct event_record *record)
{
    return record->string_count >= 3 && record->strings_size - 2 * WORD <= BYTES_MAX - 2 * WORD;
}

/* Whether an entry is that of a record's strings. */
static inline bool is_of(const struct entry *entry, const struct event_record *record)
{
    return entry->size == record->strings_size &&
           memcmp(entry->bytes, record->strings, record->strings_size) == 0;
}

/* The place of a record's strings, or the one where they should be put, from the first slot of the
 * index on where they may be. */
static uint32_t find(struct sign_in_memo *memo, uint32_t first, const struct event_record *record)
{
    uint16_t *taken = &memo->index[first]; /* unless one is free, whoever has it gives way */

    for (uint32_t i = 0; i < TRIES; i++) {
        uint16_t *slot = &memo->index[(first + i) % SLOTS];

        if (*slot == 0) {
            taken = slot;
            break;
        }
        if (is_of(&memo->at[*slot - 1], record)) {
            return *slot - 1u;
        }
    }
    *taken = (uint16_t)(memo->serial % SIGN_IN_MEMO_PLACES + 1);
    return *taken - 1u;
}

/* Makes an entry of a sign-in whose strings lie wholly in the bytes that it is known by. */
static bool remember(struct sign_in_memo *memo, struct entry *entry,
                     const struct event_record *record, const struct relay_event *event)
{
    const uint8_t *end = (const uint8_t *)(event->account.at + event->account.count + 1);

    if (end > record->strings + record->strings_size) {
        return false;
    }
    *entry = (struct entry){.serial = ++memo->serial,
                            .units = {.client = (uint16_t)event->client.count,
                                      .method = (uint16_t)event->method.count,
                                      .account = (uint16_t)event->account.count},
                            .size = (uint16_t)record->strings_size};
    memcpy(entry->bytes, record->strings, record->strings_size);
    return true;
}

/* For strings that were not found at once. */
static bool take_unknown(struct sign_in_memo *memo, const struct event_record *record,
                         uint32_t first, struct relay_event *event, struct sign_in_mark *mark)
{
    uint32_t place = find(memo, first, record);
    struct entry *entry = &memo->at[place];

    if (!is_of(entry, record)) {
        if (!event_record_to_relay_event(record, event)) {
            return false;
        }
        if (!remember(memo, entry, record, event)) {
            return true;
        }
    }
    *mark = (struct sign_in_mark){entry->serial, place, entry->units};
    return true;
}

uint32_t sign_in_memo_expect(const struct sign_in_memo *memo, const struct event_record *record)
{
    if (!is_memorable(record)) {
        return SLOTS;
    }
    uint32_t first = hash(record->strings, record->strings_size);
    uint32_t place = memo->index[first] - 1u;

    if (place < SIGN_IN_MEMO_PLACES) {
        bytes_expect(&memo->at[place]);
        bytes_expect(&memo->at[place].bytes[(size_t)WORD * 7]);
    }
    return first;
}

bool sign_in_memo_take(struct sign_in_memo *memo, const struct event_record *record,
                       uint32_t expected, struct relay_event *event, struct sign_in_mark *mark)
{
    mark->serial = mark->place = 0;
    if (expected == SLOTS) {
        return event_record_to_relay_event(record, event);
    }
    uint32_t place = memo->index[expected] - 1u;

    if (place < SIGN_IN_MEMO_PLACES && is_of(&memo->at[place], record)) {
        *mark = (struct sign_in_mark){memo->at[place].serial, place, memo->at[place].units};
        return true;
    }
    return take_unknown(memo, record, expected, event, mark);
}

void sign_in_mark_texts(const struct sign_in_mark *mark, const uint8_t *strings,
                        struct relay_event *event)
{
    const char16_t *units = (const char16_t *)(const void *)strings;

    event->client = (struct text){units, mark->units.client};
    units += mark->units.client + 1u;
    event->method = (struct text){units, mark->units.method};
    units += mark->units.method + 1u;
    event->account = (struct text){units, mark->units.account};
}
