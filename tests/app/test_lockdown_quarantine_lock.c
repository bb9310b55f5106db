/* Messages taken out of the queue after a lock, within the restart of SMTP that it brings, and what
 * is said of those that are left. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "app/account_clients.h"
#include "lockdown_world.h"

enum { SEEN = 3 /* messages that are moved before the time is over */ };

static void quarantine_on_lock(void)
{
    world.settings.quarantine_on_lock = true;
    world.settings.quarantine_limit = 500;
}

static void a_lock_takes_out_what_its_clients_brought(void **state)
{
    (void)state;
    quarantine_on_lock();
    world_lock(1);
    assert_int_equal(world.restarts, 1);
    world_expect_queue(0, WORLD_QUEUED);
    assert_int_equal(world.order.why, MANIFEST_BY_LOCK);
    assert_int_equal(world.order.limit, 500);
    assert_int_equal(world.order.selection.kind, SELECT_CLIENTS);
    assert_int_equal(strncmp(world.clients, "User ", 5), 0);
    assert_int_equal(wcscmp(world.order.what, L"CONTOSO\\user01"), 0);
    assert_int_equal(recorder_count(MSG_QUARANTINED), 1);
}

static void several_locks_share_it(void **state)
{
    (void)state;
    quarantine_on_lock();
    world_lock(2);
    assert_int_equal(world.restarts, 1);
    assert_int_equal(wcscmp(world.order.what, L"CONTOSO\\user01, CONTOSO\\user02"), 0);
    world_expect_queue(0, WORLD_QUEUED);
}

/* Their sessions are open meanwhile. */
static void several_locks_share_the_time_for_reading(void **state)
{
    (void)state;
    quarantine_on_lock();
    world.log_takes = ACCOUNT_CLIENTS_PATIENCE - 100;
    world_lock(2);
    assert_int_equal(world.patience, 100);
    world_expect_queue(0, WORLD_QUEUED);
}

static void with_no_time_left_the_log_is_not_read(void **state)
{
    (void)state;
    quarantine_on_lock();
    world.log_takes = UINT32_MAX;
    world_lock(2);
    assert_int_equal(world.patience, 0);
    world_expect_queue(0, WORLD_QUEUED);
}

static void without_smtp_a_lock_takes_them_out_and_smtp_is_not_started(void **state)
{
    (void)state;
    quarantine_on_lock();
    world.smtp_down = true;
    world_lock(2);
    assert_int_equal(wcscmp(world.order.what, L"CONTOSO\\user01, CONTOSO\\user02"), 0);
    assert_int_equal(world.kept, WORLD_QUEUED);
    assert_int_equal(recorder_count(MSG_QUARANTINED), 1);
    assert_int_equal(recorder_count(MSG_SMTP_NOT_RUNNING), 1);
    assert_false(world.taken_while_smtp_ran);
    assert_true(world.smtp_down);
    assert_int_equal(world.restarts, 0);
    assert_int_equal(world_incident(2)->state, INCIDENT_RESTARTED);
}

/* The order to stop came late: SMTP is started, and there is a restart yet. */
static void a_stop_that_may_be_ours_is_not_one_in_which_it_is_done(void **state)
{
    (void)state;
    quarantine_on_lock();
    world_start();
    world_run();
    world.result_forced = true;
    world.outcome = (struct smtp_outcome){
        .result = SMTP_STOP_TIMEOUT, .call = "ControlService", .error = ERROR_TIMEOUT};
    world_cross(1);
    world_run();
    world.result_forced = false;
    world.smtp_down = true;
    world_pass(1000);
    world_expect_queue(WORLD_QUEUED, 0);
    world_pass(world.settings.restart_cooldown * 1000);
    world_expect_queue(0, WORLD_QUEUED);
    assert_int_equal(recorder_count(MSG_QUARANTINED), 1);
}

static void a_persons_restart_is_not_the_one_in_which_it_is_done(void **state)
{
    (void)state;
    quarantine_on_lock();
    world_lock(1);
    world_cross(2);
    world_run();
    assert_int_equal(world_incident(2)->state, INCIDENT_LOCKED);
    world_quarantine(QUARANTINE_GIVE_BACK);
    world_run();
    assert_int_equal(world.restarts, 2);
    recorder_expect(MSG_SMTP_RESTARTED, 2, L"0");
    world_expect_queue(WORLD_QUEUED, 0);
    assert_int_equal(world_incident(2)->state, INCIDENT_LOCKED);
    world_pass(world.settings.restart_cooldown * 1000);
    assert_int_equal(world.restarts, 3);
    assert_int_equal(wcscmp(world.order.what, L"CONTOSO\\user02"), 0);
    world_expect_queue(0, WORLD_QUEUED);
    assert_int_equal(world_incident(2)->state, INCIDENT_RESTARTED);
}

static void smtp_started_by_somebody_else_is_restarted_once_more(void **state)
{
    (void)state;
    quarantine_on_lock();
    world.started_by_others = true;
    world_lock(1);
    assert_int_equal(world.restarts, 1);
    recorder_expect(MSG_SMTP_RESTARTED, 2, L"0");
    world_expect_queue(WORLD_QUEUED, 0);
    assert_int_equal(world_incident(1)->state, INCIDENT_LOCKED);
    world.started_by_others = false;
    world_pass(world.settings.restart_cooldown * 1000);
    assert_int_equal(world.restarts, 2);
    recorder_expect(MSG_SMTP_RESTARTED, 2, L"1");
    world_expect_queue(0, WORLD_QUEUED);
    assert_int_equal(world_incident(1)->state, INCIDENT_RESTARTED);
}

static void smtp_always_started_by_somebody_else_is_given_up(void **state)
{
    (void)state;
    quarantine_on_lock();
    world.settings.give_up_after = 1;
    world.started_by_others = true;
    world_lock(1);
    world_pass(2 * 3600000);
    unsigned restarts = world.restarts;
    assert_int_not_equal(world_incident(1)->state, INCIDENT_LOCKED);
    world_pass(2 * 3600000);
    assert_int_equal(world.restarts, restarts);
    world_expect_queue(WORLD_QUEUED, 0);
}

static void what_a_lock_left_is_said_with_the_command(void **state)
{
    (void)state;
    quarantine_on_lock();
    world.take_most = SEEN;
    world_lock(2);
    recorder_expect(MSG_QUARANTINE_LEFT, 1, L"7");
    recorder_expect(MSG_QUARANTINE_LEFT, 2,
                    L"relaylock queue quarantine --account CONTOSO\\user01");
}

/* Only of accounts that were locked there may be several; and the name of a client is anything. */
static void the_command_that_goes_on_can_be_typed(void **state)
{
    (void)state;
    static const struct {
        enum manifest_why why;
        const wchar_t *what, *command;
    } cases[] = {
        {MANIFEST_BY_SENDER, L"a,b@example.org", L"--sender \"a,b@example.org\""},
        {MANIFEST_BY_SENDER, L"<>", L"--sender \"<>\""},
        {MANIFEST_BY_CLIENT, L"a, b", L"--client \"a, b\""},
        {MANIFEST_BY_CLIENT, L"a\" & calc & \"", L"--client \"a? & calc & ?\""},
        {MANIFEST_BY_ACCOUNT, L"CONTOSO\\bob smith", L"--account \"CONTOSO\\bob smith\""},
        {MANIFEST_BY_LOCK, L"CONTOSO\\bob smith, bob", L"--account \"CONTOSO\\bob smith\""}};
    static const struct quarantine_result result = {.time_over = true};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wchar_t expected[100] = L"relaylock queue quarantine ";
        struct quarantine_order order = {.why = cases[i].why};
        wcscpy(order.what, cases[i].what);
        wcscat(expected, cases[i].command);
        report_quarantine_taken(&order, &result, 1);
        recorder_expect(MSG_QUARANTINE_LEFT, 2, expected);
    }
}

static void the_command_has_a_long_name_whole(void **state)
{
    (void)state;
    enum { LONG = 250 };
    static const struct quarantine_result result = {.time_over = true};
    struct quarantine_order order = {.why = MANIFEST_BY_CLIENT};
    wchar_t expected[LONG + 100] = L"relaylock queue quarantine --client ";
    wmemset(order.what, L'x', LONG);
    wcscat(expected, order.what);
    report_quarantine_taken(&order, &result, 1);
    recorder_expect(MSG_QUARANTINE_LEFT, 2, expected);
}

static void without_the_setting_the_queue_stays(void **state)
{
    (void)state;
    world_lock(1);
    assert_int_equal(world.restarts, 1);
    world_expect_queue(WORLD_QUEUED, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_lock_takes_out_what_its_clients_brought),
        TEST(several_locks_share_it),
        TEST(several_locks_share_the_time_for_reading),
        TEST(with_no_time_left_the_log_is_not_read),
        TEST(without_smtp_a_lock_takes_them_out_and_smtp_is_not_started),
        TEST(a_stop_that_may_be_ours_is_not_one_in_which_it_is_done),
        TEST(a_persons_restart_is_not_the_one_in_which_it_is_done),
        TEST(smtp_started_by_somebody_else_is_restarted_once_more),
        TEST(smtp_always_started_by_somebody_else_is_given_up),
        TEST(what_a_lock_left_is_said_with_the_command),
        TEST(the_command_that_goes_on_can_be_typed),
        TEST(the_command_has_a_long_name_whole),
        TEST(without_the_setting_the_queue_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
