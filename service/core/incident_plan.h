/* incident_plan.h: what is to be done next about an incident, and when.
 *
 * Pure: the incident as the journal has it, the policy in force and the steady clock decide, so
 * that a program that was ended at any moment goes on where it was.
 *
 * A step that fails is tried again after 1, 2, 4 ... 60 s until GiveUpAfter has passed since its
 * first failure. SMTP is restarted for many incidents at once: PLAN_RESTART says that this one
 * needs it, restart_plan.h when that may be.
 *
 * A leak (a sign-in after the lock) is answered by a look whether the lock holds, and if that was
 * not enough before, by one step more for each new leak: SMTP is restarted once more, then the
 * RestartServices are, then it is said that nothing is left to do.
 */
#ifndef RELAYLOCK_CORE_INCIDENT_PLAN_H
#define RELAYLOCK_CORE_INCIDENT_PLAN_H

#include "incident_book.h"
#include "response_policy.h"

/* The more urgent comes first. */
enum plan_step {
    PLAN_LOCK,            /* lock the account, as its action says */
    PLAN_RESTART,         /* it needs a restart of SMTP */
    PLAN_SKIP_RESTART,    /* it would, but RestartSmtp is 0: it is watched without */
    PLAN_LOOK,            /* a leak: see whether the lock holds */
    PLAN_SERVICES,        /* restart the next of the RestartServices */
    PLAN_RELEASE,         /* it is wanted */
    PLAN_RELEASE_BY_TIME, /* its time is over: see whether it may be released by itself */
    PLAN_MARK,            /* put the mark before the account's comment; tried once */
    PLAN_CONTAIN,         /* nothing came for ContainAfter */
    PLAN_NOTHING
};

struct plan {
    enum plan_step step;
    int64_t at; /* steady, ms: when it is due; INT64_MAX with PLAN_NOTHING */
};

enum response_mode {
    RESPONSE_FULL,
    RESPONSE_OBSERVE, /* paused, or Observe: nothing is changed but what a person asks for */
    RESPONSE_RELEASE  /* only what a person asks for: the release verb without the service */
};

/* restart_at: steady, ms, the first moment at which SMTP may be restarted (restart_plan.h). What
 * else is due of an incident that waits for that does not wait. */
struct plan incident_plan(const struct incident *incident, const struct response_policy *policy,
                          enum response_mode mode, int64_t now, int64_t restart_at);

/* Whether the step is a restart for which restart_at counts. */
bool incident_needs_restart(const struct incident *incident, const struct plan *plan);

/* How far the answer to a new leak goes, the lock having been looked at: ESCALATION_VERIFIED when
 * that was the answer, and so on; never less than it went already. */
enum incident_escalation incident_escalate(const struct incident *incident,
                                           const struct response_policy *policy);

/* Whether services of RestartServices are still to be restarted for it. */
bool incident_services_pending(const struct incident *incident,
                               const struct response_policy *policy);

/* Whether an answer to an earlier leak is under way, so that another leak is only counted. */
bool incident_is_answering(const struct incident *incident, const struct response_policy *policy);

/* Since when nothing came of an account that is watched. */
int64_t incident_quiet_since(const struct incident *incident);

/* Whether a restart that was begun at that time and is done ended the sessions from before the
 * lock. */
bool incident_restarted_by(const struct incident *incident, int64_t begun_at);

/* Whether the account's comment is to be marked: what is flagged for something that an
 * administrator should see to, and the last administrator. */
bool incident_wants_mark(const struct incident *incident);

/* Whether there is something of it to release: it holds its account, or its mark is there. */
bool incident_can_be_released(const struct incident *incident);

/* How often the account of a SID was released by itself within the week before now. */
uint32_t incident_auto_releases(const struct incident_book *book, const uint8_t *sid,
                                uint32_t sid_size, int64_t now);

/* The latest moment (steady, ms) at which anything in the book happened: the clock, which goes on
 * from its last reading put down, must not stand before it. */
int64_t incident_latest_moment(const struct incident_book *book);

/* Notes that the step that is due failed at now with a Windows error code. */
void incident_retry_failed(struct incident_retry *retry, uint32_t error, int64_t now);

/* Whether it was tried for long enough: asked after a failure. */
bool incident_retry_is_over(const struct incident_retry *retry,
                            const struct response_policy *policy, int64_t now);

#endif
