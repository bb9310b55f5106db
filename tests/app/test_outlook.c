/* What RelayLock says of what it cannot see: Exchange's levels, the log and a clock that was set.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "outlook_scene.h"

static void nothing_is_said_when_all_is_well(void **state)
{
    (void)state;
    outlook_scene_put_level(L"7 SMTP Protocol", 5);
    outlook_scene_begin();
    outlook_scene_live(DAY - HOUR);
    for (DWORD id = MSG_LEVEL_LOW & 0xffff; id <= (MSG_CLOCK_JUMP & 0xffff); id++)
        for (DWORD severity = 0; severity < 4; severity++)
            assert_int_equal(recorder_count(severity << 30 | id), 0);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 0);
}

static void nothing_is_said_before_it_is_known_what_was_told(void **state)
{
    (void)state;
    outlook_scene_put_level(L"7 SMTP Protocol", 0);
    outlook_scene_sign_ins(70);
    outlook_scene_live(2 * (int64_t)DAY);
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 0);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 0);
    assert_int_equal(outlook_wait(&outlook_scene.outlook, outlook_scene.clock.now), OUTLOOK_PAUSE);
    assert_false(outlook_has_news(&outlook_scene.outlook, outlook_scene.clock.now));
    outlook_scene_begin();
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 1);
    assert_int_equal(outlook_scene.outlook.state.day.sign_ins, 0);
}

/* ---- levels --------------------------------------------------------------------------------- */

static void a_low_level_is_told_once_a_day_and_when_it_is_over(void **state)
{
    (void)state;
    outlook_scene_put_level(L"7 SMTP Protocol", 3);
    outlook_scene_put_level(L"9 Authentication", 1);
    outlook_scene_begin();
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 1);
    assert_true(outlook_scene_is(MSG_LEVEL_LOW, 0, L"7 SMTP Protocol, 9 Authentication"));
    assert_true(outlook_scene_is(MSG_LEVEL_LOW, 1, L"MSExchangeTransport"));
    assert_true(outlook_scene_is(MSG_LEVEL_LOW, 2, L"3"));
    outlook_scene_live(DAY - MINUTE);
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 1);
    outlook_scene_live(10 * MINUTE);
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 2);
    outlook_scene_put_level(L"9 Authentication", 5);
    assert_int_equal(WaitForSingleObject(outlook_signal(&outlook_scene.outlook), 0), WAIT_OBJECT_0);
    /* Woken, long before the next look is due. */
    outlook_look(&outlook_scene.outlook, &outlook_scene.view);
    assert_int_equal(recorder_count(MSG_LEVEL_GOOD), 1);
    assert_true(outlook_scene_is(MSG_LEVEL_GOOD, 0, L"MSExchangeTransport"));
    outlook_scene_live(2 * (int64_t)DAY);
    assert_int_equal(recorder_count(MSG_LEVEL_GOOD), 1);
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 2);
}

static void a_signal_makes_nothing_else_be_looked_at(void **state)
{
    (void)state;
    outlook_scene_put_level(L"7 SMTP Protocol", 5);
    outlook_scene_begin();
    assert_int_equal(outlook_scene.looks, 1);
    for (DWORD i = 0; i < 20; i++) {
        outlook_scene_put_level(L"7 SMTP Protocol", 4 + i % 2);
        outlook_look(&outlook_scene.outlook, &outlook_scene.view);
    }
    assert_int_equal(outlook_scene.looks, 1);
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 1);
    assert_int_equal(recorder_count(MSG_LEVEL_GOOD), 1);
}

static void what_cannot_be_read_is_neither_good_nor_bad(void **state)
{
    (void)state;
    outlook_scene_put_level(L"7 SMTP Protocol", 0);
    outlook_scene_begin();
    fake_registry_fail(2, ERROR_ACCESS_DENIED);
    outlook_scene_put_level(L"7 SMTP Protocol", 0);
    outlook_look(&outlook_scene.outlook, &outlook_scene.view);
    assert_int_equal(recorder_count(MSG_LEVEL_GOOD), 0);
    assert_string_equal(outlook_scene.outlook.unknown, "RegEnumValueW failed with error 5");
    fake_registry_deny(OUTLOOK_LEVELS);
    outlook_scene_live(DAY);
    assert_true(outlook_scene_says(MSG_HEARTBEAT, 10, L"RegOpenKeyExW failed with error 5"));
    assert_true(outlook_scene_says(MSG_HEARTBEAT, 10, L"(event 310)"));
}

/* ---- the log -------------------------------------------------------------------------------- */

static void a_log_that_is_nearly_full_is_told_and_told_to_have_room(void **state)
{
    (void)state;
    outlook_scene.facts = (struct log_facts){.size = 500 << 10,
                                             .max_size = 512 << 10,
                                             .retention = LOG_KEEPS,
                                             .keeps_for = UINT32_MAX,
                                             .oldest_time = WALL - 5};
    outlook_scene_begin();
    assert_int_equal(recorder_count(MSG_LOG_FULL), 1);
    assert_true(outlook_scene_is(MSG_LOG_FULL, 0, L"Application"));
    assert_true(outlook_scene_is(MSG_LOG_FULL, 1, L"500"));
    assert_true(outlook_scene_is(MSG_LOG_FULL, 2, L"512"));
    assert_true(outlook_scene_is(MSG_LOG_FULL, 3, L"it keeps them until it is cleared"));
    assert_int_equal(recorder_count(MSG_LOG_TOO_SMALL), 0);
    outlook_scene.facts.size = 10 << 10;
    outlook_scene_live(OUTLOOK_PAUSE);
    assert_int_equal(recorder_count(MSG_LOG_HAS_ROOM), 1);
    assert_true(outlook_scene_is(MSG_LOG_HAS_ROOM, 0, L"Application"));
    outlook_scene.facts.size = 500 << 10;
    outlook_scene.facts.keeps_for = 7 * 86400;
    outlook_scene.facts.oldest_time = outlook_scene.clock.wall;
    outlook_scene_live(DAY);
    assert_int_equal(recorder_count(MSG_LOG_FULL), 2);
    assert_true(outlook_scene_is(MSG_LOG_FULL, 3, L"it keeps them for 7 d"));
}

static void a_log_too_small_for_a_window_is_told(void **state)
{
    (void)state;
    outlook_scene.facts =
        (struct log_facts){.size = 512 << 10, .max_size = 512 << 10, .oldest_time = WALL - 3599};
    outlook_scene_begin(); /* the longest window is an hour */
    assert_int_equal(recorder_count(MSG_LOG_TOO_SMALL), 1);
    assert_true(outlook_scene_is(MSG_LOG_TOO_SMALL, 0, L"Application"));
    assert_true(outlook_scene_is(MSG_LOG_TOO_SMALL, 1, L"512"));
    assert_true(outlook_scene_is(MSG_LOG_TOO_SMALL, 2, L"59 min 59 s"));
    assert_true(outlook_scene_is(MSG_LOG_TOO_SMALL, 3, L"1 h"));
    outlook_scene.facts.oldest_time = outlook_scene.clock.wall + 300 - 3600;
    outlook_scene_live(OUTLOOK_PAUSE);
    assert_int_equal(recorder_count(MSG_LOG_LARGE_ENOUGH), 1);
    assert_true(outlook_scene_is(MSG_LOG_LARGE_ENOUGH, 0, L"Application"));
}

static void a_log_that_cannot_be_looked_at_is_left_alone(void **state)
{
    (void)state;
    outlook_scene.facts =
        (struct log_facts){.full = true, .retention = LOG_KEEPS, .keeps_for = UINT32_MAX};
    outlook_scene_begin();
    outlook_scene.facts.full = false;
    outlook_scene.look_error = ERROR_ACCESS_DENIED;
    outlook_scene_live(HOUR);
    assert_int_equal(recorder_count(MSG_LOG_HAS_ROOM), 0);
    assert_string_equal(outlook_scene.outlook.unknown, "EvtOpenLog failed with error 5");
    outlook_scene.reader.away = true; /* an outage: nobody asks */
    int looks = outlook_scene.looks;
    outlook_scene_live(HOUR);
    assert_int_equal(outlook_scene.looks, looks);
    assert_string_equal(outlook_scene.outlook.unknown, "");
    outlook_scene_live(DAY - 2 * HOUR);
    assert_true(outlook_scene_says(MSG_HEARTBEAT, 10, L"the log cannot be read (event 300); "));
    outlook_scene.reader.away = false;
    outlook_scene.look_error = 0;
    outlook_scene_live(OUTLOOK_PAUSE);
    assert_int_equal(recorder_count(MSG_LOG_HAS_ROOM), 1);
}

static void it_is_looked_at_every_five_minutes(void **state)
{
    (void)state;
    outlook_scene_begin();
    assert_int_equal(outlook_wait(&outlook_scene.outlook, outlook_scene.clock.now), OUTLOOK_PAUSE);
    for (int i = 0; i < 100; i++)
        outlook_look(&outlook_scene.outlook, &outlook_scene.view);
    assert_int_equal(outlook_scene.looks, 1);
    outlook_scene_pass(OUTLOOK_PAUSE - 1);
    assert_int_equal(outlook_wait(&outlook_scene.outlook, outlook_scene.clock.now), 1);
    assert_int_equal(outlook_scene.looks, 1);
    outlook_scene_pass(1);
    assert_int_equal(outlook_scene.looks, 2);
    outlook_scene.clock.now += DAY;
    assert_int_equal(outlook_wait(&outlook_scene.outlook, outlook_scene.clock.now), 0);
    outlook_scene.clock.now -= 2 * (int64_t)DAY; /* a clock of an earlier journal */
    assert_int_equal(outlook_wait(&outlook_scene.outlook, outlook_scene.clock.now), OUTLOOK_PAUSE);
}

/* ---- the clock ------------------------------------------------------------------------------ */

static void a_clock_that_was_set_is_told_once_a_day(void **state)
{
    (void)state;
    outlook_scene_begin();
    outlook_scene.clock.wall += 7200;
    outlook_scene_pass(MINUTE);
    assert_int_equal(recorder_count(MSG_CLOCK_JUMP), 1);
    assert_true(outlook_scene_is(MSG_CLOCK_JUMP, 0, L"forward"));
    assert_true(outlook_scene_is(MSG_CLOCK_JUMP, 1, L"2 h"));
    outlook_scene.clock.wall -= 7200;
    outlook_scene_pass(MINUTE);
    outlook_scene_live(DAY);
    assert_int_equal(recorder_count(MSG_CLOCK_JUMP), 1);
    outlook_scene.clock.wall -= 61;
    outlook_scene_pass(MINUTE);
    assert_int_equal(recorder_count(MSG_CLOCK_JUMP), 2);
    assert_true(outlook_scene_is(MSG_CLOCK_JUMP, 0, L"back"));
    assert_true(outlook_scene_is(MSG_CLOCK_JUMP, 1, L"1 min 1 s"));
    outlook_scene_live(DAY);
    assert_true(outlook_scene_is(MSG_HEARTBEAT, 10, L"nothing")); /* it does not last */
}

static void a_clock_set_while_the_service_was_away_is_noticed_within_one_boot(void **state)
{
    (void)state;
    outlook_scene_begin();
    outlook_scene_restart(HOUR, BOOT + 1);
    outlook_scene.clock.wall += 3600;
    outlook_scene_restart(HOUR, BOOT + 2);
    assert_int_equal(recorder_count(MSG_CLOCK_JUMP), 0);
    outlook_scene.clock.wall += 3600;
    outlook_scene_restart(HOUR, BOOT + 2);
    assert_int_equal(recorder_count(MSG_CLOCK_JUMP), 1);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, outlook_scene_set_up, outlook_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_said_when_all_is_well),
        TEST(nothing_is_said_before_it_is_known_what_was_told),
        TEST(a_low_level_is_told_once_a_day_and_when_it_is_over),
        TEST(a_signal_makes_nothing_else_be_looked_at),
        TEST(what_cannot_be_read_is_neither_good_nor_bad),
        TEST(a_log_that_is_nearly_full_is_told_and_told_to_have_room),
        TEST(a_log_too_small_for_a_window_is_told),
        TEST(a_log_that_cannot_be_looked_at_is_left_alone),
        TEST(it_is_looked_at_every_five_minutes),
        TEST(a_clock_that_was_set_is_told_once_a_day),
        TEST(a_clock_set_while_the_service_was_away_is_noticed_within_one_boot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
