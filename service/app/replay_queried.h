/* replay_queried.h: what wevtapi reads as an input of a replay: a saved log of Windows Vista or
 * later
 * (.evtx), or a channel. On Windows only.
 */
#ifndef RELAYLOCK_APP_REPLAY_QUERIED_H
#define RELAYLOCK_APP_REPLAY_QUERIED_H

#include "replay_input.h"

/* Opens the file at path (UTF-8), or the channel of that name; search and what it views must
 * outlive it. It is at rest. Null, with an error (terminated UTF-8), when it cannot be read. What
 * is opened is closed by its method. */
struct replay_input *replay_queried_open(const char *path, bool is_file,
                                         const struct replay_search *search,
                                         char error[REPLAY_ERROR_SIZE]);

#endif
