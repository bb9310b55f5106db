#include "sweep_proposal.h"

#include <string.h>

static bool is_honest(const struct sweep_proposal *proposal, const struct sweep *sweep,
                      uint32_t account)
{
    return habit_is_honest(&sweep_habits(sweep)[account], &proposal->peers);
}

static void find_worst(struct sweep_proposal *proposal, const struct sweep *sweep)
{
    const struct habit *habits = sweep_habits(sweep);

    proposal->worst = SWEEP_NOBODY;
    for (uint32_t i = 0; i < sweep_accounts(sweep); i++) {
        if (habits[i].sign_ins == 0) {
            continue;
        }
        if (is_honest(proposal, sweep, i)) {
            proposal->honest++;
            continue;
        }
        proposal->standing_out++;
        if (proposal->worst == SWEEP_NOBODY ||
            habits[i].busiest[LIMIT_SIGN_INS] > habits[proposal->worst].busiest[LIMIT_SIGN_INS]) {
            proposal->worst = i;
        }
    }
}

/* The lowest count with this window that no honest account reaches. */
static void find_lowest(struct sweep_proposal *proposal, const struct sweep *sweep,
                        enum limit_subject subject, uint32_t window)
{
    const struct sweep_grid *grid = sweep_grid_of(sweep);
    const struct sweep_axis *counts = &grid->counts[subject];
    struct sweep_lowest *lowest = &proposal->lowest[subject][window];

    lowest->busiest = SWEEP_NOBODY;
    for (uint32_t i = 0; i < sweep_accounts(sweep); i++) {
        struct sweep_peak peak = sweep_peak(sweep, subject, window, i);

        if (peak.count > lowest->peak.count && is_honest(proposal, sweep, i)) {
            lowest->busiest = i;
            lowest->peak = peak;
        }
    }
    while (lowest->count < counts->count && (counts->at[lowest->count] <= lowest->peak.count ||
                                             counts->at[lowest->count] < habit_few(subject))) {
        lowest->count++;
    }
    lowest->found = lowest->count < counts->count;
    if (lowest->found) {
        lowest->limit = sweep_grid_limit(grid, subject, lowest->count, window);
        lowest->caught = sweep_cell(sweep, subject, lowest->count, window).accounts;
        lowest->catches_worst = proposal->worst != SWEEP_NOBODY &&
                                sweep_find_crossing(sweep, subject, lowest->count, window,
                                                    proposal->worst, &lowest->worst);
    }
}

/* Whether whoever crosses a limit has crossed the other one by then: a client more is a sign-in
 * more. */
static bool is_implied(const struct limit *limit, const struct limit *by)
{
    return (by->subject == limit->subject || by->subject == LIMIT_SIGN_INS) &&
           by->count <= limit->count && by->window >= limit->window;
}

static bool is_superfluous(const struct sweep_proposal *proposal, uint32_t windows,
                           const struct sweep_lowest *lowest)
{
    for (int subject = 0; subject < 2; subject++) {
        for (uint32_t i = 0; i < windows; i++) {
            const struct sweep_lowest *other = &proposal->lowest[subject][i];

            if (other != lowest && other->found && is_implied(&lowest->limit, &other->limit)) {
                return true;
            }
        }
    }
    return false;
}

/* Whether the worst crosses a limit before the one that it was known to cross first so far. */
static bool is_sooner(const struct sweep_lowest *lowest, const struct sweep_lowest *known)
{
    return lowest->catches_worst && (known == NULL || lowest->worst.order < known->worst.order);
}

static void choose(struct sweep_proposal *proposal, uint32_t windows)
{
    for (int subject = 0; subject < 2; subject++) {
        for (uint32_t i = 0; i < windows; i++) {
            struct sweep_lowest *lowest = &proposal->lowest[subject][i];

            lowest->proposed = lowest->found && !is_superfluous(proposal, windows, lowest);
            if (!lowest->proposed) {
                continue;
            }
            proposal->set.limits[proposal->set.count++] = lowest->limit;
            if (is_sooner(lowest, proposal->worst_by)) {
                proposal->worst_by = lowest;
            }
        }
    }
}

bool sweep_proposal_catches(const struct sweep_proposal *proposal, const struct sweep *sweep,
                            uint32_t account)
{
    for (int subject = 0; subject < 2; subject++) {
        for (uint32_t i = 0; i < sweep_grid_of(sweep)->windows.count; i++) {
            const struct sweep_lowest *lowest = &proposal->lowest[subject][i];

            if (lowest->proposed &&
                sweep_peak(sweep, (enum limit_subject)subject, i, account).count >=
                    lowest->limit.count) {
                return true;
            }
        }
    }
    return false;
}

void sweep_propose(struct sweep_proposal *proposal, const struct sweep *sweep)
{
    const struct sweep_grid *grid = sweep_grid_of(sweep);

    *proposal = (struct sweep_proposal){.worst_by = NULL};
    habit_peers_gather(&proposal->peers, sweep_habits(sweep), sweep_accounts(sweep));
    find_worst(proposal, sweep);
    for (uint32_t i = 0; i < grid->windows.count; i++) {
        find_lowest(proposal, sweep, LIMIT_SIGN_INS, i);
        find_lowest(proposal, sweep, LIMIT_CLIENTS, i);
    }
    choose(proposal, grid->windows.count);
    for (uint32_t i = 0; i < sweep_accounts(sweep); i++) {
        if (sweep_proposal_catches(proposal, sweep, i)) {
            proposal->caught++;
        }
    }
}
