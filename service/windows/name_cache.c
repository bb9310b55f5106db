#include "name_cache.h"
#include <string.h>

struct name_key name_key_of(struct text name, const struct hash_key keys[2])
{
    return (struct name_key){text_hash_fold(name, &keys[0]), text_hash_fold(name, &keys[1])};
}

size_t name_cache_size(uint32_t capacity)
{
    return ((size_t)capacity + 1) * sizeof(struct name_entry) + capacity * sizeof(uint32_t);
}

void name_cache_init(struct name_cache *cache, void *memory, uint32_t capacity)
{
    cache->entries = memory;
    cache->buckets = (uint32_t *)(void *)(cache->entries + capacity + 1);
    cache->capacity = capacity;
    cache->count = 0;
}

static uint32_t *bucket_of(struct name_cache *cache, struct name_key key)
{
    return &cache->buckets[key.low & (cache->capacity - 1)];
}

static void unlink_use(struct name_cache *cache, uint32_t index)
{
    struct name_entry *entries = cache->entries;
    entries[entries[index].older].newer = entries[index].newer;
    entries[entries[index].newer].older = entries[index].older;
}

static void link_newest(struct name_cache *cache, uint32_t index)
{
    struct name_entry *entries = cache->entries;
    entries[index].newer = 0;
    entries[index].older = entries[0].older; /* the head's older is the newest */
    entries[entries[0].older].newer = index;
    entries[0].older = index;
}

static void unlink_bucket(struct name_cache *cache, uint32_t index)
{
    uint32_t *at = bucket_of(cache, cache->entries[index].key);
    while (*at != index)
        at = &cache->entries[*at].next;
    *at = cache->entries[index].next;
}

struct name_entry *name_cache_find(struct name_cache *cache, struct name_key key)
{
    for (uint32_t i = *bucket_of(cache, key); i != 0; i = cache->entries[i].next) {
        struct name_entry *entry = &cache->entries[i];
        if (entry->key.high == key.high && entry->key.low == key.low) {
            unlink_use(cache, i);
            link_newest(cache, i);
            return entry;
        }
    }
    return NULL;
}

struct name_entry *name_cache_put(struct name_cache *cache, struct name_key key)
{
    struct name_entry *entry = name_cache_find(cache, key);
    if (entry != NULL)
        return entry;

    uint32_t index;
    if (cache->count < cache->capacity) {
        index = ++cache->count;
    } else {
        index = cache->entries[0].newer; /* the head's newer is the oldest */
        unlink_use(cache, index);
        unlink_bucket(cache, index);
    }
    entry = &cache->entries[index];
    memset(entry, 0, sizeof *entry);
    entry->key = key;
    uint32_t *bucket = bucket_of(cache, key);
    entry->next = *bucket;
    *bucket = index;
    link_newest(cache, index);
    return entry;
}
