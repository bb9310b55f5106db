/* outlook.h: RelayLock knows when it cannot see, and says so: what to do, at most once a day, and
 * once when it is over. Once a day it tells the day's figures, as a sign of life.
 *
 * Looks at Exchange's diagnostic levels (when Windows says that they changed), which it first
 * raises where the settings say so (logging.h), paused or not; at the log's state (every
 * OUTLOOK_PAUSE), at the rhythm of sign-ins and at the clock. All of these are local calls. Decided
 * in core (diagnostic_levels, log_capacity, rhythm, clock_watch, notice). What was told, the rhythm
 * and the figures outlive the process: the caller keeps them in the journal.
 *
 * Used by the watcher's thread alone, which must always be the same one (diagnostics.h).
 */
#ifndef RELAYLOCK_APP_OUTLOOK_H
#define RELAYLOCK_APP_OUTLOOK_H

#include "log_reader.h"
#include "../core/outlook_state.h"
#include "../windows/diagnostics.h"

enum {
    OUTLOOK_PAUSE = 300000,      /* ms between two looks */
    OUTLOOK_DAY = 86400000,      /* ms between two sets of figures */
    OUTLOOK_KEEP_PAUSE = 3600000 /* ms after which it is worth keeping again without news */
};

/* Counters of this process, ascending. */
struct outlook_counts {
    uint64_t sign_ins; /* read and not read by an earlier process; malformed ones included */
    uint64_t malformed;
    uint64_t foreign; /* likewise, of computers whose sign-ins do not count; not among sign_ins */
    uint32_t verdicts;
    uint32_t locked;
    uint32_t released;
    uint32_t leaks;
    uint32_t restarts; /* of SMTP */
};

/* How things stand at a look. */
struct outlook_view {
    const struct steady *clock; /* advanced to now */
    struct log_reader *reader;
    const struct settings *settings;
    struct outlook_counts counts;
    uint32_t accounts; /* held in memory */
};

struct outlook {
    struct outlook_state state;
    struct diagnostics diagnostics;
    struct outlook_counts before; /* at the last look */
    uint64_t foreign_untold;
    bool recalled;
    DWORD raise_error; /* of the last time that levels were to be raised */
    int64_t look_at;   /* steady, ms: the log's state and the levels are due again */
    int64_t keep_at;   /* steady, ms: worth keeping again */
    char unknown[96];  /* what could not be looked at, and why; "" when all could */
};

/* *outlook must be zeroed. ERROR_SUCCESS, or the error of CreateEvent. */
DWORD outlook_init(struct outlook *outlook);
void outlook_end(struct outlook *outlook);

/* Goes on with what an earlier process kept; null, or bytes that make no sense: with nothing.
 * Before that outlook_look does nothing, so that nothing is told twice. */
void outlook_recall(struct outlook *outlook, const struct outlook_record *record,
                    const struct steady *clock);

/* Looks at what is due, and tells. Cheap when nothing is. To be called whenever the watcher wakes,
 * after it has read all there was. */
void outlook_look(struct outlook *outlook, const struct outlook_view *view);

/* All is due at the next look: the settings are others. */
void outlook_look_soon(struct outlook *outlook);

/* To be waited for: signalled when a look is due before outlook_wait says so. */
HANDLE outlook_signal(const struct outlook *outlook);

/* ms until a look is due. now: steady, ms. */
DWORD outlook_wait(const struct outlook *outlook, int64_t now);

/* Whether there is something worth keeping: something was told, or an hour has passed. */
bool outlook_has_news(const struct outlook *outlook, int64_t now);

/* What to keep; also to be kept at the end of the process. */
void outlook_keep(struct outlook *outlook, int64_t now, struct outlook_record *record);

#endif
