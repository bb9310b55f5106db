/* client_table.h: the client names that the sign-ins held in memory came with.
 *
 * A client is a name as one account used it: two accounts with the same name have a client each, so
 * that what is known of it (how often, when last) can be kept with it. Names are one when their
 * 64-bit keyed hashes over the folded units are. The key is secret and a million clients at once
 * collide with a probability of 2^-25, so the names themselves need not be kept whole.
 */
#ifndef RELAYLOCK_CORE_CLIENT_TABLE_H
#define RELAYLOCK_CORE_CLIENT_TABLE_H

#include "slot_table.h"
#include "verdict.h"

struct client {
    uint64_t hash; /* of the folded name */
    /* Its last sign-in, as struct sign_in has it (history.h). */
    int64_t time;
    uint64_t record;
    uint32_t behind;
    uint32_t sign_ins;               /* in the account's ring; 0: no more than the last is held */
    uint32_t older, newer;           /* in the account's list of clients */
    uint32_t account;                /* whose */
    uint32_t tally;                  /* scratch for whoever counts */
    char16_t name[CLIENT_SHOWN_MAX]; /* as first written */
};

struct client_table {
    struct slot_table slots;
    struct client *at; /* by slot */
};

/* Bytes for a table of capacity clients, and a table in as many zeroed bytes aligned to 16. */
uint64_t client_table_size(uint32_t capacity);
void client_table_init(struct client_table *table, void *memory, uint32_t capacity);

/* Whether a client has this very name, unit for unit: the cheap question before the hash. False for
 * names too long to be kept whole. */
static inline bool client_is_written(const struct client *client, struct text name)
{
    /* A name that was cut has CLIENT_SHOWN_MAX - 2 units at least (text_copy). */
    return name.count < CLIENT_SHOWN_MAX - 2 && client->name[name.count] == 0 &&
           text_equal((struct text){client->name, name.count}, name);
}

/* The client of an account under a hash; 0 when there is none. */
uint32_t client_table_find(const struct client_table *table, uint32_t account, uint64_t hash);

/* Adds a client that is not there, with no sign-ins yet. 0 when the table is full. */
uint32_t client_table_add(struct client_table *table, uint32_t account, uint64_t hash,
                          struct text name);

void client_table_remove(struct client_table *table, uint32_t slot);

#endif
