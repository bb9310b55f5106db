#include "account_table.h"

#include <string.h>

enum { CACHE_LINE = 64, ALIGNMENT = 16 };

_Static_assert(sizeof(struct account) == CACHE_LINE, "a cache line");

static uint64_t aligned(uint64_t size)
{
    return (size + ALIGNMENT - 1) & ~(uint64_t)(ALIGNMENT - 1);
}

/* Sizes of the parts in the order in which they lie; all are for slots from 0 up, the links for the
 * heads of the lists as well. */
static uint64_t links_size(uint32_t capacity)
{
    return aligned(sizeof(struct account_link) * ((uint64_t)capacity + 1 + ACCOUNT_LISTS));
}

static uint64_t persons_size(uint32_t capacity)
{
    return aligned(sizeof(struct account_person) * ((uint64_t)capacity + 1));
}

uint64_t account_table_size(uint32_t capacity)
{
    return aligned(slot_table_size(capacity)) + links_size(capacity) + persons_size(capacity) +
           sizeof(struct account) * ((uint64_t)capacity + 1) + CACHE_LINE - ALIGNMENT;
}

void account_table_init(struct account_table *table, void *memory, uint32_t capacity)
{
    uint8_t *links = (uint8_t *)memory + aligned(slot_table_size(capacity));
    uint8_t *persons = links + links_size(capacity);
    uint8_t *accounts = persons + persons_size(capacity);
    accounts += (CACHE_LINE - (uintptr_t)accounts % CACHE_LINE) % CACHE_LINE;
    *table = (struct account_table){.at = (struct account *)(void *)accounts,
                                    .person = (struct account_person *)(void *)persons,
                                    .links = (struct account_link *)(void *)links};
    slot_table_init(&table->slots, memory, capacity);
    for (uint32_t level = 0; level < ACCOUNT_LISTS; level++) {
        uint32_t list = account_table_list(table, level);
        table->links[list] = (struct account_link){list, list};
    }
}

static uint32_t sid_size_of(const struct identity *identity)
{
    return identity->sid_size < IDENTITY_SID_MAX ? identity->sid_size : IDENTITY_SID_MAX;
}

void account_identity(const struct account_table *table, uint32_t slot, struct identity *identity)
{
    const struct account_person *person = &table->person[slot];
    *identity = (struct identity){.kind = (enum identity_kind)table->at[slot].kind,
                                  .sid_size = table->at[slot].sid_size,
                                  .name = text_of(person->name)};
    memcpy(identity->sid, person->sid, identity->sid_size);
}

/* Where the two hints on this identity would lie: by the end of a SID, which is where those of one
 * domain differ, or by the end of a name. */
static uint32_t *recent_place(struct account_table *table, const struct identity *identity)
{
    uint64_t bits = 0;
    size_t size = sid_size_of(identity);
    const uint8_t *end = identity->sid + size;
    if (size == 0) {
        end = (const uint8_t *)(identity->name.at + identity->name.count);
        size = identity->name.count * sizeof(char16_t);
    }
    if (size >= sizeof bits)
        memcpy(&bits, end - sizeof bits, sizeof bits);
    return table->recent[(bits * 0x9e3779b97f4a7c15) >> (64 - ACCOUNT_RECENT_BITS)];
}

/* Whether a slot, which may be a free one, holds the account of this identity. Exact when true. */
static bool is_account_of(const struct account_table *table, uint32_t slot,
                          const struct identity *identity)
{
    const struct account_person *person = &table->person[slot];
    uint32_t sid_size = sid_size_of(identity);
    if (sid_size > 0)
        return table->at[slot].sid_size == sid_size &&
               memcmp(person->sid, identity->sid, sid_size) == 0;
    return person->name_count > 0 &&
           text_equal(identity->name, (struct text){person->name, person->name_count});
}

uint32_t account_table_find(struct account_table *table, const struct identity *identity,
                            const struct hash_key *key, uint64_t *hash)
{
    uint32_t sid_size = sid_size_of(identity);
    uint32_t *recent = recent_place(table, identity), slot;
    for (int i = 0; i < ACCOUNT_RECENT_EACH; i++) {
        slot = recent[i];
        if (slot && is_account_of(table, slot, identity)) {
            *hash = table->person[slot].hash;
            return slot;
        }
    }
    *hash = sid_size > 0 ? hash_bytes(identity->sid, sid_size, key)
                         : text_hash_fold(identity->name, key);
    for (slot = slot_table_first(&table->slots, *hash); slot;
         slot = slot_table_next(&table->slots, slot)) {
        const struct account_person *person = &table->person[slot];
        if (person->hash == *hash && table->at[slot].sid_size == sid_size &&
            memcmp(person->sid, identity->sid, sid_size) == 0) {
            recent[1] = recent[0];
            recent[0] = slot;
            break;
        }
    }
    return slot;
}

static void unlink_from_list(struct account_table *table, uint32_t slot)
{
    struct account_link link = table->links[slot];
    table->links[link.colder].warmer = link.warmer;
    table->links[link.warmer].colder = link.colder;
}

static void link_cold(struct account_table *table, uint32_t slot, uint32_t level)
{
    uint32_t list = account_table_list(table, level), warmer = table->links[list].warmer;
    table->links[slot] = (struct account_link){.colder = list, .warmer = warmer};
    table->links[warmer].colder = slot;
    table->links[list].warmer = slot;
    table->at[slot].level = (uint8_t)level;
}

uint32_t account_table_add(struct account_table *table, uint64_t hash,
                           const struct identity *identity, struct text name)
{
    uint32_t slot = slot_table_take(&table->slots, hash);
    if (!slot)
        return 0;
    struct account *account = &table->at[slot];
    struct account_person *person = &table->person[slot];
    *account = (struct account){.tenancy = ++table->added,
                                .kind = (uint8_t)identity->kind,
                                .sid_size = (uint8_t)sid_size_of(identity)};
    *person = (struct account_person){.hash = hash};
    memcpy(person->sid, identity->sid, account->sid_size);
    text_copy(person->name, ACCOUNT_SHOWN_MAX, name);
    if (account->sid_size == 0 && name.count < ACCOUNT_SHOWN_MAX &&
        text_equal(identity->name, name) && text_equal(name, text_of(person->name)))
        person->name_count = (uint8_t)name.count;
    link_cold(table, slot, 0);
    return slot;
}

void account_table_remove(struct account_table *table, uint32_t slot)
{
    unlink_from_list(table, slot);
    slot_table_give(&table->slots, slot, table->person[slot].hash);
    /* So that nothing that points here finds it. */
    table->at[slot].tenancy = 0;
    table->at[slot].sid_size = 0;
    table->person[slot].name_count = 0;
}

void account_table_cool(struct account_table *table, uint32_t slot, uint32_t level)
{
    unlink_from_list(table, slot);
    link_cold(table, slot, level);
}
