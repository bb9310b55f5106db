/* sweep_fixture.h: sweeps with memory of their own, fed in one line. */
#ifndef RELAYLOCK_TESTS_SWEEP_FIXTURE_H
#define RELAYLOCK_TESTS_SWEEP_FIXTURE_H

#include "core/sweep.h"

/* One count of sign-ins in one window. */
struct sweep_grid sweep_fixture_grid(uint32_t count, uint32_t window);

/* One at a time, until it is closed. */
struct sweep *sweep_fixture_open(const struct sweep_grid *grid, uint32_t accounts);
void sweep_fixture_close(void);

/* count sign-ins of an account at the same time, each from another client if so asked. */
void sweep_fixture_feed(struct sweep *sweep, uint32_t account, int64_t time, uint32_t count,
                        bool clients);

#endif
