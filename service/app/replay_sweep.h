/* replay_sweep.h: the part of a replay that tries a grid of limits (--sweep).
 *
 * Swept are the accounts that the general limits are for: not the exempt ones, none that has limits
 * of its own (Accounts\NAME), no computer's account, which is never acted on.
 */
#ifndef RELAYLOCK_APP_REPLAY_SWEEP_H
#define RELAYLOCK_APP_REPLAY_SWEEP_H

#include "../core/settings.h"
#include "../core/sweep_proposal.h"
#include "../core/timeline.h"
#include "replay_block.h"
#include "replay_listener.h"

/* All zero: none. Accounts have the numbers of the report's name book. */
struct replay_sweep {
    const struct settings *settings; /* a view */
    struct replay_block block, met_block;
    struct timeline timeline;
    uint8_t *met;                   /* by account: whether it was met, and is swept */
    struct sweep *sweep;            /* in block; for MaxAccounts accounts */
    uint32_t left_out;              /* accounts with limits of their own */
    uint64_t nameless;              /* sign-ins of accounts that found no room in the name book */
    struct sweep_proposal proposal; /* after replay_sweep_finish */
};

/* False, and nothing is open, when memory is out. settings must outlive it. */
bool replay_sweep_open(struct replay_sweep *part, const struct settings *settings,
                       const struct sweep_grid *grid);
struct replay_listener replay_sweep_listener(struct replay_sweep *part);
void replay_sweep_finish(struct replay_sweep *part);
void replay_sweep_close(struct replay_sweep *part);

#endif
