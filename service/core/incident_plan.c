#include "incident_plan.h"

enum { PAUSE_FIRST = 1000, PAUSE_MAX = 60000 }; /* ms between two tries */

#define WEEK INT64_C(604800000) /* ms */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static const struct plan nothing = {PLAN_NOTHING, INT64_MAX};

/* The step, as soon as its last failure allows. */
static struct plan tried(enum plan_step step, const struct incident *incident, int64_t now)
{
    return (struct plan){step, incident->retry.tries ? incident->retry.next_at : now};
}

/* The earlier of two; when both are due, the more urgent. */
static struct plan first_of(struct plan a, struct plan b, int64_t now)
{
    bool both_due = a.at <= now && b.at <= now;
    if (both_due || a.at == b.at)
        return a.step < b.step ? a : b;
    return a.at < b.at ? a : b;
}

bool incident_services_pending(const struct incident *incident,
                               const struct response_policy *policy)
{
    return incident->state == INCIDENT_RESTARTED && incident->escalation == ESCALATION_SERVICES &&
           incident->services_done < policy->restart_services.count;
}

static struct plan plan_release_by_time(const struct incident *incident)
{
    bool wanted = incident_holds(incident) && incident->state != INCIDENT_DECIDED &&
                  incident->release_at != 0 && !incident->stay_told;
    return wanted ? (struct plan){PLAN_RELEASE_BY_TIME, incident->release_at} : nothing;
}

static struct plan plan_locked(const struct incident *incident,
                               const struct response_policy *policy, int64_t now,
                               int64_t restart_at)
{
    struct plan plan = {PLAN_SKIP_RESTART, now};
    if (policy->restart_smtp) {
        plan = tried(PLAN_RESTART, incident, now);
        plan.at = later(plan.at, restart_at);
    }
    if (incident->leak_open)
        plan = first_of(plan, (struct plan){PLAN_LOOK, now}, now);
    return plan;
}

int64_t incident_quiet_since(const struct incident *incident)
{
    return later(incident->restarted_at, incident->leak_at);
}

static struct plan plan_contain(const struct incident *incident,
                                const struct response_policy *policy)
{
    return (struct plan){PLAN_CONTAIN, incident_quiet_since(incident) + policy->contain_after};
}

static struct plan plan_restarted(const struct incident *incident,
                                  const struct response_policy *policy, int64_t now,
                                  int64_t restart_at)
{
    if (incident->leak_open)
        return (struct plan){PLAN_LOOK, now};
    if (incident_services_pending(incident, policy)) {
        struct plan plan = tried(PLAN_SERVICES, incident, now);
        if (incident->services_done == 0)
            plan.at = later(plan.at, restart_at);
        return plan;
    }
    return plan_contain(incident, policy);
}

/* What may be done while nothing is changed by itself. */
static struct plan plan_observing(const struct incident *incident,
                                  const struct response_policy *policy)
{
    bool quiet = incident->state == INCIDENT_RESTARTED && !incident->leak_open &&
                 !incident_services_pending(incident, policy);
    return quiet ? plan_contain(incident, policy) : nothing;
}

struct plan incident_plan(const struct incident *incident, const struct response_policy *policy,
                          enum response_mode mode, int64_t now, int64_t restart_at)
{
    if (incident->release_wanted && (mode == RESPONSE_FULL || !incident->release_by_time))
        return tried(PLAN_RELEASE, incident, now);
    if (mode == RESPONSE_RELEASE)
        return nothing;
    if (mode == RESPONSE_OBSERVE)
        return plan_observing(incident, policy);
    switch (incident->state) {
    case INCIDENT_DECIDED:
        return tried(PLAN_LOCK, incident, now);
    case INCIDENT_LOCKED:
        return first_of(plan_locked(incident, policy, now, restart_at),
                        plan_release_by_time(incident), now);
    case INCIDENT_RESTARTED:
        return first_of(plan_restarted(incident, policy, now, restart_at),
                        plan_release_by_time(incident), now);
    case INCIDENT_CONTAINED:
        return plan_release_by_time(incident);
    case INCIDENT_FLAGGED:
    case INCIDENT_FAILED:
        if (incident_wants_mark(incident) && !incident->change.made && incident->retry.tries == 0)
            return (struct plan){PLAN_MARK, now};
        return nothing;
    case INCIDENT_RELEASED:
    case INCIDENT_STATES:
        break;
    }
    return nothing;
}

bool incident_needs_restart(const struct incident *incident, const struct plan *plan)
{
    return plan->step == PLAN_RESTART ||
           (plan->step == PLAN_SERVICES && incident->services_done == 0);
}

enum incident_escalation incident_escalate(const struct incident *incident,
                                           const struct response_policy *policy)
{
    if (incident->escalation < ESCALATION_VERIFIED)
        return ESCALATION_VERIFIED;
    if (incident->escalation < ESCALATION_RESTARTED && policy->restart_smtp)
        return ESCALATION_RESTARTED;
    if (incident->escalation < ESCALATION_SERVICES && policy->restart_services.count > 0)
        return ESCALATION_SERVICES;
    return ESCALATION_ALERTED;
}

bool incident_is_answering(const struct incident *incident, const struct response_policy *policy)
{
    bool restart_pending =
        incident->state == INCIDENT_LOCKED && incident->escalation != ESCALATION_NONE;
    return incident->leak_open || restart_pending || incident_services_pending(incident, policy);
}

bool incident_restarted_by(const struct incident *incident, int64_t begun_at)
{
    return incident->state == INCIDENT_LOCKED && incident->restart_since <= begun_at;
}

bool incident_wants_mark(const struct incident *incident)
{
    enum flag_reason flag = incident->verdict.flag;
    if (incident->state == INCIDENT_FAILED)
        return incident->ending == ENDING_LAST_ADMIN;
    return incident->state == INCIDENT_FLAGGED && incident->verdict.sid_size > 0 &&
           (flag == FLAG_ACTION || flag == FLAG_BUDGET || flag == FLAG_PROTECTED);
}

bool incident_can_be_released(const struct incident *incident)
{
    return incident_holds(incident) ||
           (incident_wants_mark(incident) && incident->change.made && incident->change.marked);
}

uint32_t incident_auto_releases(const struct incident_book *book, const uint8_t *sid,
                                uint32_t sid_size, int64_t now)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < book->count; i++) {
        const struct incident *incident = &book->incidents[i];
        count += incident->state == INCIDENT_RELEASED && incident->ending == ENDING_BY_TIME &&
                 now - incident->closed_at < WEEK && incident_is_of(incident, sid, sid_size);
    }
    return count;
}

int64_t incident_latest_moment(const struct incident_book *book)
{
    const struct restart_record *restart = &book->restart;
    int64_t latest = later(book->position.steady.now, restart->begun_at);
    if (restart->recent_count > 0)
        latest = later(latest, restart->recent[restart->recent_count - 1]);
    for (uint32_t i = 0; i < book->count; i++) {
        const struct incident *incident = &book->incidents[i];
        const int64_t moments[] = {incident->decided_at,    incident->locked_at,
                                   incident->restart_since, incident->restarted_at,
                                   incident->closed_at,     incident->leak_at};
        for (size_t j = 0; j < sizeof moments / sizeof *moments; j++)
            latest = later(latest, moments[j]);
    }
    return latest;
}

void incident_retry_failed(struct incident_retry *retry, uint32_t error, int64_t now)
{
    if (retry->tries == 0)
        retry->first_at = now;
    int64_t pause = retry->tries < 6 ? (int64_t)PAUSE_FIRST << retry->tries : PAUSE_MAX;
    retry->tries++;
    retry->error = error;
    retry->next_at = now + pause;
}

bool incident_retry_is_over(const struct incident_retry *retry,
                            const struct response_policy *policy, int64_t now)
{
    return retry->tries > 0 && now - retry->first_at >= policy->give_up_after;
}
