/* Accounts that a lock holds, as the detector knows them: their leaks, and how they come to count
 * again. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "detector_scene.h"

static void an_account_enabled_again_counts_from_zero_and_not_from_before(void **state)
{
    (void)state;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    detector_scene_be_locked(detector_scene.carol, 1);
    assert_true(detector_scene_is_disabled(detector_scene.carol));
    detector_scene.carol->flags &= ~(DWORD)UF_ACCOUNTDISABLE;
    detector_scene.time = START; /* read once more: no reason to look */
    detector_scene.record = 0;
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    detector_tell(&detector_scene.detector);
    Sleep(100);
    assert_int_equal(recorder_count(MSG_ENABLED_AGAIN), 0);
    detector_scene_leak(u"CONTOSO\\carol");
    detector_scene_hear_until(detector_scene.carol, HELD_RELEASED);
    assert_int_equal(recorder_count(MSG_ENABLED_AGAIN), 1);
    assert_int_equal(recorder_count(MSG_LEAK), 0);
    detector_scene_read_again(u"CONTOSO\\carol", 6); /* from before it was found enabled */
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    detector_scene.time = detector_scene_now_seconds();
    detector_scene.record += 100;
    detector_scene_sign_ins(u"CONTOSO\\carol", 4);
    assert_int_equal(recorder_count(MSG_CROSSED_AGAIN), 0);
    detector_scene_sign_in(u"CONTOSO\\carol");
    assert_int_equal(recorder_count(MSG_CROSSED_AGAIN), 1);
    assert_true(recorder_wait(MSG_DISABLED, 2, PATIENCE));
}

static void leaks_are_told_at_once_and_then_now_and_then(void **state)
{
    (void)state;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    detector_scene_be_locked(detector_scene.carol, 1);
    detector_scene_leak(u"CONTOSO\\carol");
    assert_true(recorder_wait(MSG_LEAK, 1, PATIENCE));
    detector_scene_hear_until(detector_scene.carol, HELD_LOCKED);
    LONG first = fake.calls[FAKE_USER_GET];
    for (int i = 0; i < 100; i++) {
        detector_scene_sign_in(u"CONTOSO\\carol");
        assert_in_range(detector_tell(&detector_scene.detector), 1, HELD_LIST_PAUSE);
    }
    Sleep(100);
    assert_int_equal(fake.calls[FAKE_USER_GET], first);
    detector_scene.tick_offset += HELD_LIST_PAUSE;
    assert_int_equal(detector_tell(&detector_scene.detector), INFINITE);
    assert_true(recorder_wait(MSG_LEAK_RESTART, 1, PATIENCE));
    assert_int_equal(recorder_count(MSG_ENABLED_AGAIN), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_LEAK_RESTART, 1), L"101"), 0);
}

static void a_leak_is_known_by_its_record_when_the_clock_was_set_back(void **state)
{
    (void)state;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    detector_scene_be_locked(detector_scene.carol, 1);
    detector_scene_sign_in(u"CONTOSO\\carol"); /* the log's clock is years behind */
    detector_tell(&detector_scene.detector);
    assert_true(recorder_wait(MSG_LEAK, 1, PATIENCE));
}

static void sign_ins_that_were_not_read_at_the_lock_are_no_leaks(void **state)
{
    (void)state;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    detector_scene_hear_until(detector_scene.carol, HELD_LOCKED);
    /* From before, in a log that is still being read. */
    detector_scene_sign_ins(u"CONTOSO\\carol", 20);
    detector_tell(&detector_scene.detector);
    detector_scene_all_read();
    Sleep(100);
    assert_int_equal(recorder_count(MSG_LEAK), 0);
}

static void a_lock_given_up_for_a_pause_is_decided_anew(void **state)
{
    (void)state;
    fake_directory_fail(FAKE_USER_GET, 1, ERROR_ACCESS_DENIED);
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_LOCK_FAILED, 1, PATIENCE));
    detector_observe(&detector_scene.detector, true);
    responder_observe(detector_scene.detector.responder, true);
    detector_scene_hear_until(detector_scene.carol, HELD_FREE);
    detector_observe(&detector_scene.detector, false);
    responder_observe(detector_scene.detector.responder, false);
    detector_scene_sign_ins(u"CONTOSO\\carol", 4);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    detector_scene_sign_in(u"CONTOSO\\carol");
    assert_int_equal(recorder_count(MSG_CROSSED), 2);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
}

static void who_is_not_ours_to_lock_is_left_alone_for_a_window(void **state)
{
    (void)state;
    detector_scene.carol->flags |= UF_ACCOUNTDISABLE;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_ALREADY_DISABLED, 1, PATIENCE));
    detector_scene_hear_until(detector_scene.carol, HELD_TIMED);
    detector_scene.time = detector_scene_now_seconds();
    detector_scene_sign_ins(u"CONTOSO\\carol", 20);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    detector_scene.tick_offset += 600000;
    detector_scene_sign_in(u"CONTOSO\\carol"); /* lets it go */
    detector_scene_sign_ins(u"CONTOSO\\carol", 4);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    detector_scene_sign_in(u"CONTOSO\\carol");
    assert_int_equal(recorder_count(MSG_CROSSED), 2);
    assert_true(recorder_wait(MSG_ALREADY_DISABLED, 2, PATIENCE));
}

static void a_release_lets_it_count_from_zero(void **state)
{
    (void)state;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    detector_scene_be_locked(detector_scene.carol, 1);
    responder_release_latest(detector_scene.detector.responder);
    detector_scene_hear_until(detector_scene.carol, HELD_RELEASED);
    assert_int_equal(recorder_count(MSG_RELEASED), 1);
    assert_false(detector_scene_is_disabled(detector_scene.carol));
    detector_scene_read_again(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED) + recorder_count(MSG_CROSSED_AGAIN), 1);
    detector_scene_end();
    detector_scene_begin(); /* a later process does not count them either */
    detector_scene.record = 0;
    detector_scene.time = START;
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED) + recorder_count(MSG_CROSSED_AGAIN), 1);
    assert_false(detector_scene_is_disabled(detector_scene.carol));
}

static void it_crossed_again_whatever_became_of_the_first_time(void **state)
{
    (void)state;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    detector_scene_be_locked(detector_scene.carol, 1);
    responder_release_latest(detector_scene.detector.responder);
    detector_scene_hear_until(detector_scene.carol, HELD_RELEASED);
    detector_scene.time = detector_scene_now_seconds() + 1;
    memory_store.write_error = ERROR_DISK_FULL;
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED_AGAIN), 1);
    detector_scene_hear_store();
    detector_scene_hear_until(detector_scene.carol, HELD_RELEASED);
    memory_store.write_error = 0;
    detector_scene_hear_store();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED_AGAIN), 2);
}

static void the_list_of_held_accounts_lets_the_oldest_go_when_it_is_full(void **state)
{
    (void)state;
    static struct held_list list;
    struct held_sign_ins old;
    bool dropped;
    memset(&list, 0, sizeof list);
    for (int i = 0; i < HELD_LIST_MAX; i++) {
        held_list_add(&list, (uint8_t *)&i, 4, &dropped, &old)->state = HELD_LOCKED;
        assert_false(dropped);
    }
    int one = 7, more = 10000;
    held_list_find(&list, (uint8_t *)&one, 4)->state = HELD_RELEASED;
    held_list_add(&list, (uint8_t *)&more, 4, &dropped, &old); /* in place of the one let go */
    assert_false(dropped);
    assert_null(held_list_find(&list, (uint8_t *)&one, 4));
    more++;
    held_list_add(&list, (uint8_t *)&more, 4, &dropped, &old);
    assert_true(dropped);
    assert_non_null(held_list_find(&list, (uint8_t *)&more, 4));
    assert_null(held_list_find(&list, old.sid, 4));
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, detector_scene_set_up, detector_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_account_enabled_again_counts_from_zero_and_not_from_before),
        TEST(leaks_are_told_at_once_and_then_now_and_then),
        TEST(a_leak_is_known_by_its_record_when_the_clock_was_set_back),
        TEST(sign_ins_that_were_not_read_at_the_lock_are_no_leaks),
        TEST(a_lock_given_up_for_a_pause_is_decided_anew),
        TEST(who_is_not_ours_to_lock_is_left_alone_for_a_window),
        TEST(a_release_lets_it_count_from_zero),
        TEST(it_crossed_again_whatever_became_of_the_first_time),
        TEST(the_list_of_held_accounts_lets_the_oldest_go_when_it_is_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
