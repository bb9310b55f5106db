#include "spelling_table.h"

#include <string.h>

#include "bytes.h"

enum { TRIES = 8, WORD = 4 /* units */ };

_Static_assert(sizeof(struct spelling) == 64, "a cache line");

static uint64_t word_at(const char16_t *units)
{
    return bytes_u64((const uint8_t *)units);
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    return (hash ^ word) * 0x9e3779b97f4a7c15;
}

/* By words; the last one overlaps the one before it if need be. */
static uint32_t first_place(struct text name)
{
    uint64_t hash = name.count;

    if (name.count >= WORD) {
        for (size_t i = 0; i + WORD < name.count; i += WORD) {
            hash = mix(hash, word_at(name.at + i));
        }
        hash = mix(hash, word_at(name.at + name.count - WORD));
    } else {
        for (size_t i = 0; i < name.count; i++) {
            hash = mix(hash, name.at[i]);
        }
    }
    return (uint32_t)((hash ^ hash >> 32) * 0x9e3779b97f4a7c15 >> 32) % SPELLING_TABLE_PLACES;
}

static bool is_same(const struct spelling *spelling, struct text name)
{
    return spelling->count == name.count &&
           bytes_equal((const uint8_t *)spelling->units, (const uint8_t *)name.at,
                       name.count * sizeof(char16_t));
}

uint32_t spelling_find(const struct spelling_table *table, struct text name)
{
    if (name.count == 0 || name.count > SPELLING_MAX) {
        return UINT32_MAX;
    }
    uint32_t place = first_place(name);

    for (int i = 0; i < TRIES; i++) {
        const struct spelling *spelling = &table->at[(place + (uint32_t)i) % SPELLING_TABLE_PLACES];

        if (spelling->next_number == 0) {
            return UINT32_MAX;
        }
        if (is_same(spelling, name)) {
            return spelling->next_number - 1;
        }
    }
    return UINT32_MAX;
}

void spelling_add(struct spelling_table *table, struct text name, uint32_t number)
{
    if (name.count == 0 || name.count > SPELLING_MAX) {
        return;
    }
    uint32_t place = first_place(name);

    for (int i = 0; i < TRIES; i++) {
        struct spelling *spelling = &table->at[(place + (uint32_t)i) % SPELLING_TABLE_PLACES];

        if (spelling->next_number == 0) {
            spelling->next_number = number + 1;
            spelling->count = (uint16_t)name.count;
            memcpy(spelling->units, name.at, name.count * sizeof(char16_t));
            return;
        }
    }
}
