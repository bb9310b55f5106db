/* Killed anywhere while messages are moved out of the queue or back, SMTP is not left stopped and
 * no message is lost. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lockdown_world.h"

enum { KILL_PAUSE = 700 /* ms until the next process */ };

static void asked(void)
{
    world_quarantine(QUARANTINE_TAKE);
    world_pass(200000);
}

static void given_back(void)
{
    asked();
    world_quarantine(QUARANTINE_GIVE_BACK);
    world_pass(200000);
}

static void on_lock(void)
{
    world.settings.quarantine_on_lock = true;
    lockdown_configure(world.lockdown, &world.settings);
    world_cross(1);
    world_pass(700000);
}

/* Tells a story, killed at a point (0: not), and lets the next process come. Whether it was. */
static bool tell(void (*story)(void), unsigned kill_at)
{
    volatile bool killed = false;
    world_reset();
    world.kill_at = kill_at;
    if (setjmp(world.killed) != 0) {
        killed = true;
        world.kill_at = 0;
        world.tick += KILL_PAUSE;
        world.wall += 1;
    }
    world_start();
    world_run();
    if (!killed)
        story();
    else
        world_pass(700000);
    return killed;
}

static void kill_everywhere(void (*story)(void))
{
    unsigned at;
    tell(story, 0);
    for (at = 1; tell(story, at); at++) {
        if (world.smtp_down || world.dependent_down || world.queued + world.kept != WORLD_QUEUED ||
            world.taken_while_smtp_ran)
            fail_msg("killed at %u: SMTP is %s, %u messages queued, %u kept", at,
                     world.smtp_down ? "down" : "up", world.queued, world.kept);
    }
    assert_true(at > 10);
    print_message("killed at %u points\n", at - 1);
    world_kill();
}

static void killed_anywhere_smtp_runs_again(void **state)
{
    (void)state;
    kill_everywhere(asked);
    kill_everywhere(given_back);
    kill_everywhere(on_lock);
}

/* Also where the restart in which it was to be done has been finished by the next process. */
static void killed_anywhere_a_lock_takes_them_out(void **state)
{
    unsigned locked = 0;
    (void)state;
    for (unsigned at = 1; tell(on_lock, at); at++) {
        locked += world_is_disabled(1);
        if (world_is_disabled(1) && world.queued > 0)
            fail_msg("killed at %u: %u messages are in the queue still", at, world.queued);
    }
    assert_true(locked > 10);
    world_kill();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(killed_anywhere_smtp_runs_again),
        TEST(killed_anywhere_a_lock_takes_them_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
