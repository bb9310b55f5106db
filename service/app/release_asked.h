/* release_asked.h: what the release verb asked for, as the service takes and answers it. */
#ifndef RELAYLOCK_APP_RELEASE_ASKED_H
#define RELAYLOCK_APP_RELEASE_ASKED_H

#include <windows.h>
#include <stdbool.h>
#include "../core/release_request.h"

/* The request that the verb left in the state directory (windows/release_file.h). False: there is
 * none that is to be done; one that is refused is told (534), and so is its verb, if that is known.
 */
bool release_asked_take(const wchar_t *directory, struct release_request *request);

/* Answers the verb; if that cannot be done, it waits in vain, and an event tells so (534). */
void release_asked_answer(const wchar_t *directory, const struct release_answer *answer);

#endif
