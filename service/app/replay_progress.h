/* replay_progress.h: shows on a terminal how far a replay has come, once it takes longer than a
 * second: one line that is written over and wiped out in the end.
 */
#ifndef RELAYLOCK_APP_REPLAY_PROGRESS_H
#define RELAYLOCK_APP_REPLAY_PROGRESS_H

#include <stdio.h>

#include "replay_listener.h"

enum { REPLAY_PROGRESS_LINE = 96 /* bytes of the text; it has fewer than 80 columns */ };

struct replay_progress_line {
    FILE *out;
    uint64_t (*clock)(void); /* milliseconds */
    uint64_t began, next;    /* when to draw again */
    size_t drawn;            /* columns of the line that stands there */
};

/* From now on; both are views. */
void replay_progress_open(struct replay_progress_line *line, FILE *out, uint64_t (*clock)(void));
struct replay_listener replay_progress_listener(struct replay_progress_line *line);

/* Wipes the line out. */
void replay_progress_close(struct replay_progress_line *line);

/* The line after so many milliseconds (1 or more): share done, records a second, time left; where
 * the total is not known the records read so far. */
void replay_progress_text(const struct replay_progress *progress, uint64_t elapsed,
                          char text[REPLAY_PROGRESS_LINE]);

#endif
