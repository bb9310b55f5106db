#include "guard_state.h"

#include <string.h>

/* Every account has room for so many sign-ins and clients on average: most have a handful of
 * either. Beyond that there is room for some that are full. */
enum { SIGN_INS_EACH = 9, CLIENTS_PER_TWO = 3, FULL_ACCOUNTS = 8 };

_Static_assert(UINT64_C(1) * GUARD_ACCOUNTS_MAX * SIGN_INS_EACH +
                       UINT64_C(2) * LIMIT_COUNT_MAX * FULL_ACCOUNTS <=
                   UINT32_MAX,
               "capacities are of 32 bits");

/* Where the parts of a guard lie in its memory. */
struct parts {
    struct guard *guard;
    struct text *exempt, *patterns;
    struct history_plan *plans;
    void *accounts, *clients;
    struct history_chunk *chunks;
    struct history_trace (*traces)[HISTORY_CHUNK];
    struct history_count *counts;
    uint32_t chunk_capacity, client_capacity, counts_each;
    uint64_t size;
};

static bool limits_valid(const struct limit_set *set)
{
    if (set->count < 1 || set->count > LIMIT_SET_MAX)
        return false;
    for (uint32_t i = 0; i < set->count; i++) {
        const struct limit *limit = &set->limits[i];
        if (limit->count < 1 || limit->count > LIMIT_COUNT_MAX || limit->window < 1 ||
            limit->window > LIMIT_WINDOW_MAX)
            return false;
    }
    return true;
}

static bool settings_valid(const struct guard_settings *settings)
{
    if (settings->max_accounts < GUARD_ACCOUNTS_MIN ||
        settings->max_accounts > GUARD_ACCOUNTS_MAX ||
        settings->max_locks_per_hour > GUARD_LOCKS_MAX ||
        settings->exempt_count > GUARD_EXEMPT_MAX ||
        settings->override_count > GUARD_OVERRIDES_MAX || !limits_valid(settings->limits))
        return false;
    for (size_t i = 0; i < settings->override_count; i++)
        if (!limits_valid(&settings->overrides[i].limits))
            return false;
    return true;
}

static const struct limit_set *limits_of(const struct guard_settings *settings, size_t plan)
{
    return plan == 0 ? settings->limits : &settings->overrides[plan - 1].limits;
}

/* The next size bytes of memory; with memory null they are only measured. Each part begins on a
 * cache line, if the memory does. */
static void *carve(void *memory, uint64_t *used, uint64_t size)
{
    void *part = memory ? (uint8_t *)memory + *used : NULL;
    *used += (size + 63) & ~UINT64_C(63);
    return part;
}

static struct parts lay_out(void *memory, const struct guard_settings *settings)
{
    struct parts parts = {0};
    uint32_t accounts = settings->max_accounts, chunks = 0, clients = 0;
    for (size_t i = 0; i <= settings->override_count; i++) {
        struct history_plan plan;
        history_plan_make(&plan, limits_of(settings, i));
        if (chunks < history_chunks_for(plan.kept))
            chunks = history_chunks_for(plan.kept);
        if (clients < plan.kept + plan.sightings)
            clients = plan.kept + plan.sightings;
        if (parts.counts_each < plan.window_count)
            parts.counts_each = plan.window_count;
    }
    parts.chunk_capacity = accounts * history_chunks_for(SIGN_INS_EACH) + chunks * FULL_ACCOUNTS;
    parts.client_capacity = accounts * CLIENTS_PER_TWO / 2 + clients * FULL_ACCOUNTS;

    uint64_t *used = &parts.size;
    parts.guard = carve(memory, used, sizeof(struct guard));
    parts.exempt = carve(memory, used, sizeof(struct text) * settings->exempt_count);
    parts.patterns = carve(memory, used, sizeof(struct text) * settings->override_count);
    parts.plans = carve(memory, used, sizeof(struct history_plan) * (settings->override_count + 1));
    parts.accounts = carve(memory, used, account_table_size(accounts));
    parts.counts = carve(
        memory, used, sizeof(struct history_count) * ((uint64_t)accounts + 1) * parts.counts_each);
    parts.chunks =
        carve(memory, used, sizeof(struct history_chunk) * ((uint64_t)parts.chunk_capacity + 1));
    parts.traces = carve(memory, used, sizeof *parts.traces * ((uint64_t)parts.chunk_capacity + 1));
    parts.clients = carve(memory, used, client_table_size(parts.client_capacity));
    return parts;
}

size_t guard_size(const struct guard_settings *settings)
{
    if (!settings_valid(settings))
        return 0;
    struct parts parts = lay_out(NULL, settings);
    return parts.size <= SIZE_MAX / 2 ? (size_t)parts.size : 0;
}

struct guard *guard_init(void *memory, size_t size, const struct guard_settings *settings,
                         const struct hash_key *key)
{
    size_t needed = guard_size(settings);
    if (needed == 0 || size < needed)
        return NULL;
    struct parts parts = lay_out(memory, settings);
    struct guard *guard = parts.guard;
    *guard = (struct guard){.settings = *settings,
                            .key = *key,
                            .budget = {.per_hour = settings->max_locks_per_hour},
                            .exempt = parts.exempt,
                            .patterns = parts.patterns,
                            .plans = parts.plans,
                            .pool = {.at = parts.chunks,
                                     .traces = parts.traces,
                                     .capacity = parts.chunk_capacity,
                                     .fresh = 1},
                            .counts = parts.counts,
                            .counts_each = parts.counts_each};
    for (size_t i = 0; i < settings->exempt_count; i++)
        guard->exempt[i] = settings->exempt[i];
    for (size_t i = 0; i < settings->override_count; i++)
        guard->patterns[i] = settings->overrides[i].account;
    for (size_t i = 0; i <= settings->override_count; i++)
        history_plan_make(&guard->plans[i], limits_of(settings, i));
    account_table_init(&guard->accounts, parts.accounts, settings->max_accounts);
    client_table_init(&guard->pool.clients, parts.clients, parts.client_capacity);
    /* These belong to the caller; what is needed of them has been copied. */
    guard->settings.limits = NULL;
    guard->settings.exempt = NULL;
    guard->settings.overrides = NULL;
    return guard;
}

void guard_charge(struct guard *guard, int64_t time)
{
    budget_charge(&guard->budget, time);
}

/* Locks keep the hash that they were found by, so the key goes with them. */
void guard_inherit(struct guard *guard, const struct guard *older)
{
    const struct account_table *from = &older->accounts;
    guard->key = older->key;
    guard->hindrance = older->hindrance;
    guard->uncorroborated = older->uncorroborated;
    budget_inherit(&guard->budget, &older->budget, older->timeline.now, older->timeline.offset);
    for (uint32_t i = account_table_coldest(from, ACCOUNT_LOCKED); i;
         i = account_table_warmer(from, i)) {
        struct identity identity;
        account_identity(from, i, &identity);
        uint32_t slot = guard_admit(guard, from->person[i].hash, &identity, identity.name);
        if (slot)
            guard_lock(guard, slot);
        else
            guard->counters.lost++;
    }
}
