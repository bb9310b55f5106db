#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "sweep_fixture.h"

static void *memory; /* of the sweep at hand */

struct sweep_grid sweep_fixture_grid(uint32_t count, uint32_t window)
{
    return (struct sweep_grid){.counts = {[LIMIT_SIGN_INS] = {{count}, 1}},
                               .windows = {{window}, 1}};
}

struct sweep *sweep_fixture_open(const struct sweep_grid *grid, uint32_t accounts)
{
    size_t size = sweep_size(grid, accounts);

    assert_true(size > 0);
    memory = calloc(1, size + 16);
    assert_non_null(memory);
    return sweep_init((uint8_t *)memory + (16 - (uintptr_t)memory % 16), size, grid, accounts);
}

void sweep_fixture_close(void)
{
    free(memory);
    memory = NULL;
}

void sweep_fixture_feed(struct sweep *sweep, uint32_t account, int64_t time, uint32_t count,
                        bool clients)
{
    for (uint32_t i = 0; i < count; i++) {
        sweep_feed(sweep, &(struct sweep_sign_in){.account = account,
                                                  .place = time,
                                                  .now = time,
                                                  .time = time,
                                                  .record = i,
                                                  .client = clients ? i : 0});
    }
}
