/* spelling_table.h: remembers the number of a name by its very units, so that a name that is
 * written as before needs neither folding nor splitting nor a keyed hash.
 *
 * Only ever a short cut: what is found was compared in full, what finds no room among a few places
 * is not remembered. The hash is quick and not keyed, so that whoever chooses names can make them
 * compete for places, and gains that the long way is taken.
 */
#ifndef RELAYLOCK_CORE_SPELLING_TABLE_H
#define RELAYLOCK_CORE_SPELLING_TABLE_H

#include "text.h"

enum {
    SPELLING_TABLE_PLACES = 16384, /* a power of 2 */
    SPELLING_MAX = 29              /* units; longer names are not remembered */
};

/* One cache line. Zeroed: free. */
struct spelling {
    uint32_t next_number; /* the name's number and one */
    uint16_t count;
    char16_t units[SPELLING_MAX];
};

/* Zeroed: empty. */
struct spelling_table {
    struct spelling at[SPELLING_TABLE_PLACES];
};

/* The number of a name that was remembered, or UINT32_MAX. */
uint32_t spelling_find(const struct spelling_table *table, struct text name);

/* Remembers the number (less than UINT32_MAX) of a name that was not found. */
void spelling_add(struct spelling_table *table, struct text name, uint32_t number);

#endif
