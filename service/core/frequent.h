/* frequent.h: the names that come most often among any number of names, in bounded memory.
 *
 * Space-saving (Metwally, Agrawal, El Abbadi, "Efficient Computation of Frequent and Top-k Elements
 * in Data Streams", 2005): a name that finds no room takes the place of the one counted least, with
 * that one's count as its possible error. So a name's count is never too low and too high by at
 * most its error, which is at most total / FREQUENT_MAX; and a name that came more often than that
 * is in the table. Up to FREQUENT_MAX different names all counts are exact.
 */
#ifndef RELAYLOCK_CORE_FREQUENT_H
#define RELAYLOCK_CORE_FREQUENT_H

#include "message_string.h"

enum { FREQUENT_MAX = 256 };

struct frequent {
    uint64_t total; /* names added */
    bool crowded;   /* there were more different ones than there is room for */
    uint32_t used;  /* different names in the table */
    uint64_t hashes[FREQUENT_MAX];
    uint64_t counts[FREQUENT_MAX];
    uint64_t errors[FREQUENT_MAX];
    struct message_string names[FREQUENT_MAX];
};

struct frequent_row {
    const struct message_string *name; /* a view into the table */
    uint64_t count;
    uint64_t error;
};

void frequent_init(struct frequent *frequent);
void frequent_add(struct frequent *frequent, const struct message_string *name);

/* The names that came most often, most first, equal ones in the order of their bytes: at most
 * `most`. Returns how many. */
size_t frequent_top(const struct frequent *frequent, struct frequent_row *rows, size_t most);

/* Whether there are many different names and no few of them make up most: at least `least` of them,
 * the three that came most often with fewer than `share` of 100. */
bool frequent_is_diverse(const struct frequent *frequent, uint32_t least, uint32_t share);

#endif
