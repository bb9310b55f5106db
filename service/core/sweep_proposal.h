/* sweep_proposal.h: which limits a sweep speaks for: for each window the lowest of the grid that
 * would have locked nobody among the accounts that look honest (habit.h), but none so low that it
 * is crossed by what is too little to stand out: so few sign-ins say nothing about anybody.
 */
#ifndef RELAYLOCK_CORE_SWEEP_PROPOSAL_H
#define RELAYLOCK_CORE_SWEEP_PROPOSAL_H

#include "sweep.h"

/* For one window. */
struct sweep_lowest {
    bool found;             /* false: an honest account reaches the largest count of the grid */
    uint32_t count;         /* index into the grid's counts, when found */
    struct limit limit;     /* when found */
    bool proposed;          /* it is in the set: no other limit there makes it superfluous */
    uint32_t busiest;       /* the honest account that comes nearest, or SWEEP_NOBODY */
    struct sweep_peak peak; /* how near; the margin is limit.count - peak.count */
    uint32_t caught;        /* accounts that cross it, when found: none of them looks honest */
    bool catches_worst;     /* and the worst is among those listed (sweep.h), and: */
    struct sweep_crossing worst;
};

struct sweep_proposal {
    struct habit_peers peers;
    uint32_t honest, standing_out; /* accounts */
    /* By enum limit_subject and index of the window. */
    struct sweep_lowest lowest[2][SWEEP_WINDOWS_MAX];
    struct limit_set set; /* what is proposed: shortest windows first, sign-ins before clients;
                             perhaps none */
    uint32_t caught;      /* accounts that cross a limit of the set */
    /* Of the accounts that stand out, the one with most sign-ins in its busiest hour, the first of
     * equals; SWEEP_NOBODY when none stands out. And which limit of the set it crosses first. */
    uint32_t worst;
    const struct sweep_lowest *worst_by; /* a view into lowest; null: it crosses none */
};

/* The grid must be one of at most SWEEP_GRID_WINDOWS_MAX windows. */
void sweep_propose(struct sweep_proposal *proposal, const struct sweep *sweep);

/* Whether an account crosses a limit of the set. */
bool sweep_proposal_catches(const struct sweep_proposal *proposal, const struct sweep *sweep,
                            uint32_t account);

#endif
