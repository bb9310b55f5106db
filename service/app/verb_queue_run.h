/* verb_queue_run.h: a quarantine job of `queue quarantine` and `queue restore`, carried out. */
#ifndef RELAYLOCK_APP_VERB_QUEUE_RUN_H
#define RELAYLOCK_APP_VERB_QUEUE_RUN_H

#include "quarantine_job.h"

/* Has it carried out by the service or, where that does not run, by this process, and prints what
 * came of it. Takes the job over; its request needs no number. Returns the verb's exit status. */
int verb_queue_run(const struct settings *settings, struct quarantine_job *job);

/* Without the service: what an earlier such process began and was kept from ending is finished, so
 * that SMTP runs whatever becomes of the job. Prints it when a restart was finished; what hinders
 * it is told by the job. */
void verb_queue_finish(const struct settings *settings);

#endif
