/* The detector that reads what it or an earlier process had read: nothing is done or said twice,
 * and nothing is lost when the journal fails. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "detector_scene.h"

static void reading_the_log_again_says_nothing_twice(void **state)
{
    (void)state;
    detector_scene.settings.action = LOCK_FLAG;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 6);
    assert_int_equal(recorder_count(MSG_FLAGGED_ACTION), 1);
    detector_scene_read_again(u"CONTOSO\\carol", 6);
    assert_int_equal(recorder_count(MSG_FLAGGED_ACTION), 1);
}

static void a_locked_account_is_not_locked_twice_by_reading_again(void **state)
{
    (void)state;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    detector_scene_be_locked(detector_scene.carol, 1);
    detector_scene_read_again(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_int_equal(detector_scene.restarts, 1);
}

static void another_process_knows_who_is_locked(void **state)
{
    (void)state;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    detector_scene_be_locked(detector_scene.carol, 1);
    detector_scene_end();
    detector_scene_begin();
    assert_int_equal(detector_scene_held(detector_scene.carol), HELD_LOCKED);
    detector_scene.record = 0;
    detector_scene.time = START;
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_int_equal(recorder_count(MSG_ALREADY_DISABLED), 0);
    assert_int_equal(detector_scene.restarts, 1);
}

static void another_process_has_no_budget_of_its_own(void **state)
{
    (void)state;
    detector_scene.settings.max_locks_per_hour = 1;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    detector_scene_be_locked(detector_scene.carol, 1);
    detector_scene_end();
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\dave", 5);
    assert_int_equal(recorder_count(MSG_FLAGGED_BUDGET), 1);
    detector_scene_end();
    detector_scene.time += 3600; /* of the log's time alone */
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\dave", 5);
    assert_int_equal(recorder_count(MSG_FLAGGED_BUDGET), 2);
    detector_scene_end();
    detector_scene.time += 3600;
    detector_scene.tick_offset += 3600000;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\dave", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 2);
}

static void another_process_repeats_no_flag(void **state)
{
    (void)state;
    detector_scene.settings.action = LOCK_FLAG;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 6);
    detector_scene_sign_ins(u"CONTOSO\\nobody", 5);
    assert_true(recorder_wait(MSG_MARKED, 1, PATIENCE));
    detector_scene_end();
    detector_scene_begin();
    detector_scene.record = 0;
    detector_scene.time = START;
    detector_scene_sign_ins(u"CONTOSO\\carol", 6);
    detector_scene_sign_ins(u"CONTOSO\\nobody", 5);
    assert_int_equal(recorder_count(MSG_FLAGGED_ACTION), 1);
    assert_int_equal(recorder_count(MSG_FLAGGED_UNRESOLVED), 1);
    detector_scene_end();
    detector_scene_begin();
    detector_scene.time = START - 18000; /* the clock was set back by hours: these are new */
    detector_scene_sign_ins(u"CONTOSO\\nobody", 5);
    assert_int_equal(recorder_count(MSG_FLAGGED_UNRESOLVED), 2);
}

static void no_journal_no_lock_and_it_is_said(void **state)
{
    (void)state;
    memory_store.open_error = ERROR_INVALID_OWNER;
    detector_scene_begin();
    assert_int_equal(recorder_count(MSG_STORE_CLOSED), 1);
    detector_scene_sign_ins(u"CONTOSO\\carol", 6);
    assert_int_equal(recorder_count(MSG_FLAGGED_STORE), 1);
    assert_int_equal(recorder_count(MSG_CROSSED), 0);
    memory_store.open_error = 0;
    detector_scene_hear_store();
    assert_int_equal(recorder_count(MSG_STORE_OPEN), 1);
    detector_scene_sign_in(u"CONTOSO\\carol");
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    detector_scene_be_locked(detector_scene.carol, 1);
}

static void a_journal_that_fails_at_a_lock_lets_it_be_decided_again(void **state)
{
    (void)state;
    detector_scene_begin();
    memory_store.write_error = ERROR_DISK_FULL;
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    detector_scene_hear_store();
    assert_int_equal(recorder_count(MSG_STORE_CLOSED), 1);
    detector_scene_hear_until(detector_scene.carol, HELD_FREE);
    assert_false(detector_scene_is_disabled(detector_scene.carol));
    memory_store.write_error = 0;
    detector_scene_hear_store();
    detector_scene_read_again(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 2);
    detector_scene_be_locked(detector_scene.carol, 1);
}

static void a_position_waits_for_sign_ins_that_wait(void **state)
{
    (void)state;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    detector_scene_be_locked(detector_scene.carol, 1);
    detector_scene_leak(u"CONTOSO\\carol");
    uint64_t before = detector_scene.position;
    detector_scene_leak(u"CONTOSO\\carol"); /* to be told half a minute later */
    detector_scene_all_read();
    detector_scene_end(); /* as if killed: what waited is gone */
    detector_scene_begin();
    assert_int_equal(detector_scene.store.position.record, before);
    assert_true(detector_scene.position > before);
    detector_scene_leak(u"CONTOSO\\carol");
    detector_scene_leak(u"CONTOSO\\carol");
    detector_scene.tick_offset += HELD_LIST_PAUSE;
    detector_scene_all_read();
    detector_scene_end();
    detector_scene_begin();
    assert_int_equal(detector_scene.store.position.record, detector_scene.position - 1);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, detector_scene_set_up, detector_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reading_the_log_again_says_nothing_twice),
        TEST(a_locked_account_is_not_locked_twice_by_reading_again),
        TEST(another_process_knows_who_is_locked),
        TEST(another_process_has_no_budget_of_its_own),
        TEST(another_process_repeats_no_flag),
        TEST(no_journal_no_lock_and_it_is_said),
        TEST(a_journal_that_fails_at_a_lock_lets_it_be_decided_again),
        TEST(a_position_waits_for_sign_ins_that_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
