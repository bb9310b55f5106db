/* lock_list.h: the accounts that the guard holds, and what became of each.
 *
 * A locked account that signs in again is either still served by an old session or was enabled by
 * an administrator. The first is watched for, the second means that it is counted anew. And an
 * account that was let go must not be decided again by sign-ins from before that, when the log is
 * read a second time.
 */
#ifndef RELAYLOCK_APP_LOCK_LIST_H
#define RELAYLOCK_APP_LOCK_LIST_H

#include <windows.h>
#include <stdbool.h>
#include "order.h"

enum { LOCK_LIST_MAX = 256 };

enum lock_state {
    LOCK_FREE,    /* unused */
    LOCK_ORDERED, /* the responder has it */
    LOCK_HELD,    /* it is locked */
    LOCK_TIMED,   /* held for a while only: release at due */
    LOCK_RELEASED /* let go: sign-ins up to time do not count */
};

struct lock_entry {
    enum lock_state state;
    struct order order;
    int64_t time; /* event time; LOCK_HELD: of the sign-in that led to it */
    DWORD due;    /* GetTickCount: of the release, or of the next look at it */
};

struct lock_list {
    struct lock_entry entries[LOCK_LIST_MAX];
    size_t used; /* entries before this were ever used */
    size_t next; /* which live one gives way next, when all are */
};

/* The entry of the account, or null. */
struct lock_entry *lock_list_find(struct lock_list *list, const uint8_t *sid, uint32_t sid_size);

/* The account's entry, made if there was none, set to LOCK_ORDERED. When the list is full, one that
 * was let go makes room; if there is none, the entry used longest, and *dropped is true with its
 * order in *old: its account must be let go. */
struct lock_entry *lock_list_add(struct lock_list *list, const struct order *order, bool *dropped,
                                 struct order *old);

#endif
