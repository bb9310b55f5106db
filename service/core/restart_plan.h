/* restart_plan.h: when SMTP may be restarted (again).
 *
 * All accounts that are locked and still need a restart share the next one. Restarts are a cooldown
 * apart, and there are no more than so many within an hour; both are counted on the steady clock
 * over the restarts that the journal remembers. Pure.
 */
#ifndef RELAYLOCK_CORE_RESTART_PLAN_H
#define RELAYLOCK_CORE_RESTART_PLAN_H

#include "incident_book.h"
#include "response_policy.h"

enum restart_wait {
    RESTART_MAY_BEGIN,
    RESTART_COOLING, /* the cooldown is not over */
    RESTART_SPENT    /* max_restarts_per_hour is spent */
};

struct restart_plan {
    enum restart_wait wait; /* why not now; of two reasons the one that lasts longer */
    int64_t at;             /* steady, ms: the first moment at which it may begin */
};

struct restart_plan restart_plan(const struct restart_record *record,
                                 const struct response_policy *policy, int64_t now);

/* Notes a restart that is done at now: the record is of no restart under way any more. Restarts
 * older than an hour are forgotten, and the oldest of more than BOOK_RESTARTS_MAX. */
void restart_record_done(struct restart_record *record, int64_t now);

#endif
