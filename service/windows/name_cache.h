/* name_cache.h: what names were last found to stand for; fixed memory, least recently used go
 * first.
 *
 * A name is known by 128 bits of keyed hash of its folded units, not by its text: names up to 1024
 * units would need ten times the memory. Outsiders, who choose names but not the key, cannot find
 * two that meet (text.h), and by chance 16,384 names do so with a probability of 2^-101. Not
 * synchronised: the owner locks.
 */
#ifndef RELAYLOCK_WINDOWS_NAME_CACHE_H
#define RELAYLOCK_WINDOWS_NAME_CACHE_H

#include "../core/identity.h"

enum { NAME_CANONICAL_MAX = 64 };

struct name_key {
    uint64_t high, low;
};

/* What Windows said: the kind, and unless IDENTITY_UNRESOLVED the SID and DOMAIN\user. */
struct name_answer {
    enum identity_kind kind;
    uint16_t sid_size; /* bytes */
    uint16_t canonical_count;
    uint8_t sid[IDENTITY_SID_MAX];
    char16_t canonical[NAME_CANONICAL_MAX];
};

struct name_entry {
    struct name_key key;
    uint64_t expires; /* by the owner's clock; 0: never answered */
    struct name_answer answer;
    uint32_t next;         /* in its bucket; indices, 0: none */
    uint32_t older, newer; /* by use; entry 0 closes the ring */
};

struct name_cache {
    struct name_entry *entries; /* [0] is the head of the ring by use */
    uint32_t *buckets;
    uint32_t capacity;
    uint32_t count;
};

/* The key of a name under two hash keys. */
struct name_key name_key_of(struct text name, const struct hash_key keys[2]);

/* Bytes needed for capacity names, a power of two up to 2^20. */
size_t name_cache_size(uint32_t capacity);

/* Sets up in memory: name_cache_size bytes, zeroed, aligned to 8, owned by the caller. */
void name_cache_init(struct name_cache *cache, void *memory, uint32_t capacity);

/* The entry of a name, now the most recently used one; null when it is not there. It stays where it
 * is until name_cache_put. */
struct name_entry *name_cache_find(struct name_cache *cache, struct name_key key);

/* As name_cache_find, but makes an entry (unanswered, all zero) when there is none, in the place of
 * the least recently used one when all are taken. */
struct name_entry *name_cache_put(struct name_cache *cache, struct name_key key);

#endif
