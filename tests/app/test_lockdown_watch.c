/* What follows from sign-ins after a lock: a step more for each new leak; and when nothing comes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lockdown_world.h"

static int set_up(void **state)
{
    (void)state;
    world_reset();
    world.settings.restart_cooldown = 0;
    return 0;
}

/* An account that was locked, and SMTP restarted for it. */
static void lock(unsigned account)
{
    world_start();
    world_run();
    world_cross(account);
    world_run();
    assert_int_equal(world_incident(account)->state, INCIDENT_RESTARTED);
}

static void leak(unsigned account)
{
    world.tick += 1000;
    world.wall++;
    world_leak(account, 1);
    world_run();
}

static void each_new_leak_is_answered_by_one_step_more(void **state)
{
    (void)state;
    text_copy(world.settings.restart_services.names[0], SETTING_TEXT_MAX, TEXT_OF(u"IISADMIN"));
    text_copy(world.settings.restart_services.names[1], SETTING_TEXT_MAX, TEXT_OF(u"W3SVC"));
    world.settings.restart_services.count = 2;
    lock(1);
    leak(1);
    assert_int_equal(recorder_count(MSG_LEAK), 1);
    recorder_expect(MSG_LEAK, 3, L"\\\\dc2.contoso.example");
    assert_int_equal(world_incident(1)->escalation, ESCALATION_VERIFIED);
    assert_int_equal(world.restarts, 1);
    leak(1);
    assert_int_equal(recorder_count(MSG_LEAK_RESTART), 1);
    recorder_expect(MSG_LEAK_RESTART, 3, L"SMTPSVC");
    assert_int_equal(world.restarts, 2);
    assert_int_equal(world_incident(1)->state, INCIDENT_RESTARTED);
    leak(1);
    assert_int_equal(recorder_count(MSG_LEAK_RESTART), 2);
    recorder_expect(MSG_LEAK_RESTART, 3, L"IISADMIN, W3SVC");
    assert_int_equal(world.other_restarts, 2);
    assert_int_equal(lstrcmpW(world.last_restarted, L"W3SVC"), 0);
    assert_int_equal(world.restarts, 2);
    leak(1);
    assert_int_equal(recorder_count(MSG_LEAK_REMAINS), 1);
    recorder_expect(MSG_LEAK_REMAINS, 2, L"4");
    recorder_expect(MSG_LEAK_REMAINS, 4, L"spam.example");
    for (int i = 0; i < 5; i++)
        leak(1);
    assert_int_equal(recorder_count(MSG_LEAK_REMAINS), 1);
    assert_int_equal(world.restarts + world.other_restarts, 4);
    assert_int_equal(world_incident(1)->figures.leaks, 9);
    assert_int_equal(recorder_count(MSG_LEAK), 1);
}

static void without_services_the_alert_names_them(void **state)
{
    (void)state;
    lock(1);
    for (int i = 0; i < 3; i++)
        leak(1);
    assert_int_equal(recorder_count(MSG_LEAK_REMAINS), 1);
    assert_non_null(wcsstr(recorder_string(MSG_LEAK_REMAINS, 5), L"RestartServices"));
    assert_int_equal(world.other_restarts, 0);
}

static void a_service_that_cannot_be_restarted_is_told_and_passed_over(void **state)
{
    (void)state;
    text_copy(world.settings.restart_services.names[0], SETTING_TEXT_MAX, TEXT_OF(u"IISADMIN"));
    world.settings.restart_services.count = 1;
    lock(1);
    leak(1);
    leak(1);
    world.outcome =
        (struct smtp_outcome){.result = SMTP_FAILED, .call = "OpenService", .error = 1060};
    world.result_forced = true;
    leak(1);
    assert_int_equal(recorder_count(MSG_SERVICE_RESTART_FAILED), 1);
    recorder_expect(MSG_SERVICE_RESTART_FAILED, 0, L"IISADMIN");
    assert_int_equal(world_incident(1)->services_done, 1);
    leak(1);
    assert_int_equal(recorder_count(MSG_LEAK_REMAINS), 1);
}

static void a_lock_that_lags_is_set_there_and_smtp_restarted_once_more(void **state)
{
    (void)state;
    world.accounts[1].lagging = true;
    lock(1);
    assert_false(world.accounts[1].used_flags & UF_ACCOUNTDISABLE);
    leak(1);
    assert_true(world.accounts[1].used_flags & UF_ACCOUNTDISABLE);
    assert_int_equal(recorder_count(MSG_LEAK), 1);
    assert_int_equal(recorder_count(MSG_LOCK_LAGGED), 1);
    recorder_expect(MSG_LOCK_LAGGED, 1, L"\\\\dc2.contoso.example");
    assert_int_equal(world.restarts, 2);
    assert_int_equal(world_incident(1)->escalation, ESCALATION_VERIFIED);
}

static void a_controller_that_cannot_be_written_to_is_only_looked_at(void **state)
{
    (void)state;
    world.accounts[1].lagging = true;
    world.read_only_used = true;
    lock(1);
    leak(1);
    assert_int_equal(recorder_count(MSG_LOCK_LAGGED), 0);
    assert_int_equal(recorder_count(MSG_LEAK), 1);
    leak(1);
    assert_int_equal(recorder_count(MSG_LEAK_RESTART), 1);
}

static void who_was_enabled_by_somebody_else_is_released_and_nothing_restarted(void **state)
{
    (void)state;
    lock(1);
    leak(1);
    world.accounts[1].flags &= ~(DWORD)UF_ACCOUNTDISABLE;
    world.accounts[1].used_flags = world.accounts[1].flags;
    leak(1);
    assert_int_equal(world_incident(1)->state, INCIDENT_RELEASED);
    assert_int_equal(world_incident(1)->ending, ENDING_BY_OTHERS);
    assert_int_equal(recorder_count(MSG_ENABLED_AGAIN), 1);
    assert_int_equal(world.restarts, 1);
    unsigned unheld = world.unheld;
    leak(1); /* read before that was heard */
    assert_int_equal(world.unheld, unheld + 1);
}

/* Enabled where it is looked up, and nobody can say how it is where the lock was set: that may be
 * an administrator's decision. */
static void without_a_look_at_home_nobody_is_locked_anew(void **state)
{
    (void)state;
    lock(1);
    world.home_away = true;
    world.accounts[1].used_flags &= ~(DWORD)UF_ACCOUNTDISABLE;
    leak(1);
    assert_false(world.accounts[1].used_flags & UF_ACCOUNTDISABLE);
    assert_int_equal(recorder_count(MSG_LOCK_LAGGED), 0);
    assert_int_equal(recorder_count(MSG_LEAK), 1);
    world.home_away = false;
    world.accounts[1].flags &= ~(DWORD)UF_ACCOUNTDISABLE;
    leak(1);
    assert_int_equal(world_incident(1)->ending, ENDING_BY_OTHERS);
}

static void when_nobody_can_look_it_goes_on_all_the_same(void **state)
{
    (void)state;
    lock(1);
    world.directory_error = RPC_S_SERVER_UNAVAILABLE;
    leak(1);
    assert_int_equal(recorder_count(MSG_LEAK), 1);
    leak(1);
    assert_int_equal(world.restarts, 2);
}

static void a_leak_after_it_was_contained_is_watched_again(void **state)
{
    (void)state;
    lock(1);
    world_pass(600000);
    assert_int_equal(world_incident(1)->state, INCIDENT_CONTAINED);
    leak(1);
    assert_int_equal(world_incident(1)->state, INCIDENT_RESTARTED);
    assert_int_equal(world_incident(1)->escalation, ESCALATION_VERIFIED);
    assert_int_equal(recorder_count(MSG_LEAK), 1);
    world_pass(600000);
    assert_int_equal(recorder_count(MSG_CONTAINED), 2);
    recorder_expect(MSG_CONTAINED, 6, L"1");
}

static void leaks_put_off_that_it_is_contained(void **state)
{
    (void)state;
    lock(1);
    for (int i = 0; i < 3; i++) {
        world_pass(500000);
        leak(1);
    }
    assert_int_equal(recorder_count(MSG_CONTAINED), 0);
    world_pass(598000);
    assert_int_equal(recorder_count(MSG_CONTAINED), 0);
    world_pass(3000);
    assert_int_equal(recorder_count(MSG_CONTAINED), 1);
}

static void nobody_is_contained_while_the_log_is_not_read(void **state)
{
    (void)state;
    lock(1);
    world.blind = true;
    world_pass(3600000);
    assert_int_equal(recorder_count(MSG_CONTAINED), 0);
    assert_int_equal(world_incident(1)->state, INCIDENT_RESTARTED);
    lockdown_all_read(world.lockdown, world.tick - 3000001); /* up to just before ContainAfter */
    world_run();
    assert_int_equal(recorder_count(MSG_CONTAINED), 0);
    world.blind = false;
    lockdown_all_read(world.lockdown, world.tick);
    world_run();
    assert_int_equal(recorder_count(MSG_CONTAINED), 1);
}

static void a_leak_from_while_it_was_not_read_keeps_it_from_being_contained(void **state)
{
    (void)state;
    lock(1);
    world_kill();
    world.tick += 3600000;
    world.wall += 3600;
    world.blind = true;
    world_start_behind();
    world_run();
    assert_int_equal(recorder_count(MSG_CONTAINED), 0);
    world_leak(1, 1);
    world.blind = false;
    lockdown_all_read(world.lockdown, world.tick);
    world_run();
    assert_int_equal(recorder_count(MSG_CONTAINED), 0);
    assert_int_equal(world_incident(1)->figures.leaks, 1);
    world_pass(600000);
    assert_int_equal(recorder_count(MSG_CONTAINED), 1);
    recorder_expect(MSG_CONTAINED, 6, L"1");
}

static void while_the_journal_is_closed_sign_ins_are_to_be_told_again(void **state)
{
    (void)state;
    struct held_sign_ins sign_ins = {.sid_size = 28, .leaks = 2, .record = 9999999};
    lock(1);
    world.tick += 1000;
    sign_ins.time = ++world.wall;
    sign_ins.read_at = world.tick;
    world_sid(1, sign_ins.sid);
    memory_store.write_error = ERROR_DISK_FULL;
    assert_false(lockdown_sign_ins(world.lockdown, &sign_ins));
    assert_false(world.told_open);
    assert_false(lockdown_sign_ins(world.lockdown, &sign_ins));
    memory_store.write_error = 0;
    world_pass(60000);
    assert_true(world.told_open);
    assert_true(lockdown_sign_ins(world.lockdown, &sign_ins));
    world_run();
    assert_int_equal(world_incident(1)->figures.leaks, 2);
    struct lockdown_figures figures;
    lockdown_count(world.lockdown, &figures);
    assert_int_equal(figures.leaks, 2);
}

static void a_leak_that_is_read_again_is_no_new_one(void **state)
{
    (void)state;
    lock(1);
    leak(1);
    struct held_sign_ins again = {.sid_size = 28,
                                  .leaks = 1,
                                  .time = world_incident(1)->leak_wall,
                                  .record = world_incident(1)->leak_record,
                                  .read_at = world.tick};
    world_sid(1, again.sid);
    lockdown_sign_ins(world.lockdown, &again);
    world_run();
    assert_int_equal(world_incident(1)->figures.leaks, 1);
    assert_int_equal(world.restarts, 1);
    again.record++; /* the clock was set back, but it is a new one */
    again.time -= 3600;
    lockdown_sign_ins(world.lockdown, &again);
    world_run();
    assert_int_equal(world_incident(1)->figures.leaks, 2);
    assert_int_equal(world.restarts, 2);
}

static void a_leak_that_was_read_before_the_restart_is_answered_by_it(void **state)
{
    (void)state;
    lock(1);
    struct held_sign_ins old = {.sid_size = 28,
                                .leaks = 2,
                                .time = world.wall,
                                .record = 9999999,
                                .read_at = world.tick - 1000};
    world_sid(1, old.sid);
    lockdown_sign_ins(world.lockdown, &old); /* it waited while SMTP was down */
    world_run();
    assert_int_equal(world_incident(1)->figures.leaks, 2);
    assert_int_equal(recorder_count(MSG_LEAK), 0);
    assert_int_equal(world_incident(1)->escalation, ESCALATION_NONE);
}

static void sign_ins_up_to_the_lock_are_counted_for_the_figures(void **state)
{
    (void)state;
    world.directory_error = ERROR_NO_SUCH_DOMAIN;
    world_start();
    world_run();
    world_cross(1);
    world_run();
    struct held_sign_ins sign_ins = {.sid_size = 28, .before = 12, .read_at = world.tick};
    world_sid(1, sign_ins.sid);
    lockdown_sign_ins(world.lockdown, &sign_ins);
    world.directory_error = 0;
    world_pass(600000 + 70000);
    recorder_expect(MSG_CONTAINED, 5, L"12");
    recorder_expect(MSG_CONTAINED, 6, L"0");
}

static void leak_restarts_keep_to_the_cooldown_and_the_bound(void **state)
{
    (void)state;
    world.settings.restart_cooldown = 300;
    lock(1);
    leak(1);
    leak(1);
    assert_int_equal(world.restarts, 1);
    assert_int_equal(world_incident(1)->state, INCIDENT_LOCKED);
    assert_int_equal(recorder_count(MSG_SMTP_RESTART_LATER), 1);
    leak(1); /* the answer is under way */
    assert_int_equal(world_incident(1)->escalation, ESCALATION_RESTARTED);
    world_pass(300000);
    assert_int_equal(world.restarts, 2);
}

static void while_observing_leaks_wait(void **state)
{
    (void)state;
    lock(1);
    lockdown_set_mode(world.lockdown, RESPONSE_OBSERVE);
    leak(1);
    assert_int_equal(recorder_count(MSG_LEAK), 0);
    world_pass(700000);
    assert_int_equal(recorder_count(MSG_CONTAINED), 0);
    lockdown_set_mode(world.lockdown, RESPONSE_FULL);
    world_run();
    assert_int_equal(recorder_count(MSG_LEAK), 1);
}

static void a_new_password_is_believed_once_it_was_contained(void **state)
{
    (void)state;
    world.settings.action = LOCK_PASSWORD;
    lock(1);
    leak(1);
    assert_int_equal(world.looks, 0); /* there is nothing to look at */
    assert_int_equal(recorder_count(MSG_LEAK), 1);
    world_pass(600000);
    assert_int_equal(recorder_count(MSG_CONTAINED), 1);
    leak(1);
    assert_int_equal(world_incident(1)->ending, ENDING_BY_OTHERS);
    assert_int_equal(world.restarts, 1);
}

static void a_password_that_is_of_no_use_lets_it_be_decided_again(void **state)
{
    (void)state;
    world.settings.action = LOCK_PASSWORD;
    lock(1);
    for (int i = 0; i < 3; i++)
        leak(1);
    assert_int_equal(recorder_count(MSG_LEAK_REMAINS), 1);
    leak(1);
    assert_int_equal(world_incident(1)->ending, ENDING_BY_OTHERS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_new_leak_is_answered_by_one_step_more),
        TEST(without_services_the_alert_names_them),
        TEST(a_service_that_cannot_be_restarted_is_told_and_passed_over),
        TEST(a_lock_that_lags_is_set_there_and_smtp_restarted_once_more),
        TEST(a_controller_that_cannot_be_written_to_is_only_looked_at),
        TEST(who_was_enabled_by_somebody_else_is_released_and_nothing_restarted),
        TEST(without_a_look_at_home_nobody_is_locked_anew),
        TEST(when_nobody_can_look_it_goes_on_all_the_same),
        TEST(a_leak_after_it_was_contained_is_watched_again),
        TEST(leaks_put_off_that_it_is_contained),
        TEST(nobody_is_contained_while_the_log_is_not_read),
        TEST(a_leak_from_while_it_was_not_read_keeps_it_from_being_contained),
        TEST(while_the_journal_is_closed_sign_ins_are_to_be_told_again),
        TEST(a_leak_that_is_read_again_is_no_new_one),
        TEST(a_leak_that_was_read_before_the_restart_is_answered_by_it),
        TEST(sign_ins_up_to_the_lock_are_counted_for_the_figures),
        TEST(leak_restarts_keep_to_the_cooldown_and_the_bound),
        TEST(while_observing_leaks_wait),
        TEST(a_new_password_is_believed_once_it_was_contained),
        TEST(a_password_that_is_of_no_use_lets_it_be_decided_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
