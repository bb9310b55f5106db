/* trouble.h: what goes wrong in small, told as a number once in a while: records that were
 * malformed, accounts that were forgotten while they still counted, and times that cannot be.
 *
 * Zeroed it has told nothing.
 */
#ifndef RELAYLOCK_APP_TROUBLE_H
#define RELAYLOCK_APP_TROUBLE_H

#include "../core/guard.h"
#include "../core/settings.h"
#include "../windows/event_source.h"
#include "live_time.h"

struct trouble {
    uint64_t malformed, lost, moved; /* the counters when they were told last */
    uint64_t lost_before;            /* by guards since replaced, not yet told */
};

/* Accounts lost since that was told last. guard: the one that counts now; may be null. */
uint64_t trouble_lost(const struct trouble *trouble, const struct guard *guard);

/* Another guard counts from zero; lost: what trouble_lost was before. */
void trouble_go_on(struct trouble *trouble, uint64_t lost);

/* Tells what there was since the last time, if anything (docs/events.md, 304, 305 and 307). */
void trouble_tell(struct trouble *trouble, const struct settings *settings,
                  const struct event_source_counters *log, const struct guard *guard,
                  const struct live_time *live);

#endif
