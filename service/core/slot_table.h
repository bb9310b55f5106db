/* slot_table.h: numbers of slots that are free or filed under a hash.
 *
 * What lies in a slot is its owner's business (an array indexed by the same numbers); the table
 * hands the numbers out, takes them back, and lists those filed under a hash. Numbers run from 1 to
 * the capacity; 0 stands for none.
 */
#ifndef RELAYLOCK_CORE_SLOT_TABLE_H
#define RELAYLOCK_CORE_SLOT_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct slot_table {
    uint32_t *buckets; /* mask + 1 chains, by the low bits of the hash */
    uint32_t *next;    /* in the chain of a filed slot, in the list of free ones */
    uint32_t mask;
    uint32_t capacity;
    uint32_t used;  /* filed now */
    uint32_t fresh; /* slots from here on were never used */
    uint32_t free;  /* first of the slots that were given back */
};

/* Bytes for a table of capacity slots, 1 to 2^30. */
uint64_t slot_table_size(uint32_t capacity);

/* An empty table in zeroed memory of slot_table_size(capacity) bytes, aligned to 4. */
void slot_table_init(struct slot_table *table, void *memory, uint32_t capacity);

/* A free slot, filed under hash from now on; 0 when all are in use. */
uint32_t slot_table_take(struct slot_table *table, uint64_t hash);

/* Frees a slot that is filed under hash. */
void slot_table_give(struct slot_table *table, uint32_t slot, uint64_t hash);

/* The slots that may be filed under hash: the first, and the one behind slot. Others, whose hash
 * ends in the same bits, are among them. */
static inline uint32_t slot_table_first(const struct slot_table *table, uint64_t hash)
{
    return table->buckets[(uint32_t)hash & table->mask];
}

static inline uint32_t slot_table_next(const struct slot_table *table, uint32_t slot)
{
    return table->next[slot];
}

#endif
