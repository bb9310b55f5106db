#include "client_table.h"

/* The same name under many accounts must not share one chain. */
static uint64_t mix(uint32_t account, uint64_t hash)
{
    return hash ^ ((account * UINT64_C(0x9e3779b97f4a7c15)) >> 24);
}

static uint64_t slots_size(uint32_t capacity)
{
    return (slot_table_size(capacity) + 15) & ~UINT64_C(15);
}

uint64_t client_table_size(uint32_t capacity)
{
    return slots_size(capacity) + sizeof(struct client) * ((uint64_t)capacity + 1);
}

void client_table_init(struct client_table *table, void *memory, uint32_t capacity)
{
    slot_table_init(&table->slots, memory, capacity);
    table->at = (struct client *)(void *)((uint8_t *)memory + slots_size(capacity));
}

uint32_t client_table_find(const struct client_table *table, uint32_t account, uint64_t hash)
{
    uint32_t slot = slot_table_first(&table->slots, mix(account, hash));
    while (slot && (table->at[slot].hash != hash || table->at[slot].account != account))
        slot = slot_table_next(&table->slots, slot);
    return slot;
}

uint32_t client_table_add(struct client_table *table, uint32_t account, uint64_t hash,
                          struct text name)
{
    uint32_t slot = slot_table_take(&table->slots, mix(account, hash));
    if (!slot)
        return 0;
    struct client *client = &table->at[slot];
    *client = (struct client){.hash = hash, .account = account};
    text_copy(client->name, CLIENT_SHOWN_MAX, name);
    return slot;
}

void client_table_remove(struct client_table *table, uint32_t slot)
{
    const struct client *client = &table->at[slot];
    slot_table_give(&table->slots, slot, mix(client->account, client->hash));
}
