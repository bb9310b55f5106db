#include "sweep_state.h"

#include <string.h>

enum {
    FULL_ACCOUNTS = 64,    /* that there is room for beyond the average */
    CLIENTS_KEPT_MIN = 64, /* so that habits are known even if no limit on clients is tried */
    HOUR = 3600,
    BARREN = 60 /* seconds */
};

_Static_assert(UINT64_C(1) * SWEEP_ACCOUNTS_MAX * SWEEP_SIGN_INS_EACH +
                       UINT64_C(2) * LIMIT_COUNT_MAX * FULL_ACCOUNTS <=
                   UINT32_MAX,
               "capacities are of 32 bits");

/* ---- set-up --------------------------------------------------------------------------------- */

static bool axis_valid(const struct sweep_axis *axis, uint32_t least, uint32_t most)
{
    for (uint32_t i = 0; i < axis->count && i < SWEEP_AXIS_MAX; i++) {
        if (axis->at[i] < least || axis->at[i] > most ||
            (i > 0 && axis->at[i] <= axis->at[i - 1])) {
            return false;
        }
    }
    return axis->count <= SWEEP_AXIS_MAX;
}

static bool grid_valid(const struct sweep_grid *grid)
{
    const struct sweep_axis *sign_ins = &grid->counts[LIMIT_SIGN_INS];
    const struct sweep_axis *clients = &grid->counts[LIMIT_CLIENTS];

    return axis_valid(sign_ins, 1, LIMIT_COUNT_MAX) && axis_valid(clients, 2, LIMIT_COUNT_MAX) &&
           axis_valid(&grid->windows, 1, LIMIT_WINDOW_MAX) && grid->windows.count > 0 &&
           grid->windows.count <= SWEEP_WINDOWS_MAX && sign_ins->count + clients->count > 0;
}

static uint32_t larger(uint32_t one, uint32_t other)
{
    return one > other ? one : other;
}

/* The next size bytes of memory; with memory null they are only measured. */
static void *carve(void *memory, uint64_t *used, uint64_t size)
{
    void *part = memory != NULL ? (uint8_t *)memory + *used : NULL;

    *used += (size + 63) & ~UINT64_C(63);
    return part;
}

/* Lays the parts out in memory, or, with memory null, measures them. The crossings of cells are one
 * array after the cells of both subjects. */
static uint64_t lay_out(void *memory, const struct sweep_grid *grid, uint32_t accounts,
                        struct sweep *sweep)
{
    uint64_t used = 0, each = (uint64_t)accounts * grid->windows.count;

    *sweep = (struct sweep){
        .grid = *grid,
        .accounts = accounts,
        .horizon = larger(sweep_axis_largest(&grid->windows), HOUR),
        .kept = sweep_axis_largest(&grid->counts[LIMIT_SIGN_INS]),
        .kept_clients = larger(sweep_axis_largest(&grid->counts[LIMIT_CLIENTS]), CLIENTS_KEPT_MIN),
        .times = {.fresh = 1},
        .sightings = {.fresh = 1}};
    uint64_t full = accounts < FULL_ACCOUNTS ? accounts : FULL_ACCOUNTS;
    uint64_t blocks = (uint64_t)accounts * (SWEEP_SIGN_INS_EACH / SWEEP_BLOCK) +
                      full * (sweep->kept / SWEEP_BLOCK_TIMES + 2);
    uint64_t sightings = (uint64_t)accounts * SWEEP_CLIENTS_EACH + full * sweep->kept_clients;

    carve(memory, &used, sizeof *sweep);
    sweep->times.capacity = (uint32_t)blocks;
    sweep->times.at = carve(memory, &used, (blocks + 1) * SWEEP_BLOCK * sizeof *sweep->times.at);
    sweep->sightings.capacity = (uint32_t)sightings;
    sweep->sightings.at = carve(memory, &used, (sightings + 1) * sizeof *sweep->sightings.at);
    sweep->at = carve(memory, &used, (uint64_t)accounts * sizeof *sweep->at);
    sweep->windows = carve(memory, &used, each * sizeof *sweep->windows);
    sweep->client_peaks = carve(memory, &used, each * sizeof *sweep->client_peaks);
    sweep->habits = carve(memory, &used, (uint64_t)accounts * sizeof *sweep->habits);
    for (int i = 0; i < 2; i++) {
        uint64_t cells = (uint64_t)grid->counts[i].count * grid->windows.count;
        size_t listed = SWEEP_LISTED_MAX * sizeof(struct sweep_crossing);

        sweep->rows[i] = carve(memory, &used, sweep_axis_largest(&grid->counts[i]) + UINT64_C(1));
        for (uint32_t count = 0; memory != NULL && count < grid->counts[i].count; count++) {
            sweep->rows[i][grid->counts[i].at[count]] = (uint8_t)(count + 1);
        }
        sweep->peak_times[i] = carve(memory, &used, each * sizeof *sweep->peak_times[i]);
        sweep->cells[i] = carve(memory, &used, cells * sizeof *sweep->cells[i]);
        for (uint64_t cell = 0; cell < cells; cell++) {
            struct sweep_crossing *crossings = carve(memory, &used, listed);

            if (memory != NULL) {
                sweep->cells[i][cell].crossings = crossings;
            }
        }
    }
    return used;
}

size_t sweep_size(const struct sweep_grid *grid, uint32_t accounts)
{
    struct sweep sweep;

    if (!grid_valid(grid) || accounts == 0 || accounts > SWEEP_ACCOUNTS_MAX) {
        return 0;
    }
    uint64_t size = lay_out(NULL, grid, accounts, &sweep);

    return size <= SIZE_MAX / 2 ? (size_t)size : 0;
}

struct sweep *sweep_init(void *memory, size_t size, const struct sweep_grid *grid,
                         uint32_t accounts)
{
    struct sweep *sweep = memory, laid_out;
    size_t needed = sweep_size(grid, accounts);

    if (needed == 0 || size < needed) {
        return NULL;
    }
    lay_out(memory, grid, accounts, &laid_out);
    *sweep = laid_out;
    return sweep;
}

/* ---- counting ------------------------------------------------------------------------------- */

static struct sweep_cell_state *cell_at(const struct sweep *sweep, enum limit_subject subject,
                                        uint32_t count, uint32_t window)
{
    return &sweep->cells[subject][count * sweep->grid.windows.count + window];
}

static size_t peak_at(const struct sweep *sweep, uint32_t account, uint32_t window)
{
    return (size_t)account * sweep->grid.windows.count + window;
}

void sweep_rise(struct sweep *sweep, const struct sweep_sign_in *sign_in,
                enum limit_subject subject, uint32_t window, uint32_t peak, uint32_t took)
{
    uint8_t row = sweep->rows[subject][peak];

    sweep->peak_times[subject][peak_at(sweep, sign_in->account, window)] = sign_in->time;
    if (row == 0) {
        return;
    }
    struct sweep_cell_state *cell = cell_at(sweep, subject, row - 1u, window);

    if (cell->accounts < SWEEP_LISTED_MAX) {
        cell->crossings[cell->accounts] = (struct sweep_crossing){.order = sweep->fed,
                                                                  .time = sign_in->time,
                                                                  .record = sign_in->record,
                                                                  .account = sign_in->account,
                                                                  .took = took};
    }
    cell->accounts++;
}

bool sweep_make_room(struct sweep *sweep, int64_t now)
{
    if (now < sweep->barren_until) {
        return false;
    }
    for (uint32_t i = 0; i < sweep->accounts; i++) {
        uint32_t looked_at = sweep->hand;
        const struct sweep_account *account = &sweep->at[looked_at];

        sweep->hand = looked_at + 1 < sweep->accounts ? looked_at + 1 : 0;
        if ((account->held > 0 || account->sightings != 0) &&
            now - account->newest >= sweep->horizon) {
            sweep_times_clear(sweep, looked_at);
            sweep_sightings_clear(sweep, looked_at);
            return true;
        }
    }
    sweep->barren_until = now + BARREN;
    return false;
}

void sweep_feed(struct sweep *sweep, const struct sweep_sign_in *sign_in)
{
    uint32_t number = sign_in->account;
    struct sweep_account *account = &sweep->at[number];
    struct habit *habit = &sweep->habits[number];

    sweep->fed++;
    if (habit->sign_ins > 0 && sign_in->now - account->newest >= sweep->horizon) {
        sweep_times_clear(sweep, number);
        sweep_sightings_clear(sweep, number);
    }
    bool counted = sweep->kept == 0 || sweep_times_add(sweep, sign_in);
    enum sweep_sighted sighted =
        sweep_sightings_add(sweep, sign_in, habit_hour_start(habit, sign_in->place));

    if (!counted || sighted == SWEEP_SIGHTED_LOST) {
        sweep->lost++;
    }
    if (habit->sign_ins == 0 || account->newest < sign_in->place) {
        account->newest = sign_in->place;
    }
    habit_note(habit, sign_in->place, sighted != SWEEP_SIGHTED_BEFORE);
}

/* ---- results -------------------------------------------------------------------------------- */

const struct sweep_grid *sweep_grid_of(const struct sweep *sweep)
{
    return &sweep->grid;
}

uint32_t sweep_accounts(const struct sweep *sweep)
{
    return sweep->accounts;
}

uint64_t sweep_lost(const struct sweep *sweep)
{
    return sweep->lost;
}

const struct habit *sweep_habits(const struct sweep *sweep)
{
    return sweep->habits;
}

struct sweep_cell sweep_cell(const struct sweep *sweep, enum limit_subject subject, uint32_t count,
                             uint32_t window)
{
    const struct sweep_cell_state *state = cell_at(sweep, subject, count, window);

    return (struct sweep_cell){.accounts = state->accounts,
                               .listed = state->accounts < SWEEP_LISTED_MAX ? state->accounts
                                                                            : SWEEP_LISTED_MAX,
                               .crossings = state->crossings};
}

bool sweep_find_crossing(const struct sweep *sweep, enum limit_subject subject, uint32_t count,
                         uint32_t window, uint32_t account, struct sweep_crossing *crossing)
{
    struct sweep_cell cell = sweep_cell(sweep, subject, count, window);

    for (uint32_t i = 0; i < cell.listed; i++) {
        if (cell.crossings[i].account == account) {
            *crossing = cell.crossings[i];
            return true;
        }
    }
    return false;
}

struct sweep_peak sweep_peak(const struct sweep *sweep, enum limit_subject subject, uint32_t window,
                             uint32_t account)
{
    size_t at = peak_at(sweep, account, window);

    return (struct sweep_peak){.count = subject == LIMIT_CLIENTS ? sweep->client_peaks[at]
                                                                 : sweep->windows[at].peak,
                               .time = sweep->peak_times[subject][at]};
}
