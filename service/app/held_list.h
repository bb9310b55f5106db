/* held_list.h: the accounts that the guard holds, what became of each, and their sign-ins since.
 *
 * A sign-in of a locked account is a leak when its event is from after the lock, or after what was
 * last done about it: by its time, or, should the clock have been set back, by its record lying
 * behind everything that there was when that was heard of. And sign-ins from before an account was
 * let go must not count again when the log is read a second time.
 */
#ifndef RELAYLOCK_APP_HELD_LIST_H
#define RELAYLOCK_APP_HELD_LIST_H

#include "account_news.h"
#include "order.h"

enum {
    HELD_LIST_MAX = 1024,   /* more than the journal keeps */
    HELD_LIST_PAUSE = 30000 /* ms at least between two messages of leaks of one account */
};

enum held_state {
    HELD_FREE,    /* unused */
    HELD_ORDERED, /* it is going to be locked */
    HELD_LOCKED,
    HELD_TIMED,   /* held for a while only: let go at due */
    HELD_RELEASED /* let go */
};

struct held_entry {
    enum held_state state;
    int64_t time; /* LOCKED: leaks are from after it; TIMED, RELEASED: what is from before ... */
    uint64_t
        record; /* ... or from behind that record; TIMED, RELEASED: ... and up to it is settled */
    DWORD due;  /* GetTickCount, as below; TIMED: when it is let go */
    bool over_pace; /* TIMED: since it was one more than may be locked within an hour (lock_pace.h)
                     */
    bool was_released; /* ORDERED: it was RELEASED, and is again should that not be put down */
    bool recent;       /* RELEASED: from a lock, less than a day ago: until recent_until */
    DWORD recent_until;
    bool recalled;        /* of an earlier process, which added up what came before the lock */
    uint64_t seen_record; /* up to there its sign-ins are in the sums */
    int64_t seen_time;
    bool pending; /* there are sums to tell, at tell_at */
    bool leaked;  /* a leak was told, at leaked_at */
    DWORD tell_at, leaked_at;
    struct held_sign_ins sums; /* with its SID */
};

struct held_list {
    struct held_entry entries[HELD_LIST_MAX];
    size_t used; /* entries before this were ever used */
    size_t next; /* which live one gives way next, when all are */
};

/* The entry of the account, or null. */
struct held_entry *held_list_find(struct held_list *list, const uint8_t *sid, uint32_t sid_size);

/* The account's entry, made if there was none. When the list is full, one that was let go makes
 * room; if there is none, the entry used longest, and *dropped is true with its SID in *old. */
struct held_entry *held_list_add(struct held_list *list, const uint8_t *sid, uint32_t sid_size,
                                 bool *dropped, struct held_sign_ins *old);

/* Whether a sign-in is from before its account was let go: settled, and only read again. */
bool held_is_settled(const struct held_entry *entry, uint64_t record, int64_t time);

/* Adds a sign-in up: of an account that is ordered or locked. */
void held_add(struct held_entry *entry, const struct relay_event *event, DWORD now);

/* The next entry whose sums are to be told now, or null; *wait is lowered to when there will be. */
struct held_entry *held_list_due(struct held_list *list, DWORD now, DWORD *wait);

/* An entry that is held for the pace; or null. */
struct held_entry *held_list_over_pace(struct held_list *list);

/* An entry whose sums are to be told, now or later; or null. */
struct held_entry *held_list_pending(struct held_list *list);

/* Nothing holds its account. */
void held_unheld(struct held_entry *entry);

/* The account of a new or a released entry is not locked now, but let go in so many ms; its
 * sign-ins up to a time and record are settled. */
void held_over_pace(struct held_entry *entry, int64_t time, uint64_t record, DWORD now, DWORD wait);

/* It is let go, and all its sign-ins count again. */
void held_count_again(struct held_entry *entry);

/* Its sums were told, or could not be told and wait. */
void held_told(struct held_entry *entry, bool told, DWORD now);

/* All up to that record was read: what is behind it came after all that was heard. */
void held_list_all_read(struct held_list *list, uint64_t record);

/* To be called once a day at the least: keeps times that have passed from looking like times to
 * come when GetTickCount wraps. */
void held_list_settle(struct held_list *list, DWORD now);

#endif
