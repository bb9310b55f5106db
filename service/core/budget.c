#include "budget.h"

static int64_t *time_at(struct budget *budget, uint32_t index)
{
    return &budget->times[(budget->first + index) % BUDGET_MAX];
}

uint32_t budget_left(const struct budget *budget, int64_t now)
{
    uint32_t expired = 0;
    while (expired < budget->count &&
           budget->times[(budget->first + expired) % BUDGET_MAX] <= now - BUDGET_WINDOW)
        expired++;
    uint32_t held = budget->count - expired;
    return held < budget->per_hour ? budget->per_hour - held : 0;
}

static void expire(struct budget *budget, int64_t now)
{
    while (budget->count > 0 && *time_at(budget, 0) <= now - BUDGET_WINDOW) {
        budget->first = (budget->first + 1) % BUDGET_MAX;
        budget->count--;
    }
}

/* In order of time: inherited locks may lie ahead of a log that is read again. */
static void insert(struct budget *budget, int64_t time)
{
    uint32_t place = budget->count++;
    for (; place > 0 && *time_at(budget, place - 1) > time; place--)
        *time_at(budget, place) = *time_at(budget, place - 1);
    *time_at(budget, place) = time;
}

bool budget_take(struct budget *budget, int64_t now, bool *first)
{
    if (budget_left(budget, now) == 0) {
        *first = !budget->told;
        budget->told = true;
        return false;
    }
    expire(budget, now);
    insert(budget, now);
    budget->taken++;
    budget->told = false;
    return true;
}

void budget_charge(struct budget *budget, int64_t time)
{
    if (budget->count < BUDGET_MAX)
        insert(budget, time);
}

void budget_inherit(struct budget *budget, const struct budget *older, int64_t now, int64_t offset)
{
    for (uint32_t i = 0; i < older->count; i++) {
        int64_t time = older->times[(older->first + i) % BUDGET_MAX];
        if (time > now - BUDGET_WINDOW)
            budget_charge(budget, time - offset);
    }
    budget->told = older->told;
}
