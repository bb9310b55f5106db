/* When SMTP may be restarted, and what is remembered of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/restart_plan.h"

enum { NOW = 10000000, HOUR = 3600000 };

static struct response_policy policy;

static int set_up(void **state)
{
    static struct settings settings;
    (void)state;
    settings_defaults(&settings);
    response_policy_make(&policy, &settings);
    return 0;
}

static void expect_restart(const struct restart_record *record, int64_t now, enum restart_wait wait,
                           int64_t at)
{
    struct restart_plan plan = restart_plan(record, &policy, now);
    assert_int_equal(plan.wait, wait);
    assert_int_equal(plan.at, at);
}

static void restarts_are_a_cooldown_apart(void **state)
{
    (void)state;
    struct restart_record record = {0};
    expect_restart(&record, NOW, RESTART_MAY_BEGIN, NOW);
    restart_record_done(&record, NOW);
    expect_restart(&record, NOW + 1, RESTART_COOLING, NOW + 300000);
    expect_restart(&record, NOW + 299999, RESTART_COOLING, NOW + 300000);
    expect_restart(&record, NOW + 300000, RESTART_MAY_BEGIN, NOW + 300000);
    policy.cooldown = 0;
    expect_restart(&record, NOW, RESTART_MAY_BEGIN, NOW);
}

static void so_many_restarts_are_made_within_an_hour(void **state)
{
    (void)state;
    struct restart_record record = {0};
    for (int i = 0; i < 6; i++)
        restart_record_done(&record, NOW + i * 400000);
    int64_t now = NOW + 5 * 400000 + 350000;
    expect_restart(&record, now, RESTART_SPENT, NOW + HOUR);
    expect_restart(&record, NOW + HOUR, RESTART_MAY_BEGIN, NOW + HOUR);
    policy.max_restarts_per_hour = 3; /* fewer than there were */
    expect_restart(&record, now, RESTART_SPENT, NOW + 3 * 400000 + HOUR);
    policy.cooldown = 2 * HOUR; /* of two reasons the one that lasts longer */
    expect_restart(&record, now, RESTART_COOLING, NOW + 5 * 400000 + 2 * HOUR);
}

/* Those that the journal remembers from long ago. */
static void restarts_older_than_an_hour_do_not_count(void **state)
{
    (void)state;
    struct restart_record record = {.recent = {NOW - 3 * HOUR, NOW - 2 * HOUR}, .recent_count = 2};
    policy.max_restarts_per_hour = 3;
    expect_restart(&record, NOW, RESTART_MAY_BEGIN, NOW);
    policy.max_restarts_per_hour = 1;
    expect_restart(&record, NOW, RESTART_MAY_BEGIN, NOW);
}

static void restarts_are_remembered_for_an_hour_and_in_bounds(void **state)
{
    (void)state;
    struct restart_record record = {.phase = RESTART_STOPPED};
    restart_record_done(&record, NOW);
    assert_int_equal(record.phase, RESTART_NONE);
    restart_record_done(&record, NOW + HOUR - 1);
    assert_int_equal(record.recent_count, 2);
    restart_record_done(&record, NOW + HOUR);
    assert_int_equal(record.recent_count, 2);
    assert_int_equal(record.recent[0], NOW + HOUR - 1);
    for (int i = 1; i <= 2 * BOOK_RESTARTS_MAX; i++)
        restart_record_done(&record, NOW + HOUR + i);
    assert_int_equal(record.recent_count, BOOK_RESTARTS_MAX);
    assert_int_equal(record.recent[BOOK_RESTARTS_MAX - 1], NOW + HOUR + 2 * BOOK_RESTARTS_MAX);
    assert_int_equal(record.recent[0], NOW + HOUR + BOOK_RESTARTS_MAX + 1);
    record.recent[0] = NOW; /* makes room by its age; none within the hour has to go */
    restart_record_done(&record, NOW + 2 * HOUR - 1);
    assert_int_equal(record.recent_count, BOOK_RESTARTS_MAX);
    record.recent_count = BOOK_RESTARTS_MAX - 1;
    record.recent[0] = NOW;
    restart_record_done(&record, NOW + 2 * HOUR - 1);
    assert_int_equal(record.recent_count, BOOK_RESTARTS_MAX - 1);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(restarts_are_a_cooldown_apart),
        TEST(so_many_restarts_are_made_within_an_hour),
        TEST(restarts_older_than_an_hour_do_not_count),
        TEST(restarts_are_remembered_for_an_hour_and_in_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
