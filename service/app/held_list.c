#include <string.h>
#include "held_list.h"

static bool is_due(DWORD now, DWORD due)
{
    return (LONG)(now - due) >= 0;
}

struct held_entry *held_list_find(struct held_list *list, const uint8_t *sid, uint32_t sid_size)
{
    for (size_t i = 0; i < list->used; i++) {
        struct held_entry *entry = &list->entries[i];
        if (entry->state != HELD_FREE && entry->sums.sid_size == sid_size &&
            memcmp(entry->sums.sid, sid, sid_size) == 0)
            return entry;
    }
    return NULL;
}

static struct held_entry *find_state(struct held_list *list, enum held_state state)
{
    for (size_t i = 0; i < list->used; i++) {
        if (list->entries[i].state == state)
            return &list->entries[i];
    }
    return NULL;
}

struct held_entry *held_list_add(struct held_list *list, const uint8_t *sid, uint32_t sid_size,
                                 bool *dropped, struct held_sign_ins *old)
{
    struct held_entry *entry = held_list_find(list, sid, sid_size);
    *dropped = false;
    if (entry && entry->state == HELD_RELEASED) {
        entry->state = HELD_ORDERED;
        entry->was_released = true;
        return entry;
    }
    if (!entry)
        entry = find_state(list, HELD_FREE);
    if (!entry && list->used < HELD_LIST_MAX)
        entry = &list->entries[list->used++];
    if (!entry)
        entry = find_state(list, HELD_RELEASED);
    if (!entry) {
        entry = &list->entries[list->next];
        list->next = (list->next + 1) % HELD_LIST_MAX;
        *dropped = true;
        *old = entry->sums;
    }
    *entry = (struct held_entry){.state = HELD_ORDERED, .sums.sid_size = sid_size};
    memcpy(entry->sums.sid, sid, sid_size);
    return entry;
}

bool held_is_settled(const struct held_entry *entry, uint64_t record, int64_t time)
{
    return (entry->state == HELD_RELEASED || entry->state == HELD_TIMED) && time <= entry->time &&
           record <= entry->record;
}

static bool is_leak(const struct held_entry *entry, const struct relay_event *event)
{
    return entry->state == HELD_LOCKED &&
           (event->time > entry->time || event->record > entry->record);
}

/* When there is something to tell: leaks at once, but for the pause; others have time. */
static void plan(struct held_entry *entry, bool leak, DWORD now)
{
    DWORD at = now + HELD_LIST_PAUSE;
    if (leak)
        at = entry->leaked && !is_due(now, entry->leaked_at + HELD_LIST_PAUSE)
                 ? entry->leaked_at + HELD_LIST_PAUSE
                 : now;
    if (!entry->pending || is_due(entry->tell_at, at))
        entry->tell_at = at;
    entry->pending = true;
}

void held_add(struct held_entry *entry, const struct relay_event *event, DWORD now)
{
    bool leak = is_leak(entry, event);
    bool read_before = event->record <= entry->seen_record && event->time <= entry->seen_time;
    if (read_before || (!leak && entry->recalled))
        return;
    entry->seen_record = event->record;
    entry->seen_time = event->time;
    if (leak) {
        entry->sums.leaks++;
        entry->sums.time = event->time;
        entry->sums.record = event->record;
        entry->sums.read_at = now;
        text_copy(entry->sums.client, CLIENT_SHOWN_MAX, event->client);
    } else {
        entry->sums.before++;
    }
    plan(entry, leak, now);
}

struct held_entry *held_list_due(struct held_list *list, DWORD now, DWORD *wait)
{
    for (size_t i = 0; i < list->used; i++) {
        struct held_entry *entry = &list->entries[i];
        if (!entry->pending)
            continue;
        if (is_due(now, entry->tell_at))
            return entry;
        DWORD left = entry->tell_at - now;
        *wait = left < *wait ? left : *wait;
    }
    return NULL;
}

struct held_entry *held_list_over_pace(struct held_list *list)
{
    for (size_t i = 0; i < list->used; i++) {
        struct held_entry *entry = &list->entries[i];
        if (entry->state == HELD_TIMED && entry->over_pace)
            return entry;
    }
    return NULL;
}

void held_over_pace(struct held_entry *entry, int64_t time, uint64_t record, DWORD now, DWORD wait)
{
    entry->state = HELD_TIMED;
    entry->over_pace = true;
    entry->was_released = false;
    entry->time = time;
    entry->record = record;
    entry->due = now + wait;
}

void held_count_again(struct held_entry *entry)
{
    entry->state = HELD_RELEASED;
    entry->over_pace = false;
    entry->time = INT64_MIN;
    entry->record = 0;
}

struct held_entry *held_list_pending(struct held_list *list)
{
    for (size_t i = 0; i < list->used; i++) {
        if (list->entries[i].pending)
            return &list->entries[i];
    }
    return NULL;
}

void held_unheld(struct held_entry *entry)
{
    bool was_released = entry->was_released;
    entry->state = was_released ? HELD_RELEASED : HELD_FREE;
    entry->was_released = entry->pending = false;
    entry->sums.before = entry->sums.leaks = 0;
}

void held_told(struct held_entry *entry, bool told, DWORD now)
{
    struct held_sign_ins *sums = &entry->sums;
    if (!told) {
        entry->tell_at = now + HELD_LIST_PAUSE;
        return;
    }
    if (sums->leaks > 0) {
        entry->leaked = true;
        entry->leaked_at = now;
    }
    entry->pending = false;
    sums->before = sums->leaks = 0;
}

void held_list_all_read(struct held_list *list, uint64_t record)
{
    for (size_t i = 0; i < list->used; i++) {
        struct held_entry *entry = &list->entries[i];
        if (entry->state == HELD_LOCKED && entry->record == UINT64_MAX)
            entry->record = record;
    }
}

void held_list_settle(struct held_list *list, DWORD now)
{
    for (size_t i = 0; i < list->used; i++) {
        struct held_entry *entry = &list->entries[i];
        if (is_due(now, entry->due))
            entry->due = now;
        entry->recent = entry->recent && !is_due(now, entry->recent_until);
        entry->leaked = entry->leaked && !is_due(now, entry->leaked_at + HELD_LIST_PAUSE);
    }
}
