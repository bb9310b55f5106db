/* What is due next, for every state and all that can be the case in it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/incident_plan.h"

enum { NOW = 10000000, HOUR = 3600000, DAY = 24 * HOUR };

static struct response_policy policy;

static int set_up(void **state)
{
    static struct settings settings;
    (void)state;
    settings_defaults(&settings);
    response_policy_make(&policy, &settings);
    return 0;
}

static struct incident incident_in(enum incident_state state)
{
    return (struct incident){.id = 1,
                             .state = state,
                             .verdict = {.sid_size = 12, .sid = {1, 1, 0, 0, 0, 0, 0, 5, 9}},
                             .decided_at = NOW - 5000,
                             .locked_at = NOW - 4000,
                             .restart_since = NOW - 4000,
                             .restarted_at = NOW - 3000};
}

static void expect(const struct incident *incident, enum response_mode mode, enum plan_step step,
                   int64_t at)
{
    struct plan plan = incident_plan(incident, &policy, mode, NOW, NOW);
    assert_int_equal(plan.step, step);
    assert_int_equal(plan.at, at);
}

static void the_policy_is_the_settings_in_ms(void **state)
{
    (void)state;
    static struct settings settings;
    settings_defaults(&settings);
    settings.lock_minutes = 3;
    response_policy_make(&policy, &settings);
    assert_true(policy.restart_smtp);
    assert_int_equal(policy.stop_timeout, 120000);
    assert_int_equal(policy.cooldown, 300000);
    assert_int_equal(policy.give_up_after, DAY);
    assert_int_equal(policy.contain_after, 600000);
    assert_int_equal(policy.lock_for, 180000);
    assert_int_equal(policy.max_restarts_per_hour, 6);
    assert_int_equal(policy.max_auto_releases, 2);
    assert_true(text_equal(text_of(policy.smtp_service), TEXT_OF(u"SMTPSVC")));
    assert_int_equal(policy.event_id, 1708);
    assert_true(text_equal(text_of(policy.channel), TEXT_OF(u"Application")));
    assert_true(text_equal(text_of(policy.provider), TEXT_OF(u"MSExchangeTransport")));
}

static void decided_is_locked_at_once_or_when_its_last_try_allows(void **state)
{
    (void)state;
    struct incident incident = incident_in(INCIDENT_DECIDED);
    expect(&incident, RESPONSE_FULL, PLAN_LOCK, NOW);
    incident_retry_failed(&incident.retry, 5, NOW);
    expect(&incident, RESPONSE_FULL, PLAN_LOCK, NOW + 1000);
    expect(&incident, RESPONSE_OBSERVE, PLAN_NOTHING, INT64_MAX);
    expect(&incident, RESPONSE_RELEASE, PLAN_NOTHING, INT64_MAX);
    incident.release_at = NOW; /* not locked yet: nothing to release by time */
    incident.retry.tries = 0;
    expect(&incident, RESPONSE_FULL, PLAN_LOCK, NOW);
}

static void locked_needs_a_restart(void **state)
{
    (void)state;
    struct incident incident = incident_in(INCIDENT_LOCKED);
    expect(&incident, RESPONSE_FULL, PLAN_RESTART, NOW);
    incident_retry_failed(&incident.retry, 5, NOW - 200);
    expect(&incident, RESPONSE_FULL, PLAN_RESTART, NOW + 800);
    incident.leak_open = true;
    expect(&incident, RESPONSE_FULL, PLAN_LOOK, NOW); /* beside it */
    incident.retry.tries = 0;
    expect(&incident, RESPONSE_FULL, PLAN_RESTART, NOW); /* the more urgent of the two */
    incident.leak_open = false;
    policy.restart_smtp = false;
    expect(&incident, RESPONSE_FULL, PLAN_SKIP_RESTART, NOW);
    expect(&incident, RESPONSE_OBSERVE, PLAN_NOTHING, INT64_MAX);
    expect(&incident, RESPONSE_RELEASE, PLAN_NOTHING, INT64_MAX);
}

static void what_else_is_due_does_not_wait_for_a_restart_that_has_to(void **state)
{
    (void)state;
    struct incident incident = incident_in(INCIDENT_LOCKED);
    struct plan plan = incident_plan(&incident, &policy, RESPONSE_FULL, NOW, NOW + 7000);
    assert_int_equal(plan.step, PLAN_RESTART);
    assert_int_equal(plan.at, NOW + 7000);
    incident.release_at = NOW - 1;
    plan = incident_plan(&incident, &policy, RESPONSE_FULL, NOW, NOW + 7000);
    assert_int_equal(plan.step, PLAN_RELEASE_BY_TIME);
    incident.leak_open = true;
    plan = incident_plan(&incident, &policy, RESPONSE_FULL, NOW, NOW + 7000);
    assert_int_equal(plan.step, PLAN_LOOK);
    assert_int_equal(plan.at, NOW);
    incident = incident_in(INCIDENT_RESTARTED);
    incident.escalation = ESCALATION_SERVICES;
    policy.restart_services.count = 2;
    plan = incident_plan(&incident, &policy, RESPONSE_FULL, NOW, NOW + 7000);
    assert_int_equal(plan.step, PLAN_SERVICES);
    assert_int_equal(plan.at, NOW + 7000);
    incident.services_done = 1; /* the first of them was the restart */
    plan = incident_plan(&incident, &policy, RESPONSE_FULL, NOW, NOW + 7000);
    assert_int_equal(plan.at, NOW);
}

static void restarted_is_contained_when_nothing_comes(void **state)
{
    (void)state;
    struct incident incident = incident_in(INCIDENT_RESTARTED);
    expect(&incident, RESPONSE_FULL, PLAN_CONTAIN, NOW - 3000 + 600000);
    expect(&incident, RESPONSE_OBSERVE, PLAN_CONTAIN, NOW - 3000 + 600000);
    incident.leak_at = NOW - 1000;
    expect(&incident, RESPONSE_FULL, PLAN_CONTAIN, NOW - 1000 + 600000);
    expect(&incident, RESPONSE_RELEASE, PLAN_NOTHING, INT64_MAX);
}

static void a_leak_is_looked_into_before_anything(void **state)
{
    (void)state;
    struct incident incident = incident_in(INCIDENT_RESTARTED);
    incident.leak_open = true;
    incident.leak_at = NOW - 700000;
    incident.restarted_at = NOW - 700000;
    expect(&incident, RESPONSE_FULL, PLAN_LOOK, NOW);
    expect(&incident, RESPONSE_OBSERVE, PLAN_NOTHING, INT64_MAX); /* not contained either */
}

static void of_two_that_are_due_the_more_urgent_is_first(void **state)
{
    (void)state;
    struct incident incident = incident_in(INCIDENT_RESTARTED);
    incident.restarted_at = NOW - 700000;
    incident.release_at = NOW;
    expect(&incident, RESPONSE_FULL, PLAN_RELEASE_BY_TIME, NOW);
    incident.release_at = NOW + 1; /* not due yet: the earlier one, then */
    expect(&incident, RESPONSE_FULL, PLAN_CONTAIN, NOW - 100000);
}

static void services_are_restarted_one_by_one(void **state)
{
    (void)state;
    struct incident incident = incident_in(INCIDENT_RESTARTED);
    incident.escalation = ESCALATION_SERVICES;
    expect(&incident, RESPONSE_FULL, PLAN_CONTAIN, NOW - 3000 + 600000); /* none is named */
    policy.restart_services.count = 2;
    expect(&incident, RESPONSE_FULL, PLAN_SERVICES, NOW);
    expect(&incident, RESPONSE_OBSERVE, PLAN_NOTHING, INT64_MAX);
    incident.services_done = 1;
    expect(&incident, RESPONSE_FULL, PLAN_SERVICES, NOW);
    assert_true(incident_is_answering(&incident, &policy));
    incident.services_done = 2;
    expect(&incident, RESPONSE_FULL, PLAN_CONTAIN, NOW - 3000 + 600000);
    incident.state = INCIDENT_LOCKED;
    incident.services_done = 0;
    expect(&incident, RESPONSE_FULL, PLAN_RESTART, NOW); /* that comes first */
}

static void what_locks_by_time_is_released_by_time(void **state)
{
    (void)state;
    static const enum incident_state states[] = {INCIDENT_LOCKED, INCIDENT_RESTARTED,
                                                 INCIDENT_CONTAINED};
    for (size_t i = 0; i < 3; i++) {
        struct incident incident = incident_in(states[i]);
        incident.retry = (struct incident_retry){.tries = 1, .next_at = NOW + 999999};
        incident.release_at = NOW + 100;
        expect(&incident, RESPONSE_FULL, PLAN_RELEASE_BY_TIME, NOW + 100);
        expect(&incident, RESPONSE_RELEASE, PLAN_NOTHING, INT64_MAX);
        incident.stay_told = true;
        assert_int_not_equal(incident_plan(&incident, &policy, RESPONSE_FULL, NOW, NOW).step,
                             PLAN_RELEASE_BY_TIME);
        incident.stay_told = false;
        /* Begun: it waits out a pause, as nobody asked. */
        incident.release_wanted = incident.release_by_time = true;
        incident.retry.tries = 0;
        expect(&incident, RESPONSE_FULL, PLAN_RELEASE, NOW);
        assert_int_not_equal(incident_plan(&incident, &policy, RESPONSE_OBSERVE, NOW, NOW).step,
                             PLAN_RELEASE);
        expect(&incident, RESPONSE_RELEASE, PLAN_NOTHING, INT64_MAX);
    }
}

static void what_a_person_asks_for_comes_before_all_and_in_every_mode(void **state)
{
    (void)state;
    static const enum incident_state states[] = {INCIDENT_DECIDED, INCIDENT_LOCKED,
                                                 INCIDENT_RESTARTED, INCIDENT_CONTAINED,
                                                 INCIDENT_FLAGGED};
    for (size_t i = 0; i < 5; i++) {
        struct incident incident = incident_in(states[i]);
        incident.release_wanted = true;
        incident.release_at = NOW + 100; /* LockMinutes stand, and do not matter */
        for (enum response_mode mode = RESPONSE_FULL; mode <= RESPONSE_RELEASE; mode++)
            expect(&incident, mode, PLAN_RELEASE, NOW);
        incident_retry_failed(&incident.retry, 5, NOW);
        expect(&incident, RESPONSE_RELEASE, PLAN_RELEASE, NOW + 1000);
    }
}

static void contained_and_released_leave_nothing_to_do(void **state)
{
    (void)state;
    struct incident incident = incident_in(INCIDENT_CONTAINED);
    expect(&incident, RESPONSE_FULL, PLAN_NOTHING, INT64_MAX);
    incident.state = INCIDENT_RELEASED;
    incident.release_at = NOW - 1;
    expect(&incident, RESPONSE_FULL, PLAN_NOTHING, INT64_MAX);
}

static void flags_are_marked_once_if_somebody_should_see_to_them(void **state)
{
    (void)state;
    for (enum flag_reason flag = FLAG_NOT; flag <= FLAG_QUEUE; flag++) {
        struct incident incident = incident_in(INCIDENT_FLAGGED);
        incident.verdict.flag = flag;
        bool marks = flag == FLAG_ACTION || flag == FLAG_BUDGET || flag == FLAG_PROTECTED;
        expect(&incident, RESPONSE_FULL, marks ? PLAN_MARK : PLAN_NOTHING, marks ? NOW : INT64_MAX);
        expect(&incident, RESPONSE_OBSERVE, PLAN_NOTHING, INT64_MAX);
        incident.retry.tries = 1;
        expect(&incident, RESPONSE_FULL, PLAN_NOTHING, INT64_MAX);
        incident.retry.tries = 0;
        incident.change.made = true;
        expect(&incident, RESPONSE_FULL, PLAN_NOTHING, INT64_MAX);
        assert_false(incident_can_be_released(&incident));
        incident.change = (struct incident_change){.marked = true};
        assert_false(incident_can_be_released(&incident));
        incident.change.made = true;
        assert_int_equal(incident_can_be_released(&incident), marks);
        incident.verdict.sid_size = 0;
        assert_false(incident_wants_mark(&incident));
    }
}

static void of_the_failed_only_the_last_administrator_is_marked(void **state)
{
    (void)state;
    for (enum incident_ending ending = ENDING_NONE; ending < ENDINGS; ending++) {
        struct incident incident = incident_in(INCIDENT_FAILED);
        incident.ending = ending;
        bool marks = ending == ENDING_LAST_ADMIN;
        expect(&incident, RESPONSE_FULL, marks ? PLAN_MARK : PLAN_NOTHING, marks ? NOW : INT64_MAX);
        assert_false(incident_can_be_released(&incident));
    }
}

static void each_new_leak_is_answered_by_one_step_more(void **state)
{
    (void)state;
    struct incident incident = incident_in(INCIDENT_RESTARTED);
    for (int smtp = 0; smtp <= 1; smtp++) {
        for (uint32_t services = 0; services <= 1; services++) {
            policy.restart_smtp = smtp;
            policy.restart_services.count = services;
            incident.escalation = ESCALATION_NONE;
            incident.escalation = incident_escalate(&incident, &policy);
            assert_int_equal(incident.escalation, ESCALATION_VERIFIED);
            if (smtp) {
                incident.escalation = incident_escalate(&incident, &policy);
                assert_int_equal(incident.escalation, ESCALATION_RESTARTED);
            }
            if (services) {
                incident.escalation = incident_escalate(&incident, &policy);
                assert_int_equal(incident.escalation, ESCALATION_SERVICES);
            }
            for (int i = 0; i < 2; i++) {
                incident.escalation = incident_escalate(&incident, &policy);
                assert_int_equal(incident.escalation, ESCALATION_ALERTED);
            }
        }
    }
}

static void while_an_answer_is_under_way_leaks_are_only_counted(void **state)
{
    (void)state;
    struct incident incident = incident_in(INCIDENT_LOCKED);
    assert_false(incident_is_answering(&incident, &policy)); /* the look has not been */
    incident.escalation = ESCALATION_VERIFIED;
    assert_true(incident_is_answering(&incident, &policy)); /* the restart is to come */
    incident.state = INCIDENT_RESTARTED;
    assert_false(incident_is_answering(&incident, &policy));
    incident.leak_open = true;
    assert_true(incident_is_answering(&incident, &policy));
}

static void a_restart_counts_for_who_was_locked_before_it_began(void **state)
{
    (void)state;
    struct incident incident = incident_in(INCIDENT_LOCKED);
    assert_true(incident_restarted_by(&incident, NOW - 4000));
    assert_false(incident_restarted_by(&incident, NOW - 4001));
    incident.state = INCIDENT_RESTARTED;
    assert_false(incident_restarted_by(&incident, NOW));
}

static void a_restart_is_needed_for_smtp_or_the_first_of_the_services(void **state)
{
    (void)state;
    struct incident incident = incident_in(INCIDENT_RESTARTED);
    for (enum plan_step step = 0; step <= PLAN_NOTHING; step++) {
        struct plan plan = {step, NOW};
        incident.services_done = 0;
        assert_int_equal(incident_needs_restart(&incident, &plan),
                         step == PLAN_RESTART || step == PLAN_SERVICES);
        incident.services_done = 1;
        assert_int_equal(incident_needs_restart(&incident, &plan), step == PLAN_RESTART);
    }
}

static void pauses_double_from_a_second_to_a_minute(void **state)
{
    (void)state;
    static const int64_t pauses[] = {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
    struct incident_retry retry = {0};
    for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++) {
        int64_t now = NOW + (int64_t)i * 100000;
        incident_retry_failed(&retry, 5 + (uint32_t)i, now);
        assert_int_equal(retry.next_at - now, pauses[i]);
        assert_int_equal(retry.tries, i + 1);
        assert_int_equal(retry.error, 5 + i);
        assert_int_equal(retry.first_at, NOW);
    }
    retry.tries = UINT32_MAX - 1;
    incident_retry_failed(&retry, 5, NOW);
    assert_int_equal(retry.next_at - NOW, 60000);
}

static void it_is_given_up_so_long_after_the_first_failure(void **state)
{
    (void)state;
    struct incident_retry retry = {0};
    assert_false(incident_retry_is_over(&retry, &policy, NOW + 10 * (int64_t)DAY));
    incident_retry_failed(&retry, 5, NOW);
    assert_false(incident_retry_is_over(&retry, &policy, NOW + DAY - 1));
    assert_true(incident_retry_is_over(&retry, &policy, NOW + DAY));
}

static struct incident all[BOOK_INCIDENTS_MAX];

static void releases_by_time_are_counted_per_account_and_week(void **state)
{
    (void)state;
    const int64_t week = 7 * (int64_t)DAY, now = week + NOW;
    struct incident_book book = {.incidents = all, .count = 6};
    for (uint32_t i = 0; i < 7; i++) { /* the last is in no book */
        all[i] = incident_in(INCIDENT_RELEASED);
        all[i].ending = ENDING_BY_TIME;
        all[i].closed_at = now - 1000;
    }
    all[1].ending = ENDING_BY_REQUEST;
    all[2].verdict.sid[8] = 77;
    all[3].closed_at = now - week;
    all[4].closed_at = now - week + 1;
    all[5].state = INCIDENT_LOCKED;
    assert_int_equal(incident_auto_releases(&book, all[0].verdict.sid, 12, now), 2);
    assert_int_equal(incident_auto_releases(&book, all[2].verdict.sid, 12, now), 1);
}

static void the_latest_moment_is_that_of_anything_in_the_book(void **state)
{
    (void)state;
    struct incident_book book = {.incidents = all};
    int64_t *const moments[] = {
        &all[0].decided_at,     &all[0].locked_at,         &all[0].restart_since,
        &all[0].restarted_at,   &all[0].closed_at,         &all[0].leak_at,
        &book.restart.begun_at, &book.position.steady.now, &book.restart.recent[1],
    };
    memset(all, 0, 2 * sizeof all[0]);
    assert_int_equal(incident_latest_moment(&book), 0);
    book.count = 1;
    book.restart.recent_count = 2;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        *moments[i] = NOW + (int64_t)i;
        assert_int_equal(incident_latest_moment(&book), NOW + (int64_t)i);
    }
    book.restart.recent_count = 1;
    book.restart.recent[0] = NOW + 100;
    assert_int_equal(incident_latest_moment(&book), NOW + 100);
    book.count = 2;
    all[1].leak_at = NOW + 200;
    assert_int_equal(incident_latest_moment(&book), NOW + 200);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_policy_is_the_settings_in_ms),
        TEST(decided_is_locked_at_once_or_when_its_last_try_allows),
        TEST(locked_needs_a_restart),
        TEST(what_else_is_due_does_not_wait_for_a_restart_that_has_to),
        TEST(restarted_is_contained_when_nothing_comes),
        TEST(a_leak_is_looked_into_before_anything),
        TEST(of_two_that_are_due_the_more_urgent_is_first),
        TEST(services_are_restarted_one_by_one),
        TEST(what_locks_by_time_is_released_by_time),
        TEST(what_a_person_asks_for_comes_before_all_and_in_every_mode),
        TEST(contained_and_released_leave_nothing_to_do),
        TEST(flags_are_marked_once_if_somebody_should_see_to_them),
        TEST(of_the_failed_only_the_last_administrator_is_marked),
        TEST(each_new_leak_is_answered_by_one_step_more),
        TEST(while_an_answer_is_under_way_leaks_are_only_counted),
        TEST(a_restart_counts_for_who_was_locked_before_it_began),
        TEST(a_restart_is_needed_for_smtp_or_the_first_of_the_services),
        TEST(pauses_double_from_a_second_to_a_minute),
        TEST(it_is_given_up_so_long_after_the_first_failure),
        TEST(releases_by_time_are_counted_per_account_and_week),
        TEST(the_latest_moment_is_that_of_anything_in_the_book),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
