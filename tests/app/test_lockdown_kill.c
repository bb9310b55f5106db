/* The process killed at every point at which the world changes, in every story; the next process
 * reads the same log again. The end must be that of the story without a kill. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "lockdown_world.h"

enum { KILL_PAUSE = 700 /* ms until the next process starts */ };

/* ---- stories: each is told from its start again after a kill, as the log is read again ---------
 */

static void one_account(void)
{
    world_cross(1);
    world_pass(700000);
}

static void three_at_once(void)
{
    for (unsigned i = 1; i <= 3; i++)
        world_cross(i);
    world_pass(700000);
}

static void cooldown(void)
{
    world_cross(1);
    world_pass(10000);
    world_cross(2);
    world_pass(1200000);
}

static void no_restart(void)
{
    world.settings.restart_smtp = false;
    lockdown_configure(world.lockdown, &world.settings);
    one_account();
}

static void last_administrator(void)
{
    world.accounts[1].last_admin = true;
    one_account();
}

static void flagged(void)
{
    struct order order = world_order(1, FLAG_BUDGET);
    lockdown_order(world.lockdown, &order);
    world_pass(1000);
}

static void released(void)
{
    world_cross(1);
    world_pass(5000);
    const struct incident *incident = world_incident(1);
    if (incident_holds(incident) && !incident->release_wanted)
        world_release(RELEASE_ACCOUNT, u"CONTOSO\\user01", false);
    world_pass(700000);
}

static void mark_released(void)
{
    flagged();
    const struct incident *incident = world_incident(1);
    if (incident->state == INCIDENT_FLAGGED && !incident->release_wanted)
        world_release(RELEASE_ALL, u"", false);
    world_pass(1000);
}

static void released_by_time(void)
{
    world.settings.lock_minutes = 20;
    lockdown_configure(world.lockdown, &world.settings);
    world_cross(1);
    world_pass(1300000);
}

static void leaking(void)
{
    world.settings.restart_cooldown = 0;
    text_copy(world.settings.restart_services.names[0], SETTING_TEXT_MAX, TEXT_OF(u"IISADMIN"));
    world.settings.restart_services.count = 1;
    lockdown_configure(world.lockdown, &world.settings);
    world_cross(1);
    world_pass(5000);
    for (unsigned i = 0; i < 8 && world_incident(1)->escalation != ESCALATION_ALERTED; i++) {
        world_leak(1, 1);
        world_pass(30000);
    }
    world_pass(700000);
}

static void lagging(void)
{
    world.settings.restart_cooldown = 0;
    lockdown_configure(world.lockdown, &world.settings);
    world.accounts[1].lagging = true;
    world_cross(1);
    world_pass(5000);
    if (world_incident(1)->leak_record == 0)
        world_leak(1, 1);
    world_pass(700000);
}

static void compacting(void)
{
    world_cross(1);
    while (memory_store.writes < 40)
        world_pass(60000);
    world_cross(2);
    world_pass(1200000);
}

/* ---- the end of a story -----------------------------------------------------------------------
 */

struct end {
    DWORD flags[3], used_flags[3];
    bool marked[3];
    bool smtp_down, dependent_down, other_down;
    unsigned restarts, other_restarts;
    enum incident_state states[3];
    enum incident_ending endings[3];
    size_t told[600]; /* by event id */
};

static const DWORD ids[] = {MSG_DISABLED,        MSG_ALREADY_DISABLED,
                            MSG_LAST_ADMIN,      MSG_MARKED,
                            MSG_MARK_FAILED,     MSG_LEAK,
                            MSG_LEAK_RESTART,    MSG_LEAK_REMAINS,
                            MSG_CONTAINED,       MSG_RELEASED,
                            MSG_NOT_RELEASED,    MSG_RELEASE_FAILED,
                            MSG_LOCK_LAGGED,     MSG_ENABLED_AGAIN,
                            MSG_LOCK_FAILED,     MSG_SMTP_RESTART_FAILED,
                            MSG_SMTP_NOT_RUNNING};

static void look_at_end(struct end *end)
{
    memset(end, 0, sizeof *end);
    end->smtp_down = world.smtp_down;
    end->dependent_down = world.dependent_down;
    end->other_down = world.other_down;
    end->restarts = world.restarts;
    end->other_restarts = world.other_restarts;
    for (unsigned i = 0; i < 3; i++) {
        const struct incident *incident = world_incident(i + 1);
        end->flags[i] = world.accounts[i + 1].flags;
        end->used_flags[i] = world.accounts[i + 1].used_flags;
        end->marked[i] = world.accounts[i + 1].marked;
        end->states[i] = incident ? incident->state : INCIDENT_STATES;
        end->endings[i] = incident ? incident->ending : ENDINGS;
    }
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        end->told[ids[i] & 0xFFFF] = recorder_count(ids[i]);
    /* A restart that was interrupted is told as finished. */
    end->told[0] = recorder_count(MSG_SMTP_RESTARTED) + recorder_count(MSG_SMTP_RESUMED);
}

static void expect_the_same(const struct end *end, const struct end *whole, unsigned kill_at)
{
    struct end now = *end;
    for (size_t i = 0; i < 600; i++) {
        if ((now.told[i] == 0) != (whole->told[i] == 0))
            fail_msg("killed at %u: event %u was told %u times, not %u", kill_at, (unsigned)i,
                     (unsigned)now.told[i], (unsigned)whole->told[i]);
        now.told[i] = whole->told[i];
    }
    if (memcmp(&now, whole, sizeof now) != 0)
        fail_msg("killed at %u: restarts %u (%u), other %u (%u), flags %#lx (%#lx), state %s (%s)",
                 kill_at, now.restarts, whole->restarts, now.other_restarts, whole->other_restarts,
                 now.flags[0], whole->flags[0], incident_state_name(now.states[0]),
                 incident_state_name(whole->states[0]));
}

/* Tells the story, killed at a point (0: not), and again. Whether it was killed. */
static bool tell(void (*story)(void), unsigned kill_at, bool reboot, struct end *end)
{
    volatile bool killed = false;
    world_reset();
    world.kill_at = kill_at;
    if (setjmp(world.killed) != 0) {
        killed = true;
        world.kill_at = 0;
        world.tick = reboot ? 30000 : world.tick + KILL_PAUSE;
        world.boot += reboot;
        world.wall += 1;
    }
    world_start_behind();
    world_run();
    story();
    look_at_end(end);
    world_kill();
    return killed;
}

static void kill_everywhere(void (*story)(void))
{
    struct end whole, end;
    unsigned kill_at;
    assert_false(tell(story, 0, false, &whole));
    for (kill_at = 1; tell(story, kill_at, kill_at % 2, &end); kill_at++)
        expect_the_same(&end, &whole, kill_at);
    assert_true(kill_at > 10);
    print_message("killed at %u points\n", kill_at - 1);
}

#define STORY(name)                                                                                \
    static void killed_anywhere_##name(void **state)                                               \
    {                                                                                              \
        (void)state;                                                                               \
        kill_everywhere(name);                                                                     \
    }

STORY(one_account)
STORY(three_at_once)
STORY(cooldown)
STORY(no_restart)
STORY(last_administrator)
STORY(flagged)
STORY(released)
STORY(mark_released)
STORY(released_by_time)
STORY(leaking)
STORY(lagging)
STORY(compacting)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_anywhere_one_account),
        cmocka_unit_test(killed_anywhere_three_at_once),
        cmocka_unit_test(killed_anywhere_cooldown),
        cmocka_unit_test(killed_anywhere_no_restart),
        cmocka_unit_test(killed_anywhere_last_administrator),
        cmocka_unit_test(killed_anywhere_flagged),
        cmocka_unit_test(killed_anywhere_released),
        cmocka_unit_test(killed_anywhere_mark_released),
        cmocka_unit_test(killed_anywhere_released_by_time),
        cmocka_unit_test(killed_anywhere_leaking),
        cmocka_unit_test(killed_anywhere_lagging),
        cmocka_unit_test(killed_anywhere_compacting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
