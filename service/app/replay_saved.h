/* replay_saved.h: a saved classic event log (.evt) as an input of a replay. */
#ifndef RELAYLOCK_APP_REPLAY_SAVED_H
#define RELAYLOCK_APP_REPLAY_SAVED_H

#include "replay_input.h"

/* Opens the file at path (UTF-8; a view), or standard input for a null one; filter and what it
 * views must outlive it. It is at rest. Null, with an error (terminated UTF-8), when it cannot be
 * read or is no saved log. What is opened is closed by its method. Memory: SAVED_LOG_WINDOW_SIZE
 * while it is awake. */
struct replay_input *replay_saved_open(const char *path, const struct replay_search *search,
                                       char error[REPLAY_ERROR_SIZE]);

#endif
