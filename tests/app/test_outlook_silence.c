/* A silence: told when it is far longer than any that is usual, and what is no silence. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "outlook_scene.h"

/* Ten days with a sign-in every ten minutes from eight to six. */
static void learn(void)
{
    for (int day = 0; day < 10; day++) {
        outlook_scene_live(8 * HOUR);
        for (int i = 0; i < 60; i++) {
            outlook_scene_sign_ins(1);
            outlook_scene_live(10 * MINUTE);
        }
        outlook_scene_live(6 * HOUR);
    }
}

static void a_silence_of_four_times_the_usual_is_told_and_its_end(void **state)
{
    (void)state;
    outlook_scene_begin();
    learn(); /* silent for six hours and ten minutes by now; 14:10 at the most */
    outlook_scene_live(50 * (int64_t)HOUR);
    assert_int_equal(recorder_count(MSG_SILENT), 0);
    outlook_scene_live(40 * MINUTE);
    assert_int_equal(recorder_count(MSG_SILENT), 1);
    assert_true(outlook_scene_is(MSG_SILENT, 0, L"1708"));
    assert_true(outlook_scene_is(MSG_SILENT, 1, L"MSExchangeTransport"));
    assert_true(outlook_scene_is(MSG_SILENT, 2, L"2 d 8 h"));
    assert_true(outlook_scene_is(MSG_SILENT, 3, L"14 h 10 min"));
    outlook_scene_live(20 * (int64_t)DAY); /* until all that was learned is forgotten */
    assert_in_range(recorder_count(MSG_SILENT), 20, 21);
    assert_true(outlook_scene_is(MSG_SILENT, 3, L"no longer known"));
    assert_int_equal(recorder_count(MSG_HEARD_AGAIN), 0);
    outlook_scene_sign_ins(1);
    assert_int_equal(recorder_count(MSG_HEARD_AGAIN), 1);
    assert_true(outlook_scene_is(MSG_HEARD_AGAIN, 0, L"1708"));
    assert_true(outlook_scene_is(MSG_HEARD_AGAIN, 2, L"22 d 8 h"));
    outlook_scene_live(HOUR);
    assert_int_equal(recorder_count(MSG_HEARD_AGAIN), 1);
}

static void an_outage_of_the_log_is_no_silence(void **state)
{
    (void)state;
    outlook_scene_begin();
    learn();
    outlook_scene.reader.away = true;
    outlook_scene_live(5 * (int64_t)DAY);
    outlook_scene.reader.away = false;
    outlook_scene_live(50 * (int64_t)HOUR);
    assert_int_equal(recorder_count(MSG_SILENT), 0);
}

static void a_silence_that_was_told_is_not_told_while_the_log_is_away(void **state)
{
    (void)state;
    outlook_scene_begin();
    learn();
    outlook_scene_live(52 * (int64_t)HOUR);
    assert_int_equal(recorder_count(MSG_SILENT), 1);
    outlook_scene.reader.away = true;
    outlook_scene_live(3 * (int64_t)DAY);
    assert_int_equal(recorder_count(MSG_SILENT), 1);
    assert_int_equal(recorder_count(MSG_HEARD_AGAIN), 0);
    outlook_scene.reader.away = false;
    outlook_scene_live(10 * MINUTE);
    assert_int_equal(recorder_count(MSG_SILENT), 2);
}

static void what_was_learned_outlives_the_service(void **state)
{
    (void)state;
    outlook_scene_begin();
    learn();
    outlook_scene_restart(HOUR, BOOT);
    outlook_scene_live(56 * (int64_t)HOUR);
    assert_int_equal(recorder_count(MSG_SILENT), 0);
    outlook_scene_live(50 * MINUTE);
    assert_int_equal(recorder_count(MSG_SILENT), 1);
    outlook_scene_restart(HOUR, BOOT);
    outlook_scene_live(HOUR);
    assert_int_equal(recorder_count(MSG_SILENT), 1); /* not twice in a day */
    assert_int_equal(recorder_count(MSG_HEARD_AGAIN), 0);
    outlook_scene_sign_ins(1);
    assert_int_equal(recorder_count(MSG_HEARD_AGAIN), 1);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, outlook_scene_set_up, outlook_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_silence_of_four_times_the_usual_is_told_and_its_end),
        TEST(an_outage_of_the_log_is_no_silence),
        TEST(a_silence_that_was_told_is_not_told_while_the_log_is_away),
        TEST(what_was_learned_outlives_the_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
