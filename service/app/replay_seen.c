#include "replay_seen.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_AT_FIRST = 4096 }; /* a power of 2 */

struct replay_seen_slot {
    uint32_t computer; /* its hash; 0: the slot is free */
    uint32_t number, generated, written;
};

static bool is_same(const struct replay_seen_slot *one, const struct replay_seen_slot *other)
{
    return one->computer == other->computer && one->number == other->number &&
           one->generated == other->generated && one->written == other->written;
}

/* The slot that holds what `wanted` does, or the free one where it belongs. */
static struct replay_seen_slot *find(const struct replay_seen *seen,
                                     const struct replay_seen_slot *wanted)
{
    size_t mask = seen->room - 1;
    size_t i = (size_t)hash_bytes(wanted, sizeof *wanted, &seen->key) & mask;

    while (seen->slots[i].computer != 0 && !is_same(&seen->slots[i], wanted)) {
        i = (i + 1) & mask;
    }
    return &seen->slots[i];
}

static bool grow(struct replay_seen *seen)
{
    struct replay_seen grown = {.key = seen->key, .used = seen->used};

    if (seen->room > SIZE_MAX / 2) {
        return false;
    }
    grown.room = seen->room == 0 ? ROOM_AT_FIRST : seen->room * 2;
    grown.slots = calloc(grown.room, sizeof *grown.slots);
    if (grown.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < seen->room; i++) {
        if (seen->slots[i].computer != 0) {
            *find(&grown, &seen->slots[i]) = seen->slots[i];
        }
    }
    free(seen->slots);
    *seen = grown;
    return true;
}

enum replay_seen_answer replay_seen_note(struct replay_seen *seen,
                                         const struct event_record *record)
{
    const struct replay_seen_slot wanted = {
        .computer = (uint32_t)text_hash_fold(record->computer, &seen->key) | 1,
        .number = record->number,
        .generated = record->generated,
        .written = record->written,
    };

    if (seen->used >= seen->room / 2 &&
        !grow(seen)) { /* half of them are free: look-ups are short */
        return REPLAY_SEEN_NO_MEMORY;
    }
    struct replay_seen_slot *slot = find(seen, &wanted);

    if (slot->computer != 0) {
        return REPLAY_SEEN_BEFORE;
    }
    *slot = wanted;
    seen->used++;
    return REPLAY_SEEN_NOT;
}

void replay_seen_free(struct replay_seen *seen)
{
    free(seen->slots);
    seen->slots = NULL;
    seen->room = seen->used = 0;
}
