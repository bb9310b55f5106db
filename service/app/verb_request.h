/* verb_request.h: what the verbs that ask the running service have in common (request_file.h): how
 * they ask, and how they tell what came of it.
 *
 * All print to standard output or standard error, and return the verb's exit status (usage.h).
 */
#ifndef RELAYLOCK_APP_VERB_REQUEST_H
#define RELAYLOCK_APP_VERB_REQUEST_H

#include "../windows/request_file.h"

struct verb_request {
    const char *verb; /* as it is typed */
    const char
        *meanwhile;       /* what is under way when another request lies there: "another release" */
    const char *look_for; /* where to look when no answer came: a sentence */
    const char *begun;    /* what becomes of what had begun when the service stopped: a sentence */
    const struct request_file *file;
    uint64_t number;
    DWORD patience; /* ms to wait for the answer; no more than the file's requests are fresh */
    /* Leaves the request, as request_file_ask does. */
    DWORD (*leave)(const wchar_t *directory, const void *context, const char **failed_call);
    const void *context;
};

/* Asks the service, waits for its answer, and tells it. When the service cannot be told of the
 * request, or stops before it has taken it, it is taken back. The directory is one that
 * state_directory_check has approved. */
int verb_request_ask(const struct verb_request *request, const wchar_t *directory);

/* Tells the answer. */
int verb_request_tell(const struct release_answer *answer);

/* Tells that a call failed. */
int verb_request_failed(const char *verb, const char *call, DWORD error);

/* Tells that the folder of the journal cannot be looked at, or be believed: the call and error of
 * state_directory_find or state_directory_check. */
int verb_request_refused(const char *verb, const wchar_t *directory, const char *call, DWORD error);

#endif
