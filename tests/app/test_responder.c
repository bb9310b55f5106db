/* The responder on a small world that keeps state: accounts that are enabled, disabled or marked, a
 * directory that may be away or hang, an SMTP service that counts its restarts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/responder.h"
#include "report_recorder.h"

enum { ACCOUNTS = 128, PATIENCE = 8000 };

static struct {
    bool disabled[ACCOUNTS], marked[ACCOUNTS], last_admin[ACCOUNTS];
    volatile LONG directory_error; /* of every call; 0: it answers */
    volatile LONG lock_calls;
    HANDLE gate; /* account_lock waits for this; set: it does not */
    HANDLE at_gate;
    volatile LONG restarts;
    volatile LONG restart_failures; /* so many fail first */
    struct smtp_outcome outcome;    /* of the others */
    bool stop_slow, start_fails;
    HANDLE restart_gate;
    HANDLE at_restart;
    volatile LONG tick_offset;
    HANDLE stop, done;
    struct responder *responder;
    struct settings settings;
    volatile LONG waited;
} world;

static struct account_outcome failed(DWORD error)
{
    return (struct account_outcome){
        .result = ACCOUNT_FAILED, .call = "NetUserSetInfo", .error = error};
}

static void fake_lock(const uint8_t *sid, size_t size, enum lock_action action,
                      const struct account_intent *intent, struct account_outcome *outcome)
{
    (void)intent;
    uint8_t who = sid[size - 1];
    InterlockedIncrement(&world.lock_calls);
    SetEvent(world.at_gate);
    WaitForSingleObject(world.gate, INFINITE);
    *outcome = (struct account_outcome){.result = ACCOUNT_LOCKED};
    text_copy(outcome->name, UNLEN + 1, TEXT_OF(u"carol"));
    if (world.directory_error)
        *outcome = failed((DWORD)world.directory_error);
    else if (action == LOCK_FLAG)
        world.marked[who] = true;
    else if (world.disabled[who])
        outcome->result = ACCOUNT_ALREADY;
    else if (world.last_admin[who])
        outcome->result = ACCOUNT_LAST_ADMIN;
    else
        world.disabled[who] = true;
}

static DWORD fake_look(const uint8_t *sid, size_t size, enum account_place place,
                       struct account_view *view, const char **call)
{
    assert_int_equal(place, ACCOUNT_WRITABLE);
    if (world.directory_error) {
        *call = "NetUserGetInfo";
        return (DWORD)world.directory_error;
    }
    *view = (struct account_view){.disabled = world.disabled[sid[size - 1]]};
    return ERROR_SUCCESS;
}

static void fake_restart(const struct smtp_options *options, struct smtp_outcome *outcome)
{
    *outcome = world.outcome;
    SetEvent(world.at_restart);
    WaitForSingleObject(world.restart_gate, INFINITE);
    if (world.restart_failures > 0) {
        InterlockedDecrement(&world.restart_failures);
        *outcome = (struct smtp_outcome){
            .result = SMTP_FAILED, .call = "OpenService", .error = ERROR_ACCESS_DENIED};
        return;
    }
    if (world.stop_slow)
        options->step(options->context, SMTP_STEP_STOP_TIMEOUT, outcome);
    for (int i = 0; world.start_fails && i < 3; i++)
        options->step(options->context, SMTP_STEP_START_FAILED, outcome);
    InterlockedIncrement(&world.restarts);
}

static DWORD WINAPI fake_tick(void)
{
    return GetTickCount() + (DWORD)world.tick_offset;
}

static int set_up(void **state)
{
    (void)state;
    memset(&world, 0, sizeof world);
    recorder_start();
    responder_calls = (struct responder_calls){.account_lock = fake_lock,
                                               .account_look = fake_look,
                                               .smtp_restart = fake_restart,
                                               .GetTickCount = fake_tick};
    world.gate = CreateEventW(NULL, TRUE, TRUE, NULL);
    world.at_gate = CreateEventW(NULL, FALSE, FALSE, NULL);
    world.restart_gate = CreateEventW(NULL, TRUE, TRUE, NULL);
    world.at_restart = CreateEventW(NULL, FALSE, FALSE, NULL);
    world.stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    world.done = CreateEventW(NULL, FALSE, FALSE, NULL);
    settings_defaults(&world.settings);
    world.settings.restart_cooldown = 0;
    return 0;
}

static void start(void)
{
    assert_int_equal(responder_start(&world.settings, world.stop, world.done, &world.responder), 0);
}

static void count_waiting(void *context)
{
    (void)context;
    InterlockedIncrement(&world.waited);
}

static bool stop(void)
{
    SetEvent(world.stop);
    return responder_stop(world.responder, count_waiting, NULL);
}

static struct order order_for(uint8_t who, enum order_kind kind)
{
    struct order order = {.kind = kind,
                          .sid_size = 4,
                          .sid = {1, 2, 3, who},
                          .action = LOCK_DISABLE,
                          .limit = {LIMIT_SIGN_INS, 50, 600},
                          .read_at = fake_tick()};
    text_copy(order.account, ACCOUNT_SHOWN_MAX, TEXT_OF(u"CONTOSO\\carol"));
    return order;
}

static void post(uint8_t who, enum order_kind kind)
{
    struct order order = order_for(who, kind);
    assert_true(responder_post(world.responder, &order));
}

/* The event may still be set from an order that was taken already. */
static struct order_report taken(void)
{
    struct order_report report;
    while (!responder_take(world.responder, &report))
        assert_int_equal(WaitForSingleObject(world.done, PATIENCE), WAIT_OBJECT_0);
    return report;
}

static bool restarts_reach(LONG count)
{
    for (int i = 0; i < PATIENCE / 10 && world.restarts < count; i++)
        Sleep(10);
    return world.restarts == count;
}

static void a_lock_disables_and_then_restarts_smtp_once(void **state)
{
    (void)state;
    start();
    post(7, ORDER_LOCK);
    struct order_report report = taken();
    assert_int_equal(report.result, ORDER_DONE);
    assert_int_equal(report.order.sid[3], 7);
    assert_true(world.disabled[7]);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_DISABLED), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_DISABLED, 0), L"CONTOSO\\carol"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_DISABLED, 4), L"50/10m"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_DISABLED, 5), L"net user \"carol\" /active:yes"),
                     0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_SMTP_RESTARTED, 2), L"1"), 0);
    assert_true(stop());
    assert_int_equal(world.restarts, 1);
}

static void locks_that_wait_together_share_one_restart(void **state)
{
    (void)state;
    ResetEvent(world.gate);
    start();
    post(1, ORDER_LOCK);
    assert_int_equal(WaitForSingleObject(world.at_gate, PATIENCE), WAIT_OBJECT_0);
    post(2, ORDER_LOCK);
    post(3, ORDER_LOCK);
    SetEvent(world.gate);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_true(world.disabled[1] && world.disabled[2] && world.disabled[3]);
    assert_int_equal(lstrcmpW(recorder_string(MSG_SMTP_RESTARTED, 2), L"3"), 0);
    assert_true(stop());
    assert_int_equal(world.restarts, 1);
}

static void within_the_cooldown_one_more_restart_comes_at_its_end(void **state)
{
    (void)state;
    world.settings.restart_cooldown = 300;
    start();
    post(1, ORDER_LOCK);
    assert_true(restarts_reach(1));
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    post(2, ORDER_LOCK);
    assert_true(recorder_wait(MSG_SMTP_RESTART_LATER, 1, PATIENCE));
    post(3, ORDER_LOCK);
    assert_true(recorder_wait(MSG_DISABLED, 3, PATIENCE));
    Sleep(200);
    assert_int_equal(world.restarts, 1);
    InterlockedExchange(&world.tick_offset, 299000);
    responder_configure(world.responder, &world.settings);
    Sleep(200);
    assert_int_equal(world.restarts, 1);
    InterlockedExchange(&world.tick_offset, 301000);
    responder_configure(world.responder, &world.settings);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 2, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_SMTP_RESTARTED, 2), L"2"), 0);
    assert_true(stop());
    assert_int_equal(recorder_count(MSG_SMTP_RESTART_LATER), 1);
    assert_int_equal(world.restarts, 2);
}

static void a_lock_that_fails_is_tried_again_and_told_once(void **state)
{
    (void)state;
    world.directory_error = ERROR_NO_SUCH_DOMAIN;
    start();
    post(5, ORDER_LOCK);
    for (int i = 0; i < PATIENCE / 10 && world.lock_calls < 3; i++)
        Sleep(10); /* after 1 s and 2 s more */
    assert_in_range(world.lock_calls, 3, 4);
    assert_int_equal(world.restarts, 0);
    assert_int_equal(recorder_count(MSG_LOCK_FAILED), 1);
    InterlockedExchange(&world.directory_error, 0);
    InterlockedExchange(&world.tick_offset, 60000);
    responder_configure(world.responder, &world.settings);
    assert_int_equal(taken().result, ORDER_DONE);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_LOCK_FAILED), 1);
    assert_true(stop());
}

static void after_a_day_it_is_given_up_and_said(void **state)
{
    (void)state;
    world.directory_error = ERROR_ACCESS_DENIED;
    start();
    post(5, ORDER_LOCK);
    assert_true(recorder_wait(MSG_LOCK_FAILED, 1, PATIENCE));
    InterlockedExchange(&world.tick_offset, ORDER_QUEUE_GIVE_UP + 1000);
    responder_configure(world.responder, &world.settings);
    assert_int_equal(taken().result, ORDER_GIVEN_UP);
    assert_int_equal(recorder_count(MSG_LOCK_GIVEN_UP), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_LOCK_GIVEN_UP, 1), L"2"), 0);
    assert_true(stop());
    assert_int_equal(recorder_count(MSG_STOPPED_UNFINISHED), 0);
    assert_int_equal(world.restarts, 0);
}

static void an_account_that_is_disabled_already_restarts_nothing(void **state)
{
    (void)state;
    world.disabled[9] = true;
    start();
    post(9, ORDER_LOCK);
    assert_int_equal(taken().result, ORDER_ALREADY);
    assert_true(recorder_wait(MSG_ALREADY_DISABLED, 1, PATIENCE));
    assert_true(stop());
    assert_int_equal(world.restarts, 0);
    assert_int_equal(recorder_count(MSG_DISABLED), 0);
}

static void the_last_administrator_is_marked_and_not_locked(void **state)
{
    (void)state;
    world.last_admin[4] = true;
    start();
    post(4, ORDER_LOCK);
    assert_int_equal(taken().result, ORDER_REFUSED);
    assert_true(recorder_wait(MSG_MARKED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_LAST_ADMIN), 1);
    assert_true(world.marked[4]);
    assert_false(world.disabled[4]);
    assert_true(stop());
    assert_int_equal(world.restarts, 0);
}

static void a_mark_restarts_nothing_and_hands_nothing_back(void **state)
{
    (void)state;
    start();
    post(4, ORDER_MARK);
    assert_true(recorder_wait(MSG_MARKED, 1, PATIENCE));
    assert_true(stop());
    assert_int_equal(world.restarts, 0);
    assert_int_equal(WaitForSingleObject(world.done, 0), WAIT_TIMEOUT);
}

static void a_mark_that_fails_is_not_tried_again(void **state)
{
    (void)state;
    world.directory_error = ERROR_BUFFER_OVERFLOW;
    start();
    post(4, ORDER_MARK);
    assert_true(recorder_wait(MSG_MARK_FAILED, 1, PATIENCE));
    Sleep(1500);
    assert_int_equal(world.lock_calls, 1);
    assert_true(stop());
    assert_int_equal(recorder_count(MSG_LOCK_FAILED), 0);
}

static void when_observing_begins_what_waits_is_given_up(void **state)
{
    (void)state;
    world.directory_error = ERROR_NO_SUCH_DOMAIN;
    start();
    post(1, ORDER_LOCK);
    assert_true(recorder_wait(MSG_LOCK_FAILED, 1, PATIENCE)); /* it waits for its next try */
    post(2, ORDER_MARK);
    assert_true(recorder_wait(MSG_MARK_FAILED, 1, PATIENCE));
    responder_observe(world.responder, true);
    assert_int_equal(taken().result, ORDER_GIVEN_UP);
    InterlockedExchange(&world.directory_error, 0);
    Sleep(1500);
    assert_false(world.disabled[1]);
    LONG calls = world.lock_calls;
    post(1, ORDER_LOCK); /* decided just before the pause */
    assert_int_equal(taken().result, ORDER_GIVEN_UP);
    post(2, ORDER_MARK);
    Sleep(300);
    assert_int_equal(world.lock_calls, calls);
    assert_false(world.marked[2]);
    responder_observe(world.responder, false);
    post(1, ORDER_LOCK);
    assert_int_equal(taken().result, ORDER_DONE);
    assert_true(stop());
}

static void a_restart_that_is_due_waits_while_observing(void **state)
{
    (void)state;
    ResetEvent(world.gate);
    start();
    post(1, ORDER_LOCK);
    assert_int_equal(WaitForSingleObject(world.at_gate, PATIENCE), WAIT_OBJECT_0);
    responder_observe(world.responder, true);
    SetEvent(world.gate); /* what had begun is finished */
    assert_int_equal(taken().result, ORDER_DONE);
    Sleep(300);
    assert_int_equal(world.restarts, 0);
    responder_observe(world.responder, false);
    assert_true(restarts_reach(1));
    assert_true(stop());
}

static void a_restart_that_settings_no_longer_want_is_dropped(void **state)
{
    (void)state;
    world.settings.restart_cooldown = 300;
    start();
    post(1, ORDER_LOCK);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    post(2, ORDER_LOCK);
    assert_true(recorder_wait(MSG_SMTP_RESTART_LATER, 1, PATIENCE));
    world.settings.restart_smtp = false;
    InterlockedExchange(&world.tick_offset, 301000);
    responder_configure(world.responder, &world.settings);
    Sleep(300);
    assert_true(stop());
    assert_int_equal(world.restarts, 1);
    assert_int_equal(recorder_count(MSG_STOPPED_UNFINISHED), 0);
}

static void a_lock_that_was_written_but_not_read_back_restarts_smtp(void **state)
{
    (void)state;
    world.directory_error = RPC_S_SERVER_UNAVAILABLE;
    start();
    post(1, ORDER_LOCK);
    assert_true(recorder_wait(MSG_LOCK_FAILED, 1, PATIENCE));
    world.disabled[1] = true; /* the write had come through */
    InterlockedExchange(&world.directory_error, 0);
    assert_int_equal(taken().result, ORDER_DONE);
    assert_true(restarts_reach(1));
    assert_true(stop());
    assert_int_equal(recorder_count(MSG_ALREADY_DISABLED), 0);
}

static void an_order_keeps_the_action_it_was_decided_with(void **state)
{
    (void)state;
    world.directory_error = ERROR_NO_SUCH_DOMAIN;
    start();
    post(1, ORDER_LOCK);
    assert_true(recorder_wait(MSG_LOCK_FAILED, 1, PATIENCE));
    world.settings.action = LOCK_FLAG;
    responder_configure(world.responder, &world.settings);
    InterlockedExchange(&world.directory_error, 0);
    assert_int_equal(taken().result, ORDER_DONE);
    assert_true(world.disabled[1]);
    assert_true(stop());
}

static void a_restart_that_did_not_happen_starts_no_cooldown(void **state)
{
    (void)state;
    world.settings.restart_cooldown = 300;
    world.outcome.result = SMTP_NOT_RUNNING;
    start();
    post(1, ORDER_LOCK);
    assert_true(recorder_wait(MSG_SMTP_NOT_RUNNING, 1, PATIENCE));
    world.outcome.result = SMTP_RESTARTED;
    post(2, ORDER_LOCK);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_SMTP_RESTART_LATER), 0);
    assert_true(stop());
}

static void smtp_that_an_operator_has_in_hand_is_looked_at_again(void **state)
{
    (void)state;
    world.outcome.result = SMTP_OPERATOR;
    start();
    post(1, ORDER_LOCK);
    assert_true(recorder_wait(MSG_SMTP_OPERATOR, 1, PATIENCE));
    assert_true(restarts_reach(2));
    world.outcome.result = SMTP_RESTARTED;
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_SMTP_OPERATOR), 1);
    assert_true(stop());
}

static void locks_come_before_checks_and_marks(void **state)
{
    (void)state;
    ResetEvent(world.gate);
    start();
    post(1, ORDER_LOCK);
    assert_int_equal(WaitForSingleObject(world.at_gate, PATIENCE), WAIT_OBJECT_0);
    post(2, ORDER_MARK);
    post(3, ORDER_LOCK);
    SetEvent(world.gate);
    assert_true(recorder_wait(MSG_MARKED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_DISABLED), 2);
    assert_int_equal(recorder_count(MSG_SMTP_RESTARTED), 1);
    assert_true(stop());
}

static void smtp_is_left_alone_if_the_settings_say_so(void **state)
{
    (void)state;
    world.settings.restart_smtp = false;
    start();
    post(1, ORDER_LOCK);
    assert_int_equal(taken().result, ORDER_DONE);
    Sleep(200);
    assert_true(stop());
    assert_int_equal(world.restarts, 0);
}

static void a_check_tells_enabled_from_disabled_and_unknown(void **state)
{
    (void)state;
    world.disabled[2] = true;
    start();
    post(1, ORDER_CHECK);
    assert_int_equal(taken().result, ORDER_ENABLED);
    post(2, ORDER_CHECK);
    assert_int_equal(taken().result, ORDER_DISABLED);
    world.directory_error = ERROR_NO_SUCH_DOMAIN;
    post(1, ORDER_CHECK);
    assert_int_equal(taken().result, ORDER_DISABLED);
    assert_true(stop());
    assert_int_equal(world.lock_calls, 0);
}

static void it_holds_a_stated_number_of_orders(void **state)
{
    (void)state;
    struct order order = order_for(100, ORDER_LOCK);
    struct order mark = order_for(101, ORDER_MARK);
    ResetEvent(world.gate);
    start();
    post(0, ORDER_LOCK);
    assert_int_equal(WaitForSingleObject(world.at_gate, PATIENCE), WAIT_OBJECT_0);
    for (uint8_t i = 0; i < ORDER_QUEUE_OTHERS; i++)
        post(i, ORDER_MARK);
    assert_false(responder_post(world.responder, &mark)); /* the rest is for locks */
    for (uint8_t i = 1; i < ORDER_QUEUE_JOBS - ORDER_QUEUE_OTHERS; i++)
        post(i, ORDER_LOCK);
    assert_false(responder_post(world.responder, &order));
    SetEvent(world.gate);
    assert_true(recorder_wait(MSG_DISABLED, ORDER_QUEUE_JOBS - ORDER_QUEUE_OTHERS, PATIENCE));
    assert_true(responder_post(world.responder, &order));
    assert_true(recorder_wait(MSG_DISABLED, ORDER_QUEUE_JOBS - ORDER_QUEUE_OTHERS + 1, PATIENCE));
    assert_true(stop());
}

static void a_hanging_directory_does_not_hold_up_the_stop(void **state)
{
    (void)state;
    ResetEvent(world.gate);
    start();
    post(1, ORDER_LOCK);
    post(2, ORDER_LOCK);
    assert_int_equal(WaitForSingleObject(world.at_gate, PATIENCE), WAIT_OBJECT_0);
    DWORD begun = GetTickCount();
    assert_false(stop());
    assert_in_range(GetTickCount() - begun, 0, 2900);
    assert_int_equal(recorder_count(MSG_STOPPED_UNFINISHED), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STOPPED_UNFINISHED, 0), L"2"), 0);
    SetEvent(world.gate);
    Sleep(100); /* the thread left behind ends before the next test sets the world anew */
}

enum { OPEN_LATER = 4000 }; /* ms */

static DWORD WINAPI open_later(LPVOID gate)
{
    Sleep(OPEN_LATER);
    SetEvent(gate);
    return 0;
}

static void a_restart_that_has_begun_is_finished_before_the_stop(void **state)
{
    (void)state;
    ResetEvent(world.restart_gate);
    start();
    post(1, ORDER_LOCK);
    assert_int_equal(WaitForSingleObject(world.at_restart, PATIENCE), WAIT_OBJECT_0);
    /* Longer than a hanging call would be waited for. */
    HANDLE opener = CreateThread(NULL, 0, open_later, world.restart_gate, 0, NULL);
    assert_non_null(opener);
    DWORD begun = GetTickCount();
    assert_true(stop());
    assert_int_equal(world.restarts, 1);
    assert_int_equal(recorder_count(MSG_SMTP_RESTARTED), 1);
    assert_int_equal(recorder_count(MSG_STOPPED_UNFINISHED), 0);
    assert_in_range(GetTickCount() - begun, OPEN_LATER - 500, OPEN_LATER + 2000);
    assert_in_range(world.waited, OPEN_LATER / 1000, 100);
    CloseHandle(opener);
}

static void a_restart_that_fails_is_tried_again_and_told_once(void **state)
{
    (void)state;
    world.restart_failures = 2;
    start();
    post(1, ORDER_LOCK);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE)); /* after 1 s and 2 s more */
    assert_int_equal(recorder_count(MSG_SMTP_RESTART_FAILED), 1);
    assert_true(stop());
}

static void every_outcome_of_a_restart_has_its_event(void **state)
{
    (void)state;
    static const struct {
        enum smtp_result result;
        DWORD id;
    } cases[] = {{SMTP_RESTARTED, MSG_SMTP_RESTARTED},
                 {SMTP_NOT_RUNNING, MSG_SMTP_NOT_RUNNING},
                 {SMTP_OPERATOR, MSG_SMTP_OPERATOR},
                 {SMTP_DEPENDENT_LEFT, MSG_SMTP_DEPENDENT_LEFT},
                 {SMTP_STOP_TIMEOUT, MSG_SMTP_RESTART_FAILED},
                 {SMTP_FAILED, MSG_SMTP_RESTART_FAILED},
                 {SMTP_LEFT_STOPPED, MSG_SMTP_LEFT_STOPPED}};
    for (uint8_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        recorder_start();
        world.outcome =
            (struct smtp_outcome){.result = cases[i].result, .call = "StartService", .error = 1058};
        start();
        post(i, ORDER_LOCK);
        assert_true(recorder_wait(cases[i].id, 1, PATIENCE));
        assert_true(stop());
        ResetEvent(world.stop);
    }
}

static void slow_stops_and_failed_starts_are_told_once_a_restart(void **state)
{
    (void)state;
    world.stop_slow = world.start_fails = true;
    world.outcome.call = "StartService";
    start();
    post(1, ORDER_LOCK);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_SMTP_STOP_SLOW), 1);
    assert_int_equal(recorder_count(MSG_SMTP_START_FAILED), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_SMTP_STOP_SLOW, 1), L"120"), 0);
    assert_true(stop());
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_lock_disables_and_then_restarts_smtp_once),
        TEST(locks_that_wait_together_share_one_restart),
        TEST(within_the_cooldown_one_more_restart_comes_at_its_end),
        TEST(a_lock_that_fails_is_tried_again_and_told_once),
        TEST(after_a_day_it_is_given_up_and_said),
        TEST(an_account_that_is_disabled_already_restarts_nothing),
        TEST(the_last_administrator_is_marked_and_not_locked),
        TEST(a_mark_restarts_nothing_and_hands_nothing_back),
        TEST(a_mark_that_fails_is_not_tried_again),
        TEST(when_observing_begins_what_waits_is_given_up),
        TEST(a_restart_that_is_due_waits_while_observing),
        TEST(a_restart_that_settings_no_longer_want_is_dropped),
        TEST(a_lock_that_was_written_but_not_read_back_restarts_smtp),
        TEST(an_order_keeps_the_action_it_was_decided_with),
        TEST(a_restart_that_did_not_happen_starts_no_cooldown),
        TEST(smtp_that_an_operator_has_in_hand_is_looked_at_again),
        TEST(locks_come_before_checks_and_marks),
        TEST(smtp_is_left_alone_if_the_settings_say_so),
        TEST(a_check_tells_enabled_from_disabled_and_unknown),
        TEST(it_holds_a_stated_number_of_orders),
        TEST(a_hanging_directory_does_not_hold_up_the_stop),
        TEST(a_restart_that_has_begun_is_finished_before_the_stop),
        TEST(a_restart_that_fails_is_tried_again_and_told_once),
        TEST(every_outcome_of_a_restart_has_its_event),
        TEST(slow_stops_and_failed_starts_are_told_once_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
