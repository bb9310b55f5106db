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

/* The oldest sign-in leaves a window. */
static void leave(const struct sweep_times *times, struct sweep_window *window)
{
    if (--window->count > 0) {
        window->tail = behind(times, window->tail);
        window->tail_time = times->at[window->tail];
    }
}

/* The oldest sign-in leaves the longest window: nobody needs it any more. The others must have let
 * it go before. */
static void leave_for_good(struct sweep *sweep, struct sweep_account *account,
                           struct sweep_window *longest)
{
    uint32_t block = longest->tail / SWEEP_BLOCK;

    leave(&sweep->times, longest);
    if (longest->count == 0) {
        account->end = 0;
    }
    if (longest->count == 0 || longest->tail / SWEEP_BLOCK != block) {
        give_block(&sweep->times, block);
    }
}

static void expire(struct sweep *sweep, struct sweep_account *account, struct sweep_window *windows,
                   int64_t now)
{
    const struct sweep_axis *axis = &sweep->grid.windows;
    uint32_t last = axis->count - 1, time = (uint32_t)now;

    for (uint32_t i = 0; i < last; i++) {
        while (windows[i].count > 0 && time - windows[i].tail_time >= axis->at[i]) {
            leave(&sweep->times, &windows[i]);
        }
    }
    while (windows[last].count > 0 && time - windows[last].tail_time >= axis->at[last]) {
        leave_for_good(sweep, account, &windows[last]);
    }
}

/* No count needs the oldest sign-in. */
static void drop_oldest(struct sweep *sweep, struct sweep_account *account,
                        struct sweep_window *windows)
{
    uint32_t last = sweep->grid.windows.count - 1, oldest = windows[last].tail;

    for (uint32_t i = 0; i < last; i++) {
        if (windows[i].count > 0 && windows[i].tail == oldest) {
            leave(&sweep->times, &windows[i]);
        }
    }
    leave_for_good(sweep, account, &windows[last]);
}

/* The position for one more time; 0: no room. */
static uint32_t next_position(struct sweep *sweep, struct sweep_account *account, int64_t now)
{
    uint32_t position = account->end + 1;

    if (account->end != 0 && position % SWEEP_BLOCK != SWEEP_BLOCK_TIMES) {
        return position;
    }
    uint32_t block = take_block(sweep, now);

    if (block != 0 && account->end != 0) {
        sweep->times.at[position] = block;
    }
    return block * SWEEP_BLOCK;
}

/* Puts a time where it belongs among those from the oldest on, which are in order; the others move
 * up by one, the newest to the position end. Some windows then begin one position further on. */
static void insert(struct sweep *sweep, struct sweep_window *windows, uint32_t end, int64_t place,
                   int64_t now)
{
    const struct sweep_axis *axis = &sweep->grid.windows;
    uint32_t *at = sweep->times.at, carried = (uint32_t)place;

    for (uint32_t i = windows[axis->count - 1].tail; i != end; i = behind(&sweep->times, i)) {
        uint32_t held = at[i];

        if ((int32_t)(held - carried) > 0) {
            at[i] = carried;
            carried = held;
        }
    }
    at[end] = carried;
    for (uint32_t i = 0; i < axis->count; i++) {
        if (windows[i].count > 0) {
            if (now - place >= axis->at[i]) {
                windows[i].tail = behind(&sweep->times, windows[i].tail);
            }
            windows[i].tail_time = at[windows[i].tail];
        }
    }
}

/* Counts the sign-in whose time has been put in place, the account's newest time being at end. */
static void count(struct sweep *sweep, const struct sweep_sign_in *sign_in,
                  struct sweep_window *windows, uint32_t end)
{
    const struct sweep_axis *axis = &sweep->grid.windows;
    uint32_t now = (uint32_t)sign_in->now;

    for (uint32_t i = 0; i < axis->count; i++) {
        struct sweep_window *window = &windows[i];

        if (sign_in->now - sign_in->place >= axis->at[i]) {
            continue; /* it is late, and the window is short */
        }
        if (window->count++ == 0) {
            window->tail = end;
            window->tail_time = (uint32_t)sign_in->place;
        }
        if (window->count > window->peak) {
            window->peak = window->count;
            sweep_rise(sweep, sign_in, LIMIT_SIGN_INS, i, window->peak, now - window->tail_time);
        }
    }
}

bool sweep_times_add(struct sweep *sweep, const struct sweep_sign_in *sign_in)
{
    struct sweep_account *account = &sweep->at[sign_in->account];
    struct sweep_window *windows = sweep_windows(sweep, sign_in->account);
    const struct sweep_window *longest = &windows[sweep->grid.windows.count - 1];

    expire(sweep, account, windows, sign_in->now);
    if (sign_in->now - sign_in->place >= sweep_axis_largest(&sweep->grid.windows)) {
        return true; /* late, and too old for every window */
    }
    bool in_order = account->end == 0 || sign_in->place >= account->newest;

    if (longest->count == sweep->kept) {
        if ((int32_t)(longest->tail_time - (uint32_t)sign_in->place) > 0) {
            return true; /* late, and as many are newer as any limit counts */
        }
        drop_oldest(sweep, account, windows);
        in_order = in_order || account->end == 0;
    }
    uint32_t end = next_position(sweep, account, sign_in->now);

    if (end == 0) {
        return false;
    }
    account->end = end;
    if (in_order) {
        sweep->times.at[end] = (uint32_t)sign_in->place;
    } else {
        insert(sweep, windows, end, sign_in->place, sign_in->now);
    }
    count(sweep, sign_in, windows, end);
    return true;
}

void sweep_times_clear(struct sweep *sweep, uint32_t account)
{
    struct sweep_window *windows = sweep_windows(sweep, account);
    uint32_t last = sweep->grid.windows.count - 1;

    for (uint32_t i = 0; i < last; i++) {
        windows[i].count = 0;
    }
    while (windows[last].count > 0) {
        leave_for_good(sweep, &sweep->at[account], &windows[last]);
    }
}
