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

static struct lock_entry *find_state(struct lock_list *list, enum lock_state state)
{
    for (size_t i = 0; i < list->used; i++) {
        if (list->entries[i].state == state)
            return &list->entries[i];
    }
    return NULL;
}

struct lock_entry *lock_list_add(struct lock_list *list, const struct order *order, bool *dropped,
                                 struct order *old)
{
    struct lock_entry *entry = lock_list_find(list, order->sid, order->sid_size);
    *dropped = false;
    if (!entry)
        entry = find_state(list, LOCK_FREE);
    if (!entry && list->used < LOCK_LIST_MAX)
        entry = &list->entries[list->used++];
    if (!entry)
        entry = find_state(list, LOCK_RELEASED);
    if (!entry) {
        entry = &list->entries[list->next];
        list->next = (list->next + 1) % LOCK_LIST_MAX;
        *dropped = true;
        *old = entry->order;
    }
    *entry = (struct lock_entry){.state = LOCK_ORDERED, .order = *order};
    return entry;
}
