/* The watcher that only observes: paused, by the setting Observe, or both; and that locks again. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "watcher_scene.h"

static void paused_it_flags_and_continued_it_locks(void **state)
{
    (void)state;
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    control_observe(&watcher_scene.control, true);
    assert_true(recorder_wait(MSG_PAUSED, 1, PATIENCE));
    watcher_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_OBSERVE, 1, PATIENCE));
    assert_int_equal(watcher_scene.carol->writes, 0);
    LONG told = watcher_scene.told_observing;
    control_observe(&watcher_scene.control, true);
    for (int i = 0; i < PATIENCE / 10 && watcher_scene.told_observing == told; i++)
        Sleep(10);
    /* Asked again: answered, and not said again. */
    assert_int_equal(watcher_scene.told_observing, told + 1);
    assert_int_equal(recorder_count(MSG_PAUSED), 1);
    control_observe(&watcher_scene.control, false);
    assert_true(recorder_wait(MSG_CONTINUED, 1, PATIENCE));
    watcher_scene_sign_ins(u"CONTOSO\\carol", 1);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
}

static void put_observe(DWORD observe)
{
    fake_registry_put(PARAMETERS_KEY, L"Observe", REG_DWORD, &observe, sizeof observe);
}

static void with_the_setting_observe_it_changes_nothing_until_that_ends(void **state)
{
    (void)state;
    put_observe(1);
    watcher_scene_start();
    assert_true(recorder_wait(MSG_OBSERVES, 1, PATIENCE));
    recorder_expect(MSG_STARTED, 9, L"observes only, by the setting Observe");
    watcher_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_OBSERVE, 1, PATIENCE));
    assert_int_equal(watcher_scene_end(), 0); /* over restarts */
    watcher_scene_make_control();
    watcher_scene_start();
    assert_true(recorder_wait(MSG_OBSERVES, 2, PATIENCE));
    watcher_scene_sign_ins(u"CONTOSO\\carol", 1);
    control_status(&watcher_scene.control);
    assert_true(recorder_wait(MSG_STATUS, 1, PATIENCE));
    recorder_expect(MSG_STATUS, 7, L"observes only, by the setting Observe");
    Sleep(200);
    /* The service runs, as far as its manager knows. */
    assert_int_equal(watcher_scene.told_observing, 0);
    assert_int_equal(watcher_scene.carol->writes, 0);
    put_observe(0);
    control_reload(&watcher_scene.control);
    assert_true(recorder_wait(MSG_CONTINUED, 1, PATIENCE));
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE)); /* what is in the log counts */
    assert_int_equal(recorder_count(MSG_PAUSED), 0);
}

static void continue_does_not_end_observe_nor_that_a_pause(void **state)
{
    (void)state;
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    recorder_expect(MSG_STARTED, 9, L"locks accounts");
    assert_int_equal(recorder_count(MSG_OBSERVES), 0);
    put_observe(1);
    control_reload(&watcher_scene.control);
    assert_true(recorder_wait(MSG_OBSERVES, 1, PATIENCE));
    control_observe(&watcher_scene.control, true);
    assert_true(recorder_wait(MSG_PAUSED, 1, PATIENCE));
    control_observe(&watcher_scene.control, false);
    assert_true(recorder_wait(MSG_OBSERVES, 2, PATIENCE));
    for (int i = 0; i < PATIENCE / 10 && watcher_scene.told_observing < 2; i++)
        Sleep(10);
    assert_false(watcher_scene.observing);
    assert_int_equal(recorder_count(MSG_CONTINUED), 0);
    watcher_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_FLAGGED_OBSERVE, 1, PATIENCE));
    control_observe(&watcher_scene.control, true);
    assert_true(recorder_wait(MSG_PAUSED, 2, PATIENCE));
    put_observe(0);
    control_reload(&watcher_scene.control);
    assert_true(recorder_wait(MSG_SETTINGS_READ, 2, PATIENCE));
    Sleep(200);
    assert_int_equal(watcher_scene.carol->writes, 0);
    assert_int_equal(recorder_count(MSG_CONTINUED), 0);
}

/* A lock that was decided by an earlier process, which could not write it. */
static void with_observe_a_lock_left_over_is_not_done_either(void **state)
{
    (void)state;
    fake_directory_fail(FAKE_USER_SET, 1, ERROR_ACCESS_DENIED);
    watcher_scene_start();
    assert_true(recorder_wait(MSG_STARTED, 1, PATIENCE));
    watcher_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_LOCK_FAILED, 1, PATIENCE));
    assert_int_equal(watcher_scene_end(), 0);
    put_observe(1);
    watcher_scene_make_control();
    watcher_scene_start();
    assert_true(recorder_wait(MSG_OBSERVES, 1, PATIENCE));
    Sleep(1500);
    assert_int_equal(watcher_scene.carol->writes, 0);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, watcher_scene_set_up, watcher_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(paused_it_flags_and_continued_it_locks),
        TEST(with_the_setting_observe_it_changes_nothing_until_that_ends),
        TEST(continue_does_not_end_observe_nor_that_a_pause),
        TEST(with_observe_a_lock_left_over_is_not_done_either),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
