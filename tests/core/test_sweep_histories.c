/* The sweep against the real guard, run once for every limit of the grid, on random histories: late
 * sign-ins, equal times, the ends of windows to the second, clocks set back and forward. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "core/sweep.h"
#include "core/timeline.h"
#include "guard_fixture.h"

enum { ACCOUNTS = 6, CLIENTS = 24, LENGTH_MAX = 700, START = FIXTURE_START };

static uint64_t random_state;

static uint32_t random_below(uint32_t bound)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) % bound);
}

static int64_t random_between(int64_t low, int64_t high)
{
    return low + (int64_t)random_below((uint32_t)(high - low + 1));
}

/* ---- a history ------------------------------------------------------------------------------ */

struct history_event {
    int64_t time, place, now;
    uint32_t account, client;
};

static struct scene {
    struct sweep_grid grid;
    struct history_event events[LENGTH_MAX];
    uint32_t count;
    uint32_t accounts, clients;
    void *memory;
    struct sweep *sweep;
} scene;

static const uint32_t windows[] = {1, 2, 3, 4, 5, 6, 7, 10, 30, 60, 61, 600, 3600, 7200, 86400};

/* Every count from the first on now and then: then the peaks are known exactly. */
static void random_axis(struct sweep_axis *axis, uint32_t least)
{
    uint32_t many = random_below(6), step = random_below(3) == 0 ? 1 : 1 + random_below(12);

    axis->count = 0;
    for (uint32_t i = 0; i < many; i++) {
        sweep_axis_add(axis, least + i * step);
    }
}

static void random_grid(struct sweep_grid *grid)
{
    do {
        random_axis(&grid->counts[LIMIT_SIGN_INS], 1 + random_below(3));
        random_axis(&grid->counts[LIMIT_CLIENTS], 2);
    } while (grid->counts[LIMIT_SIGN_INS].count + grid->counts[LIMIT_CLIENTS].count == 0);
    grid->windows.count = 0;
    for (uint32_t i = 0; i <= random_below(7); i++) {
        sweep_axis_add(&grid->windows, windows[random_below(sizeof windows / sizeof windows[0])]);
    }
}

/* The time after `newest`: mostly near, or just at the end of a window, sometimes late, rarely by a
 * clock that was set. */
static int64_t random_time(int64_t *newest, bool dense)
{
    const struct sweep_axis *axis = &scene.grid.windows;
    uint32_t choice = random_below(dense ? 1000 : 100);

    if (choice >= 60) {
        return *newest += choice >= 90 ? 0 : random_below(2);
    }
    if (choice < 25) {
        return *newest + random_between(-GUARD_LATENESS, -1);
    }
    if (choice < 30) {
        return *newest += (int64_t)axis->at[random_below(axis->count)] + random_between(-1, 1);
    }
    if (choice < 33) {
        return *newest += random_between(0, 8000);
    }
    if (choice == 33) {
        return *newest -= random_between(GUARD_LATENESS + 1, 200000);
    }
    if (choice == 34) {
        return *newest += random_between(3000, 2000000);
    }
    if (choice == 35) {
        return *newest += INT64_C(1) << random_between(30, 40);
    }
    return *newest += random_below(5);
}

static void random_history(uint64_t seed)
{
    int64_t newest = START;
    struct timeline timeline = {.started = false};

    random_state = seed * 0x9e3779b97f4a7c15 + 1;
    random_grid(&scene.grid);
    scene.accounts = 1 + random_below(ACCOUNTS);
    scene.clients = 1 + random_below(CLIENTS);
    scene.count = random_below(8) == 0 ? LENGTH_MAX : 10 + random_below(150);
    bool dense = random_below(3) == 0;

    for (uint32_t i = 0; i < scene.count; i++) {
        struct history_event *event = &scene.events[i];

        event->time = random_time(&newest, dense);
        event->place = timeline_place(&timeline, event->time);
        event->now = timeline.now;
        event->account = random_below(3) == 0 ? 0 : random_below(scene.accounts);
        event->client = random_below(2) == 0 ? 0 : random_below(scene.clients);
    }
}

/* ---- both ways ------------------------------------------------------------------------------ */

static void sweep_it(uint32_t accounts)
{
    size_t size = sweep_size(&scene.grid, accounts);

    scene.memory = calloc(1, size + 16);
    assert_non_null(scene.memory);
    void *aligned = (uint8_t *)scene.memory + (16 - (uintptr_t)scene.memory % 16);

    assert_null(sweep_init(aligned, size - 1, &scene.grid, accounts));
    scene.sweep = sweep_init(aligned, size, &scene.grid, accounts);
    assert_non_null(scene.sweep);
    for (uint32_t i = 0; i < scene.count; i++) {
        const struct history_event *event = &scene.events[i];

        sweep_feed(scene.sweep, &(struct sweep_sign_in){.account = event->account,
                                                        .place = event->place,
                                                        .now = event->now,
                                                        .time = event->time,
                                                        .record = i + 1,
                                                        .client = event->client});
    }
    assert_int_equal(sweep_lost(scene.sweep), 0);
}

/* Whether an event is the last one of its account and client before or at `last`, by place. */
static bool is_last_sighting(uint32_t event, uint32_t last)
{
    const struct history_event *it = &scene.events[event];

    for (uint32_t i = 0; i <= last; i++) {
        const struct history_event *other = &scene.events[i];

        if (i != event && other->account == it->account && other->client == it->client &&
            (other->place > it->place || (other->place == it->place && i > event))) {
            return false;
        }
    }
    return true;
}

/* What an account has within a window after an event, and how old the oldest of it is. */
static uint32_t count_naively(enum limit_subject subject, uint32_t window, uint32_t last,
                              uint32_t *took)
{
    const struct history_event *at = &scene.events[last];
    uint32_t count = 0;

    *took = 0;
    for (uint32_t i = 0; i <= last; i++) {
        const struct history_event *event = &scene.events[i];
        int64_t age = at->now - event->place;

        if (event->account == at->account && age < window &&
            (subject == LIMIT_SIGN_INS || is_last_sighting(i, last))) {
            count++;
            if (*took < age) {
                *took = (uint32_t)age;
            }
        }
    }
    return count;
}

static void assert_crossing(const struct sweep_crossing *crossing, const struct limit *limit,
                            const struct verdict *verdict, const struct history_event *event)
{
    uint32_t took;

    assert_int_equal(crossing->account, event->account);
    assert_int_equal(crossing->record, verdict->last_record);
    assert_int_equal(crossing->order, verdict->last_record);
    assert_true(crossing->time == verdict->last_time);
    assert_int_equal(
        count_naively(limit->subject, limit->window, (uint32_t)crossing->record - 1, &took),
        limit->count);
    assert_int_equal(crossing->took, took);
}

static uint64_t seen_crossings[2], seen_clock_steps;

/* The guard with one limit alone against one cell. */
static void compare(enum limit_subject subject, uint32_t count, uint32_t window)
{
    struct fixture fixture;
    struct sweep_cell cell = sweep_cell(scene.sweep, subject, count, window);
    uint32_t crossed = 0;

    fixture_prepare(&fixture, u"1/1s");
    fixture.limits.limits[0] = sweep_grid_limit(&scene.grid, subject, count, window);
    fixture_start(&fixture);
    for (uint32_t i = 0; i < scene.count; i++) {
        const struct history_event *event = &scene.events[i];
        const char16_t name[] = {u'X', u'\\', (char16_t)(u'a' + event->account), 0};
        const char16_t client[] = {u'c', (char16_t)(u'a' + event->client), 0};
        struct identity identity = fixture_user(name, event->account);

        if (fixture_feed(&fixture, event->time - START, &identity, client) == GUARD_VERDICT) {
            assert_true(crossed < cell.listed);
            assert_crossing(&cell.crossings[crossed], &fixture.limits.limits[0], &fixture.verdict,
                            event);
            assert_true(sweep_peak(scene.sweep, subject, window, event->account).count >=
                        fixture.limits.limits[0].count);
            crossed++;
            guard_hold(fixture.guard, &identity);
        }
    }
    assert_int_equal(cell.accounts, crossed);
    seen_crossings[subject] += crossed;
    seen_clock_steps += fixture_counters(&fixture).clock_steps;
    fixture_end(&fixture);
}

/* The peaks, and when they were reached, by counting anew at each event. */
static void compare_peaks(enum limit_subject subject, uint32_t window)
{
    struct sweep_peak expected[ACCOUNTS] = {{.count = 0}};
    uint32_t most = sweep_axis_largest(&scene.grid.counts[subject]), took;

    for (uint32_t i = 0; i < scene.count; i++) {
        struct sweep_peak *peak = &expected[scene.events[i].account];
        uint32_t count = count_naively(subject, scene.grid.windows.at[window], i, &took);

        if (peak->count < count && peak->count < most) {
            *peak = (struct sweep_peak){count < most ? count : most, scene.events[i].time};
        }
    }
    for (uint32_t i = 0; i < scene.accounts; i++) {
        struct sweep_peak peak = sweep_peak(scene.sweep, subject, window, i);

        assert_int_equal(peak.count, expected[i].count);
        assert_true(peak.time == expected[i].time);
    }
}

static void run_history(uint64_t seed)
{
    random_history(seed);
    sweep_it(scene.accounts);
    for (int subject = 0; subject < 2; subject++) {
        for (uint32_t window = 0; window < scene.grid.windows.count; window++) {
            for (uint32_t i = 0; i < scene.grid.counts[subject].count; i++) {
                compare((enum limit_subject)subject, i, window);
            }
            if (scene.count <= 160) {
                compare_peaks((enum limit_subject)subject, window);
            }
        }
    }
    free(scene.memory);
}

static void the_sweep_agrees_with_a_guard_for_each_limit(void **state)
{
    const char *asked = getenv("RELAYLOCK_HISTORIES");
    unsigned long count = asked ? strtoul(asked, NULL, 10) : 1000;

    (void)state;
    assert_true(count > 0);
    for (unsigned long i = 0; i < count; i++) {
        run_history(i);
    }
    assert_true(seen_crossings[LIMIT_SIGN_INS] > count && seen_crossings[LIMIT_CLIENTS] > count);
    assert_true(seen_clock_steps > count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sweep_agrees_with_a_guard_for_each_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
