/* replay_parts.h: the parts of a replay that only some options ask for, from set-up to output.
 *
 * A part is a file pair with a listener (replay_listener.h) that gathers, and a result that a
 * writer prints. Here it says by which option it is wanted, and gives its result to the report.
 */
#ifndef RELAYLOCK_APP_REPLAY_PARTS_H
#define RELAYLOCK_APP_REPLAY_PARTS_H

#include "replay_diff.h"
#include "replay_explain.h"
#include "replay_listener.h"
#include "replay_options.h"
#include "replay_page.h"
#include "replay_progress.h"
#include "replay_report.h"
#include "replay_sweep.h"

/* All zero: no part. */
struct replay_parts {
    struct replay_listeners listeners;
    struct replay_progress_line progress;
    struct replay_sweep sweep;
    struct replay_explain explain;
    struct replay_diff diff;
    struct replay_page page;
};

/* Makes the parts that the options (which must outlive them) ask for. False, and standard error
 * says why, when one cannot be made; what was made is closed all the same by replay_parts_close. */
bool replay_parts_open(struct replay_parts *parts, const struct replay_options *options);

/* Ends the gathering, and gives what the parts found to the report. False, and standard error says
 * why, when some of it is not in there. */
bool replay_parts_finish(struct replay_parts *parts, const struct replay_options *options,
                         struct replay_report *report);

/* Writes the report to standard output in the format of the options, and the files that they ask
 * for. False, and standard error says why, when something could not be written. */
bool replay_parts_write(struct replay_parts *parts, const struct replay_options *options,
                        const struct replay_report *report);

/* Whether all that was printed to standard output got there. Standard error says why not. */
bool replay_parts_flush(void);

void replay_parts_close(struct replay_parts *parts);

#endif
