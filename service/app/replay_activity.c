#include "replay_activity.h"

#include <stdlib.h>

#include "../core/slot_table.h"

/* Which accounts and clients have met: hashes of both, by slot. The client's is keyed, so that
 * nobody can choose names whose pairs collide. */
struct replay_pairs {
    struct slot_table slots;
    void *slot_memory;
    uint64_t *hashes;
};

static void pairs_close(struct replay_pairs *pairs)
{
    if (pairs != NULL) {
        free(pairs->slot_memory);
        free(pairs->hashes);
    }
    free(pairs);
}

static struct replay_pairs *pairs_open(uint32_t accounts)
{
    uint32_t most = accounts < REPLAY_PAIRS_MAX / REPLAY_PAIRS_EACH ? accounts * REPLAY_PAIRS_EACH
                                                                    : REPLAY_PAIRS_MAX;
    struct replay_pairs *pairs = calloc(1, sizeof *pairs);

    if (pairs == NULL) {
        return NULL;
    }
    pairs->slot_memory = calloc(1, (size_t)slot_table_size(most));
    pairs->hashes = calloc((size_t)most + 1, sizeof *pairs->hashes);
    if (pairs->slot_memory == NULL || pairs->hashes == NULL) {
        pairs_close(pairs);
        return NULL;
    }
    slot_table_init(&pairs->slots, pairs->slot_memory, most);
    return pairs;
}

enum meeting { PAIR_MET_BEFORE, PAIR_NEW, PAIR_NO_ROOM };

static enum meeting pairs_meet(struct replay_pairs *pairs, uint32_t account, uint64_t client)
{
    /* An odd factor spreads the account over all bits, so that each has its own clients. */
    uint64_t hash = client ^ (account + 1) * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t slot = slot_table_first(&pairs->slots, hash);

    while (slot != 0 && pairs->hashes[slot] != hash) {
        slot = slot_table_next(&pairs->slots, slot);
    }
    if (slot != 0) {
        return PAIR_MET_BEFORE;
    }
    slot = slot_table_take(&pairs->slots, hash);
    if (slot == 0) {
        return PAIR_NO_ROOM;
    }
    pairs->hashes[slot] = hash;
    return PAIR_NEW;
}

static uint32_t filled_buckets(uint32_t series)
{
    if (series < REPLAY_FILLED_MAX / ACTIVITY_BUCKETS) {
        return series * ACTIVITY_BUCKETS;
    }
    return series < REPLAY_FILLED_MAX ? REPLAY_FILLED_MAX : series;
}

struct replay_activity *replay_activity_open(uint32_t accounts)
{
    struct replay_activity *activity = calloc(1, sizeof *activity);
    uint32_t series = accounts + 1;
    uint32_t filled = filled_buckets(series);
    size_t size = activity_size(series, filled);
    void *memory = size > 0 ? calloc(1, size) : NULL;

    if (activity == NULL || memory == NULL) {
        free(memory);
        free(activity);
        return NULL;
    }
    activity->series = activity_init(memory, size, series, filled);
    activity->accounts = calloc(accounts, sizeof *activity->accounts);
    activity->clients = calloc(REPLAY_CLIENTS_MAX, sizeof *activity->clients);
    activity->pairs = pairs_open(accounts);
    if (activity->accounts == NULL || activity->clients == NULL || activity->pairs == NULL) {
        replay_activity_close(activity);
        return NULL;
    }
    return activity;
}

void replay_activity_close(struct replay_activity *activity)
{
    if (activity != NULL) {
        pairs_close(activity->pairs);
        free(activity->clients);
        free(activity->accounts);
        free(activity->series);
    }
    free(activity);
}

static void note_account(struct replay_activity *activity, const struct replay_sign_in *sign_in)
{
    struct replay_account *account = &activity->accounts[sign_in->account];
    uint32_t nearness = 0;

    account->sign_ins++;
    account->after += account->judged ? 1 : 0;
    account->exempt = sign_in->outcome == GUARD_EXEMPT;
    account->machine = sign_in->identity->kind == IDENTITY_MACHINE;
    if (sign_in->counted > 0) {
        nearness = guard_nearness(&sign_in->nearest, sign_in->counted);
        if (account->counted == 0 ||
            nearness > guard_nearness(&account->nearest, account->counted)) {
            account->counted = sign_in->counted;
            account->nearest = sign_in->nearest;
            account->nearest_time = sign_in->event->time;
        }
    }
    activity_add(activity->series, sign_in->account + 1, sign_in->event->time, nearness);
}

static void note_pair(struct replay_activity *activity, const struct replay_sign_in *sign_in)
{
    struct replay_account *account = &activity->accounts[sign_in->account];

    if (account->clients > 0 && account->client == sign_in->client_hash) {
        return; /* as most are: one account, one client */
    }
    enum meeting meeting = pairs_meet(activity->pairs, sign_in->account, sign_in->client_hash);

    if (meeting == PAIR_NO_ROOM) {
        activity->pairs_lost++;
        return;
    }
    account->client = sign_in->client_hash;
    if (meeting == PAIR_NEW) {
        account->clients++;
        if (sign_in->client != REPLAY_NUMBERLESS) {
            activity->clients[sign_in->client].accounts++;
        }
    }
}

static void hear_sign_in(void *context, const struct replay_sign_in *sign_in)
{
    struct replay_activity *activity = context;
    int64_t time = sign_in->event->time;

    if (activity->sign_ins == 0 || time < activity->first_time) {
        activity->first_time = time;
    }
    if (activity->sign_ins == 0 || time > activity->last_time) {
        activity->last_time = time;
    }
    activity->sign_ins++;
    activity_add(activity->series, REPLAY_ACTIVITY_ALL, time, 0);
    if (sign_in->client != REPLAY_NUMBERLESS) {
        activity->clients[sign_in->client].sign_ins++;
    } else {
        activity->nameless_clients++;
    }
    if (sign_in->account != REPLAY_NUMBERLESS) {
        note_account(activity, sign_in);
        note_pair(activity, sign_in);
    }
}

static void hear_verdict(void *context, const struct replay_sign_in *sign_in,
                         const struct verdict *verdict)
{
    struct replay_activity *activity = context;

    (void)verdict;
    if (sign_in->account != REPLAY_NUMBERLESS) {
        activity->accounts[sign_in->account].judged = true;
    }
}

static void hear_gap(void *context, const struct replay_gap *gap)
{
    struct replay_activity *activity = context;

    if (activity->gap_count < REPLAY_GAPS_KEPT) {
        activity->gaps[activity->gap_count] = *gap;
    }
    activity->gap_count++;
}

struct replay_listener replay_activity_listener(struct replay_activity *activity)
{
    return (struct replay_listener){
        .context = activity, .sign_in = hear_sign_in, .verdict = hear_verdict, .gap = hear_gap};
}
