/* guard_state.h: what a guard consists of; for the guard_*.c files only. */
#ifndef RELAYLOCK_CORE_GUARD_STATE_H
#define RELAYLOCK_CORE_GUARD_STATE_H

#include "account_table.h"
#include "budget.h"
#include "guard.h"
#include "timeline.h"

_Static_assert((int)ACCOUNT_LEVELS == (int)GUARD_LEVELS, "levels");
_Static_assert((int)TIMELINE_LATENESS == (int)GUARD_LATENESS, "lateness");
_Static_assert((int)BUDGET_MAX == (int)GUARD_LOCKS_MAX, "budget");

enum { GUARD_NEAR = GUARD_LEVELS / 2 /* half a limit: not forgotten for a fresh account */ };

struct guard {
    struct guard_settings settings;
    struct hash_key key;
    struct timeline timeline;
    struct budget budget;
    struct guard_counters counters;
    enum flag_reason hindrance; /* FLAG_NOT: none */
    int64_t hindrances;         /* times that it changed */
    uint32_t uncorroborated;    /* limits of windows shorter than so many s only flag */
    int64_t corroborations;     /* times that these became fewer */

    struct text *exempt;
    struct text *patterns;      /* of the overrides */
    struct history_plan *plans; /* the general one, then those of the overrides */

    struct account_table accounts;
    struct history_pool pool;
    struct history_count *counts; /* counts_each for each account slot */
    uint32_t counts_each;
};

/* What history.h works on for an account. */
static inline struct history_view guard_view(struct guard *guard, uint32_t slot)
{
    struct account *account = &guard->accounts.at[slot];
    return (struct history_view){.pool = &guard->pool,
                                 .plan = &guard->plans[account->plan],
                                 .history = &account->history,
                                 .counts = &guard->counts[(size_t)slot * guard->counts_each],
                                 .now = guard->timeline.now};
}

/* Whether what a guard found out before about an account that it has met still holds. */
static inline bool guard_is_there(const struct guard *guard, const struct guard_place *place)
{
    const struct account *account = &guard->accounts.at[place->slot];
    return place->slot && account->tenancy == place->tenancy && account->matched;
}

/* Of an event: how far its own time lies behind its place on the timeline. */
static inline uint32_t guard_seconds_behind(int64_t place, int64_t time)
{
    uint64_t behind = (uint64_t)place - (uint64_t)time;
    if (time >= place)
        return 0;
    return behind < UINT32_MAX ? (uint32_t)behind : UINT32_MAX;
}

/* guard_room.c */

/* Whether an account is flagged and held for it. */
bool guard_is_flagged(const struct guard *guard, uint32_t slot);

/* How near an account is to the nearest of its limits, 0 to GUARD_LEVELS - 1. Its windows must have
 * been advanced. */
uint32_t guard_level(struct guard *guard, uint32_t slot);

/* The same of one that is not flagged. */
uint32_t guard_counted_level(const struct history_view *view);

/* Lets an account that was just counted, is at level and not held, rest until a limit comes a level
 * nearer or something else must be looked at. */
void guard_rest(const struct history_view *view, uint32_t level);

/* Forgets an account. */
void guard_forget(struct guard *guard, uint32_t slot);

/* Forgets the account farthest from every limit, but not spare, none that is held, and none at
 * level below or nearer. False when there is none. */
bool guard_make_room(struct guard *guard, uint32_t spare, uint32_t below);

/* A slot for an account that is not known, making room if need be. 0: no room. */
uint32_t guard_admit(struct guard *guard, uint64_t hash, const struct identity *identity,
                     struct text name);

/* Holds an account as locked: what was counted of it is not needed any more. */
void guard_lock(struct guard *guard, uint32_t slot);

/* guard_next.c */

/* What guard_feed_quietly does when it takes a look at the windows, or the account is locked.
 * client is the hash of its name, now the place of the sign-in on the timeline, its own time
 * behind. */
bool guard_feed_next(struct guard *guard, uint32_t slot, uint64_t client, uint64_t record,
                     int64_t now, uint32_t behind);

/* guard_verdict.c */

/* The verdict on an account that crossed one of its limits (index in its plan), and its hold. */
void guard_decide(struct guard *guard, uint32_t slot, uint32_t limit,
                  const struct relay_event *event, const struct identity *identity,
                  struct verdict *verdict);

#endif
