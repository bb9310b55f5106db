/* watcher_mode.h: whether verdicts lead to locks: a pause and the setting Observe each keep
 * anything from being changed, and one does not end the other.
 */
#ifndef RELAYLOCK_APP_WATCHER_MODE_H
#define RELAYLOCK_APP_WATCHER_MODE_H

#include "control.h"
#include "detector.h"

enum watcher_mode { WATCHER_LOCKS, WATCHER_PAUSED, WATCHER_OBSERVES };

/* For a detector and a responder (responder_start) that are about to start; nothing is told. */
enum watcher_mode watcher_mode_begin(struct detector *detector, const struct settings *settings);

/* Puts in force, and tells, what is wanted now. Returns it; mode: what was in force. */
enum watcher_mode watcher_mode_change(enum watcher_mode mode, const struct control *control,
                                      const struct settings *settings, struct detector *detector);

/* "locks accounts"; a literal. */
const char *watcher_mode_name(enum watcher_mode mode);

/* The event of a mode: 103, 102, 109. */
void watcher_mode_tell(enum watcher_mode mode);

#endif
