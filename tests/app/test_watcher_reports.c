/* What the watcher tells of itself, of the log and of Exchange's levels: when it is asked, when it
 * happens, and once an hour or a day. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "watcher_scene.h"

static void status_says_what_was_read(void **state)
{
    (void)state;
    watcher_scene_start();
    watcher_scene_sign_ins(u"CONTOSO\\carol", 2);
    watcher_scene_sign_ins(NULL, 1);
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    watcher_scene_settle();
    watcher_scene_forward(90061000);
    control_status(&watcher_scene.control);
    assert_true(recorder_wait(MSG_STATUS, 1, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_STATUS, 1), L"3"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STATUS, 2), L"3"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STATUS, 3), L"1"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STATUS, 4), L"1"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_STATUS, 6), L"5"), 0);
    assert_int_equal(wcsncmp(recorder_string(MSG_STATUS, 8), L"1 d 1 h 1 min", 13), 0);
}

static void malformed_events_are_told_once_an_hour_with_their_number(void **state)
{
    (void)state;
    watcher_scene_start();
    watcher_scene_sign_ins(NULL, 7);
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    watcher_scene_settle();
    assert_int_equal(recorder_count(MSG_MALFORMED), 0);
    watcher_scene_forward(3600000);
    assert_true(recorder_wait(MSG_MALFORMED, 1, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_MALFORMED, 0), L"7"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_MALFORMED, 1), L"7"), 0);
    watcher_scene_forward(3600000);
    watcher_scene_settle();
    assert_int_equal(recorder_count(MSG_MALFORMED), 1);
    watcher_scene_sign_ins(NULL, 2);
    watcher_scene_settle();
    watcher_scene_forward(3600000);
    assert_true(recorder_wait(MSG_MALFORMED, 2, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_MALFORMED, 0), L"2"), 0);
}

/* A forged sign-in, from an hour ahead or back, before each that the relay can least afford. */
static void false_times_do_not_hide_a_relay_and_are_told(void **state)
{
    (void)state;
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    watcher_scene_settle();
    for (int i = 0; i < 4; i++) {
        watcher_scene_sign_ins(u"CONTOSO\\carol", 1);
        watcher_scene_sign_ins_dated(u"CONTOSO\\nobody", 1, i % 2 ? 3600 : -3600);
        watcher_scene_settle();
    }
    assert_int_equal(watcher_scene.carol->writes, 0);
    watcher_scene_sign_ins(u"CONTOSO\\carol", 1);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    watcher_scene_forward(3600000);
    assert_true(recorder_wait(MSG_TIME_IMPOSSIBLE, 1, PATIENCE));
    assert_int_equal(lstrcmpW(recorder_string(MSG_TIME_IMPOSSIBLE, 0), L"4"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_TIME_IMPOSSIBLE, 1), L"8"), 0);
    watcher_scene_forward(3600000);
    watcher_scene_settle();
    assert_int_equal(recorder_count(MSG_TIME_IMPOSSIBLE), 1);
}

/* Accounts near their limit have all the room that MaxAccounts gives: no other is counted. */
static void what_was_not_counted_is_told_once_an_hour(void **state)
{
    enum { EACH = 3, ROOM = 64, OTHERS = 2 };
    static char16_t names[ROOM + OTHERS][3];
    const DWORD room = ROOM;
    (void)state;
    fake_registry_put(PARAMETERS_KEY, L"MaxAccounts", REG_DWORD, &room, sizeof room);
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    for (size_t i = 0; i < ROOM + OTHERS; i++) {
        names[i][0] = u'n';
        names[i][1] = (char16_t)(0x4e00 + i);
        watcher_scene_sign_ins(names[i], EACH);
    }
    watcher_scene_settle();
    assert_int_equal(recorder_count(MSG_ACCOUNTS_LOST), 0);
    watcher_scene_forward(3600000);
    assert_true(recorder_wait(MSG_ACCOUNTS_LOST, 1, PATIENCE));
    recorder_expect(MSG_ACCOUNTS_LOST, 0, L"64");
    recorder_expect(MSG_ACCOUNTS_LOST, 1, L"6");
    watcher_scene_forward(3600000);
    watcher_scene_settle();
    assert_int_equal(recorder_count(MSG_ACCOUNTS_LOST), 1);
}

static void put_level(DWORD level)
{
    fake_registry_put(L"SYSTEM\\CurrentControlSet\\Services\\MSExchangeTransport\\Diagnostics",
                      L"7 SMTP Protocol", REG_DWORD, &level, sizeof level);
}

static DWORD level(void)
{
    DWORD type, size;
    const DWORD *found =
        fake_registry_get(L"SYSTEM\\CurrentControlSet\\Services\\MSExchangeTransport\\Diagnostics",
                          L"7 SMTP Protocol", &type, &size);
    return *found;
}

static void exchanges_level_is_raised_as_the_settings_say(void **state)
{
    static DWORD raise_logging = 0;
    (void)state;
    put_level(1);
    fake_registry_put(PARAMETERS_KEY, L"RaiseLogging", REG_DWORD, &raise_logging, 4);
    watcher_scene_start();
    assert_true(recorder_wait(MSG_LEVEL_LOW, 1, PATIENCE));
    assert_int_equal(level(), 1);
    raise_logging = 1;
    fake_registry_put(PARAMETERS_KEY, L"RaiseLogging", REG_DWORD, &raise_logging, 4);
    control_reload(&watcher_scene.control);
    assert_true(recorder_wait(MSG_LEVEL_GOOD, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_LOGGING_RAISED), 1);
    assert_int_equal(level(), 5);
}

static void a_change_of_exchanges_level_wakes_it(void **state)
{
    (void)state;
    put_level(5);
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    watcher_scene_settle();
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 0);
    put_level(1);
    assert_true(recorder_wait(MSG_LEVEL_LOW, 1, PATIENCE));
    put_level(5);
    assert_true(recorder_wait(MSG_LEVEL_GOOD, 1, PATIENCE));
}

static void once_a_day_it_tells_the_days_figures(void **state)
{
    (void)state;
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    watcher_scene_sign_ins(u"CONTOSO\\carol", 5);
    watcher_scene_sign_ins(NULL, 2);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    watcher_scene_settle();
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 0);
    watcher_scene_forward(24 * 3600000);
    assert_true(recorder_wait(MSG_HEARTBEAT, 1, PATIENCE));
    static const wchar_t *const figures[] = {L"7", L"2", L"1", L"1", L"1"};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(lstrcmpW(recorder_string(MSG_HEARTBEAT, 1 + i), figures[i]), 0);
}

static void an_alert_over_lost_records_says_so(void **state)
{
    (void)state;
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    /* The next one is lost, say. */
    watcher_scene.change = (struct event_source_change){.first = 1, .last = 1};
    watcher_scene_sign_ins(u"CONTOSO\\carol", 6);
    assert_true(recorder_wait(MSG_CROSSED, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_RECORDS_MISSED), 1);
    assert_non_null(wcsstr(recorder_string(MSG_CROSSED, 10), L"records up to 1 are gone"));
}

static void a_log_that_gets_full_is_told_within_five_minutes(void **state)
{
    (void)state;
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    watcher_scene.facts =
        (struct log_facts){.full = true, .retention = LOG_KEEPS, .keeps_for = UINT32_MAX};
    watcher_scene_forward(300000);
    assert_true(recorder_wait(MSG_LOG_FULL, 1, PATIENCE));
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, watcher_scene_set_up, watcher_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(status_says_what_was_read),
        TEST(malformed_events_are_told_once_an_hour_with_their_number),
        TEST(false_times_do_not_hide_a_relay_and_are_told),
        TEST(what_was_not_counted_is_told_once_an_hour),
        TEST(exchanges_level_is_raised_as_the_settings_say),
        TEST(a_change_of_exchanges_level_wakes_it),
        TEST(once_a_day_it_tells_the_days_figures),
        TEST(an_alert_over_lost_records_says_so),
        TEST(a_log_that_gets_full_is_told_within_five_minutes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
