#include "sweep_state.h"

/* A sighting; 0: no room. */
static uint32_t take(struct sweep *sweep, int64_t now)
{
    struct sweep_sightings *pool = &sweep->sightings;

    if (pool->free == 0 && pool->fresh <= pool->capacity) {
        return pool->fresh++;
    }
    while (pool->free == 0) {
        if (!sweep_make_room(sweep, now)) {
            return 0;
        }
    }
    uint32_t taken = pool->free;

    pool->free = pool->at[taken].older;
    return taken;
}

static void give(struct sweep_sightings *pool, uint32_t sighting)
{
    pool->at[sighting].older = pool->free;
    pool->free = sighting;
}

/* Gives back a sighting and all that are older; link is what leads to it. */
static void cut(struct sweep *sweep, struct sweep_account *account, uint32_t *link)
{
    uint32_t sighting = *link;

    *link = 0;
    while (sighting != 0) {
        uint32_t older = sweep->sightings.at[sighting].older;

        give(&sweep->sightings, sighting);
        account->clients--;
        sighting = older;
    }
}

/* Takes the client's sighting out of the account's, and cuts off what is too old by now on the way.
 * 0 when there is none. */
static uint32_t take_out(struct sweep *sweep, struct sweep_account *account, uint64_t client,
                         uint32_t now)
{
    struct sweep_sighting *at = sweep->sightings.at;
    uint32_t *link = &account->sightings;

    while (*link != 0) {
        uint32_t sighting = *link;

        if (now - at[sighting].time >= sweep->horizon) {
            cut(sweep, account, link);
            return 0;
        }
        if (at[sighting].client == client) {
            *link = at[sighting].older;
            return sighting;
        }
        link = &at[sighting].older;
    }
    return 0;
}

static void put_in(struct sweep *sweep, struct sweep_account *account, uint32_t sighting)
{
    struct sweep_sighting *at = sweep->sightings.at;
    uint32_t *link = &account->sightings;

    while (*link != 0 && (int32_t)(at[*link].time - at[sighting].time) > 0) {
        link = &at[*link].older;
    }
    at[sighting].older = *link;
    *link = sighting;
    if (account->clients > sweep->kept_clients) {
        while (at[*link].older != 0) {
            link = &at[*link].older;
        }
        cut(sweep, account, link);
    }
}

/* The clients in each window, after one of them was sighted that was not in all of them. */
static void count(struct sweep *sweep, const struct sweep_sign_in *sign_in)
{
    const struct sweep_axis *axis = &sweep->grid.windows;
    const struct sweep_sighting *at = sweep->sightings.at;
    uint16_t *peaks = &sweep->client_peaks[(size_t)sign_in->account * axis->count];
    uint32_t next = sweep->at[sign_in->account].sightings;
    uint32_t most = sweep_axis_largest(&sweep->grid.counts[LIMIT_CLIENTS]);
    uint32_t now = (uint32_t)sign_in->now, clients = 0, took = 0;

    for (uint32_t i = 0; i < axis->count; i++) {
        while (next != 0 && clients < most && now - at[next].time < axis->at[i]) {
            took = now - at[next].time;
            next = at[next].older;
            clients++;
        }
        if (clients > peaks[i]) {
            peaks[i] = (uint16_t)clients;
            sweep_rise(sweep, sign_in, LIMIT_CLIENTS, i, clients, took);
        }
    }
}

/* The lowest peak of the account: no more clients than that are nothing new. */
static uint32_t shortest_peak(const struct sweep *sweep, uint32_t account)
{
    return sweep->client_peaks[(size_t)account * sweep->grid.windows.count];
}

enum sweep_sighted sweep_sightings_add(struct sweep *sweep, const struct sweep_sign_in *sign_in,
                                       int64_t hour_start)
{
    struct sweep_account *account = &sweep->at[sign_in->account];
    struct sweep_sighting *at = sweep->sightings.at;
    uint32_t now = (uint32_t)sign_in->now, place = (uint32_t)sign_in->place;
    uint32_t sighting = take_out(sweep, account, sign_in->client, now), before = 0;
    bool known = sighting != 0;

    if (known) {
        before = at[sighting].time;
    } else {
        sighting = take(sweep, sign_in->now);
        if (sighting == 0) {
            return SWEEP_SIGHTED_LOST;
        }
        at[sighting].client = sign_in->client;
        account->clients++;
    }
    bool newer = !known || (int32_t)(place - before) > 0;

    at[sighting].time = newer ? place : before;
    put_in(sweep, account, sighting);
    if (newer && account->clients > shortest_peak(sweep, sign_in->account) &&
        !(known && now - before < sweep->grid.windows.at[0])) {
        count(sweep, sign_in);
    }
    return known && (int32_t)(before - (uint32_t)hour_start) >= 0 ? SWEEP_SIGHTED_BEFORE
                                                                  : SWEEP_SIGHTED_FIRST;
}

void sweep_sightings_clear(struct sweep *sweep, uint32_t account)
{
    cut(sweep, &sweep->at[account], &sweep->at[account].sightings);
}
