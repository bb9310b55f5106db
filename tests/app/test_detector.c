/* From sign-ins to accounts: who is locked, who is only flagged, and who is left alone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "detector_scene.h"

static void a_burst_locks_the_account_and_restarts_smtp(void **state)
{
    (void)state;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\dave", 2);
    detector_scene_sign_ins(u"CONTOSO\\carol", 4);
    assert_int_equal(recorder_count(MSG_CROSSED), 0);
    detector_scene_sign_in(u"CONTOSO\\carol");
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_int_equal(lstrcmpW(recorder_string(MSG_CROSSED, 0), L"CONTOSO\\carol"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_CROSSED, 1), L"5/10m"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_CROSSED, 5), L"\"mail.example\" (5)"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_CROSSED, 6), L"3"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_CROSSED, 8), L"7"), 0);
    assert_int_equal(lstrcmpW(recorder_string(MSG_CROSSED, 9), L"2010-01-01T00:00:07Z"), 0);
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_true(detector_scene_is_disabled(detector_scene.carol));
    assert_false(detector_scene_is_disabled(detector_scene.dave));
    detector_scene_sign_ins(u"CONTOSO\\carol", 10);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_int_equal(detector_scene.restarts, 1);
}

static void an_alert_over_a_gap_says_so(void **state)
{
    (void)state;
    static struct gap_list gaps;
    memset(&gaps, 0, sizeof gaps);
    detector_scene.detector.gaps = &gaps;
    detector_scene.settings.action = LOCK_FLAG;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(lstrcmpW(recorder_string(MSG_FLAGGED_ACTION, 10), L""), 0);
    gap_list_add(&gaps, &(struct gap){20, 29, false});
    detector_scene.record = 29;
    gap_list_pass(&gaps, 30, detector_scene.time);
    detector_scene_sign_ins(u"CONTOSO\\dave", 5);
    assert_int_equal(wcsncmp(recorder_string(MSG_FLAGGED_ACTION, 10),
                             L" Records 20 to 29 within the window are gone", 44),
                     0);
    gap_list_add(&gaps, &(struct gap){1, 29, false});
    gap_list_pass(&gaps, 36, detector_scene.time);
    detector_scene_sign_ins(u"CONTOSO\\erin", 5);
    assert_int_equal(wcsncmp(recorder_string(MSG_FLAGGED_UNRESOLVED, 10),
                             L" The log does not reach back over the window (records up to 29", 61),
                     0);
    gap_list_add(&gaps, &(struct gap){50, 50, true});
    gap_list_pass(&gaps, 1, detector_scene.time);
    detector_scene.record = 0;
    detector_scene_sign_ins(u"CONTOSO\\frank", 5);
    assert_int_equal(wcsncmp(recorder_string(MSG_FLAGGED_UNRESOLVED, 10),
                             L" The log was cleared within the window", 38),
                     0);
    assert_int_equal(detector_scene.detector.alerts, 4);
}

static void all_spellings_are_one_account(void **state)
{
    (void)state;
    detector_scene_begin();
    detector_scene_sign_in(u"CONTOSO\\carol");
    detector_scene_sign_in(u"contoso\\CAROL");
    detector_scene_sign_in(u"carol@contoso.example");
    detector_scene_sign_in(u"Contoso\\Carol");
    assert_int_equal(recorder_count(MSG_CROSSED), 0);
    detector_scene_sign_in(u"CONTOSO\\Carol");
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    assert_true(detector_scene_is_disabled(detector_scene.carol));
}

static void exempt_accounts_are_left_alone(void **state)
{
    (void)state;
    assert_true(settings_set(&detector_scene.settings, setting_find(TEXT_OF(u"Exempt")),
                             TEXT_OF(u"CONTOSO\\car*")));
    detector_scene_begin();
    detector_scene_sign_ins(u"carol@contoso.example", 50);
    detector_scene_sign_ins(u"CONTOSO\\dave", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    assert_false(detector_scene_is_disabled(detector_scene.carol));
    assert_true(detector_scene_is_disabled(detector_scene.dave));
}

static void protected_unknown_and_computer_accounts_are_only_flagged(void **state)
{
    (void)state;
    fake_add_user(detector_scene.contoso, L"EXCH2$", 1200);
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\Administrator", 5);
    detector_scene_sign_ins(u"CONTOSO\\nobody", 5);
    detector_scene_sign_ins(u"CONTOSO\\EXCH2$", 5);
    detector_scene_sign_ins(u"CONTOSO\\GONE$", 5);
    assert_int_equal(recorder_count(MSG_FLAGGED_PROTECTED), 1);
    assert_int_equal(recorder_count(MSG_FLAGGED_UNRESOLVED), 1);
    assert_int_equal(recorder_count(MSG_FLAGGED_MACHINE), 2);
    assert_int_equal(recorder_count(MSG_CROSSED), 0);
    assert_true(recorder_wait(MSG_MARKED, 1, PATIENCE));
    assert_false(detector_scene_is_disabled(detector_scene.boss));
    assert_int_equal(wcsncmp(detector_scene.boss->comment, L"[RelayLock] ", 12), 0);
    assert_int_equal(detector_scene.restarts, 0);
}

static void action_flag_marks_and_locks_nobody(void **state)
{
    (void)state;
    detector_scene.settings.action = LOCK_FLAG;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_int_equal(recorder_count(MSG_FLAGGED_ACTION), 1);
    assert_true(recorder_wait(MSG_MARKED, 1, PATIENCE));
    assert_false(detector_scene_is_disabled(detector_scene.carol));
    assert_int_equal(detector_scene.restarts, 0);
}

static void a_password_is_set_and_the_account_stays_enabled(void **state)
{
    (void)state;
    detector_scene.settings.action = LOCK_PASSWORD;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    assert_true(recorder_wait(MSG_PASSWORD_SET, 1, PATIENCE));
    assert_true(recorder_wait(MSG_SMTP_RESTARTED, 1, PATIENCE));
    assert_false(detector_scene_is_disabled(detector_scene.carol));
    assert_int_equal(wcslen(detector_scene.carol->password), 32);
}

static void beyond_the_budget_accounts_are_flagged_and_it_is_said_once(void **state)
{
    (void)state;
    struct fake_user *erin = fake_add_user(detector_scene.contoso, L"erin", 1107);
    detector_scene.settings.max_locks_per_hour = 1;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    detector_scene_sign_ins(u"CONTOSO\\dave", 5);
    detector_scene_sign_ins(u"CONTOSO\\erin", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_int_equal(recorder_count(MSG_FLAGGED_BUDGET), 2);
    assert_int_equal(recorder_count(MSG_BUDGET_SPENT), 1);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
    assert_false(detector_scene_is_disabled(detector_scene.dave));
    assert_false(detector_scene_is_disabled(erin));
}

/* With one lock an hour: two accounts cross the limit, hours apart by the log, within the same one
 * of this computer's. */
static void cross_hours_apart(void)
{
    detector_scene.settings.max_locks_per_hour = 1;
    detector_scene_begin();
    detector_scene_sign_ins(u"CONTOSO\\carol", 5);
    detector_scene.time += 7200;
    detector_scene_sign_ins(u"CONTOSO\\dave", 9);
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_int_equal(recorder_count(MSG_FLAGGED_BUDGET), 1);
}

/* A day of the log is read at once, or somebody writes what times he likes. */
static void however_the_logs_time_runs_no_more_are_locked_within_an_hour(void **state)
{
    (void)state;
    cross_hours_apart();
    assert_int_equal(recorder_count(MSG_BUDGET_SPENT), 1);
    assert_int_equal(detector_locks_left(&detector_scene.detector), 0);
    detector_scene_hear_until(detector_scene.carol, HELD_LOCKED);
    assert_false(detector_scene_is_disabled(detector_scene.dave));
    detector_scene.tick_offset += 3600000;
    detector_scene.time += 3600;
    detector_scene_sign_ins(u"CONTOSO\\dave", 6); /* it is let go, and crosses again */
    assert_int_equal(recorder_count(MSG_CROSSED), 2);
    detector_scene_hear_until(detector_scene.dave, HELD_LOCKED);
    assert_true(detector_scene_is_disabled(detector_scene.dave));
}

static void whoever_was_too_many_is_decided_on_again_by_new_settings(void **state)
{
    (void)state;
    cross_hours_apart();
    detector_scene.settings.max_locks_per_hour = 2;
    detector_scene_read_again(u"CONTOSO\\dave", 5);
    assert_int_equal(recorder_count(MSG_CROSSED), 2);
    detector_scene_hear_until(detector_scene.dave, HELD_LOCKED);
}

static void observing_flags_and_touches_nothing_until_it_ends(void **state)
{
    (void)state;
    detector_scene_begin();
    detector_observe(&detector_scene.detector, true);
    detector_scene_sign_ins(u"CONTOSO\\carol", 7);
    assert_int_equal(recorder_count(MSG_FLAGGED_OBSERVE), 1);
    assert_int_equal(recorder_count(MSG_CROSSED), 0);
    Sleep(100);
    assert_int_equal(detector_scene.carol->writes, 0);
    detector_observe(&detector_scene.detector, false);
    detector_scene_sign_in(u"CONTOSO\\carol");
    assert_int_equal(recorder_count(MSG_CROSSED), 1);
    assert_true(recorder_wait(MSG_DISABLED, 1, PATIENCE));
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, detector_scene_set_up, detector_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_burst_locks_the_account_and_restarts_smtp),
        TEST(an_alert_over_a_gap_says_so),
        TEST(all_spellings_are_one_account),
        TEST(exempt_accounts_are_left_alone),
        TEST(protected_unknown_and_computer_accounts_are_only_flagged),
        TEST(action_flag_marks_and_locks_nobody),
        TEST(beyond_the_budget_accounts_are_flagged_and_it_is_said_once),
        TEST(however_the_logs_time_runs_no_more_are_locked_within_an_hour),
        TEST(whoever_was_too_many_is_decided_on_again_by_new_settings),
        TEST(observing_flags_and_touches_nothing_until_it_ends),
        TEST(a_password_is_set_and_the_account_stays_enabled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
