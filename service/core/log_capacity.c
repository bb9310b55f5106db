#include "log_capacity.h"

/* A log that is filled to less than one part of so many tells nothing of its rate. */
enum { PARTS = 8 };

/* Whether the oldest event must not be overwritten yet. */
static bool is_kept(const struct log_facts *facts, int64_t now)
{
    if (facts->retention != LOG_KEEPS || facts->empty)
        return false;
    return facts->keeps_for == UINT32_MAX || now - facts->oldest_time < (int64_t)facts->keeps_for;
}

bool log_is_full(const struct log_facts *facts, int64_t now)
{
    if (facts->full)
        return true;
    return facts->max_size > 0 && is_kept(facts, now) &&
           facts->size >= facts->max_size / 100 * LOG_NEARLY_FULL;
}

bool log_reach(const struct log_facts *facts, int64_t now, uint32_t *seconds)
{
    int64_t age = now - facts->oldest_time;
    if (facts->empty || facts->max_size == 0 || age < 0 || facts->size < facts->max_size / PARTS ||
        facts->retention == LOG_KEEPS)
        return false;
    double reach = (double)age;
    if (facts->size < facts->max_size)
        reach *= (double)facts->max_size / (double)facts->size;
    *seconds = reach < (double)UINT32_MAX ? (uint32_t)reach : UINT32_MAX;
    return true;
}
