#include "slot_table.h"

static uint32_t bucket_count(uint32_t capacity)
{
    uint32_t count = 1;
    while (count < capacity)
        count *= 2;
    return count;
}

uint64_t slot_table_size(uint32_t capacity)
{
    return sizeof(uint32_t) * ((uint64_t)bucket_count(capacity) + capacity + 1);
}

void slot_table_init(struct slot_table *table, void *memory, uint32_t capacity)
{
    uint32_t count = bucket_count(capacity);
    *table = (struct slot_table){.buckets = memory,
                                 .next = (uint32_t *)memory + count,
                                 .mask = count - 1,
                                 .capacity = capacity,
                                 .fresh = 1};
}

uint32_t slot_table_take(struct slot_table *table, uint64_t hash)
{
    uint32_t slot = table->free;
    if (slot)
        table->free = table->next[slot];
    else if (table->fresh <= table->capacity)
        slot = table->fresh++;
    else
        return 0;
    uint32_t *bucket = &table->buckets[(uint32_t)hash & table->mask];
    table->next[slot] = *bucket;
    *bucket = slot;
    table->used++;
    return slot;
}

void slot_table_give(struct slot_table *table, uint32_t slot, uint64_t hash)
{
    uint32_t *link = &table->buckets[(uint32_t)hash & table->mask];
    while (*link != slot)
        link = &table->next[*link];
    *link = table->next[slot];
    table->next[slot] = table->free;
    table->free = slot;
    table->used--;
}
