/* sweep_grid.h: the limits that a sweep tries: every count of sign-ins, and every number of
 * clients, with every window.
 *
 * Written COUNTS/WINDOWS/CLIENTS, each a list with commas: "20,50,100/10m,1h/4,8". COUNTS or
 * CLIENTS may be empty, and CLIENTS left out with its slash: then limits of that kind are not
 * tried.
 */
#ifndef RELAYLOCK_CORE_SWEEP_GRID_H
#define RELAYLOCK_CORE_SWEEP_GRID_H

#include "limit.h"

enum {
    SWEEP_AXIS_MAX = 20,
    SWEEP_GRID_COUNTS_MAX = 16, /* in a grid that is read from text */
    /* So that the lowest limit of either kind for every window fits into one set of limits. */
    SWEEP_GRID_WINDOWS_MAX = LIMIT_SET_MAX / 2
};

#define SWEEP_GRID_ALLOWED                                                                         \
    "COUNTS/WINDOWS/CLIENTS as in 20,50,100/10m,1h/4,8: up to 16 counts from 1 to 10000, up to 8 " \
    "windows from 1s to 7d, up to 16 numbers of clients from 2 to 10000"

/* Ascending, each value once. */
struct sweep_axis {
    uint32_t at[SWEEP_AXIS_MAX];
    uint32_t count;
};

struct sweep_grid {
    struct sweep_axis counts[2]; /* by enum limit_subject; either may be empty */
    struct sweep_axis windows;   /* seconds; never empty */
};

/* Counts 5 to 1000, windows of a minute to a day, 2 to 50 clients: eight of each. */
void sweep_grid_default(struct sweep_grid *grid);

/* False, and *grid untouched, when the text is none; SWEEP_GRID_ALLOWED says what is one. */
bool sweep_grid_parse(struct text text, struct sweep_grid *grid);

/* Adds a value in its place, unless it is there. False when the axis is full. */
bool sweep_axis_add(struct sweep_axis *axis, uint32_t value);

/* The largest value; 0 for an empty axis. */
uint32_t sweep_axis_largest(const struct sweep_axis *axis);

/* The limit at a place of the grid: index into counts[subject] and into windows. */
struct limit sweep_grid_limit(const struct sweep_grid *grid, enum limit_subject subject,
                              uint32_t count, uint32_t window);

#endif
