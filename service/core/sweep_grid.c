#include "sweep_grid.h"

#include "list.h"

bool sweep_axis_add(struct sweep_axis *axis, uint32_t value)
{
    uint32_t place = axis->count;

    while (place > 0 && axis->at[place - 1] >= value) {
        place--;
    }
    if (place < axis->count && axis->at[place] == value) {
        return true;
    }
    if (axis->count == SWEEP_AXIS_MAX) {
        return false;
    }
    for (uint32_t i = axis->count++; i > place; i--) {
        axis->at[i] = axis->at[i - 1];
    }
    axis->at[place] = value;
    return true;
}

uint32_t sweep_axis_largest(const struct sweep_axis *axis)
{
    return axis->count > 0 ? axis->at[axis->count - 1] : 0;
}

void sweep_grid_default(struct sweep_grid *grid)
{
    *grid = (struct sweep_grid){
        .counts = {[LIMIT_SIGN_INS] = {{5, 10, 20, 50, 100, 200, 500, 1000}, 8},
                   [LIMIT_CLIENTS] = {{2, 3, 5, 8, 12, 20, 30, 50}, 8}},
        .windows = {{60, 300, 600, 1800, 3600, 4 * 3600, 12 * 3600, 24 * 3600}, 8}};
}

static bool parse_count(struct text text, uint32_t *count)
{
    return text_to_number(text, count) && *count >= 1 && *count <= LIMIT_COUNT_MAX;
}

static bool parse_clients(struct text text, uint32_t *count)
{
    return parse_count(text, count) && *count >= 2;
}

static bool parse_axis(struct text text, bool (*parse)(struct text text, uint32_t *value),
                       uint32_t most, struct sweep_axis *axis)
{
    struct text item;

    axis->count = 0;
    while (list_next(&text, &item)) {
        uint32_t value;

        if (!parse(item, &value) || !sweep_axis_add(axis, value) || axis->count > most) {
            return false;
        }
    }
    return true;
}

/* What lies before the next slash; *text is then what lies behind it. */
static struct text next_part(struct text *text)
{
    size_t slash = text_find(*text, u'/');
    struct text part = text_slice(*text, 0, slash);

    *text = slash == SIZE_MAX ? text_slice(*text, text->count, 0)
                              : text_slice(*text, slash + 1, SIZE_MAX);
    return part;
}

bool sweep_grid_parse(struct text text, struct sweep_grid *grid)
{
    struct sweep_grid parsed;
    struct text counts = next_part(&text), windows = next_part(&text), clients = text;

    if (!parse_axis(counts, parse_count, SWEEP_GRID_COUNTS_MAX, &parsed.counts[LIMIT_SIGN_INS]) ||
        !parse_axis(windows, limit_window_parse, SWEEP_GRID_WINDOWS_MAX, &parsed.windows) ||
        !parse_axis(clients, parse_clients, SWEEP_GRID_COUNTS_MAX, &parsed.counts[LIMIT_CLIENTS])) {
        return false;
    }
    if (parsed.windows.count == 0 ||
        parsed.counts[LIMIT_SIGN_INS].count + parsed.counts[LIMIT_CLIENTS].count == 0) {
        return false;
    }
    *grid = parsed;
    return true;
}

struct limit sweep_grid_limit(const struct sweep_grid *grid, enum limit_subject subject,
                              uint32_t count, uint32_t window)
{
    return (struct limit){.subject = subject,
                          .count = grid->counts[subject].at[count],
                          .window = grid->windows.at[window]};
}
