/* replay_seen.h: which records were read already, so that one that several saves of a log hold is
 * counted once.
 *
 * A record is known by the computer it came from, its number and both its times. Memory: 16 bytes a
 * slot, a power of 2 of slots that is at most 4 times the records (and half as much again while it
 * grows).
 */
#ifndef RELAYLOCK_APP_REPLAY_SEEN_H
#define RELAYLOCK_APP_REPLAY_SEEN_H

#include "../core/event_record.h"

struct replay_seen_slot;

/* All zero but for the key: empty. */
struct replay_seen {
    struct hash_key key;
    struct replay_seen_slot *slots; /* owned: replay_seen_free */
    size_t room, used;
};

enum replay_seen_answer { REPLAY_SEEN_NOT, REPLAY_SEEN_BEFORE, REPLAY_SEEN_NO_MEMORY };

/* Whether the record was noted before; if not, it is now, unless memory is out. */
enum replay_seen_answer replay_seen_note(struct replay_seen *seen,
                                         const struct event_record *record);
void replay_seen_free(struct replay_seen *seen);

#endif
