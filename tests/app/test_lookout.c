/* What the outlook remembers, and when it is put down. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/lookout.h"
#include "core/outlook_state.h"
#include "windows/boot.h"

enum { TICK = 5000, WALL = 1262304000, NOW = 3600000 };

static struct store_news kept_news(void)
{
    const struct outlook_state state = {.day = {.begun_at = 1000, .sign_ins = 42}};
    struct store_news news = {.open = true};
    news.position.steady =
        (struct steady){.now = NOW, .tick = TICK, .boot = boot_number(), .wall = WALL};
    outlook_state_encode(&news.outlook, &state);
    return news;
}

static void what_was_kept_is_remembered_when_the_journal_opens_late(void **state)
{
    (void)state;
    struct lookout lookout = {0};
    struct store_news closed = {0}, open = kept_news();
    lookout_recall(&lookout, &closed, TICK, WALL);
    assert_true(lookout.outlook.recalled); /* it looks out all the same */
    lookout_keep(&lookout, NULL);          /* and keeps nothing over what it does not know */
    lookout_recall(&lookout, &closed, TICK, WALL);
    lookout_recall(&lookout, &open, TICK, WALL);
    assert_int_equal(lookout.outlook.state.day.sign_ins, 42);
    assert_int_equal(lookout.clock.now, NOW);
    lookout.outlook.state.day.sign_ins = 43;
    lookout_recall(&lookout, &closed, TICK, WALL);
    lookout_recall(&lookout, &open, TICK, WALL);
    assert_int_equal(lookout.outlook.state.day.sign_ins, 43);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_kept_is_remembered_when_the_journal_opens_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
