#include "sweep_state.h"

static uint32_t *link_of(struct sweep_times *times, uint32_t block)
{
    return &times->at[block * SWEEP_BLOCK + SWEEP_BLOCK_TIMES];
}

/* The position behind one that is not the account's newest. */
static uint32_t behind(const struct sweep_times *times, uint32_t position)
{
    position++;
    return position % SWEEP_BLOCK == SWEEP_BLOCK_TIMES ? times->at[position] * SWEEP_BLOCK
                                                       : position;
}

static void give_block(struct sweep_times *times, uint32_t block)
{
    *link_of(times, block) = times->free;
    times->free = block;
}

/* A block; 0: there is none. */
static uint32_t take_block(struct sweep *sweep, int64_t now)
{
    struct sweep_times *times = &sweep->times;

    if (times->free == 0 && times->fresh <= times->capacity) {
        return times->fresh++;
    }
    while (times->free == 0) {
        if (!sweep_make_room(sweep, now)) {
            return 0;
        }
    }
    uint32_t block = times->free;

    times->free = *link_of(times, block);
    return block;
}

/* The oldest time is needed no more. */
static void drop_oldest(struct sweep_times *times, struct sweep_account *account)
{
    uint32_t block = account->oldest / SWEEP_BLOCK;

    account->first++;
    if (--account->held > 0) {
        account->oldest = behind(times, account->oldest);
    }
    if (account->held == 0 || account->oldest / SWEEP_BLOCK != block) {
        give_block(times, block);
    }
}

/* Makes the position for one more time the account's newest. False: no room. */
static bool extend(struct sweep *sweep, struct sweep_account *account, int64_t now)
{
    uint32_t position = account->end + 1;

    if (account->held == 0 || position % SWEEP_BLOCK == SWEEP_BLOCK_TIMES) {
        uint32_t block = take_block(sweep, now);

        if (block == 0) {
            return false;
        }
        if (account->held > 0) {
            sweep->times.at[position] = block;
        }
        position = block * SWEEP_BLOCK;
    }
    account->end = position;
    if (account->held++ == 0) {
        account->oldest = position;
    }
    return true;
}

/* Puts a time where it belongs among those held, which are in order; newer ones move up by one. */
static void insert(struct sweep_times *times, const struct sweep_account *account, uint32_t time)
{
    uint32_t *at = times->at;

    for (uint32_t i = account->oldest; i != account->end; i = behind(times, i)) {
        uint32_t held = at[i];

        if ((int32_t)(held - time) > 0) {
            at[i] = time;
            time = held;
        }
    }
    at[account->end] = time;
}

/* Goes on from a time that is out of the window to the first that is in it, or to the newest. */
static void go_on(const struct sweep *sweep, const struct sweep_account *account, uint32_t length,
                  uint32_t now, struct sweep_window *window)
{
    const uint32_t *times = sweep->times.at;
    uint32_t at = window->at, from = window->from;

    while (at / SWEEP_BLOCK != account->end / SWEEP_BLOCK) { /* block by block */
        uint32_t behind_block = at - at % SWEEP_BLOCK + SWEEP_BLOCK_TIMES;

        if (now - times[behind_block - 1] < length) {
            break;
        }
        from += behind_block - at;
        at = times[behind_block] * SWEEP_BLOCK;
    }
    while (at != account->end && now - times[at] >= length) {
        at++; /* within a block */
        from++;
    }
    window->at = at;
    window->from = from;
}

/* Looks at a window with peak + 1 times from window->from on. */
static void look(struct sweep *sweep, const struct sweep_sign_in *sign_in,
                 const struct sweep_account *account, uint32_t index, struct sweep_window *window)
{
    uint32_t length = sweep->grid.windows.at[index], now = (uint32_t)sign_in->now;

    if (window->peak == 0) {
        window->at = account->end;
    } else if (window->from < account->first) {
        window->from = account->first;
        window->at = account->oldest;
        if (account->held <= window->peak) {
            return;
        }
    }
    uint32_t age = now - sweep->times.at[window->at];

    if (age < length) {
        window->peak++;
        sweep_rise(sweep, sign_in, LIMIT_SIGN_INS, index, window->peak, age);
    } else if (window->peak == 0) {
        window->from++; /* late, and out of the window: the next one may be the first in it */
    } else {
        go_on(sweep, account, length, now, window);
    }
}

/* After a sign-in. Gives up the times that no window needs any more. */
static void look_at_windows(struct sweep *sweep, const struct sweep_sign_in *sign_in,
                            struct sweep_account *account)
{
    struct sweep_window *windows = sweep_windows(sweep, sign_in->account), *longest = NULL;
    const uint32_t count = sweep->grid.windows.count, kept = sweep->kept;
    const uint32_t newest = account->first + account->held - 1;

    for (uint32_t i = 0; i < count && windows[i].peak < kept; i++) {
        if (newest - windows[i].from == windows[i].peak) {
            look(sweep, sign_in, account, i, &windows[i]);
        }
        longest = windows[i].peak < kept ? &windows[i] : longest;
    }
    while (account->held > 0 && (longest == NULL || account->first < longest->from)) {
        drop_oldest(&sweep->times, account);
    }
}

bool sweep_times_add(struct sweep *sweep, const struct sweep_sign_in *sign_in)
{
    struct sweep_account *account = &sweep->at[sign_in->account];
    bool in_order = account->held == 0 || sign_in->place >= account->newest;

    if (sweep_windows(sweep, sign_in->account)->peak == sweep->kept) {
        return true; /* no window can tell more */
    }
    if (!extend(sweep, account, sign_in->now)) {
        return false;
    }
    if (in_order) {
        sweep->times.at[account->end] = (uint32_t)sign_in->place;
    } else {
        insert(&sweep->times, account, (uint32_t)sign_in->place);
    }
    look_at_windows(sweep, sign_in, account);
    return true;
}

void sweep_times_clear(struct sweep *sweep, uint32_t account)
{
    while (sweep->at[account].held > 0) {
        drop_oldest(&sweep->times, &sweep->at[account]);
    }
}
