/* release_asked.h: what the release verb asked for, as the service takes it. */
#ifndef RELAYLOCK_APP_RELEASE_ASKED_H
#define RELAYLOCK_APP_RELEASE_ASKED_H

#include <windows.h>
#include "../core/release_request.h"

/* The request that the verb left in the state directory (windows/release_file.h; "": not found
 * yet). False: there is none that can be believed, which is told. */
bool release_asked_take(const wchar_t *directory, struct release_request *request);

#endif
