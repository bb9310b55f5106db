#include "gap_list.h"

#include <string.h>

/* Makes one gap span another that was found later. */
static void span(struct gap *gap, uint32_t *era, const struct gap *later, uint32_t later_era)
{
    bool cleared = gap->cleared || later->cleared;
    if (later_era != *era) {
        *gap = *later;
        *era = later_era;
    }
    if (later->first < gap->first)
        gap->first = later->first;
    if (later->last > gap->last)
        gap->last = later->last;
    gap->cleared = cleared;
}

static void merge_oldest(struct gap_list *list)
{
    struct gap_entry *oldest = &list->entries[0];
    struct gap_entry *next = &list->entries[1];
    int64_t until = oldest->until;
    bool both_closed = !oldest->open && !next->open;
    span(&oldest->gap, &oldest->era, &next->gap, next->era);
    oldest->open = next->open;
    oldest->until = both_closed && until > next->until ? until : next->until;
    list->count--;
    memmove(next, next + 1, (list->count - 1) * sizeof *next);
}

static bool is_known(const struct gap_list *list, const struct gap *gap)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const struct gap_entry *entry = &list->entries[i];
        if (entry->era == list->era && entry->gap.first <= gap->first &&
            entry->gap.last >= gap->last)
            return true;
    }
    return false;
}

void gap_list_add(struct gap_list *list, const struct gap *gap)
{
    if (!gap->cleared && is_known(list, gap))
        return;
    if (list->count == GAP_LIST_MAX)
        merge_oldest(list);
    list->entries[list->count++] = (struct gap_entry){*gap, list->era, true, 0};
    list->open = true;
    list->era += gap->cleared;
}

void gap_list_pass(struct gap_list *list, uint64_t record, int64_t time)
{
    if (!list->open)
        return;
    list->open = false;
    for (uint32_t i = 0; i < list->count; i++) {
        struct gap_entry *entry = &list->entries[i];
        if (entry->open && (entry->era != list->era || record > entry->gap.last)) {
            entry->open = false;
            entry->until = time;
        }
        list->open |= entry->open;
    }
}

static bool is_within(const struct gap_list *list, const struct gap_entry *entry,
                      const struct verdict *verdict)
{
    bool same_era = entry->era == list->era;
    if (entry->open || (same_era && entry->gap.last >= verdict->last_record))
        return false;
    return entry->until > verdict->last_time - (int64_t)verdict->limit.window ||
           (same_era && entry->gap.first > verdict->first_record);
}

bool gap_list_within(const struct gap_list *list, const struct verdict *verdict, struct gap *found)
{
    struct gap spanned = {0};
    uint32_t era = 0;
    bool any = false;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct gap_entry *entry = &list->entries[i];
        if (!is_within(list, entry, verdict))
            continue;
        if (any) {
            span(&spanned, &era, &entry->gap, entry->era);
        } else {
            spanned = entry->gap;
            era = entry->era;
        }
        any = true;
    }
    if (any)
        *found = spanned;
    return any;
}
