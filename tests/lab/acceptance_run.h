/* acceptance_run.h: the run: every check in a process of its own, a line for each, and the host as
 * it was before.
 *
 * A check that crashes, hangs or is broken off takes nothing with it: the run ends it after its
 * time and undoes what it left (acceptance_leftovers.h).
 */
#ifndef RELAYLOCK_LAB_ACCEPTANCE_RUN_H
#define RELAYLOCK_LAB_ACCEPTANCE_RUN_H

/* Runs what the options ask for. 0: all passed; 1: not all, or it was broken off; 2: nothing was
 * tried, for the reason that was printed. */
int run_all(void);

#endif
