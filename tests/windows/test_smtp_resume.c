/* test_smtp_resume.c: a restart that ended in the middle is resumed, whatever state it left. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "smtp_resume_scene.h"

/* ---- resumed from every state -----------------------------------------------------------------
 */

static const DWORD states[] = {SERVICE_STOPPED, SERVICE_STOP_PENDING, SERVICE_START_PENDING,
                               SERVICE_RUNNING, SERVICE_PAUSED};

static void list_all(bool seen_stopped)
{
    resume_record.begun = true;
    resume_record.seen_stopped = seen_stopped;
    resume_record.list = (struct smtp_stop_list){
        .service = L"SMTPSVC", .dependents = {L"Second", L"First"}, .dependent_count = 2};
}

/* A service whose dependents are active is active itself. */
static bool is_possible(DWORD of_smtp, DWORD of_first, DWORD of_second)
{
    return (of_smtp != SERVICE_STOPPED ||
            (of_first == SERVICE_STOPPED && of_second == SERVICE_STOPPED)) &&
           (of_first != SERVICE_STOPPED || of_second == SERVICE_STOPPED);
}

static bool is_up(DWORD state)
{
    return state == SERVICE_RUNNING || state == SERVICE_PAUSED;
}

static void assert_resumed(DWORD of_smtp, bool seen_stopped)
{
    bool down = seen_stopped || !is_up(of_smtp);
    assert_int_equal(resume(), down ? SMTP_RESTARTED : SMTP_UNTOUCHED);
    assert_int_equal(resume_steps[SMTP_STEP_STOPPED], down && !seen_stopped);
    assert_int_equal(resume_steps[SMTP_STEP_STARTING], !is_up(of_smtp));
    assert_true(resume_record.seen_stopped == down);
    assert_int_equal(smtp->stops + first->stops + second->stops, 0);
    if (!down)
        assert_null(resume_outcome.call);
}

static void any_state_is_brought_to_running(void **state)
{
    unsigned cases = 0;
    enum { COUNT = ARRAYSIZE(states) };

    (void)state;
    for (size_t i = 0; i < COUNT * COUNT * COUNT * 2; i++) {
        DWORD of_smtp = states[i % COUNT], of_first = states[i / COUNT % COUNT],
              of_second = states[i / COUNT / COUNT % COUNT];
        bool seen_stopped = i >= (size_t)COUNT * COUNT * COUNT;
        if (!is_possible(of_smtp, of_first, of_second))
            continue;
        resume_begin(scene_slow);
        put_into(smtp, of_smtp);
        put_into(first, of_first);
        put_into(second, of_second);
        list_all(seen_stopped);
        assert_resumed(of_smtp, seen_stopped);
        const struct fake_service *const services[] = {smtp, first, second};
        const DWORD before[] = {of_smtp, of_first, of_second};
        for (size_t k = 0; k < 3; k++) {
            DWORD expected = before[k] == SERVICE_PAUSED ? SERVICE_PAUSED : SERVICE_RUNNING;
            assert_int_equal(services[k]->state, expected);
            bool started = before[k] == SERVICE_STOPPED || before[k] == SERVICE_STOP_PENDING;
            assert_int_equal(services[k]->starts, started);
        }
        cases++;
    }
    assert_int_equal(cases, 170);
}

static void half_stopped(void)
{
    scene_slow();
    put_into(second, SERVICE_STOPPED);
    put_into(first, SERVICE_STOPPED);
    put_into(smtp, SERVICE_STOP_PENDING);
}

static void pausing_and_continuing_is_left_to_the_operator(void **state)
{
    static const DWORD pending[] = {SERVICE_PAUSE_PENDING, SERVICE_CONTINUE_PENDING};

    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(pending); i++) {
        resume_begin(scene_slow);
        put_into(smtp, pending[i]);
        put_into(first, pending[i]);
        list_all(false);
        assert_int_equal(resume(), SMTP_UNTOUCHED);
        assert_in_range(fake_services_now(), 1000, 1100);
    }
}

/* Alone, no dependent brings the service up by being started. */
static void an_unknown_state_is_no_reason_not_to_start(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 3; n++) {
        resume_begin(scene_smtp);
        put_into(smtp, SERVICE_STOPPED);
        resume_record.list = (struct smtp_stop_list){.service = L"SMTPSVC"};
        fake_services_fail(n, RPC_S_CALL_FAILED);
        assert_int_equal(resume(), SMTP_UNTOUCHED);
        assert_null(resume_outcome.call);
        assert_int_equal(smtp->state, SERVICE_RUNNING);
    }
}

static void any_one_call_may_fail(void **state)
{
    unsigned calls = 1;

    (void)state;
    for (size_t i = 0; i < SCENE_CODES; i++)
        for (unsigned n = 1; n <= calls + 3; n++) {
            resume_begin(half_stopped);
            list_all(false);
            fake_services_fail(n, scene_codes[i]);
            enum smtp_result result = resume();
            calls = fake_services_calls() > calls ? fake_services_calls() : calls;
            scene_assert_all_run();
            /* the state of the service could not be told: it may have run all the time */
            bool unknown = n <= 3;
            if (result != SMTP_RESTARTED && !(unknown && result == SMTP_UNTOUCHED))
                fail_msg("call %u (%s) failing with %lu: result %d", n, fake_services_failed(),
                         (unsigned long)scene_codes[i], (int)result);
            if (result == SMTP_UNTOUCHED)
                assert_null(resume_outcome.call);
        }
    assert_in_range(calls, 15, 100);
}

static void any_call_may_fail_for_a_while(void **state)
{
    static const char *const names[] = {"OpenSCManager",      "OpenService",
                                        "QueryServiceStatus", "StartService",
                                        "CloseServiceHandle", "WaitForSingleObject"};
    (void)state;
    for (size_t name = 0; name < ARRAYSIZE(names); name++)
        for (size_t i = 0; i < SCENE_CODES; i++)
            for (unsigned skip = 0; skip < 9; skip++)
                for (unsigned times = 2; times <= 50; times *= 5) {
                    resume_begin(half_stopped);
                    list_all(true);
                    fake_services_fail_named(names[name], skip, times, scene_codes[i]);
                    enum smtp_result result = resume();
                    fake_services_advance(1000);
                    assert_int_equal(smtp->state, SERVICE_RUNNING);
                    if (result == SMTP_DEPENDENT_LEFT)
                        continue;
                    assert_int_equal(result, SMTP_RESTARTED);
                    scene_assert_all_run();
                }
}

/* ---- what takes its time ----------------------------------------------------------------------
 */

static void a_slow_stop_is_waited_for_and_told_once(void **state)
{
    (void)state;
    resume_begin(half_stopped);
    smtp->stop_time = 300000;
    list_all(false);
    assert_int_equal(resume(), SMTP_RESTARTED);
    assert_int_equal(resume_steps[SMTP_STEP_STOP_TIMEOUT], 1);
    scene_assert_all_run();
    assert_in_range(resume_outcome.down, 300000, 312000);
}

/* So soon that it is never seen stopped. */
static void an_operator_starting_it_first_is_no_failure(void **state)
{
    (void)state;
    resume_begin(half_stopped);
    fake_services_after(401, scene_start_it, smtp);
    smtp->start_time = 0;
    list_all(false);
    assert_int_equal(resume(), SMTP_RESTARTED);
    assert_int_equal(smtp->starts, 1);
    assert_in_range(fake_services_now(), 1400, 4000);
    scene_assert_all_run();
}

static void a_hanging_stop_is_left_to_the_next_process(void **state)
{
    (void)state;
    resume_begin(half_stopped);
    smtp->stop_hangs = true;
    list_all(false);
    fake_services_abandon_after(500000);
    assert_int_equal(resume(), SMTP_STOP_TIMEOUT);
    assert_in_range(fake_services_now(), 500000, 503000);
    assert_false(resume_record.seen_stopped);
    smtp->stop_hangs = false;
    fake_services_forget_handles();
    assert_int_equal(resume(), SMTP_RESTARTED);
    scene_assert_all_run();
}

static void starting_is_tried_again_with_growing_pauses(void **state)
{
    (void)state;
    resume_begin(half_stopped);
    smtp->start_failures = 4;
    smtp->start_error = ERROR_SERVICE_DATABASE_LOCKED;
    list_all(true);
    assert_int_equal(resume(), SMTP_RESTARTED);
    assert_int_equal(resume_outcome.start_tries, 5);
    assert_int_equal(resume_steps[SMTP_STEP_START_FAILED], 4);
    assert_in_range(resume_outcome.down, 15000, 16500); /* 1 + 2 + 4 + 8 s */
    scene_assert_all_run();
}

static void what_could_not_be_started_is_left_to_the_next_process(void **state)
{
    (void)state;
    resume_begin(half_stopped);
    smtp->start_failures = 40;
    smtp->start_error = ERROR_SERVICE_DISABLED;
    list_all(false);
    fake_services_abandon_after(0);
    assert_int_equal(resume(), SMTP_LEFT_STOPPED);
    assert_int_equal(resume_outcome.start_tries, SMTP_START_TRIES_ON_STOP);
    assert_true(resume_record.seen_stopped);
    smtp->start_failures = 0;
    fake_services_forget_handles();
    assert_int_equal(resume(), SMTP_RESTARTED);
    scene_assert_all_run();
}

static void a_dependent_that_stays_down_is_named(void **state)
{
    (void)state;
    for (int ran = 0; ran <= 1; ran++) {
        resume_begin(half_stopped);
        if (ran)
            put_into(smtp, SERVICE_RUNNING);
        first->start_failures = 1000;
        first->start_error = ERROR_SERVICE_LOGON_FAILED;
        list_all(false);
        assert_int_equal(resume(), ran ? SMTP_UNTOUCHED : SMTP_DEPENDENT_LEFT);
        assert_int_equal(smtp->state, SERVICE_RUNNING);
        assert_string_equal(resume_outcome.call, "StartService");
        assert_int_equal(resume_outcome.error, ERROR_SERVICE_LOGON_FAILED);
        assert_int_equal(wcscmp(resume_outcome.name, L"First"), 0);
    }
}

static void a_hanging_dependent_is_named_when_abandoned(void **state)
{
    (void)state;
    resume_begin(half_stopped);
    put_into(smtp, SERVICE_RUNNING);
    put_into(second, SERVICE_STOP_PENDING);
    put_into(first, SERVICE_RUNNING);
    second->stop_hangs = true;
    list_all(true);
    fake_services_abandon_after(200000);
    assert_int_equal(resume(), SMTP_DEPENDENT_LEFT);
    assert_string_equal(resume_outcome.call, "ControlService");
    assert_int_equal(wcscmp(resume_outcome.name, L"Second"), 0);
    assert_int_equal(second->starts, 0);
}

static void services_that_are_gone_are_said(void **state)
{
    (void)state;
    resume_begin(half_stopped);
    list_all(true);
    smtp->exists = false;
    assert_int_equal(resume(), SMTP_FAILED);
    assert_string_equal(resume_outcome.call, "OpenService");
    assert_int_equal(resume_outcome.error, ERROR_SERVICE_DOES_NOT_EXIST);

    resume_begin(half_stopped);
    list_all(true);
    second->exists = false;
    assert_int_equal(resume(), SMTP_DEPENDENT_LEFT);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
    assert_int_equal(first->state, SERVICE_RUNNING);
    assert_int_equal(wcscmp(resume_outcome.name, L"Second"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_state_is_brought_to_running),
        cmocka_unit_test(pausing_and_continuing_is_left_to_the_operator),
        cmocka_unit_test(an_unknown_state_is_no_reason_not_to_start),
        cmocka_unit_test(any_one_call_may_fail),
        cmocka_unit_test(any_call_may_fail_for_a_while),
        cmocka_unit_test(a_slow_stop_is_waited_for_and_told_once),
        cmocka_unit_test(an_operator_starting_it_first_is_no_failure),
        cmocka_unit_test(a_hanging_stop_is_left_to_the_next_process),
        cmocka_unit_test(starting_is_tried_again_with_growing_pauses),
        cmocka_unit_test(what_could_not_be_started_is_left_to_the_next_process),
        cmocka_unit_test(a_dependent_that_stays_down_is_named),
        cmocka_unit_test(a_hanging_dependent_is_named_when_abandoned),
        cmocka_unit_test(services_that_are_gone_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
