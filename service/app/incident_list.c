#include "incident_list.h"

#include <stdlib.h>

/* Open ones first, those that hold no account last. */
static int group_of(const struct incident *incident)
{
    return incident_is_open(incident) ? 0 : incident_holds(incident) ? 1 : 2;
}

static int compare(const void *a, const void *b)
{
    const struct incident *one = *(const struct incident *const *)a;
    const struct incident *other = *(const struct incident *const *)b;
    int group = group_of(one), other_group = group_of(other);
    if (group != other_group)
        return group - other_group;
    if (group == 2 && one->closed_at != other->closed_at)
        return one->closed_at > other->closed_at ? -1 : 1;
    return one->id > other->id ? -1 : 1;
}

void incident_list_make(struct incident_list *list, const struct incident_book *book, bool all)
{
    *list = (struct incident_list){.book = book, .count = book->count};
    uint32_t holding = 0;
    for (uint32_t i = 0; i < book->count; i++) {
        const struct incident *incident = &book->incidents[i];
        list->rows[i] = incident;
        list->open += incident_is_open(incident);
        holding += incident_holds(incident);
        list->locked += incident_holds(incident) && incident->state != INCIDENT_DECIDED;
    }
    qsort(list->rows, list->count, sizeof *list->rows, compare);
    if (!all && list->count - holding > INCIDENT_LIST_ENDED_MAX)
        list->count = holding + INCIDENT_LIST_ENDED_MAX;
    list->left_out = book->count - list->count;
}

bool incident_list_wall(const struct incident_list *list, int64_t at, int64_t *wall)
{
    const struct steady *steady = &list->book->position.steady;
    if (at == 0 || steady->wall == 0)
        return false;
    *wall = steady->wall + (at - steady->now) / 1000;
    return true;
}

const char *incident_list_flag(enum flag_reason reason)
{
    static const char *const words[] = {
        [FLAG_NOT] = NULL,
        [FLAG_ACTION] = "Action",
        [FLAG_OBSERVE] = "paused",
        [FLAG_STORE] = "no journal",
        [FLAG_BUDGET] = "MaxLocksPerHour",
        [FLAG_UNRESOLVED] = "unresolved",
        [FLAG_MACHINE] = "machine",
        [FLAG_PROTECTED] = "protected",
        [FLAG_QUEUE] = "RequireQueue",
    };
    return words[reason];
}
