/* lockdown_watch.c: see lockdown.h. Sign-ins after a lock, and what is done about them. */
#include <string.h>
#include "lockdown_reports.h"
#include "lockdown_state.h"

/* ---- sign-ins ------------------------------------------------------------------------------- */

/* The steady clock's moment of a GetTickCount of before. */
static int64_t moment_of(struct lockdown *lockdown, DWORD tick)
{
    int64_t now = lockdown_now(lockdown);
    DWORD ago = lockdown->steady.tick - tick;
    return ago < now ? now - ago : 0;
}

static void note_leak(struct lockdown *lockdown, struct incident *incident,
                      const struct held_sign_ins *sign_ins)
{
    int64_t at = moment_of(lockdown, sign_ins->read_at);
    bool answering = incident_is_answering(incident, &lockdown->policy);
    incident->leak_at = at > incident->leak_at ? at : incident->leak_at;
    incident->leak_wall = sign_ins->time;
    incident->leak_record = sign_ins->record;
    memcpy(incident->leak_client, sign_ins->client, sizeof incident->leak_client);
    /* One from before the latest restart was answered by that. */
    incident->leak_open = incident->leak_open || (!answering && at > incident->restarted_at);
    if (incident->state == INCIDENT_CONTAINED) { /* not so after all */
        incident->state = INCIDENT_RESTARTED;
        if (incident->action != LOCK_PASSWORD)
            incident->escalation = ESCALATION_NONE;
    }
}

/* Read a second time, as after a restart of the program. */
static bool was_read_before(const struct incident *incident, const struct held_sign_ins *sign_ins)
{
    return incident->leak_record != 0 && sign_ins->record <= incident->leak_record &&
           sign_ins->time <= incident->leak_wall;
}

bool lockdown_sign_ins(struct lockdown *lockdown, const struct held_sign_ins *sign_ins)
{
    const struct incident *held = NULL;
    if (!lockdown->store.open)
        return false;
    held = incident_book_holding(&lockdown->store.book, sign_ins->sid, sign_ins->sid_size);
    if (!held) {
        if (lockdown->listener.unheld)
            lockdown->listener.unheld(lockdown->listener.context, sign_ins->sid,
                                      sign_ins->sid_size);
        return true;
    }
    struct incident incident = *held;
    bool leak = sign_ins->leaks > 0 && incident.state != INCIDENT_DECIDED &&
                !was_read_before(&incident, sign_ins);
    incident.figures.sign_ins += sign_ins->before;
    if (leak) {
        incident.figures.leaks += sign_ins->leaks;
        note_leak(lockdown, &incident, sign_ins);
    }
    if (!lockdown_put(lockdown, &incident))
        return lockdown->store.open;
    if (leak)
        lockdown->figures.leaks += sign_ins->leaks;
    return true;
}

/* ---- the answer to a leak ------------------------------------------------------------------- */

enum finding {
    FOUND_LOCKED,  /* or nobody can tell */
    FOUND_ENABLED, /* somebody else enabled it */
    FOUND_LAGGING, /* where this host looks accounts up it was enabled still; it is not now */
    FOUND_NOTHING  /* the journal cannot be kept: it is looked at again */
};

enum home { HOME_LOCKED, HOME_ENABLED, HOME_UNKNOWN };

/* How the account is where the lock was set; enabled there, somebody enabled it. That a password is
 * a new one cannot be seen: who signs in after the account was contained, or after all was done
 * about it that can be, is taken to have one. */
static enum home look_at_home(const struct incident *incident)
{
    const struct verdict *verdict = &incident->verdict;
    const char *call;
    struct account_view view;
    if (incident->action == LOCK_PASSWORD)
        return incident->closed_at != 0 || incident->escalation == ESCALATION_ALERTED ? HOME_ENABLED
                                                                                      : HOME_LOCKED;
    if (lockdown_calls.account_look_on(verdict->sid, verdict->sid_size, incident->change.server,
                                       &view, &call) != ERROR_SUCCESS)
        return HOME_UNKNOWN;
    return view.disabled ? HOME_LOCKED : HOME_ENABLED;
}

/* Sets the lock where it had not come yet. That is durable before: a process that comes later finds
 * it set there, and could not tell that it was not. */
static enum finding lock_where_used(struct lockdown *lockdown, struct incident *incident,
                                    const char16_t *server)
{
    const struct verdict *verdict = &incident->verdict;
    struct account_outcome outcome;
    incident->lag_found = true;
    if (!lockdown_put(lockdown, incident))
        return FOUND_NOTHING;
    lockdown_calls.account_lock_on(verdict->sid, verdict->sid_size, server, &outcome);
    return outcome.result == ACCOUNT_LOCKED ? FOUND_LAGGING : FOUND_LOCKED;
}

/* Looks whether the lock holds, and sees to it that it does. server: where was looked. */
static enum finding look(struct lockdown *lockdown, struct incident *incident,
                         char16_t server[ACCOUNT_SERVER_MAX])
{
    const struct verdict *verdict = &incident->verdict;
    const char *call;
    struct account_view used;
    memcpy(server, incident->change.server, sizeof incident->change.server);
    enum home home = look_at_home(incident);
    if (home == HOME_ENABLED)
        return FOUND_ENABLED;
    if (incident->action == LOCK_PASSWORD ||
        lockdown_calls.account_look(verdict->sid, verdict->sid_size, ACCOUNT_USED, &used, &call) !=
            ERROR_SUCCESS)
        return FOUND_LOCKED;
    memcpy(server, used.server, sizeof used.server);
    if (used.disabled)
        return incident->lag_found ? FOUND_LAGGING : FOUND_LOCKED;
    /* Lagging only if the lock is known to stand: nobody's decision to enable it is overruled. */
    return home == HOME_LOCKED ? lock_where_used(lockdown, incident, used.server) : FOUND_LOCKED;
}

/* Sessions of it may have been opened again: SMTP is to be restarted once more. */
static void want_restart(struct lockdown *lockdown, struct incident *incident)
{
    incident->state = INCIDENT_LOCKED;
    incident->restart_since = lockdown_now(lockdown);
    incident->retry = (struct incident_retry){0};
}

/* "IISADMIN, W3SVC" */
static void report_services(const struct incident *incident, const struct setting_list *services)
{
    char16_t names[2 * SETTING_TEXT_MAX];
    const size_t room = sizeof names / sizeof *names;
    size_t used = 0;
    for (uint32_t i = 0; i < services->count && used + 4 < room; i++) {
        if (i > 0)
            used += text_copy(names + used, room - used, TEXT_OF(u", "));
        used += text_copy(names + used, room - used, text_of(services->names[i]));
    }
    report_leak_restart(incident, (struct text){names, used});
}

/* One step more than the last time. */
static void escalate(struct lockdown *lockdown, struct incident *incident, const char16_t *server)
{
    const struct response_policy *policy = &lockdown->policy;
    enum incident_escalation next = incident_escalate(incident, policy);
    switch (next) {
    case ESCALATION_VERIFIED:
        report_leak(incident, server);
        break;
    case ESCALATION_RESTARTED:
        report_leak_restart(incident, text_of(policy->smtp_service));
        want_restart(lockdown, incident);
        break;
    case ESCALATION_SERVICES:
        report_services(incident, &policy->restart_services);
        incident->services_done = 0;
        break;
    case ESCALATION_ALERTED:
        if (incident->escalation != ESCALATION_ALERTED)
            report_leak_remains(incident, policy->restart_services.count == 0);
        break;
    case ESCALATION_NONE:
    case ESCALATIONS:
        break;
    }
    incident->escalation = next;
}

void lockdown_step_look(struct lockdown *lockdown, struct incident *incident)
{
    char16_t server[ACCOUNT_SERVER_MAX];
    enum finding finding = look(lockdown, incident, server);
    if (finding == FOUND_NOTHING)
        return;
    incident->leak_open = incident->lag_found = false;
    switch (finding) {
    case FOUND_LOCKED:
        escalate(lockdown, incident, server);
        break;
    case FOUND_ENABLED:
        report_enabled_again(incident);
        lockdown_close(lockdown, incident, INCIDENT_RELEASED, ENDING_BY_OTHERS);
        break;
    case FOUND_LAGGING:
        if (incident->escalation == ESCALATION_NONE) {
            report_leak(incident, server);
            incident->escalation = ESCALATION_VERIFIED;
        }
        report_lagged(incident, server);
        want_restart(lockdown, incident);
        break;
    case FOUND_NOTHING:
        break;
    }
    lockdown_put(lockdown, incident);
}

/* ---- nothing came --------------------------------------------------------------------------- */

void lockdown_all_read(struct lockdown *lockdown, DWORD tick)
{
    if (!lockdown->steady_known)
        return;
    lockdown->all_read_at = moment_of(lockdown, tick);
    lockdown->read_asked = false;
}

void lockdown_await_reading(struct lockdown *lockdown, struct plan *plan, int64_t now)
{
    enum { PAUSE = 60000 }; /* ms after which it is looked again what else there is to do */
    if (plan->step != PLAN_CONTAIN || plan->at > now || lockdown->all_read_at >= plan->at)
        return;
    if (lockdown->listener.reading && !lockdown->read_asked) {
        lockdown->read_asked = true;
        lockdown->listener.reading(lockdown->listener.context);
    }
    if (lockdown->all_read_at < plan->at)
        plan->at = now + PAUSE;
}

void lockdown_step_contain(struct lockdown *lockdown, struct incident *incident)
{
    report_contained(incident, lockdown_now(lockdown) - incident_quiet_since(incident));
    lockdown_close(lockdown, incident, INCIDENT_CONTAINED, ENDING_NONE);
    lockdown_put(lockdown, incident);
}
