/* quarantine_asked.h: what the verbs `queue quarantine` and `queue restore` asked for, as the
 * service takes and answers it. */
#ifndef RELAYLOCK_APP_QUARANTINE_ASKED_H
#define RELAYLOCK_APP_QUARANTINE_ASKED_H

#include "quarantine_job.h"

/* The job that a verb left in the state directory (windows/quarantine_file.h). Null: there is none
 * that is to be done; one that is refused is told (612), and so is its verb, if that is known. */
struct quarantine_job *quarantine_asked_take(const wchar_t *directory);

/* Answers the verb; if that cannot be done, it waits in vain, and an event tells so (612). */
void quarantine_asked_answer(const wchar_t *directory, const struct release_answer *answer);

#endif
