/* lockdown_lock.c: see lockdown.h. Accounts are locked and marked. */
#include <string.h>
#include "lockdown_reports.h"
#include "lockdown_state.h"

_Static_assert((int)INCIDENT_SERVER_MAX == (int)ACCOUNT_SERVER_MAX, "servers' names");
_Static_assert((int)INCIDENT_USER_MAX == UNLEN + 1, "users' names");

struct intention {
    struct lockdown *lockdown;
    struct incident *incident;
    bool earlier; /* there was one before: what became of that is not known */
};

/* What was found is durable before anything is written. */
static bool intend(void *context, const struct account_before *before)
{
    const struct intention *intention = context;
    struct incident_change *change = &intention->incident->change;
    change->intended = true;
    change->flags_before = before->flags;
    memcpy(change->server, before->server, sizeof change->server);
    memcpy(change->user, before->name, sizeof change->user);
    return lockdown_put(intention->lockdown, intention->incident);
}

static void lock(struct lockdown *lockdown, struct incident *incident, enum lock_action action,
                 struct account_outcome *outcome)
{
    struct intention intention = {lockdown, incident, incident->change.intended};
    struct account_before earlier = {.flags = incident->change.flags_before};
    memcpy(earlier.server, incident->change.server, sizeof earlier.server);
    memcpy(earlier.name, incident->change.user, sizeof earlier.name);
    const struct account_intent intent = {
        .intend = intend, .context = &intention, .earlier = intention.earlier ? &earlier : NULL};
    const struct verdict *verdict = &incident->verdict;
    lockdown_calls.account_lock(verdict->sid, verdict->sid_size, action, &intent, outcome);
    /* Refused for certain: whoever is found to have disabled it later is somebody else. */
    if (outcome->result != ACCOUNT_LOCKED && !outcome->maybe_written && !intention.earlier)
        incident->change.intended = false;
}

/* What was changed, so that it can be undone. */
static void note_change(struct incident *incident, const struct account_outcome *outcome)
{
    struct incident_change *change = &incident->change;
    change->made = true;
    change->marked = outcome->marked;
    change->flags_before = outcome->flags_before;
    change->flags_after = outcome->flags_after;
    memcpy(change->server, outcome->server, sizeof change->server);
    memcpy(change->user, outcome->name, sizeof change->user);
}

static uint32_t ms_between(int64_t from, int64_t to)
{
    int64_t ms = to > from ? to - from : 0;
    return ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
}

static void note_locked(struct lockdown *lockdown, struct incident *incident,
                        const struct account_outcome *outcome)
{
    int64_t now = lockdown_now(lockdown), lock_for = lockdown->policy.lock_for;
    note_change(incident, outcome);
    incident->state = INCIDENT_LOCKED;
    incident->retry = (struct incident_retry){0};
    incident->locked_at = incident->restart_since = now;
    incident->locked_wall = lockdown_wall();
    incident->release_at = lock_for ? now + lock_for : 0;
    incident->figures.lock_delay = ms_between(incident->decided_at, now);
    report_locked(incident, outcome);
    if (lockdown_put(lockdown, incident))
        lockdown->figures.locked++;
}

/* Whether a failure is none of the account's: the journal was closed before anything was written.
 */
static bool was_called_off(const struct account_outcome *outcome)
{
    return outcome->result == ACCOUNT_FAILED && outcome->error == ERROR_CANCELLED;
}

static void note_failed(struct lockdown *lockdown, struct incident *incident,
                        const struct account_outcome *outcome)
{
    int64_t now = lockdown_now(lockdown);
    struct incident_retry *retry = &incident->retry;
    incident_retry_failed(retry, outcome->error, now);
    if (incident_retry_is_over(retry, &lockdown->policy, now)) {
        report_lock_given_up(incident, outcome);
        lockdown_close(lockdown, incident, INCIDENT_FAILED, ENDING_GIVEN_UP);
    } else if (!retry->told) {
        report_lock_failed(incident, outcome);
        retry->told = true;
    }
    lockdown_put(lockdown, incident);
}

void lockdown_step_lock(struct lockdown *lockdown, struct incident *incident)
{
    struct account_outcome outcome;
    lock(lockdown, incident, incident->action, &outcome);
    if (was_called_off(&outcome))
        return;
    switch (outcome.result) {
    case ACCOUNT_LOCKED:
        note_locked(lockdown, incident, &outcome);
        break;
    case ACCOUNT_ALREADY:
    case ACCOUNT_LAST_ADMIN:
        report_not_locked(incident, &outcome);
        lockdown_close(lockdown, incident, INCIDENT_FAILED,
                       outcome.result == ACCOUNT_ALREADY ? ENDING_ALREADY : ENDING_LAST_ADMIN);
        incident->change = (struct incident_change){0};
        lockdown_put(lockdown, incident);
        break;
    case ACCOUNT_FAILED:
        note_failed(lockdown, incident, &outcome);
        break;
    }
}

/* Tried once: the alert is what counts. */
void lockdown_step_mark(struct lockdown *lockdown, struct incident *incident)
{
    struct account_outcome outcome;
    lock(lockdown, incident, LOCK_FLAG, &outcome);
    if (was_called_off(&outcome))
        return;
    switch (outcome.result) {
    case ACCOUNT_LOCKED:
        report_marked(incident, &outcome);
        note_change(incident, &outcome);
        break;
    case ACCOUNT_FAILED:
        report_mark_failed(incident, &outcome);
        incident_retry_failed(&incident->retry, outcome.error, lockdown_now(lockdown));
        break;
    case ACCOUNT_ALREADY: /* marked by somebody else: nothing to undo */
    case ACCOUNT_LAST_ADMIN:
        note_change(incident, &outcome);
        break;
    }
    lockdown_put(lockdown, incident);
}
