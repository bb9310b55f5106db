/* account_table.h: the accounts that a guard knows, by identity and by nearness to their limits.
 *
 * An account with a SID is found by its SID, one without by the 64-bit keyed hash of its folded
 * name. The key is secret and 65,536 names at once collide with a probability of 2^-33; what is
 * known by name only is never locked on Windows anyway (identity.h).
 */
#ifndef RELAYLOCK_CORE_ACCOUNT_TABLE_H
#define RELAYLOCK_CORE_ACCOUNT_TABLE_H

#include "history.h"
#include "verdict.h"

enum {
    ACCOUNT_LEVELS = 8,              /* of nearness; 0 is farthest from every limit */
    ACCOUNT_LOCKED = ACCOUNT_LEVELS, /* where those lie that are never forgotten */
    ACCOUNT_LISTS,
    ACCOUNT_RECENT_BITS = 12,
    ACCOUNT_RECENT_EACH = 2
};

enum hold {
    HOLD_NOT,
    HOLD_LOCKED,
    HOLD_WINDOW,   /* flagged: until now reaches hold_until */
    HOLD_BUDGET,   /* flagged: until budget.taken is not hold_until, or the budget has room */
    HOLD_HINDERED, /* flagged: until guard.hindrances is not hold_until */
    HOLD_QUEUE     /* flagged: until guard.corroborations is not hold_until */
};

/* What is looked at with each sign-in: one cache line. */
struct account {
    uint64_t tenancy; /* how many accounts had been added when this one was: tells apart who had a
                         slot one after the other; 0 in a free slot */
    struct history history;
    uint16_t plan; /* which limits it is under: guard.plans */
    uint8_t level; /* the list it is in */
    uint8_t hold;  /* enum hold */
    bool matched;  /* held against the Exempt list and the overrides: plan and exempt are known */
    bool exempt;
    uint8_t kind; /* enum identity_kind */
    uint8_t sid_size;
};

/* Who it is, and what is rarely asked. */
struct account_person {
    uint64_t hash;
    int64_t hold_until;
    char16_t name[ACCOUNT_SHOWN_MAX]; /* as first written; terminated */
    uint8_t name_count; /* units of name where it is, whole, what an account without a SID is known
                           by; else 0 */
    uint8_t sid[IDENTITY_SID_MAX];
};

/* Lists are rings: behind the warmest account of a level, and before its coldest, is the head of
 * the list, whose number is none of a slot. */
struct account_link {
    uint32_t colder, warmer;
};

struct account_table {
    struct slot_table slots;
    struct account *at;            /* by slot; each on a cache line */
    struct account_person *person; /* by slot */
    struct account_link *links;    /* by slot, then by list */
    uint64_t added;                /* accounts, ever */
    /* Slots that were found lately, by a few bits of the identity. Only ever a hint: what is found
     * here is compared in full. It saves most of the hashing. */
    uint32_t recent[1 << ACCOUNT_RECENT_BITS][ACCOUNT_RECENT_EACH];
};

/* Bytes for a table of capacity accounts, and a table in as many zeroed bytes aligned to 16. */
uint64_t account_table_size(uint32_t capacity);
void account_table_init(struct account_table *table, void *memory, uint32_t capacity);

/* The identity of an account as far as it is kept; its name is a view into the table. */
void account_identity(const struct account_table *table, uint32_t slot, struct identity *identity);

/* Slot of an account; 0 when it is not known. *hash is what it is, or would be, filed under. */
uint32_t account_table_find(struct account_table *table, const struct identity *identity,
                            const struct hash_key *key, uint64_t *hash);

/* Adds an account that is not there, at the cold end of level 0. 0 when the table is full. */
uint32_t account_table_add(struct account_table *table, uint64_t hash,
                           const struct identity *identity, struct text name);

void account_table_remove(struct account_table *table, uint32_t slot);

/* The head of the list of a level. */
static inline uint32_t account_table_list(const struct account_table *table, uint32_t level)
{
    return table->slots.capacity + 1 + level;
}

/* The next warmer account in the same list; behind the head the coldest. 0: no more. */
static inline uint32_t account_table_warmer(const struct account_table *table, uint32_t slot)
{
    uint32_t warmer = table->links[slot].warmer;
    return warmer <= table->slots.capacity ? warmer : 0;
}

/* The account of a level that was active longest ago; 0: there is none. */
static inline uint32_t account_table_coldest(const struct account_table *table, uint32_t level)
{
    return account_table_warmer(table, account_table_list(table, level));
}

/* Puts an account into the list of level: it was active just now (warm end), or it has merely come
 * down (cold end). */
static inline void account_table_warm(struct account_table *table, uint32_t slot, uint32_t level)
{
    struct account_link *links = table->links, link = links[slot];
    links[link.colder].warmer = link.warmer;
    links[link.warmer].colder = link.colder;
    uint32_t list = account_table_list(table, level), colder = links[list].colder;
    links[slot] = (struct account_link){.colder = colder, .warmer = list};
    links[colder].warmer = slot;
    links[list].colder = slot;
    table->at[slot].level = (uint8_t)level;
}
void account_table_cool(struct account_table *table, uint32_t slot, uint32_t level);

#endif
