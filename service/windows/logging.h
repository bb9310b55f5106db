/* logging.h: raises Exchange's diagnostic levels (diagnostics.h) as far as sign-ins need it, and
 * puts them back.
 *
 * What a level was is remembered (logging_memory.h) before it is raised, and forgotten after it was
 * put back, each step on disk before the next: no step that fails, and no process or power that
 * ends, loses it. A level that was changed since RelayLock saw it first is somebody's choice: it is
 * neither raised nor put back, until logging_raise is told to raise it anew.
 *
 * The service and a verb may be at it at once: only a level that the service raises in the very
 * moment in which the verb puts back may end up raised, and the next logging_restore puts it back.
 * Two administrators, of whom one puts back while the other raises anew, are not provided for.
 */
#ifndef RELAYLOCK_WINDOWS_LOGGING_H
#define RELAYLOCK_WINDOWS_LOGGING_H

#include "logging_memory.h"

enum logging_outcome {
    LOGGING_RAISED,   /* from a level to the maximum */
    LOGGING_CHANGED,  /* from the maximum, since RelayLock saw it there; it stays so */
    LOGGING_PUT_BACK, /* from the maximum to what it was */
    LOGGING_KEPT      /* not put back, since somebody has changed it; from: as to, the level now */
};

/* What came of one value. Texts hold only during the call. */
struct logging_step {
    enum logging_outcome outcome;
    const wchar_t *provider, *name;
    uint32_t from, to;
};

struct logging_listener {
    void (*hear)(void *context, const struct logging_step *step);
    void *context;
};

/* Raises the provider's levels to the maximum where they are lower. Left alone are those that
 * somebody has changed since they were raised, or found to be high enough (that is told once), and
 * all of them after logging_restore. With anew, all are raised, and what is put back later is what
 * they are now. Without such values there is nothing to do. Waits for the disk where it changes
 * something. ERROR_SUCCESS, or the error of the first step that failed, which goes to *failure; the
 * other values are raised all the same. */
DWORD logging_raise(const wchar_t *provider, bool anew, const struct logging_listener *listener,
                    struct logging_failure *failure);

/* Puts all levels that were raised back, of any provider, and forgets them; from now on nothing is
 * raised but anew. What no longer exists is passed over. Where RelayLock is not installed there is
 * nothing to do. ERROR_SUCCESS, or the error of the first step that failed; what could not be put
 * back stays remembered. */
DWORD logging_restore(const struct logging_listener *listener, struct logging_failure *failure);

/* A level, and what is remembered of it. Texts hold only during the call. */
struct logging_value {
    const wchar_t *provider, *name;
    bool found; /* whether Exchange has such a value (any longer) */
    uint32_t level;
    struct raised_level remembered;
};

/* Shows what the provider has, with what is remembered of it, then whatever else is remembered.
 * *left_alone: whether nothing is raised but anew. Changes nothing. ERROR_SUCCESS, or the error of
 * the first step that failed. */
DWORD logging_list(const wchar_t *provider,
                   void (*show)(void *context, const struct logging_value *value), void *context,
                   bool *left_alone, struct logging_failure *failure);

#endif
