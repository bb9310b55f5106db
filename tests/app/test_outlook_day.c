/* What is told once a day: the day's figures, and sign-ins of other computers; and what is kept, so
 * that the next process goes on with the day and tells nothing twice. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "outlook_scene.h"

/* ---- the day -------------------------------------------------------------------------------- */

static void the_figures_of_the_day_are_told_a_day_after_the_first_start(void **state)
{
    (void)state;
    outlook_scene_begin();
    outlook_scene_sign_ins(10);
    outlook_scene_live(2 * HOUR);
    outlook_scene.view.counts = (struct outlook_counts){30, 2, 9, 3, 4, 5, 6, 7};
    outlook_scene.view.accounts = 12;
    outlook_look(&outlook_scene.outlook, &outlook_scene.view);
    outlook_scene.view.accounts = 4;
    outlook_scene_live(22 * HOUR - OUTLOOK_PAUSE);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 0);
    outlook_scene_live(OUTLOOK_PAUSE);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 1);
    static const wchar_t *const figures[] = {L"2010-01-01T00:00:00Z to 2010-01-02T00:00:00Z",
                                             L"30",
                                             L"2",
                                             L"12",
                                             L"3",
                                             L"4",
                                             L"5",
                                             L"6",
                                             L"7",
                                             L"22 h"};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        assert_true(outlook_scene_is(MSG_HEARTBEAT, i, figures[i]));
    assert_true(outlook_scene_is(MSG_HEARTBEAT, 10, L"nothing"));
    outlook_scene_live(DAY);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 2);
    assert_true(outlook_scene_is(MSG_HEARTBEAT, 1, L"0"));
    assert_true(outlook_scene_is(MSG_HEARTBEAT, 3, L"4"));
}

static void the_day_goes_on_over_a_restart(void **state)
{
    (void)state;
    outlook_scene_begin();
    outlook_scene_sign_ins(10);
    outlook_scene_live(10 * HOUR);
    outlook_scene_restart(HOUR, BOOT);
    outlook_scene_sign_ins(5);
    outlook_scene_live(13 * HOUR);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 1);
    assert_true(outlook_scene_is(MSG_HEARTBEAT, 1, L"15"));
    outlook_scene_restart(3 * (int64_t)DAY, BOOT + 1);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 2); /* overdue */
    outlook_scene_restart(0, BOOT + 1);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 2);
}

static void what_keeps_it_from_seeing_is_in_the_figures(void **state)
{
    (void)state;
    outlook_scene_put_level(L"9 Authentication", 0);
    outlook_scene.facts =
        (struct log_facts){.size = 512 << 10, .max_size = 512 << 10, .oldest_time = WALL};
    outlook_scene_begin();
    for (int i = 0; i < 48; i++) {
        outlook_scene.facts.oldest_time = outlook_scene.clock.wall;
        outlook_scene_live(HOUR / 2);
    }
    assert_true(
        outlook_scene_says(MSG_HEARTBEAT, 10, L"(event 310); the log is too small (event 314)"));
    assert_false(outlook_scene_says(MSG_HEARTBEAT, 10, L"312"));
}

/* ---- keeping it ----------------------------------------------------------------------------- */

static void it_is_worth_keeping_every_hour_and_after_it_told_something(void **state)
{
    (void)state;
    struct outlook_record record;
    outlook_scene_put_level(L"9 Authentication", 5);
    outlook_scene_begin();
    assert_true(outlook_has_news(&outlook_scene.outlook, outlook_scene.clock.now));
    outlook_keep(&outlook_scene.outlook, outlook_scene.clock.now, &record);
    assert_in_range(record.size, 1, BOOK_OUTLOOK_MAX);
    assert_false(outlook_has_news(&outlook_scene.outlook, outlook_scene.clock.now));
    outlook_scene_live(HOUR - 1);
    assert_false(outlook_has_news(&outlook_scene.outlook, outlook_scene.clock.now));
    outlook_scene_live(1);
    assert_true(outlook_has_news(&outlook_scene.outlook, outlook_scene.clock.now));
    outlook_keep(&outlook_scene.outlook, outlook_scene.clock.now, &record);
    outlook_scene_put_level(L"9 Authentication", 0);
    outlook_look(&outlook_scene.outlook, &outlook_scene.view);
    assert_true(outlook_has_news(&outlook_scene.outlook, outlook_scene.clock.now));
}

static void what_was_told_is_not_told_again_after_a_restart(void **state)
{
    (void)state;
    outlook_scene_put_level(L"7 SMTP Protocol", 0);
    outlook_scene_begin();
    for (int i = 0; i < 20; i++)
        outlook_scene_restart(HOUR, BOOT + (uint32_t)i);
    assert_int_equal(recorder_count(MSG_LEVEL_LOW), 1);
    outlook_scene_put_level(L"7 SMTP Protocol", 5);
    outlook_scene_restart(HOUR, BOOT);
    assert_int_equal(recorder_count(MSG_LEVEL_GOOD), 1);
    outlook_scene_restart(4 * HOUR, BOOT);
    assert_int_equal(recorder_count(MSG_LEVEL_GOOD), 1);
}

static void bytes_that_make_no_sense_are_no_memory(void **state)
{
    (void)state;
    struct outlook_record record = {.size = 700};
    memset(record.bytes, 0xa5, sizeof record.bytes);
    outlook_recall(&outlook_scene.outlook, &record, &outlook_scene.clock);
    outlook_look(&outlook_scene.outlook, &outlook_scene.view);
    assert_int_equal(outlook_scene.outlook.state.day.begun_at, outlook_scene.clock.now);
    assert_int_equal(outlook_scene.outlook.state.day.begun_wall, WALL);
    outlook_scene_live(DAY);
    assert_int_equal(recorder_count(MSG_HEARTBEAT), 1);
}

/* ---- other computers ------------------------------------------------------------------------ */

static void foreign(uint64_t record)
{
    struct event_source_counters *log = &outlook_scene.source.counters;
    log->foreign_records[log->foreign++ % EVENT_SOURCE_FOREIGN] = record;
    wcscpy(log->foreign_computer, L"PC%n7");
    outlook_scene.view.counts.foreign = log->foreign;
}

static void sign_ins_of_other_computers_are_told_once_a_day(void **state)
{
    (void)state;
    outlook_scene_begin();
    outlook_scene_live(HOUR);
    assert_int_equal(recorder_count(MSG_FOREIGN), 0);
    foreign(17);
    foreign(19);
    outlook_scene_pass(0);
    assert_int_equal(recorder_count(MSG_FOREIGN), 1);
    assert_true(outlook_scene_is(MSG_FOREIGN, 0, L"2"));
    assert_true(outlook_scene_is(MSG_FOREIGN, 1, L"1708"));
    assert_true(outlook_scene_is(MSG_FOREIGN, 2, L"MSExchangeTransport"));
    assert_true(outlook_scene_is(MSG_FOREIGN, 3, L"PC{U+0025}n7"));
    assert_true(outlook_scene_is(MSG_FOREIGN, 4, L"17, 19"));
    assert_true(outlook_scene_is(MSG_FOREIGN, 5, L"Application"));
    for (uint64_t record = 30; record < 50; record++)
        foreign(record);
    outlook_scene_live(DAY - 2 * HOUR);
    assert_int_equal(recorder_count(MSG_FOREIGN), 1);
    outlook_scene_live(2 * HOUR);
    assert_int_equal(recorder_count(MSG_FOREIGN), 2);
    assert_true(outlook_scene_is(MSG_FOREIGN, 0, L"20"));
    assert_true(outlook_scene_is(MSG_FOREIGN, 4, L"42, 43, 44, 45, 46, 47, 48, 49"));
    outlook_scene_live(2 * (int64_t)DAY);
    assert_int_equal(recorder_count(MSG_FOREIGN), 2);
}

static void the_day_says_how_many_came_from_other_computers(void **state)
{
    (void)state;
    outlook_scene_begin();
    foreign(17);
    outlook_scene_live(HOUR);
    outlook_scene_restart(0, BOOT); /* the next process goes on with the day */
    outlook_scene.source.counters = (struct event_source_counters){0};
    outlook_scene_live(DAY);
    assert_true(outlook_scene_is(MSG_HEARTBEAT, 11, L"1"));
    assert_int_equal(recorder_count(MSG_FOREIGN), 1);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, outlook_scene_set_up, outlook_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_figures_of_the_day_are_told_a_day_after_the_first_start),
        TEST(the_day_goes_on_over_a_restart),
        TEST(what_keeps_it_from_seeing_is_in_the_figures),
        TEST(it_is_worth_keeping_every_hour_and_after_it_told_something),
        TEST(what_was_told_is_not_told_again_after_a_restart),
        TEST(bytes_that_make_no_sense_are_no_memory),
        TEST(sign_ins_of_other_computers_are_told_once_a_day),
        TEST(the_day_says_how_many_came_from_other_computers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
