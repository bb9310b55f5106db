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
#include "responder.h"

enum { LOCK_LIST_MAX = 256 }; /* the oldest is dropped for a newer one */

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
    int64_t time; /* LOCK_HELD: of the lock; LOCK_RELEASED: see there; s since 1970 UTC */
    DWORD due;    /* GetTickCount: of the release, or of the next look at it */
};

struct lock_list {
    struct lock_entry entries[LOCK_LIST_MAX];
    size_t next; /* where the next new one goes */
    size_t used; /* entries before this were ever used */
};

/* The entry of the account, or null. */
struct lock_entry *lock_list_find(struct lock_list *list, const uint8_t *sid, uint32_t sid_size);

/* The account's entry, made if there was none, set to LOCK_ORDERED. */
struct lock_entry *lock_list_add(struct lock_list *list, const struct order *order);

#endif
