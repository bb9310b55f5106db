#include <string.h>
#include "account_news.h"
#include "../core/budget.h"

enum { BUDGET_WINDOW_MS = BUDGET_WINDOW * 1000 };

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Sign-ins from after that are leaks that nothing was done about yet. */
static int64_t leaks_since(const struct incident *incident)
{
    return later(incident->locked_wall, later(incident->restarted_wall, incident->leak_wall));
}

static enum news_kind kind_of(const struct incident *incident)
{
    switch (incident->state) {
    case INCIDENT_DECIDED:
        return NEWS_DECIDED;
    case INCIDENT_LOCKED:
    case INCIDENT_RESTARTED:
    case INCIDENT_CONTAINED:
        return NEWS_LOCKED;
    case INCIDENT_FLAGGED:
        return NEWS_FLAGGED;
    case INCIDENT_FAILED:
        if (incident->ending == ENDING_PAUSED)
            return NEWS_UNHELD;
        return incident->ending == ENDING_GIVEN_UP ? NEWS_RELEASED : NEWS_REFUSED;
    case INCIDENT_RELEASED:
        /* One that was only flagged is as it was: told. */
        return incident->verdict.flag == FLAG_NOT ? NEWS_RELEASED : NEWS_FLAGGED;
    case INCIDENT_STATES:
        break;
    }
    return NEWS_UNHELD;
}

void account_news_of(struct account_news *news, const struct incident *incident, int64_t now)
{
    const struct verdict *verdict = &incident->verdict;
    int64_t age = incident->closed_at < now ? now - incident->closed_at : 0;
    int64_t decided_age = incident->decided_at < now ? now - incident->decided_at : 0;
    *news = (struct account_news){.kind = kind_of(incident),
                                  .sid_size = verdict->sid_size,
                                  .time = incident->closed_wall,
                                  .record = incident->closed_record,
                                  .age = ACCOUNT_NEWS_AGE_MAX,
                                  .released = incident->state == INCIDENT_RELEASED,
                                  .charged =
                                      verdict->flag == FLAG_NOT && decided_age < BUDGET_WINDOW_MS,
                                  .crossed_at = verdict->last_time,
                                  .flag = verdict->flag};
    if (age < ACCOUNT_NEWS_AGE_MAX)
        news->age = (DWORD)age;
    if (news->charged)
        news->decided_age = (DWORD)decided_age;
    if (news->kind == NEWS_LOCKED) {
        news->time = leaks_since(incident);
        news->record = UINT64_MAX;
    } else if (news->kind == NEWS_FLAGGED) {
        news->time = verdict->last_time;
        news->record = verdict->last_record;
    }
    memcpy(news->sid, verdict->sid, sizeof news->sid);
    memcpy(news->account, verdict->account, sizeof news->account);
    memcpy(news->name, verdict->name, sizeof news->name);
}

void account_news_unheld(struct account_news *news, const uint8_t *sid, uint32_t size)
{
    *news = (struct account_news){.kind = NEWS_UNHELD, .sid_size = size};
    memcpy(news->sid, sid, size);
}

bool account_news_replaces(const struct account_news *later, const struct account_news *earlier)
{
    bool told = later->kind == NEWS_FLAGGED || earlier->kind == NEWS_FLAGGED;
    return !told && later->sid_size == earlier->sid_size &&
           memcmp(later->sid, earlier->sid, later->sid_size) == 0;
}
