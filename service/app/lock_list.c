#include <string.h>
#include "lock_list.h"

struct lock_entry *lock_list_find(struct lock_list *list, const uint8_t *sid, uint32_t sid_size)
{
    for (size_t i = 0; i < list->used; i++) {
        struct lock_entry *entry = &list->entries[i];
        if (entry->state != LOCK_FREE && entry->order.sid_size == sid_size &&
            memcmp(entry->order.sid, sid, sid_size) == 0)
            return entry;
    }
    return NULL;
}

struct lock_entry *lock_list_add(struct lock_list *list, const struct order *order)
{
    struct lock_entry *entry = lock_list_find(list, order->sid, order->sid_size);
    if (!entry) {
        entry = &list->entries[list->next];
        list->used = list->next + 1 > list->used ? list->next + 1 : list->used;
        list->next = (list->next + 1) % LOCK_LIST_MAX;
    }
    *entry = (struct lock_entry){.state = LOCK_ORDERED, .order = *order};
    return entry;
}
