/* quarantine_aside.h: quarantine.h's functions on a thread of their own, for one who must not wait
 * for longer than SMTP may.
 *
 * Any call for a file may hang: a disk or a filter driver does not answer, or a program of anybody
 * who may read the file has an oplock on it, and does not let go of it. After
 * QUARANTINE_ASIDE_LIMIT it is not waited for any more, but cancelled (cancellation.h): the call
 * that hangs may be done late, no other is. So it leaves what a killed process leaves, and that is
 * finished likewise.
 *
 * The thread works on a copy of what it is given, and in no memory of the caller's; the copy is
 * kept until the thread has ended. As long as it has not, none of these does anything: so there is
 * one such thread and one copy at most, and a run never meets what another has in its hands. Once
 * it has ended, all is as before. The process may end meanwhile.
 *
 * result->stuck: it did not end in its time (error ERROR_TIMEOUT), and what it did is not known; or
 * an earlier one did not and has not ended yet (ERROR_BUSY), and nothing was done. call and object
 * then are what is waited for.
 *
 * For one thread at a time. Sources: learn.microsoft.com
 * ni-winioctl-fsctl_request_batch_oplock (what is incompatible with it waits for its owner).
 */
#ifndef RELAYLOCK_APP_QUARANTINE_ASIDE_H
#define RELAYLOCK_APP_QUARANTINE_ASIDE_H

#include "quarantine.h"

enum {
    /* ms that SMTP is kept waiting at most: a run looks at QUARANTINE_BUDGET between two messages,
     * and has the rest to move those that it has put down already. */
    QUARANTINE_ASIDE_LIMIT = QUARANTINE_BUDGET + 5000
};

/* Whether an earlier one has not ended; *result is what one that is begun now comes to. */
bool quarantine_aside_is_stuck(struct quarantine_result *result);

/* As those of quarantine.h; to count is bounded. */
void quarantine_aside_finish(const struct quarantine_queues *queues,
                             struct quarantine_result *result);
void quarantine_aside_take(const struct quarantine_queues *queues,
                           const struct quarantine_order *order, struct quarantine_result *result);
void quarantine_aside_give_back(const struct quarantine_queues *queues, const char *id,
                                const struct queue_selection *selection,
                                struct quarantine_result *result);
void quarantine_aside_count(const struct quarantine_queues *queues,
                            const struct queue_selection *selection,
                            struct quarantine_result *result);
bool quarantine_aside_has(const struct quarantine_queues *queues, const char *id);

#endif
