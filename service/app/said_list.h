/* said_list.h: the flags that were told, so that reading the log again does not tell them twice.
 *
 * Zeroed it is empty. The oldest of more than SAID_LIST_MAX gives way.
 */
#ifndef RELAYLOCK_APP_SAID_LIST_H
#define RELAYLOCK_APP_SAID_LIST_H

#include "../core/text.h"
#include "../core/verdict.h"

enum { SAID_LIST_MAX = 256 };

/* A flag already told; the record that crossed the limit tells it from a new one. */
struct said_flag {
    uint64_t account; /* hash of its name */
    enum flag_reason flag;
    uint64_t record;
    int64_t time;  /* event time, s */
    bool recalled; /* told by an earlier process, whose guard would have held it for a window */
};

struct said_list {
    struct said_flag flags[SAID_LIST_MAX];
    size_t next;
};

/* Of the account of that name, not recalled. key: that of all in the list. */
struct said_flag said_flag_of(struct text account, const struct hash_key *key,
                              enum flag_reason flag, uint64_t record, int64_t time);

/* Notes it, if it is not there. */
void said_list_add(struct said_list *list, const struct said_flag *flag);

/* Whether this one was told: its crossing or a later one of the same account, for the same reason;
 * or, by an earlier process, any within a window (s). */
bool said_list_has(const struct said_list *list, const struct said_flag *flag, uint32_t window);

#endif
