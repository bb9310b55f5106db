/* replay_inputs.h: the arguments of a replay, made into inputs: a file, "-" for standard input, a
 * folder for the logs that lie in it. On Windows also what wevtapi reads: newer files (.evtx) and
 * "channel:NAME" for a live log.
 */
#ifndef RELAYLOCK_APP_REPLAY_INPUTS_H
#define RELAYLOCK_APP_REPLAY_INPUTS_H

#include "replay_reader.h"

/* Says that there is something wrong with an input. */
typedef void replay_complain(void *context, const char *path, const char *what);

/* The paths that folders hold; all zero: none. */
struct replay_inputs {
    char **paths; /* owned: replay_inputs_free */
    size_t count, room;
};

/* Opens what the arguments (UTF-8; they must outlive the reader, as must the search) mean and adds
 * it to the reader. What cannot be opened is complained of, and the rest is opened all the same. A
 * folder's files are taken in the order of their names. */
void replay_inputs_open(struct replay_inputs *inputs, const char *const *arguments, size_t count,
                        const struct replay_search *search, struct replay_reader *reader,
                        replay_complain *complain, void *context);

/* To be called after the reader was destroyed, which views the paths. */
void replay_inputs_free(struct replay_inputs *inputs);

#endif
