/* The one block of memory that a guard has, and a sweep: its parts lie side by side, each on a
 * cache line, none within another and nothing in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "core/guard_state.h"
#include "core/sweep_state.h"
#include "guard_fixture.h"

enum { LINE = 64 };

struct block {
    void *memory;
    uint8_t *next; /* where the next part must be */
};

static void *open_block(struct block *block, size_t size)
{
    block->memory = calloc(1, size + LINE);
    assert_non_null(block->memory);
    block->next = (uint8_t *)block->memory + (LINE - (uintptr_t)block->memory % LINE);
    return block->next;
}

/* A part of so many elements; null: where it is, is not known. */
static void expect_part(struct block *block, const void *part, uint64_t count, size_t size)
{
    if (part)
        assert_ptr_equal(part, block->next);
    block->next += (count * size + LINE - 1) / LINE * LINE;
}

static void a_guards_parts_lie_side_by_side(void **state)
{
    static const struct text exempt[] = {TEXT_OF(u"a*"), TEXT_OF(u"b*"), TEXT_OF(u"c*"),
                                         TEXT_OF(u"d*"), TEXT_OF(u"e*")};
    struct guard_override own[3] = {
        {.account = TEXT_OF(u"x")}, {.account = TEXT_OF(u"y")}, {.account = TEXT_OF(u"z")}};
    struct fixture fixture;
    struct block block;
    (void)state;
    fixture_prepare(&fixture, u"50/10m,200/1h,clients:8/10m");
    assert_true(limit_set_parse(TEXT_OF(u"3/1m,4/2m,300/3m"), &own[0].limits));
    own[1].limits = own[2].limits = own[0].limits;
    for (uint32_t accounts = GUARD_ACCOUNTS_MIN; accounts < GUARD_ACCOUNTS_MIN + 16; accounts++) {
        for (size_t given = 0; given <= 1; given++) {
            fixture.settings.max_accounts = accounts;
            fixture.settings.exempt = exempt;
            fixture.settings.exempt_count = given * 5;
            fixture.settings.overrides = own;
            fixture.settings.override_count = given * 3;
            size_t size = guard_size(&fixture.settings);
            uint8_t *start = open_block(&block, size);
            struct guard *guard =
                guard_init(start, size, &fixture.settings, &(struct hash_key){1, 2});
            assert_non_null(guard);
            expect_part(&block, guard, 1, sizeof *guard);
            expect_part(&block, guard->exempt, given * 5, sizeof *guard->exempt);
            expect_part(&block, guard->patterns, given * 3, sizeof *guard->patterns);
            expect_part(&block, guard->plans, given * 3 + 1, sizeof *guard->plans);
            expect_part(&block, NULL, account_table_size(accounts), 1);
            assert_int_equal(guard->counts_each, given ? 3 : 2);
            expect_part(&block, guard->counts, ((uint64_t)accounts + 1) * guard->counts_each,
                        sizeof *guard->counts);
            expect_part(&block, guard->pool.at, (uint64_t)guard->pool.capacity + 1,
                        sizeof *guard->pool.at);
            expect_part(&block, guard->pool.traces, (uint64_t)guard->pool.capacity + 1,
                        sizeof *guard->pool.traces);
            expect_part(&block, NULL, client_table_size(guard->pool.clients.slots.capacity), 1);
            assert_ptr_equal(block.next, start + size);
            assert_int_equal(guard->pool.fresh, 1);
            /* As guard.h says: 9 sign-ins and 1.5 client names each, and 8 accounts that are full,
             * with 200 sign-ins and 8 names more, or 300. */
            assert_int_equal(guard->pool.capacity, accounts * history_chunks_for(9) +
                                                       8 * history_chunks_for(given ? 300u : 200u));
            assert_int_equal(guard->pool.clients.slots.capacity,
                             accounts * 3 / 2 + 8 * (given ? 300u : 208u));
            free(block.memory);
        }
    }
}

static void expect_sweep(const struct sweep_grid *grid, uint32_t accounts)
{
    struct block block;
    size_t size = sweep_size(grid, accounts), each = (size_t)accounts * grid->windows.count;
    uint8_t *start = open_block(&block, size);
    struct sweep *sweep = sweep_init(start, size, grid, accounts);
    assert_non_null(sweep);
    expect_part(&block, sweep, 1, sizeof *sweep);
    expect_part(&block, sweep->times.at, (uint64_t)sweep->times.capacity + 1,
                SWEEP_BLOCK * sizeof *sweep->times.at);
    expect_part(&block, sweep->sightings.at, (uint64_t)sweep->sightings.capacity + 1,
                sizeof *sweep->sightings.at);
    expect_part(&block, sweep->at, accounts, sizeof *sweep->at);
    expect_part(&block, sweep->windows, each, sizeof *sweep->windows);
    expect_part(&block, sweep->client_peaks, each, sizeof *sweep->client_peaks);
    expect_part(&block, sweep->habits, accounts, sizeof *sweep->habits);
    for (int i = 0; i < 2; i++) {
        const struct sweep_axis *counts = &grid->counts[i];
        size_t cells = (size_t)counts->count * grid->windows.count;
        expect_part(&block, sweep->rows[i], (uint64_t)sweep_axis_largest(counts) + 1, 1);
        expect_part(&block, sweep->peak_times[i], each, sizeof *sweep->peak_times[i]);
        expect_part(&block, sweep->cells[i], cells, sizeof *sweep->cells[i]);
        for (size_t cell = 0; cell < cells; cell++)
            expect_part(&block, sweep->cells[i][cell].crossings, SWEEP_LISTED_MAX,
                        sizeof(struct sweep_crossing));
    }
    assert_ptr_equal(block.next, start + size);
    assert_int_equal(sweep->times.fresh, 1);
    assert_int_equal(sweep->sightings.fresh, 1);
    free(block.memory);
}

/* Also where a part ends just before a line does, and just behind. */
static void a_sweeps_parts_lie_side_by_side(void **state)
{
    static const struct sweep_grid grids[] = {
        {.counts = {{{5, LINE - 1}, 2}, {{LINE + 1}, 1}}, .windows = {{60, 600}, 2}},
        {.counts = {{{5, LINE}, 2}, {{LINE + 1}, 1}}, .windows = {{60, 600}, 2}}};
    (void)state;
    for (size_t i = 0; i < sizeof grids / sizeof *grids; i++)
        for (uint32_t accounts = 1; accounts <= 32; accounts++)
            expect_sweep(&grids[i], accounts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_guards_parts_lie_side_by_side),
        cmocka_unit_test(a_sweeps_parts_lie_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
