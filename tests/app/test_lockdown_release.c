/* Accounts given back that a person asks for; changed since, out of reach, unknown. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lockdown_world.h"

static void what_was_changed_is_put_back_and_nothing_else(void **state)
{
    (void)state;
    world.accounts[1].flags |= UF_DONT_EXPIRE_PASSWD;
    world_lock(2);
    world_release_now(RELEASE_ACCOUNT, u"contoso\\USER01", false);
    assert_int_equal(world.accounts[1].flags,
                     UF_SCRIPT | UF_NORMAL_ACCOUNT | UF_DONT_EXPIRE_PASSWD);
    assert_true(world_is_disabled(2));
    assert_int_equal(world_incident(1)->state, INCIDENT_RELEASED);
    assert_int_equal(world_incident(1)->ending, ENDING_BY_REQUEST);
    assert_int_equal(recorder_count(MSG_RELEASED), 1);
    recorder_expect(MSG_RELEASED, 3, L"an administrator asked");
    recorder_expect(MSG_RELEASED, 4, L"it is enabled again");
    assert_int_equal(world.answers, 1);
    assert_int_equal(world.answer.number, 42);
    assert_true(world.answer.done);
    assert_string_equal(world.answer.text, "CONTOSO\\user01: released: it is enabled again\n");
    struct lockdown_figures figures;
    lockdown_count(world.lockdown, &figures);
    assert_int_equal(figures.released, 1);
}

static void by_user_or_number_or_the_latest_or_all(void **state)
{
    (void)state;
    world_lock(2);
    world_release_now(RELEASE_ACCOUNT, u"user02", false);
    assert_false(world_is_disabled(2));
    world_cross(3);
    world_pass(301000);
    world_release_now(RELEASE_LATEST, u"", false);
    assert_false(world_is_disabled(3));
    assert_true(world_is_disabled(1));
    world_release_now(RELEASE_ACCOUNT, u"#1", false);
    assert_false(world_is_disabled(1));
    struct order flag = world_order(5, FLAG_BUDGET);
    lockdown_order(world.lockdown, &flag);
    world_cross(4);
    world_run();
    assert_true(world.accounts[5].marked);
    world_release_now(RELEASE_ALL, u"", false);
    assert_false(world_is_disabled(4));
    assert_false(world.accounts[5].marked);
    assert_true(world.answer.done);
    assert_int_equal(recorder_count(MSG_RELEASED), 5);
}

static void who_is_not_locked_is_told_so(void **state)
{
    (void)state;
    world_lock(1);
    world_release_now(RELEASE_ACCOUNT, u"somebody", false);
    assert_false(world.answer.done);
    assert_int_equal(recorder_count(MSG_RELEASE_UNKNOWN), 1);
    recorder_expect(MSG_RELEASE_UNKNOWN, 0, L"somebody");
    world_release_now(RELEASE_LATEST, u"", false);
    world_release_now(RELEASE_LATEST, u"", false); /* none is left */
    assert_int_equal(recorder_count(MSG_RELEASE_UNKNOWN), 2);
}

static void who_was_changed_since_is_left_alone_without_force(void **state)
{
    (void)state;
    world_lock(1);
    world.accounts[1].flags |= UF_DONT_EXPIRE_PASSWD; /* an administrator */
    world_release_now(RELEASE_ACCOUNT, u"user01", false);
    assert_true(world_is_disabled(1));
    assert_int_equal(recorder_count(MSG_NOT_RELEASED), 1);
    recorder_expect(MSG_NOT_RELEASED, 4, L"relaylock release \"CONTOSO\\user01\" --force");
    assert_false(world.answer.done);
    assert_non_null(strstr(world.answer.text, "--force"));
    world_pass(700000);
    assert_int_equal(recorder_count(MSG_NOT_RELEASED), 1); /* it must be asked for anew */
    assert_int_equal(world_incident(1)->state, INCIDENT_CONTAINED);
    world_release_now(RELEASE_ACCOUNT, u"user01", true);
    assert_false(world_is_disabled(1));
    assert_true(world.accounts[1].flags & UF_DONT_EXPIRE_PASSWD);
}

static void who_was_enabled_before_needs_nothing(void **state)
{
    (void)state;
    world_lock(1);
    world.accounts[1].flags &= ~(DWORD)UF_ACCOUNTDISABLE;
    world_release_now(RELEASE_ACCOUNT, u"user01", false);
    assert_true(world.answer.done);
    recorder_expect(MSG_RELEASED, 4, L"nothing had to be put back");
    assert_int_equal(world.accounts[1].writes, 1);
}

static void who_was_not_locked_yet_is_not_touched(void **state)
{
    (void)state;
    world.directory_error = ERROR_NO_SUCH_DOMAIN;
    world_lock(1);
    assert_int_equal(world_incident(1)->state, INCIDENT_DECIDED);
    world_release_now(RELEASE_ACCOUNT, u"user01", false);
    assert_true(world.answer.done);
    world.directory_error = 0;
    world_pass(100000);
    assert_int_equal(world.accounts[1].writes, 0);
}

static void who_is_out_of_reach_is_tried_again_and_told_first_and_last(void **state)
{
    (void)state;
    world.settings.give_up_after = 1;
    world_lock(1);
    world.directory_error = RPC_S_SERVER_UNAVAILABLE;
    world_release_now(RELEASE_ACCOUNT, u"user01", false);
    assert_false(world.answer.done);
    world_pass(3500000);
    assert_int_equal(recorder_count(MSG_RELEASE_FAILED), 1);
    assert_true(world_incident(1)->release_wanted);
    world_start(); /* another process goes on with it */
    world_pass(170000);
    assert_int_equal(recorder_count(MSG_RELEASE_FAILED), 2);
    assert_false(world_incident(1)->release_wanted);
    world.directory_error = 0;
    world_release_now(RELEASE_ACCOUNT, u"user01", false);
    assert_false(world_is_disabled(1));
}

/* As account_release does it with an account that was deleted, where a server answers. */
static void release_deleted(const uint8_t *sid, size_t size, const struct account_undo *undo,
                            const struct account_intent *intent,
                            struct account_release_outcome *outcome)
{
    (void)sid, (void)size, (void)intent;
    assert_int_equal(wcscmp(undo->user, L"carol"), 0);
    *outcome = undo->force
                   ? (struct account_release_outcome){.result = RELEASE_NOTHING, .deleted = true}
                   : (struct account_release_outcome){.result = RELEASE_FAILED,
                                                      .call = "LookupAccountSidW",
                                                      .error = ERROR_NONE_MAPPED};
}

static void who_was_deleted_is_closed_by_force(void **state)
{
    (void)state;
    world.settings.give_up_after = 1;
    world_lock(1);
    lockdown_calls.account_release = release_deleted;
    world_release_now(RELEASE_ACCOUNT, u"user01", false);
    assert_false(world.answer.done);
    assert_non_null(strstr(world.answer.text, "if it was deleted, add --force"));
    recorder_expect(MSG_RELEASE_FAILED, 4,
                    L"RelayLock keeps trying for GiveUpAfter. If it was deleted: relaylock release "
                    L"--force NAME");
    world_pass(3700000);
    assert_int_equal(recorder_count(MSG_RELEASE_FAILED), 2);
    assert_non_null(wcsstr(recorder_string(MSG_RELEASE_FAILED, 4), L"given up. If it was deleted"));
    world_release_now(RELEASE_ACCOUNT, u"user01", true);
    assert_true(world.answer.done);
    assert_int_equal(world_incident(1)->state, INCIDENT_RELEASED);
    recorder_expect(MSG_RELEASED, 4, L"it was deleted, so that nothing had to be put back");
}

static void a_password_is_not_given_back_and_it_says_so(void **state)
{
    (void)state;
    world.settings.action = LOCK_PASSWORD;
    world_lock(1);
    world_release_now(RELEASE_ACCOUNT, u"user01", false);
    assert_int_equal(world_incident(1)->state, INCIDENT_RELEASED);
    assert_non_null(wcsstr(recorder_string(MSG_RELEASED, 4), L"net user"));
    assert_int_equal(world.accounts[1].passwords, 1);
}

static void one_request_is_answered_before_the_next_is_taken(void **state)
{
    (void)state;
    world_lock(2);
    struct release_request request = {.number = 43, .target = RELEASE_ALL};
    world_release(RELEASE_ACCOUNT, u"user01", false);
    assert_true(lockdown_is_releasing(world.lockdown));
    assert_false(lockdown_release(world.lockdown, &request));
    world_run();
    assert_int_equal(world.answer.number, 42);
    assert_true(lockdown_release(world.lockdown, &request));
    world_run();
    assert_int_equal(world.answer.number, 43);
}

static void in_a_pause_only_what_a_person_asks_for_is_released(void **state)
{
    (void)state;
    world.settings.lock_minutes = 10;
    world_lock(2);
    lockdown_set_mode(world.lockdown, RESPONSE_OBSERVE);
    world_release_now(RELEASE_ACCOUNT, u"user01", false);
    assert_false(world_is_disabled(1));
    world_pass(700000);
    assert_true(world_is_disabled(2));
    lockdown_set_mode(world.lockdown, RESPONSE_FULL);
    world_run();
    assert_false(world_is_disabled(2));
}

static void a_pause_that_comes_between_leaves_nobody_without_an_answer(void **state)
{
    (void)state;
    world.directory_error = ERROR_NO_SUCH_DOMAIN; /* so that the lock does not begin */
    world_lock(1);
    world_release(RELEASE_ACCOUNT, u"user01", false);
    lockdown_set_mode(world.lockdown, RESPONSE_OBSERVE);
    world.directory_error = 0;
    world_run();
    assert_false(lockdown_is_releasing(world.lockdown));
    assert_true(world.answer.done);
    assert_int_equal(world_incident(1)->state, INCIDENT_RELEASED);
    lockdown_set_mode(world.lockdown, RESPONSE_FULL);
    world_pass(100000);
    assert_int_equal(world.accounts[1].writes, 0);
}

static void the_verb_alone_releases_and_does_nothing_else(void **state)
{
    (void)state;
    world.directory_error = ERROR_NO_SUCH_DOMAIN;
    world_lock(1);
    world.directory_error = 0;
    world_cross(2);
    DWORD wait;
    lockdown_step(world.lockdown, &wait); /* 2 is locked, and waits for its restart */
    world_end();
    world_start_behind();
    lockdown_set_mode(world.lockdown, RESPONSE_RELEASE);
    world_run();
    world_release_now(RELEASE_ACCOUNT, u"user02", false);
    assert_false(world_is_disabled(2));
    assert_false(world_is_disabled(1)); /* it is the service's to lock */
    assert_int_equal(world_incident(2)->closed_record, UINT64_MAX);
    assert_int_equal(world.restarts, 0);
}

static void the_verb_alone_leaves_the_position_as_it_was(void **state)
{
    (void)state;
    world_lock(1);
    world_caught_up();
    world_end();
    world_start_behind();
    lockdown_set_mode(world.lockdown, RESPONSE_RELEASE);
    world_run();
    struct position_record position = lockdown_book(world.lockdown)->position;
    assert_int_equal(position.record, world.record);
    assert_true(position.clean);
    world_end();
}

static void the_verb_alone_says_itself_that_another_has_the_journal(void **state)
{
    (void)state;
    world_lock(1);
    world_end();
    memory_store.open_error = ERROR_SHARING_VIOLATION;
    world_start_behind();
    lockdown_set_mode(world.lockdown, RESPONSE_RELEASE);
    world_run();
    world_release(RELEASE_ACCOUNT, u"user01", false);
    assert_false(world.answer.done);
    assert_non_null(strstr(world.answer.text, "another process"));
    memory_store.open_error = 0;
    world_pass(60000);
    assert_true(world.told_open);
    assert_int_equal(recorder_count(MSG_STORE_CLOSED) + recorder_count(MSG_STORE_OPEN), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_changed_is_put_back_and_nothing_else),
        TEST(by_user_or_number_or_the_latest_or_all),
        TEST(who_is_not_locked_is_told_so),
        TEST(who_was_changed_since_is_left_alone_without_force),
        TEST(who_was_enabled_before_needs_nothing),
        TEST(who_was_not_locked_yet_is_not_touched),
        TEST(who_is_out_of_reach_is_tried_again_and_told_first_and_last),
        TEST(who_was_deleted_is_closed_by_force),
        TEST(a_password_is_not_given_back_and_it_says_so),
        TEST(one_request_is_answered_before_the_next_is_taken),
        TEST(in_a_pause_only_what_a_person_asks_for_is_released),
        TEST(a_pause_that_comes_between_leaves_nobody_without_an_answer),
        TEST(the_verb_alone_releases_and_does_nothing_else),
        TEST(the_verb_alone_leaves_the_position_as_it_was),
        TEST(the_verb_alone_says_itself_that_another_has_the_journal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
