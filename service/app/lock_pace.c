#include "lock_pace.h"

void lock_pace_set(struct lock_pace *pace, uint32_t per_hour)
{
    pace->budget.per_hour = per_hour;
}

void lock_pace_settle(struct lock_pace *pace, DWORD tick)
{
    if (pace->started)
        pace->now += tick - pace->tick;
    pace->tick = tick;
    pace->started = true;
}

static int64_t seconds(struct lock_pace *pace, DWORD tick)
{
    lock_pace_settle(pace, tick);
    return (int64_t)(pace->now / 1000);
}

/* Seconds until as many of the locks are an hour old as must be for another one. */
static int64_t until_room(const struct budget *budget, int64_t now)
{
    if (budget->per_hour == 0 || budget->count < budget->per_hour)
        return BUDGET_WINDOW;
    uint32_t last = budget->first + budget->count - budget->per_hour;
    return budget->times[last % BUDGET_MAX] + BUDGET_WINDOW - now;
}

bool lock_pace_take(struct lock_pace *pace, DWORD tick, bool *first, DWORD *wait)
{
    int64_t now = seconds(pace, tick);
    if (budget_take(&pace->budget, now, first))
        return true;
    *wait = (DWORD)until_room(&pace->budget, now) * 1000;
    return false;
}

void lock_pace_charge(struct lock_pace *pace, DWORD tick, DWORD age)
{
    budget_charge(&pace->budget, seconds(pace, tick) - (int64_t)(age / 1000));
}

uint32_t lock_pace_left(struct lock_pace *pace, DWORD tick)
{
    return budget_left(&pace->budget, seconds(pace, tick));
}
