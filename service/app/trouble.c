#include "trouble.h"
#include "watcher_reports.h"

static uint64_t count_lost(const struct guard *guard)
{
    struct guard_counters counters = {0};
    if (guard)
        guard_count(guard, &counters);
    return counters.lost;
}

uint64_t trouble_lost(const struct trouble *trouble, const struct guard *guard)
{
    return trouble->lost_before + count_lost(guard) - trouble->lost;
}

void trouble_go_on(struct trouble *trouble, uint64_t lost)
{
    trouble->lost_before = lost;
    trouble->lost = 0;
}

void trouble_tell(struct trouble *trouble, const struct settings *settings,
                  const struct event_source_counters *log, const struct guard *guard,
                  const struct live_time *live)
{
    uint64_t lost = trouble_lost(trouble, guard);
    if (log->malformed > trouble->malformed)
        report_malformed(settings, log->malformed - trouble->malformed, log->malformed_record);
    if (lost)
        report_lost(settings, lost);
    if (live->moved > trouble->moved)
        report_moved(settings, live->moved - trouble->moved, live);
    trouble->malformed = log->malformed;
    trouble->lost = count_lost(guard);
    trouble->lost_before = 0;
    trouble->moved = live->moved;
}
