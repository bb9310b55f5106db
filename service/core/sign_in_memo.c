#include "sign_in_memo.h"

#include <string.h>

#include "bytes.h"

enum { TRIES = 4, BYTES_MAX = 176, WORD = 8 /* bytes */ };

/* Three cache lines. Zeroed: free. */
struct entry {
    uint64_t serial;
    uint16_t size;                    /* of bytes; at least 2 * WORD */
    uint16_t client, method, account; /* units */
    uint8_t bytes[BYTES_MAX];
};

_Static_assert(sizeof(struct entry) == 192, "three cache lines");

struct sign_in_memo {
    struct entry at[SIGN_IN_MEMO_PLACES];
    uint64_t serial; /* of the entry made last */
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
static uint32_t first_place(const uint8_t *bytes, size_t size)
{
    const uint64_t factor = 0x9e3779b97f4a7c15;
    uint64_t begin = bytes_u64(bytes), middle = bytes_u64(bytes + size / 2 - WORD / 2);
    uint64_t last_two = bytes_u64(bytes + size - 2 * WORD) + 3 * bytes_u64(bytes + size - WORD);
    uint64_t all =
        (begin ^ size) * factor + (middle ^ last_two >> 32) * (factor << 1 | 1) + last_two * factor;

    return (uint32_t)((all ^ all >> 32) * factor >> 40) % SIGN_IN_MEMO_PLACES;
}

/* Whether a record's strings can be remembered. With fewer strings the same bytes are malformed. */
static inline bool is_memorable(const struct event_record *record)
{
    return record->string_count >= 3 && record->strings_size >= 2 * WORD &&
           record->strings_size <= BYTES_MAX;
}

uint32_t sign_in_memo_expect(const struct sign_in_memo *memo, const struct event_record *record)
{
    if (!is_memorable(record)) {
        return 0;
    }
    uint32_t place = first_place(record->strings, record->strings_size);
    const struct entry *entry = &memo->at[place];

    bytes_expect(entry);
    bytes_expect(&entry->bytes[WORD * 7]);
    return place;
}

/* The entry of these bytes, from a place on, or the one where they should be put; *known says
 * which.
 */
static struct entry *find(struct sign_in_memo *memo, uint32_t first, const uint8_t *bytes,
                          uint32_t size, bool *known)
{
    *known = false;
    for (uint32_t i = 0; i < TRIES; i++) {
        struct entry *entry = &memo->at[(first + i) % SIGN_IN_MEMO_PLACES];

        if (entry->size == size && bytes_equal(entry->bytes, bytes, size)) {
            *known = true;
            return entry;
        }
        if (entry->size == 0) {
            return entry;
        }
    }
    return &memo->at[first]; /* whoever has it gives way */
}

/* The sign-in that an entry was made of, told by the same bytes somewhere else. */
static void retell(const struct entry *entry, const struct event_record *record,
                   struct relay_event *event)
{
    const char16_t *units = (const char16_t *)(const void *)record->strings;

    event->record = record->number;
    event->time = record->generated;
    event->origin = record->computer;
    event->client = (struct text){units, entry->client};
    units += entry->client + 1u;
    event->method = (struct text){units, entry->method};
    units += entry->method + 1u;
    event->account = (struct text){units, entry->account};
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
                            .size = (uint16_t)record->strings_size,
                            .client = (uint16_t)event->client.count,
                            .method = (uint16_t)event->method.count,
                            .account = (uint16_t)event->account.count};
    memcpy(entry->bytes, record->strings, record->strings_size);
    return true;
}

bool sign_in_memo_take(struct sign_in_memo *memo, const struct event_record *record,
                       uint32_t expected, struct relay_event *event, struct sign_in_mark *mark)
{
    bool known;

    *mark = (struct sign_in_mark){0};
    if (!is_memorable(record)) {
        return event_record_to_relay_event(record, event);
    }
    struct entry *entry = find(memo, expected, record->strings, record->strings_size, &known);

    if (known) {
        retell(entry, record, event);
    } else if (!event_record_to_relay_event(record, event)) {
        return false;
    } else if (!remember(memo, entry, record, event)) {
        return true;
    }
    mark->serial = entry->serial;
    mark->place = (uint32_t)(entry - memo->at);
    return true;
}
