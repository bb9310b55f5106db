/* quarantine_job.h: what a person wants moved out of the queue or back, and the answer. */
#ifndef RELAYLOCK_APP_QUARANTINE_JOB_H
#define RELAYLOCK_APP_QUARANTINE_JOB_H

#include "../core/quarantine_request.h"
#include "../core/release_request.h"
#include "quarantine.h"

struct quarantine_job {
    struct quarantine_request request; /* its selection's clients are the job's */
    struct burst_list clients;
    struct release_answer answer;
    /* How it is done: */
    struct quarantine_queues queues;
    struct quarantine_order order;
    struct quarantine_result finished, result;
};

/* An empty one; null: no memory. Freed by free. */
struct quarantine_job *quarantine_job_create(void);

#define QUARANTINE_LEFT_UNKNOWN UINT64_MAX /* messages that are left could not be counted */

/* Whether its time or its limit was reached, so that messages that are meant may be left. */
bool quarantine_is_cut_short(const struct quarantine_result *result);

/* Adds to the answer what was finished and what came of the job; answer->done: all that was asked
 * for. left: messages that are meant still, when it was cut short; as of the reports below. */
void quarantine_job_answer(struct quarantine_job *job, uint64_t left);

/* Says on standard error what could not be worked on. False: there is nothing to say. */
bool quarantine_complain(const struct quarantine_result *result);

/* The events of what was finished before, of taking and giving back, and of a purge. */
void report_quarantine_finished(const struct quarantine_result *finished);
void report_quarantine_taken(const struct quarantine_order *order,
                             const struct quarantine_result *result, uint64_t left);
void report_quarantine_given_back(const struct quarantine_result *result);
void report_quarantine_purged(const char *id, const struct quarantine_result *result);

#endif
