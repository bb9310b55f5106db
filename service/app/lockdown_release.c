/* lockdown_release.c: see lockdown.h. What was changed is undone, when somebody asks or its time is
 * over. */
#include <string.h>
#include "answer.h"
#include "lockdown_reports.h"
#include "lockdown_state.h"

/* ---- the answer ----------------------------------------------------------------------------- */

static void finish(struct lockdown *lockdown)
{
    struct release_job *job = &lockdown->release;
    job->open = false;
    if (lockdown->listener.answered)
        lockdown->listener.answered(lockdown->listener.context, &job->answer);
}

/* One of those asked for was tried: a line of the answer, and the answer when it was the last. */
static void answer(struct lockdown *lockdown, const struct incident *incident, bool done,
                   struct text words)
{
    struct release_job *job = &lockdown->release;
    uint32_t i = 0;
    while (i < job->count && job->ids[i] != incident->id)
        i++;
    if (!job->open || i == job->count)
        return;
    memmove(&job->ids[i], &job->ids[i + 1], (--job->count - i) * sizeof *job->ids);
    const struct verdict *verdict = &incident->verdict;
    answer_add_shown(&job->answer, text_of(verdict->name[0] ? verdict->name : verdict->account));
    answer_add(&job->answer, done ? ": released: " : ": not released: ");
    answer_add_shown(&job->answer, words);
    answer_add(&job->answer, "\n");
    job->answer.done = job->answer.done && done;
    if (job->count == 0)
        finish(lockdown);
}

/* Nothing can be done of what was asked for, or of what is left of it. */
static void refuse(struct lockdown *lockdown, struct text why)
{
    struct release_job *job = &lockdown->release;
    job->answer.done = false;
    answer_add_shown(&job->answer, why);
    answer_add(&job->answer, "\n");
    finish(lockdown);
}

static struct text why_closed(const struct incident_store *store)
{
    if (!store->is_guest)
        return TEXT_OF(u"the journal cannot be kept at the moment (event 120)");
    if (store->error == ERROR_SHARING_VIOLATION)
        return TEXT_OF(u"another process has the journal: end \"relaylock run\" there first");
    return TEXT_OF(u"the journal cannot be kept at the moment");
}

void lockdown_answer_closed(struct lockdown *lockdown)
{
    if (lockdown->release.open)
        refuse(lockdown, why_closed(&lockdown->store));
    lockdown_refuse_quarantine(lockdown, why_closed(&lockdown->store));
}

void lockdown_answer_ended(struct lockdown *lockdown, const struct incident *incident)
{
    answer(lockdown, incident, false, TEXT_OF(u"it was not locked"));
}

/* ---- what is asked for ---------------------------------------------------------------------- */

static struct text asked_for(const struct release_request *request)
{
    switch (request->target) {
    case RELEASE_ALL:
        return TEXT_OF(u"all accounts");
    case RELEASE_LATEST:
        return TEXT_OF(u"the account locked last");
    case RELEASE_ACCOUNT:
    case RELEASE_TARGETS:
        break;
    }
    return text_of(request->account);
}

static void refuse_request(struct lockdown *lockdown, const struct release_request *request,
                           struct text why)
{
    report_release_unknown(asked_for(request), why);
    answer_add_shown(&lockdown->release.answer, asked_for(request));
    answer_add(&lockdown->release.answer, ": ");
    refuse(lockdown, why);
}

/* Durable for each before any of them is done, so that all of them are, whatever comes between. */
static void want(struct lockdown *lockdown, const struct release_request *request)
{
    const struct release_job *job = &lockdown->release;
    for (uint32_t i = 0; job->open && i < job->count; i++) {
        struct incident incident = *incident_book_find(&lockdown->store.book, job->ids[i]);
        incident.release_wanted = true;
        incident.release_by_time = false;
        incident.release_forced = request->force;
        incident.retry = (struct incident_retry){0};
        lockdown_put(lockdown, &incident); /* if that closes the journal, it is answered */
    }
}

bool lockdown_release(struct lockdown *lockdown, const struct release_request *request)
{
    struct release_job *job = &lockdown->release;
    if (job->open)
        return false;
    *job = (struct release_job){.open = true, .answer = {.number = request->number, .done = true}};
    if (!lockdown->store.open) {
        lockdown_answer_closed(lockdown);
        return true;
    }
    switch (release_request_match(request, &lockdown->store.book, job->ids, &job->count)) {
    case RELEASE_FOUND:
        want(lockdown, request);
        break;
    case RELEASE_NONE:
        refuse_request(lockdown, request, TEXT_OF(u"there is nothing locked or marked to release"));
        break;
    case RELEASE_AMBIGUOUS:
        refuse_request(lockdown, request,
                       TEXT_OF(u"that is the name of several accounts: name it with its domain"));
        break;
    }
    return true;
}

bool lockdown_is_releasing(const struct lockdown *lockdown)
{
    return lockdown->release.open;
}

/* ---- the release ---------------------------------------------------------------------------- */

/* Nothing was ever written: nothing to undo. */
static bool is_untouched(const struct incident *incident)
{
    return !incident->change.intended && !incident->change.made;
}

static void undo(const struct incident *incident, struct account_release_outcome *outcome)
{
    const struct verdict *verdict = &incident->verdict;
    const struct incident_change *change = &incident->change;
    bool mark_only = !incident_holds(incident);
    const struct account_undo undo = {.action = mark_only ? LOCK_FLAG : incident->action,
                                      .flags_before = change->flags_before,
                                      .flags_after = change->flags_after,
                                      .marked = change->marked,
                                      .force = incident->release_forced,
                                      .server = change->server,
                                      .user = change->user};
    *outcome = (struct account_release_outcome){.result = RELEASE_NOTHING};
    if (!is_untouched(incident))
        lockdown_calls.account_release(verdict->sid, verdict->sid_size, &undo, NULL, outcome);
}

static void note_released(struct lockdown *lockdown, struct incident *incident,
                          const struct account_release_outcome *outcome)
{
    lockdown_close(lockdown, incident, INCIDENT_RELEASED,
                   incident->release_by_time ? ENDING_BY_TIME : ENDING_BY_REQUEST);
    report_released(incident, outcome);
    if (!lockdown_put(lockdown, incident))
        return;
    lockdown->figures.released++;
    answer(lockdown, incident, true, release_words(incident, outcome));
}

/* Not asked for any more: by a person it must be asked for anew, and LockMinutes stand as they did;
 * by time it is over. */
static void note_refused(struct incident *incident)
{
    if (incident->release_by_time)
        incident->release_at = 0;
    incident->release_wanted = incident->release_by_time = false;
    incident->retry = (struct incident_retry){0};
}

static void note_failed(struct lockdown *lockdown, struct incident *incident,
                        const struct account_release_outcome *outcome)
{
    int64_t now = lockdown_now(lockdown);
    incident_retry_failed(&incident->retry, outcome->error, now);
    bool over = incident_retry_is_over(&incident->retry, &lockdown->policy, now);
    if (over || !incident->retry.told)
        report_release_failed(incident, outcome, over);
    incident->retry.told = true;
    if (over)
        note_refused(incident);
    if (lockdown_put(lockdown, incident))
        answer(lockdown, incident, false,
               account_is_unknown(outcome->error)
                   ? TEXT_OF(u"it is not known any more (event 532); RelayLock keeps trying; if it "
                             u"was deleted, add --force")
                   : TEXT_OF(u"it failed for now (event 532); RelayLock keeps trying"));
}

void lockdown_step_release(struct lockdown *lockdown, struct incident *incident)
{
    struct account_release_outcome outcome;
    undo(incident, &outcome);
    switch (outcome.result) {
    case RELEASE_DONE:
    case RELEASE_NOTHING:
        note_released(lockdown, incident, &outcome);
        break;
    case RELEASE_CHANGED:
        report_not_released(incident, &outcome);
        note_refused(incident);
        if (lockdown_put(lockdown, incident))
            answer(lockdown, incident, false,
                   TEXT_OF(u"somebody changed it since it was locked (event 531); to release it "
                           u"all the same, add --force"));
        break;
    case RELEASE_FAILED:
        note_failed(lockdown, incident, &outcome);
        break;
    }
}

void lockdown_step_release_by_time(struct lockdown *lockdown, struct incident *incident)
{
    const struct verdict *verdict = &incident->verdict;
    uint32_t releases = incident_auto_releases(&lockdown->store.book, verdict->sid,
                                               verdict->sid_size, lockdown_now(lockdown));
    if (releases >= lockdown->policy.max_auto_releases) {
        report_stays_locked(incident, releases);
        incident->stay_told = true;
    } else {
        incident->release_wanted = incident->release_by_time = true;
        incident->release_forced = false;
        incident->retry = (struct incident_retry){0};
    }
    lockdown_put(lockdown, incident);
}
