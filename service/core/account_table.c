#include "account_table.h"

#include <string.h>

static uint64_t aligned(uint64_t size)
{
    return (size + 15) & ~UINT64_C(15);
}

static uint64_t links_size(uint32_t capacity)
{
    return aligned(sizeof(struct account_link) * ((uint64_t)capacity + 1));
}

uint64_t account_table_size(uint32_t capacity)
{
    return aligned(slot_table_size(capacity)) + links_size(capacity) +
           sizeof(struct account) * ((uint64_t)capacity + 1);
}

void account_table_init(struct account_table *table, void *memory, uint32_t capacity)
{
    uint8_t *links = (uint8_t *)memory + aligned(slot_table_size(capacity));
    *table = (struct account_table){.links = (struct account_link *)(void *)links,
                                    .at = (struct account *)(void *)(links + links_size(capacity))};
    slot_table_init(&table->slots, memory, capacity);
}

static uint32_t sid_size_of(const struct identity *identity)
{
    return identity->sid_size < IDENTITY_SID_MAX ? identity->sid_size : IDENTITY_SID_MAX;
}

uint64_t account_hash(const struct identity *identity, const struct hash_key *key)
{
    return identity->sid_size > 0 ? hash_bytes(identity->sid, sid_size_of(identity), key)
                                  : text_hash_fold(identity->name, key);
}

void account_identity(const struct account *account, struct identity *identity)
{
    *identity = (struct identity){.kind = (enum identity_kind)account->kind,
                                  .sid_size = account->sid_size,
                                  .name = text_of(account->name)};
    memcpy(identity->sid, account->sid, account->sid_size);
}

uint32_t account_table_find(const struct account_table *table, uint64_t hash,
                            const struct identity *identity)
{
    uint32_t sid_size = sid_size_of(identity);
    uint32_t slot = slot_table_first(&table->slots, hash);
    for (; slot; slot = slot_table_next(&table->slots, slot)) {
        const struct account *account = &table->at[slot];
        if (account->hash == hash && account->sid_size == sid_size &&
            memcmp(account->sid, identity->sid, sid_size) == 0)
            break;
    }
    return slot;
}

static void unlink_from_list(struct account_table *table, uint32_t slot)
{
    struct account_link *links = table->links;
    uint32_t level = table->at[slot].level;
    uint32_t colder = links[slot].colder, warmer = links[slot].warmer;
    *(colder ? &links[colder].warmer : &table->coldest[level]) = warmer;
    *(warmer ? &links[warmer].colder : &table->warmest[level]) = colder;
}

static void link_warm(struct account_table *table, uint32_t slot, uint32_t level)
{
    uint32_t colder = table->warmest[level];
    table->links[slot] = (struct account_link){.colder = colder};
    *(colder ? &table->links[colder].warmer : &table->coldest[level]) = slot;
    table->warmest[level] = slot;
    table->at[slot].level = (uint8_t)level;
}

static void link_cold(struct account_table *table, uint32_t slot, uint32_t level)
{
    uint32_t warmer = table->coldest[level];
    table->links[slot] = (struct account_link){.warmer = warmer};
    *(warmer ? &table->links[warmer].colder : &table->warmest[level]) = slot;
    table->coldest[level] = slot;
    table->at[slot].level = (uint8_t)level;
}

uint32_t account_table_add(struct account_table *table, uint64_t hash,
                           const struct identity *identity, struct text name)
{
    uint32_t slot = slot_table_take(&table->slots, hash);
    if (!slot)
        return 0;
    struct account *account = &table->at[slot];
    *account = (struct account){
        .hash = hash, .kind = (uint8_t)identity->kind, .sid_size = (uint8_t)sid_size_of(identity)};
    memcpy(account->sid, identity->sid, account->sid_size);
    text_copy(account->name, ACCOUNT_SHOWN_MAX, name);
    link_cold(table, slot, 0);
    return slot;
}

void account_table_remove(struct account_table *table, uint32_t slot)
{
    unlink_from_list(table, slot);
    slot_table_give(&table->slots, slot, table->at[slot].hash);
}

void account_table_warm(struct account_table *table, uint32_t slot, uint32_t level)
{
    if (table->warmest[level] == slot)
        return;
    unlink_from_list(table, slot);
    link_warm(table, slot, level);
}

void account_table_cool(struct account_table *table, uint32_t slot, uint32_t level)
{
    unlink_from_list(table, slot);
    link_cold(table, slot, level);
}
