/* test_smtp_service.c: restarting SMTP, against a service control manager in memory. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "windows/smtp_service.h"
#include "smtp_scene.h"

enum { STEPS_MAX = 64 };

static enum smtp_step steps[STEPS_MAX];
static size_t step_count;
static struct smtp_outcome outcome;

static void record_step(void *context, enum smtp_step step, const struct smtp_outcome *so_far)
{
    assert_ptr_equal(context, &outcome);
    assert_ptr_equal(so_far, &outcome);
    assert_true(step_count < STEPS_MAX);
    steps[step_count++] = step;
}

static size_t steps_of(enum smtp_step step)
{
    size_t count = 0;

    for (size_t i = 0; i < step_count; i++)
        count += steps[i] == step;
    return count;
}

/* Restarts SMTPSVC; whatever comes of it, no handle stays open. */
static enum smtp_result restart(void)
{
    struct smtp_options options = {.service = L"SMTPSVC",
                                   .stop_timeout = 120000,
                                   .abandon = fake_services_abandon(),
                                   .step = record_step,
                                   .context = &outcome};

    step_count = 0;
    memset(&outcome, 0xCC, sizeof(outcome));
    smtp_restart(&options, &outcome);
    assert_int_equal(fake_services_open_handles(), 0);
    return outcome.result;
}

static void restarts_a_service_that_runs(void **state)
{
    (void)state;
    scene_smtp();
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
    assert_int_equal(smtp->stops, 1);
    assert_int_equal(smtp->starts, 1);
    assert_int_equal(outcome.start_tries, 1);
    assert_null(outcome.call);
    const enum smtp_step expected[] = {SMTP_STEP_STOPPING, SMTP_STEP_STOPPED, SMTP_STEP_STARTING,
                                       SMTP_STEP_RUNNING};
    assert_int_equal(step_count, ARRAYSIZE(expected));
    assert_memory_equal(steps, expected, sizeof(expected));
}

static void down_is_measured_from_the_order_to_running(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_time = 7000;
    smtp->start_time = 3000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_in_range(outcome.down, 10000, 11000);
}

static void clock_may_wrap_meanwhile(void **state)
{
    (void)state;
    fake_services_reset(0xFFFFF000);
    smtp = fake_services_add(L"SMTPSVC");
    smtp->stop_time = 7000;
    smtp->start_time = 3000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_in_range(outcome.down, 10000, 11000);
    assert_int_equal(steps_of(SMTP_STEP_STOP_TIMEOUT), 0);
}

static void dependents_stop_in_order_and_start_in_reverse(void **state)
{
    (void)state;
    scene_dependents();
    first->stop_time = second->stop_time = smtp->stop_time = 2000;
    first->start_time = second->start_time = smtp->start_time = 1000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    scene_assert_all_run();
    assert_true(second->stopped_at < first->stopped_at);
    assert_true(first->stopped_at < smtp->stopped_at);
    assert_true(smtp->started_at < first->started_at);
    assert_true(first->started_at < second->started_at);
}

static void dependents_that_were_stopped_stay_so(void **state)
{
    (void)state;
    scene_dependents();
    second->state = SERVICE_STOPPED;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(second->state, SERVICE_STOPPED);
    assert_int_equal(second->starts, 0);
    assert_int_equal(first->state, SERVICE_RUNNING);
    assert_int_equal(first->starts, 1);
}

static void service_that_was_stopped_stays_so(void **state)
{
    (void)state;
    scene_smtp();
    smtp->state = SERVICE_STOPPED;
    assert_int_equal(restart(), SMTP_NOT_RUNNING);
    assert_int_equal(smtp->starts, 0);
    assert_int_equal(step_count, 0);
}

static void operators_doing_is_left_alone(void **state)
{
    static const DWORD states[] = {SERVICE_START_PENDING, SERVICE_STOP_PENDING,
                                   SERVICE_PAUSE_PENDING, SERVICE_CONTINUE_PENDING, SERVICE_PAUSED};
    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(states); i++) {
        scene_dependents();
        smtp->state = states[i];
        smtp->stop_hangs = smtp->start_hangs = true;
        assert_int_equal(restart(), SMTP_OPERATOR);
        assert_int_equal(smtp->state, states[i]);
        assert_int_equal(smtp->stops + first->stops + second->stops, 0);
    }
}

static void restart_not_begun_is_not_begun_on_stop(void **state)
{
    (void)state;
    scene_dependents();
    fake_services_abandon_after(0);
    assert_int_equal(restart(), SMTP_FAILED);
    assert_int_equal(outcome.error, ERROR_CANCELLED);
    assert_int_equal(smtp->stops + first->stops + second->stops, 0);

    scene_dependents();
    fake_services_abandon_after(7); /* they are open by then */
    assert_int_equal(restart(), SMTP_FAILED);
    assert_int_equal(outcome.error, ERROR_CANCELLED);
    assert_int_equal(smtp->stops + first->stops + second->stops, 0);

    scene_smtp();
    fake_services_abandon_after(4); /* it is open by then */
    assert_int_equal(restart(), SMTP_FAILED);
    assert_int_equal(outcome.error, ERROR_CANCELLED);
    assert_int_equal(smtp->stops, 0);
}

static void restart_begun_is_finished_on_stop(void **state)
{
    (void)state;
    for (DWORD ms = 9; ms < 30000; ms += 313) {
        scene_dependents();
        second->stop_time = first->stop_time = smtp->stop_time = 5000;
        second->start_time = first->start_time = smtp->start_time = 4000;
        fake_services_abandon_after(ms);
        assert_int_equal(restart(), SMTP_RESTARTED);
        scene_assert_all_run();
    }
}

static void slow_stop_is_waited_for_and_told_once(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_time = 300000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
    assert_int_equal(steps_of(SMTP_STEP_STOP_TIMEOUT), 1);
    assert_in_range(outcome.down, 300000, 312000);
}

static void stop_within_the_limit_is_not_told(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_time = 115000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(steps_of(SMTP_STEP_STOP_TIMEOUT), 0);
}

static void hanging_stop_is_given_up_only_when_abandoned(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_hangs = true;
    fake_services_abandon_after(2000000);
    assert_int_equal(restart(), SMTP_STOP_TIMEOUT);
    assert_in_range(fake_services_now(), 2001000, 2003000);
    assert_string_equal(outcome.call, "ControlService");
    assert_int_equal(outcome.error, ERROR_SERVICE_REQUEST_TIMEOUT);
    assert_int_equal(smtp->state, SERVICE_STOP_PENDING);
}

static void abandoned_stop_still_has_its_limit(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_hangs = true;
    fake_services_abandon_after(500);
    assert_int_equal(restart(), SMTP_STOP_TIMEOUT);
    assert_in_range(fake_services_now(), 121000, 133000);
}

static void order_that_is_never_followed_is_lost(void **state)
{
    (void)state;
    scene_dependents();
    smtp->stop_ignored = true;
    second->start_failures = SMTP_DEPENDENT_TRIES;
    second->start_error = ERROR_SERVICE_LOGON_FAILED;
    assert_int_equal(restart(), SMTP_STOP_TIMEOUT);
    assert_int_equal(wcscmp(outcome.name, L"SMTPSVC"), 0);
    assert_int_equal(outcome.error, ERROR_SERVICE_REQUEST_TIMEOUT);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
    assert_int_equal(first->state, SERVICE_RUNNING);
    assert_in_range(fake_services_now(), SMTP_ORDER_LOST, SMTP_ORDER_LOST + 20000);
}

static void order_that_a_dependent_never_follows_may_come_late(void **state)
{
    (void)state;
    scene_dependents();
    first->stop_ignored = true;
    assert_int_equal(restart(), SMTP_STOP_TIMEOUT);
    assert_int_equal(wcscmp(outcome.name, L"First"), 0);
    assert_int_equal(outcome.error, ERROR_SERVICE_REQUEST_TIMEOUT);
    assert_int_equal(smtp->stops, 0);
    scene_assert_all_run();

    scene_dependents();
    first->stop_ignored = true;
    fake_services_abandon_after(500);
    assert_int_equal(restart(), SMTP_STOP_TIMEOUT);
    scene_assert_all_run();
}

static void handler_over_30_s_is_an_order_taken(void **state)
{
    (void)state;
    scene_smtp();
    smtp->handler_time = 45000;
    smtp->stop_time = 60000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
    assert_int_equal(smtp->stops, 1);
}

static void slow_handler_of_a_service_that_still_runs_is_an_order_taken(void **state)
{
    (void)state;
    scene_smtp();
    smtp->handler_time = 45000;
    smtp->stop_notice = 40000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(smtp->stops, 1);
    assert_int_equal(smtp->starts, 1);
}

static void service_that_begins_to_stop_late_is_waited_for(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_notice = 20000;
    smtp->stop_time = 2000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(smtp->starts, 1);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
}

static void start_is_tried_again_with_growing_pauses(void **state)
{
    static const DWORD errors[] = {
        ERROR_SERVICE_MARKED_FOR_DELETE, ERROR_SERVICE_DISABLED, ERROR_SERVICE_LOGON_FAILED,
        ERROR_SERVICE_DATABASE_LOCKED,   ERROR_FILE_NOT_FOUND,   RPC_S_SERVER_UNAVAILABLE};
    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(errors); i++) {
        scene_smtp();
        smtp->start_failures = 4;
        smtp->start_error = errors[i];
        assert_int_equal(restart(), SMTP_RESTARTED);
        assert_int_equal(smtp->state, SERVICE_RUNNING);
        assert_int_equal(outcome.start_tries, 5);
        assert_int_equal(outcome.error, errors[i]);
        assert_string_equal(outcome.call, "StartService");
        assert_int_equal(steps_of(SMTP_STEP_START_FAILED), 4);
        assert_in_range(outcome.down, 15000, 15500); /* 1 + 2 + 4 + 8 s */
    }
}

static void pauses_grow_to_a_minute(void **state)
{
    (void)state;
    scene_smtp();
    smtp->start_failures = 12;
    smtp->start_error = ERROR_SERVICE_DISABLED;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_in_range(outcome.down, 63000 + 6 * 60000, 63000 + 6 * 60000 + 1000);
}

static void death_while_starting_is_a_failed_try(void **state)
{
    (void)state;
    scene_smtp();
    smtp->start_deaths = 2;
    smtp->start_time = 500;
    smtp->death_code = ERROR_SERVICE_SPECIFIC_ERROR;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(smtp->starts, 3);
    assert_int_equal(outcome.start_tries, 3);
    assert_int_equal(outcome.error, ERROR_SERVICE_SPECIFIC_ERROR);
}

static void death_without_a_code_is_named_all_the_same(void **state)
{
    (void)state;
    scene_smtp();
    smtp->start_deaths = 1;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(outcome.error, ERROR_PROCESS_ABORTED);
}

static void slow_start_with_checkpoints_is_waited_for(void **state)
{
    (void)state;
    scene_smtp();
    smtp->start_time = 400000;
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(outcome.start_tries, 1);
    assert_int_equal(steps_of(SMTP_STEP_START_FAILED), 0);
}

static void release(void *context)
{
    ((struct fake_service *)context)->start_hangs = false;
}

static void hanging_start_is_told_and_waited_for(void **state)
{
    (void)state;
    scene_smtp();
    smtp->start_hangs = true;
    fake_services_after(300000, release, smtp);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(smtp->starts, 1);
    assert_int_equal(steps_of(SMTP_STEP_START_FAILED), 2);
    assert_int_equal(outcome.error, ERROR_SERVICE_REQUEST_TIMEOUT);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
}

static void start_is_given_up_five_tries_after_abandon(void **state)
{
    (void)state;
    scene_dependents();
    smtp->start_failures = 100000;
    smtp->start_error = ERROR_SERVICE_DISABLED;
    fake_services_abandon_after(200000);
    assert_int_equal(restart(), SMTP_LEFT_STOPPED);
    assert_in_range(fake_services_now(), 204000, 207000);
    assert_string_equal(outcome.call, "StartService");
    assert_int_equal(outcome.error, ERROR_SERVICE_DISABLED);
    assert_int_equal(wcscmp(outcome.name, L"SMTPSVC"), 0);
}

static void each_try_to_start_opens_all_anew(void **state)
{
    (void)state;
    scene_smtp();
    smtp->start_failures = 1;
    smtp->start_error = RPC_S_CALL_FAILED;
    fake_services_fail_named("OpenSCManager", 1, 1, RPC_S_SERVER_UNAVAILABLE);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(outcome.start_tries, 3);
    assert_string_equal(outcome.call, "OpenSCManager");
    assert_int_equal(outcome.error, RPC_S_SERVER_UNAVAILABLE);
}

static void operator_starting_it_first_is_no_failure(void **state)
{
    (void)state;
    for (DWORD ms = 2990; ms < 3300; ms += 7) {
        scene_smtp();
        smtp->stop_time = 3000;
        smtp->start_time = 50;
        fake_services_after(ms, scene_start_it, smtp);
        assert_int_equal(restart(), SMTP_RESTARTED);
        assert_int_equal(smtp->state, SERVICE_RUNNING);
        assert_int_equal(smtp->starts, 1);
    }
}

static void dependent_that_cannot_stop_changes_nothing(void **state)
{
    (void)state;
    scene_dependents();
    first->controls_accepted = 0;
    assert_int_equal(restart(), SMTP_FAILED);
    assert_string_equal(outcome.call, "ControlService");
    assert_int_equal(outcome.error, ERROR_INVALID_SERVICE_CONTROL);
    assert_int_equal(wcscmp(outcome.name, L"First"), 0);
    scene_assert_all_run();
    assert_int_equal(smtp->stops, 0);
    assert_int_equal(second->starts, 1);
}

static void dependent_busy_for_long_changes_nothing(void **state)
{
    (void)state;
    scene_dependents();
    first->stop_unacceptable = true;
    first->state = SERVICE_PAUSE_PENDING;
    assert_int_equal(restart(), SMTP_FAILED);
    assert_int_equal(outcome.error, ERROR_SERVICE_CANNOT_ACCEPT_CTRL);
    assert_int_equal(smtp->stops, 0);
    assert_int_equal(second->state, SERVICE_RUNNING);
}

static void dependent_stopped_by_its_operator_stays_so(void **state)
{
    (void)state;
    scene_dependents();
    second->stop_time = 4000;
    fake_services_begin_stop(second);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(second->state, SERVICE_STOPPED);
    assert_int_equal(first->state, SERVICE_RUNNING);
}

static void dependent_starting_at_the_moment_is_restarted(void **state)
{
    (void)state;
    scene_dependents();
    second->state = SERVICE_STOPPED;
    second->start_time = 4000;
    fake_services_begin_start(second);
    assert_int_equal(restart(), SMTP_RESTARTED);
    scene_assert_all_run();
    assert_int_equal(second->starts, 2);
}

static void what_we_may_not_start_we_do_not_stop(void **state)
{
    (void)state;
    scene_dependents();
    second->denied = SERVICE_START;
    assert_int_equal(restart(), SMTP_FAILED);
    assert_string_equal(outcome.call, "OpenService");
    assert_int_equal(outcome.error, ERROR_ACCESS_DENIED);
    assert_int_equal(second->stops + first->stops + smtp->stops, 0);

    scene_dependents();
    smtp->denied = SERVICE_START;
    assert_int_equal(restart(), SMTP_FAILED);
    assert_int_equal(second->stops + first->stops + smtp->stops, 0);
}

static void hanging_dependent_is_waited_for_until_abandoned(void **state)
{
    (void)state;
    scene_dependents();
    first->stop_hangs = true;
    fake_services_abandon_after(500000);
    assert_int_equal(restart(), SMTP_UNTOUCHED);
    assert_int_equal(wcscmp(outcome.name, L"First"), 0);
    assert_int_equal(steps_of(SMTP_STEP_STOP_TIMEOUT), 1);
    assert_int_equal(smtp->stops, 0);
}

static void dependent_that_stays_down_is_named(void **state)
{
    (void)state;
    scene_dependents();
    first->start_failures = 1000;
    first->start_error = ERROR_SERVICE_LOGON_FAILED;
    assert_int_equal(restart(), SMTP_DEPENDENT_LEFT);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
    assert_string_equal(outcome.call, "StartService");
    assert_int_equal(outcome.error, ERROR_SERVICE_LOGON_FAILED);
    assert_int_equal(wcscmp(outcome.name, L"First"), 0);
}

static void dependent_gets_three_tries(void **state)
{
    (void)state;
    scene_dependents();
    second->start_failures = 2;
    second->start_error = ERROR_SERVICE_DATABASE_LOCKED;
    assert_int_equal(restart(), SMTP_RESTARTED);
    scene_assert_all_run();
}

static void dependent_started_meanwhile_is_stopped_again(void **state)
{
    (void)state;
    scene_dependents();
    first->stop_time = 3000;
    fake_services_after(1500, scene_start_it, second);
    assert_int_equal(restart(), SMTP_RESTARTED);
    scene_assert_all_run();
    assert_int_equal(second->stops, 2);
}

static void dependent_that_will_not_stay_stopped_ends_it(void **state)
{
    (void)state;
    scene_dependents();
    second->depends_on[1] = NULL; /* first's stop must not wait for it */
    for (DWORD i = 1; i < 15; i++)
        fake_services_after(i * 2 + 3, scene_start_it, second);
    enum smtp_result result = restart();
    assert_true(result == SMTP_RESTARTED || result == SMTP_FAILED);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
    assert_int_equal(second->state, SERVICE_RUNNING);
}

static void paused_dependent_runs_afterwards(void **state)
{
    (void)state;
    scene_dependents();
    second->state = SERVICE_PAUSED;
    assert_int_equal(restart(), SMTP_RESTARTED);
    scene_assert_all_run();
}

static void too_many_dependents_change_nothing(void **state)
{
    (void)state;
    scene_smtp();
    for (unsigned i = 0; i <= SMTP_DEPENDENTS_MAX; i++) {
        wchar_t name[] = {L'D', (wchar_t)(L'A' + i / 10), (wchar_t)(L'0' + i % 10), 0};
        fake_services_depend(fake_services_add(name), L"SMTPSVC");
    }
    assert_int_equal(restart(), SMTP_FAILED);
    assert_string_equal(outcome.call, "EnumDependentServices");
    assert_int_equal(outcome.error, ERROR_MORE_DATA);
    for (size_t i = 0; fake_services_at(i); i++)
        assert_int_equal(fake_services_at(i)->stops, 0);
}

static void missing_service_is_said(void **state)
{
    (void)state;
    fake_services_reset(0);
    assert_int_equal(restart(), SMTP_FAILED);
    assert_string_equal(outcome.call, "OpenService");
    assert_int_equal(outcome.error, ERROR_SERVICE_DOES_NOT_EXIST);
    assert_int_equal(wcscmp(outcome.name, L"SMTPSVC"), 0);
}

static void delete_it(void *context)
{
    ((struct fake_service *)context)->deleted = true;
}

static void install_anew(void *context)
{
    (void)context;
    assert_null(fake_services_find(L"SMTPSVC")); /* no handle of ours keeps the old one */
    smtp = fake_services_add(L"SMTPSVC");
    smtp->state = SERVICE_STOPPED;
}

static void service_installed_anew_meanwhile_is_started(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_time = 3000;
    fake_services_after(1000, delete_it, smtp);
    fake_services_after(60000, install_anew, NULL);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(fake_services_find(L"SMTPSVC")->state, SERVICE_RUNNING);
    assert_int_equal(outcome.error, ERROR_SERVICE_DOES_NOT_EXIST);
}

static void die(void *context)
{
    ((struct fake_service *)context)->state = SERVICE_STOPPED;
}

static void stop_it(void *context)
{
    struct fake_service *service = context;

    if (service->state == SERVICE_RUNNING)
        fake_services_begin_stop(service);
}

/* SMTP alone: who stops it before us has it stopped, who does so after us finds it running. */
static void stop_by_others_before_ours_stands(void **state)
{
    (void)state;
    unsigned theirs = 0;
    for (DWORD ms = 1; ms < 12; ms++)
        for (unsigned slow = 0; slow < 2; slow++) {
            scene_smtp();
            smtp->stop_time = slow ? 5000 : 0;
            fake_services_after(ms, slow ? stop_it : die, smtp);
            enum smtp_result result = restart();
            if (ms == 5) /* between our first look and our order */
                assert_int_equal(smtp->starts, 0);
            if (smtp->starts == 0) {
                theirs++;
                assert_true(result == SMTP_NOT_RUNNING || result == SMTP_OPERATOR);
                assert_int_not_equal(smtp->state, SERVICE_RUNNING);
            } else {
                assert_int_equal(result, SMTP_RESTARTED);
            }
        }
    assert_in_range(theirs, 2, 20);
}

/* With dependents that we have stopped already, all is brought back. */
static void death_after_the_first_dependent_brings_all_back(void **state)
{
    (void)state;
    for (DWORD ms = 500; ms < 4000; ms += 100) {
        scene_dependents();
        second->stop_time = first->stop_time = 2000;
        fake_services_after(ms, die, smtp);
        assert_int_equal(restart(), SMTP_RESTARTED);
        scene_assert_all_run();
    }
}

/* One failing call, wherever it is, whatever it says, leaves nothing stopped. */
static void any_one_call_may_fail(void **state)
{
    unsigned calls = 1;

    (void)state;
    for (size_t i = 0; i < SCENE_CODES; i++)
        for (unsigned n = 1; n <= calls + 4; n++) {
            scene_slow();
            fake_services_fail(n, scene_codes[i]);
            enum smtp_result result = restart();
            if (!fake_services_failed())
                calls = fake_services_calls();
            else if (calls < n)
                calls = n;
            fake_services_advance(60000);
            if (smtp->state != SERVICE_RUNNING || first->state != SERVICE_RUNNING ||
                second->state != SERVICE_RUNNING)
                fail_msg("call %u (%s) failing with %lu: result %d, states %lu %lu %lu", n,
                         fake_services_failed(), (unsigned long)scene_codes[i], (int)result,
                         (unsigned long)smtp->state, (unsigned long)first->state,
                         (unsigned long)second->state);
            /* the one failure that promises an effect, which here it has not */
            bool lost = scene_codes[i] == ERROR_SERVICE_REQUEST_TIMEOUT;
            if (result != SMTP_RESTARTED && result != SMTP_FAILED && result != SMTP_NOT_RUNNING &&
                result != SMTP_OPERATOR && !(lost && result == SMTP_STOP_TIMEOUT))
                fail_msg("call %u (%s) failing with %lu: result %d", n, fake_services_failed(),
                         (unsigned long)scene_codes[i], (int)result);
            if (result == SMTP_FAILED)
                assert_non_null(outcome.call);
            if (result != SMTP_RESTARTED && smtp->starts != 0)
                fail_msg("call %u (%s) failing with %lu: result %d, started", n,
                         fake_services_failed(), (unsigned long)scene_codes[i], (int)result);
        }
    assert_in_range(calls, 30, 200);
}

/* A call that fails for a while: then the result tells what is down. */
static void any_call_may_fail_for_a_while(void **state)
{
    static const char *const names[] = {
        "OpenSCManager", "OpenService",           "QueryServiceStatus", "ControlService",
        "StartService",  "EnumDependentServices", "CloseServiceHandle", "WaitForSingleObject"};
    (void)state;
    for (size_t name = 0; name < ARRAYSIZE(names); name++)
        for (size_t i = 0; i < SCENE_CODES; i++)
            for (unsigned skip = 0; skip < 12; skip++)
                for (unsigned times = 2; times <= 50; times *= 5) {
                    scene_slow();
                    fake_services_fail_named(names[name], skip, times, scene_codes[i]);
                    enum smtp_result result = restart();
                    fake_services_advance(1000);
                    bool smtp_runs = smtp->state == SERVICE_RUNNING;
                    bool all_run = smtp_runs && first->state == SERVICE_RUNNING &&
                                   second->state == SERVICE_RUNNING;
                    bool left = result == SMTP_DEPENDENT_LEFT || result == SMTP_UNTOUCHED;
                    if (left ? !smtp_runs : !all_run)
                        fail_msg("%s failing with %lu, %u times after %u: result %d", names[name],
                                 (unsigned long)scene_codes[i], times, skip, (int)result);
                }
}

static void waits_that_fail_do_not_spin(void **state)
{
    (void)state;
    scene_smtp();
    smtp->stop_time = 60000;
    fake_services_fail_named("WaitForSingleObject", 0, 1000000, ERROR_INVALID_HANDLE);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_true(fake_services_calls() < 1000); /* spinning makes 30,000 */
}

static void options_may_do_without_step_and_event(void **state)
{
    struct smtp_options options = {.service = L"SMTPSVC", .stop_timeout = 1000};

    (void)state;
    scene_smtp();
    smtp->stop_time = 5000;
    smtp_restart(&options, &outcome);
    assert_int_equal(outcome.result, SMTP_RESTARTED);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restarts_a_service_that_runs),
        cmocka_unit_test(down_is_measured_from_the_order_to_running),
        cmocka_unit_test(clock_may_wrap_meanwhile),
        cmocka_unit_test(dependents_stop_in_order_and_start_in_reverse),
        cmocka_unit_test(dependents_that_were_stopped_stay_so),
        cmocka_unit_test(service_that_was_stopped_stays_so),
        cmocka_unit_test(operators_doing_is_left_alone),
        cmocka_unit_test(restart_not_begun_is_not_begun_on_stop),
        cmocka_unit_test(restart_begun_is_finished_on_stop),
        cmocka_unit_test(slow_stop_is_waited_for_and_told_once),
        cmocka_unit_test(stop_within_the_limit_is_not_told),
        cmocka_unit_test(hanging_stop_is_given_up_only_when_abandoned),
        cmocka_unit_test(abandoned_stop_still_has_its_limit),
        cmocka_unit_test(order_that_is_never_followed_is_lost),
        cmocka_unit_test(order_that_a_dependent_never_follows_may_come_late),
        cmocka_unit_test(handler_over_30_s_is_an_order_taken),
        cmocka_unit_test(slow_handler_of_a_service_that_still_runs_is_an_order_taken),
        cmocka_unit_test(service_that_begins_to_stop_late_is_waited_for),
        cmocka_unit_test(start_is_tried_again_with_growing_pauses),
        cmocka_unit_test(pauses_grow_to_a_minute),
        cmocka_unit_test(death_while_starting_is_a_failed_try),
        cmocka_unit_test(death_without_a_code_is_named_all_the_same),
        cmocka_unit_test(slow_start_with_checkpoints_is_waited_for),
        cmocka_unit_test(hanging_start_is_told_and_waited_for),
        cmocka_unit_test(start_is_given_up_five_tries_after_abandon),
        cmocka_unit_test(each_try_to_start_opens_all_anew),
        cmocka_unit_test(operator_starting_it_first_is_no_failure),
        cmocka_unit_test(dependent_that_cannot_stop_changes_nothing),
        cmocka_unit_test(dependent_busy_for_long_changes_nothing),
        cmocka_unit_test(dependent_stopped_by_its_operator_stays_so),
        cmocka_unit_test(dependent_starting_at_the_moment_is_restarted),
        cmocka_unit_test(what_we_may_not_start_we_do_not_stop),
        cmocka_unit_test(hanging_dependent_is_waited_for_until_abandoned),
        cmocka_unit_test(dependent_that_stays_down_is_named),
        cmocka_unit_test(dependent_gets_three_tries),
        cmocka_unit_test(dependent_started_meanwhile_is_stopped_again),
        cmocka_unit_test(dependent_that_will_not_stay_stopped_ends_it),
        cmocka_unit_test(paused_dependent_runs_afterwards),
        cmocka_unit_test(too_many_dependents_change_nothing),
        cmocka_unit_test(missing_service_is_said),
        cmocka_unit_test(service_installed_anew_meanwhile_is_started),
        cmocka_unit_test(stop_by_others_before_ours_stands),
        cmocka_unit_test(death_after_the_first_dependent_brings_all_back),
        cmocka_unit_test(any_one_call_may_fail),
        cmocka_unit_test(any_call_may_fail_for_a_while),
        cmocka_unit_test(waits_that_fail_do_not_spin),
        cmocka_unit_test(options_may_do_without_step_and_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
