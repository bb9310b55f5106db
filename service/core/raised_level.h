/* raised_level.h: what is remembered of a diagnostic level that RelayLock raised, and what is to be
 * done about the level, given how it stands now.
 *
 * A level is raised once, when it is first seen to be too low; what it is set to later stays, for
 * it is somebody's choice (RAISED_CHANGED). That holds for one that was high enough, too
 * (RAISED_FOUND). It is remembered before the level is raised (RAISED_BEGUN) and once more after
 * that (RAISED_DONE), so that a process that died in between is told from an administrator who
 * lowered the level again.
 */
#ifndef RELAYLOCK_CORE_RAISED_LEVEL_H
#define RELAYLOCK_CORE_RAISED_LEVEL_H

#include "diagnostic_levels.h"

enum raised_state {
    RAISED_NEVER,  /* nothing is remembered */
    RAISED_FOUND,  /* it was found to be high enough */
    RAISED_BEGUN,  /* it is about to be raised, or has just been */
    RAISED_DONE,   /* it has been raised */
    RAISED_CHANGED /* somebody has set it to something else since */
};

/* Zeroed: nothing is remembered. */
struct raised_level {
    enum raised_state state;
    uint32_t before; /* the level before it was raised; DIAGNOSTIC_LEVEL_MAXIMUM: it was not */
};

enum raised_step {
    RAISED_STEP_NONE,
    RAISED_STEP_RAISE,       /* remember that it is begun, raise it, remember that it is done */
    RAISED_STEP_NOTE_FOUND,  /* to be remembered: it is high enough */
    RAISED_STEP_NOTE_DONE,   /* it was raised, which is still to be remembered */
    RAISED_STEP_NOTE_CHANGED /* somebody has changed it, which is to be remembered */
};

/* What is to be done about a level of a value that is there. */
enum raised_step raised_level_next(const struct raised_level *remembered, uint32_t level);

/* Whether the level is the one that RelayLock set, so that it may put back what was before. */
bool raised_level_is_ours(const struct raised_level *remembered, uint32_t level);

enum { RAISED_TEXT_MAX = 48 /* units of it as text, terminator included */ };

/* As text for the registry, where an administrator may read it: "raised from 0". Not of
 * RAISED_NEVER. Terminated; returns the units without the terminator. */
size_t raised_level_to_text(const struct raised_level *remembered, char16_t text[RAISED_TEXT_MAX]);

/* The other way. False, with nothing written, when it is no such text. */
bool raised_level_from_text(struct raised_level *remembered, struct text text);

#endif
