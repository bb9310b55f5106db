/* quarantine_asked.h: what the verbs `queue quarantine` and `queue restore` asked for, as the
 * service takes it. */
#ifndef RELAYLOCK_APP_QUARANTINE_ASKED_H
#define RELAYLOCK_APP_QUARANTINE_ASKED_H

#include "quarantine_job.h"

/* The job that a verb left in the state directory (windows/quarantine_file.h; "": not found yet).
 * Null: there is none that can be believed, which is told. */
struct quarantine_job *quarantine_asked_take(const wchar_t *directory);

#endif
