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

static struct account_before before_change(const struct incident *incident)
{
    struct account_before before = {.flags = incident->change.flags_before};
    memcpy(before.server, incident->change.server, sizeof before.server);
    memcpy(before.name, incident->change.user, sizeof before.name);
    return before;
}

/* Refused for certain: whoever is found to have disabled it later is somebody else. */
static void note_refused(struct incident *incident, const struct account_outcome *outcome,
                         bool earlier)
{
    if (outcome->result != ACCOUNT_LOCKED && !outcome->maybe_written && !earlier)
        incident->change.intended = false;
}

static void lock(struct lockdown *lockdown, struct incident *incident, enum lock_action action,
                 struct account_outcome *outcome)
{
    struct intention intention = {lockdown, incident, incident->change.intended};
    const struct account_before earlier = before_change(incident);
    const struct account_intent intent = {
        .intend = intend, .context = &intention, .earlier = intention.earlier ? &earlier : NULL};
    const struct verdict *verdict = &incident->verdict;
    lockdown_calls.account_lock(verdict->sid, verdict->sid_size, action, &intent, outcome);
    note_refused(incident, outcome, intention.earlier);
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

/* Since when it needs a restart: none that was begun before, or within which the service was seen
 * stopped before, is for it, though the clock may not have moved since. */
static int64_t after_restart(const struct lockdown *lockdown, int64_t now)
{
    int64_t begun_at = lockdown->store.book.restart.begun_at;
    return now > begun_at ? now : begun_at + 1;
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
    incident->locked_at = now;
    incident->restart_since = after_restart(lockdown, now);
    incident->locked_wall = lockdown_wall();
    incident->release_at = lock_for ? now + lock_for : 0;
    incident->figures.lock_delay = ms_between(incident->decided_at, now);
    report_locked(incident, outcome);
    if (lockdown_put(lockdown, incident))
        lockdown->figures.locked++;
}

/* Whether a failure is none of the account's: the journal was closed before a write, the first or
 * (of a password) the second, or its release was asked for. */
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

static void note_outcome(struct lockdown *lockdown, struct incident *incident,
                         const struct account_outcome *outcome)
{
    if (was_called_off(outcome))
        return;
    switch (outcome->result) {
    case ACCOUNT_LOCKED:
        note_locked(lockdown, incident, outcome);
        break;
    case ACCOUNT_ALREADY:
    case ACCOUNT_LAST_ADMIN:
        report_not_locked(incident, outcome);
        lockdown_close(lockdown, incident, INCIDENT_FAILED,
                       outcome->result == ACCOUNT_ALREADY ? ENDING_ALREADY : ENDING_LAST_ADMIN);
        incident->change = (struct incident_change){0};
        if (lockdown_put(lockdown, incident))
            lockdown_answer_ended(lockdown, incident);
        break;
    case ACCOUNT_FAILED:
        note_failed(lockdown, incident, outcome);
        break;
    }
}

void lockdown_step_lock(struct lockdown *lockdown, struct incident *incident)
{
    struct account_outcome outcome;
    lock(lockdown, incident, incident->action, &outcome);
    note_outcome(lockdown, incident, &outcome);
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

/* ---- within a restart ----------------------------------------------------------------------- */

/* The incident as it is now; false: it was given up meanwhile. */
static bool find_aside(struct lockdown *lockdown, struct incident *incident)
{
    const struct incident *known = incident_book_find(&lockdown->store.book, lockdown->aside_id);
    if (!known || known->state != INCIDENT_DECIDED)
        return false;
    *incident = *known;
    return true;
}

static bool intend_aside(void *context, const struct account_before *before)
{
    struct lockdown *lockdown = context;
    struct incident incident;
    struct intention intention = {lockdown, &incident, lockdown->aside_earlier};
    return find_aside(lockdown, &incident) && !incident.release_wanted &&
           intend(&intention, before);
}

static void begin_aside(struct lockdown *lockdown)
{
    struct incident incident;
    lockdown->aside_id = lockdown_next_lock(lockdown);
    if (lockdown->aside_id == 0 || !find_aside(lockdown, &incident))
        return;
    const struct verdict *verdict = &incident.verdict;
    const struct account_before earlier = before_change(&incident);
    lockdown->aside_earlier = incident.change.intended;
    /* If it cannot be, it waits for the end of the restart. */
    lockdown_calls.account_aside_begin(verdict->sid, verdict->sid_size, incident.action,
                                       lockdown->aside_earlier ? &earlier : NULL,
                                       lockdown->listener.wake, &lockdown->aside);
}

bool lockdown_lock_aside(struct lockdown *lockdown)
{
    struct account_outcome outcome;
    struct incident incident;
    if (!lockdown->aside)
        begin_aside(lockdown);
    if (!lockdown->aside ||
        !lockdown_calls.account_aside_serve(lockdown->aside, intend_aside, lockdown, &outcome))
        return false;
    lockdown->aside = NULL;
    if (find_aside(lockdown, &incident)) {
        note_refused(&incident, &outcome, lockdown->aside_earlier);
        note_outcome(lockdown, &incident, &outcome);
    }
    return true;
}

bool lockdown_await_aside(struct lockdown *lockdown)
{
    if (!lockdown->aside)
        return false;
    while (!lockdown_lock_aside(lockdown))
        lockdown_calls.WaitForSingleObject(lockdown->listener.wake, INFINITE);
    return true;
}
