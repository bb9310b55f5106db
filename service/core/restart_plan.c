#include "restart_plan.h"

#include <string.h>

enum { HOUR = 3600000 }; /* ms */

/* The restarts of the record that lie within an hour before now: those from the index returned. */
static uint32_t first_within_hour(const struct restart_record *record, int64_t now)
{
    uint32_t first = 0;
    while (first < record->recent_count && now - record->recent[first] >= HOUR)
        first++;
    return first;
}

struct restart_plan restart_plan(const struct restart_record *record,
                                 const struct response_policy *policy, int64_t now)
{
    struct restart_plan plan = {RESTART_MAY_BEGIN, now};
    uint32_t count = record->recent_count;
    if (count == 0)
        return plan;
    int64_t cooled = record->recent[count - 1] + policy->cooldown;
    if (cooled > plan.at)
        plan = (struct restart_plan){RESTART_COOLING, cooled};
    uint32_t within = count - first_within_hour(record, now);
    if (within >= policy->max_restarts_per_hour) {
        /* There is room again once the oldest of the latest so many is an hour old. */
        int64_t room = record->recent[count - policy->max_restarts_per_hour] + HOUR;
        if (room > plan.at)
            plan = (struct restart_plan){RESTART_SPENT, room};
    }
    return plan;
}

void restart_record_done(struct restart_record *record, int64_t now)
{
    uint32_t first = first_within_hour(record, now);
    if (record->recent_count - first == BOOK_RESTARTS_MAX)
        first++;
    record->recent_count -= first;
    memmove(record->recent, record->recent + first, record->recent_count * sizeof *record->recent);
    record->recent[record->recent_count++] = now;
    record->phase = RESTART_NONE;
}
