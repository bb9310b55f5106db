/* test_smtp_resume.c: restarts that tell before what they stop, end in the middle, and are resumed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include "windows/smtp_service.h"
#include "smtp_scene.h"

/* What a process keeps for the one after it, and what it has to do. */
static struct {
    bool begun, seen_stopped;
    struct smtp_stop_list list;
    bool needed; /* a restart */
} record;

static struct smtp_outcome outcome;
static unsigned steps[SMTP_STEP_RUNNING + 1];
static unsigned intents;

/* The end of a process: at its kill_at-th point. */
static jmp_buf killed;
static unsigned points, kill_at;

static void point(unsigned calls)
{
    (void)calls;
    if (++points == kill_at)
        longjmp(killed, 1);
}

static bool record_intent(void *context, const struct smtp_stop_list *list)
{
    assert_ptr_equal(context, &record);
    point(0);
    intents++;
    record.begun = true;
    record.seen_stopped = false;
    record.list = *list;
    point(0);
    return true;
}

static void record_step(void *context, enum smtp_step step, const struct smtp_outcome *so_far)
{
    assert_ptr_equal(context, &record);
    assert_ptr_equal(so_far, &outcome);
    steps[step]++;
    if (step != SMTP_STEP_STOPPED)
        return;
    point(0);
    record.seen_stopped = true;
    point(0);
}

static const struct smtp_options *options(void)
{
    static struct smtp_options of_smtp;
    of_smtp = (struct smtp_options){.service = L"SMTPSVC",
                                    .stop_timeout = 120000,
                                    .abandon = fake_services_abandon(),
                                    .intend = record_intent,
                                    .step = record_step,
                                    .context = &record};
    return &of_smtp;
}

static void begin(void (*scene)(void))
{
    scene();
    memset(&record, 0, sizeof(record));
    memset(steps, 0, sizeof(steps));
    record.needed = true;
    intents = points = kill_at = 0;
}

static enum smtp_result restart(void)
{
    memset(&outcome, 0xCC, sizeof(outcome));
    smtp_restart(options(), &outcome);
    assert_int_equal(fake_services_open_handles(), 0);
    return outcome.result;
}

static enum smtp_result resume(void)
{
    memset(&outcome, 0xCC, sizeof(outcome));
    smtp_resume(options(), &record.list, record.seen_stopped, &outcome);
    assert_int_equal(fake_services_open_handles(), 0);
    return outcome.result;
}

/* What the header asks of its caller: finishes what was begun, then does what is needed. */
static void work(void)
{
    for (unsigned round = 0; record.needed; round++) {
        assert_true(round < 5);
        enum smtp_result result = record.begun ? resume() : SMTP_UNTOUCHED;
        if (result == SMTP_UNTOUCHED)
            result = restart();
        if (result == SMTP_RESTARTED) {
            record.needed = record.begun = false;
            point(0);
        } else {
            assert_true(record.begun);
            assert_true(result == SMTP_OPERATOR || result == SMTP_NOT_RUNNING);
        }
    }
}

/* A process that works until it is killed at a point (0: it is not). False: it was. */
static bool process(unsigned at)
{
    points = 0;
    kill_at = at;
    fake_services_watch(point);
    bool ended = setjmp(killed) == 0;
    if (ended)
        work();
    kill_at = 0;
    if (!ended)
        fake_services_forget_handles();
    return ended;
}

/* ---- what is told before ----------------------------------------------------------------------
 */

static void all_is_told_before_anything_stops(void **state)
{
    (void)state;
    begin(scene_dependents);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(intents, 1);
    assert_int_equal(record.list.dependent_count, 2);
    assert_int_equal(wcscmp(record.list.service, L"SMTPSVC"), 0);
    assert_int_equal(wcscmp(record.list.dependents[0], L"Second"), 0); /* stops first */
    assert_int_equal(wcscmp(record.list.dependents[1], L"First"), 0);
    assert_true(record.seen_stopped);

    begin(scene_smtp);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(intents, 1);
    assert_int_equal(record.list.dependent_count, 0);
}

static void a_dependent_started_meanwhile_is_told_of_too(void **state)
{
    (void)state;
    begin(scene_dependents);
    second->state = SERVICE_STOPPED;
    first->stop_time = 3000;
    first->depends_on[0] = L"SMTPSVC";
    second->depends_on[1] = NULL; /* so that it can be started while first stops */
    fake_services_after(1500, scene_start_it, second);
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(intents, 2);
    assert_int_equal(record.list.dependent_count, 2);
    assert_int_equal(wcscmp(record.list.dependents[1], L"Second"), 0);
    scene_assert_all_run();
}

static void what_was_told_is_not_told_again(void **state)
{
    (void)state;
    begin(scene_dependents);
    first->stop_time = 3000;
    fake_services_after(1500, scene_start_it, second); /* which we had stopped */
    assert_int_equal(restart(), SMTP_RESTARTED);
    assert_int_equal(second->stops, 2);
    assert_int_equal(intents, 1);
}

static unsigned refuse_from;

static bool refuse(void *context, const struct smtp_stop_list *list)
{
    (void)context;
    (void)list;
    assert_int_equal(smtp->stops, 0);
    return ++intents < refuse_from;
}

static void what_cannot_be_recorded_is_not_stopped(void **state)
{
    (void)state;
    for (refuse_from = 1; refuse_from <= 2; refuse_from++) {
        begin(scene_dependents);
        if (refuse_from == 2) {
            second->state = SERVICE_STOPPED;
            first->stop_time = 3000;
            second->depends_on[1] = NULL;
            fake_services_after(1500, scene_start_it, second);
        }
        struct smtp_options refusing = *options();
        refusing.intend = refuse;
        smtp_restart(&refusing, &outcome);
        assert_int_equal(outcome.result, SMTP_FAILED);
        assert_string_equal(outcome.call, "recording the intent");
        assert_int_equal(outcome.error, ERROR_CANCELLED);
        assert_int_equal(intents, refuse_from);
        assert_int_equal(smtp->stops + second->stops, 0);
        assert_int_equal(first->stops, refuse_from - 1);
        scene_assert_all_run();
    }
}

/* ---- killed anywhere --------------------------------------------------------------------------
 */

/* What must hold at the end, whenever the first process was killed: one restart that had come to
 * its stop is never repeated. */
static void assert_restarted_once(bool seen_stopped, unsigned at)
{
    scene_assert_all_run();
    assert_false(record.needed);
    if (smtp->starts == 0 || smtp->starts > 2 || (seen_stopped && smtp->starts != 1))
        fail_msg("killed at %u: SMTP was started %u times", at, smtp->starts);
}

static void killed_at_any_point_it_is_finished_by_the_next(void **state)
{
    static const DWORD pauses[] = {0, 150, 700, 5000, 60000};
    unsigned last = 0;

    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(pauses); i++)
        for (unsigned at = 1;; at++) {
            begin(scene_slow);
            if (process(at))
                break;
            bool seen_stopped = record.seen_stopped;
            fake_services_advance(pauses[i]);
            assert_true(process(0));
            assert_restarted_once(seen_stopped, at);
            last = at;
        }
    assert_in_range(last, 40, 200);
}

/* The order is on its way when the process ends: the next one finds the service running still. */
static void an_order_on_its_way_is_no_operators(void **state)
{
    static const DWORD notices[] = {20, 400, 3000};

    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(notices); i++)
        for (unsigned at = 1;; at++) {
            begin(scene_slow);
            smtp->stop_notice = first->stop_notice = notices[i];
            if (process(at))
                break;
            bool seen_stopped = record.seen_stopped;
            assert_true(process(0));
            assert_restarted_once(seen_stopped, at);
        }
}

static void the_next_one_may_be_killed_too(void **state)
{
    unsigned runs = 0;

    (void)state;
    for (unsigned at = 1;; at++) {
        for (unsigned again = 1;; again++, runs++) {
            begin(scene_slow);
            if (process(at))
                return assert_in_range(runs, 2000, 20000);
            fake_services_advance(again % 3 * 300);
            if (process(again))
                break;
            fake_services_advance(at % 3 * 300);
            assert_true(process(0));
            scene_assert_all_run();
            assert_false(record.needed);
        }
    }
}

/* ---- resumed from every state -----------------------------------------------------------------
 */

static const DWORD states[] = {SERVICE_STOPPED, SERVICE_STOP_PENDING, SERVICE_START_PENDING,
                               SERVICE_RUNNING, SERVICE_PAUSED};

static void put_into(struct fake_service *service, DWORD state)
{
    service->state = state;
    service->changing_since = fake_services_now();
    service->stops = service->starts = 0;
}

static void list_all(bool seen_stopped)
{
    record.begun = true;
    record.seen_stopped = seen_stopped;
    record.list = (struct smtp_stop_list){
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
    assert_int_equal(steps[SMTP_STEP_STOPPED], down && !seen_stopped);
    assert_int_equal(steps[SMTP_STEP_STARTING], !is_up(of_smtp));
    assert_true(record.seen_stopped == down);
    assert_int_equal(smtp->stops + first->stops + second->stops, 0);
    if (!down)
        assert_null(outcome.call);
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
        begin(scene_slow);
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
        begin(scene_slow);
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
        begin(scene_smtp);
        put_into(smtp, SERVICE_STOPPED);
        record.list = (struct smtp_stop_list){.service = L"SMTPSVC"};
        fake_services_fail(n, RPC_S_CALL_FAILED);
        assert_int_equal(resume(), SMTP_UNTOUCHED);
        assert_null(outcome.call);
        assert_int_equal(smtp->state, SERVICE_RUNNING);
    }
}

static void any_one_call_may_fail(void **state)
{
    unsigned calls = 1;

    (void)state;
    for (size_t i = 0; i < SCENE_CODES; i++)
        for (unsigned n = 1; n <= calls + 3; n++) {
            begin(half_stopped);
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
                assert_null(outcome.call);
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
                    begin(half_stopped);
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
    begin(half_stopped);
    smtp->stop_time = 300000;
    list_all(false);
    assert_int_equal(resume(), SMTP_RESTARTED);
    assert_int_equal(steps[SMTP_STEP_STOP_TIMEOUT], 1);
    scene_assert_all_run();
    assert_in_range(outcome.down, 300000, 312000);
}

/* So soon that it is never seen stopped. */
static void an_operator_starting_it_first_is_no_failure(void **state)
{
    (void)state;
    begin(half_stopped);
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
    begin(half_stopped);
    smtp->stop_hangs = true;
    list_all(false);
    fake_services_abandon_after(500000);
    assert_int_equal(resume(), SMTP_STOP_TIMEOUT);
    assert_in_range(fake_services_now(), 500000, 503000);
    assert_false(record.seen_stopped);
    smtp->stop_hangs = false;
    fake_services_forget_handles();
    assert_int_equal(resume(), SMTP_RESTARTED);
    scene_assert_all_run();
}

static void starting_is_tried_again_with_growing_pauses(void **state)
{
    (void)state;
    begin(half_stopped);
    smtp->start_failures = 4;
    smtp->start_error = ERROR_SERVICE_DATABASE_LOCKED;
    list_all(true);
    assert_int_equal(resume(), SMTP_RESTARTED);
    assert_int_equal(outcome.start_tries, 5);
    assert_int_equal(steps[SMTP_STEP_START_FAILED], 4);
    assert_in_range(outcome.down, 15000, 16500); /* 1 + 2 + 4 + 8 s */
    scene_assert_all_run();
}

static void what_could_not_be_started_is_left_to_the_next_process(void **state)
{
    (void)state;
    begin(half_stopped);
    smtp->start_failures = 40;
    smtp->start_error = ERROR_SERVICE_DISABLED;
    list_all(false);
    fake_services_abandon_after(0);
    assert_int_equal(resume(), SMTP_LEFT_STOPPED);
    assert_int_equal(outcome.start_tries, SMTP_START_TRIES_ON_STOP);
    assert_true(record.seen_stopped);
    smtp->start_failures = 0;
    fake_services_forget_handles();
    assert_int_equal(resume(), SMTP_RESTARTED);
    scene_assert_all_run();
}

static void a_dependent_that_stays_down_is_named(void **state)
{
    (void)state;
    for (int ran = 0; ran <= 1; ran++) {
        begin(half_stopped);
        if (ran)
            put_into(smtp, SERVICE_RUNNING);
        first->start_failures = 1000;
        first->start_error = ERROR_SERVICE_LOGON_FAILED;
        list_all(false);
        assert_int_equal(resume(), ran ? SMTP_UNTOUCHED : SMTP_DEPENDENT_LEFT);
        assert_int_equal(smtp->state, SERVICE_RUNNING);
        assert_string_equal(outcome.call, "StartService");
        assert_int_equal(outcome.error, ERROR_SERVICE_LOGON_FAILED);
        assert_int_equal(wcscmp(outcome.name, L"First"), 0);
    }
}

static void a_hanging_dependent_is_named_when_abandoned(void **state)
{
    (void)state;
    begin(half_stopped);
    put_into(smtp, SERVICE_RUNNING);
    put_into(second, SERVICE_STOP_PENDING);
    put_into(first, SERVICE_RUNNING);
    second->stop_hangs = true;
    list_all(true);
    fake_services_abandon_after(200000);
    assert_int_equal(resume(), SMTP_DEPENDENT_LEFT);
    assert_string_equal(outcome.call, "ControlService");
    assert_int_equal(wcscmp(outcome.name, L"Second"), 0);
    assert_int_equal(second->starts, 0);
}

static void services_that_are_gone_are_said(void **state)
{
    (void)state;
    begin(half_stopped);
    list_all(true);
    smtp->exists = false;
    assert_int_equal(resume(), SMTP_FAILED);
    assert_string_equal(outcome.call, "OpenService");
    assert_int_equal(outcome.error, ERROR_SERVICE_DOES_NOT_EXIST);

    begin(half_stopped);
    list_all(true);
    second->exists = false;
    assert_int_equal(resume(), SMTP_DEPENDENT_LEFT);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
    assert_int_equal(first->state, SERVICE_RUNNING);
    assert_int_equal(wcscmp(outcome.name, L"Second"), 0);
}

/* ---- a service on which SMTP depends ----------------------------------------------------------
 */

static struct fake_service *iis;

static void scene_iis(void)
{
    scene_dependents();
    iis = fake_services_add(L"IISADMIN");
    fake_services_depend(smtp, L"IISADMIN");
    smtp->start_failures = 9;
    smtp->start_error = ERROR_SERVICE_DATABASE_LOCKED;
}

static void smtp_is_not_left_stopped_as_a_dependent_either(void **state)
{
    (void)state;
    begin(scene_iis);
    struct smtp_options of_iis = *options();
    of_iis.service = L"IISADMIN";
    smtp_restart(&of_iis, &outcome);
    assert_int_equal(outcome.result, SMTP_DEPENDENT_LEFT);
    assert_int_equal(smtp->state, SERVICE_STOPPED);

    begin(scene_iis);
    of_iis.vital = L"SmtpSvc";
    smtp_restart(&of_iis, &outcome);
    assert_int_equal(outcome.result, SMTP_RESTARTED);
    assert_int_equal(outcome.start_tries, 1 + 10);
    assert_int_equal(record.list.dependent_count, 3);
    assert_int_equal(wcscmp(record.list.dependents[2], L"SMTPSVC"), 0);
    assert_int_equal(iis->state, SERVICE_RUNNING);
    scene_assert_all_run();

    begin(scene_iis);
    put_into(iis, SERVICE_STOPPED);
    put_into(smtp, SERVICE_STOPPED);
    put_into(first, SERVICE_STOPPED);
    record.list = (struct smtp_stop_list){
        .service = L"IISADMIN", .dependents = {L"First", L"SMTPSVC"}, .dependent_count = 2};
    smtp_resume(&of_iis, &record.list, true, &outcome);
    assert_int_equal(outcome.result, SMTP_RESTARTED);
    scene_assert_all_run();
}

/* ---- what an earlier restart left stopped -----------------------------------------------------
 */

static void a_service_that_was_not_stopped_is_untouched(void **state)
{
    (void)state;
    begin(scene_dependents);
    first->stop_hangs = true;
    second->start_failures = 1000;
    second->start_error = ERROR_SERVICE_DISABLED;
    fake_services_abandon_after(200000);
    assert_int_equal(restart(), SMTP_UNTOUCHED);
    assert_int_equal(smtp->stops, 0);
    assert_non_null(outcome.call);
    assert_int_equal(smtp->state, SERVICE_RUNNING);
}

static void what_was_left_stopped_is_started_with_the_rest(void **state)
{
    (void)state;
    struct fake_service *other;
    begin(scene_dependents);
    other = fake_services_add(L"W3SVC"); /* no dependent of SMTP */
    put_into(other, SERVICE_STOPPED);
    put_into(second, SERVICE_STOPPED);
    struct smtp_stop_list earlier = {.service = L"IISADMIN", /* is not there */
                                     .dependents = {L"W3SVC", L"smtpsvc", L"Second", L"First"},
                                     .dependent_count = 4};
    struct smtp_options with_earlier = *options();
    with_earlier.earlier = &earlier;
    smtp_restart(&with_earlier, &outcome);
    assert_int_equal(outcome.result, SMTP_RESTARTED);
    assert_null(outcome.call);
    assert_int_equal(other->state, SERVICE_RUNNING);
    assert_int_equal(other->stops + second->stops, 0);
    assert_int_equal(smtp->stops, 1);
    assert_int_equal(smtp->starts, 1);
    scene_assert_all_run();
    assert_int_equal(record.list.dependent_count, 3);
    assert_int_equal(wcscmp(record.list.dependents[0], L"W3SVC"), 0);
    assert_int_equal(wcscmp(record.list.dependents[1], L"Second"), 0);
    assert_int_equal(fake_services_open_handles(), 0);

    begin(scene_dependents); /* and the service itself, of another */
    put_into(second, SERVICE_STOPPED);
    earlier = (struct smtp_stop_list){.service = L"Second"};
    smtp_restart(&with_earlier, &outcome);
    assert_int_equal(outcome.result, SMTP_RESTARTED);
    scene_assert_all_run();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_told_before_anything_stops),
        cmocka_unit_test(a_dependent_started_meanwhile_is_told_of_too),
        cmocka_unit_test(what_was_told_is_not_told_again),
        cmocka_unit_test(what_cannot_be_recorded_is_not_stopped),
        cmocka_unit_test(killed_at_any_point_it_is_finished_by_the_next),
        cmocka_unit_test(an_order_on_its_way_is_no_operators),
        cmocka_unit_test(the_next_one_may_be_killed_too),
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
        cmocka_unit_test(smtp_is_not_left_stopped_as_a_dependent_either),
        cmocka_unit_test(a_service_that_was_not_stopped_is_untouched),
        cmocka_unit_test(what_was_left_stopped_is_started_with_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
